import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { DAY, MIN, moments, T0, tickets } from '../support/month.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/** The broker says that a session broke, and that it is back. */
function session(terminal: string, at: number, online: boolean): Reading {
  const payload = { ts: at, boot: 'b1', online, reason: online ? undefined : 'connection_lost' };
  return { ...heartbeat(terminal, at, {}, { receivedAt: at }), channel: 'state', payload } as unknown as Reading;
}

interface Breaks {
  /** From this day on, so many a day, each so many minutes long. */
  readonly from: number;
  readonly aDay: number;
  readonly minutes: number;
}

/** Two modems of one shop for a fortnight; the sessions of the first break as often as ever from some day on, each for some minutes. */
function* modems(seed: number, { from, aDay, minutes }: Breaks): Generator<Reading> {
  const d = dice(seed);
  const sessions = [11, 11];
  const backAt = [0, 0];
  for (const { ts, day } of moments(14, 5 * MIN)) {
    for (const i of [0, 1]) {
      const terminal = `t${i}`;
      const at = ts + 1000 * i;
      if (backAt[i]! > at) continue;
      if (backAt[i]! > 0) {
        sessions[i]!++;
        yield session(terminal, backAt[i]!, true);
        backAt[i] = 0;
      }
      yield heartbeat(terminal, at, { network: { bearer: 'lte', rsrp_dbm: Math.round(-82 + d.normal()) } });
      yield counters(terminal, at + 500, { network: { reconnects_total: sessions[i]!, reattaches_total: 4 } });
      const often = i === 0 && day >= from ? aDay : 1;
      if (d() < often / 288) {
        backAt[i] = at + 1000 + (i === 0 && day >= from ? minutes : 1) * MIN * (0.7 + 0.6 * d());
        yield session(terminal, at + 1000, false);
      }
    }
  }
}

function told(seed: number, breaks: Breaks): { mode: string; terminal: string | null; day: number }[] {
  return tickets([...modems(seed, breaks)].sort((a, b) => a.receivedAt - b.receivedAt));
}

describe('a modem whose sessions break a dozen times a day, no more often by the day', () => {
  it('for nine minutes each is told within two days: an hour and a half of each is lost', () => {
    for (const seed of [1, 2, 3, 4]) {
      const said = told(seed, { from: 9, aDay: 12, minutes: 9 });
      expect(said.map(({ mode, terminal }) => `${terminal} ${mode}`)).toEqual(['t0 offline']);
      expect(said[0]!.day).toBeLessThan(11);
    }
  });

  it('for a minute each is not: no customer waits for it', () => {
    for (const seed of [1, 2, 3, 4]) {
      expect(told(seed, { from: 9, aDay: 12, minutes: 1 })).toEqual([]);
      expect(told(seed, { from: 9, aDay: 24, minutes: 0.9 })).toEqual([]);
    }
  });

  it('for twenty seconds each is not, though nothing says when it is back, and each is heard of a beat later only', () => {
    const flaps = (seed: number): Reading[] =>
      [...modems(seed, { from: 9, aDay: 12, minutes: 0.3 })].filter(
        ({ channel, payload }) => channel !== 'state' || !(payload as { online?: boolean }).online,
      );
    for (const seed of [1, 2]) expect(tickets(flaps(seed).sort((a, b) => a.receivedAt - b.receivedAt))).toEqual([]);
  });

  it('for nine minutes each on one afternoon is not', () => {
    for (const seed of [1, 2, 3]) {
      const afternoon = [...modems(seed, { from: 9.5, aDay: 40, minutes: 9 })].filter((r) => r.ts < T0 + 9.7 * DAY);
      expect(tickets(afternoon.sort((a, b) => a.receivedAt - b.receivedAt))).toEqual([]);
    }
  });
});
