import { describe, expect, it } from 'vitest';
import { opensIn, type Provider } from '../../alerts/core/providers.ts';
import { fleetReport, repeatReport, weekReport } from '../../alerts/core/review.ts';
import { planRounds, type SitePlace, type Task } from '../../alerts/core/rounds.ts';
import { contractFor, type ServiceContract } from '../../alerts/core/service-levels.ts';
import type { Ticket } from '../../contract/tickets.ts';
import { type AlertsRoom, facts, finding, startAlertsRoom, TENANT } from '../support/alerts-room.ts';
import { describeEachRelational } from '../support/each-relational.ts';
import { DAY, HOUR, START, Walk } from './ticket-world.ts';

const OPEN = { opens: 540, closes: 1080 };
const PROVIDER: Provider = {
  id: 'fixit',
  name: 'Fixit',
  regions: ['*'],
  skills: ['*'],
  capacity: 20,
  minutesPerDay: 900,
  hours: [OPEN, OPEN, OPEN, OPEN, OPEN, null, null],
  timezone: 'Asia/Shanghai',
  technicians: [
    { name: 'tom', skills: ['printer'] },
    { name: 'mei', skills: ['*'] },
  ],
  people: [],
  contact: null,
  active: true,
};

function with_(over: Partial<Ticket>): Ticket {
  return { ...new Walk().ticket, ...over };
}

describe('Reviews', () => {
  it('models and firmware are compared for as many as there are of each', () => {
    const report = (model: string, firmware: string) => ({ ...new Walk().ticket.report!, model, firmware });
    const tickets = [
      with_({ report: report('P400', '1.0') }),
      with_({ report: report('P400', '2.0'), repeatOf: 'TW-9' }),
      with_({ report: report('P500', '2.0'), component: 'battery' }),
    ];
    const models = fleetReport(
      tickets,
      new Map([
        ['P400', 40],
        ['P500', 2],
        ['P600', 5],
      ]),
      (t) => t.report?.model,
      36.525,
    );
    expect(models.map((row) => [row.name, row.terminals, row.tickets, row.perTerminalYear, row.mostly])).toEqual([
      ['P500', 2, 1, 5, 'battery'],
      ['P400', 40, 2, 0.5, 'printer'],
      ['P600', 5, 0, 0, null],
    ]);
    const firmware = fleetReport(tickets, new Map([['2.0', 10]]), (t) => t.report?.firmware, 365.25);
    expect(firmware.map((row) => [row.name, row.tickets, row.perTerminalYear])).toEqual([
      ['2.0', 2, 0.2],
      ['1.0', 1, null],
    ]);
  });

  it('repeat faults name their first; weeks have no holes', () => {
    const tickets = [
      with_({ id: 'TW-1', openedAt: START, closedAt: START + HOUR }),
      with_({ id: 'TW-2', openedAt: START + 15 * DAY, repeatOf: 'TW-1', source: 'merchant' }),
      with_({ id: 'TW-3', openedAt: START + 16 * DAY, reopened: 2 }),
    ];
    expect(repeatReport(tickets).map((row) => [row.ticket, row.first, row.reopened])).toEqual([
      ['TW-3', 'TW-3', 2],
      ['TW-2', 'TW-1', 0],
    ]);
    const weeks = weekReport(tickets);
    expect(weeks.map((row) => [row.opened, row.closed, row.byPlatform])).toEqual([
      [1, 1, 1],
      [0, 0, 0],
      [2, 0, 1],
    ]);
    expect(new Date(weeks[0]!.week).toISOString()).toBe('2026-01-05T00:00:00.000Z');
  });
});

