import { describe, expect, it } from 'vitest';
import { nextMove, type Rollout, type RolloutView } from '../../alerts/core/rollouts.ts';
import { csv } from '../../alerts/core/ticket-reports.ts';
import type { TicketSummary } from '../../contract/tickets.ts';
import { openRelational } from '../../store/relational/open.ts';
import { DAY, facts, finding, HOUR, START, startAlertsRoom } from '../support/alerts-room.ts';

const TERMINALS = Array.from({ length: 20 }, (_, i) => `T-${i}`);

function rollout(over: Partial<Rollout> = {}): Rollout {
  return {
    id: 'r1',
    version: '2.0.0',
    url: 'https://files.example/2.0.0',
    sha256: 'a'.repeat(64),
    terminals: TERMINALS,
    stages: [
      { share: 0.1, watchMs: DAY },
      { share: 1, watchMs: DAY },
    ],
    window: null,
    maxFailed: 0.1,
    maxWorse: 2,
    riskPlan: 'go back to 1.0.0 by hand',
    state: 'running',
    stage: 0,
    stageSince: START,
    sent: {},
    why: null,
    by: 'olga',
    startedAt: START,
    ...over,
  };
}

const MINUTE = 60_000;

function view(over: Partial<RolloutView> = {}): RolloutView {
  return {
    now: START,
    minuteAt: () => 600,
    firmware: () => '1.0.0',
    ailing: new Set(),
    away: new Set(),
    regression: null,
    ...over,
  };
}

const sentTo = (terminals: readonly string[], at = START): Rollout['sent'] =>
  Object.fromEntries(terminals.map((terminal) => [terminal, { at, result: 'waiting' as const }]));
const updated = (count: number) => (terminal: string) => (TERMINALS.indexOf(terminal) < count ? '2.0.0' : '1.0.0');

