import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import { isWorse } from '../../analytics/core/rollout-verdict.ts';
import { type BeforeAfter, effectOf } from '../../analytics/core/two-sample.ts';
import type { Finding } from '../../contract/findings.ts';
import type { Reading } from '../../contract/reading.ts';
import { counters, event, heartbeat } from '../support/readings.ts';
import { type Dice, dice } from '../support/wild-random.ts';

const T0 = Date.UTC(2026, 0, 5);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A terminal's counts over two weeks, half of them after the change; its own rate differs from its neighbours' and wanders. */
function sample(d: Dice, rate: number, change: number): BeforeAfter {
  const own = rate * Math.exp(0.6 * d.normal());
  const season = Math.exp(0.1 * d.normal());
  return { before: d.poisson(own * 8), beforeUnits: 8, after: d.poisson(own * season * change * 4), afterUnits: 4 };
}

describe('the comparison of a rollout with those left as they were', () => {
  const look = (d: Dice, rate: number, n: number, change: number, season = 1) =>
    effectOf(
      Array.from({ length: n }, () => sample(d, rate, change * season)),
      Array.from({ length: Math.ceil(n / 2) }, () => sample(d, rate, season)),
    )!;

  it.each([
    ['rare events', 0.1],
    ['frequent events', 20],
  ])('cries wolf in fewer than three rollouts of a thousand: %s', (_, rate) => {
    const d = dice(11);
    let wolves = 0;
    for (let rollout = 0; rollout < 60; rollout++)
      for (let k = 0; k < 336; k++) if (look(d, rate, 12, 1).z >= 4.3) wolves++;
    // 20,160 independent looks: 60 rollouts' worth, more than one of which would be too many.
    expect(wolves).toBeLessThanOrEqual(1);
  });

  it('sees a rate three times as high, and takes a busy season for what it is', () => {
    const d = dice(12);
    const found = Array.from({ length: 50 }, () => look(d, 1, 24, 3, 1.8)).filter((e) => e.z >= 4.3 && e.ratio > 1.25);
    expect(found.length).toBeGreaterThan(46);
    expect(Array.from({ length: 200 }, () => look(d, 1, 24, 1, 3)).filter((e) => e.z >= 4.3)).toEqual([]);
  });

  it('is not sure of what one place does, and is of what all of them do', () => {
    const d = dice(14);
    const compared = (worse: (place: number) => boolean) => {
      const took = Array.from({ length: 12 }, (_, i) => {
        const place = 1 + Math.floor(i / 3);
        return { ...sample(d, 1, worse(place) ? 20 : 1), place };
      });
      const still = Array.from({ length: 12 }, () => sample(d, 1, 1));
      return effectOf(took, still)!;
    };
    const line = Array.from({ length: 40 }, () => compared((place) => place === 2));
    expect(line.filter((e) => e.z > 4.3).length).toBeGreaterThan(10);
    expect(line.filter((e) => isWorse(e, 0, 4.3)).length).toBeLessThanOrEqual(2);
    const update = Array.from({ length: 40 }, () => compared(() => true));
    expect(update.filter((e) => isWorse(e, 0, 4.3)).length).toBeGreaterThan(37);
  });

  it('says nothing where too few speak', () => {
    const d = dice(13);
    expect(effectOf([sample(d, 1, 9)], [sample(d, 1, 1)])).toBeUndefined();
  });
});