describe('Service providers: hours, skills and tours', () => {
  it('know when they open, over a weekend too', () => {
    // Monday 16:00 in Shanghai; Friday 19:00; Saturday noon.
    expect(opensIn(PROVIDER, START)).toBe(0);
    expect(opensIn(PROVIDER, START + 4 * DAY + 3 * HOUR)).toBe(62);
    expect(opensIn(PROVIDER, START + 5 * DAY - 4 * HOUR)).toBe(45);
    expect(opensIn({ ...PROVIDER, hours: Array(7).fill(null) }, START)).toBe(168);
  });

  it('drive a tour a technician and day, each within skills and opening hours, all within the minutes a day', () => {
    const places = new Map<string, SitePlace>();
    const tasks: Task[] = [];
    for (let i = 0; i < 6; i++) {
      const site = `S${i}`;
      places.set(site, { site, name: site, region: `R${i % 3}`, lat: null, lon: null, address: null });
      tasks.push({
        kind: 'repair',
        terminal: `T${i}`,
        site,
        title: 'repair',
        dueAt: START + 2 * DAY,
        minutes: 200,
        ticket: null,
        plan: null,
        component: i % 2 === 0 ? 'printer' : 'battery',
      });
    }
    const plan = planRounds(tasks, places, [PROVIDER], { from: START, days: 7 });
    expect(plan.left).toEqual([]);
    const byDay = Map.groupBy(plan.rounds, (round) => round.day);
    expect([...byDay.values()].some((rounds) => rounds.length === 2)).toBe(true);
    for (const rounds of byDay.values()) {
      expect(new Set(rounds.map((round) => round.technician)).size).toBe(rounds.length);
      expect(rounds.reduce((sum, round) => sum + round.minutes, 0)).toBeLessThanOrEqual(900);
    }
    for (const round of plan.rounds) {
      expect(round.minutes).toBeLessThanOrEqual(540);
      const parts = round.stops.flatMap((stop) => stop.tasks.map((task) => task.component));
      if (round.technician === 'tom') expect(parts).not.toContain('battery');
    }
    expect(new Set(plan.rounds.map((round) => round.id)).size).toBe(plan.rounds.length);
  });
});

const LEVELS = {
  critical: { responseMinutes: 30, repairMinutes: 240 },
  warning: { responseMinutes: 60, repairMinutes: 480 },
  watch: { responseMinutes: 600, repairMinutes: 6_000 },
} as const;

it('Service levels: the contract that names a site comes before its region’s, and that before the one for all', () => {
  const make = (id: string, over: Partial<ServiceContract>): ServiceContract => ({
    id,
    name: id,
    sites: [],
    regions: [],
    levels: LEVELS,
    hours: null,
    active: true,
    ...over,
  });
  const all = [
    make('all', {}),
    make('east', { regions: ['east'] }),
    make('flagship', { sites: ['S-1'] }),
    make('old', { sites: ['S-2'], active: false }),
  ];
  expect(contractFor(all, 'S-1', 'east')?.id).toBe('flagship');
  expect(contractFor(all, 'S-2', 'east')?.id).toBe('east');
  expect(contractFor(all, 'S-2', 'north')?.id).toBe('all');
  expect(contractFor([], 'S-1', null)).toBeUndefined();
});