describe('Upgrades: stages by share of the fleet, a window, and a halt by itself', () => {
  it('sends to the first share only, and in the window only', () => {
    expect(nextMove(rollout(), view())).toEqual({ kind: 'send', terminals: ['T-0', 'T-1'] });
    expect(nextMove(rollout({ window: { from: 60, to: 120 } }), view())).toMatchObject({
      kind: 'wait',
      why: '2 terminals are outside their maintenance window',
    });
  });

  it('keeps to the window where each terminal stands', () => {
    const minuteAt = (terminal: string): number => (terminal === 'T-0' ? 90 : 600);
    const night = rollout({ window: { from: 60, to: 120 } });
    expect(nextMove(night, view({ minuteAt }))).toEqual({ kind: 'send', terminals: ['T-0'] });
    expect(nextMove({ ...night, sent: sentTo(['T-0']) }, view({ minuteAt }))).toEqual({
      kind: 'wait',
      why: '1 terminals are outside their maintenance window',
    });
  });

  it('sends again to a terminal that was switched off, and does not call it failed before it had a night and a morning', () => {
    const first = rollout({ sent: sentTo(['T-0', 'T-1']) });
    const half = view({ firmware: updated(1) });
    expect(nextMove(first, { ...half, now: START + 5 * MINUTE })).toMatchObject({ kind: 'wait' });
    expect(nextMove(first, { ...half, now: START + 15 * MINUTE })).toEqual({ kind: 'send', terminals: ['T-1'] });
    const again = {
      ...first,
      sent: { ...first.sent, 'T-1': { at: START, result: 'waiting', again: START + HOUR } },
    } as const;
    expect(nextMove(again, { ...half, now: START + HOUR + MINUTE })).toMatchObject({ kind: 'wait' });
    expect(nextMove(again, { ...half, now: START + 17 * HOUR })).toMatchObject({ kind: 'halt' });
  });

  it('does not wait for a terminal that is known to be cut off, and sends to it again once it may be back', () => {
    const first = rollout({ sent: sentTo(['T-0', 'T-1']) });
    const away = view({ firmware: updated(1), away: new Set(['T-1']), now: START + DAY - MINUTE });
    const tried = {
      ...first,
      sent: { ...first.sent, 'T-1': { at: START + 10 * HOUR, result: 'waiting', again: START + DAY - 5 * MINUTE } },
    } as const;
    expect(nextMove(tried, { ...away, away: new Set() })).toMatchObject({ why: '1 terminals have not answered yet' });
    expect(nextMove(tried, away)).toMatchObject({ why: 'the stage is watched' });
    expect(nextMove(tried, { ...away, now: START + DAY + 10 * MINUTE })).toEqual({ kind: 'send', terminals: ['T-1'] });
  });

  it('watches a stage before the next, and ends after the last', () => {
    const first = rollout({ sent: sentTo(['T-0', 'T-1']) });
    expect(nextMove(first, view({ firmware: updated(1), now: START + 10 * MINUTE }))).toMatchObject({
      kind: 'wait',
      why: '1 terminals have not answered yet',
    });
    expect(nextMove(first, view({ firmware: updated(2), now: START + HOUR }))).toMatchObject({
      kind: 'wait',
      why: 'the stage is watched',
    });
    expect(nextMove(first, view({ firmware: updated(2), now: START + DAY }))).toEqual({ kind: 'advance' });
    const last = rollout({ stage: 1, sent: sentTo(TERMINALS) });
    expect(nextMove(last, view({ firmware: updated(20), now: START + DAY }))).toEqual({ kind: 'finish' });
  });

  it('halts when too many fail to update, when the updated ail more than the others, and when analytics says so', () => {
    const second = rollout({ stage: 1, sent: sentTo(TERMINALS.slice(0, 10)) });
    expect(nextMove(second, view({ firmware: updated(6), now: START + 17 * HOUR }))).toMatchObject({
      kind: 'halt',
      why: '4 of 20 terminals failed to update',
    });
    expect(
      nextMove(second, view({ firmware: updated(10), ailing: new Set(['T-0', 'T-1', 'T-2', 'T-15']) })),
    ).toMatchObject({
      kind: 'halt',
      why: '30 % of the updated terminals ail, against 10 % of the others',
    });
    expect(nextMove(second, view({ firmware: updated(10), ailing: new Set(['T-0', 'T-15']) }))).not.toMatchObject({
      kind: 'halt',
    });
    expect(nextMove(rollout(), view({ regression: 'restarts doubled' }))).toEqual({
      kind: 'halt',
      why: 'restarts doubled',
    });
  });

  it('in the room: sends the commands, holds the alerts of those that update, halts on the finding and opens one ticket', async () => {
    const relational = await openRelational({ url: 'sqlite::memory:' });
    await relational.migrate();
    const room = await startAlertsRoom(relational);
    for (const terminal of TERMINALS) {
      await room.announce(terminal, START);
      room.facts.set(terminal, facts());
    }
    const {
      id: _id,
      terminals: _t,
      state: _s,
      stage: _st,
      stageSince: _ss,
      sent: _se,
      why: _w,
      by: _b,
      startedAt: _sa,
      ...body
    } = rollout();
    expect((await room.call('PUT', '/rollouts/r1', body)).status).toBe(201);
    const second = await room.call<{ code: string; detail: string }>('PUT', '/rollouts/r2', body);
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({
      code: 'rollout.overlap',
      detail: expect.stringMatching(
        /^20 of these terminals \(T-\d+, T-\d+, T-\d+, …\) are in the rollout r1 of 2\.0\.0, which is running/,
      ),
    });
    expect((await room.call<{ code: string }>('PUT', '/rollouts/r1', body)).body.code).toBe('rollout.name_taken');
    await room.job('alerts: rollouts');
    await room.pass();
    room.sent.sort((a, b) => (a.command.id < b.command.id ? -1 : 1));
    expect(room.sent.map(({ command }) => [command.name, command.id])).toEqual([
      ['update_firmware', 'ro-r1-0'],
      ['update_firmware', 'ro-r1-1'],
    ]);
    await room.say('result', room.sent[0]!.terminal, { id: 'ro-r1-0', ok: true });
    expect((await room.get<{ items: object[] }>('/rollouts')).items).toMatchObject([
      { state: 'running', sent: 2, answered: 1 },
    ]);
    // Halted by hand, nothing more is sent until somebody lets it go on.
    expect((await room.call('POST', '/rollouts/r1/pause')).status).toBe(200);
    expect((await room.call('POST', '/rollouts/r1/pause')).status).toBe(409);
    expect((await room.get<{ items: object[] }>('/rollouts')).items).toMatchObject([
      { state: 'halted', why: expect.stringMatching(/^paused by /) },
    ]);
    expect((await room.call('POST', '/rollouts/r1/resume')).status).toBe(200);
    // The terminal restarts while it updates: held, not lost.
    await room.state(finding({ subject: room.sent[0]!.terminal, component: 'system', mode: 'crash_loop' }));
    expect(
      (await room.get<{ items: { decision: { reason: string } }[] }>('/incidents')).items[0]!.decision.reason,
    ).toBe('maintenance');
    await room.state(
      finding({
        scope: 'firmware',
        subject: '2.0.0',
        terminal: null,
        members: ['T-0'],
        component: 'system',
        mode: 'firmware_regression',
        evidence: [
          { metric: 'system.crashes_total', value: 4, baseline: 1, why: 'Crashes rose fourfold since 2.0.0.' },
        ],
      }),
    );
    await room.job('alerts: rollouts');
    await room.job('alerts: rollouts');
    expect((await room.get<{ items: object[] }>('/rollouts')).items).toMatchObject([
      { state: 'halted', why: 'Crashes rose fourfold since 2.0.0.' },
    ]);
    const halted = await room.get<{ items: TicketSummary[] }>('/tickets?search=rollout%20halted');
    expect(halted.items).toMatchObject([{ severity: 'critical', subject: '2.0.0', source: 'plan' }]);
    await room.stop();
    await relational.close();
  });
});

describe('reports', () => {
  it('CSV: quoted, defused, readable by spreadsheets', () => {
    expect(csv([{ a: 'x,"y"', b: '=1+1', c: null, d: 1.23456 }])).toBe('\uFEFFa,b,c,d\r\n"x,""y""",\'=1+1,,1.235\r\n');
  });
});
