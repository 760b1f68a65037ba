import type { Finding } from '../../contract/findings.ts';
import { type Groups, nameOf } from './groups.ts';
import { signed } from './packed.ts';
import { Slab } from './slab.ts';
import { type StandingBook, terminalKey } from './standing.ts';
import { CELL, LINE, MOBILE, SITE, type Terminals } from './terminals.ts';
import { HOUR } from './time.ts';

/** Round trips from here on are time-outs, which tell of other things. */
const TIMEOUT_MS = 15_000;
/** A terminal's record: hour under way (word), sum of log round trips in it (float); halves: their number, hours learned, and its habit in four parts of the day. */
const AT = 0;
const SUM = 1;
const N = 4;
const LEARNED = 5;
const PARTS = 6;
const STRIDE = 5;
/** Steps a nat in which habits are kept. */
const STEPS = 3000;
const PART_HOURS = 6;
/** Hours before a terminal's habit is believed, and weight of an hour in it. */
const LEAST_LEARNED = 60;
const WEIGHT = 0.03;
/** Least terminals of a place, and the share of them that must be slow. */
const QUORUM = 4;
const MAJORITY = 0.7;
/** Log times its habit at which a terminal is slow, and the mean of the place, beyond what this hour of the day is used to. */
const SLOW = Math.log(1.6);
const CROWDED = Math.log(2);
/** Hours on end that make it a finding, and that end it. */
const HOLD = 3;
const CALM = 3;
/** Days of a place's hours before its habit is believed, and weight of a day in it. */
const DAYS = 3;
const DAY_WEIGHT = 0.3;

interface Place {
  hour: number;
  members: number[];
  slow: number;
  sum: number;
  /** Hours on end that were crowded, or calm while a finding stands. */
  run: number;
  calm: number;
  standing: boolean;
  /** Block of its days: mean deviation by hour of the day, and how often each was seen. */
  readonly days: number;
}

/** Halves of a place's days: deviations, then counts. */
const HOURS = 24;

/** Cells and shop lines on which everybody is slow at once, beyond the evening's habit: one finding about the place, and none about each of its terminals. */
export class Crowding {
  readonly #terminals: Terminals;
  readonly #groups: Groups;
  readonly #book: StandingBook;
  readonly #slab = new Slab(STRIDE);
  readonly #days = new Slab(HOURS);
  readonly #places = new Map<number, Place>();

  constructor(terminals: Terminals, groups: Groups, book: StandingBook) {
    this.#terminals = terminals;
    this.#groups = groups;
    this.#book = book;
  }

  get bytes(): number {
    return this.#slab.bytes + this.#days.bytes;
  }

  /** Takes a round trip in; answers what the hour that it completes opens or ends, at arrival time `now`; undefined where nothing. */
  took(index: number, ts: number, rttMs: number, now: number): Finding[] | undefined {
    if (rttMs <= 0 || rttMs > TIMEOUT_MS) return undefined;
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
    f[o + SUM]! += Math.log(rttMs);
    h[2 * o + N]! += 1;
    return out;
  }

  /** Whether a finding about its place speaks for the terminal. */
  speaksFor(index: number): boolean {
    return this.#places.get(this.#placeOf(index))?.standing === true;
  }

