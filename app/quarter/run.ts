import { DateTime } from 'luxon';
import { TillwatchError } from '../../contract/errors.ts';
import type { Mode } from '../../contract/modes.ts';
import type { HistoryEntry, Ticket } from '../../contract/tickets.ts';
import { type Move, nextMove } from '../../firmware-sim/core/people.ts';
import { createFleet, loadScenario } from '../../firmware-sim/service.ts';
import { begin, DAY, DESK, MERCHANT, prepare, REVIEWER, type Town, technicianOf, weekly } from './agenda.ts';
import { type CoveredRow, coverage, type Shown, type Told } from './coverage.ts';
import { createWorld, type World } from './world.ts';

export interface QuarterOptions {
  readonly scenario: string;
  readonly days: number;
  readonly seed?: number;
  readonly onProgress?: (day: number, tickets: number) => void;
}

export interface Quarter {
  readonly days: number;
  readonly terminals: number;
  readonly messages: number;
  readonly tickets: number;
  readonly archived: number;
  readonly rows: readonly CoveredRow[];
  /** Three tickets told as stories: one that a forecast opened, one that a merchant reported, one of the special cases. */
  readonly stories: readonly { readonly why: string; readonly text: string }[];
  /** Steps that people tried and the procedure refused, with its reason. */
  readonly refused: readonly string[];
}

const HOUR = 3_600_000;
const ROUND_MS = 2 * HOUR;
/** Steps that somebody takes with one ticket when they look at it. */
const AT_ONCE = 2;
const FORMS = ['fault_report', 'repair_record', 'replacement_request', 'loan_slip', 'acceptance_form'];

/** Numbers of a fixed sequence (mulberry32), so that the same quarter happens each time. */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Lives through a simulated quarter: the terminals of a scenario send, the platform's own line and detectors find, tickets open, and
 * simulated people take them through the procedure by the platform's own API, while the parts they mend are mended in the simulation.
 */
export async function runQuarter(options: QuarterOptions): Promise<Quarter> {
  const scenario = await loadScenario(options.scenario);
  const fleet = createFleet({ scenario, ...(options.seed === undefined ? {} : { seed: options.seed }) });
  const world = await createWorld(fleet, sequence(options.seed ?? scenario.seed));
  try {
    const start = world.now();
    // The terminals announce themselves first.
    await world.live(start + DAY / 4);
    const town = await prepare(world);
    const refused: string[] = [];
    const held = new Set<string>();
    const rounds = { rounds: 0, mixed: 0 };
    let monday = 0;
    const end = start + options.days * DAY;
    while (world.now() < end) {
      await world.live(Math.min(end, world.now() + ROUND_MS));
      if (awake(world, null)) await begin(world, town, start);
      for (let i = 0; i < AT_ONCE; i++) await work(world, town, refused);
      // What people did goes out at once.
      await world.settle();
      for (const { fingerprint } of await heldNow(world)) held.add(fingerprint);
      const week = Math.floor((world.now() - start) / (7 * DAY));
      if (week > monday) {
        monday = week;
        const planned = await weekly(world);
        rounds.rounds += planned.rounds;
        rounds.mixed += planned.mixed;
      }
      const { total = 0 } = await world.tickets.list(world.tenant, { limit: 1, count: true });
      options.onProgress?.((world.now() - start) / DAY, total);
    }
    const all = await everything(world);
    const shown = await look(world, all, rounds, held.size);
    return {
      days: options.days,
      terminals: fleet.terminals.length,
      messages: world.messages,
      tickets: all.length,
      archived: all.filter(({ ticket }) => ticket.state === 'archived').length,
      rows: coverage(all, shown),
      stories: await stories(world, all),
      refused,
    };
  } finally {
    await world.close();
  }
}

/** People work by day, in the time of the shop. */
function awake(world: World, site: string | null): boolean {
  const { stores } = world.fleet;
  const zone = (stores.find((store) => store.site === site) ?? stores[0])?.zone.timezone ?? 'UTC';
  const { hour } = DateTime.fromMillis(world.now(), { zone });
  return hour >= 8 && hour < 20;
}

async function heldNow(world: World): Promise<readonly { fingerprint: string }[]> {
  const path = `/tenants/${world.tenant}/incidents?reason=maintenance&limit=1000`;
  return (await world.call<{ items: { fingerprint: string }[] }>(DESK, 'GET', path)).body.items;
}

async function everything(world: World): Promise<readonly Told[]> {
  const all: Told[] = [];
  let after: string | undefined;
  do {
    const page = await world.tickets.list(world.tenant, { order: 'newest', limit: 500, ...(after ? { after } : {}) });
    for (const { id } of page.items) {
      const found = await world.tickets.get(world.tenant, id);
      if (found) all.push(found);
    }
    after = page.next;
  } while (after);
  return all.toReversed();
}

/** One look of everybody at every ticket on which somebody may act. */
async function work(world: World, town: Town, refused: string[]): Promise<void> {
  const open = [
    ...(await world.tickets.list(world.tenant, { open: true, limit: 500 })).items,
    ...(await world.tickets.list(world.tenant, { state: ['closed', 'follow_up'], limit: 500 })).items,
  ];
  for (const { id, parent, site } of open) {
    if (parent !== null || !awake(world, site)) continue;
    const found = await world.tickets.get(world.tenant, id);
    if (!found) continue;
    const move = nextMove({
      ...found,
      now: world.now(),
      wrong: wrongWith(world, found.ticket),
      ...(await stock(world, found.ticket)),
    });
    if (move) await act(world, town, found, move, refused);
  }
}

