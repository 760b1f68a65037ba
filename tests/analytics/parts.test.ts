import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import type { Counters, Heartbeat } from '../../contract/payloads.ts';
import type { Reading } from '../../contract/reading.ts';
import { DAY, MIN, moments, T0, tickets } from '../support/month.ts';
import { counters, event, heartbeat } from '../support/readings.ts';
import { dice } from '../support/wild-random.ts';

describe('a printer that stops to cool down', () => {
  /** Twelve open hours of sixty receipts; from day 14 on it stops twelve times a day, and what is around it says why or does not. */
  function* printing(heat: (day: number) => number, busy: (day: number) => number): Generator<Reading> {
    let jobs = 0;
    let stops = 0;
    for (const { ts, day, hour } of moments(22, 15 * MIN)) {
      const open = hour >= 8 && hour < 20;
      const ambient = 21 + 4 * Math.sin(((hour - 9) / 24) * 2 * Math.PI) + heat(day);
      yield heartbeat('till-1', ts, { printer: { state: 'ok' }, system: { temp_c: ambient } });
      if (open) jobs += Math.round(15 * busy(day));
      if (open && day > 14 && hour % 1 === 0) stops++;
      yield counters('till-1', ts + 1000, { printer: { jobs_total: jobs, overheats_total: stops } });
    }
  }
  const usual = (): number => 0;
  const always = (): number => 1;

  it('as many do in a week of heat or of crowds needs nobody', () => {
    expect(tickets(printing((day) => (day > 14 ? 12 : 0), always))).toEqual([]);
    expect(tickets(printing(usual, (day) => (day > 14 ? 2.5 : 1)))).toEqual([]);
  });

  it('in its usual weather and on its usual days does', () => {
    expect(tickets(printing(usual, always)).map((t) => t.mode)).toEqual(['overheat']);
  });
});

describe('a head in a rush', () => {
  /** Twelve open hours of sixty receipts; on three days from day 14 on three times as many from ten o'clock till two, or as many as ever. */
  function* rushing(times: number, [from, until] = [10, 10.4]): Generator<Reading> {
    let jobs = 0;
    let stops = 0;
    for (const { ts, day, hour } of moments(18, 5 * MIN)) {
      const open = hour >= 8 && hour < 20;
      const rush = day > 14 && day < 17 && hour >= 10 && hour < 14;
      const busy = open ? (rush ? times : 1) : 0;
      yield heartbeat('till-1', ts, {
        printer: { state: 'ok', head_temp_c: 24 + 9 * (rush ? 3 : busy) },
        system: { temp_c: 22 },
      });
      jobs += 5 * busy;
      if (rush && hour >= from! && hour < until!) stops += 2;
      yield counters('till-1', ts + 1000, { printer: { jobs_total: jobs, overheats_total: stops } });
    }
  }

  it('is as hot as any that prints as much, and stops before the rush is seen to be one', () => {
    expect(tickets(rushing(3))).toEqual([]);
  });

  it('is so in a sale that brings a third more than ever, too', () => {
    expect(tickets(rushing(1.35, [11, 14]))).toEqual([]);
  });

  it('is told where there is no rush', () => {
    expect(tickets(rushing(1)).map((t) => t.mode)).toEqual(['overheat']);
  });
});

describe('a head that has no other thermometer beside it', () => {
  /** Twelve open hours, in which printing warms it by six to nine kelvin and `own` as a share of that. */
  function* warming(hot: (day: number) => number, own: (day: number) => number): Generator<Reading> {
    const roll = dice(3);
    for (const { ts, day, hour } of moments(28, 5 * MIN)) {
      const isOpen = hour >= 8 && hour < 20;
      const around = 24 + 3 * Math.sin(((hour - 9) / 24) * 2 * Math.PI) + roll() + hot(day);
      const printing = isOpen ? (6 + 3 * roll()) * (1 + own(day)) : 0;
      yield heartbeat('till-1', ts, { printer: { state: 'ok', head_temp_c: around + printing } });
    }
  }

  it('is as warm in a heat wave as its shop is, at night, too, and needs nobody', () => {
    const wave = (day: number): number => 13 * Math.max(0, Math.min(1, (day - 16) / 1.5, (24 - day) / 2));
    expect(tickets(warming(wave, () => 0))).toEqual([]);
  });

  it('is told where printing makes it hotter every day', () => {
    const told = tickets(
      warming(
        () => 0,
        (day) => 0.6 * Math.max(0, day - 16),
      ),
    );
    expect(told.map((t) => t.mode)).toEqual(['overheat']);
    expect(told[0]!.day).toBeLessThan(26);
  });
});

describe('a pack that has no other thermometer beside it than the head', () => {
  /** Twelve open hours, in which the head is warmed by printing; the pack is as warm as its shop, and by `own` warmer, K. */
  function* warming(hot: (day: number) => number, own: (day: number) => number): Generator<Reading> {
    const roll = dice(6);
    for (const { ts, day, hour } of moments(24, 10 * MIN)) {
      const isOpen = hour >= 8 && hour < 20;
      const around = 22 + 3 * Math.sin(((hour - 9) / 24) * 2 * Math.PI) + roll() + hot(day);
      yield heartbeat('till-1', ts, {
        printer: { state: 'ok', head_temp_c: around + 4 + (isOpen ? 8 + 4 * roll() : 0) },
        battery: { temp_c: around + own(day), soc_pct: 99, status: 'full' },
      });
    }
  }

  it('is told where it grows warmer by the day, though never as warm as a head that prints', () => {
    const told = tickets(
      warming(
        () => 0,
        (day) => 1.5 * Math.max(0, day - 14),
      ),
    );
    expect(told.map((t) => t.mode)).toEqual(['overheat']);
    expect(told[0]!.day).toBeLessThan(21);
  });

  it('is as warm as its shop in a heat wave, and needs nobody', () => {
    const wave = (day: number): number => 12 * Math.max(0, Math.min(1, (day - 14) / 1.5, (21 - day) / 2));
    expect(tickets(warming(wave, () => 0))).toEqual([]);
  });
});