describeEachRelational('around the tickets', (open) => {
  async function shop(): Promise<AlertsRoom> {
    const room = await startAlertsRoom(await open());
    await room.registry.putSite(
      { tenant: TENANT, site: 'S-1', name: 'Noodles', timezone: 'Asia/Shanghai', region: 'east' },
      START,
    );
    await room.announce('T-1', START - 20 * DAY);
    room.facts.set('T-1', facts());
    return room;
  }

  it('a contract’s times run on the tickets of its sites', async () => {
    const room = await shop();
    room.facts.set('T-2', facts({ site: 'S-9' }));
    const contract = { name: 'Gold', sites: ['S-1'], regions: [], levels: LEVELS, active: true };
    expect((await room.call('PUT', '/service-contracts/gold', contract)).status).toBe(200);
    const bad = { ...contract, levels: { ...LEVELS, watch: { responseMinutes: 10, repairMinutes: 5 } } };
    expect((await room.call<{ detail: string }>('PUT', '/service-contracts/bad', bad)).body.detail).toMatch(
      /levels\.watch/,
    );
    await room.state(finding(), finding({ subject: 'T-2' }));
    const limits = async (id: string) =>
      (await room.get<{ ticket: Ticket }>(`/tickets/${id}`)).ticket.clocks.map((clock) => clock.limitMs / 60_000);
    expect(await limits('TW-1')).toEqual([60, 480]);
    expect(await limits('TW-2')).toEqual([480, 4320]);
    await room.call('POST', '/tickets/TW-1/events', { event: { type: 'set_severity', severity: 'critical' } });
    expect(await limits('TW-1')).toEqual([30, 240]);
    await room.stop();
  });

  it('a site has its emergency plan and trainings, and says when they are due', async () => {
    const room = await shop();
    expect((await room.get<{ items: object[] }>('/site-care')).items).toEqual([
      { site: 'S-1', name: 'Noodles', emergencyDue: true, trainingDue: true },
    ]);
    const plan = {
      contacts: [{ name: 'Mr Wu', phone: '138', role: 'service point' }],
      spares: 'one in the back office',
      offlineSelling: 'cash, and the paper pad under the counter',
      notes: '',
    };
    await room.call('PUT', '/sites/S-1/emergency-plan', plan);
    const care = await room.call('POST', '/sites/S-1/trainings', { who: 'Mrs Li', what: 'refunds' });
    expect(care).toMatchObject({
      status: 201,
      body: {
        emergency: { ...plan, reviewedBy: 'olga' },
        emergencyDue: false,
        trainingDue: false,
        trainings: [{ who: 'Mrs Li' }],
      },
    });
    // A training recorded with a ticket is one of the site's.
    await room.state(finding());
    for (const event of [
      { type: 'start_diagnosis' },
      { type: 'diagnose', causeClass: 'hardware' },
      { type: 'decide', method: 'phone' },
      { type: 'start_repair' },
      { type: 'record_training', who: 'the cashier', what: 'the new menu' },
    ])
      expect((await room.call('POST', '/tickets/TW-1/events', { event })).status).toBe(200);
    const shown = await room.get<{ trainings: { who: string; ticket: string | null }[] }>('/sites/S-1/care');
    expect(shown.trainings.map((one) => [one.who, one.ticket])).toContainEqual(['the cashier', 'TW-1']);
    expect((await room.call('PUT', '/sites/S-7/emergency-plan', plan)).status).toBe(404);
    // The merchant's page tells whom to call.
    const { body } = await room.call<{ code: string }>('POST', '/terminals/T-1/merchant-code');
    const page = await room.raw<{ emergency: object }>('GET', `/merchant/${body.code}`);
    expect(page.body.emergency).toMatchObject({ contacts: [{ phone: '138' }] });
    await room.stop();
  });

  it('a calendar subscribes by a secret address, which a new one replaces; appointments stand in it beside rounds', async () => {
    const room = await shop();
    const { id: _id, ...body } = PROVIDER;
    await room.call('PUT', '/providers/fixit', body);
    await room.state(finding());
    const from = START + DAY;
    for (const event of [
      { type: 'start_diagnosis' },
      { type: 'diagnose', causeClass: 'hardware' },
      { type: 'decide', method: 'phone' },
      { type: 'assign', provider: 'fixit' },
      { type: 'book', from, to: from + HOUR, place: 'store', technician: 'mei' },
    ])
      expect((await room.call('POST', '/tickets/TW-1/events', { event })).status).toBe(200);
    const given = await room.call<{ path: string }>('POST', '/providers/fixit/calendar-token');
    const read = (path: string) => room.http.inject({ method: 'GET', url: path });
    const feed = await read(given.body.path);
    expect(feed.headers['content-type']).toMatch('text/calendar');
    expect(feed.body).toContain('UID:TW-1@demo.tillwatch');
    expect(feed.body).toContain('DTSTART:20260106T080000Z');
    const fresh = await room.call<{ path: string }>('POST', '/providers/fixit/calendar-token');
    expect((await read(given.body.path)).statusCode).toBe(404);
    expect((await read(fresh.body.path)).statusCode).toBe(200);
    expect((await room.call('POST', '/providers/nobody/calendar-token')).status).toBe(404);
    await room.stop();
  });

  it('what was escalated to the operator is not given away again before the complaint is settled', async () => {
    const room = await shop();
    const { id: _id, ...body } = PROVIDER;
    await room.call('PUT', '/providers/fixit', body);
    await room.announce('T-1', START, { warranty_until: '2028-01-01' });
    await room.state(finding());
    const send = async (event: object) => (await room.call<Ticket>('POST', '/tickets/TW-1/events', { event })).body;
    await send({ type: 'start_diagnosis' });
    await send({ type: 'diagnose', causeClass: 'hardware' });
    expect(await send({ type: 'decide', method: 'onsite' })).toMatchObject({ provider: 'fixit' });
    await send({ type: 'complain', text: 'Nobody came.' });
    expect(await send({ type: 'escalate', to: 'operator', why: 'nor do they answer' })).toMatchObject({
      provider: null,
    });
    expect(await send({ type: 'settle_complaint' })).toMatchObject({ provider: 'fixit' });
    await room.stop();
  });

  it('reports as CSV: every one of them', async () => {
    const room = await shop();
    await room.state(finding());
    for (const report of ['causes', 'providers', 'parts', 'models', 'firmware', 'repeats', 'weeks']) {
      const text = await room.get<string>(`/statistics/${report}.csv`);
      expect(text.startsWith('\uFEFF')).toBe(true);
    }
    const all = await room.get<{ models: object[]; firmware: object[]; weeks: object[] }>('/statistics');
    expect(all.models).toMatchObject([{ name: 'P400', terminals: 1, tickets: 1 }]);
    expect(all.firmware).toMatchObject([{ name: '1.0.0', tickets: 1 }]);
    expect(all.weeks).toMatchObject([{ opened: 1 }]);
    await room.stop();
  });
});
