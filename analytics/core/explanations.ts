import type { Block } from './block.ts';
import { judgeGauge } from './channel-verdict.ts';
import { BATTERY, type Components, NETWORK, PRINTER } from './components.ts';
import type { Crowding } from './crowding.ts';
import { OVER_TEMP } from './detectors/pack-channels.ts';
import { HEAD_FED, LOW_VOLTAGE } from './detectors/printer-channels.ts';
import { type Feeder, feederOf, isFedByPack } from './feeding.ts';
import type { Lent, Verdict } from './judge.ts';
import type { StandingBook } from './standing.ts';
import { PACK_AT, type Terminals } from './terminals.ts';
import { DAY } from './time.ts';
import { OWN_TRACE } from './verdict-choice.ts';

/** ms for which restarts are still a pack's doing after its finding has ended. */
const PACK_ECHO = 4 * DAY;

/** What one part of a terminal, or the place it stands in, does to its other parts: one cause is one finding. */
export class Explanations {
  readonly #terminals: Terminals;
  readonly #components: Components;
  readonly #book: StandingBook;
  readonly #crowding: Crowding;

  constructor(terminals: Terminals, components: Components, book: StandingBook, crowding: Crowding) {
    this.#terminals = terminals;
    this.#components = components;
    this.#book = book;
    this.#crowding = crowding;
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

  /** Whether a ticket stands about a pack that may take its terminal down; a warm one once it has, or will any hour. */
  #isPacksDoing(index: number, now: number): boolean {
    const pack = this.#book.get(this.#components.key(index, BATTERY))?.finding;
    if (pack === undefined || pack.severity === 'watch') return false;
    if (pack.mode !== 'overheat' || pack.severity === 'critical') return true;
    return (this.#components.known(index, BATTERY, now)?.score(OVER_TEMP) ?? 0) > 0;
  }

  /** What the old pack gave the head that it fed says nothing of the new one. */
  packRenewed(index: number, now: number): void {
    if (this.#isPacksDoing(index, now)) this.#terminals.setTime(index, PACK_AT, now);
    const printer = this.#components.known(index, PRINTER, now);
    if (!printer) return;
    if (isFedByPack(printer)) printer.resetRate(LOW_VOLTAGE);
    printer.resetGauge(HEAD_FED);
  }

  /** What the voltage of a printer's head says, by the event time `ts`, of the pack that feeds it: a ticket that stands is no witness for itself. */
  lentToPack(index: number, ts: number): Lent | undefined {
    const printer = this.#components.known(index, PRINTER, ts);
    if (!printer || !isFedByPack(printer) || this.#measuredFeeder(index, printer) !== 'pack') return undefined;
    const verdict = judgeGauge(printer, HEAD_FED);
    return verdict && verdict.strength > 0.05 ? { mode: 'resistance_rise', verdict } : undefined;
  }

  /** A place where everybody is slow speaks for its terminals. A pack that gives way takes the printer's supply and the computer with it: one cause, one finding. */
  explains(index: number, { mode, own, evidence }: Pick<Verdict, 'mode' | 'own' | 'evidence'>, now: number): boolean {
    if (
      mode.mode === 'congestion' ||
      mode.mode === 'offline' ||
      (mode.mode === 'signal_degradation' && own < OWN_TRACE)
    ) {
      return this.#crowding.speaksFor(index);
    }
    // A radio that shouts and sends again empties the pack.
    if (mode.mode === 'capacity_fade' && evidence[0]?.metric === 'battery.drain') {
      const link = this.#book.get(this.#components.key(index, NETWORK));
      return link !== undefined && link.finding.severity !== 'watch';
    }
    const restarts = mode.mode === 'crash_loop' || evidence[0]?.metric === 'system.reboots_total';
    if (mode.mode !== 'power' && !restarts) return false;
    const gives = this.#isPacksDoing(index, now);
    if (gives) this.#terminals.setTime(index, PACK_AT, now);
    // What it did is counted for some days after it has been mended.
    return gives || now - this.#terminals.time(index, PACK_AT) < PACK_ECHO;
  }
}
