import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import type { Reading } from '../../contract/reading.ts';
import { counters, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

const T0 = Date.UTC(2026, 0, 5);
const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

interface Air {
  /** dBm. */
  readonly signal: number;
  /** Share of probes lost, and sessions lost an hour. */
  readonly loss: number;
  readonly drops: number;
  /** Signal to noise, dB; not told where left out. */
  readonly sinr?: number;
  /** ms; 70 where left out. */
  readonly trip?: number;
  /** The modem has fallen back to an older network, whose reference signal there is none to tell of. */
  readonly older?: boolean;
}

/** One terminal on the mobile network for some days; answers what opened a ticket, and on which day. */
function run(
  seed: number,
  days: number,
  air: (day: number, d: ReturnType<typeof dice>) => Air,
  /** Whether it is the mobile network, told by its reference signal or as the power of the whole band (26 dB more), or wifi, told with every beat or once, or none. */
  radio: 'lte' | 'lte, whole band' | 'wifi' | 'wifi, by its birth' | 'cable' = 'lte',
  /** ms that everything it measures comes later. */
  late: (ts: number) => number = () => 0,
): string[] {
  const d = dice(seed);
  const engine = new Engine();
  const told: string[] = [];
  let reconnects = 0;
  let failed = 0;
  if (radio === 'wifi, by its birth') {
    const who = { serial: 's1', model: 'm1', firmware: '1.0', site: 'shop', network: { bearers: ['wifi'] } };
    const payload = { ts: T0 - MIN, boot: 'b1', seq: 0, ...who };
    engine.process({ ...heartbeat('t1', T0 - MIN), channel: 'birth', payload } as Reading);
  }
  for (let ts = T0; ts < T0 + days * DAY; ts += 10 * MIN) {
    const day = (ts - T0) / DAY;
    const { signal, sinr, loss, drops, trip = 70, older = false } = air(day, d);
    reconnects += d.poisson(drops / 6);
    failed += d.poisson(0.05 + 2 * loss);
    const network = {
      ...(radio !== 'wifi, by its birth' && {
        bearer: radio === 'cable' ? ('ethernet' as const) : radio === 'wifi' ? ('wifi' as const) : ('lte' as const),
      }),
      ...(radio === 'lte' && !older && { rsrp_dbm: Math.round(signal) }),
      ...(radio === 'lte' && older && { rssi_dbm: Math.round(signal + 28) }),
      ...(radio.startsWith('wifi') && { rssi_dbm: Math.round(signal) }),
      ...(radio === 'lte, whole band' && { rssi_dbm: Math.round(signal + 26) }),
      ...(sinr === undefined ? {} : { sinr_db: Math.round(sinr) }),
      rtt_ms: trip * Math.exp(0.15 * d.normal()),
      loss_pct: Math.min(100, 5 * d.poisson(20 * loss)),
    };
    const totals = { reconnects_total: reconnects, tx_fail_total: failed };
    const readings = [heartbeat('t1', ts, { network }), counters('t1', ts + 1000, { network: totals })];
    const sent = readings.map((r) => ({ ...r, receivedAt: r.ts + late(ts) }));
    for (const f of sent.flatMap((r) => [...engine.advance(r.receivedAt), ...engine.process(r)]))
      if (f.state === 'open' && f.severity !== 'watch') told.push(`${f.mode} on day ${day.toFixed(1)}`);
  }
  return told;
}

const SEEDS = [11, 12, 13, 14, 15, 16];

describe('a link', () => {
  // It fills for five hours, or within one.
  it.each([
    { hours: 5, times: 2.7, usual: 70 },
    { hours: 1, times: 4.5, usual: 70 },
    // A line by satellite or an old modem.
    { hours: 1, times: 2.6, usual: 400 },
  ])(
    'whose round trips come to $times times as long as $usual ms within $hours hours of a few evenings needs nobody',
    ({ hours, times, usual }) => {
      for (const seed of SEEDS) {
        for (const radio of ['lte', 'cable'] as const) {
          const told = run(
            seed,
            16,
            (day, d) => {
              const hour = (day % 1) * 24;
              const busy = day > 9 && day < 14 && hour > 16 && hour < 23;
              const full = busy ? Math.min(1, (hour - 16) / hours) : 0;
              const trip = usual * (1 + (times - 1) * full);
              return { signal: -82 + d.normal(), loss: 0.002 + 0.004 * full, drops: 0.03, trip };
            },
            radio,
          );
          expect(told).toEqual([]);
        }
      }
    },
  );

  it('whose round trips take five times as long from one hour to the next, for good, is told within a day', () => {
    for (const seed of SEEDS) {
      const told = run(seed, 13, (day, d) => {
        const full = day > 9 ? 1 : 0;
        return { signal: -82 + d.normal(), loss: 0.002 + 0.013 * full, drops: 0.03, trip: 70 * (1 + 4 * full) };
      });
      expect(told[0]).toMatch(/^congestion on day (9|10.0)/);
    }
  });

  it('whose round trips grow tenfold within a day and a half is told half a day before that', () => {
    for (const seed of SEEDS) {
      const told = run(seed, 12, (day, d) => {
        const full = Math.min(1, Math.max(0, (day - 9) / 1.5));
        return { signal: -82 + d.normal(), loss: 0.002 + 0.2 * full ** 2, drops: 0.03, trip: 70 * (1 + 9 * full) };
      });
      expect(told[0]).toMatch(/^congestion on day (9|10.0)/);
    }
  });

  it('whose sessions are lost more and more often, while signal and latency are as they were, is going offline', () => {
    for (const seed of SEEDS) {
      const told = run(seed, 14, (day, d) => {
        const gone = Math.max(0, day - 8) / 6;
        return { signal: -88 + d.normal(), loss: 0.003 + 0.12 * gone, drops: 0.05 + 6 * gone };
      });
      expect(told).toHaveLength(1);
      expect(told[0]).toMatch(/^offline on day (8|9|10|11|12)\./);
    }
  });

  it('whose sessions are lost ever more often over two weeks is told while it has a third of the way to go', () => {
    for (const seed of SEEDS) {
      const told = run(seed, 20, (day, d) => {
        const gone = Math.max(0, day - 8) / 16;
        return { signal: -79 + 2 * d.normal(), loss: 0.005 + 0.15 * gone, drops: 0.1 + 5 * gone };
      });
      expect(told).toHaveLength(1);
      expect(told[0]).toMatch(/^offline on day/);
    }
  });

  it('that loses a little more every day, by cable or over a good signal, is going offline long before half is lost', () => {
    for (const seed of SEEDS) {
      for (const radio of ['lte', 'cable'] as const) {
        // It breaks on day 18, with one packet in ten lost and a session every two hours.
        const told = run(
          seed,
          18,
          (day, d) => {
            const gone = Math.max(0, day - 8) / 10;
            return {
              signal: -84 + d.normal(),
              loss: 0.002 + 0.1 * gone,
              drops: 0.04 + 0.5 * gone,
              trip: 70 * (1 + gone),
            };
          },
          radio,
        );
        expect(told).toHaveLength(1);
        expect(told[0]).toMatch(/^offline on day/);
        expect(Number(told[0]!.split(' ').at(-1))).toBeLessThan(16.5);
      }
    }
  });

  it('whose modem does not count its attaches, and that loses sessions but no packets between, has a SIM that wears', () => {
    for (const seed of SEEDS) {
      for (const radio of ['lte', 'wifi'] as const) {
        const told = run(
          seed,
          16,
          (day, d) => ({
            signal: -58 - 24 * Number(radio === 'lte') + d.normal(),
            loss: 0.003,
            drops: 0.04 + (3 * Math.max(0, day - 8)) / 8,
          }),
          radio,
        );
        expect(told).toHaveLength(1);
        expect(told[0]).toMatch(radio === 'lte' ? /^sim_wear on day/ : /^offline on day/);
      }
    }
  });

  it('whose sessions are lost ever more often over a fortnight is told, though a third of the way is still to come', () => {
    for (const seed of SEEDS) {
      const told = run(
        seed,
        24,
        (day) => ({ signal: -60, loss: 0.002, drops: 0.05 + 0.17 * Math.max(0, day - 8), trip: 40 }),
        'cable',
      );
      expect(told).toHaveLength(1);
      expect(Number(told[0]!.split(' ').at(-1))).toBeLessThan(22.5);
    }
  });

  it('on wifi that does not say so with every beat has no SIM to wear', () => {
    for (const seed of SEEDS) {
      const air = (day: number, d: ReturnType<typeof dice>): Air => {
        return { signal: -58 + d.normal(), loss: 0.003, drops: 0.04 + (3 * Math.max(0, day - 8)) / 8 };
      };
      const told = run(seed, 16, air, 'wifi, by its birth');
      expect(told).toHaveLength(1);
      expect(told[0]).toMatch(/^offline on day/);
    }
  });

  /** Wifi at home at −57 dBm that wanders by 2.5 dB from hour to hour and has lost `lost` dB. */
  const wandering = (lost: (day: number) => number): ((day: number, d: ReturnType<typeof dice>) => Air) => {
    let shadow = 0;
    return (day, d) => {
      const keep = Math.exp(-1 / 3);
      shadow = keep * shadow + 2.5 * Math.sqrt(1 - keep * keep) * d.normal();
      return { signal: -57 - lost(day) + shadow, loss: 0.001, drops: 0.02 };
    };
  };

  it('that was moved within its shop wanders where it stands now, and needs nobody', () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) {
      const air = wandering((day) => (day > 12 ? 14 : 0));
      expect(run(seed, 26, air, 'wifi')).toEqual([]);
    }
  });

  it('that wanders and loses a few dB a day is told', () => {
    for (const seed of SEEDS) {
      const air = wandering((day) => 3.5 * Math.max(0, day - 14));
      expect(run(seed, 20, air, 'wifi')[0]).toMatch(/^signal_degradation on day 1[678]/);
    }
  });

  it('that lost one step more to a new router, and goes on so, is sound', () => {
    for (const seed of SEEDS) {
      const told = run(
        seed,
        24,
        (day) => ({ signal: -84, loss: day > 8 ? 0.03 : 0.002, drops: day > 8 ? 0.2 : 0.04, trip: day > 8 ? 95 : 70 }),
        'cable',
      );
      expect(told).toEqual([]);
    }
  });

  it('that stands where the signal is weak loses by the hour as it fades, and is sound', () => {
    for (const seed of SEEDS) {
      for (const radio of ['lte', 'lte, whole band'] as const) {
        let fading = 0;
        const air = (_: number, d: ReturnType<typeof dice>): Air => {
          fading = 0.97 * fading + 0.6 * d.normal();
          const signal = -114 + Math.max(-4.5, Math.min(4, fading));
          const poor = 1 / (1 + Math.exp((signal + 119) / 1.5));
          return { signal, loss: 0.01 + 0.7 * poor, drops: 0.1 + 6 * poor };
        };
        expect(run(seed, 21, air, radio)).toEqual([]);
      }
    }
  });

  it('that is slow while its weak signal fades for some hours is not crowded', () => {
    for (const seed of SEEDS) {
      const told = run(seed, 21, (day, d) => {
        // Eight hours on every third day.
        const faded = day > 6 && day % 3 < 0.35 ? Math.min(1, ((day % 3) / 0.35) * 1.3) : 0;
        return {
          signal: -111 - 4.5 * faded + d.normal(),
          loss: 0.01 + 0.1 * faded,
          drops: 0.1 + 2 * faded,
          trip: 90 * (1 + 1.2 * faded),
        };
      });
      expect(told).toEqual([]);
    }
  });

  it('that loses more and more as its signal falls from where it was just sound is told more than a day ahead', () => {
    for (const seed of SEEDS) {
      // It fails in the middle of day 10.
      const air = (day: number, d: ReturnType<typeof dice>): Air => {
        const gone = Math.min(1, Math.max(0, day - 8) / 2.6);
        return { signal: -75 - 13 * gone ** 1.3 + 2 * d.normal(), loss: 0.01 + 0.6 * gone, drops: 0.05 };
      };
      const [first = 'nothing'] = run(seed, 11, air, 'wifi');
      expect(first).toContain('signal_degradation');
      expect(Number(first.split(' ').at(-1))).toBeLessThanOrEqual(9.2);
    }
  });

  it('whose signal, or its ratio to noise alone, falls slowly and far is told long before it costs a packet', () => {
    for (const seed of SEEDS) {
      const sound = { loss: 0.001, drops: 0.02 };
      const distance = run(
        seed,
        18,
        (day, d) => ({ ...sound, signal: -48 - 1.8 * Math.max(0, day - 8) + d.normal() }),
        'wifi',
      );
      const noise = run(seed, 18, (day, d) => ({
        ...sound,
        signal: -80 + d.normal(),
        sinr: 25 - 1.7 * Math.max(0, day - 8) + d.normal(),
      }));
      for (const told of [distance, noise]) {
        expect(told).toHaveLength(1);
        expect(told[0]).toContain('signal_degradation');
      }
    }
  });

  it('whose signal falls by 9 dB within ten hours, and loses packets from then on, is told within the day', () => {
    for (const seed of SEEDS) {
      const told = run(seed, 9, (day, d) => {
        const gone = Math.min(1, Math.max(0, day - 8) / 0.4);
        return { signal: -79 - 9 * gone + 2 * d.normal(), loss: 0.005 + 0.06 * gone, drops: 0.1 + gone };
      });
      expect(told).toHaveLength(1);
      expect(told[0]).toContain('signal_degradation');
    }
  });

  it('whose signal falls for some hours and comes back is sound; one that falls by the day is not', () => {
    for (const seed of SEEDS) {
      const at = (fall: (day: number) => number) =>
        run(seed, 16, (day, d) => ({ signal: -95 - fall(day) + d.normal(), loss: 0.003, drops: 0.05 }));
      expect(at((day) => (day > 9 && day < 9.5 ? 18 * (day - 9) : 0))).toEqual([]);
      const told = at((day) => Math.max(0, day - 9) * 4);
      expect(told).toHaveLength(1);
      expect(told[0]).toContain('signal_degradation');
    }
  });

  it('whose ratio to noise alone falls for most of a day, and that loses nothing, is sound', () => {
    for (const seed of SEEDS) {
      const told = run(seed, 14, (day, d) => {
        const hours = (day - 10) * 24;
        const fall = hours < 0 || hours > 26 ? 0 : 9 * Math.min(1, hours / 10, (26 - hours) / 8);
        return { signal: -84 + d.normal(), sinr: 9 - fall + 1.3 * d.normal(), loss: 0.003, drops: 0.04 };
      });
      expect(told).toEqual([]);
    }
  });

  it('that was put where the signal is far weaker, but strong enough, is sound', () => {
    for (const seed of SEEDS) {
      // Carried over within an hour.
      const told = run(
        seed,
        14,
        (day, d) => {
          const moved = Math.max(0, Math.min(1, (day - 10) * 24));
          return { signal: -45 - 25 * moved + d.normal(), loss: 0.003, drops: 0.04 };
        },
        'wifi',
      );
      expect(told).toEqual([]);
    }
  });

  it('that falls back to an older and slower network for a day is not crowded; a fall of its signal about that day is told as ever', () => {
    for (const seed of SEEDS) {
      const told = (falls: number) =>
        run(seed, 20, (day, d) => {
          const hour = (day % 1) * 24;
          const older = day > 10.3 && day < 11.8;
          const signal = -92 - falls * Math.max(0, day - 10) + d.normal();
          const usual = 70 * (1 + 0.3 * Math.max(0, Math.sin((hour / 24) * 2 * Math.PI)));
          return { signal, loss: 0.002, drops: 0.03, trip: older ? 3 * usual + 120 : usual, older };
        });
      expect(told(0)).toEqual([]);
      expect(told(2.6)[0]).toMatch(/^signal_degradation on day 1[2-6]\./);
    }
  });

  it('that loses its sessions for an evening, or packets with its signal for an hour and a half, is sound', () => {
    for (const seed of SEEDS) {
      const within = (day: number, hours: number): boolean => day > 10.8 && day < 10.8 + hours / 24;
      const evening = run(seed, 14, (day, d) => ({
        signal: -84 + d.normal(),
        loss: within(day, 4) ? 0.04 : 0.003,
        drops: within(day, 4) ? 8 : 0.05,
        trip: within(day, 4) ? 120 : 70,
      }));
      expect(evening).toEqual([]);
      const shower = run(seed, 14, (day, d) => ({
        signal: -104 - (within(day, 1.5) ? 12 : 0) + d.normal(),
        sinr: 6 - (within(day, 1.5) ? 8 : 0) + d.normal(),
        loss: within(day, 1.5) ? 0.2 : 0.005,
        drops: 0.1,
      }));
      expect(shower).toEqual([]);
    }
  });

  it('whose clock is slow, or that sends through a gateway by the quarter of an hour, is judged like any other', () => {
    const fading = (day: number, d: ReturnType<typeof dice>): Air => {
      const gone = Math.max(0, day - 8) / 6;
      return { signal: -88 - 20 * gone + d.normal(), loss: 0.003 + 0.12 * gone, drops: 0.05 + 2 * gone };
    };
    const quarter = (ts: number): number => 15 * MIN - ((ts - T0) % (15 * MIN));
    for (const late of [() => 5 * MIN, quarter]) {
      for (const seed of SEEDS) {
        const told = run(seed, 14, fading, 'lte', late);
        expect(told).toHaveLength(1);
        expect(told[0]).toMatch(/^signal_degradation on day (8|9|10|11)\./);
      }
    }
  });
});
