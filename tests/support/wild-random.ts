/** A seeded source of randomness with the draws that a fleet generator needs (xoshiro128**, https://prng.di.unimi.it). */
export interface Dice {
  (): number;
  between(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
  chance(p: number): boolean;
  normal(): number;
  poisson(mean: number): number;
}

export function dice(seed: number): Dice {
  let [a, b, c, d] = [seed ^ 0x9e3779b9, seed * 0x85ebca6b, seed * 0xc2b2ae35 + 1, 0x27d4eb2f ^ (seed << 7)].map(
    (x) => x | 0,
  ) as [number, number, number, number];
  const next = (): number => {
    const r = Math.imul(b, 5);
    const result = Math.imul((r << 7) | (r >>> 25), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return (result >>> 0) / 4294967296;
  };
  for (let i = 0; i < 20; i++) next();
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return Object.assign(next, {
    between: (low: number, high: number) => low + next() * (high - low),
    pick: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]!,
    chance: (p: number) => next() < p,
    normal,
    poisson: (mean: number): number => {
      if (mean <= 0) return 0;
      if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
      const limit = Math.exp(-mean);
      let k = 0;
      for (let p = next(); p > limit; p *= next()) k++;
      return k;
    },
  });
}
