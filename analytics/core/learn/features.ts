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

interface Track {
  last: number;
  /** Counters: the total before. */
  total: number;
  short: number;
  level: number;
  long: number;
  sum: number;
  n: number;
  unrest: number;
}

/**
 * Features of one device, in event time and bounded memory: each number's last value, its level over the horizon, how that rose against
 * four horizons, how it differs from the device's own mean of all time, and its unrest. Nothing ahead is looked at.
 */
export class DeviceFeatures {
  readonly #spec: FeatureSpec;
  readonly #tracks: Track[];
  readonly #counter: readonly boolean[];
  #first = Number.NaN;
  #last = Number.NaN;
  #gap = Number.NaN;
  #failed = Number.NaN;
  #words: readonly (string | undefined)[] = [];

  constructor(spec: FeatureSpec) {
    this.#spec = spec;
    this.#counter = spec.numbers.map((column) => spec.counters.includes(column));
    this.#tracks = spec.numbers.map(() => ({
      last: Number.NaN,
      total: Number.NaN,
      short: Number.NaN,
      level: Number.NaN,
      long: Number.NaN,
      sum: 0,
      n: 0,
      unrest: 0,
    }));
  }

  /** When its last reading was, ms; NaN before the first. */
  get at(): number {
    return this.#last;
  }

  /** The device failed (and was repaired): what comes after is counted from here. */
  failed(at: number): void {
    this.#failed = at;
  }

  take(row: ReadingRow): void {
    const passed = Number.isNaN(this.#last) ? 0 : row.at - this.#last;
    if (Number.isNaN(this.#first)) this.#first = row.at;
    this.#gap = passed;
    this.#last = row.at;
    this.#words = row.words;
    for (let c = 0; c < this.#tracks.length; c++) this.#track(this.#tracks[c]!, c, row.numbers[c]!, passed);
  }

  #track(track: Track, c: number, given: number, passed: number): void {
    if (Number.isNaN(given)) return;
    let value = given;
    if (this.#counter[c]) {
      const before = track.total;
      track.total = given;
      if (Number.isNaN(before) || passed <= 0) return;
      // A step back is a restart from zero; growth is per day.
      value = ((given >= before ? given - before : given) * DAY) / passed;
    }
    track.last = value;
    track.sum += value;
    track.n++;
    if (Number.isNaN(track.level)) {
      track.short = track.level = track.long = value;
      return;
    }
    const { horizonMs } = this.#spec;
    track.unrest += (Math.abs(value - track.short) - track.unrest) * share(passed, horizonMs);
    track.short += (value - track.short) * share(passed, horizonMs / 4);
    track.level += (value - track.level) * share(passed, horizonMs);
    track.long += (value - track.long) * share(passed, horizonMs * 4);
  }

  /** The features now, in the order of `featureNames`; NaN where unknown. */
  now(): Float64Array {
    const { words, numbers } = this.#spec;
    const out = new Float64Array(numbers.length * ASPECTS.length + words.length + 3).fill(Number.NaN);
    let k = 0;
    for (const track of this.#tracks) {
      if (track.n > 0) {
        out[k] = track.last;
        out[k + 1] = track.level;
        out[k + 2] = track.short - track.long;
        out[k + 3] = track.level - track.sum / track.n;
        out[k + 4] = track.unrest;
      }
      k += ASPECTS.length;
    }
    words.forEach(({ known }, i) => {
      const at = known.indexOf(this.#words[i] ?? '');
      if (at >= 0) out[k + i] = at;
    });
    k += words.length;
    out[k] = (this.#last - this.#first) / DAY;
    out[k + 1] = Number.isNaN(this.#failed) ? Number.NaN : (this.#last - this.#failed) / DAY;
    out[k + 2] = this.#gap / 3_600_000;
    return out;
  }
}

/** Weight of a new value in an exponential mean with time constant `over`, after `passed`. */
function share(passed: number, over: number): number {
  return 1 - Math.exp(-Math.max(passed, 0) / over);
}
