import { describe, expect, it } from 'vitest';
import { calendar } from '../../alerts/core/calendar.ts';
import { moveStop } from '../../alerts/core/move-stop.ts';
import { nextCheck, type Plan, RuleDates, YEARLY_CHECK } from '../../alerts/core/plans.ts';
import type { Provider } from '../../alerts/core/providers.ts';
import { planRounds, type SitePlace, type Task } from '../../alerts/core/rounds.ts';
import type { Ticket, TicketSummary } from '../../contract/tickets.ts';
import { type AlertsRoom, DAY, facts, finding, START, startAlertsRoom, TENANT } from '../support/alerts-room.ts';
import { describeEachRelational } from '../support/each-relational.ts';

const WEEKDAYS = [...Array(5).fill({ opens: 540, closes: 1080 }), null, null];

function provider(over: Partial<Provider> = {}): Provider {
  return {
    id: 'fixit',
    name: 'Fixit',
    regions: ['east'],
    skills: ['*'],
    capacity: 20,
    minutesPerDay: 420,
    hours: WEEKDAYS,
    timezone: 'Asia/Shanghai',
    technicians: [{ name: 'tom', skills: ['*'] }],
    people: ['tom'],
    contact: null,
    active: true,
    ...over,
  };
}

describe('prevention: plans by date or by use, whichever comes first', () => {
  const plan: Plan = {
    ...YEARLY_CHECK,
    id: 'head',
    rrule: 'FREQ=MONTHLY;INTERVAL=6',
    use: { metric: 'printer.printed_mm_total', every: 1_000_000 },
  };
  const dates = new RuleDates();

  it('every terminal is checked once a year at the least', () => {
    const due = nextCheck(YEARLY_CHECK, undefined, Date.UTC(2025, 2, 10), undefined, START, dates);
    expect(due).toMatchObject({ dueAt: Date.UTC(2026, 2, 10), by: 'date' });
  });

  it('much use brings the check forward', () => {
    const done = { at: START - 30 * DAY, use: 500_000 };
    const due = nextCheck(plan, done, START, { value: 1_300_000, perDay: 20_000, base: 0 }, START, dates);
    expect(due).toMatchObject({ by: 'use', dueAt: START + 10 * DAY });
    expect(nextCheck(plan, done, START, { value: 2_000_000, perDay: 20_000, base: 0 }, START, dates)).toMatchObject({
      by: 'use',
      dueAt: START,
    });
    expect(nextCheck(plan, done, START, { value: 510_000, perDay: 100, base: 0 }, START, dates)).toMatchObject({
      by: 'date',
    });
    // What a terminal had printed before the plan was made is not the plan's to count.
    const old = { value: 90_000_000, perDay: 20_000, base: 89_500_000 };
    expect(nextCheck(plan, undefined, START, old, START, dates)).toMatchObject({ by: 'use', dueAt: START + 25 * DAY });
  });

  it('a rule that is none is refused with an example', () => {
    expect(() => dates.next('EVERY SPRING', START)).toThrow(/recurrence rule/);
  });
});

