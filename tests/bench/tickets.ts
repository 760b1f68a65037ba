import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { dueChecks } from '../../alerts/core/due-checks.ts';
import { openTicket } from '../../alerts/core/opening.ts';
import { type Plan, YEARLY_CHECK } from '../../alerts/core/plans.ts';
import type { Provider } from '../../alerts/core/providers.ts';
import { planRounds, type SitePlace } from '../../alerts/core/rounds.ts';
import type { TicketQuery } from '../../contract/ports/tickets.ts';
import type { Ticket } from '../../contract/tickets.ts';
import { openRelational } from '../../store/relational/open.ts';
import type { Relational } from '../../store/relational/relational.ts';
import { createTicketRepository } from '../../store/relational/repositories/tickets.ts';
import { context, opening } from '../alerts/ticket-world.ts';
import { DAY, facts, finding, START, startAlertsRoom, TENANT } from '../support/alerts-room.ts';
import { type Bench, type BenchRow, median, percentile, row } from './bench.ts';
import { STORM_TERMINALS, statement } from './tickets-storm.ts';

/** Tickets under load: the whole level reconciled, a search over the archive, a storm cut off in the middle, plans made anew. */
export const run: Bench = async ({ quick, say }) => {
  const rows: BenchRow[] = [];
  const notes: string[] = [];
  const dir = mkdtempSync(join(tmpdir(), 'tillwatch-bench-tickets-'));
  try {
    say('plans: 10,000 terminals');
    rows.push(row('tickets.replan_ms', replan(), 'ms', 'lower', { bar: 2_000 }));
    say('reconcile: 100,000 standing findings');
    const reconciled = await reconcile(`sqlite:${join(dir, 'level.db')}`, say);
    rows.push(row('tickets.reconcile_100k_ms', reconciled.ms, 'ms', 'lower', { bar: 1_000 }));
    notes.push(reconciled.note);
    const archived = quick ? 30_000 : 1_000_000;
    say(`search: ${archived.toLocaleString('en')} archived tickets`);
    const searched = await search(`sqlite:${join(dir, 'archive.db')}`, archived, quick ? 120 : 400, say);
    rows.push(row('tickets.search_p95_ms', searched.p95, 'ms', 'lower', { bar: 100 }));
    notes.push(searched.note);
    if (quick)
      notes.push(
        `--quick: ${archived.toLocaleString('en')} archived tickets instead of 1,000,000, and a shorter storm`,
      );
    const seconds = quick ? 6 : 60;
    say(`storm: ${seconds} s of 10,000 findings a second, killed in the middle`);
    const storm = await stormed(dir, seconds);
    rows.push(row('tickets.storm_wrong', storm.wrong, 'tickets', 'lower', { bar: 0 }));
    notes.push(storm.note);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  return { rows, notes };
};

function replan(): number {
  const now = START;
  const terminals = Array.from({ length: 10_000 }, (_, i) => ({
    terminal: `T-${i}`,
    site: `S-${i % 1_250}`,
    model: 'P400',
    firstSeenAt: now - ((i * 7_919) % 700) * DAY,
  }));
  const use: Plan = {
    ...YEARLY_CHECK,
    id: 'head',
    rrule: 'FREQ=MONTHLY;INTERVAL=6',
    use: { metric: 'printer.printed_mm_total', every: 2_000_000 },
  };
  const done = new Map(
    terminals.flatMap(({ terminal, firstSeenAt }, i) =>
      i % 2 === 0 ? [[`yearly/${terminal}`, { at: firstSeenAt + 40 * DAY, use: null }] as const] : [],
    ),
  );
  const used = new Map(
    terminals.map(({ terminal }, i) => [
      `head/${terminal}`,
      { value: (i * 331) % 3_000_000, perDay: 4_000 + (i % 50) * 200, base: 0 },
    ]),
  );
  const places = new Map<string, SitePlace>();
  for (let i = 0; i < 1_250; i++) {
    const site = `S-${i}`;
    places.set(site, {
      site,
      name: site,
      region: `R-${i % 10}`,
      lat: 31 + (i % 37) / 60,
      lon: 121 + (i % 41) / 60,
      address: null,
    });
  }
  const providers: Provider[] = Array.from({ length: 20 }, (_, i) => ({
    id: `P-${i}`,
    name: `P-${i}`,
    regions: [`R-${i % 10}`],
    skills: ['*'],
    capacity: 5_000,
    minutesPerDay: 3_000,
    hours: Array.from({ length: 7 }, (_, day) => (day < 6 ? { opens: 540, closes: 1_080 } : null)),
    timezone: 'Asia/Shanghai',
    technicians: Array.from({ length: 6 }, (_, k) => ({ name: `t${k}`, skills: ['*' as const] })),
    people: [],
    contact: null,
    active: true,
  }));
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const before = performance.now();
    const checks = dueChecks([YEARLY_CHECK, use], terminals, done, used, now + 365 * DAY, now);
    planRounds(
      checks.map((check) => ({
        kind: 'check',
        terminal: check.terminal,
        site: check.site!,
        title: check.name,
        dueAt: check.dueAt,
        minutes: check.minutes,
        ticket: null,
        plan: check.plan,
        component: null,
      })),
      places,
      providers,
      { from: now, days: 90 },
    );
    times.push(performance.now() - before);
  }
  return median(times);
}

