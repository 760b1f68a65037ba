import type { Finding } from '../../contract/findings.ts';
import { TIMEOUT_MS, WAITED_MS } from './detectors/network-channels.ts';
import { DOUBTED, daysLeft, FILLED, isCreeping, isFilling, isSteady } from './filling.ts';
import { FleetHours } from './fleet-hours.ts';
import { type Groups, nameOf } from './groups.ts';
import type { Habits } from './habits.ts';
import { signed } from './packed.ts';
import { MOST_SEEN, type Place, Places, USUAL_STEPS } from './places.ts';
import { Slab } from './slab.ts';
import { type StandingBook, terminalKey } from './standing.ts';
import { CELL, MOBILE, SEEN_AT, SITE, type Terminals } from './terminals.ts';
import { HOUR } from './time.ts';

/** A terminal's record: hour under way (word), sum of log round trips in it (float); halves: their number, hours learned, and its habit in four parts of the day. */
const AT = 0;
const SUM = 1;
const N = 4;
const LEARNED = 5;
const PARTS = 6;
const STRIDE = 5;
/** Steps a nat in which habits are kept. */
const STEPS = 3000;
/** The most that sixteen bits with a sign hold of it: 55 s, which is told only where nearly all is lost. */
const MOST_HABIT = 0x7fff / STEPS;
const PART_HOURS = 6;
/** Hours before a terminal's habit is believed, weight of an hour in it, and the most that one is learned by: what grows by the day must not become the habit. */
const LEAST_LEARNED = 60;
const WEIGHT = 0.012;
const LEARNS = 0.35;
/** What is lost must be sent again: round trips that a lost share of packets is worth, and what stands for a round trip where none is told. */
const RESENDS = 3;
const MOST_LOST = 0.9;
const UNTOLD_MS = 100;
/** Least terminals of a place, and the share of them that must be slow. */
const QUORUM = 4;
/** The same for one that is worse by the day: all of a few tills at the same hours of three days are no chance. */
const FEW = 2;
const MAJORITY = 0.7;
/** The most that may be as fast as ever where a place fills up. */
const MINORITY = 0.4;
/** How many others must be as fast as ever for one that is slow to be so alone. */
const OTHERS = 2;
/** Log times its habit at which a terminal is slow, and the mean of the place, beyond what this hour of the day is used to. */
const SLOW = Math.log(1.6);
const CROWDED = Math.log(2);
/** Hours on end that make it a finding, and that end it: its busy hour must have come again, and gone by quietly. */
const HOLD = 4;
const CALM = 27;
/** Hours on end that make it one where each is worse than the last: where somebody waits; and where nobody does yet, by how much (log times) each of the last two must be so. */
const CLIMBING = 3;
const CLIMBING_UNFELT = 4;
const CLIMBS_BY = 0.1;
/** The same where nobody waits yet and it is no worse than an hour ago: longer than a rush, and than a fair beside the cell is open. */
const LONG = 12;
/** The same for one that has been worse on more days than one: a quiet Sunday ends nothing. */
const CALM_DAYS = 51;
/** Share of its worst hours of late above which an hour is not calm, though it is no worse than yesterday's, and what is never calm. */
const STILL = 0.5;
const NEVER_CALM = Math.log(1.5);
/** Days of a place's hours before its habit is believed, as many as are counted, weight of a day in it, and of one that is under suspicion. */
const DAYS = MOST_SEEN;
const DAY_WEIGHT = 0.12;
const DOUBTED_WEIGHT = 0.02;
/** Hour of the day at which the day before is over even where people go out, and works of the night are done. */
const DAWN = 5;
/** ms of a round trip, with what is sent again, below which nobody waits: a shop line of 20 ms that takes 60 is busy, not full. */
const FELT_MS = 110;
/** The same as `FELT_MS` for what grows by the day; where it is no worse than an hour ago, nor than on the days before, it is `WAITED_MS`. */
const NOTED_MS = 75;

