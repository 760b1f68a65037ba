import type { Cases } from './cases.ts';
import { type ChannelView, type GroupShift, UNSEEN } from './channel.ts';
import type { Clumps } from './clumps.ts';
import type { Detector } from './detector.ts';
import { GaugeChannel } from './gauge-channel.ts';
import { type Histories, newCurve } from './history.ts';
import { RateChannel } from './rate-channel.ts';
import {
  bucketOf,
  closedOf,
  gapOf,
  isHurried,
  LOOKS,
  lookOf,
  MOST_GAP,
  SINCE,
  setBucket,
  setClosed,
  setHurried,
  setLook,
} from './record.ts';
import { RecordCursor } from './record-cursor.ts';
import type { ChannelState } from './state.ts';
import { HOUR, toDays } from './time.ts';

/** Day parts begin at these hours (UTC): only their repeating every day matters. */
const PART_MS = 6 * HOUR;

/** A cursor over one component's state of one terminal: its channels, which take in samples and errors and judge them bucket by bucket. */
export class Block extends RecordCursor {
  readonly histories: Histories;
  readonly curve = newCurve();
  readonly #cases: Cases;
  readonly #gauges: readonly GaugeChannel[];
  readonly #rates: readonly RateChannel[];
  /** Of its detector, asked for with each message. */
  readonly #bucketMs: number;
  readonly #hurries: boolean;
  readonly #clumpsOf: ((model: number) => Clumps) | undefined;
  /** The terminal's model; 0 where it is not known. */
  model = 0;

  /** `clumpsOf` tells by how much terminals of a model count one event; one each where left out. */
  constructor(detector: Detector, state: ChannelState, clumpsOf?: (model: number) => Clumps) {
    super(detector, state.records);
    this.histories = state.histories;
    this.#clumpsOf = clumpsOf;
    this.#cases = state.cases;
    this.#gauges = detector.gauges.map((_, i) => new GaugeChannel(detector, i, state));
    this.#rates = detector.rates.map((_, i) => new RateChannel(detector, i, state));
    this.#bucketMs = detector.bucketMs;
    this.#hurries = !detector.liveOnly;
  }

  /** Has what is held against its channels moved. */
  relocate(moveCase: (id: number) => number, moveHistory: (id: number) => number): void {
    this.#cases.relocate(this.record, moveCase, moveHistory);
  }

  /** Adds a sample of a gauge. */
  gauge(i: number, value: number): void {
    if (this.lacks(this.layout.gauges[i]!, i)) this.grow(i);
    this.#gauges[i]!.add(this.record, this.layout.gauges[i]!, value);
  }

  /** Adds errors and units of use. */
  rate(i: number, errors: number, units: number): void {
    const field = this.#gauges.length + i;
    if (this.lacks(this.layout.rates[i]!, field)) this.grow(field);
    this.#rates[i]!.add(this.record, this.layout.rates[i]!, errors, units);
  }

  /** Events that a rate's counter grew by, where its model counts each of them several times. */
  events(i: number, errors: number): number {
    if (errors <= 0 || this.model === 0) return errors;
    return this.#clumpsOf?.(this.model).events(i, errors) ?? errors;
  }

  /** True when the message belongs to a later bucket than the one being gathered. */
  get due(): boolean {
    return this.now >= (bucketOf(this.record) + 1) * this.#bucketMs;
  }

  /** True when the bucket under way has not been looked at for a third of it. */
  get stirs(): boolean {
    return this.#hurries && this.look > lookOf(this.record);
  }

