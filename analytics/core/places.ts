import { KEPT_DAYS } from './filling.ts';
import { GroupRefs } from './group-sums.ts';
import { Slab } from './slab.ts';

/** Words of a place: hour under way and the one judged last; sum of what was told of the hour, and what the last two hours were beyond habit (floats); first of who has told. */
const HOUR = 0;
const JUDGED = 1;
const LEVEL = 2;
const LAST = 3;
const BEFORE = 4;
const FIRST = 5;
/** Halves: how many have told; how many did of the hour before, and how many of these were as fast as ever; hours on end; day of the newest peak. */
const TOLD = 12;
const EXPECTED = 13;
const EASY = 14;
const RUN = 15;
const CALM = 16;
const DAY = 17;
/** Whether a finding stands, and above that the number of peaks. */
const STATE = 18;
const PEAKS = 19;
const MOST_PEAKS = KEPT_DAYS;
/** By hour of the day: usual deviation, and in the lowest bits on how many days it was seen, as many as matter. */
const DAYS = PEAKS + MOST_PEAKS;
const HOURS = 24;
const STRIDE = Math.ceil((DAYS + HOURS) / 2);
const SEEN_BITS = 2;
export const MOST_SEEN = (1 << SEEN_BITS) - 1;
/** Steps a nat of what is usual, which lies between what a terminal's deviation is held to, and of peaks, which are never below zero. */
export const USUAL_STEPS = 3000;
const LEAST_USUAL = -1.5 * USUAL_STEPS;
const PEAK_STEPS = 20_000;

/** Words of one who has told: its number, its deviation from habit (float), and who told before it. */
const WHO = 0;
const DEVIATION = 1;
const NEXT = 2;

/** Cells and shop lines, by group: a row of words each, and a list of who has told of the hour under way while it is. */
export class Places {
  readonly #rows = new Slab(STRIDE);
  readonly #told = new Slab(3);
  readonly #refs = new GroupRefs();
  readonly #place = new Place(this.#rows, this.#told);

  /** A cursor at a place, good until the next is asked for; undefined where nothing is known of it. */
  get(group: number): Place | undefined {
    const id = this.#refs.get(group);
    return id === 0 ? undefined : this.#place.at(id);
  }

  open(group: number, hour: number): Place {
    const id = this.#rows.allocate();
    this.#refs.set(group, id);
    const place = this.#place.at(id);
    place.hour = hour;
    return place;
  }

  get bytes(): number {
    return this.#rows.bytes + this.#told.bytes + this.#refs.bytes;
  }

  save(): Uint8Array[] {
    return [...this.#refs.save(), ...this.#rows.save(), ...this.#told.save()];
  }

  load(bytes: Uint8Array, at: number): number {
    return this.#told.load(bytes, this.#rows.load(bytes, this.#refs.load(bytes, at)));
  }
}

/** What is known of one place. Counts stop at the end of sixteen bits. */
export class Place {
  readonly #rows: Slab;
  readonly #told: Slab;
  #id = 0;

  constructor(rows: Slab, told: Slab) {
    this.#rows = rows;
    this.#told = told;
  }

  at(id: number): this {
    this.#id = id;
    return this;
  }

  #word(slot: number): number {
    return this.#rows.words(this.#id)[this.#rows.offset(this.#id) + slot]!;
  }

