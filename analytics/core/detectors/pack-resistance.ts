import type { Block } from '../block.ts';
import {
  AT_REST,
  BROWNOUTS,
  CEILING,
  CHARGE,
  DISCHARGE,
  P_MA,
  P_MV,
  P_SOC,
  type Pack,
  RESISTANCE,
  SAG,
  STEP,
  STEP_BEFORE,
  SWING,
  underWay,
} from './pack-channels.ts';

/** How much more a cold cell resists (logarithm, K below 25 °C: typical of lithium-ion). */
const STIFFER_A_K = 0.018;
const MILD_C = 25;
/** What one more percent of charge adds to a cell's open voltage, as a share of it (NMC and cobalt, 20 to 80 %). */
const PER_PERCENT = 0.002;
/** Share of the way to failure from which resistance has risen, and by how much (logarithm) two steps must have; nats of brownouts that say so too. */
const RISEN = 0.1;
const STEPPED = 0.08;
const GIVES_WAY = 1.5;
/** Share of a charger's highest voltage from which it is taken to hold the voltage, whatever the pack would need. */
const HELD = 0.997;
/** Steps of charge, %, in which a coarse gauge tells it, and the share of one of its steps that is believed: it shows half of what came on the average. */
const COARSE = 5;
const BELIEVED = 0.5;

/** Resistance that the gauge tells itself, mΩ, as it would be where it is mild. */
export function takeResistance(block: Block, mohm: number, celsius: number | undefined): void {
  const cold = Math.max(0, MILD_C - (celsius ?? MILD_C));
  block.gauge(RESISTANCE, Math.log(mohm) - STIFFER_A_K * cold);
}

/** Resistance from a step of current, mΩ. */
export function sag(block: Block, mv: number, ma: number, { soc_pct: soc }: Pack): void {
  if (block.scratch(P_MA) === 0 || block.scratch(P_MV) === 0) return;
  const dI = ma - block.scratch(P_MA);
  const charged = soc === undefined ? 0 : soc - block.scratch(P_SOC);
  const moved = Math.abs(charged);
  // Only a real step of current, at about the same charge, tells resistance: mV / mA × 1000 = mΩ. The largest is that of a charger,
  // which holds the voltage of a pack that is nearly full, whatever flows, and charges on until the next sample.
  // Of what the terminal draws only as large a step counts: a small one tells that the current does not show what pulled the voltage.
  const draws = ma < 0 && block.scratch(P_MA) < 0;
  const step = draws ? Math.abs(dI) >= 400 && moved <= 4 : dI >= 400 && moved <= 10 && (soc ?? 100) < 85;
  const dV =
    mv * (1 - PER_PERCENT * charged) -
    (draws ? block.scratch(P_MV) : Math.max(block.scratch(P_MV), block.scratch(AT_REST)));
  const mohm = (dV / dI) * 1000;
  if (step && mohm > 5 && mohm < 5000)
    takeStep(block, SAG, Math.log(mohm), dI > 0 && mv >= HELD * block.scratch(CEILING));
}

/**
 * Where no current is told, the step at the charger: as much is fed each time, so that it rises as resistance does. What the charge that
 * came meanwhile has added to the cells' own voltage is taken out.
 */
export function swing(block: Block, mv: number, { soc_pct: soc }: Pack, run: number): void {
  if (run !== CHARGE || underWay(block) !== DISCHARGE || soc === undefined || soc > 82) return;
  const moved = soc - block.scratch(P_SOC);
  if (block.scratch(AT_REST) === 0 || moved < -2 || moved > 12) return;
  // By a step of five percent, one that has just been passed looks like ten minutes of charging, and one just missed like none.
  const isCoarse = soc % COARSE === 0 && block.scratch(P_SOC) % COARSE === 0;
  const came = isCoarse ? moved * BELIEVED : moved;
  const dV = mv * (1 - PER_PERCENT * came) - block.scratch(AT_REST);
  if (dV > 0.002 * mv) takeStep(block, SWING, Math.log(dV), mv >= HELD * block.scratch(CEILING));
}

/**
 * Whether what measures its resistance says that it has risen; undefined where nothing measures it. A head that is fed from the pack and
 * loses voltage shows the pack's resistance or its own supply's: this tells which.
 */
export function hasRisen(block: Block): boolean | undefined {
  if (block.score(BROWNOUTS) >= GIVES_WAY) return true;
  const measured = [RESISTANCE, SAG, SWING].map((i) => block.viewGauge(i)).filter((view) => view.ready);
  // Steps are rare: the last two are heard as they come.
  const steps = (block.scratch(STEP) + block.scratch(STEP_BEFORE)) / 2;
  const stepped = [SAG, SWING]
    .map((i) => block.viewGauge(i))
    .some((view) => view.ready && steps - view.base >= STEPPED);
  if (stepped || measured.some((view) => view.level >= RISEN)) return true;
  return measured.length > 0 ? false : undefined;
}

/**
 * One step is a poor witness: the middle one of the last three is heard. A step that the charger's own limit cut short (`held`) says that
 * resistance is as much at the least: it stands for the usual one, unless it is more.
 */
function takeStep(block: Block, gauge: number, told: number, held: boolean): void {
  const usual = block.baseOf(gauge);
  if (held && usual === 0) return;
  const step = held ? Math.max(told, usual) : told;
  const [last, before] = [block.scratch(STEP), block.scratch(STEP_BEFORE)];
  block.setScratch(STEP_BEFORE, last);
  block.setScratch(STEP, step);
  if (last === 0) return;
  block.gauge(gauge, Math.max(Math.min(step, last), Math.min(Math.max(step, last), before)));
}
