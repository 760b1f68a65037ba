/** Steps a nat of 16-bit codes: a step is 0.017 % of a number that is large beside its unit, or of the unit. */
const STEPS = 5900;
const SIGNED_STEPS = STEPS / 2;
const MOST = 0xffff;
const MOST_SIGNED = 0x7fff;

/** What each code stands for, in units: read many times a message, and an exponential is dear. */
const VALUES = Float64Array.from({ length: MOST + 1 }, (_, code) => Math.expm1(code / STEPS));

/**
 * A number from 0 to 66,000 units as 16 bits, in even steps of log(1 + x / unit): as fine near zero as one step of the unit, and elsewhere
 * as fine as one step of the number. What is learned in thousandths of itself still moves it.
 */
export function pack(x: number, unit: number): number {
  return Math.min(MOST, Math.round(Math.log1p(Math.max(0, x) / unit) * STEPS));
}

export function unpack(code: number, unit: number): number {
  return VALUES[code]! * unit;
}

/** The same for numbers of either sign, in steps twice as wide. */
export function packSigned(x: number, unit: number): number {
  const size = Math.min(MOST_SIGNED, Math.round(Math.log1p(Math.abs(x) / unit) * SIGNED_STEPS));
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