describe('a pack that tells what it holds and how it resists', () => {
  function* fading(held: (day: number) => number, mohm: (day: number) => number): Generator<Reading> {
    const roll = dice(9);
    yield event('till-1', T0, { type: 'boot' });
    for (const { ts, day } of moments(32)) {
      const full_mah = Math.round(2600 * held(day) + 6 * roll());
      const resistance_mohm = mohm(day) * (1 + 0.02 * (roll() - 0.5));
      yield heartbeat('till-1', ts, { battery: { soc_pct: 80, status: 'discharging', full_mah, resistance_mohm } });
    }
  }

  it('is told once it has lost a seventh and goes on so, though it would not fail for weeks', () => {
    const told = tickets(
      fading(
        (day) => 0.98 - 0.007 * Math.max(0, day - 10),
        () => 120,
      ),
    );
    expect(told.map((t) => t.mode)).toEqual(['capacity_fade']);
    expect(told[0]!.day).toBeLessThan(31.5);
    expect(
      tickets(
        fading(
          (day) => (day < 14 ? 0.98 : 0.88),
          () => 120,
        ),
      ),
    ).toEqual([]);
  });

  it('and resists more before it fades is renamed as it does: cells that age do both', () => {
    const rises = (day: number): number => 120 * (1 + 0.05 * Math.max(0, day - 12));
    expect(tickets(fading((day) => 0.95 - 0.02 * Math.max(0, day - 17), rises)).map((t) => t.mode)).toEqual([
      'resistance_rise',
      'capacity_fade',
    ]);
    expect(tickets(fading(() => 0.95, rises)).map((t) => t.mode)).toEqual(['resistance_rise']);
  });
});

describe('a cutter', () => {
  it('that fails ever more often within a week, on a till of fifty receipts a day, is told before it is over on eight tills of nine', () => {
    const days = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((seed) => {
      const d = dice(seed);
      let cuts = 0;
      let errors = 0;
      function* cutting(): Generator<Reading> {
        for (const { ts, day, hour } of moments(27, 30 * MIN)) {
          const made = hour >= 8 && hour < 20 ? d.poisson(4) : 0;
          cuts += made;
          errors += d.poisson(made * (0.0003 + 0.04 * (Math.max(0, day - 20) / 7) ** 1.4));
          yield counters('till-1', ts, { printer: { cuts_total: cuts, cutter_errors_total: errors } });
        }
      }
      return tickets(cutting()).map((t) => t.day)[0] ?? Infinity;
    });
    expect(days.filter((day) => day > 21 && day < 26.5).length).toBeGreaterThanOrEqual(8);
  });
});

describe('a head whose resistance', () => {
  /** Its elements measure 650 ohms, give or take two, and `more` as a share of that. */
  function* measuring(more: (day: number) => number): Generator<Reading> {
    const roll = dice(4);
    for (const { ts, day } of moments(32)) {
      yield heartbeat('till-1', ts, {
        printer: { state: 'ok', head_ohm: 650 * (1 + more(day)) + 2 * (roll() - 0.5) },
      });
    }
  }

  it('climbs day by day is told, though it may last for weeks: no head mends by itself', () => {
    const told = tickets(measuring((day) => 0.0037 * Math.max(0, day - 8)));
    expect(told.map((t) => t.mode)).toEqual(['head_wear']);
    expect(told[0]!.day).toBeLessThan(24);
  });

  it('ages by a fiftieth a month, or is a fiftieth higher from one day on, needs nobody', () => {
    expect(tickets(measuring((day) => (day > 15 ? 0.02 : 0)))).toEqual([]);
    expect(tickets(measuring((day) => (0.02 / 30) * day))).toEqual([]);
  });
});

describe('a pack that stops to cool down', () => {
  /** From day 14 on it stops twice a day while it charges at night. */
  function* charging(heat: (day: number) => number): Generator<Reading> {
    let stops = 0;
    for (const { ts, day, hour } of moments(22)) {
      const around = 24 + 4 * Math.sin(((hour - 9) / 24) * 2 * Math.PI) + heat(day);
      const isCharging = hour >= 20;
      const battery = { soc_pct: isCharging ? 70 : 90, temp_c: around + (isCharging ? 9 : 1) };
      yield heartbeat('till-1', ts, { battery, system: { temp_c: around + 3 } });
      if (day > 14 && isCharging && hour % 2 === 0) stops++;
      yield counters('till-1', ts + 1000, { battery: { over_temp_total: stops } });
    }
  }

  it('as any does in a week of heat needs nobody', () => {
    expect(tickets(charging((day) => (day > 14 ? 11 : 0)))).toEqual([]);
  });

  it('in its usual weather does', () => {
    expect(tickets(charging(() => 0)).map((t) => t.mode)).toEqual(['overheat']);
  });
});

describe('a pack beside a head, where nothing else tells a temperature', () => {
  /** A head is warm while receipts are printed, which they are not on Sundays. */
  function* standing(own: (day: number) => number): Generator<Reading> {
    const roll = dice(3);
    for (const { ts, day, hour } of moments(26)) {
      const isOpen = hour >= 8 && hour < 20 && Math.floor(day) % 7 !== 6;
      const around = 22 + 3 * Math.sin(((hour - 9) / 24) * 2 * Math.PI) + roll();
      const pack = around + 6 + own(day);
      yield heartbeat('till-1', ts, {
        battery: { soc_pct: 99, status: 'full', temp_c: pack },
        printer: { state: 'ok', head_temp_c: around + (isOpen ? 16 + 4 * roll() : 5) },
      });
    }
  }

  it('is no warmer for the head that is cold on a day off', () => {
    expect(tickets(standing(() => 0))).toEqual([]);
  });

  it('is told where it grows hotter day by day', () => {
    const told = tickets(standing((day) => Math.max(0, day - 16) * 3));
    expect(told.map((t) => t.mode)).toEqual(['overheat']);
    expect(told[0]!.day).toBeLessThan(22);
  });
});

