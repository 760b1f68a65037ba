import type { BatteryHardware } from '../hardware.ts';
import type { Random } from '../random.ts';

export type BatteryWord = 'charging' | 'discharging' | 'full' | 'not_charging';

/** A lithium-ion pack with its gauge and charger. Progress of faults comes from outside. */
export interface BatteryState {
  /** True state of charge of what the pack holds now, 0–1. */
  soc: number;
  /** True capacity as a share of design. */
  health: number;
  /** Resistance as a multiple of its value when new. */
  rise: number;
  tempC: number;
  cycles: number;
  ageDays: number;
  /** Capacity as the gauge last learned it, mAh. */
  learnedMah: number;
  /** Lowest charge since the last full one: the gauge learns from long charges only. */
  lowest: number;
  /** The gauge's own error, in points of charge. */
  bias: number;
  currentMa: number;
  docked: boolean;
  word: BatteryWord;
  /** Empty or shut down by heat: the terminal is off until this much charge or coolness is back. */
  down: '' | 'empty' | 'hot' | 'brownout';
  capacityFade: number;
  resistanceRise: number;
  chargingFault: number;
  overheat: number;
  chargeSessions: number;
  brownouts: number;
  overTemp: number;
}

export interface BatteryLoad {
  readonly minutes: number;
  readonly sales: number;
  readonly on: boolean;
  readonly open: boolean;
  readonly ambientC: number;
}

export interface BatteryHappening {
  stepped: boolean;
  /** The pack dropped the terminal in this step. */
  dropped: '' | 'empty' | 'hot' | 'brownout';
}

export function newBattery(
  hardware: BatteryHardware,
  random: Random,
  ageDays: number,
  dailyCycles: number,
): BatteryState {
  const cycles = ageDays * dailyCycles;
  const health = Math.max(0.78, 1 - fadeOf(hardware, cycles, ageDays) + 0.012 * random.normal());
  return {
    soc: random.range(0.55, 0.98),
    health,
    rise: 1 + (1 - health) * 2.2,
    tempC: 24,
    cycles,
    ageDays,
    learnedMah: hardware.designMah * health * (1 + 0.008 * random.normal()),
    lowest: 1,
    bias: 1.2 * random.normal(),
    currentMa: 0,
    docked: true,
    word: 'full',
    down: '',
    capacityFade: 0,
    resistanceRise: 0,
    chargingFault: 0,
    overheat: 0,
    chargeSessions: Math.round(cycles * 1.4),
    brownouts: 0,
    overTemp: 0,
  };
}

/**
 * Charge lost by use and time: 20 % over the rated cycles at 25 °C, and 4 % a year of storage at 25 °C and mid charge
 * (15 % at 40 °C), after Battery University BU-808 tables 2 and 3.
 */
function fadeOf(hardware: BatteryHardware, cycles: number, ageDays: number): number {
  return 0.2 * (cycles / hardware.ratedCycles) + 0.04 * (ageDays / 365);
}

/** Open-circuit voltage of one cobalt cell, V, by state of charge (typical discharge curve at C/10). */
const OCV = [
  3.0, 3.45, 3.61, 3.67, 3.71, 3.74, 3.77, 3.81, 3.86, 3.91, 3.95, 3.99, 4.04, 4.08, 4.11, 4.14, 4.16, 4.18,
] as const;

export function openCircuit(soc: number): number {
  const x = Math.min(0.999999, Math.max(0, soc)) * (OCV.length - 1);
  const i = Math.floor(x);
  const low = OCV[i] as number;
  return low + ((OCV[i + 1] ?? low) - low) * (x - i);
}

/** Resistance now, mΩ: ageing, cold (2 %/°C below 25, typical) and the steep end of the charge. */
export function resistanceOf(state: BatteryState, hardware: BatteryHardware): number {
  const cold = Math.exp(-0.018 * (state.tempC - 25));
  const low = state.soc < 0.12 ? 1 + (0.12 - state.soc) * 4 : 1;
  return hardware.resistanceMohm * (state.rise + resistanceGain(state)) * cold * low;
}

/** What a fault adds to the resistance when new: half to double as much again is usual by the end of life (BU-902 and makers' sheets). */
export function resistanceGain(state: BatteryState): number {
  const p = state.resistanceRise;
  return 0.22 * p + 1.15 * p * p;
}

