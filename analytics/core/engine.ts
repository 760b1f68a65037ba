import { TillwatchError } from '../../contract/errors.ts';
import type { Finding, Severity } from '../../contract/findings.ts';
import type { Component, Mode } from '../../contract/modes.ts';
import type { Birth, Counters, Heartbeat, State, TerminalEvent } from '../../contract/payloads.ts';
import type { Opinion } from '../../contract/ports/findings.ts';
import type { Reading } from '../../contract/reading.ts';
import type { TenantId } from '../../contract/topics.ts';
import { Block } from './block.ts';
import type { Learned } from './calibration.ts';
import { judgeGauge, type Suspicion, suspicions } from './channel-verdict.ts';
import { Crowding, type SavedCrowding } from './crowding.ts';
import { type Failure, OUTRIGHT } from './detector.ts';
import { DETECTORS } from './detectors/index.ts';
import { isElsewhere } from './detectors/network.ts';
import { HEAD_FED } from './detectors/printer.ts';
import { type Feeder, feederOf, isFedByPack } from './feeding.ts';
import { Groups, type GroupView } from './groups.ts';
import { Habits } from './habits.ts';
import { judge, type Lent, modeSpec, NAMED_BY, type Verdict } from './judge.ts';
import { ModelWatch, type SavedModels } from './models.ts';
import { Opinions } from './opinions.ts';
import { OutageWatch, type SavedOutages } from './outages.ts';
import { Paces } from './paces.ts';
import { Rollouts, type SavedRollouts } from './rollouts.ts';
import { type SavedSilences, SilenceWatch } from './silence.ts';
import type { Slab } from './slab.ts';
import { type SavedStanding, type Standing, StandingBook, terminalKey } from './standing.ts';
import { ChannelState } from './state.ts';
import {
  BEAT_AT,
  CARRIER,
  CELL,
  COUNTED_AT,
  FIRST_AT,
  FIXED,
  FLEET,
  INTERVAL,
  LINE,
  MOBILE,
  MODEL,
  PACK_AT,
  SERIAL,
  SITE,
  Terminals,
} from './terminals.ts';
import { DAY, HOUR } from './time.ts';

const MAGIC = 0x31415754;
const VERSION = 15;
/** ms without any reading after which the engine's clock waits for the next one. */
const BLIND = 10 * 60_000;
/** One in so many words of records may lie idle before the others are moved together. */
const IDLE_SHARE = 30;
/** ms between looks at who is silent. */
const LOOK = 10_000;
/** Days that a stopped part without any trend behind it must stay stopped, and the strength of a trend that says it will. */
const OVERNIGHT = OUTRIGHT;
const CORROBORATED = 0.6;
/** Reasons with which a terminal leaves on purpose. */
const GOODBYE = /shut|power|switch|reboot|restart|sleep|updat|goodbye|\bclean|night/i;
/** Reasons that a will gives for a session that broke. */
const BROKEN =
  /lost|loss|will|lwt|connect|network|link|signal|time.?out|keep.?alive|broker|abnormal|abrupt|ungrace|unexpected|unreachable|offline|drop|error|fail|crash|gone|dead|died/i;
/** ms from measurement to arrival beyond which a message was buffered on the device. */
const BACKLOG = 4 * 60_000;
/** ms for which restarts are still a pack's doing after its finding has ended. */
const PACK_ECHO = 4 * DAY;
const BATTERY = DETECTORS.findIndex((d) => d.component === 'battery');
const NETWORK = DETECTORS.findIndex((d) => d.component === 'network');
const PRINTER = DETECTORS.findIndex((d) => d.component === 'printer');
/** What detectors keep, as a text that changes with it: a snapshot of other detectors cannot be read. */
const FIELDS = DETECTORS.map(({ component, gauges, rates, totals, scratch }) =>
  [
    component,
    ...gauges.map((g) => `${g.metric}${g.diurnal ? '*' : ''}`),
    ...rates.map((r) => r.metric),
    ...totals,
    scratch,
  ].join(),
).join(';');
const NOTHING: readonly Finding[] = [];
/** Strength at which a finding is watched, and at which it opens a ticket. */
const WATCH = 0.5;
const RAISE = 0.8;
/** What a named mode's own channels amount to at the most for it to have been named by shared evidence only. */
const OWN_TRACE = 0.25;
/** Strength of a link's channel from which its silence is more likely its own than a pulled plug. */
const UNDER_SUSPICION = 0.2;
/** How much surer the leading mode must be than its rival before it is named. */
const LEAD = 1.12;
/** Days until failure, as expected, from which a ticket waits for the next day's word; and that wait, ms. */
const PATIENT = 5;
const NEXT_DAY = 12 * HOUR;
/** Days until failure, as expected, within which nothing is waited for. */
const SOON = 1.5;
/** How much more must be seen of a part for each time that what was foretold of it went away by itself, and of how many times at the most. */
const WARY = 0.35;
const WARY_TIMES = 3;

