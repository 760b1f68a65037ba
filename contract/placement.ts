import type { Terminal } from './registry.ts';

/** Where new terminals belong that match every pattern given: the first rule of a tenant's list that fits counts. */
export interface PlacementRule {
  /** Name of the rule, unique in its list: it stands in the terminal's history. */
  readonly rule: string;
  /** Patterns over what the terminal said of itself; `*` is any text, `?` one character, any case. At least one. */
  readonly when: PlacementPatterns;
  /** The site it is placed at; null leaves the place that its birth names. */
  readonly site: string | null;
  /** True: accepted at once, and not left pending for an operator. */
  readonly accept: boolean;
}

export type PlacementPatterns = { readonly [K in PlacementField]?: string };
export type PlacementField = 'terminal' | 'serial' | 'vendor' | 'model' | 'carrier' | 'site';

type Facts = Pick<Terminal, PlacementField>;

/** The first rule whose patterns all fit; a fact that is not known yet fits no pattern. */
export function placementFor(rules: readonly PlacementRule[], facts: Facts): PlacementRule | undefined {
  return rules.find((rule) => {
    const patterns = Object.entries(rule.when) as [PlacementField, string][];
    return patterns.length > 0 && patterns.every(([field, pattern]) => fits(pattern, facts[field]));
  });
}

/** Two-pointer match with backtracking to the last `*`: linear in practice, and no pattern can make it explode. */
function fits(pattern: string, text: string | null): boolean {
  if (text === null) return false;
  const p = pattern.toLowerCase();
  const t = text.toLowerCase();
  let star = -1;
  let mark = 0;
  let i = 0;
  for (let j = 0; j < t.length; ) {
    if (p[i] === '*') {
      star = i++;
      mark = j;
    } else if (p[i] === '?' || p[i] === t[j]) {
      i++;
      j++;
    } else if (star >= 0) {
      i = star + 1;
      j = ++mark;
    } else return false;
  }
  while (p[i] === '*') i++;
  return i === p.length;
}