function terminalsOf(world: World, ticket: Ticket): readonly number[] {
  const ids = ticket.terminal ? [ticket.terminal] : ticket.members;
  return ids
    .map((id) => world.fleet.terminals.findIndex((terminal) => terminal.config.id === id))
    .filter((index) => index >= 0);
}

function wrongWith(world: World, ticket: Ticket): Mode[] {
  const { component } = ticket;
  if (!component) return [];
  // A device that was dropped is damaged, whatever its telemetry says.
  if (component === 'printer' && /dropped/i.test(ticket.report?.symptom ?? '') && !ticket.acceptance)
    return ['paper_feed'];
  return [...new Set(terminalsOf(world, ticket).flatMap((index) => world.fleet.inspect(index, component)))];
}

async function stock(world: World, ticket: Ticket): Promise<{ spare: string | null; otherModel: string }> {
  if (!['preparation', 'repair', 'lost'].includes(ticket.state)) return { spare: null, otherModel: 'Halden C30' };
  const { body } = await world.call<{ items: { id: string }[] }>(
    DESK,
    'GET',
    `/tenants/${world.tenant}/assets?state=stock&owner=pool`,
  );
  return { spare: body.items[0]?.id ?? null, otherModel: 'Halden C30' };
}

async function act(
  world: World,
  town: Town,
  { ticket }: { ticket: Ticket; history: readonly HistoryEntry[] },
  { who, event, visit }: Move,
  refused: string[],
): Promise<void> {
  const { id, component } = ticket;
  // The device is mended first: its own messages tell of it, as a real one's would.
  if (visit && component)
    for (const index of terminalsOf(world, ticket)) world.fleet.repair(index, component, null, world.now());
  const code = ticket.terminal ? town.codes.get(ticket.terminal) : undefined;
  const path = `/tenants/${world.tenant}/tickets/${id}/events`;
  const answer =
    who === 'merchant' && code
      ? await world.call<{ detail?: string }>(MERCHANT, 'POST', `/merchant/${code}/tickets/${id}/events`, { event })
      : await world.call<{ detail?: string }>(
          who === 'provider' ? technicianOf(ticket.provider, ticket.technician) : who === 'reviewer' ? REVIEWER : DESK,
          'POST',
          path,
          { event },
        );
  if (answer.status >= 300)
    refused.push(`${id} (${ticket.state}): ${who} ${event.type}: ${answer.body.detail ?? answer.status}`);
}

async function look(
  world: World,
  all: readonly Told[],
  rounds: { rounds: number; mixed: number },
  held: number,
): Promise<Shown> {
  const base = `/tenants/${world.tenant}`;
  const get = async <T>(path: string): Promise<T> => {
    const { status, body } = await world.call<T>(DESK, 'GET', `${base}${path}`);
    if (status !== 200) throw new TillwatchError('quarter.refused', `${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  const paper = all.find(({ ticket }) => ticket.replacement && ticket.kind === 'fault') ?? all[0]!;
  const forms: string[] = [];
  for (const form of FORMS) {
    const page = await get<string>(`/tickets/${paper.ticket.id}/forms/${form}?language=zh`);
    if (page.includes(paper.ticket.id)) forms.push(form);
  }
  return {
    notices: world.notices,
    rollouts: (await get<{ items: Shown['rollouts'] }>('/rollouts')).items,
    rounds: rounds.rounds,
    mixedStops: rounds.mixed,
    calendar: await get<string>('/providers/northgate/calendar.ics'),
    statistics: await get('/statistics?days=200'),
    forms,
    held,
  };
}

async function stories(world: World, all: readonly Told[]): Promise<Quarter['stories']> {
  const longest = (test: (told: Told) => boolean): Told | undefined =>
    all
      .filter((told) => told.ticket.state === 'archived' && test(told))
      .toSorted((a, b) => b.history.length - a.history.length)[0];
  const chosen: [string, Told | undefined][] = [
    [
      'A part that the platform saw failing, mended before it failed',
      longest(({ ticket }) => ticket.source === 'finding' && ticket.outcome?.wasFailing === true),
    ],
    [
      'A fault that a merchant reported',
      longest(({ ticket }) => ticket.source === 'merchant' && ticket.kind === 'fault'),
    ],
    [
      'A terminal that was deactivated and came back',
      longest(({ ticket }) => ticket.kind === 'deactivation') ?? longest(({ ticket }) => ticket.kind === 'lost'),
    ],
  ];
  const out: { why: string; text: string }[] = [];
  for (const [why, told] of chosen) {
    if (!told) continue;
    const site = told.ticket.site;
    const zone = world.fleet.stores.find((store) => store.site === site)?.zone.timezone ?? 'UTC';
    const { body } = await world.call<string>(
      DESK,
      'GET',
      `/tenants/${world.tenant}/tickets/${told.ticket.id}/story?timezone=${zone}`,
    );
    out.push({ why, text: body });
  }
  return out;
}