describe('a pack whose gauge tells the current of a moment', () => {
  /** One reading in eight is taken while a receipt is printed; the pack holds `holds` of its design charge. */
  function* emptying(holds: (day: number) => number): Generator<Reading> {
    const roll = dice(5);
    let soc = 100;
    yield event('till-1', T0, { type: 'boot' });
    for (const { ts, day, hour } of moments(30)) {
      const isOpen = hour >= 8 && hour < 20;
      soc = isOpen ? soc - (150 / 6 / (2600 * holds(day))) * 100 : 100;
      const ma = roll() < 1 / 8 ? 500 + 900 * roll() : 130 + 40 * roll();
      yield heartbeat('till-1', ts, {
        battery: isOpen
          ? { soc_pct: Math.round(soc), current_ma: -Math.round(ma), status: 'discharging' }
          : { soc_pct: 100, current_ma: 0, status: 'full' },
      });
    }
  }

  it('is told as it fades, days before it holds too little', () => {
    const told = tickets(emptying((day) => (day < 12 ? 0.9 : 0.9 - (day - 12) * 0.02)));
    expect(told.map((t) => t.mode)).toEqual(['capacity_fade']);
    expect(told[0]!.day).toBeLessThan(26);
  });

  it('is sound where it holds what it held', () => {
    expect(tickets(emptying(() => 0.9))).toEqual([]);
  });

  /** A day takes half of its charge and a charger gives it back in the evening; of the current hardly more is told than that there is one. */
  function* roughly(holds: (day: number) => number): Generator<Reading> {
    const roll = dice(6);
    const design = 2600;
    let soc = 100;
    let rough = 1;
    const who = { serial: 's1', model: 'm1', firmware: '1.0', site: 'shop', battery: { design_mah: design } };
    const payload = { ts: T0, boot: 'b1', seq: 0, ...who };
    yield { ...heartbeat('till-1', T0), channel: 'birth', payload } as Reading;
    for (const { ts, day, hour } of moments(34)) {
      const isOpen = hour >= 8 && hour < 20;
      const drawn = isOpen ? -110 * (0.9 + 0.2 * roll()) : soc < 99 ? 700 : 0;
      soc = Math.min(100, soc + (drawn / 6 / (design * holds(day))) * 100);
      if (roll() < 0.1) rough = 0.35 + 1.6 * roll();
      yield heartbeat('till-1', ts, {
        battery: {
          soc_pct: Math.round(soc),
          current_ma: Math.round(drawn * rough),
          status: isOpen ? 'discharging' : soc < 99 ? 'charging' : 'full',
        },
      });
    }
  }

  it('so roughly that nothing can be measured by it is told by how fast it empties and fills', () => {
    const told = tickets(roughly((day) => (day < 20 ? 0.9 : Math.max(0.5, 0.9 - (day - 20) * 0.03))));
    expect(told.map((t) => t.mode)).toEqual(['capacity_fade']);
    expect(told[0]!.day).toBeLessThan(31.5);
    expect(tickets(roughly(() => 0.9))).toEqual([]);
  });
});

describe('a head that is fed from the pack', () => {
  /** `step` is what the pack's voltage rises by at its charger, mV; nobody tells a current. */
  function* supplying(
    days: number,
    worn: (day: number) => number,
    {
      deepFrom = days,
      step,
      stops,
      mohm,
      warm,
    }: {
      deepFrom?: number;
      step?: (day: number) => number;
      stops?: true;
      mohm?: (day: number) => number;
      warm?: (day: number) => number;
    } = {},
  ): Generator<Reading> {
    const roll = dice(7);
    let jobs = 0;
    let stopped = 0;
    for (const { ts, day, hour } of moments(days)) {
      const open = hour >= 8 && hour < 20;
      // On its cradle from ten on until `deepFrom`; from then on it goes through the day on one charge.
      const used = open ? (hour - 8) * 5.2 - (hour > 10 && day < deepFrom ? 5.2 * (hour - 10) : 0) : 0;
      const soc = 99 - used;
      const cell = 1 - 0.15 * (1 - soc / 100);
      const mv = 7700 * cell * (1 - worn(day)) * (1 + (roll() - 0.5) * 0.006);
      const charging = step !== undefined && hour >= 20 && hour < 22;
      yield heartbeat('till-1', ts, {
        battery: {
          soc_pct: charging ? 40 + (hour - 20) * 20 : soc,
          voltage_mv: Math.round(8400 * cell + (charging ? step(day) - 900 + 8 * roll() : 0)),
          status: charging ? 'charging' : open ? 'discharging' : 'full',
          ...(warm && { temp_c: 26 + warm(day) + roll() }),
          ...(mohm && { resistance_mohm: mohm(day) * (1 + (roll() - 0.5) * 0.02) }),
        },
        printer: { state: 'ok', head_mv: Math.round(mv) },
        ...(warm && { system: { temp_c: 24 + roll() } }),
      });
      if (open) jobs += 6;
      if (open && stops && roll() < worn(day) * 2) stopped++;
      if (stops)
        yield counters('till-1', ts + 1000, { printer: { jobs_total: jobs, low_voltage_stops_total: stopped } });
    }
  }

  it('loses voltage as the pack empties, which is no fault of its supply', () => {
    expect(tickets(supplying(12, () => 0, { deepFrom: 4 }))).toEqual([]);
  });

  it('of two full cells at rest is no mains supply, though nobody tells what the pack has', () => {
    const roll = dice(8);
    // On its cradle all day till day 6; from then on it goes through the day on one charge.
    const beats = [...moments(12)].map(({ ts, day, hour }) => {
      const soc = day > 6 && hour >= 8 && hour < 20 ? 99 - (hour - 8) * 4 : 99;
      const mv = 8420 * (1 - 0.15 * (1 - soc / 100)) * (1 + (roll() - 0.5) * 0.006);
      const battery = { soc_pct: soc, status: soc < 99 ? ('discharging' as const) : ('full' as const) };
      return heartbeat('till-1', ts, { battery, printer: { state: 'ok', head_mv: Math.round(mv) } });
    });
    expect(tickets(beats)).toEqual([]);
  });

  /** A head at twice the voltage that the gauge tells, of one cell; from day 6 on it runs on its pack from eight to eight, and loses `droop` of its own beside. */
  function* doubled(days: number, droop: (day: number) => number): Generator<Reading> {
    const roll = dice(9);
    for (const { ts, day, hour } of moments(days)) {
      const soc = day > 6 && hour >= 8 && hour < 20 ? 99 - (hour - 8) * 4 : 99;
      const cell = 4170 * (1 - 0.15 * (1 - soc / 100));
      const mv = 1.96 * cell * (1 - droop(day)) * (1 + (roll() - 0.5) * 0.006);
      const battery = {
        soc_pct: soc,
        voltage_mv: Math.round(cell),
        status: soc < 99 ? ('discharging' as const) : ('full' as const),
      };
      yield heartbeat('till-1', ts, { battery, printer: { state: 'ok', head_mv: Math.round(mv) } });
    }
  }

  it('of two cells, of which the gauge tells one, loses voltage as they empty', () => {
    expect(tickets(doubled(14, () => 0))).toEqual([]);
  });

  it('of two cells, of which the gauge tells one, is told where it loses more than they do', () => {
    const [told] = tickets(doubled(24, (day) => Math.max(0, Math.min(0.12, (day - 14) * 0.015))));
    expect(told?.mode).toBe('power');
    expect(told!.day).toBeLessThan(20);
  });

  it('of the mains is told where it gives way, though a cell of half its voltage floats beside it', () => {
    const roll = dice(10);
    const battery = { soc_pct: 100, voltage_mv: 3800, status: 'full' as const };
    const beats = [...moments(20)].map(({ ts, day }) => {
      const lost = Math.max(0, Math.min(0.07, (day - 14) * 0.02));
      const mv = 7500 * (1 - lost) * (1 + (roll() - 0.5) * 0.006);
      return heartbeat('till-1', ts, { battery, printer: { state: 'ok', head_mv: Math.round(mv) } });
    });
    const [told] = tickets(beats);
    expect(told?.mode).toBe('power');
    expect(told!.day).toBeLessThan(17);
  });

  const wears = (day: number): number => Math.max(0, day - 12) * 0.015;

  it('shows a pack that gives way, where nothing else measures it, days before it fails', () => {
    const found = tickets(supplying(20, wears));
    expect(found.map((t) => t.mode)).toEqual(['resistance_rise']);
    expect(found[0]!.day).toBeLessThan(17);
  });

  it('is as good as its new pack once the worn one has been replaced, though it stopped for want of voltage till then', () => {
    const until = (end: number, f: (day: number) => number) => (day: number) => (day < end ? f(day) : f(0));
    const mohm = until(18, (day) => 120 * (1 + Math.max(0, day - 12) * 0.1));
    const readings = [...supplying(26, until(18, wears), { mohm, stops: true })];
    const at = readings.findIndex((r) => r.ts >= T0 + 18 * DAY);
    readings.splice(at, 0, event('till-1', readings[at]!.ts, { type: 'part_replaced', component: 'battery' }));
    expect(tickets(readings).map((t) => t.mode)).toEqual(['resistance_rise']);
  });

  it('shows its own supply failing though its pack, which resists as ever, has been warm and told of', () => {
    const falls = (day: number): number => Math.max(0, Math.min(0.09, (day - 17) * 0.03));
    const warm = (day: number): number => (day > 13 && day < 22 ? Math.min(14, (day - 13) * 4) : 0);
    const modes = tickets(supplying(32, falls, { mohm: () => 120, warm })).map((t) => t.mode);
    expect(modes).toContain('overheat');
    expect(modes).toContain('power');
    expect(modes).not.toContain('resistance_rise');
  });

  it('shows its own supply failing where the printer stops for it', () => {
    expect(tickets(supplying(20, wears, { stops: true })).map((t) => t.mode)).toEqual(['power']);
  });
});

