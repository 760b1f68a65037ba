import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import { newCurve, newHistories, pushHistory, readHistory } from '../../analytics/core/history.ts';
import { NameTable } from '../../analytics/core/names.ts';
import { pack, packSigned, unpack, unpackSigned } from '../../analytics/core/packed.ts';
import { Slab } from '../../analytics/core/slab.ts';
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

  it('seldom moves what it holds: a large fleet that is new is taken in without copying it over and over', () => {
    const slab = new Slab(4);
    const seen = new Set<Uint32Array>();
    for (let i = 0; i < 400_000; i++) seen.add(slab.words(slab.allocate()));
    // A hundred chunks, and the steps by which the first two dozen grow.
    expect(seen.size).toBeLessThan(400);
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
    const histories = newHistories();
    const id = histories.allocate();
    for (let day = 0; day < 365; day += 0.0625) pushHistory(histories, id, 2000 + day, day / 365, 100);
    const { n, t, y } = readHistory(histories, id, newCurve());
    expect(n).toBeGreaterThan(8);
    for (let i = 0; i < n; i++) expect(y[i]).toBeCloseTo((t[i]! - 2000) / 365, 2);
    expect(t[0]! - 2000).toBeLessThan(45);
    expect(t[n - 1]! - 2000).toBeGreaterThan(320);
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