/** Cells and shop lines on which everybody is slow at once, beyond the evening's habit: one finding about the place, and none about each of its terminals. */
export class Crowding {
  readonly #terminals: Terminals;
  readonly #groups: Groups;
  readonly #book: StandingBook;
  readonly #habits: Habits;
  readonly #slab = new Slab(STRIDE);
  readonly #places = new Places();
  readonly #fleets = new FleetHours();

  constructor(terminals: Terminals, groups: Groups, book: StandingBook, habits: Habits) {
    this.#terminals = terminals;
    this.#groups = groups;
    this.#book = book;
    this.#habits = habits;
  }

  get bytes(): number {
    return this.#slab.bytes + this.#places.bytes + this.#fleets.bytes;
  }

  /**
   * Takes a round trip in, or a share of packets lost, or both; answers what the hour that it completes opens or ends, at arrival time
   * `now`; undefined where nothing.
   */
  took(
    index: number,
    ts: number,
    rttMs: number | undefined,
    lossPct: number | undefined,
    now: number,
  ): Finding[] | undefined {
    if (rttMs === undefined ? lossPct === undefined || lossPct >= 100 : rttMs <= 0) return undefined;
    // Where the place is known to be full, that nothing comes through any more is what was foretold.
    if (rttMs !== undefined && rttMs > TIMEOUT_MS && !this.speaksFor(index)) return undefined;
    const kept = 1 - Math.min(MOST_LOST, (lossPct ?? 0) / 100);
    let out: Finding[] | undefined;
    while (this.#slab.used <= index) this.#slab.allocate();
    const f = this.#slab.floats(index + 1);
    const w = this.#slab.words(index + 1);
    const h = this.#slab.halves(index + 1);
    const o = this.#slab.offset(index + 1);
    const hour = Math.floor(ts / HOUR);
    if (w[o + AT] !== hour) {
      if (h[2 * o + N]! > 0) {
        const said: Finding[] = [];
        this.#hourOf(index, w[o + AT]!, f[o + SUM]! / h[2 * o + N]!, h, 2 * o, now, said);
        if (said.length > 0) out = said;
      }
      w[o + AT] = hour;
      f[o + SUM] = 0;
      h[2 * o + N] = 0;
    }
    f[o + SUM]! += Math.log(Math.min(rttMs ?? UNTOLD_MS, TIMEOUT_MS)) - RESENDS * Math.log(kept);
    h[2 * o + N]! += 1;
    return out;
  }

  /** Whether a finding about its place speaks for the terminal. */
  speaksFor(index: number): boolean {
    return this.#places.get(this.#placeOf(index))?.standing === true;
  }

  /** Whether others of its place were as fast as ever when the place was last judged, within two hours of `now`: whoever is slow there is so alone. */
  isAlone(index: number, now: number): boolean {
    const place = this.#places.get(this.#placeOf(index));
    return place !== undefined && !place.standing && place.easy >= OTHERS && now < (place.judged + 3) * HOUR;
  }

  #hourOf(index: number, hour: number, mean: number, h: Uint16Array, o: number, now: number, out: Finding[]): void {
    const part = o + PARTS + (Math.floor(hour / PART_HOURS) % 4);
    const learned = h[o + LEARNED]!;
    const habit = signed(h[part]!) / STEPS;
    const deviation = habit === 0 ? 0 : Math.max(-1.5, Math.min(3, mean - habit));
    const held = learned < LEAST_LEARNED ? deviation : Math.max(-LEARNS, Math.min(LEARNS, deviation));
    // Zero says that nothing has been learned.
    const next = habit === 0 ? mean : habit + held * Math.max(WEIGHT, 1 / (learned / 4 + 1));
    h[part] = Math.round(Math.min(MOST_HABIT, next) * STEPS) || 1;
    h[o + LEARNED] = Math.min(10_000, learned + 1);
    const group = this.#placeOf(index);
    if (learned < LEAST_LEARNED || group === 0) return;
    const place = this.#places.get(group) ?? this.#places.open(group, hour);
    // What comes late, of an hour that has been judged, is left out; the next one waits for as many.
    if (hour === place.judged) place.expected++;
    if (hour < place.hour || hour <= place.judged) return;
    if (hour > place.hour) {
      if (place.hour > place.judged) this.#judge(group, place, now, out);
      place.hour = hour;
    }
    place.tell(index, deviation, mean);
    this.#fleets.tell(this.#terminals.fleet(index), hour, deviation, place.told);
    if (place.told >= Math.max(QUORUM, place.expected)) this.#judge(group, place, now, out);
  }

