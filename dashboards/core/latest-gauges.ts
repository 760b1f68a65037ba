import { GAUGES, TEXTS } from '../../contract/metrics.ts';
import type { Heartbeat } from '../../contract/payloads.ts';
import { Dictionary } from './dictionary.ts';

/** Access points are left out: there are as many of them as shops, and nobody sorts by them. */
const WORDS = TEXTS.filter((metric) => metric.key !== 'network.bssid');
const WIDTH = GAUGES.length;
const GROUPS = [...new Set([...GAUGES, ...WORDS].map((metric) => metric.group))];
const gaugesOf = new Map(
  GROUPS.map((group) => [group, GAUGES.flatMap((m, i) => (m.group === group ? [{ i, field: m.field }] : []))]),
);
const wordsOf = new Map(
  GROUPS.map((group) => [group, WORDS.flatMap((m, i) => (m.group === group ? [{ i, field: m.field }] : []))]),
);

/**
 * The newest heartbeat of each terminal, 120 bytes a row: gauges as single-precision floats (NaN where never reported), words by code.
 * A value keeps standing until a newer message reports it again; late messages change nothing.
 */
export class LatestGauges {
  #capacity = 256;
  #ts = new Float64Array(this.#capacity);
  #gauges = new Float32Array(this.#capacity * WIDTH).fill(Number.NaN);
  #words = new Uint32Array(this.#capacity * WORDS.length);
  readonly #dictionaries = WORDS.map(() => new Dictionary());
  readonly #custom = new Map<number, Readonly<Record<string, number | undefined>>>();

  /** Takes a heartbeat at its corrected event time; false when it is older than what is known. */
  observe(row: number, ts: number, heartbeat: Heartbeat): boolean {
    if (row >= this.#capacity) this.#grow(row);
    if (ts <= this.#ts[row]!) return false;
    this.#ts[row] = ts;
    for (const group of GROUPS) {
      const source = heartbeat[group as keyof Heartbeat] as Record<string, number | string | undefined> | undefined;
      if (source === undefined) continue;
      for (const { i, field } of gaugesOf.get(group)!) {
        const value = source[field];
        if (value !== undefined) this.#gauges[row * WIDTH + i] = value as number;
      }
      for (const { i, field } of wordsOf.get(group)!) {
        const value = source[field];
        if (value !== undefined) this.#words[row * WORDS.length + i] = this.#dictionaries[i]!.code(value as string);
      }
    }
    if (heartbeat.custom) this.#custom.set(row, heartbeat.custom);
    return true;
  }

  /** Event time of the newest heartbeat, ms; 0 when there was none. */
  ts(row: number): number {
    return row < this.#capacity ? this.#ts[row]! : 0;
  }

  /** A gauge's newest value, or null. Single precision: given back with seven digits. */
  gauge(row: number, key: string): number | null {
    const i = GAUGES.findIndex((metric) => metric.key === key);
    const value = i < 0 || row >= this.#capacity ? Number.NaN : this.#gauges[row * WIDTH + i]!;
    return Number.isNaN(value) ? null : sevenDigits(value);
  }

  word(row: number, key: string): string | null {
    const i = WORDS.findIndex((metric) => metric.key === key);
    if (i < 0 || row >= this.#capacity) return null;
    return this.#dictionaries[i]!.word(this.#words[row * WORDS.length + i]!);
  }

  /** All that is known of a row, by metric key. */
  values(row: number): Record<string, number | string> {
    const values: Record<string, number | string> = {};
    if (row >= this.#capacity) return values;
    for (let i = 0; i < WIDTH; i++) {
      const value = this.#gauges[row * WIDTH + i]!;
      if (!Number.isNaN(value)) values[GAUGES[i]!.key] = sevenDigits(value);
    }
    for (let i = 0; i < WORDS.length; i++) {
      const word = this.#dictionaries[i]!.word(this.#words[row * WORDS.length + i]!);
      if (word !== null) values[WORDS[i]!.key] = word;
    }
    for (const [name, value] of Object.entries(this.#custom.get(row) ?? {})) {
      if (value !== undefined) values[`custom.${name}`] = value;
    }
    return values;
  }

  #grow(row: number): void {
    const before = this.#gauges.length;
    while (this.#capacity <= row) this.#capacity *= 2;
    const ts = new Float64Array(this.#capacity);
    ts.set(this.#ts);
    this.#ts = ts;
    const gauges = new Float32Array(this.#capacity * WIDTH);
    gauges.set(this.#gauges);
    this.#gauges = gauges.fill(Number.NaN, before);
    const words = new Uint32Array(this.#capacity * WORDS.length);
    words.set(this.#words);
    this.#words = words;
  }
}

function sevenDigits(value: number): number {
  return Number(value.toPrecision(7));
}