  #hourOf(index: number, hour: number, mean: number, h: Uint16Array, o: number, now: number, out: Finding[]): void {
    const part = o + PARTS + (Math.floor(hour / PART_HOURS) % 4);
    const learned = h[o + LEARNED]!;
    const habit = signed(h[part]!) / STEPS;
    const deviation = habit === 0 ? 0 : Math.max(-1.5, Math.min(3, mean - habit));
    // Zero says that nothing has been learned.
    h[part] =
      Math.round((habit === 0 ? mean : habit + deviation * Math.max(WEIGHT, 1 / (learned / 4 + 1))) * STEPS) || 1;
    h[o + LEARNED] = Math.min(10_000, learned + 1);
    const group = this.#placeOf(index);
    if (learned < LEAST_LEARNED || group === 0) return;
    let place = this.#places.get(group);
    if (!place) {
      const days = this.#days.allocate();
      place = { hour, members: [], slow: 0, sum: 0, run: 0, calm: 0, standing: false, days };
      this.#places.set(group, place);
    }
    // What comes late, of an hour that has been judged, is left out.
    if (hour < place.hour) return;
    if (hour > place.hour) {
      this.#judge(group, place, hour - place.hour, now, out);
      place.hour = hour;
      place.members = [];
      place.slow = 0;
      place.sum = 0;
    }
    place.members.push(index);
    place.sum += deviation;
    if (deviation > SLOW) place.slow++;
  }

  #judge(group: number, place: Place, passed: number, now: number, out: Finding[]): void {
    const n = place.members.length;
    const days = this.#days.halves(place.days);
    const at = 2 * this.#days.offset(place.days) + (place.hour % HOURS);
    const mean = n > 0 ? place.sum / n : 0;
    const usual = signed(days[at]!) / STEPS;
    const seen = days[at + HOURS]!;
    const crowded = seen >= DAYS && n >= QUORUM && place.slow >= MAJORITY * n && mean - Math.max(0, usual) >= CROWDED;
    if (n >= QUORUM) {
      days[at] = Math.round(
        (usual + (Math.min(mean, usual + 0.5) - usual) * Math.max(DAY_WEIGHT, 1 / (seen + 1))) * STEPS,
      );
      days[at + HOURS] = Math.min(0xffff, seen + 1);
    }
    place.run = crowded && passed === 1 ? place.run + 1 : crowded ? 1 : 0;
    place.calm = crowded ? 0 : place.calm + passed;
    if (crowded && (place.standing || place.run >= HOLD)) this.#state(group, place, mean, now, out);
    else if (place.standing && place.calm >= CALM) {
      place.standing = false;
      this.#book.clear(this.#key(group), now, out);
    }
  }

  #state(group: number, place: Place, mean: number, now: number, out: Finding[]): void {
    const t = this.#terminals;
    const first = place.members[0]!;
    const scope = this.#groups.nameOf(group).includes('/cell/') ? 'cell' : 'site';
    const subject = nameOf(this.#groups.nameOf(group));
    const members = [...new Set(place.members.map((i) => t.name(i)))].sort();
    const times = Number(Math.exp(mean).toFixed(1));
    if (!place.standing) {
      place.standing = true;
      for (const i of place.members) {
        const key = terminalKey(t.tenant(i), t.name(i), 'network');
        if (this.#book.get(key)?.finding.mode === 'congestion') this.#book.clear(key, now, out);
      }
    }
    this.#book.hold(
      this.#key(group),
      {
        at: now,
        tenant: t.tenant(first),
        scope,
        subject,
        terminal: null,
        members,
        site: scope === 'site' ? subject : null,
        component: 'network',
        mode: 'congestion',
        severity: 'warning',
        probability: 0.5,
        horizonH: 24,
        failsAt: null,
        failsAtP10: null,
        failsAtP90: null,
        evidence: [
          {
            metric: 'network.rtt_ms',
            value: times,
            baseline: 1,
            why: `Round trips take ${times} times as long as each terminal is used to at this time of day, on ${place.slow} of the ${members.length} terminals of the ${scope} ${subject}, for ${HOLD} hours and more. Payments will begin to time out there.`,
          },
        ],
      },
      out,
    );
  }

  /** Terminals on the mobile network share a cell, the others their shop's line; 0 where neither is known. */
  #placeOf(index: number): number {
    const t = this.#terminals;
    const cell = t.int(index, CELL);
    return t.int(index, LINE) === MOBILE && cell !== 0 ? cell : t.int(index, SITE);
  }

  #key(group: number): string {
    return `${this.#groups.nameOf(group)}/congestion`;
  }

  save(): { saved: SavedCrowding; parts: Uint8Array[] } {
    return { saved: [...this.#places], parts: [...this.#slab.save(), ...this.#days.save()] };
  }

  load(saved: SavedCrowding, bytes: Uint8Array, at: number): number {
    this.#places.clear();
    for (const [group, place] of saved) this.#places.set(group, place);
    return this.#days.load(bytes, this.#slab.load(bytes, at));
  }
}

export type SavedCrowding = readonly (readonly [group: number, place: Place])[];
