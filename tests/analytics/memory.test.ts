import { describe, expect, it } from 'vitest';
import { Block } from '../../analytics/core/block.ts';
import { battery } from '../../analytics/core/detectors/battery.ts';
import { network } from '../../analytics/core/detectors/network.ts';
import { CEILING, P_MA, P_SOC, RUN } from '../../analytics/core/detectors/pack-channels.ts';
import { reader } from '../../analytics/core/detectors/reader.ts';
import { Engine } from '../../analytics/core/engine.ts';
import { Histories, newCurve, pushHistory, readHistory } from '../../analytics/core/history.ts';
import { NameTable } from '../../analytics/core/names.ts';
import { pack, packSigned, unpack, unpackSigned } from '../../analytics/core/packed.ts';
import { Places } from '../../analytics/core/places.ts';
import { CLOCK, SALES, SiteHours, WEEK } from '../../analytics/core/site-hours.ts';
import { Slab } from '../../analytics/core/slab.ts';
import { ChannelState } from '../../analytics/core/state.ts';
import { DOWN, FIXED, FLAGS, MOBILE, STARTED, Terminals } from '../../analytics/core/terminals.ts';
import { asTenantId } from '../../contract/topics.ts';
import { heartbeat } from '../support/readings.ts';

describe('numbers in sixteen bits', () => {
  it('are the nearest step of their logarithm, and nothing where they are no numbers', () => {
    for (let exponent = -6; exponent < 4.8; exponent += 0.013) {
      const x = 10 ** exponent;
      const step = (1 + x) * Math.expm1(1 / 5900);
      expect(Math.abs(unpack(pack(x, 1), 1) - x)).toBeLessThanOrEqual(step * 0.501);
    }
    for (const x of [0, -3, Number.NaN]) expect(pack(x, 0.02)).toBe(0);
    expect(packSigned(Number.NaN, 0.02)).toBe(0);
  });

  it('come back within a five-thousandth of themselves, or of their unit', () => {
    for (const x of [0, 1e-5, 0.003, 0.5, 1, 7.25, 900, 65_000]) {
      expect(Math.abs(unpack(pack(x, 1), 1) - x)).toBeLessThanOrEqual(0.0002 * (1 + x));
      expect(Math.abs(unpackSigned(packSigned(-x, 1), 1) + x)).toBeLessThanOrEqual(0.0004 * (1 + x));
    }
  });

  it('hold what is too large at their end', () => {
    expect(unpack(pack(1e12, 1), 1)).toBeGreaterThan(66_000);
    expect(unpackSigned(packSigned(-1e12, 1), 1)).toBeLessThan(-60_000);
  });
});

describe('a slab', () => {
  it('gives memory back as freed blocks are closed up, and every owner finds its own again', () => {
    const slab = new Slab(3);
    const owners = Array.from({ length: 10_000 }, (_, i) => ({ id: slab.allocate(), value: i }));
    for (const { id, value } of owners) slab.words(id)[slab.offset(id) + 2] = value;
    const kept = owners.filter(({ value }) => value % 7 === 0);
    for (const { id, value } of owners) if (value % 7 !== 0) slab.release(id);
    const before = slab.bytes;
    const { move, end } = slab.compaction();
    for (const owner of kept) owner.id = move(owner.id);
    end();
    expect(slab.bytes).toBeLessThan(before / 6);
    expect(kept.map(({ id }) => slab.words(id)[slab.offset(id) + 2])).toEqual(kept.map(({ value }) => value));
    expect(new Set(kept.map(({ id }) => id)).size).toBe(kept.length);
  });

  it('holds at most a thirty-second more than is used once it is large', () => {
    const slab = new Slab(4);
    for (let i = 0; i < 3000; i++) slab.allocate();
    expect(slab.bytes).toBeLessThan(3000 * 16 * 1.04);
  });

  it('has room for nobody before the first, and comes back whole where it ends with a chunk', () => {
    for (const count of [1, 4095, 4096, 4097, 8192]) {
      const slab = new Slab(1);
      for (let i = 0; i < count; i++) {
        const id = slab.allocate();
        slab.words(id)[slab.offset(id)] = i;
      }
      const restored = new Slab(1);
      const saved = new Uint8Array(Buffer.concat(slab.save()));
      expect(saved.byteLength).toBe(16 + 4 * count);
      expect(restored.load(saved, 0)).toBe(saved.byteLength);
      for (const id of [1, count >> 1 || 1, count]) expect(restored.words(id)[restored.offset(id)]).toBe(id - 1);
      expect(restored.bytes).toBe(4 * count);
      const next = restored.allocate();
      expect(restored.words(next)[restored.offset(next)]).toBe(0);
    }
  });

  it('seldom moves what it holds: a large fleet that is new is taken in without copying it over and over', () => {
    const slab = new Slab(4);
    const seen = new Set<Uint32Array>();
    for (let i = 0; i < 400_000; i++) seen.add(slab.words(slab.allocate()));
    // A hundred chunks, and the steps by which the first two dozen grow: the first sixty-four blocks come one at a time.
    expect(seen.size).toBeLessThan(410);
  });
});