describe('a supply from the mains', () => {
  it('that gives way within half a day is told of hours before', () => {
    const roll = dice(5);
    const readings = function* (): Generator<Reading> {
      for (const { ts, day } of moments(14)) {
        const mv = 24_000 * (1 - 0.16 * Math.min(1, Math.max(0, day - 12.4) / 0.5)) * (1 + (roll() - 0.5) * 0.01);
        yield heartbeat('till-1', ts, { printer: { state: 'ok', head_mv: Math.round(mv) } });
      }
    };
    const found = tickets(readings());
    expect(found.map((t) => t.mode)).toEqual(['power']);
    // It no longer carries a print at 14 % less, after ten and a half hours.
    expect(found[0]!.day).toBeLessThan(12.84 - 2 / 24);
  });
});

describe('paper that jams and is tried again', () => {
  /** A hundred and twenty receipts a day; `bad` is the share of them that are tried again, a fifth as many jam. A roll lasts `rollDays`. */
  function* feeding(days: number, rollDays: number, bad: (day: number) => number, seed: number): Generator<Reading> {
    const chance = dice(seed);
    const p = { jobs_total: 0, retries_total: 0, jams_total: 0, paper_outs_total: 0 };
    for (const { ts, day, hour } of moments(days, 30 * MIN)) {
      yield heartbeat('till-1', ts, { printer: { state: 'ok', head_ohm: 800 } });
      if (hour < 8 || hour >= 20) continue;
      for (let job = 0; job < 5; job++) {
        p.jobs_total++;
        if (chance() < 0.001 + bad(day)) p.retries_total++;
        if (chance() < 0.0002 + bad(day) / 5) p.jams_total++;
      }
      p.paper_outs_total = Math.floor(day / rollDays);
      yield counters('till-1', ts + 1000, { printer: { ...p } });
    }
  }
  /** Months of which a ticket was opened, and the day of the middle one. */
  function told(of: (seed: number) => Iterable<Reading>): { months: number; day: number } {
    const first = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((seed) => tickets(of(seed))[0]?.day ?? Number.POSITIVE_INFINITY);
    return { months: first.filter(Number.isFinite).length, day: first.sort((a, b) => a - b)[5]! };
  }

  it('for as long as one roll lasts is the roll, whether it lasts a week or a day', () => {
    const week = told((seed) => feeding(24, 7, (day) => (day >= 14 && day < 21 ? 0.02 : 0), seed));
    const one = told((seed) => feeding(24, 1, (day) => (day >= 14 && day < 15 ? 0.15 : 0), seed));
    // In one month of ten chance brings a retry or two before it.
    expect(week.months).toBeLessThanOrEqual(1);
    expect(one.months).toBe(0);
  });

  it('is the roll where a feed that has its odd retry gets a bad one, for as long as that lasts', () => {
    const odd = told((seed) => feeding(24, 2, (day) => 0.005 + (day >= 14 && day < 16 ? 0.08 : 0), seed));
    expect(odd.months).toBeLessThanOrEqual(1);
  });

  it('under one roll after another is the feed, three days after a roll was bad, too', () => {
    const spoilt = (day: number): number => (day >= 11 && day < 11.34 ? 0.15 : day >= 14 ? 0.08 : 0);
    expect(told((seed) => feeding(18, 0.34, (day) => 0.01 + spoilt(day), seed)).months).toBeGreaterThanOrEqual(9);
  });

  it('is the roll, too, where jams alone are counted, and no receipt is tried again', () => {
    const jamming = told((seed) =>
      [...feeding(24, 2, (day) => (day >= 14 && day < 16 ? 0.3 : 0), seed)].map((r) =>
        r.channel === 'counters'
          ? ({
              ...r,
              payload: { ...r.payload, printer: { ...(r.payload as Counters).printer, retries_total: 0 } },
            } as Reading)
          : r,
      ),
    );
    expect(jamming.months).toBe(0);
  });

  it('more and more within one roll is the feed, whose end nobody has to wait for', () => {
    const found = told((seed) => feeding(21, 7, (day) => 0.15 * (Math.max(0, day - 14) / 7) ** 2, seed));
    expect(found.months).toBeGreaterThanOrEqual(6);
    expect(found.day).toBeLessThan(20.5);
  });

  it('more and more over rolls that last half a day is the feed, a day before it fails: what each shows is little, together it is not', () => {
    function* worse(): Generator<Reading> {
      const p = { jobs_total: 0, retries_total: 0, jams_total: 0, paper_outs_total: 0 };
      let [tries, jams] = [0, 0];
      for (const { ts, day, hour } of moments(17, 30 * MIN)) {
        yield heartbeat('till-1', ts, { printer: { state: 'ok' } });
        if (hour < 8 || hour >= 20) continue;
        const bad = 0.3 * (Math.max(0, day - 14) / 3) ** 2;
        p.jobs_total += 5;
        p.retries_total = Math.floor((tries += 5 * (0.002 + bad)));
        p.jams_total = Math.floor((jams += 5 * (0.0004 + bad)));
        p.paper_outs_total = Math.floor(day / 0.55);
        yield counters('till-1', ts + 1000, { printer: { ...p } });
      }
    }
    const [first] = tickets(worse());
    expect(first?.mode).toBe('paper_feed');
    expect(first!.day).toBeLessThan(16);
  });

  it('under one roll after another is the feed', () => {
    const found = told((seed) => feeding(24, 1.5, (day) => (day >= 14 ? 0.03 : 0), seed));
    expect(found.months).toBe(10);
    expect(found.day).toBeLessThan(18);
  });
});

