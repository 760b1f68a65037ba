import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { DAY, moments, T0, tickets } from '../support/month.ts';
import { heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

const birth = (terminal: string): Reading => {
  const body = { serial: terminal, model: 'P1', firmware: '1.0', heartbeat_s: 1200 };
  return { ...heartbeat(terminal, T0), channel: 'birth', payload: { ts: T0, boot: 'b', seq: 0, ...body } } as Reading;
};

interface Till {
  readonly name: string;
  /** Share of its memory that it loses a day while it is up, and days from one restart to the next, the first of them on this day. */
  readonly loses: number;
  readonly cycle: number;
  readonly first: number;
  /** From this day on it loses so many times as much. */
  readonly worse?: { readonly from: number; readonly times: number };
}

/** Tills of one model, of 500 MB each, which give back all that they lost when they start again. */
function* losing(tills: readonly Till[], days: number): Generator<Reading> {
  const roll = dice(7);
  for (const { name } of tills) yield birth(name);
  const states = tills.map((till) => ({ till, up: DAY * (till.cycle - till.first), lost: 0 }));
  for (const state of states) state.lost = (state.till.loses * state.up) / DAY;
  let before = T0;
  for (const { ts, day } of moments(days, 20 * 60_000)) {
    const passed = ts - before;
    before = ts;
    for (const state of states) {
      const { name, loses, cycle, worse } = state.till;
      state.up += passed;
      state.lost += (loses * (worse && day > worse.from ? worse.times : 1) * passed) / DAY;
      if (state.up >= cycle * DAY || state.lost > 0.95) {
        state.up = 0;
        state.lost = 0;
      }
      const free = Math.round(500 * (1 - state.lost) + 4 * (roll() - 0.5));
      yield heartbeat(name, ts, { system: { uptime_s: Math.round(state.up / 1000), mem_free_mb: free } });
    }
  }
}

const till = (name: string, first: number, more: Partial<Till> = {}): Till => ({
  name,
  loses: 0.12,
  cycle: 7,
  first,
  ...more,
});

describe('memory that software takes day by day', () => {
  it('on all terminals of a model, until they are restarted, needs nobody at any of them', () => {
    expect(tickets(losing([till('a', 7), till('b', 6), till('c', 7), till('d', 6.5)], 24))).toEqual([]);
  });

  it('is told of one of them that loses many times as much', () => {
    const [little, worse] = [{ loses: 0.03 }, { from: 9.5, times: 15 }];
    const kind = [
      till('a', 7, little),
      till('b', 6, little),
      till('c', 7, little),
      till('d', 6.5, { ...little, worse }),
    ];
    const told = tickets(losing(kind, 13));
    expect(told.map(({ mode, terminal }) => [mode, terminal])).toEqual([['crash_loop', 'd']]);
  });

  it('is told of one that has been up for a month and begins to lose it, though others are restarted for less', () => {
    const little = { loses: 0.02 };
    const worse = { from: 16, times: 12 };
    const kind = [till('a', 7, little), till('b', 6, little), till('c', 5, little)];
    const told = tickets(
      losing([...kind, till('d', 40, { loses: 0.001, cycle: 60, worse: { ...worse, times: 240 } })], 19.5),
    );
    expect(told.map(({ mode, terminal }) => [mode, terminal])).toEqual([['crash_loop', 'd']]);
    expect(told[0]!.day).toBeLessThan(18.5);
  });

  it('and that starting again does not give back is told of, however often it starts', () => {
    function* stuck(): Generator<Reading> {
      const roll = dice(3);
      for (const { ts, day } of moments(15, 20 * 60_000)) {
        const up = day < 12 ? ts - T0 : (ts - T0) % (4 * 3600_000);
        const free = Math.round(500 - 95 * Math.max(0, day - 11) + 4 * (roll() - 0.5));
        yield heartbeat('a', ts, { system: { uptime_s: Math.round(up / 1000), mem_free_mb: Math.max(5, free) } });
      }
    }
    expect(tickets(stuck()).map(({ mode }) => mode)).toEqual(['crash_loop']);
  });

  it('of one that is the only one of its kind is told once, and not each time anew', () => {
    expect(tickets(losing([till('a', 7)], 35)).map(({ mode }) => mode)).toEqual(['crash_loop']);
  });

  it('and that nothing gave back before is told in time', () => {
    const worse = { from: 12, times: 20 };
    const sound = { loses: 0.005, cycle: 40 };
    const told = tickets(losing([till('a', 40, sound), till('b', 40, sound), till('c', 40, { ...sound, worse })], 20));
    expect(told.map(({ mode, terminal }) => [mode, terminal])).toEqual([['crash_loop', 'c']]);
    expect(told[0]!.day).toBeLessThan(17);
  });
});