describe('names of terminals', () => {
  it('are found by tenant and name among thousands, also after a restart, and cost some twenty bytes', () => {
    const names = new NameTable();
    for (let i = 0; i < 20_000; i++) expect(names.add(i % 3, `T${i}`)).toBe(i);
    const saved = Buffer.concat(names.save());
    const restored = new NameTable();
    expect(restored.load(new Uint8Array(saved), 0)).toBe(saved.byteLength);
    for (const table of [names, restored]) {
      expect(table.find(12_345 % 3, 'T12345')).toBe(12_345);
      expect(table.find((12_345 + 1) % 3, 'T12345')).toBe(-1);
      expect(table.find(0, 'T')).toBe(-1);
      expect(table.at(19_999)).toBe('T19999');
    }
    expect(names.bytes / names.count).toBeLessThan(26);
  });
});

describe('a curve', () => {
  it('reaches back to its beginning after a year, as it was', () => {
    const histories = new Histories();
    let id = histories.allocate();
    for (let day = 0; day < 365; day += 0.0625) id = pushHistory(histories, id, 2000 + day, day / 365, 100);
    const { n, t, y } = readHistory(histories, id, newCurve());
    expect(n).toBeGreaterThan(8);
    for (let i = 0; i < n; i++) expect(y[i]).toBeCloseTo((t[i]! - 2000) / 365, 2);
    expect(t[0]! - 2000).toBeLessThan(45);
    expect(t[n - 1]! - 2000).toBeGreaterThan(320);
  });

  it('is a short one until it has more than eight points, and reads the same after it has grown, moved and been saved', () => {
    const histories = new Histories();
    const short = new Histories();
    let id = histories.allocate();
    let brief = short.allocate();
    for (let i = 0; i < 12; i++) id = pushHistory(histories, id, 2000 + i / 16, i / 20, 4 + i);
    for (let i = 0; i < 8; i++) brief = pushHistory(short, brief, 2000 + i / 16, i / 20, 4 + i);
    expect(short.bytes).toBeLessThan(0.7 * histories.bytes);
    expect([histories.small.used, histories.large.used, short.large.used]).toEqual([0, 1, 0]);
    const restored = new Histories();
    const saved = new Uint8Array(Buffer.concat(histories.save()));
    expect(restored.load(saved, 0)).toBe(saved.byteLength);
    const { n, t, y, w } = readHistory(restored, id, newCurve());
    expect(n).toBe(12);
    for (let i = 0; i < n; i++) {
      expect(t[i]).toBeCloseTo(2000 + i / 16, 2);
      expect(y[i]).toBeCloseTo(i / 20, 3);
      expect(w[i]).toBeCloseTo(4 + i, 1);
    }
    expect(readHistory(short, brief, newCurve()).n).toBe(8);
  });
});