  /** Judges an hour once as many have told of it as of the one before, or the next has begun. */
  #judge(group: number, place: Place, now: number, out: Finding[]): void {
    const n = place.told;
    const passed = place.hour - place.judged;
    const deviations = place.deviations;
    // What is slow for every shop and every cell at once is the payment host, or the way to it.
    const elsewhere = this.#fleets.elsewhere(this.#terminals.fleet(place.members[0]!), place.hour, deviations);
    const middle = medianOf(deviations) - elsewhere;
    const [steps, seen] = place.usual(place.hour);
    const usual = steps / USUAL_STEPS;
    place.easy = deviations.filter((deviation) => deviation < DOUBTED).length;
    const known = seen >= DAYS && n >= FEW;
    const excess = known ? middle - Math.max(0, usual) : 0;
    const slow = deviations.filter((deviation) => deviation - elsewhere > SLOW).length;
    const noted = place.level >= n * Math.log(NOTED_MS);
    const busy = noted && known && n >= QUORUM && slow >= MAJORITY * n && excess >= CROWDED;
    const crowded = busy && place.level >= n * Math.log(FELT_MS);
    const waited = busy && place.level >= n * Math.log(WAITED_MS);
    if (n >= FEW) {
      const weight = Math.max(seen < DAYS ? 1 / (seen + 1) : 0, excess >= DOUBTED ? DOUBTED_WEIGHT : DAY_WEIGHT);
      const learned = usual + (Math.min(middle, usual + 0.5) - usual) * weight;
      place.setUsual(place.hour, Math.round(learned * USUAL_STEPS), seen + 1);
    }
    const [before, last] = passed === 1 ? place.last : [0, 0];
    place.last = [last, excess];
    if (known) place.keepPeak((before + last + excess) / 3, this.#dayOf(place));
    const peaks = place.peaks;
    // Where half of a place is as fast as ever it is not the place, however slow the others are.
    const filling =
      excess >= DOUBTED &&
      place.easy <= MINORITY * n &&
      (n < QUORUM
        ? (noted && isSteady(peaks) && isFilling(peaks, excess)) || isCreeping(peaks)
        : (noted && isFilling(peaks, excess)) || isCreeping(peaks));
    place.run = busy ? (passed === 1 ? place.run : 0) + 1 : 0;
    const step = Math.min(excess - last, last - before);
    const climbs =
      busy &&
      before > 0 &&
      step > 0 &&
      (waited ? place.run >= CLIMBING : place.run >= CLIMBING_UNFELT && step >= CLIMBS_BY);
    const lasts = place.run >= LONG || (waited && place.run >= HOLD) || climbs;
    const recent = peaks.slice(-4);
    const least = Math.max(DOUBTED, Math.min(NEVER_CALM, STILL * Math.max(...recent, 0)));
    const still = excess >= least && place.easy <= MINORITY * n;
    place.calm = crowded || filling || still ? 0 : place.calm + passed;
    if ((crowded && place.standing) || lasts || filling) this.#state(group, place, middle, now, out);
    else if (place.standing && place.calm >= (recent.filter((peak) => peak >= FILLED).length > 1 ? CALM_DAYS : CALM)) {
      place.standing = false;
      this.#book.clear(this.#key(group), now, out);
    }
    place.close();
  }

