import type { Block } from '../block.ts';
import {
  AT_REST,
  CEILING,
  CHARGE,
  CHARGE_SPEED,
  CHARGE_TIME,
  COULOMB,
  DESIGN,
  DISCHARGE,
  DRAIN,
  P_DAY,
  P_MA,
  P_MV,
  P_SOC,
  type Pack,
  RUN,
  RUN_DAY,
  RUN_MAH,
  RUN_USED,
  USED,
  USUAL_USE,
  underWay,
} from './pack-channels.ts';
import { isChargedSlowly } from './pack-heat.ts';
import { sag, swing } from './pack-resistance.ts';
import { carriedOn, noteTold } from './pack-told.ts';

/** Charge, %, above which every charger slows down. */
const STEEP = 82;
/** Charge, %, that went in beyond what the gauge tells, from which it tells nothing: more than its coarsest steps. */
const STUCK = 15;
/** Days in which usual use is first learned, as a mean of about so many runs a day; how much of a run is learned later. */
const FIRST_DAYS = 4;
const RUNS_A_DAY = 2;
const SHARE = 0.02;
/** The most that one run moves it then, before that share is taken: two weeks of a holiday do not become usual. */
const MOST_STEP = 0.15;
/** Days before which what is usual is known from too few hours of a day to be taken out. */
const KNOWN_DAYS = 1;
/** How much busier (natural logarithm) is hardly busier: taken out, it would make a quiet day look like a worn pack. How much quieter tells nothing. */
const HARDLY = 0.2;
const IDLE = 1.1;
/** Drain that goes with use: more of it explains as much of the drain. */
const BY_USE = 0.7;
/** Times its neighbour from which a sample of current is that of a moment. */
const BURST = 2;
/** Spread of what the pack holds, as a share of its way to worn, from which it is too rough to tell. */
const ROUGH = 0.7;
/** Charge, %, that no load and no charger moves from one sample to the next: the gauge has lost its count. */
const LEAP = 25;
/** The most that a pack holds of its design charge: where more is measured, a current told by the moment, its radio on, was taken for the mean of minutes, and a quiet night would look like a loss. */
const MOST_HELD = 1.15;
/** How near to that what is usually measured says nothing of the pack. */
const CAPPED = 0.03;
/** The most that use may explain of what it brings about. */
const MOST_BUSY = 5;

/** Follows sample to sample: sag from steps of current, and over a run of discharge or charge its charge, drain and speed. */
export function followRun(block: Block, b: Pack): void {
  const hours = (block.day - block.scratch(P_DAY)) * 24;
  const near = hours > 0 && hours <= 0.75;
  const run = runOf(b);
  // What most messages tell, and this one leaves out, is as it was.
  const ma = b.current_ma ?? (near && run === underWay(block) ? carriedOn(block) : undefined);
  noteTold(block, b, run !== 0);
  // A gauge that tells resistance itself knows better.
  if (b.voltage_mv !== undefined && b.resistance_mohm === undefined && near) {
    if (b.current_ma === undefined) swing(block, b.voltage_mv, b, run);
    else sag(block, b.voltage_mv, b.current_ma, b);
  }
  // Current is a mean, voltage a moment: a receipt that is being printed pulls it down, never up. Of two samples the higher is the pack's.
  const mv = b.voltage_mv ?? 0;
  if (run === CHARGE && mv > block.scratch(CEILING)) block.setScratch(CEILING, mv);
  const restedBefore = near && block.scratch(AT_REST) > 0;
  const rests = b.current_ma === undefined ? run === DISCHARGE : b.current_ma < 0;
  block.setScratch(AT_REST, rests ? (restedBefore ? Math.max(mv, block.scratch(P_MV)) : mv) : 0);
  if (b.soc_pct !== undefined) {
    if (run === CHARGE && near) takeCurrent(block, b.soc_pct, b.current_ma);
    const jumps = Math.abs(b.soc_pct - block.scratch(P_SOC)) > LEAP;
    if (run === 0 || run !== underWay(block) || !near || jumps) {
      if (underWay(block) === CHARGE) endCharge(block, isBlind(block, b.current_ma));
      startRun(block, run, b.soc_pct);
    } else {
      extendRun(block, run, b.soc_pct, hours, ma);
    }
    block.setScratch(P_SOC, b.soc_pct);
  } else if (near && run !== 0 && run === underWay(block)) flow(block, hours, ma);
  block.setScratch(P_DAY, block.day);
  // Beside a current of before, a voltage says nothing of resistance.
  block.setScratch(P_MV, b.current_ma === ma ? mv : 0);
  block.setScratch(P_MA, ma ?? 0);
}