describe('a record', () => {
  const AT = 1_760_000_000_000;
  const settled = (block: Block, now: number): Block => {
    const place = block.settle();
    if (place) block.at(place.id, place.shape, now);
    return block;
  };

  it('keeps totals of any size, and pays for their upper halves only from 65,535 on', () => {
    const state = new ChannelState();
    const block = new Block(reader, state);
    const other = settled(new Block(reader, state).open(AT), AT);
    settled(block.open(AT), AT);
    expect(block.told(0)).toBe(false);
    for (const [total, grown] of [
      [65_533, -1],
      [65_534, 1],
      [65_535, 1],
      [65_536, 1],
      [131_071, 65_535],
      [4_294_967_293, 4_294_836_222],
      [4_294_967_294, 1],
      [9e12, 0],
      [70_000, -1],
      [3, -1],
      [9, 6],
    ] as const) {
      expect(block.delta(0, total)).toBe(grown);
      settled(block, AT);
      // As full as a counter of 16 or 32 bits can be, it stands still for good.
      expect(block.told(0)).toBe(total !== 65_535 && total < 4_294_967_294);
      expect(block.told(1)).toBe(false);
    }
    expect(other.delta(0, 7)).toBe(-1);
    expect(settled(other, AT).delta(0, 65_534)).toBe(65_527);
    // The head, and a word for the total, which has its upper half in the first only.
    expect(state.records.slabs.map((slab) => [slab.stride, slab.used])).toContainEqual([4, 2]);
  });

  it('keeps what a pack tells to the tenth of a percent and to the whole mA', () => {
    const state = new ChannelState();
    const block = settled(new Block(battery, state).open(AT), AT);
    for (const [slot, values] of [
      [P_SOC, [0, 0.1, 83.4, 100]],
      [RUN, [-101, -84.5, 0, 1, 101]],
      [P_MA, [-20_000, -1, 0, 20_000]],
      [CEILING, [0, 4187, 20_000]],
    ] as const) {
      for (const value of values) {
        block.setScratch(slot, value);
        expect(block.scratch(slot)).toBe(value);
        block.setScratch(slot, 0);
      }
    }
    for (const [slot, wild] of [
      [P_SOC, 400],
      [P_MA, -90_000],
    ] as const) {
      block.setScratch(slot, wild);
      expect(Math.sign(block.scratch(slot))).toBe(Math.sign(wild));
    }
  });

  it('goes on with its buckets, its age and what is held against it after four years of silence', () => {
    const state = new ChannelState();
    const block = new Block(network, state);
    const group = {
      gauge: () => 0,
      heat: () => undefined,
      weather: () => 0,
      rate: () => 1,
      usual: () => 0.05,
      learnUsual: () => undefined,
      isAlone: false,
    };
    let { id, shape } = block.open(AT).settle()!;
    const later = (ms: number): Block => block.at(id, shape, AT + ms);
    for (let hour = 0; hour < 200; hour++) {
      later(hour * 3_600_000);
      expect(block.due).toBe(hour > 0);
      if (block.due) block.close(group);
      block.rate(1, hour < 150 ? 0 : 3, 1);
      ({ id, shape } = block.settle() ?? { id, shape });
    }
    later(199.9 * 3_600_000);
    expect(block.score(1)).toBeGreaterThan(4);
    const held = block.score(1);
    later(4 * 365 * 86_400_000);
    expect(block.due).toBe(true);
    expect(block.age).toBeCloseTo(1460, 2);
    expect(block.score(1)).toBe(held);
    expect(block.close(group)).toBe(true);
    expect(block.due).toBe(false);
    expect(block.score(1)).toBeGreaterThan(held - 3);
    block.resetAll();
    expect(block.score(1)).toBe(0);
    expect(block.age).toBeCloseTo(0, 3);
    expect(state.cases.slab.used).toBe(0);
    expect(state.histories.small.used + state.histories.large.used).toBe(0);
  });
});

describe('a place', () => {
  it('keeps who has told until the hour is judged, its worst hours, and what each hour is used to, also after a restart', () => {
    const places = new Places();
    const hour = 489_000;
    for (const group of [3, 70_000]) {
      const place = places.open(group, hour);
      for (const [index, deviation] of [
        [900_000, -1.5],
        [7, 3],
        [12, 0.25],
      ] as const) {
        place.tell(index, deviation, 4);
      }
      expect([place.members, place.deviations, place.level]).toEqual([[900_000, 7, 12], [-1.5, 3, 0.25], 12]);
      for (const steps of [-4500, 0, 9000]) {
        place.setUsual(hour + 5, steps, 9);
        expect(place.usual(hour + 5 + 24)).toEqual([steps, 3]);
      }
      expect(place.usual(hour)).toEqual([0, 0]);
      place.standing = true;
      for (let day = 0; day < 12; day++) {
        place.hour = hour + 24 * day;
        for (const worst of [-0.4, day / 4, 0]) place.keepPeak(worst, 20_000 + day);
      }
      place.last = [-0.5, 2.5];
      place.calm = 1e9;
      expect(place.calm).toBe(0xffff);
    }
    const saved = new Uint8Array(Buffer.concat(places.save()));
    const restored = new Places();
    expect(restored.load(saved, 0)).toBe(saved.byteLength);
    const place = restored.get(70_000)!;
    expect(place.peaks).toEqual([0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.75]);
    expect([place.standing, place.last, place.told, place.judged]).toEqual([true, [-0.5, 2.5], 3, 0]);
    place.close();
    expect([place.members, place.expected, place.told, place.level]).toEqual([[], 3, 0, 0]);
    expect([place.judged, place.standing, place.peaks.length]).toEqual([hour + 24 * 11, true, 11]);
    expect(restored.get(3)!.members).toEqual([900_000, 7, 12]);
    expect(restored.get(4)).toBeUndefined();
  });
});