export interface EngineOptions {
  /** Where a terminal belongs, as the registry knows it; births are believed where it answers undefined. */
  readonly siteOf?: (tenant: TenantId, terminal: string) => string | undefined;
}

/**
 * The streaming engine: readings in, transitions of findings out. Event time, score before learn, deterministic:
 * the same readings in the same order give the same findings, live, in replay and in a backtest.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #terminals = new Terminals();
  readonly #channels = new ChannelState();
  readonly #blocks: readonly Block[];
  readonly #groups = new Groups(DETECTORS);
  readonly #views: readonly GroupView[];
  readonly #book = new StandingBook();
  readonly #opinions = new Opinions();
  readonly #habits = new Habits(this.#terminals);
  readonly #crowding = new Crowding(this.#terminals, this.#groups, this.#book);
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
    (index) => this.#isLinkFailing(index),
  );
  readonly #rollouts = new Rollouts(this.#terminals, this.#groups, this.#book);
  readonly #models: ModelWatch;
  /** Newest arrival, ms: what "now" is to findings. */
  #now = 0;
  /** Hour in which records were last moved together. */
  #compacted = 0;

  constructor(options: EngineOptions = {}) {
    this.#options = options;
    this.#blocks = DETECTORS.map((detector) => new Block(detector, this.#channels));
    this.#views = DETECTORS.map((_, i) => this.#groups.shift(i));
    this.#models = new ModelWatch(this.#terminals, this.#groups, this.#book, (index, component, mode) =>
      this.#shows(index, component, mode),
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
    if (index < 0) index = this.#meet(reading);
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
    if (hour !== this.#compacted) this.#compact();
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
    return DETECTORS.flatMap((detector, d) => {
      const block = this.#known(index, d, this.#terminals.time(index, BEAT_AT));
      if (!block) return [];
      return [{ component: detector.component, suspicions: suspicions(block, this.#view(index, d)) }];
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
    const { records, cases, histories } = this.#channels;
    return [
      { part: 'terminals', bytes: this.#terminals.bytes },
      { part: 'records', bytes: records.bytes },
      { part: 'suspicions', bytes: cases.slab.bytes },
      { part: 'curves', bytes: histories.bytes },
      { part: 'groups', bytes: this.#groups.bytes },
      { part: 'habits of sites', bytes: this.#habits.bytes },
      { part: 'rollouts', bytes: this.#rollouts.bytes },
      { part: 'crowding', bytes: this.#crowding.bytes },
    ];
  }

  #meet(reading: Reading): number {
    const index = this.#terminals.add(reading.tenant, reading.terminal);
    this.#terminals.setTime(index, FIRST_AT, reading.ts);
    this.#terminals.setInt(index, FLEET, this.#groups.idOf(`${reading.tenant}/`));
    const site = this.#options.siteOf?.(reading.tenant, reading.terminal);
    if (site !== undefined) this.#terminals.setInt(index, SITE, this.#groups.idOf(`${reading.tenant}/site/${site}`));
    return index;
  }

  #state(index: number, at: number, state: State): readonly Finding[] {
    if (state.online) this.#outages.heard(index, at);
    else this.#outages.lost(index, at, this.#isGoodbye(index, state), state.ts);
    return NOTHING;
  }

  /** A will is written before its session: what gives a reason and is newer than the last heartbeat, the terminal has said itself. */
  #isGoodbye(index: number, { reason, ts }: State): boolean {
    if (reason === undefined) return false;
    const isOwn = ts !== undefined && ts >= this.#terminals.time(index, BEAT_AT);
    return GOODBYE.test(reason) || (isOwn && !BROKEN.test(reason));
  }

  #heartbeat(index: number, ts: number, hb: Heartbeat, backlog: boolean): readonly Finding[] {
    // What was buffered on the device and comes after newer readings says nothing of now.
    if (ts <= this.#terminals.time(index, BEAT_AT)) return NOTHING;
    this.#learnInterval(index, ts);
    this.#terminals.setTime(index, BEAT_AT, ts);
    this.#outages.restarted(index, false);
    const carrier = hb.network?.carrier;
    if (carrier !== undefined) this.#setGroup(index, CARRIER, 'carrier', carrier);
    const cell = hb.network?.cell;
    if (cell !== undefined) this.#setGroup(index, CELL, 'cell', cell);
    const bearer = hb.network?.bearer;
    if (bearer !== undefined && bearer !== 'none') {
      this.#terminals.setInt(index, LINE, bearer === 'lte' || bearer === 'nr' ? MOBILE : FIXED);
    }
    const charge = hb.battery?.soc_pct;
    if (charge !== undefined) this.#outages.charged(index, charge);
    let out: Finding[] | undefined;
    for (let d = 0; d < DETECTORS.length; d++) {
      const detector = DETECTORS[d]!;
      if (!detector.heartbeat || (backlog && detector.liveOnly) || !detector.concerns(hb)) continue;
      const block = this.#open(index, d, ts);
      if (block.due) out = this.#close(index, d, block, out);
      detector.heartbeat(block, hb);
      if (detector.failed) out = this.#fail(index, d, block, detector.failed(block), out);
      // What a terminal meets on another way than its own says nothing of its place.
      if (hb.network !== undefined && d === NETWORK && !isElsewhere(block)) {
        const said = this.#crowding.took(index, ts, hb.network.rtt_ms, hb.network.loss_pct, this.#now);
        if (said) out = [...(out ?? []), ...said];
      }
      this.#settle(index, d, block);
    }
    return out ?? NOTHING;
  }

  #counters(index: number, ts: number, counters: Counters, backlog: boolean): readonly Finding[] {
    const last = this.#terminals.time(index, COUNTED_AT);
    if (ts <= last) return NOTHING;
    this.#terminals.setTime(index, COUNTED_AT, ts);
    const hours = last === 0 ? 0 : (ts - last) / HOUR;
    if (this.#rollouts.counted(index, ts, counters) && this.#now - ts < BACKLOG) {
      this.#habits.sold(this.#terminals.int(index, SITE));
    }
    let out: Finding[] | undefined;
    for (let d = 0; d < DETECTORS.length; d++) {
      const detector = DETECTORS[d]!;
      if (!detector.counters || !detector.concerns(counters)) continue;
      const block = this.#open(index, d, ts);
      if (block.due) out = this.#close(index, d, block, out);
      detector.counters(block, counters, hours);
      // What failed while the link was gone is told by its being gone.
      if (detector.liveOnly && (backlog || hours > 2)) block.discard();
      this.#settle(index, d, block);
    }
    return out ?? NOTHING;
  }

  #event(index: number, ts: number, event: TerminalEvent): readonly Finding[] {
    // Started in the morning is not started again in the middle of its work.
    if (event.type === 'boot' && ts - this.#terminals.time(index, BEAT_AT) < HOUR) this.#outages.restarted(index, true);
    if (event.type === 'shutdown') this.#outages.lost(index, this.#now, true, ts);
    if (event.type === 'firmware_updated' && typeof event.detail?.to === 'string' && event.detail.to !== '') {
      if (this.#rollouts.runs(index, event.detail.to.slice(0, 64), ts)) this.#updated(index, ts);
    }
    const d = DETECTORS.findIndex((detector) => detector.component === event.component);
    const block = d < 0 ? undefined : this.#known(index, d, ts);
    if (!block) return NOTHING;
    if (event.type !== 'part_replaced') {
      const { component, event: take, failed } = DETECTORS[d]!;
      take?.(block, event);
      const failure = event.type === 'boot' ? failed?.(block) : undefined;
      // A bad firmware that restarts its terminals without end is the firmware's own finding.
      const isOwn = failure && !this.#rollouts.speaksFor(index, component, failure.mode, 1);
      const out = isOwn ? this.#fail(index, d, block, failure, undefined) : undefined;
      this.#settle(index, d, block);
      return out ?? NOTHING;
    }
    // A new part has its own history: what was held of the old one is over.
    block.resetAll();
    this.#book.renew(this.#key(index, d));
    const out: Finding[] = [];
    this.#book.clear(this.#key(index, d), this.#now, out);
    return out;
  }

  #birth(index: number, ts: number, birth: Birth): readonly Finding[] {
    const tenant = this.#terminals.tenant(index);
    const site = this.#options.siteOf?.(tenant, this.#terminals.name(index)) ?? birth.site;
    const group = this.#groups.idOf(`${tenant}/site/${site}`);
    const before = this.#terminals.int(index, SITE);
    this.#terminals.setInt(index, SITE, group);
    if (this.#rollouts.runs(index, birth.firmware, ts)) this.#updated(index, ts);
    this.#habits.placed(group, birth.timezone, ts);
    const carrierName = birth.network?.carrier;
    if (carrierName !== undefined) this.#setGroup(index, CARRIER, 'carrier', carrierName);
    this.#terminals.setInt(index, MODEL, this.#groups.idOf(`${tenant}/model/${birth.model}`));
    if (birth.heartbeat_s !== undefined) this.#terminals.setInt(index, INTERVAL, birth.heartbeat_s);
    for (let d = 0; d < DETECTORS.length; d++) {
      const detector = DETECTORS[d]!;
      // A birth may tell of a part; a terminal without it keeps no state for one.
      if (!detector.birth || birth[detector.component as 'battery'] === undefined) continue;
      const block = this.#open(index, d, ts);
      detector.birth(block, birth);
      this.#settle(index, d, block);
    }
    if (before !== 0 && before !== group) this.#moved(index, ts);
    const serial = digest(birth.serial);
    const known = this.#terminals.int(index, SERIAL);
    this.#terminals.setInt(index, SERIAL, serial);
    if (known === 0 || known === serial) return NOTHING;
    const out: Finding[] = [];
    this.#replaced(index, ts, out);
    return out;
  }

  /** Another device has come under the same name: nothing that was learned or held of the old one is its own. */
  #replaced(index: number, ts: number, out: Finding[]): void {
    for (let d = 0; d < DETECTORS.length; d++) {
      this.#known(index, d, ts)?.resetAll();
      this.#book.renew(this.#key(index, d));
      this.#book.clear(this.#key(index, d), this.#now, out);
    }
  }

  /** Other software may measure on another scale: what steps with the update is the update's. */
  #updated(index: number, ts: number): void {
    for (let d = 0; d < DETECTORS.length; d++) this.#known(index, d, ts)?.rescaled();
  }

  /** Another place has another climate and another radio: what depends on the place is learned anew. */
  #moved(index: number, ts: number): void {
    this.#habits.moved(index);
    for (let d = 0; d < DETECTORS.length; d++) {
      const block = this.#known(index, d, ts);
      DETECTORS[d]!.gauges.forEach((gauge, i) => {
        if (gauge.diurnal) block?.resetGauge(i);
      });
    }
  }

  /** Heartbeats come as often as they come, whatever the birth said: gaps count for at most three intervals. */
  #learnInterval(index: number, ts: number): void {
    const last = this.#terminals.time(index, BEAT_AT);
    const known = this.#terminals.int(index, INTERVAL);
    if (last === 0) return;
    const seconds = Math.min((ts - last) / 1000, known === 0 ? 3600 : known * 3);
    this.#terminals.setInt(
      index,
      INTERVAL,
      known === 0 ? Math.ceil(seconds) : Math.ceil(known + (seconds - known) * 0.1),
    );
  }

  #setGroup(index: number, slot: number, kind: string, name: string): void {
    this.#terminals.setInt(index, slot, this.#groups.idOf(`${this.#terminals.tenant(index)}/${kind}/${name}`));
  }

  #open(index: number, d: number, ts: number): Block {
    return this.#known(index, d, ts) ?? this.#blocks[d]!.open(ts);
  }

  #known(index: number, d: number, ts: number): Block | undefined {
    const id = this.#terminals.int(index, d);
    return id === 0 ? undefined : this.#blocks[d]!.at(id, this.#terminals.shape(index, d), ts);
  }

  /** Keeps where a record lies, once a message that may have made it grow has been taken in. */
  #settle(index: number, d: number, block: Block): void {
    const place = block.settle();
    if (place) this.#terminals.setRecord(index, d, place.id, place.shape);
  }

  /** Gives back what records, suspicions and curves left behind, once it is worth a walk over the fleet. */
  #compact(): void {
    const t = this.#terminals;
    const { records, cases, histories } = this.#channels;
    const slabs = [...records.slabs, cases.slab, histories];
    const words = (count: (slab: Slab) => number): number =>
      slabs.reduce((sum, slab) => sum + count(slab) * slab.stride, 0);
    if (words((slab) => slab.idle) * IDLE_SHARE < words((slab) => slab.used)) return;
    const moves = new Map(slabs.map((slab) => [slab, slab.compaction()]));
    const { move: moveCase } = moves.get(cases.slab)!;
    const { move: moveHistory } = moves.get(histories)!;
    for (let index = 0; index < t.count; index++) {
      for (let d = 0; d < DETECTORS.length; d++) {
        const id = t.int(index, d);
        if (id === 0) continue;
        const block = this.#blocks[d]!;
        const shape = t.shape(index, d);
        const moved = moves.get(block.shapes.at(shape).slab)!.move(id);
        if (moved !== id) t.setInt(index, d, moved);
        block.at(moved, shape, this.#now).relocate(moveCase, moveHistory);
      }
    }
    for (const { end } of moves.values()) end();
  }

  /** What a terminal shares with others, and who is of its kind. */
  #view(index: number, d: number): GroupView {
    const view = this.#views[d]!;
    const local = this.#terminals.int(index, DETECTORS[d]!.component === 'network' ? CELL : SITE);
    const fleet = this.#terminals.int(index, FLEET);
    const site = this.#terminals.int(index, SITE);
    const model = this.#terminals.int(index, MODEL);
    view.groups = local === 0 ? [fleet] : local === site || site === 0 ? [local, fleet] : [local, site, fleet];
    view.kinds = model === 0 ? [fleet] : [model, fleet];
    return view;
  }

  #close(index: number, d: number, block: Block, out: Finding[] | undefined): Finding[] | undefined {
    const view = this.#view(index, d);
    const detector = DETECTORS[d]!;
    const suspect = block.close(view);
    // What has failed is not forecast.
    if (detector.failed?.(block) !== undefined) return out;
    const key = this.#key(index, d);
    const standing = this.#book.get(key);
    const lent = d === BATTERY ? this.#lentToPack(index) : undefined;
    if (!suspect && !standing && !lent) return out;
    // While a wider outage stands, its members' links are its own matter; what a bad firmware does is the firmware's.
    const { component } = detector;
    if (component === 'network' && this.#outages.isOut(index)) return out;
    const found = out ?? [];
    const feeder = d === PRINTER ? this.#feeder(index, block) : 'supply';
    view.isAlone = component === 'network' && this.#crowding.isAlone(index, block.now);
    const told = suspect || lent ? judge(block, view, lent) : [];
    const verdicts = told.filter(
      (v) =>
        (feeder === 'supply' || v.mode.mode !== 'power') &&
        !this.#explained(index, v) &&
        !this.#rollouts.speaksFor(index, component, v.mode.mode, v.own),
    );
    const verdict =
      standing && standing.finding.severity !== 'watch'
        ? continuing(verdicts, standing, component === 'network')
        : leading(verdicts, block);
    if (verdict) {
      if (standing && standing.finding.mode !== verdict.mode.mode) this.#book.clear(key, this.#now, found);
      this.#book.hold(key, this.#statement(index, d, verdict), found);
    } else if (standing?.finding.mode === 'power' && feeder === 'pack' && standing.finding.probability < 1) {
      this.#book.clear(key, this.#now, found);
    } else if (standing && !suspect && !lent) this.#book.well(key, this.#now, detector.wellDays * DAY, found);
    return found;
  }

  #feeder(index: number, printer: Block): Feeder {
    return isFedByPack(printer) ? feederOf(printer, this.#known(index, BATTERY, this.#now)) : 'supply';
  }

  #lentToPack(index: number): Lent | undefined {
    const printer = this.#known(index, PRINTER, this.#now);
    if (!printer || this.#feeder(index, printer) !== 'pack') return undefined;
    const verdict = judgeGauge(printer, HEAD_FED);
    return verdict && verdict.strength > 0.05 ? { mode: 'resistance_rise', verdict } : undefined;
  }

  /** A place where everybody is slow speaks for its terminals. A pack that gives way takes the printer's supply and the computer with it: one cause, one finding. */
  #explained(index: number, { mode, own, evidence }: Pick<Verdict, 'mode' | 'own' | 'evidence'>): boolean {
    if (
      mode.mode === 'congestion' ||
      mode.mode === 'offline' ||
      (mode.mode === 'signal_degradation' && own < OWN_TRACE)
    ) {
      return this.#crowding.speaksFor(index);
    }
    // A radio that shouts and sends again empties the pack.
    if (mode.mode === 'capacity_fade' && evidence[0]?.metric === 'battery.drain') {
      const link = this.#book.get(this.#key(index, NETWORK));
      return link !== undefined && link.finding.severity !== 'watch';
    }
    const restarts = mode.mode === 'crash_loop' || evidence[0]?.metric === 'system.reboots_total';
    if (mode.mode !== 'power' && !restarts) return false;
    const pack = this.#book.get(this.#key(index, BATTERY));
    // A warm pack explains restarts only once it has shut the terminal down.
    const gives =
      pack !== undefined &&
      pack.finding.severity !== 'watch' &&
      (pack.finding.mode !== 'overheat' || pack.finding.severity === 'critical');
    if (gives) this.#terminals.setTime(index, PACK_AT, this.#now);
    // What it did is counted for some days after it has been mended.
    return gives || this.#now - this.#terminals.time(index, PACK_AT) < PACK_ECHO;
  }

  #fail(
    index: number,
    d: number,
    block: Block,
    failure: Failure | undefined,
    out: Finding[] | undefined,
  ): Finding[] | undefined {
    if (failure === undefined) return out;
    const { mode } = failure;
    const key = this.#key(index, d);
    const standing = this.#book.get(key);
    if (standing?.finding.severity === 'critical' && standing.finding.probability === 1) return out;
    // What a failing pack stops is the pack's own finding, also for some days after.
    const spoken = standing !== undefined && standing.finding.severity !== 'watch';
    if (!spoken && this.#explained(index, { mode: modeSpec(block.detector, mode), own: 1, evidence: [] })) return out;
    // A jam that staff clear in their own time is no failing part: without a trend behind it, it must outlast a night.
    const verdicts = judge(block, this.#view(index, d));
    if (!spoken && failure.days < OVERNIGHT) {
      if (!verdicts.some((v) => v.mode.mode === failure.mode && v.strength > CORROBORATED)) return out;
    }
    const found = out ?? [];
    const spec = modeSpec(
      block.detector,
      standing?.finding.severity === 'watch' ? mode : (standing?.finding.mode ?? mode),
    );
    this.#book.hold(
      key,
      {
        ...this.#subject(index, d, spec.mode),
        severity: 'critical',
        probability: 1,
        horizonH: 0,
        failsAt: this.#now,
        failsAtP10: this.#now,
        failsAtP90: this.#now,
        evidence: [
          {
            metric: `${block.detector.component}.state`,
            value: 'stopped',
            baseline: 'ok',
            why: `${failure.why ?? 'It has stopped and not come back for half an hour.'} ${spec.cost}`,
          },
          // What foretold it tells the technician which part to bring.
          ...(verdicts.find((v) => v.mode.mode === spec.mode)?.seen ?? []),
        ],
      },
      found,
    );
    return found;
  }

  #statement(index: number, d: number, verdict: Verdict): Omit<Finding, 'state'> {
    const { forecast, mode } = verdict;
    const tenant = this.#terminals.tenant(index);
    const terminal = this.#terminals.name(index);
    const { component } = DETECTORS[d]!;
    const model = this.#groups.nameOf(this.#terminals.int(index, MODEL)).split('/model/')[1] ?? '';
    const fresh = this.#rollouts.isFresh(index, component, this.#now);
    const demand =
      fresh || this.#opinions.muted(tenant, terminal, component, mode.mode, this.#now)
        ? Number.POSITIVE_INFINITY
        : this.#opinions.demand(tenant, terminal, model, component, mode.mode);
    const unfounded = Math.min(WARY_TIMES, this.#book.unfounded(this.#key(index, d)));
    const at = this.#blocks[d]!.now;
    const sure = verdict.strength >= (mode.raisedAt ?? RAISE) * demand * (1 + WARY * unfounded);
    const severity: Severity =
      !sure || this.#waits(index, d, verdict) ? 'watch' : forecast.within1 >= 0.5 ? 'critical' : 'warning';
    const horizonH = forecast.p50 < 1 ? 24 : forecast.p50 < 3 ? 72 : 168;
    const likely = horizonH === 24 ? forecast.within1 : horizonH === 72 ? forecast.within3 : forecast.within7;
    const belief = this.#opinions.calibrated(
      tenant,
      model,
      component,
      mode.mode,
      0.4 + 0.55 * Math.min(1, verdict.strength),
    );
    const evidence = verdict.evidence.map((e, i) => (i === 0 ? { ...e, why: `${e.why} ${mode.cost}` } : e));
    return {
      ...this.#subject(index, d, mode.mode),
      severity,
      probability: Number((likely * belief).toFixed(3)),
      horizonH,
      failsAt: Math.round(at + forecast.p50 * DAY),
      failsAtP10: Math.round(at + forecast.p10 * DAY),
      failsAtP90: Math.round(at + forecast.p90 * DAY),
      evidence,
    };
  }

  /** What is expected to fail only in days can be looked at again on the next one before anybody is sent: a bad day is over by then. */
  #waits(index: number, d: number, { mode, forecast: { p50 } }: Verdict): boolean {
    const lasting = this.#book.sure(this.#key(index, d), this.#now);
    if (mode.patient && p50 > PATIENT && lasting < NEXT_DAY) return true;
    return p50 > SOON && DETECTORS[d]!.openQuestion?.(this.#blocks[d]!, mode.mode) === true;
  }

  #subject(
    index: number,
    d: number,
    mode: Mode,
  ): Pick<Finding, 'at' | 'tenant' | 'scope' | 'subject' | 'terminal' | 'site' | 'component' | 'mode'> {
    const terminal = this.#terminals.name(index);
    return {
      at: this.#now,
      tenant: this.#terminals.tenant(index),
      scope: 'terminal',
      subject: terminal,
      terminal,
      site: this.#siteName(index),
      component: DETECTORS[d]!.component,
      mode,
    };
  }

  #siteName(index: number): string | null {
    const group = this.#terminals.int(index, SITE);
    return group === 0 ? null : this.#groups.nameOf(group).split('/site/')[1]!;
  }

  /** Whether anything of its link was worse than ever when it was last heard of. */
  #isLinkFailing(index: number): boolean {
    const block = this.#known(index, NETWORK, this.#terminals.time(index, BEAT_AT));
    if (!block) return false;
    return suspicions(block, this.#view(index, NETWORK)).some(({ strength }) => strength >= UNDER_SUSPICION);
  }

  /** Whether a terminal sends what speaks for a mode, and its habit is known. */
  #shows(index: number, component: Component, mode: Mode): boolean {
    const d = DETECTORS.findIndex((one) => one.component === component);
    const block = this.#known(index, d, this.#now);
    if (!block) return false;
    const view = this.#view(index, d);
    const { gauges, rates } = modeSpec(DETECTORS[d]!, mode);
    return gauges.some((i) => block.viewGauge(i).ready) || rates.some((i) => block.viewRate(i, view).ready);
  }

  #key(index: number, d: number): string {
    return terminalKey(this.#terminals.tenant(index), this.#terminals.name(index), DETECTORS[d]!.component);
  }

  /** The whole state as bytes. */
  snapshot(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.parts()));
  }

  /**
   * The whole state as bytes, in parts: a header in JSON, then typed arrays. Little-endian, as every platform Node runs on. They show the
   * state itself, not a copy: nothing may be processed while they are in use.
   */
  parts(): Uint8Array[] {
    const terminals = this.#terminals.save();
    const groups = this.#groups.save();
    const rollouts = this.#rollouts.save();
    const crowding = this.#crowding.save();
    const channels = this.#channels.save();
    const header = new TextEncoder().encode(
      JSON.stringify({
        now: this.#now,
        fields: FIELDS,
        tenants: terminals.tenants,
        groups: groups.names,
        standing: this.#book.save(),
        outages: this.#outages.save(),
        silences: this.#silences.save(),
        models: this.#models.save(),
        rollouts: rollouts.saved,
        crowding: crowding.saved,
        sizes: channels.sizes,
        shapes: this.#blocks.map((block) => block.shapes.save()),
      }),
    );
    const head = Uint32Array.of(MAGIC, VERSION, header.byteLength);
    return [
      new Uint8Array(head.buffer),
      header,
      ...terminals.parts,
      ...groups.parts,
      ...rollouts.parts,
      ...crowding.parts,
      ...channels.parts,
    ];
  }

  /** Takes a snapshot back. Throws `analytics.bad_snapshot` where it is damaged or of another version. */
  restore(saved: Uint8Array): void {
    // A plain view: a Buffer's own `slice` shares memory and keeps its offset.
    const bytes = new Uint8Array(saved.buffer, saved.byteOffset, saved.byteLength);
    const head = new Uint32Array(bytes.slice(0, 12).buffer);
    if (head[0] !== MAGIC || head[1] !== VERSION) {
      throw new TillwatchError('analytics.bad_snapshot', 'the snapshot is of another version of the engine', {
        context: { version: head[1], expected: VERSION },
      });
    }
    const end = 12 + head[2]!;
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(12, end))) as {
      now: number;
      fields: string;
      tenants: TenantId[];
      groups: string[];
      standing: SavedStanding;
      outages: SavedOutages;
      silences: SavedSilences;
      models: SavedModels;
      rollouts: SavedRollouts;
      crowding: SavedCrowding;
      sizes: number[];
      shapes: string[][];
    };
    if (header.fields !== FIELDS) {
      throw new TillwatchError('analytics.bad_snapshot', 'the snapshot is of detectors that watch other fields');
    }
    this.#now = header.now;
    this.#book.load(header.standing);
    this.#outages.load(header.outages);
    this.#silences.load(header.silences);
    this.#models.load(header.models);
    let at = this.#terminals.load(header.tenants, bytes, end);
    at = this.#groups.load(header.groups, bytes, at);
    at = this.#rollouts.load(header.rollouts, bytes, at);
    at = this.#crowding.load(header.crowding, bytes, at);
    this.#channels.load(header.sizes, bytes, at);
    this.#blocks.forEach((block, d) => {
      block.shapes.load(header.shapes[d] ?? []);
    });
  }
}

