import { DAY } from '../time.ts';

/** What a model looks at: columns of numbers, columns of words with the words it knows, and its horizon. */
export interface FeatureSpec {
  readonly horizonMs: number;
  readonly numbers: readonly string[];
  /** Columns that only grow: their growth counts, not their height. */
  readonly counters: readonly string[];
  readonly words: readonly { readonly column: string; readonly known: readonly string[] }[];
}

/** One reading of one device; NaN and undefined where the table has nothing. Numbers and words in the spec's order. */
export interface ReadingRow {
  readonly at: number;
  readonly numbers: readonly number[];
  readonly words: readonly (string | undefined)[];
}

/** How each number is looked at; `why` says it to people. */
const ASPECTS = ['now', 'level', 'rise', 'change', 'unrest'] as const;
type Aspect = (typeof ASPECTS)[number];

const WHY: Readonly<Record<Aspect, string>> = {
  now: 'last value',
  level: 'level of late',
  rise: 'rise of late',
  change: 'change from its own habit',
  unrest: 'unrest',
};

/** Names of the features, in order. */
export function featureNames(spec: FeatureSpec): string[] {
  return [
    ...spec.numbers.flatMap((column) =>
      ASPECTS.map((aspect) => `${column}: ${spec.counters.includes(column) ? `growth, ${WHY[aspect]}` : WHY[aspect]}`),
    ),
    ...spec.words.map(({ column }) => column),
    'days in service',
    'days since its last failure',
    'hours since the reading before',
  ];
}

/** State of a device, all numbers: first and last reading, the gap between them, last failure (ms); the words known; then a track a number. */
const FIRST = 0;
const LAST = 1;
const GAP = 2;
const FAILED = 3;
const HEAD = 4;
/** A track: last value, total (counters), when it was last told, means over a quarter of the horizon, it, and four of it, sum, count, unrest. */
const VALUE = 0;
const TOTAL = 1;
const TOLD = 2;
const SHORT = 3;
const LEVEL = 4;
const LONG = 5;
const SUM = 6;
const N = 7;
const UNREST = 8;
const TRACK = 9;

/**
 * Features of one device, in event time and bounded memory: each number's last value, its level over the horizon, how that rose against
 * four horizons, how it differs from the device's own mean of all time, and its unrest. Nothing ahead is looked at. The same for tables
 * and for readings as they come: a row may hold any part of the columns.
 */
export class DeviceFeatures {
  readonly #spec: FeatureSpec;
  readonly #counter: readonly boolean[];
  /** All there is to remember: what it is made of again. */
  readonly state: Float64Array;

  constructor(spec: FeatureSpec, state?: Float64Array) {
    this.#spec = spec;
    this.#counter = spec.numbers.map((column) => spec.counters.includes(column));
    const tracks = HEAD + spec.words.length;
    this.state = state ?? new Float64Array(tracks + spec.numbers.length * TRACK).fill(Number.NaN);
    if (state) return;
    for (let at = tracks; at < this.state.length; at += TRACK) {
      this.state[at + SUM] = 0;
      this.state[at + N] = 0;
      this.state[at + UNREST] = 0;
    }
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
    for (let w = 0; w < words.length; w++) {
      const word = row.words[w];
      if (word === undefined) continue;
      const at = words[w]!.known.indexOf(word);
      s[HEAD + w] = at < 0 ? Number.NaN : at;
    }
    const tracks = HEAD + words.length;
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

  /** The features now, in the order of `featureNames`; NaN where unknown. */
  now(): Float64Array {
    const s = this.state;
    const { words, numbers } = this.#spec;
    const out = new Float64Array(numbers.length * ASPECTS.length + words.length + 3).fill(Number.NaN);
    let k = 0;
    for (let at = HEAD + words.length; at < s.length; at += TRACK) {
      if (s[at + N]! > 0) {
        out[k] = s[at + VALUE]!;
        out[k + 1] = s[at + LEVEL]!;
        out[k + 2] = s[at + SHORT]! - s[at + LONG]!;
        out[k + 3] = s[at + LEVEL]! - s[at + SUM]! / s[at + N]!;
        out[k + 4] = s[at + UNREST]!;
      }
      k += ASPECTS.length;
    }
    for (let w = 0; w < words.length; w++) out[k + w] = s[HEAD + w]!;
    k += words.length;
    out[k] = (s[LAST]! - s[FIRST]!) / DAY;
    out[k + 1] = (s[LAST]! - s[FAILED]!) / DAY;
    out[k + 2] = s[GAP]! / 3_600_000;
    return out;
  }

  /** What a feature's column usually is on this device: its own mean, where the feature is of a number. */
  usual(feature: number): number | null {
    const at = HEAD + this.#spec.words.length + Math.floor(feature / ASPECTS.length) * TRACK;
    const n = this.state[at + N];
    return n === undefined || !(n > 0) ? null : this.state[at + SUM]! / n;
  }
}

/** Columns of numbers by feature, and of words: which column of a spec a feature is of; undefined for those of the device itself. */
export function columnOf(spec: FeatureSpec, feature: number): { number?: number; word?: number } | undefined {
  const numbers = spec.numbers.length * ASPECTS.length;
  if (feature < numbers) return { number: Math.floor(feature / ASPECTS.length) };
  return feature < numbers + spec.words.length ? { word: feature - numbers } : undefined;
}

/** The spec with only those columns, and where each of its features was in the old one. */
export function narrowed(
  spec: FeatureSpec,
  numbers: ReadonlySet<number>,
  words: ReadonlySet<number>,
): { spec: FeatureSpec; was: number[] } {
  const kept = spec.numbers.map((_, i) => i).filter((i) => numbers.has(i));
  const said = spec.words.map((_, i) => i).filter((i) => words.has(i));
  const all = spec.numbers.length * ASPECTS.length;
  const own = all + spec.words.length;
  return {
    spec: {
      horizonMs: spec.horizonMs,
      numbers: kept.map((i) => spec.numbers[i]!),
      counters: spec.counters.filter((column) => kept.some((i) => spec.numbers[i] === column)),
      words: said.map((i) => spec.words[i]!),
    },
    was: [
      ...kept.flatMap((i) => ASPECTS.map((_, a) => i * ASPECTS.length + a)),
      ...said.map((i) => all + i),
      own,
      own + 1,
      own + 2,
    ],
  };
}

/** Weight of a new value in an exponential mean with time constant `over`, after `passed`. */
function share(passed: number, over: number): number {
  return 1 - Math.exp(-Math.max(passed, 0) / over);
}
