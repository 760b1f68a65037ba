import type { Block } from '../block.ts';
import { FLOAT } from '../detector.ts';

/**
 * Of the private numbers that are set aside for it: whether new rolls are told of, and how long trouble lasts beside them; and, in steps of
 * `SHOWN`, how many times it showed since a new roll last made room for more evidence: two at the most, or three where that is the question.
 */
const ROLLS = 0;
const SHOWN = 4;
const NO_ROLLS = 0;
const OF_ITS_ROLL = 1;
const OLDER_THAN_ROLL = 2;
/** It was there before the roll was changed, and has not shown since. */
const ROLL_CHANGED = 3;
const ROLL_DAY = 1;
/** Day on which the trouble was first more than chance, or a new roll last made room for more evidence of it; 0 while it is not. */
const SINCE = 2;
/** Trouble under way: day it began, receipts since, how many times it showed since, and the sum of receipts until each of them. */
const BEGAN = 3;
const RECEIPTS = 4;
const TIMES = 5;
const POSITIONS = 6;
/** Receipts since the roll was changed. */
const ON_ROLL = 7;
/** How they are kept: what is counted as whole numbers. */
export const PAPER_SCRATCH = [1, FLOAT, FLOAT, FLOAT, FLOAT, 1, FLOAT, FLOAT];

/** Times that trouble must show between two rolls that make room: a sound one has its odd retry. */
const TWICE = 2;

/** Times that it must show on a new roll, and within how many times the receipts that one of them has taken so far, for the old one not to have been it. */
const STAYS = 3;
const STAYS_WITHIN = 5;

/** Nats, of what shows it most, from which trouble is more than chance, and of all that shows it, below which it is none any more; one retry on a sound feed brings three. */
const OLDER = 3.5;
const GONE = 2;
/** Times that it has shown from which the share of receipts that show it is known. */
const OFTEN = 6;
/** Times that it has shown before that which may have been chance. */
const FEW = 2;
/** Days of trouble from roll to roll after which a roll is no explanation any more: rolls come in boxes. */
const BOX = 0.6;
/** Days after which what nobody holds against it any more has ended. */
const OVER = 0.2;
/** Pace at which time makes room for more evidence while a roll explains it. */
const SLOW = 0.25;

/** Growth that chance does not reach though it is looked at after each receipt; and that a roll does not bring which was changed meanwhile. */
const CLEARLY = 3;
const OVER_ROLLS = 2;

/** Receipts without trouble, after it showed once or twice, that make what was before them chance: it would look like growth. */
const CHANCE = 250;

const unit = (x: number): number => (x < 0 ? 0 : Math.min(x, 1));

/** Takes down when in a spell of trouble it shows, in receipts: a bad roll is as bad from its first metre to its last, wear grows. */
export function followPaper(
  block: Block,
  at: number,
  rates: readonly number[],
  receipts: number,
  errors: number,
): void {
  const shows = errors > 0;
  block.setScratch(at + ON_ROLL, block.scratch(at + ON_ROLL) + receipts);
  const nats = heldOf(block, rates);
  const held = nats > 0;
  if (nats < GONE) block.setScratch(at + SINCE, 0);
  else if (block.scratch(at + SINCE) === 0 && isMore(block, rates)) {
    block.setScratch(at + SINCE, block.day);
    // Whether it grows is asked of what comes from here on where it had hardly shown: an odd retry before a bad roll would look like growth.
    if (block.scratch(at + TIMES) < FEW) {
      block.setScratch(at + BEGAN, block.day);
      for (const i of [RECEIPTS, TIMES, POSITIONS]) block.setScratch(at + i, 0);
    }
  }
  const began = block.scratch(at + BEGAN);
  if (began === 0 || (!held && block.day - began > OVER)) {
    if (began === 0 && !shows) return;
    block.setScratch(at + BEGAN, shows ? block.day : 0);
    for (const i of [RECEIPTS, TIMES, POSITIONS]) block.setScratch(at + i, 0);
    // What has ended is not asked about any more.
    setRolls(block, at, rolls(block, at) === ROLL_CHANGED ? OF_ITS_ROLL : rolls(block, at), 0);
    return;
  }
  const now = block.scratch(at + RECEIPTS) + receipts;
  block.setScratch(at + RECEIPTS, now);
  if (!shows) return;
  // A receipt that is tried five times is one receipt.
  const times = Math.max(1, Math.round(Math.min(errors, receipts)));
  if (rolls(block, at) === ROLL_CHANGED) tellFromRoll(block, at, rates, times);
  else setRolls(block, at, rolls(block, at), Math.min(TWICE, shown(block, at) + 1));
  if (block.scratch(at + TIMES) < 2 && now - block.scratch(at + POSITIONS) > CHANCE) {
    block.setScratch(at + BEGAN, block.day);
    for (const i of [RECEIPTS, TIMES, POSITIONS]) block.setScratch(at + i, 0);
    return;
  }
  block.setScratch(at + TIMES, block.scratch(at + TIMES) + times);
  block.setScratch(at + POSITIONS, block.scratch(at + POSITIONS) + times * (now - receipts / 2));
  if (rolls(block, at) === OF_ITS_ROLL && began < block.scratch(at + ROLL_DAY) && growth(block, at) >= OVER_ROLLS) {
    outlasts(block, at, rates);
  }
}

