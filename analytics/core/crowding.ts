import type { Finding } from '../../contract/findings.ts';
import { type Groups, nameOf } from './groups.ts';
import { Slab } from './slab.ts';
import { type StandingBook, terminalKey } from './standing.ts';
import { CELL, LINE, MOBILE, SITE, type Terminals } from './terminals.ts';
import { HOUR } from './time.ts';

/** Round trips from here on are time-outs, which tell of other things. */
const TIMEOUT_MS = 15_000;
/** A terminal's record: hour under way, sum and number of log round trips in it, hours learned, and its habit in four parts of the day. */
const AT = 0;
const SUM = 1;
const N = 2;
const LEARNED = 3;
const PARTS = 4;
const STRIDE = PARTS + 4;
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
  /** Mean deviation by hour of the day, and how often each was seen. */
  readonly usual: number[];
  readonly seen: number[];
}

/** Cells and shop lines on which everybody is slow at once, beyond the evening's habit: one finding about the place, and none about each of its terminals. */
export class Crowding {
  readonly #terminals: Terminals;
  readonly #groups: Groups;
  readonly #book: StandingBook;
  readonly #slab = new Slab(STRIDE);
  readonly #places = new Map<number, Place>();

  constructor(terminals: Terminals, groups: Groups, book: StandingBook) {
    this.#terminals = terminals;
    this.#groups = groups;
    this.#book = book;
  }

  get bytes(): number {
    return this.#slab.bytes;
  }

  /** Takes a round trip in; answers what the hour that it completes opens or ends, at arrival time `now`; undefined where nothing. */
  took(index: number, ts: number, rttMs: number, now: number): Finding[] | undefined {
    if (rttMs <= 0 || rttMs > TIMEOUT_MS) return undefined;
    let out: Finding[] | undefined;
    while (this.#slab.used <= index) this.#slab.allocate();
    const f = this.#slab.floats(index + 1);
    const o = this.#slab.offset(index + 1);
    const hour = Math.floor(ts / HOUR);
    if (f[o + AT] !== hour) {
      if (f[o + N]! > 0) {
        const said: Finding[] = [];
        this.#hourOf(index, f[o + AT]!, f, o, now, said);
        if (said.length > 0) out = said;
      }
      f[o + AT] = hour;
      f[o + SUM] = 0;
      f[o + N] = 0;
    }
    f[o + SUM]! += Math.log(rttMs);
    f[o + N]! += 1;
    return out;
  }

  /** Whether a finding about its place speaks for the terminal. */
  speaksFor(index: number): boolean {
    return this.#places.get(this.#placeOf(index))?.standing === true;
  }

  #hourOf(index: number, hour: number, f: Float32Array, o: number, now: number, out: Finding[]): void {
    const mean = f[o + SUM]! / f[o + N]!;
    const part = o + PARTS + (Math.floor(hour / PART_HOURS) % 4);
    const learned = f[o + LEARNED]!;
    const deviation = f[part] === 0 ? 0 : Math.max(-1.5, Math.min(3, mean - f[part]!));
    f[part] = f[part] === 0 ? mean : f[part]! + deviation * Math.max(WEIGHT, 1 / (learned / 4 + 1));
    f[o + LEARNED] = Math.min(10_000, learned + 1);
    const group = this.#placeOf(index);
    if (learned < LEAST_LEARNED || group === 0) return;
    let place = this.#places.get(group);
    if (!place) {
      const day = (): number[] => Array.from({ length: 24 }, () => 0);
      place = { hour, members: [], slow: 0, sum: 0, run: 0, calm: 0, standing: false, usual: day(), seen: day() };
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
    const h = ((place.hour % 24) + 24) % 24;
    const mean = n > 0 ? place.sum / n : 0;
    const known = place.seen[h]! >= DAYS;
    const crowded =
      known && n >= QUORUM && place.slow >= MAJORITY * n && mean - Math.max(0, place.usual[h]!) >= CROWDED;
    if (n >= QUORUM) {
      place.usual[h]! +=
        (Math.min(mean, place.usual[h]! + 0.5) - place.usual[h]!) * Math.max(DAY_WEIGHT, 1 / (place.seen[h]! + 1));
      place.seen[h]!++;
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
    return { saved: [...this.#places], parts: this.#slab.save() };
  }

  load(saved: SavedCrowding, bytes: Uint8Array, at: number): number {
    this.#places.clear();
    for (const [group, place] of saved) this.#places.set(group, place);
    return this.#slab.load(bytes, at);
  }
}

export type SavedCrowding = readonly (readonly [group: number, place: Place])[];
