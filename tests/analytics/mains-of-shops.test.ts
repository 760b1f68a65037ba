import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import type { Reading } from '../../contract/reading.ts';
import { DAY, HOUR, MIN, T0 } from '../support/month.ts';
import { heartbeat } from '../support/readings.ts';

interface Cut {
  readonly site: string;
  readonly from: number;
  readonly minutes: number;
  /** Tills that start anew as it ends: mains that come back start them all, a line that is mended none. */
  readonly start: number;
  /** How a start shows: a boot event, or the time a till says it has been up. */
  readonly by?: 'event' | 'uptime';
  /** Minutes before its end at which they start; 0 where left out. */
  readonly early?: number;
}

const SITES = ['s1', 's2', 's3', 's4'];

/** Minutes from each cut's begin to the ticket for it; undefined where there is none. Tills speak every so many ms, by clocks that are so many minutes ahead. Halfway the engine is restored from its snapshot. */
function told(cuts: readonly Cut[], every = MIN, ahead = 0): (number | undefined)[] {
  let engine = new Engine();
  const messages: Reading[] = [];
  for (const site of SITES) {
    for (let k = 0; k < 4; k++) {
      const till = `${site}-${k}`;
      const payload = {
        ts: T0,
        boot: 'b1',
        seq: 0,
        serial: till,
        model: 'P1',
        firmware: '1',
        site,
        heartbeat_s: every / 1000,
      };
      messages.push({ ...heartbeat(till, T0), channel: 'birth', payload } as unknown as Reading);
      let up = T0;
      for (let ts = T0 + k * 7000 + 1000; ts < T0 + 14 * DAY; ts += every) {
        const cut = cuts.find((c) => c.site === site && ts >= c.from && ts < c.from + c.minutes * MIN);
        const byEvent = cuts[0]?.by !== 'uptime';
        if (!cut) {
          const body = byEvent ? {} : { system: { uptime_s: Math.round((ts - up) / 1000) } };
          messages.push(heartbeat(till, ts + ahead * MIN, body, { receivedAt: ts + 250 }));
          continue;
        }
        const back = cut.from + cut.minutes * MIN;
        if (k >= cut.start || ts + every < back) continue;
        up = back - (cut.early ?? 0) * MIN;
        const payload = { ts: up, boot: 'b2', seq: 0, type: 'boot' };
        const event = { ...heartbeat(till, up, {}, { receivedAt: back }), channel: 'event', payload };
        if (byEvent) messages.push(event as unknown as Reading);
      }
    }
  }
  messages.sort((a, b) => a.receivedAt - b.receivedAt);
  const half = Math.floor(messages.length / 2);
  const tickets = messages
    .flatMap((reading, i) => {
      if (i === half) {
        const saved = engine.snapshot();
        engine = new Engine();
        engine.restore(saved);
      }
      return [...engine.process(reading)];
    })
    .filter((f) => f.component === 'network' && f.mode === 'offline' && f.severity === 'critical');
  return cuts.map(({ site, from, minutes }) => {
    const first = tickets.find((f) => f.subject === site && f.at >= from && f.at <= from + (minutes + 5) * MIN);
    return first && Math.round((first.at - from) / MIN);
  });
}

const at = (day: number, hour: number): number => T0 + day * DAY + hour * HOUR;
const soon = (minutes: number | undefined): boolean => minutes !== undefined && minutes <= 16;

describe('a shop that falls silent where mains are cut now and then', () => {
  it.each(['event', 'uptime'] as const)(
    'is waited for as long as the mains of two others were off, seen by the %s of their start',
    (by) => {
      const [first, second, third, longer] = told([
        { site: 's1', from: at(4, 11), minutes: 60, start: 4, by },
        { site: 's4', from: at(7, 9), minutes: 45, start: 4, by },
        { site: 's2', from: at(8, 14), minutes: 70, start: 4, by },
        { site: 's3', from: at(9, 10), minutes: 240, start: 4, by },
      ]);
      expect(soon(first)).toBe(true);
      expect(soon(second)).toBe(true);
      expect(third).toBeUndefined();
      // Half as long again as seventy minutes.
      expect(longer).toBeGreaterThan(100);
      expect(longer).toBeLessThan(112);
    },
  );

  it('is waited for where tills speak every ten minutes and tell of their start by how long they have been up', () => {
    const cuts = [60, 70, 70, 70].map((minutes, k) => ({
      site: SITES[k]!,
      from: at(4 + 2 * k, 11),
      minutes,
      start: 4,
      by: 'uptime' as const,
    }));
    const each = told(cuts, 10 * MIN);
    expect(each.slice(2)).toEqual([undefined, undefined]);
  });

  it('is told within a quarter of an hour where most of them went on running, which was the line', () => {
    const each = told([
      { site: 's1', from: at(4, 11), minutes: 60, start: 1 },
      { site: 's4', from: at(4, 15), minutes: 60, start: 1 },
      { site: 's2', from: at(8, 14), minutes: 60, start: 1 },
      { site: 's3', from: at(9, 10), minutes: 60, start: 0 },
    ]);
    expect(each.map(soon)).toEqual([true, true, true, true]);
  });

  it('is told so where tills were started by hand half an hour before their line was back, or next morning', () => {
    const each = told([
      { site: 's1', from: at(4, 11), minutes: 100, start: 4, early: 30 },
      { site: 's4', from: at(4, 15), minutes: 100, start: 4, early: 30 },
      { site: 's3', from: at(7, 15), minutes: 17 * 60, start: 4 },
      { site: 's1', from: at(8, 15), minutes: 17 * 60, start: 4 },
      { site: 's2', from: at(10, 14), minutes: 60, start: 0 },
    ]);
    expect(each.map(soon)).toEqual([true, true, true, true, true]);
  });

  it('is told so where clocks are an hour ahead, and tills were started by hand while the line was cut', () => {
    const cuts = (['s1', 's4', 's2'] as const).map((site, k) => ({
      site,
      from: at(4, 9 + 3 * k),
      minutes: 100,
      start: 4,
      early: 30,
      by: 'uptime' as const,
    }));
    expect(told(cuts, MIN, 60).map(soon)).toEqual([true, true, true]);
  });

  it('is told so once lines have been cut as often as mains', () => {
    const [, , mains, , , , line] = told([
      { site: 's1', from: at(4, 11), minutes: 60, start: 4 },
      { site: 's4', from: at(4, 15), minutes: 60, start: 4 },
      { site: 's2', from: at(5, 11), minutes: 60, start: 4 },
      { site: 's3', from: at(8, 10), minutes: 240, start: 0 },
      { site: 's4', from: at(9, 10), minutes: 240, start: 0 },
      { site: 's1', from: at(10, 10), minutes: 240, start: 0 },
      { site: 's2', from: at(11, 14), minutes: 60, start: 0 },
    ]);
    expect(mains).toBeUndefined();
    expect(soon(line)).toBe(true);
  });
});