/** Nats that are held against the feed, by all that shows it: they share one allowance. */
function heldOf(block: Block, rates: readonly number[]): number {
  let nats = 0;
  for (let i = 0; i < rates.length; i++) nats += block.score(rates[i]!);
  return nats;
}

/** Whether what is held against the feed is more than chance. */
function isMore(block: Block, rates: readonly number[]): boolean {
  return rates.some((rate) => block.score(rate) >= OLDER);
}

/** The trouble is older than its roll: what comes now is evidence of its own. */
function outlasts(block: Block, at: number, rates: readonly number[]): void {
  setRolls(block, at, OLDER_THAN_ROLL, 1);
  block.setScratch(at + SINCE, block.day);
  for (const rate of rates) block.renewRate(rate);
}

/** Whether trouble that the last roll had goes on under this one, or what shows is the odd retry of a sound feed. */
function tellFromRoll(block: Block, at: number, rates: readonly number[], times: number): void {
  const onThis = Math.min(STAYS, shown(block, at) + times);
  const each = block.scratch(at + RECEIPTS) / Math.max(1, block.scratch(at + TIMES));
  if (block.scratch(at + ON_ROLL) > STAYS_WITHIN * each) {
    setRolls(block, at, OF_ITS_ROLL, 1);
    block.setScratch(at + SINCE, 0);
  } else if (onThis < STAYS) setRolls(block, at, ROLL_CHANGED, onThis);
  else outlasts(block, at, rates);
}

/** Laplace's test for a trend in when something happens (Cox & Lewis, The Statistical Analysis of Series of Events, 1966): standard normal where there is none. */
function growth(block: Block, at: number): number {
  const n = block.scratch(at + TIMES);
  const receipts = block.scratch(at + RECEIPTS);
  if (n < 3 || receipts <= 0) return 0;
  return (block.scratch(at + POSITIONS) / n / receipts - 0.5) * Math.sqrt(12 * n);
}

/** Whether the trouble under way clearly grows: no carton does that, nor whoever loads the rolls. */
export function growsClearly(block: Block, at: number): boolean {
  return growth(block, at) >= CLEARLY;
}

/** Share of the receipts of the trouble under way that showed it. */
export function troubledShare(block: Block, at: number): number {
  return block.scratch(at + TIMES) / Math.max(1, block.scratch(at + RECEIPTS));
}

/** The same once the trouble is more than chance and has shown often enough for that to be known; 0 before. */
export function surelyTroubled(block: Block, at: number): number {
  return block.scratch(at + SINCE) > 0 && block.scratch(at + TIMES) >= OFTEN ? troubledShare(block, at) : 0;
}

/** Times the usual pace at which time makes room for more evidence: a roll explains trouble until it is changed, unless the trouble grows; what clearly does is given twice the usual. */
export function paperPace(block: Block, at: number, rates: readonly number[]): number {
  const state = rolls(block, at);
  // They share one allowance: what any of them holds is held.
  if (heldOf(block, rates) === 0) return 1;
  const days = block.day - block.scratch(at + BEGAN);
  const grows = growth(block, at);
  const explained = state !== NO_ROLLS && state !== OLDER_THAN_ROLL;
  const pace = explained ? SLOW + (1 - SLOW) * unit((grows - 1) / 1.2) * unit(days) : 1;
  return pace + unit(grows - 2.2) * unit(days - 1);
}

/** Whether the next roll will tell what the trouble comes from: it began under this one, and does not clearly grow, however often one looks. */
export function rollWillTell(block: Block, at: number): boolean {
  return rolls(block, at) === OF_ITS_ROLL && growth(block, at) < CLEARLY;
}

/** A roll is told of twice: as it is loaded, and by the count of times that paper ran out. */
export function newRoll(block: Block, at: number): void {
  if (block.day - block.scratch(at + ROLL_DAY) < 0.1) return;
  block.setScratch(at + ROLL_DAY, block.day);
  block.setScratch(at + ON_ROLL, 0);
  const since = block.scratch(at + SINCE);
  // What went with a roll that nothing is held against went with it: trouble under the new one has its own beginning.
  if (since === 0) {
    setRolls(block, at, OF_ITS_ROLL, 0);
    for (const i of [BEGAN, RECEIPTS, TIMES, POSITIONS]) block.setScratch(at + i, 0);
  } else if (block.day - since >= BOX && shown(block, at) === TWICE) {
    // What has outlasted a roll before needs to show once to have outlasted another.
    setRolls(block, at, ROLL_CHANGED, rolls(block, at) === OLDER_THAN_ROLL ? STAYS - 1 : 0);
  } else setRolls(block, at, rolls(block, at), 0);
}

function rolls(block: Block, at: number): number {
  return block.scratch(at + ROLLS) % SHOWN;
}

function shown(block: Block, at: number): number {
  return Math.floor(block.scratch(at + ROLLS) / SHOWN);
}

function setRolls(block: Block, at: number, state: number, times: number): void {
  block.setScratch(at + ROLLS, state + SHOWN * times);
}
