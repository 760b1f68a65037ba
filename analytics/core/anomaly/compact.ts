import { dayShare } from './witness.ts';

/** Parts of the day with a habit of their own. */
const PARTS = 24;
/** Bins of a tail, a factor e^(1/4) wide, from e^-10 of the usual size on. */
const BINS = 64;
const PER_LOG = 4;
const LOWEST = -10;
const TAIL = BINS + 3;

const SEEN = 0;
const AFTER = 1;
const WEARY = 2;
const LEAST = 3;
const MOST = 4;
const LAST = 5;
const LATELY = 6;
const RESIDUAL = 7;
const HABIT = 8;
const DAY_TAIL = HABIT + 2 * PARTS;
const STEP_TAIL = DAY_TAIL + TAIL;
/** Numbers of a gauge's state: 190 in 32-bit floats, 760 bytes. */
export const COMPACT_STATE = STEP_TAIL + TAIL;

/** Rarity with score 0.5, and the score from which a sample is an alarm. */
const EVEN = 1.6;
const THRESHOLD = 0.5;
const SURE = 8;
/** Samples before anything is said. */
const FEW = 60;
const KEEP = 0.9995;

/**
 * The anomaly detector in a few hundred bytes, for gauges by the thousand: difference from the hour's habit, steps, and records, with
 * the same rarity scale and the same rising bar after an alarm. `state` is any `COMPACT_STATE` floats at `at`, all zero at first.
 */
export function judgeCompact(
  state: Float32Array,
  at: number,
  value: number,
  time: number,
): { score: number; alarm: boolean; usual: number } {
  const seen = state[at + SEEN]!;
  if (seen === 0) {
    state[at + LEAST] = state[at + MOST] = state[at + LAST] = state[at + LATELY] = value;
  }
  const part = Math.floor(dayShare(time) * PARTS);
  const known = state[at + HABIT + PARTS + part]! > 0;
  const usual = known ? state[at + HABIT + part]! : state[at + LATELY]!;
  state[at + RESIDUAL]! += (value - usual - state[at + RESIDUAL]!) / 4;
  const day = tail(state, at + DAY_TAIL, Math.abs(state[at + RESIDUAL]!));
  const step = tail(state, at + STEP_TAIL, Math.abs(value - state[at + LAST]!));
  const range = Math.max(state[at + MOST]! - state[at + LEAST]!, 1e-9, 1e-3 * Math.abs(state[at + MOST]!));
  const beyond = Math.max(value - state[at + MOST]!, state[at + LEAST]! - value) / range;
  const record = beyond > 0.001 && seen > FEW ? Math.log10(seen / 2) + (beyond * 10) / Math.LN10 : 0;
  state[at + HABIT + part] = known ? usual + (value - usual) * 0.12 : value;
  state[at + HABIT + PARTS + part] = 1;
  state[at + LATELY]! += (value - state[at + LATELY]!) * 0.1;
  state[at + LAST] = value;
  state[at + LEAST] = Math.min(state[at + LEAST]!, value);
  state[at + MOST] = Math.max(state[at + MOST]!, value);
  state[at + SEEN] = Math.min(seen + 1, 1e7);
  state[at + AFTER]! *= 1 - 1 / Math.max(10, 0.01 * seen);
  state[at + WEARY]! *= 1 - 1 / Math.max(300, 0.3 * seen);
  if (seen < FEW) return { score: 0, alarm: false, usual };
  const rarity = 0.55 * Math.min(SURE, day) + 0.2 * Math.min(SURE, step) + 0.25 * Math.min(SURE, record);
  const left = Math.max(0, rarity - state[at + AFTER]! - state[at + WEARY]!);
  const score = left / (left + EVEN);
  const alarm = score >= THRESHOLD;
  if (alarm) {
    state[at + AFTER] = 16;
    state[at + WEARY]! += 0.15;
  }
  return { score, alarm, usual };
}

/** Rarity of a size against those before it, in units of their mean, as `Tail` has it; then it is learned. */
function tail(state: Float32Array, at: number, x: number): number {
  const scale = at;
  const total = at + 1;
  const weight = at + 2;
  const bins = at + 3;
  const seen = state[weight]! > 0;
  if (!seen) {
    state[weight] = 1;
    state[scale] = x;
  }
  const size = x / (state[scale]! + 1e-12);
  const own = binOf(size);
  let rarity = 0;
  if (state[total]! > 30) {
    let above = 0;
    for (let i = BINS - 4; i > own; i--) above += state[bins + i]!;
    const w = state[weight]!;
    if (above + state[bins + own]! > 0.05 * state[total]!) {
      rarity = -Math.log10((above + 0.5 * state[bins + own]! + w) / (state[total]! + w));
    } else {
      // Beyond the body: a Pareto tail from the body's edge, at the mean excess.
      let cut = BINS - 4;
      let beyond = 0;
      for (; cut > 0; cut--) {
        beyond += state[bins + cut]!;
        if (beyond >= 0.05 * state[total]!) break;
      }
      const edge = edgeOf(cut);
      let excess = 0;
      for (let i = cut; i <= BINS - 4; i++) excess += state[bins + i]! * Math.max(0, edgeOf(i + 0.5) - edge);
      const mean = (excess + w * 0.15 * edge) / (beyond + 0.5 * w) || 1e-9;
      rarity =
        Math.log1p(0.25 * (Math.max(0, size - edge) / mean)) / 0.2 / Math.LN10 -
        Math.log10((beyond + w) / (state[total]! + w));
    }
  }
  state[bins + own]! += state[weight]!;
  state[total]! += state[weight]!;
  state[weight]! /= KEEP;
  state[scale]! += (x - state[scale]!) * 0.002;
  if (state[weight]! > 1e4) {
    for (let i = 1; i < TAIL; i++) if (i !== 2) state[at + i]! /= state[weight]!;
    state[weight] = 1;
  }
  return rarity;
}

function binOf(size: number): number {
  return size <= 1e-9 ? 0 : Math.max(0, Math.min(BINS - 4, Math.floor((Math.log(size) - LOWEST) * PER_LOG)));
}

function edgeOf(bin: number): number {
  return Math.exp(bin / PER_LOG + LOWEST);
}
