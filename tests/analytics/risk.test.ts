import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FailureModel, readModel, slim } from '../../analytics/core/learn/model.ts';
import { RiskWatch, type RiskWatchOptions } from '../../analytics/core/learn/risk-watch.ts';
import { Opinions } from '../../analytics/core/opinions.ts';
import { failureModelRoutes, riskRoutes } from '../../analytics/edge/risk-routes.ts';
import { learn, score } from '../../analytics/files/learn.ts';
import { TillwatchError } from '../../contract/errors.ts';
import type { Finding } from '../../contract/findings.ts';
import type { Reading } from '../../contract/reading.ts';
import { createFailureModelStore } from '../../store/relational/repositories/failure-models.ts';
import { describeEachRelational } from '../support/each-relational.ts';
import { FIRST_DAY, failingDevices } from '../support/failing-devices.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { ACME, counters, heartbeat } from '../support/readings.ts';

const DAY = 86_400_000;
const dir = mkdtempSync(join(tmpdir(), 'tillwatch-risk-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The failing devices as terminals: pack temperature rises before one kind of failure, jams come faster before another. */
function fleet(): { csv: string; failures: string; readings: Reading[] } {
  const tables = failingDevices(231, 40, 130, 4);
  const lines = ['terminal,ts,channel,battery.temp_c,system.cpu_pct,network.carrier,printer.jams_total'];
  const readings: Reading[] = [];
  for (const line of tables.readings.split('\n').slice(1)) {
    const [terminal, time, hum, total, load, kind] = line.split(',') as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    if (terminal === '') continue;
    const at = Date.parse(`${time.replace(' ', 'T')}Z`);
    const later = new Date(at + 1000).toISOString().slice(0, 19).replace('T', ' ');
    // As telemetry is exported: a row a message, what the other kind of message holds left empty.
    lines.push(`${terminal},${time},heartbeat,${hum},${load},${kind},`);
    lines.push(`${terminal},${later},counters,,,,${total}`);
    const battery = hum === '' ? {} : { temp_c: Number(hum) };
    const body = { battery, system: { cpu_pct: Number(load) }, network: { carrier: kind } };
    readings.push(heartbeat(terminal, at, body));
    readings.push(counters(terminal, at + 1000, { printer: { jams_total: Number(total) } }));
  }
  return { csv: lines.join('\n'), failures: tables.failures, readings };
}

const options = (more: Partial<RiskWatchOptions> = {}): RiskWatchOptions => ({
  holds: () => false,
  opinions: new Opinions(),
  facts: () => ({ model: 'P1', site: 'shop-1' }),
  ...more,
});

describe('a learned model beside the detectors', () => {
  const { csv, failures, readings } = fleet();
  const files = { readings: join(dir, 'r.csv'), failures: join(dir, 'f.csv'), model: join(dir, 'm.json') };
  let model: FailureModel;
  beforeAll(async () => {
    writeFileSync(files.readings, csv);
    writeFileSync(files.failures, failures);
    const learned = await learn({
      ...files,
      horizonMs: 7 * DAY,
      trainUntil: FIRST_DAY + 90 * DAY,
      budgets: [0.05],
      ignore: [],
      columns: {},
      failureColumns: {},
    });
    writeFileSync(files.model, learned.text);
    model = readModel(learned.text, files.model);
  }, 60_000);

  const watchOf = (more: Partial<RiskWatchOptions> = {}): RiskWatch => {
    const watch = new RiskWatch(options(more));
    watch.use(ACME, { version: 1, model }, 0);
    return watch;
  };
  const run = (watch: RiskWatch, some: readonly Reading[]): Finding[] => some.flatMap((r) => [...watch.take(r)]);

  it('says of readings as they come what `tillwatch score` says of their table', async () => {
    const offline = new Map<string, number>();
    for await (const { device, at, risk } of score({
      model: files.model,
      readings: files.readings,
      all: true,
      columns: {},
    })) {
      offline.set(`${device}/${at}`, risk);
    }
    const watch = watchOf();
    let looks = 0;
    for (const reading of readings) {
      watch.take(reading);
      const live = watch.of(ACME, reading.terminal);
      if (!live || live.at !== reading.ts) continue;
      looks++;
      expect(live.risk).toBeCloseTo(offline.get(`${reading.terminal}/${reading.ts}`)!, 9);
    }
    expect(looks).toBeGreaterThan(40 * 200);
    expect(slim(model).numbers.length).toBeLessThanOrEqual(model.numbers.length);
  });

  it('opens one finding a fault on the component that makes the risk, says why, and ends it when the risk is gone', () => {
    const said = run(watchOf(), readings);
    const opened = said.filter((f) => f.state === 'open');
    expect(opened.length).toBeGreaterThan(10);
    expect(new Set(opened.map((f) => f.component))).toEqual(new Set(['battery', 'printer']));
    for (const f of opened) {
      expect(f).toMatchObject({ mode: 'learned_risk', severity: 'warning', horizonH: 168, site: 'shop-1' });
      expect(f.evidence[0]!.why).toMatch(/^Model 1, learned from past failures, gives \d+ % within 7 days/);
    }
    const hot = opened.find((f) => f.component === 'battery')!.evidence[0]!;
    expect(hot.metric).toBe('battery.temp_c');
    expect(Number(hot.baseline)).toBeGreaterThan(20);
    expect(said.filter((f) => f.state === 'cleared').length).toBeGreaterThan(5);
  });

  it('is silent where a detector has its own finding, where it is muted, and ends where a person says it is wrong', () => {
    expect(run(watchOf({ holds: () => true }), readings)).toEqual([]);
    // Looks before and after a detector's finding are not two on end.
    const asked = new Map<string, number>();
    const everyOther = (_tenant: string, terminal: string): boolean => {
      const times = asked.get(terminal) ?? 0;
      asked.set(terminal, times + 1);
      return times % 2 === 1;
    };
    expect(run(watchOf({ holds: everyOther }), readings)).toEqual([]);
    const opinions = new Opinions();
    const watch = watchOf({ opinions });
    const [first] = run(watch, readings.slice(0, readings.length));
    const about = {
      tenant: ACME,
      terminal: first!.subject,
      component: first!.component,
      mode: null,
      note: '',
    } as const;
    const standing = watch.standing()[0]!;
    const wrong = { ...about, ...standing, mode: null, kind: 'wrong', until: null, by: 'ann', model: 'P1' } as const;
    expect(watch.heed({ ...wrong, terminal: standing.subject }).map((f) => f.state)).toEqual(['cleared']);
    opinions.take({ ...about, kind: 'mute', at: 0, until: FIRST_DAY + 999 * DAY, by: 'ann', model: 'P1' });
    const still = run(
      watchOf({ opinions }),
      readings.filter((r) => r.terminal === first!.subject),
    );
    expect(still.filter((f) => f.component === first!.component)).toEqual([]);
  });

  it('goes on after a restart as if there had been none, and forgets what another version held', () => {
    const half = Math.floor(readings.length * 0.6) & ~1;
    const whole = watchOf();
    run(whole, readings.slice(0, half));
    const again = watchOf();
    again.restore(whole.snapshot());
    expect(run(again, readings.slice(half))).toEqual(run(whole, readings.slice(half)));
    const standing = again.standing().length;
    expect(standing).toBeGreaterThan(0);
    expect(again.use(ACME, { version: 2, model }, 1).map((f) => f.state)).toEqual(Array(standing).fill('cleared'));
    expect(again.size).toBe(0);
  });

  it('takes nothing of a snapshot that is cut short, and says so', () => {
    const whole = watchOf();
    run(whole, readings.slice(0, 4000));
    const saved = whole.snapshot();
    for (const bytes of [0, 3, 100, saved.length - 8]) {
      const again = watchOf();
      expect(() => again.restore(saved.slice(0, bytes))).toThrow(
        expect.objectContaining({ code: 'analytics.bad_snapshot', message: expect.stringContaining('cut short') }),
      );
      expect([again.size, again.standing().length]).toEqual([0, 0]);
    }
  });

  it('is refused, with what is wrong, where its file is damaged', () => {
    const bad = (change: object) => () => readModel(JSON.stringify({ ...model, ...change }), 'm');
    expect(bad({ alarmRisk: 0 })).toThrow(/"alarmRisk" must be above 0/);
    expect(bad({ numbers: [1] })).toThrow(/lists of columns/);
    const [tree] = model.boosted.trees;
    expect(bad({ boosted: { bias: 0, trees: [{ ...tree, left: tree!.left.map(() => 0) }] } })).toThrow(/tree/);
    expect(() => readModel('{}', 'm')).toThrow(TillwatchError);
  });

  describeEachRelational('over HTTP', (open) => {
    it('is given, refused where terminals send none of it, enabled, and tells a terminal its risk', async () => {
      const models = createFailureModelStore(await open());
      const watch = watchOf();
      run(watch, readings.slice(0, 4000));
      const http = Fastify();
      http.decorateRequest('principal', { getter: () => ({ name: 'ann' }) as never });
      failureModelRoutes(http, { clock: new ManualClock(5), models });
      riskRoutes(http, watch);
      const given = await http.inject({
        method: 'POST',
        url: '/tenants/acme/failure-models',
        payload: { name: 'spring', model },
      });
      expect(given.json()).toMatchObject({ version: 1, unknown: [] });
      const strange = { ...model, numbers: model.numbers.map((_, i) => `x${i}`), counters: [], words: [] };
      const refused = await http.inject({
        method: 'POST',
        url: '/tenants/acme/failure-models',
        payload: { name: 'x', model: { ...strange, boosted: { bias: 0, trees: [] } } },
      });
      expect([refused.statusCode, refused.json().message]).toEqual([400, expect.stringContaining('none of the')]);
      expect((await http.inject('/tenants/acme/failure-models')).json().items).toMatchObject([{ enabled: false }]);
      const enable = (version: number) =>
        http.inject({ method: 'POST', url: `/tenants/acme/failure-models/${version}/enable` });
      expect([(await enable(1)).statusCode, (await enable(7)).statusCode]).toEqual([200, 404]);
      expect(await models.enabled()).toMatchObject([{ tenant: 'acme', version: 1, by: 'ann' }]);
      const risk = (await http.inject('/tenants/acme/terminals/m-0/risk')).json().risk;
      expect(risk).toMatchObject({ version: 1, horizonH: 168, reasons: expect.any(Array) });
      expect((await http.inject('/tenants/other/terminals/m-0/risk')).json().risk).toBeNull();
      await http.close();
    });
  });
});
