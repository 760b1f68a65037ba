import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import { isFilling } from '../../analytics/core/filling.ts';
import type { Finding } from '../../contract/findings.ts';
import type { Reading } from '../../contract/reading.ts';
import { heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

const T0 = Date.UTC(2026, 0, 5);
const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

/**
 * Twelve tills, `first` of them on one cell and the others on as many more as make `cells`; `factor` says how many times slower than usual one's
 * round trips are. The engine is put down and taken up again at `restart`.
 */
function run(
  factor: (till: number, at: number) => number,
  days = 9,
  line?: number,
  first = 6,
  { cells = 2, restart = 0, timezone = undefined as string | undefined } = {},
): Finding[] {
  let engine = new Engine();
  const d = dice(3);
  const said: Finding[] = [];
  for (let i = 0; i < 12; i++) {
    const body = { serial: `t${i}`, model: 'P1', firmware: '1', site: `s${i % 3}`, heartbeat_s: 600, timezone };
    engine.process({
      ...heartbeat(`t${i}`, T0),
      channel: 'birth',
      payload: { ts: T0, boot: 'b', seq: 0, ...body },
    } as Reading);
  }
  for (let at = T0 + HOUR; at < T0 + days * DAY; at += 10 * MIN) {
    for (let k = 0; k < 12; k++) {
      // Tills of all cells speak in turn.
      const i = (5 * k) % 12;
      if (at === restart && k === 6) {
        const saved = engine.snapshot();
        engine = new Engine();
        engine.restore(saved);
      }
      const evening = (at % DAY) / HOUR >= 18 && (at % DAY) / HOUR < 21 ? 1.8 : 1;
      const rtt = (line ?? 60 + 20 * i) * evening * factor(i, at) * Math.exp(0.15 * d.normal());
      const network = { bearer: 'lte', cell: i < first ? 'c1' : `c${2 + (i % (cells - 1))}`, rtt_ms: rtt } as const;
      said.push(...engine.process(heartbeat(`t${i}`, at + k * 1000, { network })));
    }
  }
  return said.filter((f) => f.severity !== 'watch');
}

describe('a cell on which everybody is slow', () => {
  const from = T0 + 7 * DAY + 9 * HOUR;
  const within = (at: number, hours: number) => at >= from && at < from + hours * HOUR;

  it('is one finding about the cell, which ends when it is quick again; its tills say nothing of their own', () => {
    const said = run((till, at) => (till < 6 && within(at, 10) ? 4 : 1));
    expect(said.filter((f) => f.state !== 'update').map((f) => [f.state, f.scope, f.subject, f.mode])).toEqual([
      ['open', 'cell', 'c1', 'congestion'],
      ['cleared', 'cell', 'c1', 'congestion'],
    ]);
    expect(said[0]!.members).toEqual(['t0', 't1', 't2', 't3', 't4', 't5']);
    expect(said[0]!.at - from).toBeLessThanOrEqual(5 * HOUR);
  });

  it('that fills up by the day is told days ahead, with all its tills and a time', () => {
    const grown = (at: number) => Math.max(0, Math.floor((at - T0) / DAY) - 8) * 0.13;
    const busy = (at: number) => (at % DAY) / HOUR >= 16 && (at % DAY) / HOUR < 20;
    const said = run((till, at) => (till < 6 && busy(at) ? Math.exp(grown(at)) : 1), 15);
    expect(said.filter((f) => f.state !== 'update').map((f) => [f.state, f.scope, f.subject, f.mode])).toEqual([
      ['open', 'cell', 'c1', 'congestion'],
    ]);
    expect(said[0]!.members).toEqual(['t0', 't1', 't2', 't3', 't4', 't5']);
    // Half as slow again as usual, and no more.
    expect((said[0]!.at - T0) / DAY).toBeLessThan(13);
    expect(said[0]!.failsAtP10).toBeGreaterThan(said[0]!.at);
    expect(said[0]!.evidence[0]!.why).toContain('grow by the day');
  });

  it('that fills up by the day is told where only two tills tell of it, once it was worse on each of three days', () => {
    const busy = (at: number) => (at % DAY) / HOUR >= 10 && (at % DAY) / HOUR < 18;
    const days =
      (...worse: number[]) =>
      (till: number, at: number) =>
        till < 2 && busy(at) ? (worse[Math.floor((at - T0) / DAY) - 9] ?? 1) : 1;
    const said = run(days(1.4, 1.8, 2.3, 3, 4), 14, undefined, 2);
    expect(said.filter((f) => f.state !== 'update').map((f) => [f.state, f.scope, f.subject, f.mode])).toEqual([
      ['open', 'cell', 'c1', 'congestion'],
    ]);
    expect(said[0]!.members).toEqual(['t0', 't1']);
    expect((said[0]!.at - T0) / DAY).toBeLessThan(12);
    // A third one of the place that stands aside of it does not hide it.
    expect(run(days(1.4, 1.8, 2.3, 3, 4), 14, undefined, 3).map((f) => f.scope)).toContain('cell');
    // Worse than yesterday, but not than the day before: two tills are sooner slow at once by chance.
    expect(run(days(1.7, 1.3, 2.1), 13, undefined, 2)).toEqual([]);
  });

  it('that stood out for two days is told on the third, the first on which anybody would notice', () => {
    const busy = (at: number) => (at % DAY) / HOUR >= 14 && (at % DAY) / HOUR < 22;
    const days =
      (...worse: number[]) =>
      (till: number, at: number) =>
        till < 6 && busy(at) ? (worse[Math.floor((at - T0) / DAY) - 14] ?? 1) : 1;
    const said = run(days(1.19, 1.2, 1.7), 17);
    expect(said.filter((f) => f.state !== 'update').map((f) => [f.state, f.scope, f.subject, f.mode])).toEqual([
      ['open', 'cell', 'c1', 'congestion'],
    ]);
    expect(run(days(1, 1, 1.7), 17)).toEqual([]);
  });

  it('that fills up is told of two tills on a fast line, while nobody waits yet, once it has been worse by the day for five', () => {
    const busy = (at: number) => (at % DAY) / HOUR >= 10 && (at % DAY) / HOUR < 20;
    const days =
      (...worse: number[]) =>
      (till: number, at: number) =>
        till < 2 && busy(at) ? (worse[Math.floor((at - T0) / DAY) - 9] ?? 1) : 1;
    const said = run(days(1.22, 1.5, 1.8, 2.1, 2.4), 14, 15, 2);
    expect(said.filter((f) => f.state !== 'update').map((f) => [f.state, f.scope, f.subject, f.mode])).toEqual([
      ['open', 'cell', 'c1', 'congestion'],
    ]);
    expect(run(days(1.8, 1.8, 1.8, 1.8, 1.8), 14, 15, 2)).toEqual([]);
  });

  it('that climbs through a night is told before anybody waits, and so is one that stays slow for twelve hours', () => {
    const hours = (at: number) => (at - from) / HOUR;
    const night = (till: number, at: number) =>
      till < 6 && hours(at) >= 0 && hours(at) < 10 ? Math.exp(0.2 * (1 + Math.floor(hours(at)))) : 1;
    const [first] = run(night, 8, 30);
    expect(first?.scope).toBe('cell');
    expect((first!.at - from) / HOUR).toBeLessThan(9);
    const plateau = (lasting: number) => (till: number, at: number) => (till < 6 && within(at, lasting) ? 2.9 : 1);
    expect(run(plateau(14), 8, 28).map((f) => f.scope)).toContain('cell');
    expect(run(plateau(9), 8, 28)).toEqual([]);
  });

  it('that fills up goes on being told over a quieter day and while nothing comes through any more, and ends days after it is quick again', () => {
    const busy = (at: number) => (at % DAY) / HOUR >= 16 && (at % DAY) / HOUR < 20;
    const FULL = 400;
    const worse = [1.2, 1.5, 1.9, 2.5, 2, 3.3, FULL, FULL, FULL, FULL];
    const said = run((till, at) => (till < 6 && busy(at) ? (worse[Math.floor((at - T0) / DAY) - 9] ?? 1) : 1), 24);
    const told = said.filter((f) => f.state !== 'update');
    expect(told.map((f) => [f.state, f.scope, f.subject, f.mode])).toEqual([
      ['open', 'cell', 'c1', 'congestion'],
      ['cleared', 'cell', 'c1', 'congestion'],
    ]);
    expect((told[0]!.at - T0) / DAY).toBeLessThan(13);
    expect((told[1]!.at - T0) / DAY).toBeGreaterThan(20);
  });

  it('is nothing where its line is worked on for one night, over the midnight of Greenwich; one whose nights are worse each time is told', () => {
    const zone = { timezone: 'Europe/Helsinki' };
    const works = T0 + 15 * DAY + 22 * HOUR;
    const worked = (at: number) => at >= works && at < works + 3.5 * HOUR;
    expect(run((till, at) => (till < 6 && worked(at) ? 2.3 : 1), 17, undefined, 6, zone)).toEqual([]);
    const night = (at: number) => (at % DAY) / HOUR >= 22 || (at % DAY) / HOUR < 2;
    const grown = (at: number) => Math.max(0, Math.floor((at - T0 - 12 * HOUR) / DAY) - 8) * 0.16;
    const said = run((till, at) => (till < 6 && night(at) ? Math.exp(grown(at)) : 1), 15, undefined, 6, zone);
    expect(said.filter((f) => f.state === 'open').map((f) => [f.scope, f.subject])).toEqual([['cell', 'c1']]);
  });

  it('is told as soon where its evenings fall into the next day of Greenwich', () => {
    const openedAt = (timezone: string | undefined, from: number) => {
      const busy = (at: number) => ((at % DAY) / HOUR - from + 24) % 24 < 4;
      const grown = (at: number) => Math.max(0, Math.floor((at - T0 - from * HOUR) / DAY) - 8) * 0.3;
      const said = run((till, at) => (till < 6 && busy(at) ? Math.exp(grown(at)) : 1), 16, undefined, 6, { timezone });
      return (said.find((f) => f.state === 'open' && f.scope === 'cell')!.at - T0 - from * HOUR) / DAY;
    };
    const london = openedAt('Europe/London', 16);
    for (const from of [23, 24]) expect(Math.abs(openedAt('America/New_York', from) - london)).toBeLessThan(0.5);
  });

  it('is nothing on one busy evening, nor where a fast line is merely less fast', () => {
    const evening = (at: number) => (at % DAY) / HOUR >= 16 && (at % DAY) / HOUR < 19;
    const on = (day: number, at: number) => Math.floor((at - T0) / DAY) === day && evening(at);
    expect(run((till, at) => (till < 6 && on(10, at) ? 1.9 : 1), 13)).toEqual([]);
    const sale = (at: number) => (on(10, at) ? 1.5 : on(11, at) ? 2.4 : on(12, at) ? 1.3 : 1);
    expect(run((till, at) => (till < 6 ? sale(at) : 1), 14, 15)).toEqual([]);
  });

  it('is nothing where a fair beside it makes four days slower by as much each, at round trips that nobody waits for', () => {
    const open = (at: number) => (at % DAY) / HOUR >= 9 && (at % DAY) / HOUR < 18;
    const fair = (at: number) => open(at) && at >= T0 + 9 * DAY && at < T0 + 13 * DAY;
    expect(run((till, at) => (till < 6 && fair(at) ? 2.4 : 1), 15, 60)).toEqual([]);
    // Where they wait half a second for each of five round trips, somebody should know, growing or not.
    expect(run((till, at) => (till < 6 && fair(at) ? 2.4 : 1), 15, 220).map((f) => f.scope)).toContain('cell');
  });

  it('is the payment host, and no cell, where every shop and every cell is as slow', () => {
    const slow = (at: number) => within(at, 5) || within(at - DAY, 5);
    const everybody = (_: number, at: number) => (slow(at) ? 5 : 1);
    expect(run(everybody, 10, 60, 4, { cells: 5 })).toEqual([]);
    expect(run(everybody, 10, 60, 4, { cells: 5, restart: from + 3 * HOUR })).toEqual([]);
    // One that is fuller than all of them stands out of them.
    const both = (till: number, at: number) => (slow(at) ? (till < 4 ? 16 : 3) : 1);
    const places = (said: Finding[]) =>
      said.filter((f) => f.state === 'open' && f.scope !== 'terminal').map((f) => f.subject);
    expect(places(run(both, 10, 60, 4, { cells: 5 }))).toEqual(['c1']);
    // Two that are slow at once are not everybody.
    expect(places(run(everybody, 10)).sort()).toEqual(['c1', 'c2']);
  });

  it('is nothing where evenings are always so, or where one hour is', () => {
    expect(run(() => 1)).toEqual([]);
    expect(run((till, at) => (till < 6 && within(at, 1) ? 4 : 1))).toEqual([]);
  });
});

describe('the worst hours of a place by day', () => {
  it('fill up after two days that each stood out, and not after an ordinary Saturday nor where yesterday was as ever', () => {
    const quiet = [0.05, 0.06, 0.08, 0.03, 0.04, 0.08, 0.05];
    expect(isFilling([...quiet, 0.17, 0.18, 0.4], 0.4)).toBe(true);
    expect(isFilling([0.3, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.3, 0.13, 0.14, 0.36], 0.36)).toBe(false);
    // Three days of a fair are as bad as the first of them; what fills up is worse on each.
    expect(isFilling([...quiet, 0.05, 0.8, 0.85], 0.85)).toBe(false);
    expect(isFilling([...quiet, 0.3, 0.55, 0.8], 0.8)).toBe(true);
    expect(isFilling([0, 0, 0, 0.12, 0.12, 0.12, 0.12, 0.18, 0.1, 0.4], 0.4)).toBe(false);
    // In the first week, too: evenings as bad as each other, of which one hour is a little worse than three on end were.
    expect(isFilling([0.08, 0.12, 0, 0.64, 0.62, 0.59], 0.65)).toBe(false);
    expect(isFilling([0.08, 0.12, 0, 0.2, 0.4, 0.65], 0.7)).toBe(true);
  });
});
