import { DAY } from '../time.ts';

/** What a model looks at: columns of numbers, columns of words with the words it knows, and its horizon. */
export interface FeatureSpec {
  readonly horizonMs: number;
  readonly numbers: readonly string[];
  /** Columns that only grow: their growth counts, not their height. */
  readonly counters: readonly string[];
  readonly words: readonly WordColumn[];
  /** The looks at each number; models learned before there was a choice have the first five. */
  readonly aspects?: readonly Aspect[];
}

/** A column of words. `told`: its word changes on a device, so that how often each was said, and when last, counts too. */
export interface WordColumn {
  readonly column: string;
  readonly known: readonly string[];
  readonly told?: boolean;
}

/** One reading of one device; NaN and undefined where the table has nothing. Numbers and words in the spec's order. */
export interface ReadingRow {
  readonly at: number;
  readonly numbers: readonly number[];
  readonly words: readonly (string | undefined)[];
}

/** How a number can be looked at; `why` says it to people. */
const WHY = {
  now: 'last value',
  level: 'level of late',
  rise: 'rise of late',
  change: 'change from its own habit',
  unrest: 'unrest',
  lately: 'level of the last quarter horizon',
  long: 'level of four horizons',
  still: 'days since it last changed',
} as const;
export type Aspect = keyof typeof WHY;
export const ASPECTS = Object.keys(WHY) as readonly Aspect[];
const FIRST_ASPECTS: readonly Aspect[] = ['now', 'level', 'rise', 'change', 'unrest'];
const OWN = ['days in service', 'days since its last failure', 'hours since the reading before'] as const;

/** A feature: what it is called, and which column of the spec it is of; neither for those of the device itself. */
export interface Feature {
  readonly name: string;
  readonly number?: number;
  readonly word?: number;
  /** Place of the word that is counted, where it is not the column's word itself. */
  readonly said?: number;
}

/** The features of a spec, in order: of numbers, of words, of words told again and again, of the device. */
export function featuresOf(spec: FeatureSpec): Feature[] {
  const aspects = spec.aspects ?? FIRST_ASPECTS;
  return [
    ...spec.numbers.flatMap((column, number) =>
      aspects.map((aspect) => ({
        name: `${column}: ${spec.counters.includes(column) && aspect !== 'still' ? 'growth, ' : ''}${WHY[aspect]}`,
        number,
      })),
    ),
    ...spec.words.map(({ column }, word) => ({ name: column, word })),
    ...spec.words.flatMap(({ column, known, told }, word) =>
      (told ? known : []).flatMap((one, said) => [
        { name: `${column}: how often "${one}" of late`, word, said },
        { name: `${column}: days since "${one}"`, word, said },
      ]),
    ),
    ...OWN.map((name) => ({ name })),
  ];
}

/**
 * State of a device, all numbers: first and last reading, the gap between them, last failure (ms); the words known; then a track a number;
 * then, for each word that is told again and again, how often of late and when last.
 */
const FIRST = 0;
const LAST = 1;
const GAP = 2;
const FAILED = 3;
const HEAD = 4;
/** A track: last value, total (counters), when it was last told, means over a quarter of the horizon, it, and four of it, sum, count, unrest, when it last changed. */
const VALUE = 0;
const TOTAL = 1;
const TOLD = 2;
const SHORT = 3;
const LEVEL = 4;
const LONG = 5;
const SUM = 6;
const N = 7;
const UNREST = 8;
const CHANGED = 9;
const TRACK = 10;
const SAID = 2;

/**
 * Features of one device, in event time and bounded memory: each number's last value, its level over the horizon, how that rose against
 * four horizons, how it differs from the device's own mean of all time, and its unrest. Nothing ahead is looked at. The same for tables
 * and for readings as they come: a row may hold any part of the columns.
 */
export class DeviceFeatures {
  readonly #spec: FeatureSpec;
  readonly #counter: readonly boolean[];
  readonly #aspects: readonly Aspect[];
  readonly #width: number;
  /** All there is to remember: what it is made of again. */
  readonly state: Float64Array;

  constructor(spec: FeatureSpec, state?: Float64Array) {
    this.#spec = spec;
    this.#counter = spec.numbers.map((column) => spec.counters.includes(column));
    this.#aspects = spec.aspects ?? FIRST_ASPECTS;
    const tracks = HEAD + spec.words.length;
    const told = spec.words.reduce((sum, w) => sum + (w.told ? w.known.length : 0), 0);
    this.#width = spec.numbers.length * this.#aspects.length + spec.words.length + told * 2 + OWN.length;
    const said = tracks + spec.numbers.length * TRACK;
    this.state = state ?? new Float64Array(said + told * SAID).fill(Number.NaN);
    if (state) return;
    for (let at = tracks; at < said; at += TRACK) {
      this.state[at + SUM] = 0;
      this.state[at + N] = 0;
      this.state[at + UNREST] = 0;
    }
    for (let at = said; at < this.state.length; at += SAID) this.state[at] = 0;
  }

  /** When its last reading was, ms; NaN before the first. */
  get at(): number {
    return this.state[LAST]!;
  }

  /** The device failed (and was repaired): what comes after is counted from here. */
  failed(at: number): void {
    this.state[FAILED] = at;
  }

