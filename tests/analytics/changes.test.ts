import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import type { Finding } from '../../contract/findings.ts';
import type { Reading } from '../../contract/reading.ts';
import { counters, event, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BEAT = HOUR / 6;

interface Who {
  readonly site: string;
  readonly serial?: string;
  readonly firmware?: string;
}

function birth(terminal: string, at: number, { site, serial = terminal, firmware = '1.0' }: Who): Reading {
  const body = { serial, model: 'P1', firmware, site, heartbeat_s: 600, timezone: 'Europe/Berlin' };
  return {
    ...heartbeat(terminal, at, {}, { receivedAt: at }),
    channel: 'birth',
    payload: { ts: at, boot: 'b1', seq: 0, ...body },
  } as Reading;
}

const tickets = (said: readonly Finding[]) =>
  said.filter((f) => f.state !== 'cleared' && f.severity !== 'watch').map((f) => `${f.subject} ${f.mode}`);
const once = (texts: readonly string[]) => [...new Set(texts)];

describe('a shop that is off at the wall at night', () => {
  it('shuts by its own clock: the day after the clocks have changed it is no outage', () => {
    // Summer time begins on 29 March; another shop is on day and night.
    const start = Date.UTC(2026, 2, 16);
    const turn = Date.UTC(2026, 2, 29, 1);
    const engine = new Engine();
    const said: Finding[] = [];
    const shops = { day: 4, round: 5 };
    for (const [site, tills] of Object.entries(shops)) {
      for (let k = 0; k < tills; k++) said.push(...engine.process(birth(`${site}-${k}`, start, { site })));
    }
    for (let at = start + BEAT; at < start + 18 * DAY; at += BEAT) {
      const hour = (((at + (at < turn ? 1 : 2) * HOUR) % DAY) / HOUR) % 24;
      for (const [site, tills] of Object.entries(shops)) {
        if (site === 'day' && (hour < 8 || hour >= 19.7)) continue;
        for (let k = 0; k < tills; k++) {
          const ts = at + k * 97_000;
          said.push(...engine.process(heartbeat(`${site}-${k}`, ts, {}, { receivedAt: ts })));
        }
      }
    }
    expect(said.filter((f) => f.severity !== 'watch')).toEqual([]);
  });
});

describe('a terminal that was always on', () => {
  /** Twelve days and nights beside its neighbours, then twelve on which it is off from seven in the evening until seven. */
  function nights(moves: boolean): Finding[] {
    const start = Date.UTC(2026, 0, 5);
    const engine = new Engine();
    const said: Finding[] = [];
    const tills = ['a-0', 'a-1', 'a-2', 'b-0', 'b-1', 'b-2'];
    for (const till of tills) said.push(...engine.process(birth(till, start, { site: till[0]! })));
    for (let at = start + BEAT; at < start + 24 * DAY; at += BEAT) {
      const hour = (at % DAY) / HOUR;
      for (const [k, till] of tills.entries()) {
        const ts = at + k * 97_000;
        const off = till === 'a-0' && at > start + 12 * DAY && (hour < 7 || hour >= 19);
        if (moves && till === 'a-0' && at === start + 12 * DAY + 7 * HOUR)
          said.push(...engine.process(birth(till, ts, { site: 'b' })));
        if (!off) said.push(...engine.process(heartbeat(till, ts, {}, { receivedAt: ts })));
      }
    }
    return said.filter((f) => f.mode === 'offline');
  }

  it('and is switched off at night in the shop it has moved to is not missed there', () => {
    expect(tickets(nights(true))).toEqual([]);
  });

  it('and is switched off at night from now on is missed once, not every morning', () => {
    const missed = nights(false).filter((f) => f.state !== 'cleared' && f.severity !== 'watch');
    expect(new Set(missed.map((f) => f.failsAt)).size).toBe(1);
  });
});

describe('a print head', () => {
  const start = Date.UTC(2026, 0, 5);

  /** Forty days of two terminals: `ohms` a day and terminal; what else happens on a day. */
  function heads(ohms: (day: number, k: number) => number, also: (day: number, at: number, k: number) => Reading[]) {
    const engine = new Engine();
    const d = dice(3);
    const said: Finding[] = [];
    for (let k = 0; k < 2; k++) said.push(...engine.process(birth(`t${k}`, start, { site: 's' })));
    for (let at = start + BEAT; at < start + 40 * DAY; at += BEAT) {
      for (let k = 0; k < 2; k++) {
        const ts = at + k * 97_000;
        const day = Math.floor((ts - start) / DAY);
        if ((at - start) % DAY === 0) for (const reading of also(day, ts, k)) said.push(...engine.process(reading));
        const head_ohm = Math.round(ohms((ts - start) / DAY, k) + 3 * d.normal());
        const printer = { state: 'ok' as const, head_temp_c: 30, head_ohm };
        said.push(...engine.process(heartbeat(`t${k}`, ts + 1, { printer }, { receivedAt: ts + 1 })));
      }
    }
    return said;
  }

  const updates = (day: number, at: number, k: number) =>
    day === 15
      ? [
          birth(`t${k}`, at, { site: 's', firmware: '1.1' }),
          event(`t${k}`, at + 1, { type: 'firmware_updated', detail: { from: '1.0', to: '1.1' } }, { receivedAt: at }),
        ]
      : [];

  it('that an update measures on another scale is not worn; one that goes on wearing is', () => {
    const scale = (day: number) => (day < 15 ? 1 : 1.08);
    const wear = (day: number, k: number) => (k === 1 ? 0.14 * Math.max(0, Math.min(1, (day - 18) / 15)) : 0);
    const said = heads((day, k) => 800 * (scale(day) + wear(day, k)), updates);
    expect(once(tickets(said))).toEqual(['t1 head_wear']);
  });

  it('that was half worn as the scale changed still is', () => {
    const said = heads(
      (day, k) => 800 * (day < 15 ? 1 : 1.08) * (1 + (k === 1 ? 0.15 * Math.max(0, (day - 9) / 14) : 0)),
      updates,
    );
    expect(once(tickets(said))).toEqual(['t1 head_wear']);
  });

  it('of a device that another has replaced under its name is no longer held against it', () => {
    const said = heads(
      (day, k) => (k === 1 && day < 22 ? 800 * (1 + 0.14 * Math.max(0, (day - 10) / 12)) : 800),
      (day, at, k) => (day === 22 && k === 1 ? [birth('t1', at, { site: 's', serial: 'another' })] : []),
    );
    expect(once(tickets(said))).toEqual(['t1 head_wear']);
    const last = said.at(-1)!;
    expect([last.state, Math.floor((last.at - start) / DAY)]).toEqual(['cleared', 22]);
  });
});

describe('software that crashes ever more', () => {
  const start = Date.UTC(2026, 0, 5);

  /** Twenty days of one terminal that crashes so often a day; `ram`: its totals start over with every boot. */
  function crashing(perDay: (day: number) => number, ram: boolean): Finding[] {
    const d = dice(9);
    const engine = new Engine();
    const said: Finding[] = [];
    said.push(...engine.process(birth('t0', start, { site: 's' })));
    let up = start;
    let crashes = 4;
    let reboots = 9;
    for (let at = start + BEAT; at < start + 20 * DAY; at += BEAT) {
      const fell = d.poisson(perDay((at - start) / DAY) / 144);
      if (fell > 0) up = at - 60_000 * (1 + 5 * d());
      crashes = ram && fell > 0 ? 0 : crashes + fell;
      reboots = ram && fell > 0 ? 1 : reboots + fell;
      const mem_free_mb = Math.round(200 + 3 * d.normal());
      const system = { uptime_s: Math.round((at - up) / 1000), mem_free_mb, flash_free_mb: 900 };
      const totals = { crashes_total: crashes, reboots_total: reboots };
      said.push(...engine.process(heartbeat('t0', at, { system }, { receivedAt: at })));
      said.push(...engine.process(counters('t0', at + 900, { system: totals }, { receivedAt: at + 900 })));
    }
    return said.filter((f) => f.state !== 'cleared' && f.severity !== 'watch');
  }

  it('is told though its totals start over with every boot, so that none of them ever grows', () => {
    const [first] = crashing((day) => 0.05 + Math.max(0, day - 12) * 4, true);
    expect(first).toMatchObject({ mode: 'crash_loop' });
    expect((first!.at - start) / DAY).toBeLessThan(16);
  });

  it('within a day is told hours before its end', () => {
    const end = 13;
    const [first] = crashing((day) => (day < end - 1 ? 0.05 : Math.min(150, 150 * (day - end + 1) ** 1.5)), false);
    expect(first).toMatchObject({ mode: 'crash_loop' });
    expect((first!.at - start) / HOUR).toBeLessThan(end * 24 - 4);
  });

  it('for one bad afternoon is nothing', () => {
    expect(crashing((day) => (day > 12.5 && day < 12.7 ? 20 : 0.05), false)).toEqual([]);
  });
});