  /**
   * Day of the hour under way: a place's day begins before dawn, where its time zone is known, so that an evening that goes on past midnight, or one
   * night's works on a line, are no two days that grow; at midnight of Greenwich where it is not.
   */
  #dayOf(place: Place): number {
    const east = this.#habits.east(this.#terminals.int(place.members[0]!, SITE));
    return Math.floor((place.hour + (east === undefined ? 0 : east / HOUR - DAWN)) / 24);
  }

  #state(group: number, place: Place, middle: number, now: number, out: Finding[]): void {
    const t = this.#terminals;
    const told = place.members;
    const peaks = place.peaks;
    const scope = this.#groups.nameOf(group).includes('/cell/') ? 'cell' : 'site';
    const subject = nameOf(this.#groups.nameOf(group));
    const all = [...told, ...this.#othersOf(group, told, now)];
    const members = all.map((i) => t.name(i)).sort();
    const times = Number(Math.exp(middle).toFixed(1));
    if (!place.standing) {
      place.standing = true;
      for (const i of all) {
        const key = terminalKey(t.tenant(i), t.name(i), 'network');
        if (this.#book.get(key)?.finding.mode === 'congestion') this.#book.clear(key, now, out);
      }
    }
    const [soonest = null, left, latest = null] = daysLeft(peaks, place.last[1]) ?? [];
    const inDays = (days: number | null): number | null => (days === null ? null : Math.round(now + days * 24 * HOUR));
    const worst = peaks.slice(-3).map((peak) => Number(Math.exp(peak).toFixed(1)));
    const grows =
      left === undefined
        ? `${place.run >= CLIMBING ? `for ${place.run} hours` : 'more so than on the days before'}. Payments will begin to time out there.`
        : `and its worst hours grow by the day (${worst.join(', ')} times). At this pace payments time out there ${left <= 1 ? 'within a day' : `in about ${Math.max(2, Math.round(left))} days`}.`;
    this.#book.hold(
      this.#key(group),
      {
        at: now,
        tenant: t.tenant(told[0]!),
        scope,
        subject,
        terminal: null,
        members,
        site: scope === 'site' ? subject : null,
        component: 'network',
        mode: 'congestion',
        severity: left !== undefined && left < 1 ? 'critical' : 'warning',
        probability: 0.5,
        horizonH: left === undefined || left < 1 ? 24 : left < 3 ? 72 : 168,
        failsAt: inDays(left ?? null),
        failsAtP10: inDays(soonest),
        failsAtP90: inDays(latest),
        evidence: [
          {
            metric: 'network.rtt_ms',
            value: times,
            baseline: 1,
            why: `Round trips, with what is lost and sent again, take ${times} times as long as each terminal is used to at this time of day, in the middle of the ${told.length} terminals of the ${scope} ${subject} that tell of it, ${grows}`,
          },
        ],
      },
      out,
    );
  }

  /** Terminals of the place that tell nothing of round trips in this hour, but were heard of within a day. */
  #othersOf(group: number, told: readonly number[], now: number): number[] {
    const t = this.#terminals;
    const known = new Set(told);
    const others: number[] = [];
    for (let i = 0; i < t.count; i++) {
      if (this.#placeOf(i) === group && !known.has(i) && now - t.time(i, SEEN_AT) < 24 * HOUR) others.push(i);
    }
    return others;
  }

  /** Terminals on the mobile network share a cell, the others their shop's line; 0 where neither is known. */
  #placeOf(index: number): number {
    const t = this.#terminals;
    const cell = t.int(index, CELL);
    return t.line(index) === MOBILE && cell !== 0 ? cell : t.int(index, SITE);
  }

  #key(group: number): string {
    return `${this.#groups.nameOf(group)}/congestion`;
  }

  save(): Uint8Array[] {
    return [...this.#slab.save(), ...this.#places.save(), ...this.#fleets.save()];
  }

  load(bytes: Uint8Array, at: number): number {
    return this.#fleets.load(bytes, this.#places.load(bytes, this.#slab.load(bytes, at)));
  }
}

function medianOf(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}
