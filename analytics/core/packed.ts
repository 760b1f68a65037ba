/** Steps a nat of 16-bit codes: a step is 0.017 % of a number that is large beside its unit, or of the unit. */
const STEPS = 5900;
const SIGNED_STEPS = STEPS / 2;
const MOST = 0xffff;
const MOST_SIGNED = 0x7fff;

/** What each code stands for, in units: read many times a message, and an exponential is dear. */
const VALUES = Float64Array.from({ length: MOST + 1 }, (_, code) => Math.expm1(code / STEPS));

/** Bits of a float's fraction that pick a logarithm out of a table; what is left of it adds a series of three terms. */
const LOG_BITS = 11;
const LOGS = Float64Array.from({ length: 1 << LOG_BITS }, (_, i) => Math.log(1 + (i + 0.5) / (1 << LOG_BITS)));
const INVERSES = Float64Array.from({ length: 1 << LOG_BITS }, (_, i) => 1 / (1 + (i + 0.5) / (1 << LOG_BITS)));
const FLOAT = new Float64Array(1);
const BITS = new Uint32Array(FLOAT.buffer);

/** log(x) of a number from 1 on to twelve digits, a third as dear as the library's: it is taken for each number that is packed. */
function log(x: number): number {
  FLOAT[0] = x;
  const high = BITS[1]!;
  const i = (high >>> (20 - LOG_BITS)) & ((1 << LOG_BITS) - 1);
  BITS[1] = (high & 0xf_ffff) | 0x3ff0_0000;
  const left = FLOAT[0]! * INVERSES[i]! - 1;
  return ((high >>> 20) - 1023) * Math.LN2 + LOGS[i]! + left * (1 - left * (0.5 - left / 3));
}

/**
 * A number from 0 to 66,000 units as 16 bits, in even steps of log(1 + x / unit): as fine near zero as one step of the unit, and elsewhere
 * as fine as one step of the number. What is learned in thousandths of itself still moves it.
 */
export function pack(x: number, unit: number): number {
  // What is no number is nothing, and so is what is below zero.
  return x > 0 ? Math.min(MOST, Math.round(log(1 + x / unit) * STEPS)) : 0;
}

export function unpack(code: number, unit: number): number {
  return VALUES[code]! * unit;
}

/** The same for numbers of either sign, in steps twice as wide. */
export function packSigned(x: number, unit: number): number {
  const steps = Math.abs(x) > 0 ? Math.round(log(1 + Math.abs(x) / unit) * SIGNED_STEPS) : 0;
  const size = Math.min(MOST_SIGNED, steps);
  return (x < 0 ? -size : size) & 0xffff;
}

export function unpackSigned(code: number, unit: number): number {
  const size = signed(code);
  // A step is twice as wide: every second code.
  return size < 0 ? -VALUES[-2 * size]! * unit : VALUES[2 * size]! * unit;
}

/** 16 bits read as a number of either sign. */
export function signed(half: number): number {
  return (half << 16) >> 16;
}