describe('hours of a site', () => {
  it('know nothing before they are told, keep zones west of Greenwich, and turn with the clocks', () => {
    const hours = new SiteHours();
    for (const round of [WEEK, CLOCK, SALES])
      expect([hours.get(9, round, 400), hours.knows(9, round)]).toEqual([255, false]);
    expect([hours.zone(9), hours.slow(9, 1)]).toEqual([undefined, 255]);
    hours.setZone(9, 'America/St_Johns', -2.5 * 3_600_000);
    hours.setZone(10, 'Pacific/Kiritimati', 14 * 3_600_000);
    hours.set(9, WEEK, 335, 200);
    hours.set(9, CLOCK, 47, 0);
    hours.setSlow(9, 3, 249);
    const { zones, parts } = hours.save();
    const saved = new Uint8Array(Buffer.concat(parts));
    const restored = new SiteHours();
    expect(restored.load(zones, saved, 0)).toBe(saved.byteLength);
    expect(restored.zone(9)).toEqual({ name: 'America/St_Johns', offset: -9_000_000 });
    expect(restored.zone(10)).toEqual({ name: 'Pacific/Kiritimati', offset: 50_400_000 });
    expect([335, 335 + 336, 334].map((slot) => restored.get(9, WEEK, slot))).toEqual([200, 200, 255]);
    expect([restored.get(9, CLOCK, 47), restored.get(9, CLOCK, 46), restored.knows(9, SALES)]).toEqual([0, 255, false]);
    expect([restored.slow(9, 3 + 48), restored.slow(9, 2), restored.slow(10, 3)]).toEqual([249, 255, 255]);
    restored.turn(9, WEEK, 2);
    expect([333, 335].map((slot) => restored.get(9, WEEK, slot))).toEqual([200, 255]);
    expect(restored.sites()).toEqual([9, 10]);
  });
});

describe('a terminal', () => {
  it('keeps its flags, its line and its days away apart', () => {
    const t = new Terminals();
    const tenant = asTenantId('t1');
    const [one, two] = [t.add(tenant, 'A'), t.add(tenant, 'B')];
    t.setFleet(one, 70_001);
    t.setInt(one, FLAGS, DOWN | STARTED);
    t.setLine(one, MOBILE);
    t.setAwayDays(one, 0x7f);
    t.setInt(one, FLAGS, t.int(one, FLAGS) & ~DOWN);
    t.setLine(one, FIXED);
    expect([t.line(one), t.awayDays(one), t.int(one, FLAGS) & 0x3f]).toEqual([FIXED, 0x7f, STARTED]);
    t.setAwayDays(one, 1);
    expect([t.line(one), t.awayDays(one), t.line(two), t.awayDays(two), t.int(two, FLAGS)]).toEqual([
      FIXED,
      1,
      0,
      0,
      0,
    ]);
    const restored = new Terminals();
    const { tenants, fleets, parts } = t.save();
    restored.load(tenants, fleets, new Uint8Array(Buffer.concat(parts)), 0);
    expect([restored.fleet(two), restored.line(one)]).toEqual([70_001, FIXED]);
  });
});

describe('detector state', () => {
  it('costs what a terminal sends: half as much for few fields as for many', () => {
    const bytes = (body: object): number => {
      const engine = new Engine();
      for (let beat = 0; beat < 30; beat++) {
        for (let i = 0; i < 1000; i++) engine.process(heartbeat(`T${i}`, 1_760_000_000_000 + beat * 600_000 + i, body));
      }
      return engine.stats.bytes / engine.stats.terminals;
    };
    const battery = { soc_pct: 80, voltage_mv: 7600, current_ma: -200, temp_c: 30, status: 'discharging' };
    const printer = { state: 'ok', head_temp_c: 40, head_ohm: 1200, head_mv: 24_000, dead_dots: 0 };
    const network = { bearer: 'lte', rsrp_dbm: -90, rsrq_db: -10, sinr_db: 12, rtt_ms: 80, loss_pct: 0 };
    const system = { mem_free_mb: 200, flash_free_mb: 900, temp_c: 28 };
    expect(bytes({ battery, printer, network, system })).toBeLessThan(1000);
    expect(bytes({ battery: { soc_pct: 80 } })).toBeLessThan(500);
  });
});