describe('prevention: rounds', () => {
  const place = (site: string, lat: number, lon: number, region = 'east'): [string, SitePlace] => [
    site,
    { site, name: `Shop ${site}`, region, lat, lon, address: null },
  ];
  const task = (site: string, dueAt: number, over: Partial<Task> = {}): Task => ({
    kind: 'check',
    terminal: `T-${site}`,
    site,
    title: 'Yearly full check',
    dueAt,
    minutes: 30,
    ticket: null,
    plan: 'yearly',
    component: null,
    ...over,
  });

  it('due checks and predicted failures near each other become one visit for one provider, far ones another', () => {
    const places = new Map([place('A', 31.2, 121.4), place('B', 31.21, 121.41), place('C', 31.9, 120.5)]);
    const plan = planRounds(
      [
        task('A', START + 5 * DAY),
        task('B', START + 6 * DAY, { kind: 'repair', component: 'printer' }),
        task('C', START + 5 * DAY),
      ],
      places,
      [provider()],
      { from: START, days: 14 },
    );
    expect(plan.left).toEqual([]);
    expect(plan.rounds.map((round) => round.stops.map((stop) => stop.site)).toSorted()).toEqual([['A', 'B'], ['C']]);
    for (const round of plan.rounds) expect(new Date(round.day).getUTCDay() % 6).not.toBe(0);
  });

  it("respects a provider's minutes, skills and regions, and says why a task is left", () => {
    const sites = Array.from({ length: 6 }, (_, i) => `S${i}`);
    const places = new Map([
      ...sites.map((site, i) => place(site, 31.2 + i / 1000, 121.4)),
      place('N', 40, 116, 'north'),
    ]);
    const plan = planRounds(
      [...sites.map((site) => task(site, START + 3 * DAY, { minutes: 90 })), task('N', START)],
      places,
      [provider({ minutesPerDay: 220 })],
      { from: START, days: 14 },
    );
    expect(plan.rounds.every((round) => round.minutes <= 220)).toBe(true);
    expect(plan.rounds.flatMap((round) => round.stops)).toHaveLength(6);
    expect(plan.left).toMatchObject([
      { task: { site: 'N' }, why: expect.stringContaining('no provider covers north') },
    ]);
  });

  it('a visit is moved by hand to another day, the rest closes up, and what does not fit is refused with its reason', () => {
    const places = new Map([place('A', 31.2, 121.4), place('B', 31.21, 121.41)]);
    const crew = provider({ minutesPerDay: 100 });
    const { rounds } = planRounds([task('A', START + 5 * DAY), task('B', START + 5 * DAY)], places, [crew], {
      from: START,
      days: 14,
    });
    const [round] = rounds;
    if (!round) throw new Error('a round was planned');
    expect(round.stops.map((stop) => stop.site)).toEqual(['A', 'B']);
    const workday = [1, 2, 3, 4].map((i) => round.day + i * DAY).find((day) => new Date(day).getUTCDay() % 6 !== 0);
    const move = { round: round.id, site: 'A', day: workday!, provider: crew.id };
    const moved = moveStop(move, rounds, [crew], places);
    if (!moved.ok) throw new Error(moved.why);
    const [there, here] = moved.put;
    expect(there).toMatchObject({ day: workday, minutes: 40, stops: [{ site: 'A' }] });
    expect(here).toMatchObject({ id: round.id, minutes: 40, stops: [{ site: 'B', from: round.stops[0]!.from }] });
    expect(moveStop({ ...move, site: 'B' }, moved.put, [crew], places)).toMatchObject({ gone: [round.id] });
    const weekend = [0, 1, 2, 3, 4, 5, 6]
      .map((i) => round.day + i * DAY)
      .find((day) => new Date(day).getUTCDay() === 0);
    expect(moveStop({ ...move, day: weekend! }, rounds, [crew], places)).toMatchObject({
      ok: false,
      why: expect.stringContaining('does not work on that day'),
    });
    expect(moveStop({ ...move, site: 'B' }, moved.put, [provider({ minutesPerDay: 60 })], places)).toMatchObject({
      ok: false,
      why: expect.stringContaining('60 minutes'),
    });
  });

  it('a visit moved by hand stays where it was put when rounds are planned anew, with what has come up there since', () => {
    const places = new Map([place('A', 31.2, 121.4), place('B', 31.21, 121.41)]);
    const crew = provider({});
    const tasks = [task('A', START + 5 * DAY), task('B', START + 5 * DAY)];
    const window = { from: START, days: 14 };
    const { rounds } = planRounds(tasks, places, [crew], window);
    const day = [1, 2, 3, 4].map((i) => rounds[0]!.day + i * DAY).find((one) => new Date(one).getUTCDay() % 6 !== 0)!;
    const moved = moveStop({ round: rounds[0]!.id, site: 'A', day, provider: crew.id }, rounds, [crew], places);
    if (!moved.ok) throw new Error(moved.why);
    const again = planRounds([...tasks, task('A', START + 6 * DAY)], places, [crew], {
      ...window,
      standing: moved.put,
    });
    const there = again.rounds.find((round) => round.day === day);
    expect(there?.stops.find((stop) => stop.site === 'A')).toMatchObject({ pinned: true, tasks: [{}, {}] });
    expect(again.rounds.flatMap((round) => round.stops.map((stop) => stop.site)).sort()).toEqual(['A', 'B']);
    // Once nothing is left to do there, nobody drives there.
    const done = planRounds([tasks[1]!], places, [crew], { ...window, standing: again.rounds });
    expect(done.rounds.flatMap((round) => round.stops.map((stop) => stop.site))).toEqual(['B']);
  });

  it('are a calendar that others can read: escaped, folded, in UTC', () => {
    const text = calendar('Rounds', [
      {
        uid: 'u1',
        from: START,
        to: START + 3_600_000,
        title: 'Noodles, East; 打印机检查',
        description: 'T-1: head\nT-2: 年度全面检查包括清洁打印头、滚轮和卡槽以及检查线缆',
        location: null,
        changedAt: START,
      },
    ]);
    expect(text).toContain('DTSTART:20260105T080000Z\r\n');
    expect(text).toContain('SUMMARY:Noodles\\, East\\; 打印机检查');
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  });
});