  /**
   * Looks at the bucket under way: what is so far out that no more of it is needed is judged now, and gathered anew. True where that leaves
   * something under suspicion.
   */
  hurry(group: GroupShift): boolean {
    const record = this.record;
    const look = this.look;
    const before = lookOf(record);
    setLook(record, look);
    if (closedOf(record) < this.detector.learnBuckets) return false;
    const third = this.detector.bucketMs / LOOKS;
    const middle = toDays(((before + look) / 2) * third);
    const part = Math.floor((bucketOf(record) * this.detector.bucketMs) / PART_MS) % 4;
    let suspect = false;
    for (let i = 0; i < this.#gauges.length; i++) {
      const cell = this.layout.gauges[i]!;
      if (cell === 0 || !this.#gauges[i]!.runsAway(record, cell, part)) continue;
      setHurried(record);
      if (this.#gauges[i]!.close(record, cell, middle, part, group, 1 / LOOKS)) suspect = true;
    }
    for (let i = this.#rates.length - 1; i >= 0; i--) {
      const cell = this.layout.rates[i]!;
      if (cell === 0 || !this.#rates[i]!.runsAway(record, cell)) continue;
      setHurried(record);
      if (this.#rates[i]!.close(record, cell, this.#keeper(i), false, middle, group, 1 / LOOKS, true)) suspect = true;
    }
    return suspect;
  }

  /** Closes the bucket under way: scores it against what was known before, then learns from it. True where something is under suspicion. */
  close(group: GroupShift): boolean {
    const record = this.record;
    const { bucketMs } = this.detector;
    const bucket = bucketOf(record);
    const next = Math.floor(this.now / bucketMs);
    // Where a part of it has been judged, what is left is of its end.
    const share = isHurried(record) ? 1 / LOOKS : 1;
    const middle = toDays((bucket + 1 - share / 2) * bucketMs);
    const part = Math.floor((bucket * bucketMs) / PART_MS) % 4;
    const gap = gapOf(record) || MOST_GAP;
    const passed = toDays((bucket + 0.5) * bucketMs) - toDays((bucket + 0.5 - gap) * bucketMs);
    setBucket(record, this.look, next - bucket);
    setClosed(record, closedOf(record) + 1);
    const learning = closedOf(record) <= this.detector.learnBuckets;
    let suspect = false;
    for (let i = 0; i < this.#gauges.length; i++) {
      const cell = this.layout.gauges[i]!;
      if (cell > 0 && this.#gauges[i]!.close(record, cell, middle, part, group, share)) suspect = true;
    }
    const heat = this.detector.heat?.(this);
    if (heat !== undefined) group.heat(heat, middle, share);
    this.detector.warmed?.(this, group.weather(middle));
    // The later of a pool are the more telling (jams before retries): they use the allowance first.
    for (let i = this.#rates.length - 1; i >= 0; i--) {
      const cell = this.layout.rates[i]!;
      if (cell === 0) continue;
      const rate = this.#rates[i]!;
      rate.refill(record, passed, this.detector.pace?.(this, i) ?? 1);
      if (rate.close(record, cell, this.#keeper(i), learning, middle, group, share)) suspect = true;
    }
    return suspect;
  }

  /** Rates that one disturbance raises together share one allowance, kept with the first of them that is told. */
  #keeper(i: number): RateChannel {
    const pool = this.#rates[i]!.spec.pool ?? i;
    return this.#rates[this.layout.rates[pool]! > 0 ? pool : i]!;
  }

  /** Drops what the bucket under way has gathered of rates. */
  discard(): void {
    for (let i = 0; i < this.#rates.length; i++) this.discardRate(i);
  }

  /** Drops what the bucket under way has gathered of one rate. */
  discardRate(i: number): void {
    const cell = this.layout.rates[i]!;
    if (cell > 0) this.#rates[i]!.discard(this.record, cell);
  }

  viewGauge(i: number): ChannelView {
    const cell = this.layout.gauges[i]!;
    return cell > 0 ? this.#gauges[i]!.view(this.record, cell) : UNSEEN;
  }

  /** Level of a good part, which costs less to ask for than the whole view; 0 where it was never told. */
  baseOf(i: number): number {
    const cell = this.layout.gauges[i]!;
    return cell > 0 ? this.#gauges[i]!.base(this.record, cell) : 0;
  }

  viewRate(i: number, group: GroupShift): ChannelView {
    const cell = this.layout.rates[i]!;
    return cell > 0 ? this.#rates[i]!.view(this.record, cell, group) : UNSEEN;
  }

  /** Evidence held against a rate, in nats. */
  score(i: number): number {
    return this.#rates[i]!.score(this.record);
  }

  /** Something that may have raised a rate has been taken away (cleaning). */
  calmRate(i: number): void {
    this.#rates[i]!.calm(this.record);
  }

  /** The disturbance that a rate's allowance stands for has ended (a new roll): what comes now is evidence of its own. */
  renewRate(i: number): void {
    this.#rates[i]!.renew(this.record);
  }

  /** Forgets a gauge's baseline, so that it is learned anew (another part, another place). */
  resetGauge(i: number): void {
    this.#gauges[i]!.release(this.record);
    this.#clear(this.layout.gauges[i]!, this.shapes.halvesOf(i));
  }

  /** What raised a rate is gone: nothing is held against the part, and what is usual of it stays known. */
  endRate(i: number): void {
    this.#rates[i]!.release(this.record);
  }

  /** Forgets a rate and what is held against it. */
  resetRate(i: number): void {
    this.#rates[i]!.release(this.record);
    this.#clear(this.layout.rates[i]!, this.shapes.halvesOf(this.#gauges.length + i));
  }

  /** Its software may measure on another scale from now on: a step of a gauge between two samples is no change of the part. */
  rescaled(): void {
    for (let i = 0; i < this.#gauges.length; i++) {
      if (this.layout.gauges[i]! > 0) this.#gauges[i]!.rescaled(this.record, this.layout.gauges[i]!);
    }
  }

  /** A new part: everything is learned anew, counters' totals excepted. */
  resetAll(): void {
    for (let i = 0; i < this.#gauges.length; i++) this.resetGauge(i);
    for (let i = 0; i < this.#rates.length; i++) this.resetRate(i);
    this.record.f[this.record.o + SINCE] = this.day;
    setClosed(this.record, 0);
  }

  #clear(cell: number, halves: number): void {
    const at = 2 * (this.record.o + cell);
    if (cell > 0) this.record.h.fill(0, at, at + halves);
  }
}
