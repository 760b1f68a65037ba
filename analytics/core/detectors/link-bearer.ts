import { BEARERS } from '../../../contract/metrics.ts';
import type { Heartbeat } from '../../../contract/payloads.ts';
import type { Block } from '../block.ts';
import { FLOAT } from '../detector.ts';
import { GAUGES, SIGNAL } from './network-channels.ts';

/** Scratch: the usual bearer (its code; negative where a mobile signal is told as the power of its whole band), when last seen on it, and beats on another since. */
const HOME = 0;
const SEEN = 1;
const ELSEWHERE = 2;
/** Scratch: restarts whose session, and whose attach, has not been counted yet (`link-restarts.ts`). */
export const UNOPENED = 3;
export const UNATTACHED = 4;
/** Scratch: dB by which the signal was below its habit when it was last told, and on average when the network was lost (`link-faint.ts`). */
export const BELOW = 5;
export const FAINT = 6;
/** Scratch: where the signal has been for the last days, dB above the level at which a link does not hold, half of the time at least. */
export const STOOD = 7;
/** Scratch: minutes that it is gone for each session that it opens again, on average, and since its last counters (`link-breaks.ts`). */
export const BREAK = 8;
export const GONE = 9;
/** Scratch: the cells that it has come to of late (`link-travel.ts`). */
export const CELLS = 10;
/** A code of either sign, a day, a count, hundredths of a restart, small parts of a dB of either sign, and of minutes; and a whole number. */
export const LINK_SCRATCH = [-1, FLOAT, 1, 100, 100, -20, -20, -200, 100, 100, 1];

/** What HOME holds for a terminal on wifi, on a cable, and where none was ever told. */
const WIFI = codeOf('wifi');
const ETHERNET = codeOf('ethernet');
const UNTOLD = 1;

/** Levels below which a link does not hold: dBm of LTE/NR reference signal and of wifi (3GPP TS 36.133 reporting range; 802.11 practice). */
export const LTE_FLOOR = -124;
const WIFI_FLOOR = -90;
/** The power of a whole band is that of 300 to 600 reference signals: 25 to 28 dB more. */
const BAND_FLOOR = -98;
/** Days on an older network, or of a mobile terminal on wifi, after which it is there to stay: cells are worked on for a day or two, and what was known of the link is worth keeping. */
const FALLBACK = 3;
/** Beats elsewhere that say nothing yet, and that one at home outweighs. */
const FEW = 6;

/** How a mobile signal is told: as its reference signal, or as the power of its whole band. */
type Told = 'reference' | 'band';

/** Where it has but one way to the host, its messages need not say which. */
export function takeBearers(block: Block, [only, second]: readonly string[]): void {
  if (only === undefined || second !== undefined || homeOf(block) > UNTOLD) return;
  if (codeOf(only) > UNTOLD) onHomeBearer(block, only);
}

/**
 * A link that changes its bearer has another habit, which is learned anew once it has stayed for hours. Cells and access points change
 * without that: a failing antenna hops too, and a step without growth raises nothing.
 */
export function onHomeBearer(block: Block, bearer: string | undefined, told?: Told): boolean {
  const home = homeOf(block);
  // What is not told is as it was.
  const code = bearer === undefined ? home || UNTOLD : codeOf(bearer);
  const isFixedLine = code === WIFI || code === ETHERNET;
  // The older network that a phone falls back to has no reference signal to tell, and twice the round trips.
  const isOlder =
    told !== undefined && !isFixedLine && block.baseOf(SIGNAL) !== 0 && (told === 'band') !== block.scratch(HOME) < 0;
  if (home === 0 || (home === code && !isOlder)) {
    if (home === 0) block.setScratch(HOME, code);
    // A beat or two at home, while its wifi is restarted, do not make the other bearer a passing one.
    block.setScratch(ELSEWHERE, Math.max(0, block.scratch(ELSEWHERE) - FEW));
    if (block.scratch(ELSEWHERE) === 0) block.setScratch(SEEN, block.day);
    return true;
  }
  block.setScratch(ELSEWHERE, block.scratch(ELSEWHERE) + 1);
  // A courier's terminal is on the depot's wifi by night, and over the weekend: what is known of its road must not be forgotten there.
  const isAtDepot = code === WIFI && home > UNTOLD && !isFixed(block);
  const stays = isAtDepot || (isOlder && home === code) ? FALLBACK : 6 / 24;
  const isKnown = home !== UNTOLD || isOlder;
  if (isKnown && (block.day - block.scratch(SEEN) < stays || block.scratch(ELSEWHERE) < FEW)) return false;
  block.setScratch(HOME, told === 'band' && !isFixedLine ? -code : code);
  block.setScratch(SEEN, block.day);
  for (let gauge = 0; gauge < GAUGES; gauge++) block.resetGauge(gauge);
  return true;
}

/** How a heartbeat tells a mobile signal; undefined where it tells none. */
export function toldOf(n: NonNullable<Heartbeat['network']>, bearer: string | undefined): Told | undefined {
  if (n.rsrp_dbm !== undefined) return 'reference';
  return n.rssi_dbm === undefined || bearer === 'wifi' ? undefined : 'band';
}

/** Notes how its signal is told, which wifi tells one way only. */
export function noteTold(block: Block, told: Told): void {
  const home = homeOf(block);
  block.setScratch(HOME, told === 'band' && home !== WIFI ? -home : home);
}

/** Whether it goes another way than it is used to, for now: what is measured there says nothing of its link. */
export function isElsewhere(block: Block): boolean {
  return block.scratch(ELSEWHERE) > 0;
}

/** On a shop's line, which its tills share: a cable, or wifi. */
export function isFixed(block: Block): boolean {
  return isOnWifi(block) || isOnCable(block);
}

/** Whether wifi is its usual way. */
export function isOnWifi(block: Block): boolean {
  return homeOf(block) === WIFI;
}

/** Whether a cable is its usual way: it has no signal and no SIM. */
export function isOnCable(block: Block): boolean {
  return homeOf(block) === ETHERNET;
}

/** The level below which its link does not hold, dBm. */
export function floorOf(block: Block): number {
  if (homeOf(block) === WIFI) return WIFI_FLOOR;
  return block.scratch(HOME) < 0 ? BAND_FLOOR : LTE_FLOOR;
}

/** The usual bearer's code; 0 before its first beat. */
function homeOf(block: Block): number {
  return Math.abs(block.scratch(HOME));
}

function codeOf(bearer: string): number {
  return BEARERS.indexOf(bearer as (typeof BEARERS)[number]) + 2;
}
