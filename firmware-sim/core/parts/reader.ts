import type { HardwareModel } from '../hardware.ts';
import type { Random } from '../random.ts';

/** Card readers: chip contacts, magnetic head, contactless coil. Progress of faults comes from outside. */
export interface ReaderState {
  /** Dirt on the contacts, 0–1: cleaning takes it away. */
  dirt: number;
  contactWear: number;
  tapFault: number;
  chipOk: number;
  chipFail: number;
  swipeOk: number;
  swipeFail: number;
  tapOk: number;
  tapFail: number;
}

export function newReader(random: Random, sales: number): ReaderState {
  return {
    dirt: random.range(0, 0.4),
    contactWear: 0,
    tapFault: 0,
    chipOk: Math.round(sales * 0.32),
    chipFail: Math.round(sales * 0.006),
    swipeOk: Math.round(sales * 0.02),
    swipeFail: Math.round(sales * 0.002),
    tapOk: Math.round(sales * 0.64),
    tapFail: Math.round(sales * 0.015),
  };
}

/** Chance that one chip read fails: 1.5 % of shoppers pull early; contacts are rated 300–500 k insertions, then lose pins one by one. */
export function chipFailure(state: ReaderState): number {
  const p = state.contactWear;
  return Math.min(0.97, 0.015 + 0.02 * state.dirt + 0.09 * p + 0.88 * p ** 5);
}

/** Chance that one tap fails: 2 % are held badly; a detuned coil shortens its reach until nothing answers. */
export function tapFailure(state: ReaderState): number {
  const p = state.tapFault;
  return Math.min(0.97, 0.02 + 0.07 * p + 0.9 * p ** 5);
}

/** Reads the cards of a step; answers how many sales found no method that worked. */
export function stepReader(state: ReaderState, model: HardwareModel, sales: number, random: Random): number {
  if (sales === 0) return 0;
  const { chip, swipe, tap } = model.reader;
  state.dirt = Math.min(1, state.dirt + sales * 2e-5);
  const chipFails = chipFailure(state);
  const tapFails = tapFailure(state);
  let lost = 0;
  for (let i = 0; i < sales; i++) {
    const u = random.next();
    // Two thirds tap, a third insert, a few swipe (card-present shares in Europe and North America); a failure is tried twice, then another way.
    let method: 'tap' | 'chip' | 'swipe' =
      tap && u < 0.64 ? 'tap' : chip && u < 0.98 ? 'chip' : swipe ? 'swipe' : 'chip';
    let done = false;
    for (let attempt = 0; attempt < 4 && !done; attempt++) {
      const failed = random.next() < (method === 'tap' ? tapFails : method === 'chip' ? chipFails : 0.06);
      if (method === 'tap') failed ? state.tapFail++ : state.tapOk++;
      else if (method === 'chip') failed ? state.chipFail++ : state.chipOk++;
      else failed ? state.swipeFail++ : state.swipeOk++;
      done = !failed;
      if (failed && attempt === 1) method = method === 'tap' && chip ? 'chip' : swipe ? 'swipe' : method;
    }
    if (!done) lost++;
  }
  return lost;
}