describe('a pack whose resistance nobody tells', () => {
  /** A day on the pack and a charger in the evening. One sample in three is taken while a receipt is printed, once the shop is known. */
  function* charging(days: number, ohms: (day: number) => number, seed = 11, blind = false): Generator<Reading> {
    const roll = dice(seed);
    let soc = 95;
    for (const { ts, day, hour } of moments(days)) {
      const charges = hour >= 20 || hour < 2;
      const ma = charges ? (soc < 97 ? 1400 : 0) : hour >= 8 ? -120 : 0;
      soc = Math.min(99, Math.max(20, soc + ma / 6 / 24));
      const burst = ma < 0 && roll() < (day < 12 ? 0.05 : 0.35) ? 1500 : 0;
      const mv = 6600 + soc * 17 + (ma - burst) * ohms(day) + (roll() - 0.5) * 12;
      const battery: Heartbeat['battery'] = {
        soc_pct: Math.round(soc),
        voltage_mv: Math.round(mv),
        ...(blind ? {} : { current_ma: ma }),
        status: ma > 0 ? 'charging' : ma < 0 ? 'discharging' : 'full',
      };
      yield heartbeat(`till-${seed}`, ts, { battery });
    }
  }

  it('is not told worn because a receipt was being printed as it was put on its charger', () => {
    for (let seed = 1; seed <= 12; seed++) expect(tickets(charging(40, () => 0.2, seed))).toEqual([]);
  });

  it('is told so once its voltage gives way at every charger', () => {
    const found = tickets(charging(36, (day) => 0.2 + Math.max(0, day - 16) * 0.012));
    expect(found.map((t) => t.mode)).toEqual(['resistance_rise']);
    expect(found[0]!.day).toBeLessThan(32);
  });

  it('is told so where not even its current is told', () => {
    for (let seed = 1; seed <= 12; seed++) expect(tickets(charging(40, () => 0.2, seed, true))).toEqual([]);
    const found = tickets(charging(36, (day) => 0.2 + Math.max(0, day - 16) * 0.012, 11, true));
    expect(found.map((t) => t.mode)).toEqual(['resistance_rise']);
    expect(found[0]!.day).toBeLessThan(32);
  });
});

describe('a charger that holds its voltage once the pack is nearly full', () => {
  /** Sold from for half a day and filled in the evening, from `low` % on: above some 75 % the charger's limit cuts the step short. */
  function* filled(low: (day: number) => number): Generator<Reading> {
    const roll = dice(21);
    let soc = 95;
    for (const { ts, day, hour } of moments(30)) {
      const charges = hour >= 20 || hour < 6;
      const ma = charges ? (soc < 98 ? 1300 : 0) : hour >= 8 ? -110 : 0;
      soc = Math.min(99, Math.max(low(day), soc + ma / 12 / 24));
      const mv = Math.min(8250, 6900 + soc * 15 + ma * 0.25 + (roll() - 0.5) * 12);
      const status = ma > 0 ? 'charging' : ma < 0 ? 'discharging' : 'full';
      yield heartbeat('till-1', ts, {
        battery: { soc_pct: Math.round(soc), voltage_mv: Math.round(mv), current_ma: ma, status },
      });
    }
  }

  it('makes no resistance of what it no longer cuts short', () => {
    expect(tickets(filled((day) => (day < 12 ? 78 : 45)))).toEqual([]);
  });
});

