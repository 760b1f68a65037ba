import type { Curve, Limit } from '../../analytics/core/curves/progress.ts';

/** Families of wear: a straight line; recoveries that come and go; a fast start, a long middle and a knee; growth upwards. */
export const FAMILIES = ['line', 'recoveries', 'knee', 'growth'] as const;
export type Family = (typeof FAMILIES)[number];

/** Mulberry32. */
function random(seed: number): () => number {
  let s = seed | 0;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Run-to-failure curves of parts of one kind: lives differ by a sixth or so, shapes a little. */
export function wearCurves(family: Family, seed: number, count: number): { curves: Curve[]; limit: Limit } {
  const u = random(seed * 7919 + FAMILIES.indexOf(family) * 101 + 17);
  const normal = () => Math.sqrt(-2 * Math.log(u() + 1e-12)) * Math.cos(2 * Math.PI * u());
  const life = family === 'recoveries' ? 100 + 80 * u() : 400 + 500 * u();
  const shape = u();
  const limit: Limit =
    family === 'growth' ? { threshold: 10, direction: 'above' } : { threshold: 0.75, direction: 'below' };
  const curves = Array.from({ length: count }, (): Curve => {
    const own = life * Math.exp(0.15 * normal());
    const bend = Math.exp(0.12 * normal());
    const x: number[] = [];
    const y: number[] = [];
    let bump = 0;
    const step = Math.max(1, Math.round(own / 300));
    for (let i = 0; i < own * 1.25; i += step) {
      const t = i / own;
      bump = bump * 0.85 + (family === 'recoveries' && u() < 0.06 ? 0.06 + 0.1 * u() : 0);
      const q =
        family === 'line'
          ? t
          : family === 'recoveries'
            ? t ** (0.9 + 0.5 * shape) - bump
            : family === 'knee'
              ? 0.2 * (1 - Math.exp(-t / 0.08)) +
                0.4 * bend * t +
                (0.8 - 0.4 * bend) * (Math.expm1(5 * t) / Math.expm1(5))
              : Math.expm1(2.5 * bend * t) / Math.expm1(2.5 * bend);
      const noisy = q + 0.012 * normal();
      x.push(i);
      y.push(family === 'growth' ? 1 + 9 * noisy : 1 - 0.25 * noisy);
    }
    return { x, y };
  });
  return { curves, limit };
}
