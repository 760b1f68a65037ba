import type { Evidence } from './finding-schema.ts';
import type { Component, Mode } from './modes.ts';
import type { TenantId } from './topics.ts';

export type Severity = 'watch' | 'warning' | 'critical';
/** What a finding is about: one terminal, or the wider cause its members share. */
export type Scope = 'terminal' | 'site' | 'cell' | 'carrier' | 'firmware' | 'model';

export type { Evidence };

/**
 * What analytics holds to be true of a component now. Findings are a level: they are restated while they hold, and
 * `cleared` says that they hold no more. Times are ms since 1970 UTC; `probability` is that of failure within `horizonH`, and where that is
 * 0 nothing is foretold: the part has failed, or what is said of many is so now.
 */
export interface Finding {
  readonly at: number;
  readonly tenant: TenantId;
  readonly scope: Scope;
  /** The terminal's id, or the site's, cell's, carrier's, firmware's or model's name. */
  readonly subject: string;
  readonly terminal: string | null;
  readonly members?: readonly string[];
  /** Site of the terminal, where known: who may see the finding goes by it. Not on the wire. */
  readonly site?: string | null;
  readonly component: Component;
  readonly mode: Mode;
  readonly state: 'open' | 'update' | 'cleared';
  readonly severity: Severity;
  readonly probability: number;
  readonly horizonH: number;
  readonly failsAt: number | null;
  readonly failsAtP10: number | null;
  readonly failsAtP90: number | null;
  readonly evidence: readonly Evidence[];
}

/** Identity of the fault that a finding speaks of: alerts reconcile by it, so a restated finding opens nothing twice. */
export function fingerprintOf(finding: Pick<Finding, 'tenant' | 'scope' | 'subject' | 'component' | 'mode'>): string {
  return `${finding.tenant}/${finding.scope}/${finding.subject}/${finding.component}/${finding.mode}`;
}

/** A finding as contract.md's NDJSON line (snake_case, times in ms). */
export function findingToWire(f: Finding): Record<string, unknown> {
  return {
    at: f.at,
    tenant: f.tenant,
    scope: f.scope,
    subject: f.subject,
    terminal: f.terminal,
    ...(f.members ? { members: f.members } : {}),
    component: f.component,
    mode: f.mode,
    state: f.state,
    severity: f.severity,
    probability: f.probability,
    horizon_h: f.horizonH,
    fails_at: f.failsAt,
    fails_at_p10: f.failsAtP10,
    fails_at_p90: f.failsAtP90,
    evidence: f.evidence,
  };
}