describe('a pack whose gauge tells what it holds', () => {
  /** From day 14 on less current is told for what the charge falls by: as a rule a sixth less. */
  function* measured(
    told: (day: number) => number | undefined,
    share = (_: number): number => 0.84,
  ): Generator<Reading> {
    const roll = dice(4);
    let soc = 97;
    for (const { ts, day, hour } of moments(30)) {
      const open = hour >= 8 && hour < 18;
      const ma = open ? -110 - 60 * roll() : 900;
      soc = Math.min(98, soc + (ma / 6 / 2300) * 100);
      const status = open ? 'discharging' : soc < 98 ? 'charging' : 'full';
      const full = told(day);
      yield heartbeat('till-1', ts, {
        battery: {
          soc_pct: Math.round(soc),
          current_ma: status === 'full' ? 0 : Math.round(ma * (open && day > 14 ? share(day) : 1)),
          status,
          ...(full === undefined ? {} : { full_mah: full }),
        },
      });
    }
  }

  it('is not told to fade because its current is told otherwise, unless the gauge always tells the same', () => {
    expect(tickets(measured((day) => 2300 + ((Math.floor(day) * 7) % 5) * 8))).toEqual([]);
    expect(tickets(measured(() => 2300)).map((t) => t.mode)).toEqual(['capacity_fade']);
    // Nor by a third from one hour on.
    const third = (): number => 0.68;
    expect(tickets(measured((day) => 2300 + ((Math.floor(day) * 7) % 5) * 8, third))).toEqual([]);
  });

  it('is told to fade though its gauge has learned nothing of it, once a quarter of its charge is gone by all that is drawn', () => {
    const wanders = (day: number): number => 2300 + ((Math.floor(day) * 7) % 5) * 8;
    const fading = tickets(measured(wanders, (day) => 1 - 0.04 * (day - 14)));
    expect(fading.map((t) => t.mode)).toEqual(['capacity_fade']);
    // A day before it holds six tenths.
    expect(fading[0]!.day).toBeLessThan(23);
  });
});

describe('a pack that is told of by its own gauges', () => {
  type Gauges = { full?: number; mohm?: number; warm?: number; refuses?: boolean };
  function* told(of: (day: number, hour: number) => Gauges): Generator<Reading> {
    const roll = dice(17);
    let soc = 97;
    for (const { ts, day, hour } of moments(24)) {
      const open = hour >= 8 && hour < 18;
      const { full, mohm, warm, refuses } = of(day, hour);
      soc = Math.min(98, soc + (open ? -0.7 : refuses ? 0 : 3));
      const status = open ? 'discharging' : refuses ? 'not_charging' : soc < 98 ? 'charging' : 'full';
      yield heartbeat('till-1', ts, {
        battery: {
          soc_pct: Math.round(soc),
          status,
          ...(full === undefined ? {} : { full_mah: full }),
          ...(mohm === undefined ? {} : { resistance_mohm: mohm * (1 + 0.02 * (roll() - 0.5)) }),
          ...(warm === undefined ? {} : { temp_c: warm }),
        },
      });
    }
  }

  it('has not faded by a tenth within hours: another pack was put in, or its gauge has learned anew', () => {
    const wanders = (day: number): number => 9 * (Math.floor(day) % 4);
    expect(tickets(told((day) => ({ full: (day < 14.3 ? 4910 : 4300) + wanders(day) })))).toEqual([]);
    // One that goes on falling has.
    const fading = tickets(told((day) => ({ full: day < 14 ? 4910 : 4910 - 260 * (day - 14) })));
    expect(fading.map((t) => t.mode)).toEqual(['capacity_fade']);
  });

  it('resists more in the cold, as all do, and is worn where it does so in the warm', () => {
    const cold = (day: number): number => (day < 14 ? 25 : Math.max(11, 25 - 7 * (day - 14)));
    const stiff = (day: number): number => 90 * Math.exp(0.02 * (25 - cold(day)));
    expect(tickets(told((day) => ({ mohm: stiff(day), warm: cold(day) })))).toEqual([]);
    expect(tickets(told((day) => ({ mohm: stiff(day), warm: 25 }))).map((t) => t.mode)).toEqual(['resistance_rise']);
  });

  it('is not charged while it is too hot to be, and its charger has failed where it is not hot', () => {
    const late = (day: number, hour: number) => day > 15 && day < 17 && hour >= 18;
    expect(tickets(told((day, hour) => ({ warm: late(day, hour) ? 46 : 27, refuses: late(day, hour) })))).toEqual([]);
    const failed = tickets(told((day, hour) => ({ warm: 27, refuses: late(day, hour) })));
    expect(failed.map((t) => t.mode)).toEqual(['charging_fault']);
  });
});

describe('a pack that gives way under its sales', () => {
  /** Brownouts come with sales: from day 14 on four times as many, and `worn` times as many a sale. */
  function* selling(worn: number): Generator<Reading> {
    const chance = dice(8);
    let [jobs, brownouts, soc] = [0, 0, 97];
    for (const { ts, day, hour } of moments(24)) {
      const open = hour >= 8 && hour < 18;
      const sales = open ? 4 + Math.floor(chance() * 3) : 0;
      const all = sales * (day > 14 ? 4 : 1);
      soc = Math.min(98, soc + (open ? -0.9 : 2.5));
      for (let sale = 0; sale < all; sale++) {
        jobs++;
        if (chance() < 0.004 * (day > 14 ? worn : 1)) brownouts++;
      }
      yield heartbeat('till-1', ts, {
        battery: { soc_pct: Math.round(soc), status: open ? 'discharging' : soc < 98 ? 'charging' : 'full' },
      });
      yield counters('till-1', ts + 1000, {
        battery: { brownouts_total: brownouts },
        printer: { jobs_total: jobs },
      } as Parameters<typeof counters>[2]);
    }
  }

  it('does so in a holiday too, as often a sale; and is worn where it is more often', () => {
    expect(tickets(selling(1))).toEqual([]);
    expect(tickets(selling(8)).map((t) => t.mode)).toContain('resistance_rise');
  });
});

describe('a pack that fades slowly and whose gauge does not tell', () => {
  it('is told of while it still holds enough for a day', () => {
    const roll = dice(3);
    const readings = function* (): Generator<Reading> {
      let soc = 97;
      for (const { ts, day, hour } of moments(34)) {
        const open = hour >= 8 && hour < 18;
        // 2,300 mAh, from day 8 on ever less: under 60 % of 2,600 on day 25.
        const holds = 2300 * (1 - 0.35 * (Math.max(0, day - 8) / 18) ** 2);
        const ma = open ? -110 - 60 * roll() : 900;
        soc = Math.min(98, soc + (ma / 6 / holds) * 100);
        const status = open ? 'discharging' : soc < 98 ? 'charging' : 'full';
        yield heartbeat('till-1', ts, {
          battery: {
            soc_pct: Math.round(soc + 2 * (roll() - 0.5)),
            current_ma: status === 'full' ? 0 : Math.round(ma),
            status,
          },
        });
      }
    };
    const found = tickets(readings());
    expect(found[0]?.mode).toBe('capacity_fade');
    expect(found[0]!.day).toBeLessThan(24);
  });
});