  take(row: ReadingRow): void {
    const s = this.state;
    const { words, numbers } = this.#spec;
    s[GAP] = Number.isNaN(s[LAST]!) ? 0 : row.at - s[LAST]!;
    if (Number.isNaN(s[FIRST]!)) s[FIRST] = row.at;
    s[LAST] = row.at;
    const tracks = HEAD + words.length;
    let said = tracks + numbers.length * TRACK;
    const faded = Math.exp(-Math.max(s[GAP]!, 0) / this.#spec.horizonMs);
    for (let w = 0; w < words.length; w++) {
      const { known, told } = words[w]!;
      const word = row.words[w];
      const place = word === undefined ? -1 : known.indexOf(word);
      if (word !== undefined) s[HEAD + w] = place < 0 ? Number.NaN : place;
      if (!told) continue;
      for (let k = 0; k < known.length; k++) s[said + k * SAID]! *= faded;
      if (place >= 0) {
        s[said + place * SAID]! += 1;
        s[said + place * SAID + 1] = row.at;
      }
      said += known.length * SAID;
    }
    for (let c = 0; c < numbers.length; c++) this.#track(tracks + c * TRACK, c, row.numbers[c]!, row.at);
  }

  #track(at: number, c: number, given: number, now: number): void {
    if (Number.isNaN(given)) return;
    const s = this.state;
    const passed = Number.isNaN(s[at + TOLD]!) ? 0 : now - s[at + TOLD]!;
    s[at + TOLD] = now;
    let value = given;
    if (this.#counter[c]) {
      const before = s[at + TOTAL]!;
      s[at + TOTAL] = given;
      if (Number.isNaN(before) || passed <= 0) return;
      // A step back is a restart from zero; growth is per day.
      value = ((given >= before ? given - before : given) * DAY) / passed;
    }
    if (this.#counter[c] ? value !== 0 : value !== s[at + VALUE]!) s[at + CHANGED] = now;
    s[at + VALUE] = value;
    s[at + SUM]! += value;
    s[at + N]! += 1;
    if (Number.isNaN(s[at + LEVEL]!)) {
      s[at + SHORT] = s[at + LEVEL] = s[at + LONG] = value;
      return;
    }
    const { horizonMs } = this.#spec;
    s[at + UNREST]! += (Math.abs(value - s[at + SHORT]!) - s[at + UNREST]!) * share(passed, horizonMs);
    s[at + SHORT]! += (value - s[at + SHORT]!) * share(passed, horizonMs / 4);
    s[at + LEVEL]! += (value - s[at + LEVEL]!) * share(passed, horizonMs);
    s[at + LONG]! += (value - s[at + LONG]!) * share(passed, horizonMs * 4);
  }

  /** The features now, in the order of `featuresOf`; NaN where unknown. */
  now(): Float64Array {
    const s = this.state;
    const { words, numbers } = this.#spec;
    const out = new Float64Array(this.#width).fill(Number.NaN);
    let k = 0;
    let at = HEAD + words.length;
    for (let c = 0; c < numbers.length; c++, at += TRACK) {
      for (const aspect of this.#aspects) out[k++] = s[at + N]! > 0 ? this.#aspect(aspect, at) : Number.NaN;
    }
    for (let w = 0; w < words.length; w++) out[k++] = s[HEAD + w]!;
    for (; at < s.length; at += SAID) {
      out[k++] = s[at]!;
      out[k++] = (s[LAST]! - s[at + 1]!) / DAY;
    }
    out[k] = (s[LAST]! - s[FIRST]!) / DAY;
    out[k + 1] = (s[LAST]! - s[FAILED]!) / DAY;
    out[k + 2] = s[GAP]! / 3_600_000;
    return out;
  }

  #aspect(aspect: Aspect, at: number): number {
    const s = this.state;
    switch (aspect) {
      case 'now':
        return s[at + VALUE]!;
      case 'level':
        return s[at + LEVEL]!;
      case 'rise':
        return s[at + SHORT]! - s[at + LONG]!;
      case 'change':
        return s[at + LEVEL]! - s[at + SUM]! / s[at + N]!;
      case 'unrest':
        return s[at + UNREST]!;
      case 'lately':
        return s[at + SHORT]!;
      case 'long':
        return s[at + LONG]!;
      case 'still':
        return (s[LAST]! - s[at + CHANGED]!) / DAY;
    }
  }

  /** What a column of numbers usually is on this device: its own mean. */
  usual(number: number): number | null {
    const at = HEAD + this.#spec.words.length + number * TRACK;
    const n = this.state[at + N];
    return n === undefined || !(n > 0) ? null : this.state[at + SUM]! / n;
  }
}

/** The spec with only those columns, and where each of its features was in the old one. */
export function narrowed(
  spec: FeatureSpec,
  numbers: ReadonlySet<number>,
  words: ReadonlySet<number>,
): { spec: FeatureSpec; was: number[] } {
  const kept = spec.numbers.filter((_, i) => numbers.has(i));
  const was = featuresOf(spec).flatMap(({ number, word }, i) =>
    (number === undefined || numbers.has(number)) && (word === undefined || words.has(word)) ? [i] : [],
  );
  const counters = spec.counters.filter((column) => kept.includes(column));
  return { spec: { ...spec, numbers: kept, counters, words: spec.words.filter((_, i) => words.has(i)) }, was };
}

/** Weight of a new value in an exponential mean with time constant `over`, after `passed`. */
function share(passed: number, over: number): number {
  return 1 - Math.exp(-Math.max(passed, 0) / over);
}