describe('an update', () => {
  /**
   * Thirty terminals of a model; twenty take 2.0 on days 7 and 8, which crashes `crashes` times a day, fails `fails` of its reads and tries
   * `retries` of its jobs again.
   */
  function rollout(crashes: number, fails = 0.02, retries = 0.005): { said: Finding[]; engine: Engine } {
    const d = dice(5);
    const reads = dice(6);
    const prints = dice(8);
    const engine = new Engine();
    const said: Finding[] = [];
    const totals = Array.from({ length: 30 }, () => ({
      jobs: 100_000,
      retries: 500,
      crashes: 20,
      reboots: 40,
      ok: 9000,
      tech: 50,
      taps: 40_000,
      chips: 9000,
      noTap: 6000,
      noChip: 180,
    }));
    const firmware = totals.map(() => '1.0');
    const birth = (i: number, at: number): Reading => {
      const body = { serial: `t${i}`, model: 'P1', firmware: firmware[i], site: `s${i % 6}`, heartbeat_s: 1800 };
      return {
        ...heartbeat(`t${i}`, at),
        channel: 'birth',
        payload: { ts: at, boot: 'b', seq: 0, ...body },
      } as Reading;
    };
    totals.forEach((_, i) => {
      said.push(...engine.process(birth(i, T0)));
    });
    for (let at = T0 + HOUR; at < T0 + 16 * DAY; at += HOUR / 2) {
      totals.forEach((total, i) => {
        const ts = at + i * 1000;
        const updates = i < 20 && firmware[i] === '1.0' && ts > T0 + 7 * DAY + i * 2.4 * HOUR;
        if (updates) {
          firmware[i] = '2.0';
          Object.assign(total, {
            jobs: 0,
            retries: 0,
            crashes: 0,
            reboots: 1,
            ok: 0,
            tech: 0,
            taps: 0,
            chips: 0,
            noTap: 0,
            noChip: 0,
          });
          said.push(
            ...engine.process(event(`t${i}`, ts, { type: 'firmware_updated', detail: { from: '1.0', to: '2.0' } })),
          );
          said.push(...engine.process(birth(i, ts)));
        }
        const fell = d.poisson((0.05 + (firmware[i] === '2.0' ? crashes : 0)) / 48);
        total.crashes += fell;
        total.reboots += fell;
        total.ok += d.poisson(6);
        total.tech += d.poisson(0.03);
        const failing = firmware[i] === '2.0' ? fails : 0.02;
        total.taps += reads.poisson(6);
        total.noTap += reads.poisson(6 * failing);
        total.chips += reads.poisson(2);
        total.noChip += reads.poisson(2 * failing);
        total.jobs += prints.poisson(8);
        total.retries += prints.poisson(8 * (firmware[i] === '2.0' ? retries : 0.005));
        // As on a line that loses fields: each total is left out now and then.
        const told = (name: string, value: number) => (reads() < 0.1 ? {} : { [name]: value });
        const body = {
          system: { crashes_total: total.crashes, reboots_total: total.reboots },
          reader: {
            ...told('tap_ok_total', total.taps),
            ...told('tap_fail_total', total.noTap),
            ...told('chip_ok_total', total.chips),
            ...told('chip_fail_total', total.noChip),
          },
          txn: { ...told('ok_total', total.ok), ...told('tech_fail_total', total.tech) },
          printer: { ...told('jobs_total', total.jobs), ...told('retries_total', total.retries) },
        };
        said.push(...engine.process(heartbeat(`t${i}`, ts, {})), ...engine.process(counters(`t${i}`, ts + 500, body)));
      });
    }
    return { said, engine };
  }

  it('that makes its terminals crash is one finding about the firmware, and they say nothing of their own', () => {
    const { said } = rollout(1.5);
    const raised = said.filter((f) => f.state === 'open' && f.severity !== 'watch');
    expect(raised.map((f) => [f.scope, f.subject, f.terminal, f.component, f.mode])).toEqual([
      ['firmware', '2.0', null, 'system', 'firmware_regression'],
    ]);
    expect(raised[0]!.at).toBeLessThan(T0 + 10 * DAY);
    // It is so now: nothing is foretold.
    expect(raised[0]).toMatchObject({ horizonH: 0, failsAt: null });
    expect(raised[0]!.evidence[0]!.why).toMatch(/Crashes: .* a? ?per day on the \d+ terminals that took 2\.0/);
    expect(said.filter((f) => f.mode === 'firmware_regression').at(-1)!.members).toHaveLength(20);
  });

  it('that only starts counters afresh is none', () => {
    expect(rollout(0).said.filter((f) => f.severity !== 'watch')).toEqual([]);
  });

  it('after which more reads fail is told with the true shares, whatever totals were left out of messages', () => {
    const { said } = rollout(0, 0.08);
    const raised = said.filter((f) => f.state === 'open' && f.scope === 'firmware');
    const { metric, value, baseline } = raised.at(-1)!.evidence[0]!;
    expect(metric).toBe('reader.fails');
    expect(value).toBeGreaterThan(0.06);
    expect(value).toBeLessThan(0.1);
    expect(baseline).toBeGreaterThan(0.016);
    expect(baseline).toBeLessThan(0.028);
  });

  it('after which more jobs are tried again is told with the true shares, though jobs are left out of some messages', () => {
    const { said } = rollout(0, 0.02, 0.06);
    const raised = said.filter((f) => f.state !== 'cleared' && f.severity !== 'watch');
    expect(new Set(raised.map((f) => f.scope))).toEqual(new Set(['firmware']));
    const { metric, value, baseline } = raised.at(-1)!.evidence[0]!;
    expect(metric).toBe('printer.retries_total');
    expect(value).toBeGreaterThan(0.045);
    expect(value).toBeLessThan(0.075);
    expect(baseline).toBeGreaterThan(0.003);
    expect(baseline).toBeLessThan(0.009);
  });

  it('on trial survives a restart of the engine', () => {
    const { engine } = rollout(1.5);
    const again = new Engine();
    again.restore(engine.snapshot());
    expect(again.standing()).toEqual(engine.standing());
    expect(again.standing().some((f) => f.mode === 'firmware_regression')).toBe(true);
  });
});

