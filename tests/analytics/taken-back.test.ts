import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { HOUR, moments, T0, tickets } from '../support/month.ts';
import { counters, event, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

/** Days on which the first half of a shop chain's terminals take 2.0, and on which each of them takes 2.1. */
const TAKEN = 9;
const BACK = [14, 14, 14, 15.5];

/** Eight terminals of a model, some 25 receipts a day each. While one runs 2.0 it tries every tenth receipt again and crashes twice a day. */
function* fleet(seed: number): Generator<Reading> {
  const d = dice(seed);
  const totals = Array.from({ length: 8 }, () => ({ jobs: 900, retries: 2, crashes: 3, reboots: 9 }));
  const runs = totals.map(() => '1.0');
  const birth = (i: number, ts: number): Reading => {
    const body = { serial: `t${i}`, model: 'P1', firmware: runs[i], site: `s${i % 4}`, heartbeat_s: 1800 };
    return { ...heartbeat(`t${i}`, ts), channel: 'birth', payload: { ts, boot: 'b', seq: 0, ...body } } as Reading;
  };
  for (let i = 0; i < totals.length; i++) yield birth(i, T0);
  for (const { ts, day, hour } of moments(20, HOUR / 2)) {
    for (const [i, total] of totals.entries()) {
      const at = ts + 1000 * i;
      const due = i >= 4 || day < TAKEN ? '1.0' : day < BACK[i]! ? '2.0' : '2.1';
      if (runs[i] !== due) {
        yield event(`t${i}`, at, { type: 'firmware_updated', detail: { from: runs[i]!, to: due } });
        runs[i] = due;
        yield birth(i, at);
      }
      const bad = due === '2.0';
      const jobs = hour >= 8 && hour < 20 ? d.poisson(1) : 0;
      const fell = d.poisson((bad ? 2 : 0.01) / 48);
      total.jobs += jobs;
      total.retries += d.poisson(jobs * (bad ? 0.12 : 0.002));
      total.crashes += fell;
      total.reboots += fell;
      yield heartbeat(`t${i}`, at, { printer: { state: 'ok', head_ohm: 800, dead_dots: 0 } });
      yield counters(`t${i}`, at + 500, {
        printer: { jobs_total: total.jobs, retries_total: total.retries },
        system: { crashes_total: total.crashes, reboots_total: total.reboots },
      });
    }
  }
}

describe('a firmware that is known to be bad', () => {
  it('speaks for the last terminal that runs it, and leaves nothing held against any once it is taken back', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const said = tickets(fleet(seed));
      expect(said.filter(({ day }) => day < 14).map(({ mode }) => mode)).toContain('firmware_regression');
      expect(said.filter(({ day }) => day >= 14)).toEqual([]);
    }
  });
});
