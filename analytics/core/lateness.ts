import { HOUR } from './time.ts';

/** ms between arrivals that make them two: what a gateway sends at once is one, and so is a backlog. */
const APART = 2000;
/** Lateness that is no habit: what was buffered through an outage, or measured by a wrong clock. */
const MOST = HOUR;
/** Lateness up to which a message comes as it is measured. */
const PROMPT = 30_000;
/** How far one later arrival may raise what is held usual, ms: it takes several. What share of it an arrival that is not takes off. */
const UP = 5 * 60_000;
const EASES = 0.003;

/**
 * How late messages of a terminal usually come after they are measured: a gateway that sends a shop's readings every quarter of an hour makes its
 * terminals silent for as long in between, and nothing is wrong with them. Only those that have come late are remembered.
 */
export class Lateness {
  readonly #usual = new Map<number, number>();

  /** ms that it has usually been late at the most. */
  of(index: number): number {
    return this.#usual.get(index) ?? 0;
  }

  /** A message came, `late` ms after it was measured and `gap` ms after the one before it. The oldest of a batch comes first. */
  came(index: number, late: number, gap: number): void {
    const usual = this.#usual.get(index);
    if ((late <= PROMPT && usual === undefined) || late > MOST || gap < APART) return;
    const held = usual ?? 0;
    const next = late > held ? held + Math.min(UP, late - held) : held * (1 - EASES);
    if (next > PROMPT) this.#usual.set(index, next);
    else this.#usual.delete(index);
  }

  save(): readonly (readonly [index: number, ms: number])[] {
    return [...this.#usual];
  }

  load(saved: readonly (readonly [index: number, ms: number])[]): void {
    this.#usual.clear();
    for (const [index, ms] of saved) this.#usual.set(index, ms);
  }
}