/** Runs the pack for some minutes: charges or discharges it, warms it, ages it, and drops the terminal when it must. */
export function stepBattery(
  state: BatteryState,
  hardware: BatteryHardware,
  load: BatteryLoad,
  random: Random,
  out: BatteryHappening,
): void {
  const { minutes } = load;
  const hours = minutes / 60;
  out.stepped = false;
  out.dropped = '';
  dock(state, hardware, load, random);

  const capacity = hardware.designMah * trueHealth(state);
  let drawMa = load.on ? (load.open ? hardware.idleMa : hardware.idleMa * 0.55) : hardware.sleepMa;
  drawMa = drawMa * (1 + 0.06 * random.normal()) + (load.sales * hardware.saleMah) / hours;

  let chargeMa = 0;
  if (state.docked && state.down !== 'hot') {
    // Constant current to four fifths, then the taper of constant voltage.
    const taper = state.soc < 0.8 ? 1 : Math.max(0.04, (1 - state.soc) / 0.2);
    const p = state.chargingFault;
    const contact = p > 0 ? Math.max(0, 1 - 0.35 * p - 0.75 * p ** 4) : 1;
    if (state.tempC > (state.word === 'not_charging' && p === 0 ? 44 : state.word === 'not_charging' ? 46 : 50)) {
      if (state.word === 'charging') {
        state.overTemp++;
        out.stepped = true;
      }
      state.word = 'not_charging';
    } else if (state.soc > 0.985) {
      state.word = 'full';
      chargeMa = drawMa;
    } else {
      // A worn contact makes and breaks: each break ends a session and costs a part of the step.
      const breaks = p > 0 ? random.poisson(hours * 0.4 * Math.exp(3.6 * p)) : 0;
      const share = contact / (1 + breaks * 0.25);
      chargeMa = hardware.chargeMa * taper * share + drawMa * share;
      if (state.word !== 'charging') state.chargeSessions++;
      state.chargeSessions += breaks;
      state.word = contact > 0.04 && !(breaks > 2 && random.chance(0.6)) ? 'charging' : 'not_charging';
    }
  } else {
    state.word = 'discharging';
  }
  const netMa = chargeMa - drawMa;
  state.currentMa = netMa;
  const before = state.soc;
  state.soc += (netMa * hours) / capacity;
  if (state.soc > 1) state.soc = 1;
  const moved = Math.abs(state.soc - before);
  if (netMa < 0) state.cycles += moved * trueHealth(state);
  if (state.soc < state.lowest) state.lowest = state.soc;
  if (state.soc > 0.985 && state.lowest < 0.7) {
    // The gauge relearns full charge after a long charge, part of the way each time (typical of impedance-tracking gauges).
    const seen = hardware.designMah * trueHealth(state) * (1 + 0.01 * random.normal());
    state.learnedMah += (seen - state.learnedMah) * 0.4;
    state.lowest = 1;
  } else if (state.soc > 0.985) {
    state.lowest = 1;
  }

  const ohms = resistanceOf(state, hardware) / 1000;
  const amps = netMa / 1000;
  const p = state.overheat;
  // An internal short heats whatever else happens; charging feeds it.
  const self = p * (2 + 31 * p * p) * (state.word === 'charging' ? 1.1 : load.on ? 1 : 0.6);
  // 14 °C a watt for a pack in a closed housing, a third of an hour to settle (assumption), electronics add two degrees.
  const target = load.ambientC + (load.on ? 2.4 : 0) + amps * amps * ohms * 14 + self;
  state.tempC += (target - state.tempC) * (1 - Math.exp(-minutes / 20));

  age(state, hardware, hours, netMa < 0 ? moved : 0);

  if (state.down !== '') {
    const back =
      (state.down === 'empty' && state.docked && state.soc > 0.06) ||
      (state.down === 'hot' && state.tempC < 50) ||
      (state.down === 'brownout' && (state.docked || state.soc > 0.3));
    if (back) state.down = '';
    return;
  }
  if (!load.on) return;
  // Thermal shutdown at 60 °C, the usual discharge limit of cobalt cells.
  if (state.tempC >= 58 + 2 * random.next()) {
    state.overTemp++;
    drop(state, out, 'hot');
    return;
  }
  if (state.soc <= 0.01) {
    state.soc = Math.max(0, state.soc);
    drop(state, out, 'empty');
    return;
  }
  // A print and transmit burst pulls the pack under the supervisor’s 3.3 V a cell: a brownout, sometimes a reset.
  if (load.sales > 0 && !(state.docked && chargeMa > hardware.peakMa * 0.3)) {
    const volts = openCircuit(state.soc) - ((hardware.peakMa / 1000) * ohms) / hardware.cells;
    const margin = (volts - 3.3) / 0.045;
    if (margin < 3) {
      const dips = random.binomial(
        load.sales,
        margin < -2 ? 0.7 : 0.35 * Math.exp(-0.5 * Math.max(0, margin) ** 2) * 0.4,
      );
      if (dips > 0) {
        state.brownouts += dips;
        out.stepped = true;
        if (random.chance(1 - (1 - 0.03 - 0.1 * Math.max(0, -margin)) ** dips)) drop(state, out, 'brownout');
      }
    }
  }
}