describe('a firmware name that two models share', () => {
  /**
   * Sixteen terminals of each of two models, of which ten take 2.0 on day 8: payments fail on model B from then on, and one terminal of
   * each model crashes ever more by itself.
   */
  function shared(): Finding[] {
    const d = dice(7);
    const engine = new Engine();
    const said: Finding[] = [];
    const totals = Array.from({ length: 32 }, () => ({ crashes: 0, ok: 0, tech: 0 }));
    const birth = (i: number, at: number, firmware: string): Reading => {
      const body = { serial: `t${i}`, model: i < 16 ? 'A' : 'B', firmware, site: `s${i % 8}`, heartbeat_s: 1800 };
      return {
        ...heartbeat(`t${i}`, at),
        channel: 'birth',
        payload: { ts: at, boot: 'b', seq: 0, ...body },
      } as Reading;
    };
    const updated = T0 + 8 * DAY;
    for (let i = 0; i < 32; i++) said.push(...engine.process(birth(i, T0, '1.0')));
    for (let at = T0 + HOUR; at < T0 + 24 * DAY; at += HOUR / 2) {
      totals.forEach((total, i) => {
        const ts = at + i * 1000;
        const took = i % 16 < 10 && ts >= updated;
        if (took && at - updated < HOUR / 2) said.push(...engine.process(birth(i, ts, '2.0')));
        const sick = i === 3 || i === 19 ? Math.max(0, (ts - T0) / DAY - 14) * 4 : 0;
        total.crashes += d.poisson((0.05 + sick) / 48);
        total.ok += d.poisson(6);
        total.tech += d.poisson(took && i >= 16 ? 0.35 : 0.03);
        const body = {
          system: { crashes_total: total.crashes, reboots_total: total.crashes },
          txn: { ok_total: total.ok, tech_fail_total: total.tech },
        };
        said.push(...engine.process(heartbeat(`t${i}`, ts, {})), ...engine.process(counters(`t${i}`, ts + 500, body)));
      });
    }
    return said.filter((f) => f.state !== 'cleared' && f.severity !== 'watch');
  }

  it('is bad for those of the one on which it is worse, and silences neither them nor the others about themselves', () => {
    const said = shared();
    const firmware = said.filter((f) => f.scope === 'firmware');
    expect(new Set(firmware.flatMap((f) => f.members!))).toEqual(
      new Set(Array.from({ length: 10 }, (_, k) => `t${16 + k}`)),
    );
    const own = said.filter((f) => f.scope === 'terminal').map((f) => `${f.terminal} ${f.mode}`);
    expect(new Set(own)).toEqual(new Set(['t3 crash_loop', 't19 crash_loop']));
  });
});

