import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import type { Reading } from '../../contract/reading.ts';
import { DAY, HOUR, MIN, T0 } from '../support/month.ts';
import { heartbeat } from '../support/readings.ts';

interface Gap {
  readonly from: number;
  readonly minutes: number;
  /** Its readings come all at once at its end; these tills reached the payment host meanwhile, while the others timed out. */
  readonly reached: 'all' | 'one' | 'none';
  /** The broker says that its sessions have ended. */
  readonly wills?: true;
}

/** What is told of a shop of four tills beside another, which falls silent for some gaps: minutes from the gap's begin to each ticket. */
function told(gaps: readonly Gap[]): (number | undefined)[] {
  const engine = new Engine();
  const messages: Reading[] = [];
  for (const site of ['s1', 's2']) {
    for (let k = 0; k < 4; k++) {
      const till = `${site}-${k}`;
      const payload = { ts: T0, boot: 'b1', seq: 0, serial: till, model: 'P1', firmware: '1', site, heartbeat_s: 60 };
      messages.push({ ...heartbeat(till, T0), channel: 'birth', payload } as unknown as Reading);
      for (let ts = T0 + k * 7000 + 1000; ts < T0 + 16 * DAY; ts += MIN) {
        const gap = site === 's1' ? gaps.find((g) => ts >= g.from && ts < g.from + g.minutes * MIN) : undefined;
        const lost = gap && (gap.reached === 'none' || (gap.reached === 'one' && k > 0));
        const network = { bearer: 'ethernet', rtt_ms: lost ? 30_000 : 40, loss_pct: lost ? 100 : 0 } as const;
        const receivedAt = gap ? gap.from + gap.minutes * MIN + (ts - gap.from) / 1000 : ts + 200;
        messages.push(heartbeat(till, ts, { network }, { receivedAt }));
      }
    }
  }
  for (const { from, wills } of gaps) {
    for (let k = 0; wills && k < 4; k++) {
      const will = heartbeat(`s1-${k}`, from + MIN, {}, { receivedAt: from + MIN });
      messages.push({ ...will, channel: 'state', payload: { boot: 'b1', online: false } } as unknown as Reading);
    }
  }
  messages.sort((a, b) => a.receivedAt - b.receivedAt);
  const tickets = messages
    .flatMap((reading) => [...engine.process(reading)])
    .filter((f) => f.component === 'network' && f.mode === 'offline' && f.severity === 'critical');
  return gaps.map(({ from, minutes }) => {
    const first = tickets.find((f) => f.at >= from && f.at <= from + (minutes + 5) * MIN);
    return first && Math.round((first.at - from) / MIN);
  });
}

const at = (day: number, hour: number): number => T0 + day * DAY + hour * HOUR;

describe('a shop whose gateway holds its readings back while payments go on', () => {
  it('is told as dark the first time only, and later where they are missing for more than twice as long', () => {
    const [first, again, dark] = told([
      { from: at(8, 11), minutes: 45, reached: 'all' },
      { from: at(9, 15), minutes: 60, reached: 'all' },
      { from: at(12, 13), minutes: 240, reached: 'none' },
    ]);
    expect(first).toBeLessThanOrEqual(15);
    expect(again).toBeUndefined();
    expect(dark).toBeGreaterThan(80);
    expect(dark).toBeLessThanOrEqual(125);
  });

  it('is told each time where what comes late says that nothing got through, or that one till alone did', () => {
    for (const reached of ['none', 'one'] as const) {
      const each = told([
        { from: at(8, 11), minutes: 45, reached },
        { from: at(9, 15), minutes: 60, reached },
      ]);
      for (const minutes of each) expect(minutes).toBeLessThanOrEqual(15);
    }
  });

  it('is told at once again after an outage in between, or where its sessions are seen to break', () => {
    const [, , , again] = told([
      { from: at(8, 11), minutes: 45, reached: 'all' },
      { from: at(9, 15), minutes: 60, reached: 'all' },
      { from: at(10, 13), minutes: 240, reached: 'none' },
      { from: at(12, 15), minutes: 60, reached: 'none' },
    ]);
    expect(again).toBeLessThanOrEqual(15);
    const [, broken] = told([
      { from: at(8, 11), minutes: 45, reached: 'all' },
      { from: at(12, 15), minutes: 60, reached: 'none', wills: true },
    ]);
    expect(broken).toBeLessThanOrEqual(15);
  });
});