/** Sixteen bits of a text, never 0 (FNV-1a, folded). */
function digest(text: string): number {
  let hash = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193) >>> 0;
  return (hash >>> 16) ^ (hash & 0xffff) || 1;
}

/** The verdict that may open a finding: sure enough, and clearly ahead of its rivals or long enough undisputed. */
function leading(verdicts: readonly Verdict[], block: Block): Verdict | undefined {
  const [first] = verdicts;
  if (!first || first.strength < WATCH || block.age < 1) return undefined;
  const second = verdicts.find((v) => v !== first && !v.mode.remainder);
  const raisedAt = first.mode.raisedAt ?? RAISE;
  if (first.strength >= raisedAt && second && first.strength < second.strength * LEAD && first.strength < 1.6) {
    return { ...first, strength: raisedAt - 0.01 };
  }
  return first;
}

/**
 * What a finding that has opened a ticket goes by: its own mode, whatever else shows up beside it; unless it was named by what several
 * modes share, shows nothing of its own, and another does by now.
 */
function continuing(verdicts: readonly Verdict[], standing: Standing, isLink: boolean): Verdict | undefined {
  const same = verdicts.find((v) => v.mode.mode === standing.finding.mode);
  const [first] = verdicts;
  if (!first || first === same || (same?.own ?? 0) >= OWN_TRACE) return same;
  const isNamed = first.own >= RAISE || (!isLink && first.strength >= RAISE && first.surprise >= NAMED_BY);
  return isNamed ? first : same;
}
