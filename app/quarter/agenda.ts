import { TillwatchError } from '../../contract/errors.ts';
import type { Answer, Who, World } from './world.ts';

export const DAY = 86_400_000;

export const DESK: Who = { name: 'olga', role: 'operations' };
/** A second pair of eyes: nobody approves an application of their own. */
export const REVIEWER: Who = { name: 'ann', role: 'administrator' };
export const MERCHANT: Who = { name: 'merchant', role: 'merchant' };

/** Technicians and the organisation of each. */
const TECHNICIANS = { northgate: ['tom', 'mei'], quayside: ['bo', 'lin'] } as const;
export type ProviderId = keyof typeof TECHNICIANS;

export function technicianOf(provider: string | null, technician: string | null): Who {
  const names: readonly string[] = TECHNICIANS[provider === 'quayside' ? 'quayside' : 'northgate'];
  const name = technician !== null && names.includes(technician) ? technician : names[0]!;
  return { name, role: 'provider' };
}

/** Calls as somebody and expects to be answered well: the agenda does nothing that the platform should refuse. */
async function must<T>(answer: Promise<Answer<T>>, what: string): Promise<T> {
  const { status, body } = await answer;
  if (status < 300) return body;
  throw new TillwatchError('quarter.refused', `${what}: ${status} ${JSON.stringify(body)}`);
}

/** What the quarter's own doings need to remember. */
export interface Town {
  /** Code on each terminal's sticker. */
  readonly codes: ReadonlyMap<string, string>;
  readonly done: Set<string>;
}

/** What an operator enters before the quarter begins: providers, parts, spares, a plan by use, contracts, care of sites, codes for merchants. */
export async function prepare(world: World): Promise<Town> {
  const { fleet } = world;
  const base = `/tenants/${world.tenant}`;
  const put = (path: string, body: object) => must(world.call(DESK, 'PUT', `${base}${path}`, body), `PUT ${path}`);
  for (const [id, people] of Object.entries(TECHNICIANS)) {
    await put(`/providers/${id}`, {
      name: id === 'northgate' ? 'Northgate Service' : 'Quayside Field Service',
      regions: ['*'],
      skills: ['*'],
      capacity: id === 'northgate' ? 30 : 12,
      minutesPerDay: 480,
      hours: [...Array(6).fill({ opens: 540, closes: 1080 }), null],
      timezone: fleet.stores[0]?.zone.timezone ?? 'UTC',
      technicians: people.map((name) => ({ name, skills: ['*'] })),
      people: [...people],
      contact: `${id}@example.com`,
      active: true,
    });
  }
  const parts: [string, string[]][] = [
    ['print head', ['printer/head_wear']],
    ['platen roller', ['printer/paper_feed']],
    ['battery pack', ['battery/capacity_fade', 'battery/resistance_rise']],
    ['chip reader', ['reader/contact_wear']],
  ];
  for (const [name, mends] of parts) {
    await put(`/parts/${name.replaceAll(' ', '-')}`, {
      name,
      mends,
      onHand: 3,
      onOrder: 0,
      reorderPoint: 2,
      reorderQuantity: 4,
      leadDays: 7,
      unitCost: 9_000,
    });
  }
  for (let i = 1; i <= 14; i++) {
    await put(`/assets/SPARE-${i}`, { model: 'Halden C20', owner: 'pool', state: 'stock', custodian: 'warehouse' });
  }
  await put('/plans/heads', {
    name: 'Head cleaning by use',
    models: [],
    rrule: 'FREQ=MONTHLY;INTERVAL=6',
    use: { metric: 'printer.printed_mm_total', every: 4_000_000 },
    checklist: ['clean the print head', 'clean the roller'],
    minutes: 15,
    active: true,
  });
  const codes = new Map<string, string>();
  for (const { config } of fleet.terminals) {
    const { status, body } = await world.call<{ code: string }>(
      DESK,
      'POST',
      `${base}/terminals/${config.id}/merchant-code`,
    );
    if (status < 300) codes.set(config.id, body.code);
  }
  return { codes, done: new Set() };
}

/** Terminals that are sound and of no story yet, so that a report of a person is theirs alone. */
function sound(world: World, from: number): string {
  const { terminals } = world.fleet;
  for (let i = from; i < from + terminals.length; i++) {
    const terminal = terminals[i % terminals.length]!;
    if (terminal.state.faults.length === 0 && terminal.state.on) return terminal.config.id;
  }
  return terminals[from % terminals.length]!.config.id;
}

type Doing = (world: World, town: Town) => Promise<unknown>;

function reports(which: number, body: object): Doing {
  return async (world, town) => {
    const code = town.codes.get(sound(world, which));
    const { ticket } = await must(
      world.call<{ ticket: { id: string } }>(MERCHANT, 'POST', `/merchant/${code}/reports`, body),
      'a report',
    );
    const photo = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    await must(
      world.send(MERCHANT, `/merchant/${code}/tickets/${ticket.id}/attachments?name=receipt.png`, photo),
      'a photo',
    );
  };
}

