import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { GaugeWatch } from '../../analytics/core/gauges.ts';
import { Opinions } from '../../analytics/core/opinions.ts';
import { gaugeRoutes } from '../../analytics/edge/gauge-routes.ts';
import { qualityRoutes } from '../../analytics/edge/quality-routes.ts';
import type { Opinion } from '../../contract/ports/findings.ts';
import { createFindingStore } from '../../store/relational/repositories/findings.ts';
import { createOpinionStore } from '../../store/relational/repositories/opinions.ts';
import { finding } from '../ports/findings.ts';
import { describeEachRelational } from '../support/each-relational.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { ACME, heartbeat, OTHER } from '../support/readings.ts';

const T0 = Date.UTC(2026, 0, 5);
const HOUR = 3_600_000;

describeEachRelational('the quality of findings over HTTP', (open) => {
  it('tells what was raised, what tickets said of it, and what was learned, to its own tenant only', async () => {
    const relational = await open();
    const findings = createFindingStore(relational);
    const opinions = createOpinionStore(relational);
    const learnt = new Opinions();
    const http = Fastify();
    qualityRoutes(http, {
      clock: new ManualClock(T0 + 100 * HOUR),
      findings,
      opinions,
      directory: { facts: () => undefined },
      learned: (tenant) => learnt.learned(tenant),
    });
    await findings.state([finding(), finding({ subject: 'till-2', terminal: 'till-2', probability: 0.9 })]);
    const said: Opinion = {
      tenant: ACME,
      terminal: 'till-1',
      component: 'printer',
      mode: 'head_wear',
      kind: 'wrong',
      at: T0 + 5 * HOUR,
      until: null,
      by: 'ann',
      note: 'TW-1',
      model: 'P1',
    };
    for (const opinion of [said, { ...said, terminal: 'till-2', kind: 'confirmed' } as const]) {
      await opinions.add(opinion);
      learnt.take(opinion);
    }
    const answer = await http.inject('/tenants/acme/model-quality');
    expect(answer.statusCode).toBe(200);
    const body = answer.json();
    expect(body.total).toMatchObject({ raised: 2, right: 1, wrong: 1, unjudged: 0, precision: 0.5 });
    expect(body.groups).toMatchObject([{ component: 'printer', mode: 'head_wear', model: 'P1', raised: 2 }]);
    expect(body.calibration.map((b: { n: number }) => b.n)).toEqual([0, 0, 0, 1, 1]);
    expect(body.learned).toMatchObject([{ model: 'P1', right: 1, wrong: 1 }]);
    expect(body.learned[0].demand).toBeGreaterThan(1);
    expect((await http.inject('/tenants/other/model-quality')).json().total.raised).toBe(0);
    expect((await http.inject(`/tenants/acme/model-quality?to=${T0}`)).json().total.raised).toBe(0);
    await http.close();
  });
});

describe('custom gauges over HTTP', () => {
  it('are listed as they are now, and their anomalies newest first, to their own tenant only', async () => {
    const watch = new GaugeWatch();
    for (let i = 0; i < 400; i++) {
      watch.take(heartbeat('till-1', T0 + i * 300_000, { custom: { queue: i === 390 ? 900 : 10 + (i % 5) } }));
    }
    const http = Fastify();
    gaugeRoutes(http, watch);
    const { items } = (await http.inject('/tenants/acme/anomalies?terminal=till-1')).json();
    expect(items[0]).toMatchObject({ terminal: 'till-1', gauge: 'queue', value: 900, at: T0 + 390 * 300_000 });
    expect((await http.inject(`/tenants/${OTHER}/anomalies`)).json().items).toEqual([]);
    expect((await http.inject('/tenants/acme/terminals/till-1/gauges')).json().items).toMatchObject([
      { gauge: 'queue', samples: 400 },
    ]);
    expect((await http.inject('/tenants/acme/anomalies?limit=0')).statusCode).toBe(400);
    await http.close();
  });
});