describeEachRelational('prevention in the room', (open) => {
  async function shop(): Promise<AlertsRoom> {
    const room = await startAlertsRoom(await open());
    await room.registry.putSite(
      {
        tenant: TENANT,
        site: 'S-1',
        name: 'Noodles',
        timezone: 'Asia/Shanghai',
        region: 'east',
        lat: 31.2,
        lon: 121.4,
      },
      START,
    );
    await room.announce('T-1', START - 360 * DAY);
    const { id: _id, ...body } = provider();
    expect((await room.call('PUT', '/providers/fixit', body)).status).toBe(200);
    await room.job('alerts: learn from ended tickets');
    return room;
  }

  it('opens a ticket with its checklist for a check that is due soon; a failed item becomes a ticket of its own; done, it counts anew', async () => {
    const room = await shop();
    await room.job('alerts: open checks that are due');
    const [check] = (await room.get<{ items: TicketSummary[] }>('/tickets?kind=maintenance')).items;
    expect(check).toMatchObject({
      title: 'Yearly full check: T-1',
      state: 'preparation',
      provider: 'fixit',
      source: 'plan',
    });
    await room.job('alerts: open checks that are due');
    expect((await room.get<{ items: TicketSummary[] }>('/tickets?kind=maintenance')).items).toHaveLength(1);
    room.as({ name: 'tom', role: 'provider' });
    const send = (event: object) => room.call<Ticket>('POST', `/tickets/${check!.id}/events`, { event });
    await send({ type: 'start_repair' });
    for (const item of YEARLY_CHECK.checklist) {
      const failed = item === 'clean the roller';
      await send({
        type: 'check_item',
        item,
        result: failed ? 'failed' : 'ok',
        ...(failed ? { note: 'the roller is torn' } : {}),
      });
    }
    expect((await send({ type: 'finish_repair' })).body).toMatchObject({ state: 'closed' });
    await room.pass();
    room.as({});
    const faults = await room.get<{ items: TicketSummary[] }>('/tickets?kind=fault');
    expect(faults.items).toMatchObject([{ source: 'checklist', title: 'clean the roller: T-1', terminal: 'T-1' }]);
    expect((await room.get<{ items: unknown[] }>('/checks?days=300')).items).toEqual([]);
    expect((await room.get<{ items: unknown[] }>('/checks?days=380')).items).toHaveLength(1);
    await room.stop();
  });

  it('puts a due check and a predicted failure of the same shop into one round, books it, and shows it in the calendar', async () => {
    const room = await shop();
    room.facts.set('T-1', facts());
    await room.state(finding());
    const planned = await room.call<{ rounds: { id: string; stops: { site: string; tasks: { kind: string }[] }[] }[] }>(
      'POST',
      '/rounds',
      { days: 14 },
    );
    expect(planned.body.rounds).toHaveLength(1);
    expect(planned.body.rounds[0]!.stops[0]!.tasks.map((task) => task.kind).toSorted()).toEqual(['check', 'repair']);
    const booked = await room.call<{ booked: number }>('POST', `/rounds/${planned.body.rounds[0]!.id}/book`);
    expect(booked.body.booked).toBe(1);
    const feed = await room.get<string>('/providers/fixit/calendar.ics');
    expect(feed).toContain('SUMMARY:Noodles: 2 tasks');
    await room.stop();
  });

  it('assigns a ticket that is ready for hands by region, skill and load, and says why', async () => {
    const room = await shop();
    room.facts.set('T-1', facts());
    await room.state(finding());
    const send = (event: object) => room.call<Ticket>('POST', '/tickets/TW-1/events', { event });
    await send({ type: 'start_diagnosis' });
    await send({ type: 'diagnose', causeClass: 'hardware' });
    const { body } = await send({ type: 'decide', method: 'mail_in', humanDamage: 'none' });
    // No warranty is known for T-1, so that a quote comes first; nobody is sent before the merchant agrees.
    expect(body).toMatchObject({ state: 'quote', provider: null });
    await send({ type: 'send_quote', amount: 100, currency: 'CNY', items: [] });
    expect((await send({ type: 'consent' })).body).toMatchObject({
      provider: 'fixit',
      technician: 'tom',
      assignment: {
        why: 'covers east, repairs printer, 0 of 20 tickets open, not rated yet, open now, the only one that could',
      },
    });
    room.as({ name: 'tom', role: 'provider' });
    expect((await room.get<{ items: TicketSummary[] }>('/tickets')).items).toHaveLength(1);
    room.as({ name: 'stranger', role: 'provider' });
    expect((await room.get<{ items: TicketSummary[] }>('/tickets')).items).toEqual([]);
    expect((await room.call('POST', '/tickets/TW-1/events', { event: { type: 'progress', note: 'hm' } })).status).toBe(
      404,
    );
    await room.stop();
  });
});
