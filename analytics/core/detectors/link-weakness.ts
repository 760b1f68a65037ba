import type { Block } from '../block.ts';
import type { GroupShift } from '../channel.ts';
import { floorOf, isFixed } from './link-bearer.ts';
import { isOnTheRoad } from './link-travel.ts';
import { ATTACHED, REATTACHES, SIGNAL } from './network-channels.ts';

/** dB above the level at which a link does not hold from which a signal is no longer weak, and over how many it becomes so; errors that a weak one is used to, as a multiple. */
const SOUND_DB = 16;
const WEAKENS_DB = 8;
const WEAK_TIMES = 4;
/** dB below its own habit from which losses are no longer the place's, but the fall's. */
const FALLEN_DB = 6;
/** dB below its habit at which a weak signal has faded for an hour or two, as it does. */
const FADED_DB = 2.5;

/** dB by which the signal of a terminal that travels is used to change between half hours, and by which it may where its attaches an hour say so, too. */
const WANDERS_DB = 3.5;
const STIRS_DB = 2.5;
const ATTACHES = 0.12;

/**
 * Whether a terminal travels: a taxi, a van, a courier. Its signal is used to change from half hour to half hour by more than that of one that
 * stands, or it attaches several times a day besides, or it comes from cell to cell now. What it measures now is its place's, for as long as it stays there.
 */
export function travels(block: Block, group: GroupShift): boolean {
  if (isFixed(block)) return false;
  const { ready, sigma, reach } = block.viewGauge(SIGNAL);
  if (!ready) return false;
  const wanders = sigma * reach;
  if (wanders >= WANDERS_DB || isOnTheRoad(block)) return true;
  return wanders >= STIRS_DB && block.told(ATTACHED) && block.viewRate(REATTACHES, group).base >= ATTACHES;
}

/** Whether its signal is not weak now, whatever its habit. */
export function isSound(block: Block): boolean {
  return block.viewGauge(SIGNAL).now >= SOUND_DB;
}

/**
 * How many times the errors of a good link this one makes because of where it stands. Near the level at which a link does not hold, a few
 * dB of ordinary fading lose packets by the hour: a stable but weak link errs many times as often as a sound one, and none of it says that
 * a part fails. It is the habit that makes a place weak: what a signal loses on its way down from there is the fall's. 1 where nothing was lost.
 */
export function weakness(block: Block, lost: number): number {
  if (lost === 0) return 1;
  const base = block.baseOf(SIGNAL);
  if (base === 0 || base >= SOUND_DB) return 1;
  const weak = Math.min(1, (SOUND_DB - base) / WEAKENS_DB);
  const fallen = Math.min(1, Math.max(0, (base - block.viewGauge(SIGNAL).now - FALLEN_DB) / 4));
  return 1 + WEAK_TIMES * weak * (1 - fallen);
}

/** Whether a signal that is weak by habit is below even that: round trips are slow then because packets are sent again, and say nothing of who else is on the line. */
export function isFaded(block: Block, signal: number | undefined): boolean {
  if (signal === undefined || signal >= 0) return false;
  const base = block.baseOf(SIGNAL);
  return base !== 0 && base < SOUND_DB && signal - floorOf(block) < base - FADED_DB;
}
