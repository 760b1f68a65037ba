import type { Finding } from '../../contract/findings.ts';
import type { Component } from '../../contract/modes.ts';
import type { Birth, Counters, Heartbeat, State, TerminalEvent } from '../../contract/payloads.ts';
import type { Opinion } from '../../contract/ports/findings.ts';
import type { Reading } from '../../contract/reading.ts';
import { Belonging, type SiteOf } from './belonging.ts';
import type { Learned } from './calibration.ts';
import { ComponentWatch } from './component-watch.ts';
import { Components } from './components.ts';
import { Crowding } from './crowding.ts';
import { DETECTORS } from './detectors/index.ts';
import { TIMEOUT_MS } from './detectors/network-channels.ts';
import { Explanations } from './explanations.ts';
import { isGoodbye } from './goodbye.ts';
import { Groups } from './groups.ts';
import { Habits } from './habits.ts';
import { ModelWatch } from './models.ts';
import { Opinions } from './opinions.ts';
import { OutageWatch } from './outages.ts';
import { Paces } from './paces.ts';
import { Rollouts } from './rollouts.ts';
import { SilenceWatch } from './silence.ts';
import { type Kept, readSnapshot, writeSnapshot } from './snapshot.ts';
import { StandingBook, terminalKey } from './standing.ts';
import { Statements } from './statements.ts';
import type { Suspicion } from './suspicions.ts';
import { BEAT_AT, COUNTED_AT, SITE, Terminals } from './terminals.ts';
import { HOUR } from './time.ts';

/** ms without any reading after which the engine's clock waits for the next one. */
const BLIND = 10 * 60_000;
/** ms between looks at who is silent. */
const LOOK = 10_000;
/** ms from measurement to arrival beyond which a message was buffered on the device. */
const BACKLOG = 4 * 60_000;
const MINUTE = 60_000;
/** Loss, %, from which probes did not reach the payment host. */
const ALL_LOST_PCT = 50;
const NOTHING: readonly Finding[] = [];

export interface EngineOptions {
  /** Where a terminal belongs, as the registry knows it. */
  readonly siteOf?: SiteOf;
}

/**
 * The streaming engine: readings in, transitions of findings out. Event time, score before learn, deterministic:
 * the same readings in the same order give the same findings, live, in replay and in a backtest.
 */