/** Whether the pack is emptied or filled, by its status or else by its current; 0 where neither is known. */
function runOf({ status, current_ma: ma }: Pack): number {
  if (status === 'discharging') return DISCHARGE;
  if (status === 'charging') return CHARGE;
  if (status !== undefined || ma === undefined) return 0;
  return ma < -20 ? DISCHARGE : ma > 20 ? CHARGE : 0;
}

/**
 * How much busier this run was than runs usually are (natural logarithm; nothing where it was quieter); undefined while that is not known.
 * Learns what is usual: the first run of a day is a quiet one, and taken for usual it would make every other look busy.
 */
function busier(block: Block, hours: number): number | undefined {
  const used = block.scratch(USED) - block.scratch(RUN_USED);
  const usual = block.scratch(USUAL_USE);
  // Nothing counted, or a counter that stepped back. Where something usually is, what was used is not known.
  if (used <= 0 || block.scratch(RUN_USED) === 0) return usual > 0 ? undefined : 0;
  const use = Math.log(1 + used / hours);
  const step =
    block.age < FIRST_DAYS
      ? (use - usual) / (1 + RUNS_A_DAY * block.age)
      : Math.max(-MOST_STEP, Math.min(MOST_STEP, use - usual)) * SHARE;
  block.setScratch(USUAL_USE, usual === 0 ? use : usual + step);
  return usual === 0 || block.age < KNOWN_DAYS || use < usual - IDLE ? undefined : Math.max(0, use - usual - HARDLY);
}

/** How many times as much as usual it is used now; 1 where it is not more. */
export function timesUsual(block: Block, uses: number, hours: number): number {
  const usual = Math.expm1(block.scratch(USUAL_USE));
  return usual > 0 && hours > 0 ? Math.max(1, Math.min(MOST_BUSY, uses / hours / usual)) : 1;
}

/** Charge, %, at which the run under way began. */
function begunAt(block: Block): number {
  return Math.abs(block.scratch(RUN)) - 1;
}

function startRun(block: Block, run: number, soc: number): void {
  // A gauge that has not moved while much was drawn or charged tells nothing until it does, however often the run changes meanwhile.
  const sticks = soc === block.scratch(P_SOC) && hasStuck(block, soc);
  block.setScratch(RUN_USED, block.scratch(USED));
  block.setScratch(RUN, run === 0 ? 0 : run === CHARGE ? -soc - 1 : soc + 1);
  block.setScratch(RUN_DAY, block.day);
  block.setScratch(RUN_MAH, sticks ? (run === CHARGE ? Infinity : -Infinity) : 0);
}

/** Whether more went in or out in the run that ends than its gauge shows, which stands where it stood. */
function hasStuck(block: Block, soc: number): boolean {
  const moved = Math.abs(block.scratch(RUN_MAH));
  if (moved === Infinity) return true;
  const design = block.scratch(DESIGN);
  return underWay(block) !== 0 && soc === begunAt(block) && design > 0 && (moved / design) * 100 > STUCK;
}