async function reconcile(url: string, say: (text: string) => void): Promise<{ ms: number; note: string }> {
  const relational = await openRelational({ url });
  await relational.migrate();
  const room = await startAlertsRoom(relational);
  const modes = [
    ['printer', 'head_wear'],
    ['battery', 'capacity_fade'],
    ['network', 'offline'],
    ['reader', 'tap_fault'],
  ] as const;
  for (let i = 0; i < 25_000; i++) room.facts.set(`T-${i}`, facts({ site: `S-${i % 3_000}` }));
  for (let i = 0; i < 100_000; i += 5_000) {
    await room.deps.findings.state(
      Array.from({ length: 5_000 }, (_, k) => {
        const n = i + k;
        const [component, mode] = modes[n % 4]!;
        return finding({
          subject: `T-${Math.floor(n / 4)}`,
          component,
          mode,
          severity: n % 5 === 0 ? 'critical' : 'warning',
        });
      }),
    );
  }
  const opening0 = performance.now();
  await room.room.pass();
  const opened = performance.now() - opening0;
  say(`  first pass opened 100,000 tickets in ${(opened / 1000).toFixed(1)} s`);
  const times: number[] = [];
  const job = room.room.jobs!.find((one) => one.name.includes('whole level'))!;
  for (let round = 0; round < 5; round++) {
    const before = performance.now();
    await job.run(room.clock.now(), new AbortController().signal);
    times.push(performance.now() - before);
  }
  await room.stop();
  await relational.close();
  return {
    ms: median(times),
    note: `reconcile: the whole level read back from the store and gone through, each of 100,000 faults with its open ticket; the first pass, which opened them (and did 300,000 effects), took ${(opened / 1000).toFixed(1)} s`,
  };
}

const SYMPTOMS = [
  'faint print on the left',
  '打印机卡纸，字迹模糊',
  'battery empty by noon',
  '电池不能充电',
  'no signal in the cellar',
  '读卡器无反应',
  'restarts at night',
];
const STATES = ['archived', 'archived', 'archived', 'closed'] as const;

function archivedTicket(n: number, base: Ticket): Ticket {
  const at = START - (n % 1_000) * 3_600_000;
  const part = (['printer', 'battery', 'network', 'reader', 'system'] as const)[n % 5]!;
  return {
    ...base,
    id: `TW-${n + 1}`,
    state: STATES[n % 4]!,
    open: false,
    severity: n % 4 === 0 ? 'critical' : 'warning',
    title: `${SYMPTOMS[n % 7]}: T-${n % 50_000}`,
    subject: `T-${n % 50_000}`,
    terminal: `T-${n % 50_000}`,
    site: `S-${n % 6_000}`,
    component: part,
    fingerprint: null,
    provider: `P-${n % 40}`,
    openedAt: at,
    updatedAt: at,
    closedAt: at,
    report: {
      ...base.report!,
      symptom: SYMPTOMS[n % 7]!,
      serial: `A${String(n).padStart(7, '0')}`,
      merchant: `Shop ${n % 6_000}`,
    },
    dueAt: null,
  };
}

