import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import type { Reading } from '../../contract/reading.ts';
import { counters, event, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

const T0 = Date.UTC(2026, 0, 5);
const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

/** Modes of the tickets that readings open. */
function tickets(readings: Iterable<Reading>): string[] {
  const engine = new Engine();
  return [...readings]
    .flatMap((reading) => [...engine.process(reading)])
    .filter((f) => f.state === 'open' && f.severity !== 'watch')
    .map((f) => f.mode);
}

describe('a terminal that crashes more and more', () => {
  /** Of 4,450 MB of flash so many are lost a day from day 12 on; from day 16 on it crashes six times a day, and then more. */
  function* crashing(lost: number): Generator<Reading> {
    const roll = dice(5);
    let crashes = 0;
    for (let ts = T0; ts < T0 + 20 * DAY; ts += 15 * MIN) {
      const day = (ts - T0) / DAY;
      if (day > 16 && roll() < (6 + 2 * (day - 16)) / 96) crashes++;
      const free = 4450 - lost * Math.max(0, day - 12) + 8 * (roll() - 0.5);
      yield heartbeat('till-1', ts, { system: { flash_free_mb: free, mem_free_mb: 280 + 6 * roll() } });
      yield counters('till-1', ts + 1000, { system: { crashes_total: crashes, reboots_total: 0 } });
    }
  }

  it('has worn storage where a little of that is being lost, and no other sign is seen', () => {
    expect(tickets(crashing(0))).toEqual(['crash_loop']);
    expect(tickets(crashing(150))).toEqual(['storage_wear']);
  });
});

describe('a printer whose head is fed from the pack', () => {
  /** Its pack is run empty every evening, or is not; from day 14 on the head stops for want of voltage. */
  function* stopping(empty: boolean, when: (soc: number) => boolean): Generator<Reading> {
    const roll = dice(11);
    let [jobs, stops] = [0, 0];
    for (let ts = T0; ts < T0 + 20 * DAY; ts += 10 * MIN) {
      const hour = (ts % DAY) / HOUR;
      const open = hour >= 8 && hour < 20;
      const spent = empty ? 8.2 : 4;
      const soc = open ? Math.max(1, Math.round(99 - spent * (hour - 8))) : 99;
      if (open) jobs += 10;
      if (ts > T0 + 14 * DAY && open && when(soc) && roll() < 0.6) stops++;
      const battery = { soc_pct: soc, status: open ? ('discharging' as const) : ('full' as const) };
      yield heartbeat('till-1', ts, { printer: { state: 'ok' }, battery });
      yield counters('till-1', ts + 1000, { printer: { jobs_total: jobs, low_voltage_stops_total: stops } });
    }
  }

  it('needs a charger and nobody where it stops as that is empty', () => {
    expect(tickets(stopping(true, (soc) => soc < 30))).toEqual([]);
    expect(tickets(stopping(false, (soc) => soc > 60))).toEqual(['power']);
  });
});

describe('a terminal that its pack takes down again and again', () => {
  /** From day 14 on it restarts every two hours, `why` its pack says. */
  function* restarting(why: 'gives way' | 'is flat' | undefined): Generator<Reading> {
    const roll = dice(6);
    let [reboots, brownouts] = [0, 0];
    for (let ts = T0; ts < T0 + 16 * DAY; ts += 10 * MIN) {
      const fails = ts > T0 + 14 * DAY && roll() < 1 / 12;
      if (fails) reboots++;
      if (fails && why === 'gives way') brownouts++;
      const soc = why === 'is flat' && ts > T0 + 14 * DAY ? 3 : 90;
      yield heartbeat('till-1', ts, { battery: { soc_pct: soc, status: 'discharging' }, system: { mem_free_mb: 280 } });
      yield counters('till-1', ts + 1000, {
        system: { reboots_total: reboots, crashes_total: 0 },
        battery: { brownouts_total: brownouts },
      });
    }
  }

  it('has no software that ends in a restart loop; one that restarts for no such reason has', () => {
    expect(tickets(restarting('gives way'))).toEqual(['resistance_rise']);
    expect(tickets(restarting('is flat'))).toEqual([]);
    expect(tickets(restarting(undefined))).toEqual(['crash_loop']);
  });

  it('is in no loop for the starts that it tries while its pack is flat, and is once it is not', () => {
    const starting = function* (soc: number): Generator<Reading> {
      for (let ts = T0; ts < T0 + 5 * DAY; ts += 10 * MIN) {
        const battery = { soc_pct: ts < T0 + 4 * DAY ? 60 : soc, status: 'discharging' } as const;
        yield heartbeat('till-1', ts, { battery, system: { mem_free_mb: 280 } });
      }
      for (let k = 0; k < 12; k++) yield event('till-1', T0 + 5 * DAY + k * MIN, { type: 'boot', component: 'system' });
    };
    expect(tickets(starting(3))).toEqual([]);
    expect(tickets(starting(60))).toEqual(['crash_loop']);
    // What was flat a day ago is charged by now, or was taken out.
    const later = [...starting(3)].map((r) =>
      r.ts < T0 + 5 * DAY ? r : { ...r, ts: r.ts + DAY, receivedAt: r.ts + DAY },
    );
    expect(tickets(later)).toEqual(['crash_loop']);
  });
});

describe('a head fed from the pack, of which every fourth message leaves the pack out', () => {
  it('has no supply from the mains that gives way as the pack empties further than it did', () => {
    const roll = dice(12);
    function* emptying(): Generator<Reading> {
      for (let ts = T0; ts < T0 + 24 * DAY; ts += 15 * MIN) {
        const hour = (ts % DAY) / HOUR;
        const open = hour >= 8 && hour < 20;
        const deep = ts > T0 + 18 * DAY ? 5 : 1.5;
        const soc = open ? 99 - deep * (hour - 8) : 99;
        const mv = 8300 * (1 - 0.0015 * (99 - soc)) + 15 * roll();
        const battery = { soc_pct: Math.round(soc), voltage_mv: Math.round(mv) };
        const printer = { state: 'ok', head_mv: Math.round(mv) } as const;
        yield heartbeat('till-1', ts, roll() < 0.25 ? { printer } : { printer, battery });
      }
    }
    expect(tickets(emptying())).toEqual([]);
  });
});

describe('printers of one shop', () => {
  /** Three of them, two rolls a day; from day 14 on those that are `spoilt` jam and try again. */
  function* printing(
    spoilt: (till: number) => boolean,
    idles: (till: number, day: number) => boolean = () => false,
  ): Generator<Reading> {
    const roll = dice(21);
    const totals = [0, 1, 2].map(() => ({ jobs_total: 0, retries_total: 0, jams_total: 0, paper_outs_total: 0 }));
    for (let till = 0; till < 3; till++) {
      const payload = { ts: T0, boot: 'b1', seq: 0, serial: `${till}`, model: 'P1', firmware: '1', site: 's1' };
      yield { ...heartbeat(`till-${till}`, T0), channel: 'birth', payload } as Reading;
    }
    for (let ts = T0; ts < T0 + 17 * DAY; ts += 30 * MIN) {
      const day = (ts - T0) / DAY;
      const hour = (ts % DAY) / HOUR;
      for (let till = 0; till < 3; till++) {
        const p = totals[till]!;
        if (idles(till, day)) continue;
        yield heartbeat(`till-${till}`, ts, { printer: { state: 'ok', head_ohm: 800 } });
        if (hour < 8 || hour >= 20) continue;
        const bad = day > (idles(till, 16) ? 9 : 14) && spoilt(till) ? 0.06 : 0;
        p.jobs_total += 5;
        for (let i = 0; i < 5; i++) {
          if (roll() < 0.004 + bad) p.retries_total++;
          if (roll() < 0.0004 + bad / 5) p.jams_total++;
        }
        p.paper_outs_total = Math.floor(2 * day);
        yield counters(`till-${till}`, ts + 1000, { printer: { ...p } });
      }
    }
  }

  it('that begin to jam within a day are fed from a bad box of paper; the only one that does is worn', () => {
    expect(tickets(printing(() => true))).toEqual([]);
    expect(tickets(printing((till) => till === 1))).toEqual(['paper_feed']);
    // Spares that jammed before they were switched off have none of the paper that is in use now.
    expect(
      tickets(
        printing(
          () => true,
          (till, day) => till !== 1 && day > 10.5,
        ),
      ),
    ).toContain('paper_feed');
  });
});

describe('a head that is hotter than it was and has not had to stop', () => {
  /** Twelve open hours; from day 14 on it is hotter by `more`, K. */
  function* printing(more: (day: number) => number): Generator<Reading> {
    const roll = dice(9);
    let jobs = 0;
    for (let ts = T0; ts < T0 + 21 * DAY; ts += 15 * MIN) {
      const day = (ts - T0) / DAY;
      const hour = (ts % DAY) / HOUR;
      const open = hour >= 8 && hour < 20;
      const head = 24 + (open ? 7 + 2 * roll() : 0) + more(day - 14);
      yield heartbeat('till-1', ts, { printer: { state: 'ok', head_temp_c: head }, system: { temp_c: 22 } });
      if (open) jobs += 15;
      yield counters('till-1', ts + 1000, { printer: { jobs_total: jobs, overheats_total: 0 } });
    }
  }

  it('is told where it goes on climbing for days, and not for a week of more receipts', () => {
    expect(tickets(printing((day) => Math.max(0, day) * 1.6))).toEqual(['overheat']);
    expect(tickets(printing((day) => (day > 0 ? 6 : 0)))).toEqual([]);
  });
});

describe('a printer that tells nothing of its head', () => {
  /** From day 14 on it tries a receipt in forty again, and then more; from some day on paper jams as well. */
  function* printing(jams: number): Generator<Reading> {
    const roll = dice(4);
    const p = { jobs_total: 0, retries_total: 0, jams_total: 0, paper_outs_total: 0 };
    for (let ts = T0; ts < T0 + 24 * DAY; ts += 15 * MIN) {
      const day = (ts - T0) / DAY;
      const hour = (ts % DAY) / HOUR;
      yield heartbeat('till-1', ts, { printer: { state: 'ok' } });
      if (hour < 8 || hour >= 20) continue;
      p.jobs_total += 5;
      p.paper_outs_total = Math.floor(day);
      if (roll() < (day > 14 ? 0.12 + 0.02 * (day - 14) : 0.004)) p.retries_total++;
      if (day > jams && roll() < 0.06) p.jams_total++;
      yield counters('till-1', ts + 1000, { printer: { ...p } });
    }
  }

  it('has a worn head where receipts are tried again, and its feed is named once jams tell of that', () => {
    expect(tickets(printing(Number.POSITIVE_INFINITY))).toEqual(['head_wear']);
    expect(tickets(printing(16))).toEqual(['paper_feed']);
    expect(tickets(printing(19))).toEqual(['head_wear', 'paper_feed']);
  });
});

describe('a bad roll in a printer that tells nothing of its head', () => {
  /** Three receipts in a hundred are tried again for as long as one roll lasts, which is a week; no paper jams. */
  function* printing(seed: number): Generator<Reading> {
    const roll = dice(seed);
    const p = { jobs_total: 0, retries_total: 0, jams_total: 0, paper_outs_total: 0 };
    for (let ts = T0; ts < T0 + 22 * DAY; ts += 15 * MIN) {
      const day = (ts - T0) / DAY;
      const hour = (ts % DAY) / HOUR;
      yield heartbeat('till-1', ts, { printer: { state: 'ok' } });
      if (hour < 8 || hour >= 20) continue;
      p.paper_outs_total = Math.floor((day + 6) / 7);
      for (let job = 0; job < 4; job++) {
        p.jobs_total++;
        if (roll() < (day >= 15 && day < 22 ? 0.03 : 0.001)) p.retries_total++;
      }
      yield counters('till-1', ts + 1000, { printer: { ...p } });
    }
  }

  it('is no worn head: it is waited for as it is where the feed is asked about', () => {
    const told = [6, 7, 8, 9, 10, 11, 12, 13].map((seed) => tickets(printing(seed)).length);
    expect(told.filter((n) => n > 0).length).toBeLessThanOrEqual(1);
  });
});

describe('a terminal whose messages leave most totals out from one day on', () => {
  /** Eight lost sessions a day, a charge every two hours, as ever; from day 14 on seven messages of eight say nothing of them. */
  function* telling(): Generator<Reading> {
    const roll = dice(7);
    let [reconnects, sessions] = [0, 0];
    for (let ts = T0; ts < T0 + 20 * DAY; ts += 15 * MIN) {
      if (roll() < 1 / 12) reconnects++;
      if (roll() < 1 / 8) sessions++;
      const network = { bearer: 'lte' as const, rtt_ms: 60 + 5 * roll(), loss_pct: 0.1 };
      yield heartbeat('till-1', ts, { network, battery: { soc_pct: 90, status: 'charging' as const } });
      const all = ts < T0 + 14 * DAY || (ts / (15 * MIN)) % 8 === 0;
      yield counters('till-1', ts + 1000, {
        network: { tx_fail_total: 0, ...(all ? { reconnects_total: reconnects } : {}) },
        battery: { brownouts_total: 0, ...(all ? { charge_sessions_total: sessions } : {}) },
      });
    }
  }

  it('is as sound as it was', () => {
    expect(tickets(telling())).toEqual([]);
  });
});
