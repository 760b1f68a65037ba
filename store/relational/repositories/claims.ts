import type { Transaction } from 'kysely';
import type { Finding, Severity } from '../../../contract/findings.ts';
import type { Component, Mode } from '../../../contract/modes.ts';
import type { Claim } from '../../../contract/ports/findings.ts';
import type { TenantId } from '../../../contract/topics.ts';
import type { Database } from '../database.ts';
import type { Queries } from '../relational.ts';
import { inPieces } from '../sql.ts';
import type { ClaimRow, FindingRow } from '../tables/findings.ts';

/** What a statement does to the claim of its finding. */
export type ClaimStep =
  | { readonly kind: 'first'; readonly row: ClaimRow }
  | {
      readonly kind: 'went';
      readonly key: Pick<ClaimRow, 'tenant' | 'fingerprint' | 'opened_at'>;
      readonly column: 'failed_at' | 'ended_at';
      readonly at: number;
    };

/**
 * Of a finding is kept what it said when it first asked for a ticket, and later only how it went: that its part stopped, that it ended.
 * `last` is the finding's row before this statement.
 */
export function claimStep(row: FindingRow, finding: Finding, last: FindingRow | undefined): ClaimStep | undefined {
  const { tenant, fingerprint, opened_at } = row;
  const stood = last?.standing === 1 && last.severity !== 'watch';
  const failed = row.standing === 1 && finding.probability === 1 && finding.horizonH === 0;
  if (row.standing === 1 && finding.severity !== 'watch' && !stood) {
    return {
      kind: 'first',
      row: {
        tenant,
        fingerprint,
        opened_at,
        claimed_at: finding.at,
        terminal: finding.terminal,
        component: finding.component,
        mode: finding.mode,
        severity: finding.severity,
        probability: finding.probability,
        horizon_h: finding.horizonH,
        fails_at: finding.failsAt,
        fails_at_p10: finding.failsAtP10,
        fails_at_p90: finding.failsAtP90,
        failed_at: failed ? finding.at : null,
        ended_at: null,
      },
    };
  }
  if (!stood || (!failed && row.standing === 1)) return undefined;
  const column = failed ? 'failed_at' : 'ended_at';
  return { kind: 'went', key: { tenant, fingerprint, opened_at }, column, at: finding.at };
}

const CLAIM_COLUMNS = 15;

/** Stores the steps of a batch: what is first claimed together, then how claims went. */
export async function keepClaims(trx: Transaction<Database>, steps: readonly ClaimStep[]): Promise<void> {
  const firsts = steps.flatMap((step) => (step.kind === 'first' ? [step.row] : []));
  for (const piece of inPieces(firsts, CLAIM_COLUMNS)) {
    await trx
      .insertInto('finding_claim')
      .values([...piece])
      .onConflict((oc) => oc.columns(['tenant', 'fingerprint', 'opened_at']).doNothing())
      .execute();
  }
  for (const step of steps) {
    if (step.kind !== 'went') continue;
    await trx
      .updateTable('finding_claim')
      .set({ [step.column]: step.at })
      .where('tenant', '=', step.key.tenant)
      .where('fingerprint', '=', step.key.fingerprint)
      .where('opened_at', '=', step.key.opened_at)
      .where(step.column, 'is', null)
      .execute();
  }
}

/** Claims first made from `from` until before `to`, oldest first. */
export async function readClaims(db: Queries, tenant: TenantId, from: number, to: number): Promise<Claim[]> {
  const rows = await db
    .selectFrom('finding_claim')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('claimed_at', '>=', from)
    .where('claimed_at', '<', to)
    .orderBy('claimed_at')
    .orderBy('fingerprint')
    .execute();
  return rows.map((row) => ({
    fingerprint: row.fingerprint,
    openedAt: row.opened_at,
    terminal: row.terminal,
    component: row.component as Component,
    mode: row.mode as Mode,
    claimedAt: row.claimed_at,
    severity: row.severity as Severity,
    probability: row.probability,
    horizonH: row.horizon_h,
    failsAt: row.fails_at,
    failsAtP10: row.fails_at_p10,
    failsAtP90: row.fails_at_p90,
    failedAt: row.failed_at,
    endedAt: row.ended_at,
  }));
}
