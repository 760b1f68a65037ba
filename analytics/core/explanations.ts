import { Attachments } from './attachments.ts';
import type { Block } from './block.ts';
import { judgeGauge, judgeRate } from './channel-verdict.ts';
import { BATTERY, type Components, NETWORK, PRINTER, SYSTEM } from './components.ts';
import type { Crowding } from './crowding.ts';
import { BROWNOUTS, OVER_TEMP } from './detectors/pack-channels.ts';
import { growsClearly, troubledShare } from './detectors/paper.ts';
import { HEAD_FED, JAMS, LOW_VOLTAGE, PAPER_FROM, RETRIES } from './detectors/printer-channels.ts';
import { CRASHES } from './detectors/system.ts';
import { type Feeder, feederOf, isFedByPack } from './feeding.ts';
import { goesWithOthers, middleOf } from './in-step.ts';
import type { Lent, Verdict } from './judge.ts';
import { losesAsEver } from './memory-of-a-model.ts';
import type { StandingBook } from './standing.ts';
import { BEAT_AT, PACK_AT, SITE, type Terminals } from './terminals.ts';
import { DAY } from './time.ts';
import { OWN_TRACE, WATCH } from './verdict-choice.ts';

/** Days within which printers of a shop begin to jam, for how many that lasts, and the share of them that must, or `SEVERAL` in a large one, where a box of paper is to blame. */
const BOX_DAYS = 2;
const BOX_LASTS = 5;
const BOX_SHARE = 1 / 3;
/**
 * Share of a shop's printers that jam, three at the least, whenever each was first seen to, for which the carton or whoever loads them is to blame; as often of
 * their receipts as this one, or not so much less (a sound feed has its odd retries); and days that a carton, or hired help, lasts.
 */
const MOST_OF_SHOP = 1 / 2;
const SEVERAL = 3;
const AS_OFTEN = 1 / 4;
const HELP_LASTS = 14;
/** Times as often of its receipts as the middle of them from which trouble that grows is a printer's own. */
const OUTDOES = 2;
/** ms without a word after which a printer tells nothing of the paper that the others have now. */
const IDLE = 2 * DAY;
/** Nats from which it is more than chance. */
const TROUBLED = 3.5;
/** Days within which a bad setting of a shop is found and taken back. */
const TAKEN_BACK_DAYS = 1.5;
/** ms for which restarts are still a pack's doing after its finding has ended. */
const PACK_ECHO = 4 * DAY;
/** Times as often as the pack gives way for which crashes are not its doing. */
const OUTNUMBERS = 3;

/** What one part of a terminal, or the place it stands in, does to its other parts: one cause is one finding. */
export class Explanations {
  readonly #terminals: Terminals;
  readonly #components: Components;
  readonly #book: StandingBook;
  readonly #crowding: Crowding;
  readonly #attachments: Attachments;

  constructor(terminals: Terminals, components: Components, book: StandingBook, crowding: Crowding) {
    this.#terminals = terminals;
    this.#components = components;
    this.#book = book;
    this.#crowding = crowding;
    this.#attachments = new Attachments(terminals, components);
  }

  /** Whose the falling voltage of a printer's head is: of a pack that feeds it and about which a ticket stands that takes its voltage down, before anything else. */
  feeder(index: number, printer: Block): Feeder {
    if (!isFedByPack(printer)) return 'supply';
    return this.#givesWay(index) ? 'pack' : this.#measuredFeeder(index, printer);
  }

  /** The same by what is measured of pack and head alone. */
  #measuredFeeder(index: number, printer: Block): Feeder {
    return feederOf(printer, this.#components.known(index, BATTERY, printer.now));
  }

