import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { DAY, MIN, moments, T0, tickets } from '../support/month.ts';
import { counters, event, heartbeat } from '../support/readings.ts';

describe('a terminal that restarts without end', () => {
  /** It starts every four minutes, for three hours or so many times, on its pack or on the mains; it may count how often its pack gives way, and come back to say so. */
  function* restarting(
    status: 'discharging' | 'full',
    counts: boolean,
    comesBack?: 'weak' | 'broken',
    starts = 45,
  ): Generator<Reading> {
    for (let ts = T0; ts < T0 + 5 * DAY; ts += 10 * MIN) {
      yield heartbeat('till-1', ts, { system: { mem_free_mb: 200 }, battery: { soc_pct: 60, status } });
      const battery = counts ? { brownouts_total: 0 } : {};
      yield counters('till-1', ts + 1000, { system: { reboots_total: 0, crashes_total: 0 }, battery });
    }
    for (let k = 1; k <= starts; k++)
      yield event('till-1', T0 + 5 * DAY + k * 4 * MIN, { type: 'boot', component: 'system' });
    if (!comesBack) return;
    const ts = T0 + 5 * DAY + 184 * MIN;
    yield heartbeat('till-1', ts, { system: { mem_free_mb: 200 }, battery: { soc_pct: 40, status: 'charging' } });
    const battery = { brownouts_total: comesBack === 'weak' ? 45 : 0 };
    const system = { reboots_total: 45, crashes_total: comesBack === 'weak' ? 0 : 45 };
    for (let k = 0; k < 90; k++) yield counters('till-1', ts + k * 10 * MIN, { system, battery });
  }

  it('on its pack may have a pack that gives way, and waits for what its counters say of that', () => {
    expect(tickets(restarting('discharging', true))).toEqual([]);
  });

  it('on its pack is its pack’s where that is what it counted, and its own where it counted crashes', () => {
    expect(tickets(restarting('discharging', true, 'weak')).map((t) => t.mode)).not.toContain('crash_loop');
    expect(tickets(restarting('discharging', true, 'broken')).map((t) => t.mode)).toContain('crash_loop');
  });

  it('on its pack is told after hours all the same', () => {
    expect(tickets(restarting('discharging', true, undefined, 110)).map((t) => t.mode)).toEqual(['crash_loop']);
  });

  it('is told at once on the mains, or where nothing counts what its pack does', () => {
    expect(tickets(restarting('full', true)).map((t) => t.mode)).toEqual(['crash_loop']);
    expect(tickets(restarting('discharging', false)).map((t) => t.mode)).toEqual(['crash_loop']);
  });
});

describe('a terminal that crashes beside a pack about which a ticket stands', () => {
  /** Its pack's resistance doubles from day 8 on; from day 14 on it crashes every four hours, which its pack may have brought about, or only as it runs empty; or it runs out of memory instead. */
  function* crashing(why: 'pack' | 'empty' | 'software' | 'memory'): Generator<Reading> {
    let [crashes, gaveWay] = [0, 0];
    for (const { ts, day, hour } of moments(20)) {
      const more = Math.max(0, day - 8) / 6;
      const isLow = why === 'empty' && hour >= 12 && hour < 20;
      const battery = {
        soc_pct: isLow ? 15 : 80,
        status: 'discharging' as const,
        resistance_mohm: Math.round(120 * (1 + more)),
      };
      const free = why === 'memory' && day > 14 ? 400 - 90 * (day - 14) : 400;
      yield heartbeat('till-1', ts, { battery, system: { mem_free_mb: Math.round(Math.max(10, free) + (hour % 3)) } });
      const comes = why === 'empty' ? isLow && Math.abs(hour % 2) < 0.01 : Math.abs(hour % 4) < 0.01;
      if (why !== 'memory' && day > 14 && comes) {
        crashes++;
        if (why !== 'software') gaveWay++;
      }
      const system = { crashes_total: crashes, reboots_total: crashes };
      yield counters('till-1', ts + 1000, { system, battery: { brownouts_total: gaveWay } });
    }
  }
  const modes = (why: 'pack' | 'empty' | 'software' | 'memory') => tickets(crashing(why)).map((t) => t.mode);

  it('is told of by itself, unless the pack gives way as often', () => {
    expect(modes('software').sort()).toEqual(['crash_loop', 'resistance_rise']);
    expect(modes('pack')).toEqual(['resistance_rise']);
    expect(modes('empty')).toEqual(['resistance_rise']);
  });

  it('is told of where its memory goes, which no pack takes', () => {
    expect(modes('memory').sort()).toEqual(['crash_loop', 'resistance_rise']);
  });
});