export async function search(
  url: string,
  count: number,
  queries: number,
  say: (text: string) => void,
): Promise<{ p95: number; note: string }> {
  const relational: Relational = await openRelational({ url });
  await relational.migrate();
  const repository = createTicketRepository(relational);
  const opened = openTicket(opening({ source: 'merchant' }), context(START, 'system'));
  const filling = performance.now();
  for (let n = 0; n < count; n += 4_000) {
    const size = Math.min(4_000, count - n);
    await repository.apply({
      changes: Array.from({ length: size }, (_, i) => ({
        ticket: archivedTicket(n + i, opened.ticket),
        history: [opened.history],
        effects: [],
      })),
    });
    if (n > 0 && n % 200_000 === 0) say(`  ${n.toLocaleString('en')} tickets`);
  }
  say(`  filled in ${((performance.now() - filling) / 1000).toFixed(0)} s`);
  const asked: readonly ((i: number) => TicketQuery)[] = [
    (i) => ({ search: `A${String((i * 7_919) % count).padStart(7, '0')}` }),
    () => ({ search: '打印机' }),
    () => ({ search: 'battery noon' }),
    (i) => ({ search: `shop ${i % 6_000} print` }),
    () => ({ search: 'sig' }),
    (i) => ({ search: 'restarts', site: [`S-${(i * 31) % 6_000}`] }),
    () => ({ search: '卡纸', severity: ['critical'], component: ['printer'] }),
    (i) => ({ terminal: [`T-${(i * 13) % 50_000}`], order: 'newest' }),
    () => ({ state: ['archived'], order: 'newest' }),
    (i) => ({ provider: [`P-${i % 40}`], open: false, order: 'newest' }),
    () => ({ order: 'worst' }),
    () => ({ search: 'head wear', state: ['closed'] }),
  ];
  const times: number[] = [];
  let slowest = { ms: 0, query: {} as TicketQuery };
  for (let i = 0; i < queries; i++) {
    const query = { ...asked[i % asked.length]!(i), limit: 50 };
    const before = performance.now();
    const page = await repository.list(TENANT, query);
    const ms = performance.now() - before;
    times.push(ms);
    if (ms > slowest.ms) slowest = { ms, query };
    if (page.next && i % 3 === 0) {
      const again = performance.now();
      await repository.list(TENANT, { ...query, after: page.next });
      times.push(performance.now() - again);
    }
  }
  await relational.close();
  return {
    p95: percentile(times, 95),
    note: `search: ${times.length} queries of ${asked.length} kinds (serial numbers, words, Chinese, prefixes, with filters, second pages), p50 ${percentile(times, 50).toFixed(1)} ms, slowest ${slowest.ms.toFixed(0)} ms: ${JSON.stringify(slowest.query)}`,
  };
}

const STORM = fileURLToPath(new URL('./tickets-storm.ts', import.meta.url));

interface Played {
  readonly reached: number;
  readonly ms: number;
  readonly levelMs: number;
}

/** Plays the storm in a process of its own; kills it once it has told of step `killAt`. */
async function play(url: string, dir: string, from: number, to: number, killAt?: number): Promise<Played> {
  const child: ChildProcess = spawn(
    process.execPath,
    [STORM, '--url', url, '--dir', dir, '--from', String(from), '--to', String(to)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const began = performance.now();
  let first = 0;
  let last = 0;
  let level = 0;
  let reached = from;
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  for await (const line of createInterface({ input: child.stdout! })) {
    const now = performance.now();
    if (line === 'level') level = now - last;
    const step = Number(line);
    if (!Number.isInteger(step)) continue;
    if (first === 0) first = now;
    last = now;
    reached = step;
    if (killAt !== undefined && step >= killAt) {
      child.kill('SIGKILL');
      break;
    }
  }
  const code = await ended;
  if (killAt === undefined && code !== 0) throw new RangeError(`the storm ended with ${code}`);
  return { reached, ms: last - (first || began), levelMs: level };
}

export async function stormed(dir: string, seconds: number): Promise<{ wrong: number; note: string }> {
  const url = `sqlite:${join(dir, 'storm.db')}`;
  const journal = join(dir, 'storm-journal');
  const total = seconds * 10_000;
  const half = await play(url, journal, 0, total, Math.floor(total / 2));
  // What the feeder had in hand when it was killed is stated again, as analytics would from its checkpoint.
  const rest = await play(url, journal, Math.max(0, half.reached - 4_000), total);
  const wrong = await judge(url, total);
  const perSecond = Math.round(total / ((half.ms + rest.ms) / 1000));
  return {
    wrong,
    note: `storm: ${total.toLocaleString('en')} statements on ${(STORM_TERMINALS * 5).toLocaleString('en')} faults, killed after ${half.reached.toLocaleString('en')}; taken in at ${perSecond.toLocaleString('en')} a second, tickets level ${(rest.levelMs / 1000).toFixed(1)} s after the last`,
  };
}

/** Tickets missing, doubled or open without reason, against what the statements say. */
async function judge(url: string, total: number): Promise<number> {
  const faults = STORM_TERMINALS * 5;
  const relational = await openRelational({ url });
  const rows = await relational.db.selectFrom('ticket').select(['fingerprint', 'open']).execute();
  await relational.close();
  const tickets = Map.groupBy(rows, (one) => one.fingerprint ?? '');
  let wrong = 0;
  for (let fault = 0; fault < Math.min(faults, total); fault++) {
    let last = fault;
    let everOpen = false;
    for (let n = fault; n < total; n += faults) {
      last = n;
      const said = statement(n);
      if (said.severity !== 'watch' && said.state !== 'cleared') everOpen = true;
    }
    const said = statement(last);
    const fingerprint = `${said.tenant}/terminal/${said.subject}/${said.component}/${said.mode}`;
    const own = tickets.get(fingerprint) ?? [];
    const open = own.filter((one) => one.open === 1).length;
    const stands = said.state !== 'cleared' && said.severity !== 'watch';
    if (stands && open !== 1) wrong += 1;
    else if (said.state === 'cleared' && open !== 0) wrong += 1;
    else if (!everOpen && own.length > 0) wrong += 1;
    else if (own.length > 1) wrong += 1;
  }
  return wrong;
}