  #setWord(slot: number, value: number): void {
    this.#rows.words(this.#id)[this.#rows.offset(this.#id) + slot] = value;
  }

  #float(slot: number): number {
    return this.#rows.floats(this.#id)[this.#rows.offset(this.#id) + slot]!;
  }

  #setFloat(slot: number, value: number): void {
    this.#rows.floats(this.#id)[this.#rows.offset(this.#id) + slot] = value;
  }

  #half(slot: number): number {
    return this.#rows.halves(this.#id)[2 * this.#rows.offset(this.#id) + slot]!;
  }

  #setHalf(slot: number, value: number): void {
    this.#rows.halves(this.#id)[2 * this.#rows.offset(this.#id) + slot] = Math.min(0xffff, value);
  }

  /** The hour under way, and the hour that was judged last. */
  get hour(): number {
    return this.#word(HOUR);
  }

  set hour(hour: number) {
    this.#setWord(HOUR, hour);
  }

  get judged(): number {
    return this.#word(JUDGED);
  }

  /** How many told of the hour that was judged last. */
  get expected(): number {
    return this.#half(EXPECTED);
  }

  set expected(count: number) {
    this.#setHalf(EXPECTED, count);
  }

  /** How many of these were as fast as ever. */
  get easy(): number {
    return this.#half(EASY);
  }

  set easy(count: number) {
    this.#setHalf(EASY, count);
  }

  /** Hours on end that were crowded, or calm while a finding stands. */
  get run(): number {
    return this.#half(RUN);
  }

  set run(hours: number) {
    this.#setHalf(RUN, hours);
  }

  get calm(): number {
    return this.#half(CALM);
  }

  set calm(hours: number) {
    this.#setHalf(CALM, hours);
  }

  get standing(): boolean {
    return (this.#half(STATE) & 1) !== 0;
  }

  set standing(stands: boolean) {
    this.#setHalf(STATE, (this.#half(STATE) & ~1) | Number(stands));
  }

  /** What the last two hours were beyond habit, the newer one last. */
  get last(): readonly [number, number] {
    return [this.#float(BEFORE), this.#float(LAST)];
  }

  set last([before, last]: readonly [number, number]) {
    this.#setFloat(BEFORE, before);
    this.#setFloat(LAST, last);
  }

  /** The worst three hours on end of today and of the days before it, newest last. */
  get peaks(): number[] {
    return Array.from({ length: this.#half(STATE) >> 1 }, (_, i) => this.#half(PEAKS + i) / PEAK_STEPS);
  }

  /** Notes what three hours on end up to the one under way came to on a day, counted from 1970: the worst of each is kept. */
  keepPeak(worst: number, of: number): void {
    // Where its time zone comes to be known its days begin at another hour: none of them comes again.
    const day = Math.max(this.#half(DAY), of);
    const peaks = this.peaks;
    if (day !== this.#half(DAY) || peaks.length === 0) peaks.push(0);
    peaks[peaks.length - 1] = Math.max(peaks.at(-1)!, worst);
    const kept = peaks.slice(-MOST_PEAKS);
    kept.forEach((peak, i) => {
      this.#setHalf(PEAKS + i, Math.round(peak * PEAK_STEPS));
    });
    this.#setHalf(DAY, day);
    this.#setHalf(STATE, Number(this.standing) + 2 * kept.length);
  }

  /** What an hour of the day usually is beyond habit, in steps, and on how many days it was seen, `MOST_SEEN` at the most. */
  usual(hour: number): readonly [steps: number, seen: number] {
    const kept = this.#half(DAYS + (hour % HOURS));
    return kept === 0 ? [0, 0] : [(kept >> SEEN_BITS) + LEAST_USUAL, kept & MOST_SEEN];
  }

  setUsual(hour: number, steps: number, seen: number): void {
    const above = Math.max(0, Math.min(0xffff >> SEEN_BITS, steps - LEAST_USUAL));
    this.#setHalf(DAYS + (hour % HOURS), (above << SEEN_BITS) | Math.min(MOST_SEEN, seen));
  }

  /** How many have told of the hour under way, and the sum of what it took them, as logs of ms. */
  get told(): number {
    return this.#half(TOLD);
  }

  get level(): number {
    return this.#float(LEVEL);
  }

  /** Takes down what a terminal was beyond its habit in the hour under way, and what it took. */
  tell(index: number, deviation: number, level: number): void {
    const id = this.#told.allocate();
    const at = this.#told.offset(id);
    const words = this.#told.words(id);
    words[at + WHO] = index;
    words[at + NEXT] = this.#word(FIRST);
    this.#told.floats(id)[at + DEVIATION] = deviation;
    this.#setWord(FIRST, id);
    this.#setHalf(TOLD, this.told + 1);
    this.#setFloat(LEVEL, this.level + level);
  }

  /** Who has told of the hour under way. */
  get members(): number[] {
    return this.#each((id) => this.#told.words(id)[this.#told.offset(id) + WHO]!);
  }

  get deviations(): number[] {
    return this.#each((id) => this.#told.floats(id)[this.#told.offset(id) + DEVIATION]!);
  }

  #each(read: (id: number) => number): number[] {
    const all: number[] = [];
    for (let id = this.#word(FIRST); id !== 0; id = this.#told.words(id)[this.#told.offset(id) + NEXT]!)
      all.push(read(id));
    return all.reverse();
  }

  /** The hour under way has been judged: who told of it is let go. */
  close(): void {
    for (let id = this.#word(FIRST); id !== 0; ) {
      const next = this.#told.words(id)[this.#told.offset(id) + NEXT]!;
      this.#told.release(id);
      id = next;
    }
    this.#setWord(JUDGED, this.hour);
    this.expected = this.told;
    this.#setWord(FIRST, 0);
    this.#setHalf(TOLD, 0);
    this.#setFloat(LEVEL, 0);
  }
}
