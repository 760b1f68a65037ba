import type { TruthLine } from '../../analytics/core/score.ts';
import type { Reading } from '../../contract/reading.ts';

const HOUR = 3_600_000;
const BUCKET = 1.5 * HOUR;
/** A day is taken in quarters: what is usual at noon is not usual at night. */
const PARTS = 4;
const PART = 6 * HOUR;
/** Evidence in nats from which counters show a fault, and spreads from which a gauge does. */
const NATS = 11;
const SPREADS = 5;
/** A counter that adds less than this to the others adds nothing. */
const LEAST_NATS = 3;
/** Buckets that a gauge is averaged over: an hour and a half, and six hours. */
const WINDOWS = [1, 4] as const;
/** Least windows of a gauge's past by which its scatter is known. */
const PAST = 12;

/** What a printer's errors are counted by; errors of links, packs and computers are counted by the hours they were on. */
const COUNTED_BY: Readonly<Record<string, string>> = {
  'printer.retries_total': 'printer.jobs_total',
  'printer.jams_total': 'printer.jobs_total',
  'printer.overheats_total': 'printer.jobs_total',
  'printer.low_voltage_stops_total': 'printer.jobs_total',
  'printer.cutter_errors_total': 'printer.cuts_total',
  'reader.chip_fail_total': 'reader.chip_ok_total',
  'reader.swipe_fail_total': 'reader.swipe_ok_total',
  'reader.tap_fail_total': 'reader.tap_ok_total',
};
/** Totals that grow with use, not with trouble. */
const WORK = /_ok_total$|bytes_|charge_sessions|flash_writes|jobs_total|cuts_total|printed_mm|paper_outs/;
/** Gauges that run on by themselves. */
const CLOCKS = new Set(['uptime_s', 'cycles']);
/** Fields that say a state. */
const STATES = new Set(['state', 'status', 'bearer']);

/** Sums of one gauge (or of one counter's growth) by bucket; the bucket that is being filled lies in `sum`, `n`. */
interface Sums {
  bucket: number;
  sum: number;
  n: number;
  /** A counter's last total. */
  last: number | undefined;
  readonly done: Map<number, readonly [sum: number, n: number]>;
}

/** By component, then by field; a state is as many fields as it has values. */
type Fields = Record<string, Record<string, Sums>>;

interface Seen {
  readonly gauges: Fields;
  readonly states: Record<string, Record<string, Sums>>;
  readonly counters: Fields;
  readonly beats: Sums;
}

/**
 * Somebody who is told afterwards which part failed and when its fault began, and who judges every counter and gauge of that part against
 * its own past until then. What even they could not have seen when the lead ran out was announced by nothing that was sent. They know no
 * derived measure (capacity by drain, charging speed) and no other terminal, so a failure may be announced that they do not see.
 */
export class InformedObserver {
  readonly #terminals = new Map<string, Seen>();

  see({ tenant, terminal, channel, ts, payload }: Reading): void {
    if (channel !== 'heartbeat' && channel !== 'counters') return;
    const key = `${tenant}/${terminal}`;
    let seen = this.#terminals.get(key);
    if (!seen) {
      seen = { gauges: {}, states: {}, counters: {}, beats: empty() };
      this.#terminals.set(key, seen);
    }
    const bucket = Math.floor(ts / BUCKET);
    if (channel === 'heartbeat') add(seen.beats, bucket, 1);
    const groups = payload as unknown as Record<string, Record<string, unknown>>;
    for (const group in groups) {
      const fields = groups[group];
      if (typeof fields !== 'object') continue;
      for (const field in fields) {
        const value = fields[field];
        if (channel === 'counters')
          count(of(of(seen.counters, group, fieldless), field, empty), bucket, value as number);
        else if (typeof value === 'number') add(of(of(seen.gauges, group, fieldless), field, empty), bucket, value);
        else if (STATES.has(field)) beIn(of(seen.states, `${group}.${field}`, fieldless), value as string, bucket);
      }
    }
  }

  /** Whether the fault showed by `due`, a time in ms, in the readings of its component. */
  saw({ tenant, terminal, component, onset_at: onset }: TruthLine, due: number): boolean {
    const seen = this.#terminals.get(`${tenant}/${terminal}`);
    if (!seen) return false;
    const from = Math.floor(onset / BUCKET);
    const until = Math.floor(due / BUCKET);
    return natsOf(seen, component, from, until) >= NATS || spreadsOf(seen, component, from, until) >= SPREADS;
  }
}

function empty(): Sums {
  return { bucket: Number.NaN, sum: 0, n: 0, last: undefined, done: new Map() };
}

function fieldless(): Record<string, Sums> {
  return {};
}

function of<T>(all: Record<string, T>, key: string, make: () => T): T {
  let one = all[key];
  if (one === undefined) {
    one = make();
    all[key] = one;
  }
  return one;
}

function add(sums: Sums, bucket: number, value: number): void {
  if (sums.bucket !== bucket) settle(sums);
  sums.bucket = bucket;
  sums.sum += value;
  sums.n++;
}

/** Puts what is being filled to what is done; late readings open a bucket again. */
function settle(sums: Sums): Sums['done'] {
  if (sums.n > 0) {
    const [sum, n] = sums.done.get(sums.bucket) ?? [0, 0];
    sums.done.set(sums.bucket, [sum + sums.sum, n + sums.n]);
    sums.sum = 0;
    sums.n = 0;
  }
  return sums.done;
}

