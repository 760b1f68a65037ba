import type { Block } from '../block.ts';
import type { ChannelVerdict } from '../channel-verdict.ts';
import { followCoolest, followHigh } from './high.ts';
import {
  COLDEST,
  COOLEST,
  HOT,
  OVER_TEMP,
  P_DAY,
  PEAK,
  REFUSED,
  STILL,
  TEMP,
  TEMP_BARE,
  WARM_LAST,
  WARMEST,
  WARMEST_DAY,
} from './pack-channels.ts';

/** Above its coolest of late, K, a head has printed. */
const PRINTED_K = 3;
/** How much hotter than its hottest hours, K, any pack stops to cool down; how fast summer comes, K a day: a heat wave outruns it. */
const HOTTER = 3;
const HOTTER_A_DAY = 0.4;
/** K by which nearly all packs of a place or a fleet are hotter than in their hottest hours in a heat wave. */
const HEAT_WAVE = 3;

/** Share of the way to failure from which a pack is warmer than it was, how much more is plainly so, and the nats that this is worth beside stops for heat. */
const WARMER = 0.2;
const PLAINLY = 0.25;
const WARMER_NATS = 5;
/** Times its habit (natural logarithm) from which it stops for heat as it never did. */
const NEVER_DID = 3;

/** By how much what surrounds a pack moves, K, while its own temperature is told to be the very same, to a hundredth of a K, before it is the thermometer that stands still. */
const STANDS_STILL_K = 3;
/** What is added to the surroundings when the pack was last told to be another, °C, for 0 to mean that they are not known. */
const ABSOLUTE = 100;

/** What tells of heat; and nats by which a pack is refused charge from which its thermometer is not believed. */
const HEAT = [TEMP, TEMP_BARE, PEAK];
const REFUSED_NATS = 8;
/** °C up to which any pack is charged: what is told to be hotter may be; and by how much it has cooled when a charger that let it be tries again, K. */
const CHARGED_TO = 43;
const TRIES_AGAIN = 3;

/**
 * Stops for heat as there never were, which weigh more beside a pack that is warmer than it was. The innocent cause to guard against is the
 * weather: a hot day stops sound packs, too, but warms others with them, and what all have in common is taken out of a pack's own warmth.
 * That warmth need not be under suspicion by itself: cold days in between may hide part of it.
 */
export function besideWarmth(
  block: Block,
  rates: readonly (ChannelVerdict | undefined)[],
): readonly (ChannelVerdict | undefined)[] {
  const stops = rates[OVER_TEMP];
  if (!stops || stops.nats <= 0 || stops.times < NEVER_DID) return rates;
  const level = Math.max(block.viewGauge(TEMP).level, block.viewGauge(TEMP_BARE).level);
  const more = WARMER_NATS * Math.max(0, Math.min(1, (level - WARMER) / PLAINLY));
  return more > 0 ? rates.with(OVER_TEMP, { ...stops, nats: stops.nats + more }) : rates;
}

/**
 * A pack that is refused charge at temperatures at which any is charged is not too hot: what tells its temperature has drifted, and the charger
 * believes it. It will be empty, not hot, unless it stops for heat.
 */
export function unlessRefused(
  block: Block,
  gauges: readonly (ChannelVerdict | undefined)[],
  rates: readonly (ChannelVerdict | undefined)[],
): readonly (ChannelVerdict | undefined)[] {
  const refused = rates[REFUSED]?.nats ?? 0;
  const stops = rates[OVER_TEMP]?.nats ?? 0;
  if (refused < REFUSED_NATS || stops > 0 || block.scratch(WARM_LAST) + COLDEST > CHARGED_TO) return gauges;
  return gauges.map((verdict, i) => (HEAT.includes(i) ? undefined : verdict));
}

/** A pack's temperature above that of its surroundings, where anything tells of them: the computer, or the head while it has not printed for a while. */
export function takeTemperature(
  block: Block,
  pack: number,
  computer: number | undefined,
  head: number | undefined,
): void {
  const days = block.day - block.scratch(P_DAY);
  const around = computer ?? coolest(block, head, days);
  if (around === undefined) {
    block.gauge(TEMP_BARE, pack);
    if (isBare(block))
      block.setScratch(HOT, followHigh(Math.abs(block.scratch(HOT)), pack, HOTTER_A_DAY, days, block.age));
    takePeak(block, pack, !isHeatWave(block));
    return;
  }
  const hot = followHigh(Math.abs(block.scratch(HOT)), around, HOTTER_A_DAY, days, block.age);
  block.setScratch(HOT, around > hot + HOTTER ? -hot : hot);
  if (standsStill(block, pack, around)) return;
  // A head that prints is warmer than anything around it, on some days and not on others: that says nothing of the pack.
  const beside = computer ?? head;
  if (beside !== undefined && beside <= around + PRINTED_K) block.gauge(TEMP, pack - beside);
  takePeak(block, pack, !isHotterThanEver(block) && !isHeatWave(block));
}

