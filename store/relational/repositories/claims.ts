import type { Transaction } from 'kysely';
import type { Finding, Severity } from '../../../contract/findings.ts';
import type { Component, Mode } from '../../../contract/modes.ts';
import type { Claim } from '../../../contract/ports/findings.ts';
import type { TenantId } from '../../../contract/topics.ts';
import type { Database } from '../database.ts';
import type { Queries } from '../relational.ts';
import type { ClaimRow, FindingRow } from '../tables/findings.ts';

/**
 * Keeps what a finding said when it first asked for a ticket, and later only how it went: that its part stopped, that it ended.
 * `last` is the finding's row before this statement.
 */
export async function keepClaim(
  trx: Transaction<Database>,
  row: FindingRow,
  finding: Finding,
  last: FindingRow | undefined,
): Promise<void> {
  const { tenant, fingerprint } = row;
  const claim = { opened_at: row.opened_at, stood: last?.standing === 1 && last.severity !== 'watch' };
  const failed = row.standing === 1 && finding.probability === 1 && finding.horizonH === 0;
  if (row.standing === 1 && finding.severity !== 'watch' && !claim.stood) {
    await trx
      .insertInto('finding_claim')
      .values({
        tenant,
        fingerprint,
        opened_at: row.opened_at,
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
      })
      .onConflict((oc) => oc.columns(['tenant', 'fingerprint', 'opened_at']).doNothing())
      .execute();
    return;
  }
  if (!claim.stood) return;
  const change: Partial<ClaimRow> | undefined = failed
    ? { failed_at: finding.at }
    : row.standing === 0
      ? { ended_at: finding.at }
      : undefined;
  if (!change) return;
  await trx
    .updateTable('finding_claim')
    .set(change)
    .where('tenant', '=', tenant)
    .where('fingerprint', '=', fingerprint)
    .where('opened_at', '=', claim.opened_at)
    .where(failed ? 'failed_at' : 'ended_at', 'is', null)
    .execute();
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