export class Engine {
  readonly #terminals = new Terminals();
  readonly #groups = new Groups(DETECTORS);
  readonly #components = new Components(this.#terminals, this.#groups);
  readonly #belonging: Belonging;
  readonly #book = new StandingBook();
  readonly #opinions = new Opinions();
  readonly #habits = new Habits(this.#terminals);
  readonly #crowding = new Crowding(this.#terminals, this.#groups, this.#book, this.#habits);
  readonly #isCrowded = (index: number): boolean => this.#crowding.speaksFor(index);
  readonly #paces = new Paces(this.#terminals, this.#habits);
  readonly #outages = new OutageWatch(
    this.#terminals,
    this.#groups,
    this.#book,
    this.#habits,
    this.#paces,
    this.#isCrowded,
  );
  readonly #silences = new SilenceWatch(
    this.#terminals,
    this.#groups,
    this.#book,
    this.#habits,
    this.#paces,
    this.#isCrowded,
    (index) => this.#components.isLinkFailing(index),
  );
  readonly #rollouts = new Rollouts(this.#terminals, this.#groups, this.#book);
  readonly #models = new ModelWatch(this.#terminals, this.#groups, this.#book, (index, component, mode) =>
    this.#components.shows(index, component, mode, this.#now),
  );
  readonly #watch: ComponentWatch;
  readonly #kept: Kept = {
    terminals: this.#terminals,
    groups: this.#groups,
    book: this.#book,
    habits: this.#habits,
    outages: this.#outages,
    silences: this.#silences,
    models: this.#models,
    rollouts: this.#rollouts,
    crowding: this.#crowding,
    components: this.#components,
  };
  /** Newest arrival, ms: what "now" is to findings. */
  #now = 0;
  /** Hour in which records were last moved together. */
  #compacted = 0;

  constructor({ siteOf }: EngineOptions = {}) {
    this.#belonging = new Belonging(this.#terminals, this.#groups, siteOf);
    this.#watch = new ComponentWatch(
      this.#components,
      this.#book,
      this.#crowding,
      this.#outages,
      this.#rollouts,
      new Explanations(this.#terminals, this.#components, this.#book, this.#crowding),
      new Statements(this.#terminals, this.#belonging, this.#book, this.#opinions, this.#rollouts),
    );
  }

  /** Takes one reading in; answers the transitions it caused, usually none. */
  process(reading: Reading): readonly Finding[] {
    const silences = this.#pass(reading.receivedAt);
    const said = this.#take(reading);
    return this.#withModels(silences.length === 0 ? said : said.length === 0 ? silences : [...silences, ...said]);
  }

  #withModels(said: readonly Finding[]): readonly Finding[] {
    return said.length === 0 ? said : this.#models.heard(said, this.#now);
  }

  #take(reading: Reading): readonly Finding[] {
    let index = this.#terminals.find(reading.tenant, reading.terminal);
    if (index < 0) index = this.#belonging.meet(reading);
    this.#returned(index, reading);
    if (reading.channel === 'state') return this.#state(index, reading.receivedAt, reading.payload);
    const late = reading.receivedAt - reading.ts;
    // A clock that is slow, or a gateway that sends by the quarter of an hour, makes everything late: that is no backlog.
    const backlog = late > BACKLOG && late > BACKLOG + this.#outages.usuallyLate(index);
    if (reading.channel === 'heartbeat' || reading.channel === 'counters') this.#paces.came(index, reading.ts);
    this.#outages.heard(index, reading.receivedAt, reading.ts);
    switch (reading.channel) {
      case 'heartbeat':
        return this.#heartbeat(index, reading.ts, reading.payload, backlog);
      case 'counters':
        return this.#counters(index, reading.ts, reading.payload, backlog);
      case 'event':
        return this.#event(index, reading.ts, reading.payload);
      case 'birth':
        return this.#birth(index, reading.ts, reading.payload);
      default:
        return NOTHING;
    }
  }

  /** Tells the engine that time has passed without readings; answers transitions that silence caused. */
  advance(now: number): readonly Finding[] {
    // Without any reading for long it is we who are blind (or behind): that says nothing of the terminals.
    return now - this.#now >= BLIND ? NOTHING : this.#withModels(this.#pass(now));
  }

  #pass(now: number): readonly Finding[] {
    if (now <= this.#now) return NOTHING;
    let out: Finding[] | undefined;
    // Between two readings time passes as it does live: whoever is silent meanwhile is seen to be, a look at a time.
    if (this.#now > 0) {
      const until = Math.min(now, this.#now + BLIND);
      for (let at = this.#now + LOOK; at < until; at += LOOK) out = this.#look(at, out);
    }
    return this.#look(now, out) ?? NOTHING;
  }

  #look(now: number, out: Finding[] | undefined): Finding[] | undefined {
    this.#now = now;
    if (!this.#outages.due(now)) return out;
    const said = out ?? [];
    this.#outages.advance(now, said);
    this.#rollouts.advance(now, said);
    if (!this.#outages.isBlind(now)) this.#silences.advance(now, said);
    const hour = Math.floor(now / HOUR);
    if (hour !== this.#compacted) this.#components.compact(now);
    this.#compacted = hour;
    return said;
  }

  /** Takes a person's opinion in, or a closed ticket's outcome; answers the findings it ends. */
  heed(opinion: Opinion): readonly Finding[] {
    this.#opinions.take(opinion);
    if (opinion.kind === 'confirmed') return NOTHING;
    const key = terminalKey(opinion.tenant, opinion.terminal, opinion.component);
    const standing = this.#book.get(key);
    if (!standing || standing.openedAt > opinion.at) return NOTHING;
    if (opinion.mode !== null && opinion.mode !== standing.finding.mode) return NOTHING;
    const out: Finding[] = [];
    this.#book.clear(key, Math.max(this.#now, opinion.at), out);
    return this.#withModels(out);
  }

  /** Whether the detectors hold a finding that has opened a ticket on a component of a terminal. */
  holds(tenant: string, terminal: string, component: Component): boolean {
    const standing = this.#book.get(terminalKey(tenant, terminal, component));
    return standing !== undefined && standing.finding.severity !== 'watch';
  }

  /** What people and closed tickets have said of findings: for those that others make beside the engine. */
  get opinions(): Pick<Opinions, 'muted' | 'demand' | 'calibrated'> {
    return this.#opinions;
  }

  /** What outcomes have taught of a tenant's findings, by mode and model. */
  learned(tenant: string): Learned[] {
    return this.#opinions.learned(tenant);
  }

  /** What is under suspicion on a terminal now, component by component. */
  inspect(tenant: string, terminal: string): { component: Component; suspicions: Suspicion[] }[] {
    const index = this.#terminals.find(tenant, terminal);
    if (index < 0) return [];
    return DETECTORS.flatMap(({ component }, d) => {
      const found = this.#components.suspicions(index, d);
      return found ? [{ component, suspicions: found }] : [];
    });
  }

  /** Newest moment the engine knows of, ms. */
  get now(): number {
    return this.#now;
  }

  /** Every finding that holds now, for restating. */
  standing(): Finding[] {
    return [...this.#book.values()].map((s) => s.finding);
  }

  get stats(): { terminals: number; standing: number; bytes: number } {
    const bytes = this.memory.reduce((sum, part) => sum + part.bytes, 0);
    return { terminals: this.#terminals.count, standing: this.#book.size, bytes };
  }

  /** Where the bytes of state lie: allocated, so room that is not used yet is counted. */
  get memory(): readonly { readonly part: string; readonly bytes: number }[] {
    return [
      { part: 'terminals', bytes: this.#terminals.bytes },
      ...this.#components.memory,
      { part: 'groups', bytes: this.#groups.bytes },
      { part: 'habits of sites', bytes: this.#habits.bytes },
      { part: 'rollouts', bytes: this.#rollouts.bytes },
      { part: 'crowding', bytes: this.#crowding.bytes },
    ];
  }

  #state(index: number, at: number, state: State): readonly Finding[] {
    if (state.online) this.#outages.heard(index, at);
    else this.#outages.lost(index, at, isGoodbye(state, this.#terminals.time(index, BEAT_AT)), state.ts);
    return NOTHING;
  }

  /** Whoever is heard of may have been lost until now; its session's own words say when it came back, any other message a beat later at the most. */
  #returned(index: number, reading: Reading): void {
    if (reading.channel === 'state' && !reading.payload.online) return;
    const opens = reading.channel === 'state' || reading.channel === 'birth';
    const away = this.#outages.awayFor(index, reading.receivedAt, opens);
    if (away > 0) this.#watch.returned(index, reading.receivedAt, away / MINUTE);
  }

  #heartbeat(index: number, ts: number, hb: Heartbeat, backlog: boolean): readonly Finding[] {
    // What was buffered on the device and comes after newer readings says nothing of now.
    if (ts <= this.#terminals.time(index, BEAT_AT)) return NOTHING;
    this.#paces.learnInterval(index, ts);
    this.#terminals.setTime(index, BEAT_AT, ts);
    this.#outages.restarted(index, false);
    this.#belonging.link(index, hb.network);
    // A clock that is ahead would have everything start late.
    const up = hb.system?.uptime_s;
    if (up !== undefined) this.#outages.started(index, Math.min(ts, this.#now) - up * 1000);
    if (hasReachedHost(hb.network)) this.#outages.reached(index, ts, this.#now);
    const charge = hb.battery?.soc_pct;
    if (charge !== undefined) this.#outages.charged(index, charge);
    return this.#watch.heartbeat(index, ts, hb, backlog, this.#now);
  }

  #counters(index: number, ts: number, counters: Counters, backlog: boolean): readonly Finding[] {
    const last = this.#terminals.time(index, COUNTED_AT);
    if (ts <= last) return NOTHING;
    this.#terminals.setTime(index, COUNTED_AT, ts);
    const hours = last === 0 ? 0 : (ts - last) / HOUR;
    if (this.#rollouts.counted(index, ts, counters) && this.#now - ts < BACKLOG) {
      this.#habits.sold(this.#terminals.int(index, SITE));
    }
    return this.#watch.counters(index, ts, counters, hours, backlog, this.#now);
  }

  #event(index: number, ts: number, event: TerminalEvent): readonly Finding[] {
    // Started in the morning is not started again in the middle of its work.
    if (event.type === 'boot' && ts - this.#terminals.time(index, BEAT_AT) < HOUR) this.#outages.restarted(index, true);
    if (event.type === 'boot') this.#outages.started(index, Math.min(ts, this.#now));
    if (event.type === 'shutdown') this.#outages.lost(index, this.#now, true, ts);
    if (event.type === 'firmware_updated' && typeof event.detail?.to === 'string' && event.detail.to !== '') {
      this.#runs(index, event.detail.to.slice(0, 64), ts);
    }
    return this.#watch.event(index, ts, event, this.#now);
  }

  #runs(index: number, firmware: string, ts: number): void {
    const relieved = this.#rollouts.runs(index, firmware, ts);
    if (!relieved) return;
    this.#components.updated(index, ts);
    this.#watch.relieved(index, relieved, ts);
  }

  #birth(index: number, ts: number, birth: Birth): readonly Finding[] {
    const before = this.#terminals.int(index, SITE);
    const site = this.#belonging.place(index, birth.site);
    this.#runs(index, birth.firmware, ts);
    this.#habits.placed(site, birth.timezone, ts);
    this.#belonging.describe(index, birth);
    if (birth.heartbeat_s !== undefined) this.#paces.told(index, birth.heartbeat_s);
    this.#watch.birth(index, ts, birth);
    if (before !== 0 && before !== site) {
      this.#habits.moved(index);
      this.#components.moved(index, ts);
    }
    return this.#belonging.isAnother(index, birth.serial) ? this.#watch.replace(index, ts, this.#now) : NOTHING;
  }

  /** The whole state as bytes. */
  snapshot(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.parts()));
  }

  /** The same in parts. They show the state itself, not a copy: nothing may be processed while they are in use. */
  parts(): Uint8Array[] {
    return writeSnapshot(this.#now, this.#kept);
  }

  /** Takes a snapshot back. Throws `analytics.bad_snapshot` where it is damaged or of another version. */
  restore(saved: Uint8Array): void {
    this.#now = readSnapshot(saved, this.#kept);
  }
}

function hasReachedHost(network: Heartbeat['network']): boolean {
  const { bearer, rtt_ms = TIMEOUT_MS, loss_pct = 0 } = network ?? {};
  return bearer !== 'none' && rtt_ms < TIMEOUT_MS && loss_pct < ALL_LOST_PCT;
}
