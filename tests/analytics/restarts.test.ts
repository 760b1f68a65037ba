import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import type { Reading } from '../../contract/reading.ts';
import { DAY, HOUR, MIN, T0, tickets } from '../support/month.ts';
import { counters, event, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

const SEEDS = [31, 32, 33];

/** Ways in which a computer tells of its restarts, and what it says before it goes. */
interface Telling {
  readonly boots?: boolean;
  readonly uptime?: boolean;
  /** Totals that outlast a restart, or start over with it. */
  readonly totals?: 'kept' | 'anew';
  readonly announced?: boolean;
}

/** A computer of a reading every twenty minutes, 24 hours a day, that starts again at `starts`, ms in ascending order. */
function* computer(starts: readonly number[], days: number, telling: Telling): Generator<Reading> {
  const { boots = false, uptime = false, totals = 'anew', announced = false } = telling;
  let [next, up] = [0, T0 - 2 * DAY];
  for (let ts = T0; ts < T0 + days * DAY; ts += 20 * MIN) {
    for (; next < starts.length && starts[next]! < ts; next++) {
      up = starts[next]!;
      if (announced) yield event('till-1', up - MIN, { type: 'shutdown', component: 'system' });
      if (boots) yield event('till-1', up, { type: 'boot', component: 'system' });
    }
    const gone = next > 0 && ts - up < 0;
    if (gone) continue;
    yield heartbeat('till-1', ts, { system: { mem_free_mb: 200, ...(uptime ? { uptime_s: (ts - up) / 1000 } : {}) } });
    const system = { reboots_total: totals === 'kept' ? next : 1, crashes_total: 0 };
    yield counters('till-1', ts + 1000, { system });
  }
}

/** Starts at random, `aDay` of them from day 12 to day 15, two hours between them at the least in the mean. */
function failing(seed: number, aDay: number): number[] {
  const d = dice(seed);
  const starts: number[] = [];
  for (let at = T0 + 12 * DAY; at < T0 + 15 * DAY; at += 10 * MIN) if (d() < aDay / 144) starts.push(at + 7 * MIN);
  return starts;
}

describe('a computer that restarts ever so often, and whose totals start over each time', () => {
  it('is told of, whether it is its boot events that show it, its uptime, or both', () => {
    for (const seed of SEEDS) {
      for (const telling of [{ boots: true }, { boots: true, uptime: true }]) {
        expect(tickets(computer(failing(seed, 14), 15, telling)).map((f) => f.mode)).toEqual(['crash_loop']);
      }
      expect(tickets(computer(failing(seed, 20), 15, { uptime: true })).map((f) => f.mode)).toEqual(['crash_loop']);
    }
  });

  it('is told of no sooner where several ways tell of one restart', () => {
    for (const seed of SEEDS) {
      const [once] = tickets(computer(failing(seed, 14), 15, { boots: true }));
      expect(tickets(computer(failing(seed, 14), 15, { boots: true, uptime: true }))).toEqual([once]);
    }
    // Plugs that are pulled, which a total of crashes tells from those, weigh no more where boots and uptime tell of them, too.
    for (const seed of SEEDS) {
      const told = tickets(computer(failing(seed, 8), 15, { totals: 'kept' }));
      expect(tickets(computer(failing(seed, 8), 15, { boots: true, uptime: true, totals: 'kept' }))).toEqual(told);
    }
  });

  it('needs nobody where it says each time that it shuts down, or does so once a day by a clock', () => {
    for (const seed of SEEDS) {
      expect(tickets(computer(failing(seed, 14), 15, { boots: true, uptime: true, announced: true }))).toEqual([]);
    }
    const nightly = Array.from({ length: 8 }, (_, i) => T0 + (12 + i) * DAY + 3.1 * HOUR);
    expect(tickets(computer(nightly, 20, { boots: true, uptime: true }))).toEqual([]);
  });
});

describe('boots of earlier days', () => {
  /** A shop's till that is started every morning; what it said of its days 7 to 9 comes after that of day 10, in the order `order`. */
  function* buffered(order: (late: Reading[]) => Reading[]): Generator<Reading> {
    const late: Reading[] = [];
    for (let day = 0; day < 11; day++) {
      const opens = T0 + day * DAY + 8 * HOUR;
      const said = [event('till-1', opens, { type: 'boot', component: 'system' })];
      for (let ts = opens + MIN; ts < opens + 10 * HOUR; ts += 10 * MIN) {
        said.push(heartbeat('till-1', ts, { system: { mem_free_mb: 200 } }));
      }
      said.push(event('till-1', opens + 10 * HOUR, { type: 'shutdown', component: 'system' }));
      if (day >= 7 && day < 10) late.push(...said);
      else yield* said;
    }
    const came = T0 + 10.8 * DAY;
    yield* order(late).map((reading, i) => ({ ...reading, receivedAt: came + 100 * i }));
  }

  it('that were buffered and come within seconds are no loop, in whatever order', () => {
    const isBoot = (r: Reading): boolean => r.channel === 'event';
    expect(tickets(buffered((late) => late))).toEqual([]);
    expect(tickets(buffered((late) => late.toReversed()))).toEqual([]);
    expect(tickets(buffered((late) => late.filter(isBoot)))).toEqual([]);
  });

  it('are one where they were minutes apart, though some of them come after newer ones', () => {
    function* looping(): Generator<Reading> {
      for (let ts = T0; ts < T0 + 7 * DAY; ts += 10 * MIN) {
        yield heartbeat('till-1', ts, { system: { mem_free_mb: 200 } });
      }
      const boots = Array.from({ length: 12 }, (_, i) => T0 + 7 * DAY + i * 2 * MIN);
      const shuffled = boots.map((_, i) => boots[i ^ 1]!);
      for (const ts of shuffled) {
        yield event('till-1', ts, { type: 'boot', component: 'system' }, { receivedAt: T0 + 7.1 * DAY });
      }
    }
    expect(tickets(looping()).map((f) => f.mode)).toEqual(['crash_loop']);
  });
});

describe('a total of restarts that outlasts them', () => {
  /** A computer that counts every five minutes, and two minutes before each of its boots; those counters come after the boot where they are late. It may boot `twice`, before them, too: more than four minutes apart, so that these are two. */
  function* counting(seed: number, isLate: boolean, twice: boolean): Generator<Reading> {
    const starts = failing(seed, 8).map((at) => at + 170_000);
    let [next, total] = [0, 0];
    for (let ts = T0; ts < T0 + 15 * DAY; ts += 5 * MIN) {
      const start = starts[next];
      if (start !== undefined && start < ts) {
        if (twice) yield event('till-1', start - 280_000, { type: 'boot', component: 'system' });
        if (twice) total++;
        const system = { reboots_total: total, crashes_total: 0 };
        const before = counters('till-1', start - 2 * MIN, { system }, { receivedAt: start + 10_000 });
        const boot = event('till-1', start, { type: 'boot', component: 'system' });
        if (isLate) yield* [boot, before];
        else yield* [{ ...before, receivedAt: start - MIN }, boot];
        next++;
        total++;
      }
      yield heartbeat('till-1', ts, { system: { mem_free_mb: 200 } });
      yield counters('till-1', ts + 1000, { system: { reboots_total: total, crashes_total: 0 } });
    }
  }

  it('tells of each once, though counters of before it come after its boot', () => {
    for (const seed of SEEDS) {
      for (const twice of [false, true]) {
        const [inOrder, late] = [false, true].map((isLate) => {
          const engine = new Engine();
          for (const reading of counting(seed, isLate, twice)) engine.process(reading);
          return engine.inspect('acme', 'till-1');
        });
        expect(inOrder!.map((c) => c.component)).toEqual(['system']);
        expect(late).toEqual(inOrder);
      }
    }
  });
});

describe('a boot of a clock that was years ahead, and was set since', () => {
  const ahead = event(
    'till-1',
    T0 + 2000 * DAY,
    { type: 'boot', component: 'system' },
    { receivedAt: T0 + 5 * DAY + 10 * MIN },
  );

  function* withAhead(readings: Iterable<Reading>): Generator<Reading> {
    let isDue = true;
    for (const reading of readings) {
      if (isDue && reading.ts > T0 + 5 * DAY + 10 * MIN) {
        isDue = false;
        yield ahead;
      }
      yield reading;
    }
  }

  it('hides none of those that follow, and is no loop by itself', () => {
    for (const seed of SEEDS) {
      const all = computer(failing(seed, 14), 15, { boots: true });
      expect(tickets(withAhead(all)).map((f) => f.mode)).toEqual(['crash_loop']);
    }
    expect(tickets(withAhead(computer([T0 + 6 * DAY, T0 + 8 * DAY], 15, { boots: true })))).toEqual([]);
    const loop = Array.from({ length: 12 }, (_, i) => T0 + 7 * DAY + (i + 1) * MIN);
    const [first] = tickets(withAhead(computer(loop, 8, { boots: true })));
    expect(first?.mode).toBe('crash_loop');
    expect(first?.day).toBeLessThan(7.01);
  });
});

describe('a computer that crashes ever oftener within a morning', () => {
  /** One that never crashed, told every five minutes, and from nine o'clock on day 12 at so many hours. */
  function* crashing(after: readonly number[]): Generator<Reading> {
    for (let ts = T0; ts < T0 + 12.75 * DAY; ts += 5 * MIN) {
      const crashes = after.filter((hours) => T0 + 12 * DAY + (9 + hours) * HOUR < ts).length;
      yield heartbeat('till-1', ts, { system: { mem_free_mb: 200 } });
      yield counters('till-1', ts + 1000, { system: { reboots_total: crashes, crashes_total: crashes } });
    }
  }

  it('is told of once six have come within three hours', () => {
    const [told] = tickets(crashing([0.2, 0.7, 1.2, 1.7, 2.2, 2.7, 3.2, 3.7, 4.2, 4.7]));
    expect(told?.mode).toBe('crash_loop');
    expect((told!.day - 12) * 24 - 9).toBeLessThan(4);
  });

  it('is not where it does three times in three hours, and no more', () => {
    expect(tickets(crashing([0.2, 1.1, 2.8]))).toEqual([]);
  });
});