/** Whether its thermometer tells the very same while all around it has moved: told in whole degrees in a room that is always as warm, a pack is the same for hours, and may be hot. */
function standsStill(block: Block, pack: number, around: number): boolean {
  const same = Math.abs(pack - COLDEST - block.scratch(WARM_LAST)) < 0.01;
  const then = Math.abs(block.scratch(STILL));
  if (same && then > 1) return Math.abs(around + ABSOLUTE - then) >= STANDS_STILL_K;
  const now = Math.max(2, Math.round(around + ABSOLUTE));
  block.setScratch(STILL, block.scratch(STILL) < 0 ? -now : now);
  return false;
}

/**
 * A pack that is hot only while it is used, or at noon, is as cool as ever at night: how hot it became is a sample a day, which two beats in a row must show. What
 * is hotter around it than ever (not `tells`) says nothing of it, nor does a new pack's first day, which its predecessor had a part of.
 */
function takePeak(block: Block, pack: number, tells: boolean): void {
  const day = Math.floor(block.day);
  const before = block.scratch(WARMEST_DAY);
  const warmest = block.scratch(WARMEST);
  const last = block.scratch(WARM_LAST);
  const now = Math.max(0, pack - COLDEST);
  block.setScratch(WARM_LAST, now);
  block.setScratch(WARMEST_DAY, day);
  if (block.age < 1 || day !== before) block.setScratch(WARMEST, 0);
  else if (tells && last > 0) block.setScratch(WARMEST, Math.max(warmest, Math.min(last, now)));
  if (block.age >= 1 && day > before && warmest > 0) block.gauge(PEAK, warmest + COLDEST);
}

/** True where a charger gives the pack less for its heat: it is hot, and hotter than it is used to. */
export function isChargedSlowly(block: Block): boolean {
  return isHotterThanEver(block) && isTooHotToCharge(block);
}

/** True where a charger may let the pack be, and try it again now and then, for its heat. */
export function isTooHotToCharge(block: Block): boolean {
  return block.scratch(WARM_LAST) + COLDEST > CHARGED_TO - TRIES_AGAIN;
}

/** True while it is hotter around the pack than in its hottest hours, by far; of one that nothing tells that of, while it is for nearly all others. */
export function isHotterThanEver(block: Block): boolean {
  return block.scratch(HOT) < 0 || (isHeatWave(block) && isBare(block));
}

/** True where nothing has told what surrounds it. */
function isBare(block: Block): boolean {
  return block.baseOf(TEMP) === 0;
}

/** True while nearly all packs of its place, or of its fleet, are hotter than in their hottest hours. */
function isHeatWave(block: Block): boolean {
  return block.scratch(STILL) < 0;
}

/**
 * By how much it is hotter than in its hottest hours, K, as the pack tells it, less by what it is usually warmer than what surrounds it; undefined where these are not
 * known. The hottest hours follow summer, so that no wave lasts for more than some weeks.
 */
export function heatOf(block: Block): number | undefined {
  const hot = block.scratch(HOT);
  const pack = block.scratch(WARM_LAST) + COLDEST;
  if (hot === 0 || pack === COLDEST) return undefined;
  return pack - block.baseOf(TEMP) - Math.abs(hot);
}

/** Takes in by how much others are hotter than in their hottest hours, K. */
export function takeWeather(block: Block, weather: number): void {
  const still = Math.max(1, Math.abs(block.scratch(STILL)));
  block.setScratch(STILL, weather > HEAT_WAVE ? -still : still);
}

/** The head at its coolest of late: weather moves it as it moves the pack. */
function coolest(block: Block, head: number | undefined, days: number): number | undefined {
  if (head === undefined) return undefined;
  const now = followCoolest(block.scratch(COOLEST), head, days);
  block.setScratch(COOLEST, now);
  return now;
}