describe('a pack of which only its charge is told', () => {
  /** Used for as long each day as its charge lasts in shops that differ from day to day, and filled at night by the same charger. */
  function* filled(holds: (day: number) => number, charger: (day: number) => number): Generator<Reading> {
    const roll = dice(9);
    let soc = 98;
    let use = 1;
    for (const { ts, day, hour } of moments(34)) {
      if (hour === 0) use = 0.75 + 0.5 * roll();
      const open = hour >= 8 && hour < 14;
      soc = Math.min(98, soc + ((open ? -160 * use : charger(day)) / 6 / holds(day)) * 100);
      const status = open ? 'discharging' : soc < 98 ? 'charging' : 'full';
      yield heartbeat('till-1', ts, { battery: { soc_pct: Math.round(soc), status } });
    }
  }
  const sound = (): number => 2300;
  const same = (): number => 500;

  it('is told to fade since it is full sooner, though no day is like another', () => {
    // Under 60 % of 2,600 mAh on day 25.
    const found = tickets(filled((day) => 2300 * (1 - 0.35 * (Math.max(0, day - 8) / 18) ** 1.5), same));
    expect(found.map((t) => t.mode)).toEqual(['capacity_fade']);
    expect(found[0]!.day).toBeLessThan(25);
  });

  it('is not for a stronger charger', () => {
    expect(tickets(filled(sound, (day) => (day < 16 ? 500 : 800)))).toEqual([]);
    expect(tickets(filled(sound, same))).toEqual([]);
  });
});

describe('a computer that tells in whole megabytes, every five minutes, what it has written', () => {
  function* writing(mbAnHour: (day: number) => number, tellsEvery: (day: number) => number): Generator<Reading> {
    let written = 0;
    for (const { ts, day } of moments(24, 5 * MIN)) {
      written += mbAnHour(day) / 12;
      yield heartbeat('till-1', ts, { system: { mem_free_mb: 400 } });
      if (ts % tellsEvery(day) === 0)
        yield counters('till-1', ts + 1000, { system: { flash_writes_mb_total: Math.round(written) } });
    }
  }

  it('does not wear out for telling it every quarter of an hour, and does for writing ever more', () => {
    const often = (): number => 5 * MIN;
    expect(
      tickets(
        writing(
          () => 2.5,
          (day) => (day < 14 ? 5 : 15) * MIN,
        ),
      ),
    ).toEqual([]);
    const ever = (day: number): number => 2.5 * Math.exp(Math.max(0, day - 12) * 0.35);
    expect(tickets(writing(ever, often)).map((t) => t.mode)).toEqual(['storage_wear']);
  });

  it('wears out as well where that was less than a megabyte an hour, of which some hours tell nothing', () => {
    const often = (): number => 10 * MIN;
    const ever = (day: number): number => 0.8 * Math.exp(Math.max(0, day - 14) * 0.35);
    const told = tickets(writing(ever, often));
    expect(told.map((t) => t.mode)).toEqual(['storage_wear']);
    expect(told[0]!.day).toBeLessThan(19.5);
    expect(tickets(writing(() => 0.8, often))).toEqual([]);
  });
});

describe('a crash', () => {
  /** Crashes, a day, that begin on day ten and end two days later; each restarts the terminal, which another counter tells too. */
  function* crashing(daily: number, days: number): Generator<Reading> {
    let crashes = 0;
    for (const { ts, day } of moments(20, 15 * MIN)) {
      const at = Math.round((day % 1) * 96);
      if (day > 10 && day < 10 + days && at % Math.round(96 / daily) === 1) crashes++;
      yield counters('till-1', ts, { system: { crashes_total: crashes, reboots_total: crashes } });
    }
  }

  it('and the restart after it are one event: three of them on one day open no ticket', () => {
    expect(tickets(crashing(3, 1))).toEqual([]);
  });

  it('is what a loop is made of: a plug that is pulled sixteen times a day is none', () => {
    function* pulled(): Generator<Reading> {
      let restarts = 0;
      for (const { ts, day, hour } of moments(20, 15 * MIN)) {
        if (day > 10 && day < 11 && hour >= 8 && hour < 16 && (hour * 4) % 2 === 0) restarts++;
        yield counters('till-1', ts, { system: { crashes_total: 0, reboots_total: restarts } });
      }
    }
    expect(tickets(pulled())).toEqual([]);
  });

  it('every few hours for days does', () => {
    expect(tickets(crashing(6, 8)).map((t) => t.mode)).toEqual(['crash_loop']);
  });
});

describe('a reader of which few reads fail', () => {
  /** Twelve open hours, five cards an hour, one read in fifty fails; from day 16 on `spoilt` has its share. */
  function* reading(
    days: number,
    seed: number,
    fails: (day: number, roll: () => number) => boolean,
    leavesOut: (day: number, message: number) => boolean = () => false,
  ): Generator<Reading> {
    const roll = dice(seed);
    let message = 0;
    let ok = 0;
    let failed = 0;
    for (const { ts, day, hour } of moments(days, 15 * MIN)) {
      const cards = hour >= 8 && hour < 20 ? (roll() < 0.25 ? 2 : 1) : 0;
      for (let i = 0; i < cards; i++) {
        if (fails(day, roll)) failed++;
        else ok++;
      }
      // One customer tries a dead card until he gives up.
      if (Math.abs(day - 16.5) < 0.001) failed += 16;
      const told = leavesOut(day, message++) ? {} : { chip_fail_total: failed };
      yield counters('till-1', ts + 1000, { reader: { chip_ok_total: ok, ...told } });
    }
  }

  it('has not worn out where a customer tried a dead card sixteen times', () => {
    for (let seed = 1; seed <= 8; seed++) {
      expect(tickets(reading(22, seed, (_, roll) => roll() < 0.02))).toEqual([]);
    }
  });

  it('has not where its failed reads come to be told with every sixth message only', () => {
    for (let seed = 1; seed <= 4; seed++) {
      const said = tickets(
        reading(
          26,
          seed,
          (_, roll) => roll() < 0.06,
          (day, message) => day > 12 && message % 6 !== 0,
        ),
      );
      expect(said).toEqual([]);
    }
  });

  it('has where reads fail all day, and is told of within a day', () => {
    const found = tickets(reading(22, 3, (day, roll) => roll() < (day > 17 ? 0.75 : 0.02)));
    expect(found.map((t) => t.mode)).toEqual(['contact_wear']);
    expect(found[0]!.day).toBeLessThan(18);
  });

  it('has where every second card fails since the morning, and not where every fourth does for a day', () => {
    const half = tickets(reading(15.7, 3, (day, roll) => roll() < (day > 15 ? 0.55 : 0.02)));
    expect(half.map((t) => t.mode)).toEqual(['contact_wear']);
    expect(tickets(reading(15.9, 3, (day, roll) => roll() < (day > 15 ? 0.25 : 0.02)))).toEqual([]);
  });
});