function extendRun(block: Block, run: number, soc: number, hours: number, ma: number | undefined): void {
  if (run === CHARGE && soc > STEEP) {
    endCharge(block, isBlind(block, ma));
    startRun(block, run, soc);
    return;
  }
  flow(block, hours, ma);
  const moved = soc - begunAt(block);
  const length = (block.day - block.scratch(RUN_DAY)) * 24;
  if (run === DISCHARGE && moved <= -12 && length >= 0.5) {
    // Where the current is known, what was drawn is measured: how fast it went says how busy the shop was.
    const busy = busier(block, length);
    if (isBlind(block, ma) && busy !== undefined) block.gauge(DRAIN, Math.log(-moved / length) - BY_USE * busy);
    const mah = -block.scratch(RUN_MAH);
    const design = block.scratch(DESIGN);
    if (mah > 20) {
      const held = mah / (-moved / 100);
      if (design === 0) block.setScratch(DESIGN, held);
      const share = held / block.scratch(DESIGN);
      if (share > 0.1 && share < 2) block.gauge(COULOMB, Math.min(share, MOST_HELD));
    }
    startRun(block, run, soc);
  } else if (run === CHARGE && length >= 1.5) {
    if (block.scratch(DESIGN) > 0 && isStuck(block, soc)) return;
    takeSpeed(block, moved, length, isBlind(block, ma));
    startRun(block, run, soc);
  }
}

/** Adds what has flowed since the message before to the run under way. */
function flow(block: Block, hours: number, ma: number | undefined): void {
  block.setScratch(
    RUN_MAH,
    ma === undefined ? Number.NaN : block.scratch(RUN_MAH) + between(block.scratch(P_MA), ma) * hours,
  );
}

/** Whether current says nothing of what the pack holds: it is not told, or as that of moments, or so roughly that what was measured by it scatters as far as a worn pack is from this one. */
function isBlind(block: Block, ma: number | undefined): boolean {
  if (ma === undefined) return true;
  const measured = block.viewGauge(COULOMB);
  return measured.ready && (measured.sigma > ROUGH || measured.base > MOST_HELD - CAPPED);
}

/** Mean current between two samples. Some gauges tell a moment, not a mean: what is many times its neighbour is a receipt being printed, not the load of minutes. */
function between(before: number, after: number): number {
  if (before * after <= 0) return (before + after) / 2;
  const most = BURST * Math.min(Math.abs(before), Math.abs(after));
  return (Math.max(-most, Math.min(most, before)) + Math.max(-most, Math.min(most, after))) / 2;
}

/** A charge ends with the sample before: it was interrupted, or went on where every charger slows down. */
function endCharge(block: Block, blind: boolean): void {
  const moved = block.scratch(P_SOC) - begunAt(block);
  if (moved >= 8) takeSpeed(block, moved, (block.scratch(P_DAY) - block.scratch(RUN_DAY)) * 24, blind);
}

/** What a charger gives says how fast it charges, wherever the charge began: in the steep part it is the charger's, not the pack's. */
function takeCurrent(block: Block, soc: number, ma: number | undefined): void {
  const before = block.scratch(P_MA);
  const design = block.scratch(DESIGN);
  if (ma === undefined || ma <= 0 || before <= 0 || soc > STEEP || design === 0 || underWay(block) !== CHARGE) return;
  if (isStuck(block, soc) || isChargedSlowly(block)) return;
  // The first that a charge is told with may be a mean of before it began, too.
  if (block.scratch(P_DAY) === block.scratch(RUN_DAY)) return;
  block.gauge(CHARGE_SPEED, Math.log(Math.max(0.3, (between(before, ma) / design) * 100)));
}

/** Whether far more was charged than the gauge has moved by: it has stuck, and does not say where every charger slows down. */
function isStuck(block: Block, soc: number): boolean {
  const charged = (block.scratch(RUN_MAH) / block.scratch(DESIGN)) * 100;
  return charged - (soc - begunAt(block)) > STUCK;
}

/** Of what was charged in the steep part, % an hour; where no current is told it says what the pack holds, too. */
function takeSpeed(block: Block, moved: number, hours: number, blind: boolean): void {
  if (begunAt(block) >= 70 || hours < 0.1 || isChargedSlowly(block)) return;
  const speed = Math.log(Math.max(0.3, moved / hours));
  // Where a current that charges is told, it was taken as it flowed.
  if (!(block.scratch(RUN_MAH) > 0) || block.scratch(DESIGN) === 0) block.gauge(CHARGE_SPEED, speed);
  if (blind && moved >= 15) block.gauge(CHARGE_TIME, speed);
}