function applies(which: number, reason: string): Doing {
  return (world) =>
    must(
      world.call(DESK, 'POST', `/tenants/${world.tenant}/reports/deactivation`, {
        terminal: sound(world, which),
        reason,
        plannedFrom: world.now() + 2 * DAY,
        contact: 'Mrs Li',
      }),
      'an application',
    );
}

function loses(which: number, how: 'lost' | 'stolen'): Doing {
  return (world, town) =>
    must(
      world.call(MERCHANT, 'POST', `/merchant/${town.codes.get(sound(world, which))}/loss`, { how, language: 'zh' }),
      'a loss',
    );
}

function rollsOut(id: string, version: string, model?: string): Doing {
  return (world) => {
    return must(
      world.call(DESK, 'PUT', `/tenants/${world.tenant}/rollouts/${id}`, {
        version,
        url: `https://files.example/${version}.bin`,
        sha256: 'a'.repeat(64),
        ...(model ? { model } : {}),
        stages: [
          { share: 0.4, watchMs: 6 * DAY },
          { share: 1, watchMs: DAY },
        ],
        window: { from: 17 * 60, to: 22 * 60 },
        maxFailed: 0.3,
        maxWorse: 1.5,
        riskPlan: 'Stop, collect the logs, go back to the version before by hand.',
      }),
      'a rollout',
    );
  };
}

const holds: Doing = (world) =>
  must(
    world.call(DESK, 'POST', `/tenants/${world.tenant}/holds`, {
      kind: 'maintenance',
      match: { component: 'printer' },
      to: world.now() + 5 * DAY,
      reason: 'all printers are cleaned by a visiting team',
    }),
    'a hold',
  );

/** Day of the quarter, and what people begin on it besides their tickets. */
const AGENDA: readonly (readonly [number, string, Doing])[] = [
  [
    6.2,
    'a merchant reports',
    reports(11, { symptom: '小票打印不清楚', language: 'zh', frequency: '每天', contact: '138 0000 0000' }),
  ],
  [
    9.3,
    'a merchant reports a dropped terminal',
    reports(17, { symptom: 'It was dropped, and the printer rattles', contact: 'Mr Wu' }),
  ],
  [13.2, 'a terminal is stolen', loses(23, 'stolen')],
  [16.4, 'a terminal is lost', loses(31, 'lost')],
  [18.2, 'a deactivation is applied for', applies(37, 'upgrade')],
  [19.2, 'another is applied for', applies(41, 'breach')],
  [
    27.2,
    'a second merchant reports a dropped terminal',
    reports(43, { symptom: 'Dropped on the floor, 打印机不走纸', language: 'zh' }),
  ],
  [30.2, 'a rollout begins', rollsOut('spring', '5.0.0', 'Halden C20')],
  [32.2, 'maintenance is announced', holds],
  [33.3, 'a merchant reports', reports(47, { symptom: 'the card slot does not read', contact: 'Mrs Li' })],
  [46.2, 'a bad rollout begins', rollsOut('summer', '9.9.0')],
  [58.2, 'a merchant reports', reports(5, { symptom: '刷卡没反应', language: 'zh' })],
];

/** Begins what is due on the agenda. */
export async function begin(world: World, town: Town, start: number): Promise<void> {
  const day = (world.now() - start) / DAY;
  for (const [at, what, doing] of AGENDA) {
    const key = `${at} ${what}`;
    if (day < at || town.done.has(key)) continue;
    town.done.add(key);
    await doing(world, town);
  }
}

/** What the desk does every Monday: wipes what came back, plans the rounds of two weeks and books the first ones. */
export async function weekly(world: World): Promise<{ rounds: number; mixed: number }> {
  const base = `/tenants/${world.tenant}`;
  const sealed = await must(
    world.call<{ items: { id: string }[] }>(DESK, 'GET', `${base}/assets?state=sealed`),
    'sealed',
  );
  for (const { id } of sealed.items)
    await must(world.call(DESK, 'POST', `${base}/assets/${id}/moves`, { action: 'wipe', to: 'warehouse' }), 'a wipe');
  const planned = await must(
    world.call<{ rounds: { id: string; day: number; stops: { tasks: { kind: string }[] }[] }[] }>(
      DESK,
      'POST',
      `${base}/rounds`,
      { days: 14 },
    ),
    'rounds',
  );
  for (const round of planned.rounds.filter((one) => one.day < world.now() + 8 * DAY))
    await must(world.call(DESK, 'POST', `${base}/rounds/${round.id}/book`), 'a booking');
  const stops = planned.rounds.flatMap((round) => round.stops);
  return {
    rounds: planned.rounds.length,
    mixed: stops.filter((stop) => new Set(stop.tasks.map((task) => task.kind)).size > 1).length,
  };
}
