import { describe, expect, it } from 'vitest';
import { DETECTORS } from '../../analytics/core/detectors/index.ts';
import { Engine } from '../../analytics/core/engine.ts';
import { Groups } from '../../analytics/core/groups.ts';
import { ModelWatch } from '../../analytics/core/models.ts';
import { BETWEEN_FALSE_ALARMS, Odds } from '../../analytics/core/odds.ts';
import { StandingBook, terminalKey } from '../../analytics/core/standing.ts';
import { MODEL, SEEN_AT, SITE, Terminals } from '../../analytics/core/terminals.ts';
import type { Finding } from '../../contract/findings.ts';
import type { Mode } from '../../contract/modes.ts';
import type { Reading } from '../../contract/reading.ts';
import { ACME, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

const T0 = Date.UTC(2026, 0, 5);
const MIN = 60_000;
const DAY = 1440 * MIN;

describe('the test of a model against the others', () => {
  /** Faults until the test is sure, or undefined after `most`. */
  function until(seed: number, share: number, ratio: number, most: number): number | undefined {
    const d = dice(seed);
    const odds = new Odds();
    const chance = (ratio * share) / (1 - share + ratio * share);
    for (let n = 1; n <= most; n++) {
      odds.take(d.chance(chance), share);
      if (odds.value >= BETWEEN_FALSE_ALARMS) return n;
    }
    return undefined;
  }

  it.each([0.1, 0.3, 0.7])('takes a sound model for a bad one once in 100,000 faults, at a share of %s', (share) => {
    const d = dice(7);
    let odds = new Odds();
    let wolves = 0;
    for (let n = 0; n < 3_000_000; n++) {
      odds.take(d.chance(share), share);
      if (odds.value < BETWEEN_FALSE_ALARMS) continue;
      wolves++;
      odds = new Odds();
    }
    // Thirty are due at the most; chance makes more than forty-five of them in one run of two hundred.
    expect(wolves).toBeLessThanOrEqual(45);
  });

  it('is sure of a model four times as bad after some fifty faults, and keeps its state through a snapshot', () => {
    const found = Array.from({ length: 40 }, (_, i) => until(200 + i, 0.2, 4, 400) ?? 400).sort((a, b) => a - b);
    expect(found[20]!).toBeLessThan(55);
    expect(found.at(-1)!).toBeLessThan(150);
    const odds = new Odds();
    for (let i = 0; i < 9; i++) odds.take(i % 2 === 0, 0.2);
    expect(new Odds(JSON.parse(JSON.stringify(odds.save()))).value).toBe(odds.value);
  });
});

describe('a model whose print heads wear out early', () => {
  const model = (i: number): string => `M${i % 3}`;

  /** Ninety terminals at as many shops, three models; heads of those that `wears` names rise from the sixth day on. */
  function* fleet(wears: (i: number) => boolean, days = 12): Generator<Reading> {
    for (let i = 0; i < 90; i++) yield birth(i);
    for (let ts = T0; ts < T0 + days * DAY; ts += 30 * MIN) {
      for (let i = 0; i < 90; i++) {
        const worn = wears(i) ? Math.max(0, (ts - T0) / DAY - 5 - (i % 7) / 4) : 0;
        const ohm = 800 * (1 + 0.02 * worn) + ((i + ts / MIN) % 7);
        yield heartbeat(`t${i}`, ts + i, { printer: { state: 'ok', head_ohm: ohm, dead_dots: Math.round(worn * 2) } });
      }
    }
  }

  function birth(i: number): Reading {
    const at = heartbeat(`t${i}`, T0 - DAY + i);
    const payload = { ...at.payload, serial: `S${i}`, model: model(i), firmware: '1', site: `shop-${i}` };
    return { ...at, channel: 'birth', payload } as unknown as Reading;
  }

  const run = (engine: Engine, readings: Iterable<Reading>): Finding[] =>
    [...readings].flatMap((r) => [...engine.process(r)]);

  it('is one finding about the model, its failing terminals its members, each with its own forecast still', () => {
    const engine = new Engine();
    const readings = [...fleet((i) => i % 3 === 1 && i < 60)];
    const half = Math.floor(readings.length * 0.7);
    const said = run(engine, readings.slice(0, half));
    const restored = new Engine();
    restored.restore(engine.snapshot());
    said.push(...run(restored, readings.slice(half)));
    const wide = said.filter((f) => f.scope === 'model');
    expect(wide.filter((f) => f.state === 'open')).toHaveLength(1);
    expect(wide[0]).toMatchObject({ subject: 'M1', component: 'printer', mode: 'head_wear', terminal: null });
    expect(wide[0]!.evidence[0]!.why).toMatch(/were on M1, which is [23]\d % of the terminals/);
    const standing = restored.standing();
    const members = standing.find((f) => f.scope === 'model')!.members!;
    expect(members.length).toBeGreaterThanOrEqual(12);
    expect(members.every((name) => model(Number(name.slice(1))) === 'M1')).toBe(true);
    expect(standing.filter((f) => f.terminal !== null && members.includes(f.terminal)).length).toBe(members.length);
  });

  it('is not made of as many faults that hit all models alike, nor of one bad shop', () => {
    expect(
      run(
        new Engine(),
        fleet((i) => i < 24),
      ).filter((f) => f.scope === 'model'),
    ).toEqual([]);
  });
});

describe('a model whose faults turn out to be another mode', () => {
  it('is said of no more once no terminal has the fault under that name', () => {
    const terminals = new Terminals();
    const groups = new Groups(DETECTORS);
    const book = new StandingBook();
    const watch = new ModelWatch(terminals, groups, book, () => true);
    for (let i = 0; i < 90; i++) {
      const index = terminals.add(ACME, `t${i}`);
      terminals.setInt(index, MODEL, groups.idOf(`${ACME}/model/M${i % 3}`));
      terminals.setInt(index, SITE, groups.idOf(`${ACME}/site/shop-${i}`));
      terminals.setTime(index, SEEN_AT, T0);
    }
    const say = (i: number, mode: Mode): readonly Finding[] => {
      const out: Finding[] = [];
      const open = { severity: 'warning', probability: 0.8, horizonH: 72, failsAt: T0 + 2 * DAY + i * DAY } as const;
      const who = { scope: 'terminal', subject: `t${i}`, terminal: `t${i}`, component: 'printer' } as const;
      const rest = { at: T0, tenant: ACME, mode, failsAtP10: null, failsAtP90: null, evidence: [] };
      book.hold(terminalKey(ACME, `t${i}`, 'printer'), { ...who, ...open, ...rest }, out);
      return watch.heard(out, T0).filter((f) => f.scope === 'model');
    };
    const bad = Array.from({ length: 20 }, (_, n) => 3 * n);
    expect(bad.flatMap((i) => say(i, 'head_wear')).map((f) => f.state)).toContain('open');
    const after = bad.flatMap((i) => {
      book.clear(terminalKey(ACME, `t${i}`, 'printer'), T0, []);
      return say(i, 'overheat');
    });
    expect(after.filter((f) => f.mode === 'head_wear').at(-1)?.state).toBe('cleared');
    expect(
      [...book.values()].filter(({ finding }) => finding.scope === 'model' && finding.mode === 'head_wear'),
    ).toEqual([]);
  });
});
