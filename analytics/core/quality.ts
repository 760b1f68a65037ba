import { quantileSorted } from 'simple-statistics';
import type { Component, Mode } from '../../contract/modes.ts';
import type { Claim, Opinion } from '../../contract/ports/findings.ts';
import { posterior } from './calibration.ts';
import { HOUR } from './time.ts';

/** Normal quantile of a two-sided 90 % interval. */
const Z90 = 1.645;
const BINS = 5;
/** ms before a finding asked for a ticket in which a person's judgement may already be about it. */
const EARLY = HOUR;

/** How good a set of findings was. Leads are hours from asking for a ticket to the failure, over those that failed. */
export interface Quality {
  /** Findings that asked for a ticket. */
  readonly raised: number;
  readonly standing: number;
  /** Judged right: the part was really failing when looked at, or stopped while the finding stood. */
  readonly right: number;
  readonly wrong: number;
  /** Ended or standing with nobody having said. */
  readonly unjudged: number;
  /** right / (right + wrong), with its 90 % Wilson interval; null where none is judged. */
  readonly precision: number | null;
  readonly precisionLow: number | null;
  readonly precisionHigh: number | null;
  /** Findings whose part stopped. */
  readonly failed: number;
  readonly leadMedianH: number | null;
  readonly leadP10H: number | null;
  /** Share of the failed whose failure fell inside the interval [p10, p90] that was first stated; 0.8 is perfect. */
  readonly insideInterval: number | null;
}

export interface QualityGroup extends Quality {
  readonly component: Component;
  readonly mode: Mode;
  readonly model: string | null;
}

/** Judged findings by the probability first stated. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly n: number;
  /** Mean probability stated. */
  readonly stated: number | null;
  /** Share that was right. */
  readonly observed: number | null;
}

export interface QualityReport {
  readonly total: Quality;
  readonly groups: readonly QualityGroup[];
  readonly calibration: readonly CalibrationBin[];
}

interface Judged {
  readonly claim: Claim;
  readonly model: string | null;
  /** undefined: nobody has said. */
  readonly right: boolean | undefined;
}

/** Holds what findings promised against what people and failures said afterwards. `opinions` are those of kind right or wrong, oldest first. */
export function quality(
  claims: readonly Claim[],
  opinions: readonly Opinion[],
  modelOf: (terminal: string) => string | null,
): QualityReport {
  const byPart = new Map<string, Opinion[]>();
  for (const opinion of opinions) {
    const key = `${opinion.terminal}/${opinion.component}`;
    const list = byPart.get(key) ?? [];
    list.push(opinion);
    byPart.set(key, list);
  }
  const next = nextClaims(claims);
  const judged = claims.map((claim): Judged => {
    const until = next.get(claim) ?? Number.POSITIVE_INFINITY;
    const opinion = (byPart.get(`${claim.terminal}/${claim.component}`) ?? []).find(
      (o) => (o.mode === null || o.mode === claim.mode) && o.at >= claim.claimedAt - EARLY && o.at < until,
    );
    const model = opinion?.model ?? (claim.terminal === null ? null : modelOf(claim.terminal));
    // A person who looked knows better than the part's silence.
    const right = opinion ? opinion.kind === 'confirmed' : claim.failedAt === null ? undefined : true;
    return { claim, model, right };
  });
  const groups = new Map<string, Judged[]>();
  for (const one of judged) {
    const key = JSON.stringify([one.claim.component, one.claim.mode, one.model]);
    const list = groups.get(key) ?? [];
    list.push(one);
    groups.set(key, list);
  }
  return {
    total: qualityOf(judged),
    groups: [...groups.values()]
      .map((list) => ({
        component: list[0]!.claim.component,
        mode: list[0]!.claim.mode,
        model: list[0]!.model,
        ...qualityOf(list),
      }))
      .sort((a, b) => b.raised - a.raised || a.mode.localeCompare(b.mode)),
    calibration: bins(judged),
  };
}

/** For each claim, when the next of the same part and mode was made: what is said later is about that one. */
function nextClaims(claims: readonly Claim[]): Map<Claim, number> {
  const latest = new Map<string, Claim>();
  const next = new Map<Claim, number>();
  for (const claim of claims) {
    const before = latest.get(claim.fingerprint);
    if (before) next.set(before, claim.claimedAt - EARLY);
    latest.set(claim.fingerprint, claim);
  }
  return next;
}

function qualityOf(judged: readonly Judged[]): Quality {
  const right = judged.filter((j) => j.right === true).length;
  const wrong = judged.filter((j) => j.right === false).length;
  const failed = judged.map((j) => j.claim).filter((c) => c.failedAt !== null);
  const leads = failed.map((c) => (c.failedAt! - c.claimedAt) / HOUR).sort((a, b) => a - b);
  // What was told only as it stopped promised nothing.
  const promised = failed.filter((c) => c.failedAt! > c.claimedAt && c.failsAtP10 !== null && c.failsAtP90 !== null);
  const inside = promised.filter((c) => c.failsAtP10! <= c.failedAt! && c.failedAt! <= c.failsAtP90!);
  const interval = wilson(right, right + wrong);
  return {
    raised: judged.length,
    standing: judged.filter((j) => j.claim.endedAt === null).length,
    right,
    wrong,
    unjudged: judged.length - right - wrong,
    precision: right + wrong === 0 ? null : right / (right + wrong),
    precisionLow: interval?.[0] ?? null,
    precisionHigh: interval?.[1] ?? null,
    failed: failed.length,
    leadMedianH: leads.length === 0 ? null : quantileSorted(leads, 0.5),
    leadP10H: leads.length === 0 ? null : quantileSorted(leads, 0.1),
    insideInterval: promised.length === 0 ? null : inside.length / promised.length,
  };
}

/** Wilson's score interval (1927), 90 %: honest for small counts, never outside 0 … 1. */
function wilson(hits: number, n: number): [number, number] | undefined {
  if (n === 0) return undefined;
  const z2 = Z90 * Z90;
  const middle = posterior({ right: hits, wrong: n - hits }, 0.5, z2);
  const half = (Z90 * Math.sqrt((hits * (n - hits)) / n + z2 / 4)) / (n + z2);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

function bins(judged: readonly Judged[]): CalibrationBin[] {
  const known = judged.filter((j) => j.right !== undefined);
  return Array.from({ length: BINS }, (_, i) => {
    const from = i / BINS;
    const to = (i + 1) / BINS;
    const here = known.filter(({ claim: { probability: p } }) => p >= from && (p < to || (i === BINS - 1 && p <= to)));
    const mean = (of: (j: Judged) => number): number | null =>
      here.length === 0 ? null : here.reduce((sum, j) => sum + of(j), 0) / here.length;
    return {
      from,
      to,
      n: here.length,
      stated: mean((j) => j.claim.probability),
      observed: mean((j) => (j.right ? 1 : 0)),
    };
  });
}