function count(sums: Sums, bucket: number, total: number): void {
  const before = sums.last;
  sums.last = total;
  if (before !== undefined && total >= before) add(sums, bucket, total - before);
}

/** The share of the time that a state has each of its values. */
function beIn(values: Record<string, Sums>, value: string, bucket: number): void {
  of(values, value, empty);
  for (const name in values) add(values[name]!, bucket, name === value ? 1 : 0);
}

/** Log likelihood ratio, in nats, of each counter's errors since the best of all starts after onset against its rate before; counters add up. */
function natsOf(seen: Seen, component: string, from: number, until: number): number {
  let together = 0;
  for (const [field, sums] of Object.entries(seen.counters[component] ?? {})) {
    if (WORK.test(field)) continue;
    const errors = settle(sums);
    const chances = chancesOf(seen, `${component}.${field}`, errors);
    let n0 = 0;
    // One error more than was seen: honest about what is not known.
    let k0 = 1;
    for (const [bucket, n] of chances) {
      if (bucket >= from) continue;
      n0 += n;
      k0 += errors.get(bucket)?.[0] ?? 0;
    }
    if (n0 === 0) continue;
    let k = 0;
    let n = 0;
    let most = 0;
    for (let bucket = until - 1; bucket >= from; bucket--) {
      k += errors.get(bucket)?.[0] ?? 0;
      n += chances.get(bucket) ?? 0;
      const expected = (k0 / n0) * n;
      if (k > expected && expected > 0) most = Math.max(most, k * Math.log(k / expected) - (k - expected));
    }
    if (most > LEAST_NATS) together += most;
  }
  return together;
}

/** What errors are counted by: jobs, cuts, tries, or heartbeats; a total over heartbeats where what it goes by is not sent. */
function chancesOf(seen: Seen, key: string, errors: Sums['done']): ReadonlyMap<number, number> {
  const [group = '', field = ''] = (COUNTED_BY[key] ?? '').split('.');
  const work =
    seen.counters[group]?.[field] ?? (group === 'printer' ? seen.counters.printer?.printed_mm_total : undefined);
  const chances = new Map<number, number>();
  if (!work) for (const [bucket, [, n]] of settle(seen.beats)) chances.set(bucket, n);
  else for (const [bucket, [sum]] of settle(work)) chances.set(bucket, sum);
  if (!work || !field.endsWith('_ok_total')) return chances;
  for (const [bucket, [sum]] of errors) chances.set(bucket, (chances.get(bucket) ?? 0) + sum);
  return chances;
}

/** How far the gauge that shows most had come from its own past at that time of day, in spreads of its past. */
function spreadsOf(seen: Seen, component: string, from: number, until: number): number {
  const gauges = Object.entries(seen.gauges[component] ?? {}).filter(([field]) => !CLOCKS.has(field));
  const states = Object.entries(seen.states)
    .filter(([name]) => name.startsWith(`${component}.`))
    .flatMap(([, values]) => Object.entries(values));
  return Math.max(0, ...[...gauges, ...states].map(([, sums]) => apartOf(settle(sums), from, until)));
}

function apartOf(sums: Sums['done'], from: number, until: number): number {
  const usual = usualOf(sums, from);
  const left = [...sums]
    .sort(([a], [b]) => a - b)
    .flatMap(([bucket, [sum, n]]) => {
      const mean = usual[partOf(bucket)];
      return mean === undefined ? [] : [{ bucket, off: sum / n - mean }];
    });
  const before = left.filter(({ bucket }) => bucket < from);
  const since = left.filter(({ bucket }) => bucket < until);
  if ((since.at(-1)?.bucket ?? -1) < from) return 0;
  const floor = Math.abs(usual.find((v) => v !== undefined) ?? 0) * 0.005 + 1e-6;
  let most = 0;
  for (const width of WINDOWS) {
    const past = before.map((_, i) => meanOf(before, i + 1 - width, i + 1)).filter((v) => v !== undefined);
    const now = meanOf(since, since.length - width, since.length);
    if (past.length < PAST || now === undefined) continue;
    const middle = past.reduce((sum, v) => sum + v, 0) / past.length;
    const spread = Math.sqrt(past.reduce((sum, v) => sum + (v - middle) ** 2, 0) / past.length);
    most = Math.max(most, Math.abs(now - middle) / Math.max(spread, floor));
  }
  return most;
}

function partOf(bucket: number): number {
  return Math.floor((bucket * BUCKET) / PART) % PARTS;
}

/** Mean of a gauge in each quarter of the day before a bucket. */
function usualOf(sums: Sums['done'], before: number): (number | undefined)[] {
  const total = Array.from({ length: PARTS }, () => [0, 0] as [number, number]);
  for (const [bucket, [sum, n]] of sums) {
    if (bucket >= before) continue;
    const cell = total[partOf(bucket)]!;
    cell[0] += sum / n;
    cell[1]++;
  }
  return total.map(([sum, n]) => (n > 0 ? sum / n : undefined));
}

/** Mean of neighbours `from` … `until` − 1; undefined where there are not so many. */
function meanOf(of: readonly { readonly off: number }[], from: number, until: number): number | undefined {
  if (from < 0) return undefined;
  let sum = 0;
  for (let i = from; i < until; i++) sum += of[i]!.off;
  return sum / (until - from);
}
