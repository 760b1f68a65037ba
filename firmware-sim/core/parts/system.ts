import type { HardwareModel } from '../hardware.ts';
import type { Random } from '../random.ts';

/** The computer inside: memory, flash, heat, crashes. Progress of faults comes from outside. */
export interface SystemState {
  memFreeMb: number;
  flashFreeMb: number;
  /** Share of the flash that stays free after logs have been rotated: installations differ. */
  flashLevel: number;
  cpuPct: number;
  tempC: number;
  /** Burden of a regressed firmware, 0–1: leaks, load, crashes, failed transactions; it never kills. */
  regression: number;
  storageWear: number;
  crashLoop: number;
  broken: boolean;
  reboots: number;
  crashes: number;
  flashWritesMb: number;
  txnOk: number;
  txnDeclined: number;
  txnTechFail: number;
}

export function newSystem(model: HardwareModel, random: Random, sales: number): SystemState {
  const { memMb, flashMb } = model.system;
  const level = random.range(0.3, 0.6);
  return {
    memFreeMb: memMb * 0.42,
    flashFreeMb: flashMb * (level + 0.03 * random.next()),
    flashLevel: level,
    cpuPct: 12,
    tempC: 34,
    regression: 0,
    storageWear: 0,
    crashLoop: 0,
    broken: false,
    reboots: 20 + random.int(180),
    crashes: random.int(12),
    flashWritesMb: Math.round(sales * 0.4),
    txnOk: Math.round(sales * 0.94),
    txnDeclined: Math.round(sales * 0.05),
    txnTechFail: Math.round(sales * 0.004),
  };
}

/** Runs the computer for some minutes; true when it crashed (it then restarts). `failed` counts sales lost to link and readers. */
export function stepSystem(
  state: SystemState,
  model: HardwareModel,
  load: {
    readonly minutes: number;
    readonly sales: number;
    readonly failed: number;
    readonly ambientC: number;
    readonly offline: boolean;
  },
  random: Random,
): boolean {
  const { minutes, sales } = load;
  const hours = minutes / 60;
  const { memMb, flashMb } = model.system;
  const perHour = sales / hours;
  state.cpuPct = Math.min(
    100,
    Math.max(1, 9 + perHour * 0.35 + 16 * state.regression + 10 * state.storageWear ** 3 + 3 * random.normal()),
  );
  const target = load.ambientC + 9 + state.cpuPct * 0.09;
  state.tempC += (target - state.tempC) * (1 - Math.exp(-minutes / 25));

  // A leak drains what the working set leaves; an idle system wanders about its level.
  const leak =
    memMb *
    hours *
    (0.0006 + 0.006 * state.regression + (state.crashLoop > 0 ? 0.004 * Math.exp(4.4 * state.crashLoop) : 0));
  state.memFreeMb +=
    (memMb * 0.42 - state.memFreeMb) * 0.02 * hours - leak + memMb * 0.004 * random.normal() * Math.min(1, hours * 4);
  state.memFreeMb = Math.min(memMb * 0.5, state.memFreeMb);

  const written = sales * 0.35 + hours * 2.2 + (load.offline ? hours * 1.5 : 0);
  // Flash near its end (eMMC MLC is rated about 3,000 erasures a block): garbage collection multiplies writes, bad blocks eat the reserve.
  const wear = state.storageWear;
  state.flashWritesMb += written * (1 + 5 * wear * wear);
  state.flashFreeMb -= flashMb * hours * (0.0002 + 0.0022 * wear * wear) + 0.004 * sales;
  // Logs are rotated when space runs low; blocks that died stay gone.
  if (wear < 1 && state.flashFreeMb < flashMb * state.flashLevel * (1 - 0.92 * wear)) {
    state.flashFreeMb += flashMb * 0.03 * (1 - 0.9 * wear);
  }
  state.flashFreeMb = Math.max(flashMb * 0.004, state.flashFreeMb);

  const tech = random.binomial(sales, 0.0025 + 0.03 * state.regression + 0.03 * wear ** 3);
  const failed = Math.min(sales, load.failed + tech);
  const declined = random.binomial(sales - failed, 0.045);
  state.txnTechFail += failed;
  state.txnDeclined += declined;
  state.txnOk += sales - failed - declined;

  const starved = state.memFreeMb < memMb * 0.03;
  const rate =
    0.0006 + 0.045 * state.regression + 0.004 * Math.expm1(4.6 * wear) + 0.006 * Math.expm1(4.4 * state.crashLoop);
  if (starved || random.chance(hours * rate) || (state.crashLoop >= 1 && random.chance(0.9))) {
    state.crashes++;
    return true;
  }
  return false;
}

/** A fresh start of the software. */
export function restart(state: SystemState, model: HardwareModel, random: Random): void {
  state.reboots++;
  state.memFreeMb = model.system.memMb * (0.42 + 0.02 * random.normal()) * (1 - 0.25 * Math.min(1, state.crashLoop));
}
