import { describe, expect, it } from 'vitest';
import { moveClocks, reaches, startClocks } from '../../alerts/core/clocks.ts';
import { DEFAULT_POLICY } from '../../alerts/core/policy.ts';
import { afterService, faultOfHours, type ServiceHours, serviceBetween } from '../../alerts/core/service-hours.ts';
import type { TicketSummary } from '../../contract/tickets.ts';
import { facts, finding, HOUR, startAlertsRoom } from '../support/alerts-room.ts';
import { describeEachRelational } from '../support/each-relational.ts';
import { Walk } from './ticket-world.ts';

const WORKING = { opens: 540, closes: 1_080 };
const LISBON: ServiceHours = {
  week: [WORKING, WORKING, WORKING, WORKING, WORKING, null, null],
  timezone: 'Europe/Lisbon',
  holidays: ['2026-06-08'],
};
const at = (text: string): number => Date.parse(text);

describe('service hours', () => {
  it('run through the working week only: Friday afternoon to Tuesday morning over a weekend and a holiday', () => {
    const friday = at('2026-06-05T16:00:00+01:00');
    expect(afterService(LISBON, friday, 4 * HOUR)).toBe(at('2026-06-09T11:00:00+01:00'));
    expect(serviceBetween(LISBON, friday, at('2026-06-09T11:00:00+01:00'))).toBe(4 * HOUR);
    expect(serviceBetween(LISBON, at('2026-06-06T00:00:00Z'), at('2026-06-08T20:00:00Z'))).toBe(0);
  });

  it('begin at nine by the clock on the wall, also on the day after clocks were changed', () => {
    expect(afterService(LISBON, at('2026-03-27T20:00:00Z'), 1)).toBe(at('2026-03-30T09:00:00+01:00') + 1);
  });

  it('may end after midnight', () => {
    const late: ServiceHours = {
      week: Array.from({ length: 7 }, () => ({ opens: 1_080, closes: 1_560 })),
      timezone: 'UTC',
      holidays: [],
    };
    expect(serviceBetween(late, at('2026-06-02T00:00:00Z'), at('2026-06-02T12:00:00Z'))).toBe(2 * HOUR);
  });

  it('are refused with the field that is wrong', () => {
    expect(faultOfHours({ ...LISBON, timezone: 'Lisbon' })).toMatch(/^hours\.timezone: "Lisbon" is no time zone/);
    expect(faultOfHours({ ...LISBON, week: LISBON.week.map(() => null) })).toMatch(/at least one day/);
    expect(faultOfHours({ ...LISBON, week: [{ opens: 600, closes: 540 }, ...LISBON.week.slice(1)] })).toMatch(
      /week\[0\]/,
    );
    expect(faultOfHours(LISBON)).toBeUndefined();
  });

  it('let a clock that stood still overnight lose nothing, and one that stood in working hours its time', () => {
    const policy = { ...DEFAULT_POLICY, serviceHours: LISBON };
    const begun = at('2026-06-02T16:00:00+01:00');
    const [response] = startClocks('warning', begun, policy);
    expect(reaches(response!, 1, policy)).toBe(at('2026-06-03T15:00:00+01:00'));
    const before = { ...new Walk().ticket, clocks: [response!] };
    const waiting = { ...before, waitingFor: 'merchant' as const };
    const [paused] = moveClocks(before, waiting, false, at('2026-06-02T17:00:00+01:00'), policy);
    const [resumed] = moveClocks(
      { ...waiting, clocks: [paused!] },
      { ...before, clocks: [paused!] },
      false,
      at('2026-06-03T10:00:00+01:00'),
      policy,
    );
    expect(resumed).toMatchObject({ pausedMs: 2 * HOUR, pausedSince: null });
    expect(reaches(resumed!, 1, policy)).toBe(at('2026-06-03T17:00:00+01:00'));
  });
});

describeEachRelational('thresholds', (open) => {
  it('keep tickets away from what is not severe or likely enough, say so, and open them when they are lowered', async () => {
    const room = await startAlertsRoom(await open());
    try {
      for (const terminal of ['T-1', 'T-2', 'T-3']) room.facts.set(terminal, facts());
      const standing = await room.get<Record<string, unknown>>('/thresholds');
      expect(standing).toMatchObject({ ticketFrom: 'warning', minProbability: 0, settleMinutes: 30 });
      const set = { ...standing, ticketFrom: 'critical', minProbability: 0.7 };
      expect((await room.call('PUT', '/thresholds', set)).status).toBe(200);
      await room.state(
        finding(),
        finding({ subject: 'T-2', severity: 'critical', probability: 0.6 }),
        finding({ subject: 'T-3', severity: 'critical', probability: 0.9 }),
      );
      const tickets = async () =>
        (await room.get<{ items: TicketSummary[] }>('/tickets')).items.map((one) => one.terminal).sort();
      expect(await tickets()).toEqual(['T-3']);
      const told = await room.get<{ items: { subject: string; decision: { reason: string; text: string } }[] }>(
        '/incidents',
      );
      expect(told.items.find((one) => one.subject === 'T-2')?.decision).toMatchObject({
        reason: 'below_threshold',
        text: 'Expected with 60 %: the thresholds open tickets from 70 % on.',
      });
      expect((await room.call('PUT', '/thresholds', { ...standing, minProbability: 0.5 })).status).toBe(200);
      expect(await tickets()).toEqual(['T-1', 'T-2', 'T-3']);
      expect((await room.call('PUT', '/thresholds', { ...standing, warnAtShare: 3 })).status).toBe(400);
    } finally {
      await room.stop();
    }
  });
});