describe('an update that two worn printers took', () => {
  /**
   * Twelve terminals print four receipts an hour; as many as `takes` take 2.0 on day 14, two of which have tried ever more receipts again
   * since day 8. On 2.0 a share `bad` more are tried again: then all but the worn ones go back on day 20. The engine restarts on day 14.
   */
  function worn(takes: number, bad = 0): { said: Finding[]; engine: Engine } {
    const d = dice(21);
    let engine = new Engine();
    const said: Finding[] = [];
    const totals = Array.from({ length: 12 }, () => ({ jobs: 0, retries: 0, jams: 0, firmware: '' }));
    for (let at = T0; at < T0 + (bad > 0 ? 24 : 20) * DAY; at += HOUR / 2) {
      if (at === T0 + 14 * DAY + 6 * HOUR) {
        const again = new Engine();
        again.restore(engine.snapshot());
        engine = again;
      }
      totals.forEach((total, i) => {
        const ts = at + i * 1000;
        const day = (ts - T0) / DAY;
        const back = bad > 0 && i >= 2 && day >= 20;
        const firmware = i < takes && day >= 14 && !back ? '2.0' : '1.0';
        if (firmware !== total.firmware) {
          total.firmware = firmware;
          const body = { serial: `t${i}`, model: 'P1', firmware, site: `s${i}`, heartbeat_s: 1800 };
          const birth = { ts, boot: 'b', seq: 0, ...body };
          said.push(...engine.process({ ...heartbeat(`t${i}`, ts), channel: 'birth', payload: birth } as Reading));
        }
        // On a bad one they wear no further, or they would outdo what it does.
        const wear = i < 2 ? Math.max(0, (bad > 0 ? Math.min(day, 14) : day) - 8) ** 2 * 0.004 : 0;
        const jobs = d.poisson(2);
        total.jobs += jobs;
        total.retries += d.poisson(jobs * (0.005 + wear + (firmware === '2.0' ? bad : 0)));
        total.jams += d.poisson(jobs * (0.001 + wear / 2));
        const printer = { jobs_total: total.jobs, retries_total: total.retries, jams_total: total.jams };
        said.push(...engine.process(heartbeat(`t${i}`, ts, { printer: { state: 'ok' } })));
        said.push(...engine.process(counters(`t${i}`, ts + 500, { printer })));
      });
    }
    return { said: said.filter((f) => f.severity !== 'watch'), engine };
  }

  it('is not what they were told of before, and their tickets stand', () => {
    const { said } = worn(5);
    expect(said.filter((f) => f.scope === 'firmware')).toEqual([]);
    const opened = said.filter((f) => f.state === 'open');
    expect(new Set(opened.map((f) => f.terminal))).toEqual(new Set(['t0', 't1']));
    for (const { at } of opened) expect(at).toBeLessThan(T0 + 14 * DAY);
    expect(said.filter((f) => f.state === 'cleared')).toEqual([]);
  });

  it('and that is bad for printers is told of by the others, until they go back; the tickets of the two stand beside it', () => {
    const { said, engine } = worn(8, 0.15);
    const firmware = said.filter((f) => f.scope === 'firmware');
    expect(firmware[0]).toMatchObject({ state: 'open', subject: '2.0', members: expect.arrayContaining(['t0', 't7']) });
    for (const { evidence } of firmware) {
      expect(evidence.map(({ metric }) => metric)).toEqual(['printer.retries_total']);
      expect(evidence[0]!.why).toContain('on the 6 terminals that took 2.0');
    }
    const back = firmware.filter((f) => f.state === 'cleared');
    expect(back).toHaveLength(1);
    expect(back[0]!.at).toBeGreaterThan(T0 + 20 * DAY);
    for (const terminal of ['t0', 't1']) {
      const own = said.filter((f) => f.terminal === terminal);
      expect(own.map((f) => f.state).filter((state) => state !== 'update')).toEqual(['open']);
      expect(own[0]!.at).toBeLessThan(T0 + 14 * DAY);
      // Nor are they silenced while it stands.
      expect(own.some((f) => f.at > firmware[0]!.at && f.at < back[0]!.at)).toBe(true);
      expect(engine.standing()).toContainEqual(expect.objectContaining({ terminal, component: 'printer' }));
    }
  });
});
