import type { Block } from '../block.ts';
import { BELOW, FAINT, STOOD } from './link-bearer.ts';
import { SIGNAL } from './network-channels.ts';

/** Share of the mean that one loss of the network makes, and how many of one message count. */
const WEIGHT = 0.12;
const MOST = 3;
/** dB by which the middle of the last days moves with each message: one and a half dB a day at one every ten minutes. */
const DRIFT_DB = 0.01;
/** dB below the level at which a link does not hold from which no signal was measured at all. */
const NO_SIGNAL_DB = 6;
/** dB below its habit from which a signal is why the network is lost, and over how many more it surely is: beyond what a road or a room takes of it by chance. */
const FAINT_DB = 6;
const FAINT_SURE_DB = 3;

/** Notes a signal as it is told, dB above the level at which a link does not hold. Where its habit has been forgotten (another part, another bearer), so is what it was like. */
export function noteSignal(block: Block, signal: number): void {
  if (signal < -NO_SIGNAL_DB) return;
  const base = block.baseOf(SIGNAL);
  const stood = block.scratch(STOOD);
  // Where it was put into a weaker place it loses the network there, and nowhere else.
  const stands = base === 0 ? signal : stood + DRIFT_DB * Math.sign(signal - stood);
  block.setScratch(STOOD, stands);
  block.setScratch(BELOW, base === 0 ? 0 : Math.min(base, stands) - signal);
  if (base === 0) block.setScratch(FAINT, 0);
}

/** The network has been lost so many times since the last message: what the signal was like by then. */
export function noteLost(block: Block, times: number): void {
  if (times <= 0) return;
  const share = 1 - (1 - WEIGHT) ** Math.min(MOST, times);
  block.setScratch(FAINT, block.scratch(FAINT) + share * (block.scratch(BELOW) - block.scratch(FAINT)));
}

/**
 * How surely the network is lost for want of signal: a SIM loses contact wherever the terminal stands, a failing antenna where there is least to
 * receive. It tells one from the other where the signal falls for hours only (rain in a connector, a bad half of a road), and by no trend.
 */
export function faintness(block: Block): number {
  return Math.max(0, Math.min(1, (block.scratch(FAINT) - FAINT_DB) / FAINT_SURE_DB));
}