  /** Whether a ticket stands about a pack that gives way. A warm one does once it shuts the terminal down. */
  #givesWay(index: number): boolean {
    const pack = this.#book.get(this.#components.key(index, BATTERY))?.finding;
    if (pack === undefined || pack.severity === 'watch' || pack.mode === 'charging_fault') return false;
    return pack.mode !== 'overheat' || pack.severity === 'critical';
  }

  /**
   * Whether several printers of a shop have begun to jam within a day or so, or most of them jam by now: they are fed from one box of paper,
   * by the same hands. Leaves cursor and view where it found them.
   */
  #isBoxOfPaper(index: number, now: number, at: number): boolean {
    const t = this.#terminals;
    const site = t.int(index, SITE);
    const own = this.#troubleOf(index, at);
    if (site === 0 || own === undefined || own.lasted > HELP_LASTS) return false;
    let [printers, together] = [0, 0];
    const shares: number[] = [];
    for (let i = 0; i < t.count; i++) {
      if (t.int(i, SITE) !== site || t.int(i, PRINTER) === 0 || now - t.time(i, BEAT_AT) > IDLE) continue;
      printers++;
      const trouble = this.#troubleOf(i, at);
      if (trouble === undefined) continue;
      shares.push(trouble.share);
      if (Math.abs(trouble.lasted - own.lasted) < BOX_DAYS) together++;
    }
    this.#components.known(index, PRINTER, at);
    this.#components.view(index, PRINTER);
    const troubled = shares.filter((share) => share >= own.share * AS_OFTEN).length;
    // Hands that learn nothing, or longer receipts, make a carton's trouble grow, too: at all of them.
    const outdoes = own.grows && own.share > OUTDOES * middleOf(shares);
    if (!outdoes && troubled >= Math.max(SEVERAL, printers * MOST_OF_SHOP)) return true;
    return own.lasted <= BOX_LASTS && together >= Math.max(2, Math.min(SEVERAL, printers * BOX_SHARE));
  }

  /** For how many days, and with what share of its receipts, a printer has tried again, or jammed, more than chance makes it. */
  #troubleOf(index: number, at: number): { lasted: number; share: number; grows: boolean } | undefined {
    const printer = this.#components.known(index, PRINTER, at);
    if (!printer) return undefined;
    const view = this.#components.view(index, PRINTER);
    const seen = [RETRIES, JAMS].map((rate) => judgeRate(printer, rate, view)).filter((v) => v !== undefined);
    const loudest = seen.sort((a, b) => b.score - a.score)[0];
    if (loudest === undefined || loudest.score < TROUBLED) return undefined;
    return {
      lasted: loudest.lasted,
      share: troubledShare(printer, PAPER_FROM),
      grows: growsClearly(printer, PAPER_FROM),
    };
  }

  /** Whether a ticket stands about a pack that may take its terminal down; a warm one once it has, or will any hour. */
  #isPacksDoing(index: number, at: number): boolean {
    const pack = this.#book.get(this.#components.key(index, BATTERY))?.finding;
    if (pack === undefined || pack.severity === 'watch') return false;
    if (pack.mode !== 'overheat' || pack.severity === 'critical') return true;
    return (this.#components.known(index, BATTERY, at)?.score(OVER_TEMP) ?? 0) > 0;
  }

  /** Whether crashes come many times as often as the pack gives way, where both are counted. */
  #outnumbers(index: number, at: number): boolean {
    const pack = this.#components.known(index, BATTERY, at);
    if (!pack?.told(0)) return false;
    const gaveWay = pack.viewRate(BROWNOUTS, this.#components.view(index, BATTERY)).now;
    const computer = this.#components.known(index, SYSTEM, at);
    const crashes = computer && judgeRate(computer, CRASHES, this.#components.view(index, SYSTEM));
    return crashes !== undefined && crashes.more > OUTNUMBERS * gaveWay;
  }

  /** What the old pack gave the head that it fed says nothing of the new one. */
  packRenewed(index: number, now: number, at: number): void {
    if (this.#isPacksDoing(index, at)) this.#terminals.setTime(index, PACK_AT, now);
    const printer = this.#components.known(index, PRINTER, now);
    if (!printer) return;
    if (isFedByPack(printer)) printer.resetRate(LOW_VOLTAGE);
    printer.resetGauge(HEAD_FED);
  }

  /** Another device has another pack. */
  forgetPack(index: number): void {
    this.#terminals.setTime(index, PACK_AT, 0);
  }

  /** What the voltage of a printer's head says, by the event time `ts`, of the pack that feeds it: a ticket that stands is no witness for itself. */
  lentToPack(index: number, ts: number): Lent | undefined {
    const printer = this.#components.known(index, PRINTER, ts);
    if (!printer || !isFedByPack(printer) || this.#measuredFeeder(index, printer) !== 'pack') return undefined;
    const verdict = judgeGauge(printer, HEAD_FED);
    return verdict && verdict.strength > 0.05 ? { mode: 'resistance_rise', verdict } : undefined;
  }

  /** A bad setting makes every computer of a shop crash until it is taken back; where nobody does that for days, somebody must be told. */
  #isSetting(index: number, now: number, at: number): boolean {
    const block = this.#components.known(index, SYSTEM, at);
    const crashes = block && judgeRate(block, CRASHES, this.#components.view(index, SYSTEM));
    if (!crashes || crashes.since > TAKEN_BACK_DAYS) return false;
    const computers = { slot: SITE, component: SYSTEM, rate: CRASHES } as const;
    return goesWithOthers(this.#terminals, this.#components, computers, index, now, at);
  }

  /** A place where everybody is slow speaks for its terminals. A pack that gives way takes the printer's supply and the computer with it: one cause, one finding. */
  explains(
    index: number,
    { mode, own, metric, strength }: Pick<Verdict, 'mode' | 'own' | 'metric' | 'strength'>,
    now: number,
    at: number,
  ): boolean {
    // What a carrier does to all its SIMs is no wear of each of them; nor is it their signal's doing, or the modem's.
    const attaches = mode.mode === 'sim_wear' || metric === 'network.reattaches_total';
    // Asking them all costs something: only of what would be told.
    if (attaches && strength >= WATCH && this.#attachments.areCarriers(index, now, at)) return true;
    if (
      mode.mode === 'congestion' ||
      mode.mode === 'offline' ||
      (mode.mode === 'signal_degradation' && own < OWN_TRACE)
    ) {
      return this.#crowding.speaksFor(index);
    }
    // Receipts that are tried again are what a worn feed and a worn head have in common.
    if ((mode.mode === 'paper_feed' || (mode.mode === 'head_wear' && own < OWN_TRACE)) && metric !== undefined) {
      return this.#isBoxOfPaper(index, now, at);
    }
    // A radio that shouts and sends again empties the pack.
    if (mode.mode === 'capacity_fade' && metric === 'battery.drain') {
      const link = this.#book.get(this.#components.key(index, NETWORK));
      return link !== undefined && link.finding.severity !== 'watch';
    }
    if (
      metric === 'system.mem_free_mb' &&
      strength >= WATCH &&
      losesAsEver(this.#terminals, this.#components, index, now, at)
    )
      return true;
    if (mode.mode === 'crash_loop' && own < OWN_TRACE && strength >= WATCH && this.#isSetting(index, now, at))
      return true;
    const restarts = mode.mode === 'crash_loop' || metric === 'system.reboots_total';
    if (mode.mode !== 'power' && !restarts) return false;
    // A pack takes no memory away, and what software does is counted apart from what the pack does.
    if (metric === 'system.mem_free_mb' || (metric === 'system.crashes_total' && this.#outnumbers(index, at)))
      return false;
    const gives = this.#isPacksDoing(index, at);
    if (gives) this.#terminals.setTime(index, PACK_AT, now);
    // What it did is counted for some days after it has been mended.
    return gives || now - this.#terminals.time(index, PACK_AT) < PACK_ECHO;
  }
}