describe('a printer that leaves totals out of its messages', () => {
  /** Ten jobs a quarter of an hour, of which two in a hundred are tried again; that is told with every twelfth message only from day 12 on. */
  function* printing(seed: number): Generator<Reading> {
    const roll = dice(seed);
    let [jobs, retries, message] = [0, 0, 0];
    for (const { ts, day, hour } of moments(26, 15 * MIN)) {
      for (let i = 0; i < (hour >= 8 && hour < 20 ? 10 : 0); i++) {
        jobs++;
        if (roll() < 0.02) retries++;
      }
      const told = day > 12 && message++ % 12 > 0 ? {} : { retries_total: retries };
      yield counters('till-1', ts + 1000, { printer: { jobs_total: jobs, ...told } });
    }
  }

  it('has no worn feed for what it has printed in between', () => {
    for (let seed = 1; seed <= 4; seed++) expect(tickets(printing(seed))).toEqual([]);
  });
});

describe('a part that has stopped', () => {
  /** Sixty cuts an hour; from day 14 on ever more of them fail, until the knife stays where it is on day 19. */
  function* cutting(): Generator<Reading> {
    const roll = dice(5);
    let cuts = 0;
    let errors = 0;
    for (const { ts, day, hour } of moments(20)) {
      const open = hour >= 8 && hour < 20;
      const stuck = day >= 19.5;
      yield heartbeat('till-1', ts, { printer: { state: stuck ? 'cutter_error' : 'ok' } });
      if (open && !stuck) {
        cuts += 10;
        for (let i = 0; i < 10; i++) if (roll() < 0.001 + Math.max(0, day - 14) * 0.02) errors++;
      }
      yield counters('till-1', ts + 1000, { printer: { cuts_total: cuts, cutter_errors_total: errors } });
    }
  }

  it('still says what foretold it, and no longer when it will fail', () => {
    const engine = new Engine();
    const said = [...cutting()].flatMap((reading) => [...engine.process(reading)]);
    const last = said.filter((f) => f.mode === 'cutter_wear').at(-1)!;
    expect(last).toMatchObject({ severity: 'critical', probability: 1 });
    expect(last.evidence.map((e) => e.metric)).toEqual(['printer.state', 'printer.cutter_errors_total']);
    expect(last.evidence[1]!.why).toMatch(/^Failed cuts: 0\.\d+ per cut, .* for \d+ days\.$/);
  });

  /** Twelve sales an hour, each with its receipt, until a jam on the morning of day 9 that nothing foretold; then with none, or no sales at all. */
  function* jamming(sells: boolean): Generator<Reading> {
    let sales = 0;
    let jobs = 0;
    for (const { ts, day, hour } of moments(10.5)) {
      const stuck = day >= 9.4;
      const open = hour >= 8 && hour < 20;
      if (open && (sells || !stuck)) sales += 2;
      if (open && !stuck) jobs += 2;
      yield heartbeat('till-1', ts, { printer: { state: stuck ? 'mech_error' : 'ok' } });
      yield counters('till-1', ts + 1000, {
        printer: { jobs_total: jobs, jams_total: 0 },
        txn: { ok_total: sales, tech_fail_total: 0 },
      });
    }
  }

  it('while its till goes on selling is told within half a morning; one that nobody uses is waited for', () => {
    const [told] = tickets(jamming(true));
    expect(told).toMatchObject({ mode: 'paper_feed' });
    expect(told!.day).toBeLessThan(9.4 + 3.6 / 24);
    expect(tickets(jamming(false))).toEqual([]);
  });
});

describe('a computer that restarts', () => {
  /** A week of sound heartbeats; then `boots` restarts, `every` so many minutes, with no heartbeat between them. */
  function* restarting(boots: number, every: number): Generator<Reading> {
    for (const { ts } of moments(7)) {
      yield heartbeat('till-1', ts, { system: { uptime_s: 86_400 + (ts - T0) / 1000, mem_free_mb: 200 } });
    }
    for (let i = 0; i < boots; i++)
      yield event('till-1', T0 + 7 * DAY + i * every * MIN, { type: 'boot', component: 'system' });
  }

  it('again and again before it comes to a heartbeat is told while it does; an update or a pulled plug is not', () => {
    expect(tickets(restarting(24, 8)).map(({ mode }) => mode)).toEqual(['crash_loop']);
    expect(tickets(restarting(24, 8))[0]!.day).toBeLessThan(7.2);
    expect(tickets(restarting(5, 2))).toEqual([]);
    expect(tickets(restarting(12, 60))).toEqual([]);
  });

  it('has nothing to be told of once it has been repaired and started', () => {
    function* repaired(): Generator<Reading> {
      for (const { ts, day } of moments(14)) {
        if (day === 7) {
          yield event('till-1', ts - 2000, { type: 'boot', component: 'system' });
          yield event('till-1', ts - 1000, { type: 'part_replaced', component: 'system' });
        }
        yield heartbeat('till-1', ts, { system: { uptime_s: ((ts - T0) / 1000) % (7 * 86_400), mem_free_mb: 200 } });
      }
    }
    expect(tickets(repaired())).toEqual([]);
  });
});