function drop(state: BatteryState, out: BatteryHappening, why: 'empty' | 'hot' | 'brownout'): void {
  state.down = why;
  out.dropped = why;
  out.stepped = true;
}

/** Capacity as a share of design with a knee under way: slow, then all at once (P. M. Attia et al., "Knees in lithium-ion battery aging", 2022). */
export function trueHealth(state: BatteryState): number {
  const p = state.capacityFade;
  return Math.max(0.2, state.health - (state.health - 0.575) * (0.28 * p + 0.72 * p * p * p));
}

function dock(state: BatteryState, hardware: BatteryHardware, load: BatteryLoad, random: Random): void {
  const hours = load.minutes / 60;
  if (!load.open) {
    if (!state.docked && random.chance(hours * 3)) state.docked = true;
    return;
  }
  if (hardware.dock === 'counter') {
    if (state.docked) {
      if (state.soc > 0.6 && random.chance(hours * 0.9)) state.docked = false;
    } else if (random.chance(hours * (state.soc < 0.35 ? 6 : 0.6))) state.docked = true;
  } else if (state.docked) {
    if (random.chance(hours * (state.soc > 0.9 ? 6 : state.soc > 0.6 ? 1 : 0.05))) state.docked = false;
  } else if (random.chance(hours * (state.soc < 0.2 ? 8 : state.soc < 0.35 ? 1.5 : 0.05))) state.docked = true;
}

/** Wear of the step: use at 25 °C doubled each 12 °C over it, time by the same law (Arrhenius rule of thumb over BU-808's 25 and 40 °C). */
function age(state: BatteryState, hardware: BatteryHardware, hours: number, discharged: number): void {
  const hot = 2 ** ((state.tempC - 25) / 12);
  const full = state.soc > 0.9 ? 1.8 : 1;
  const days = hours / 24;
  const loss =
    (0.2 / hardware.ratedCycles) * discharged * Math.max(0.6, hot) + (0.04 / 365) * days * Math.max(0.4, hot) * full;
  state.ageDays += days;
  state.health -= loss;
  // Resistance grows by half to double while a fifth of the charge goes.
  state.rise += loss * 3;
}

/** Charge as the gauge shows it, %. A faded pack is shown right: what it holds is what shrank. */
export function readSoc(state: BatteryState, step: number, random: Random): number {
  const shown = state.soc * 100 + state.bias * Math.min(1, (1 - state.soc) * 4) + 0.3 * random.normal();
  return Math.min(100, Math.max(0, Math.round(shown / step) * step));
}

/** Pack voltage under the load of the moment, mV. */
export function readPackMv(state: BatteryState, hardware: BatteryHardware, busy: boolean, random: Random): number {
  // One reading in five of a busy step falls into a burst.
  const burst = busy && random.next() < 0.2 ? hardware.peakMa * 0.6 : 0;
  const cell =
    openCircuit(state.soc) +
    (((state.currentMa - burst) / 1000) * (resistanceOf(state, hardware) / 1000)) / hardware.cells;
  return Math.round(1000 * hardware.cells * Math.min(4.21, cell + 0.004 * random.normal()));
}

/** Voltage of the pack while it prints as a share of its nominal 3.7 V a cell: what a battery-fed head is given. */
export function packShare(state: BatteryState, hardware: BatteryHardware): number {
  const peak = state.docked && state.word === 'charging' ? 0.4 : 0.75;
  const volts =
    openCircuit(state.soc) -
    (((hardware.peakMa * peak) / 1000) * (resistanceOf(state, hardware) / 1000)) / hardware.cells;
  return Math.min(1.1, volts / 3.7);
}
