import type { Kysely, Transaction } from 'kysely';
import type { PlacementRule } from '../../../contract/placement.ts';
import type { TenantId } from '../../../contract/topics.ts';
import type { Database } from '../database.ts';
import { json } from '../sql.ts';
import { type KeptTerminal, type Placed, placedByRule } from './registry-rows.ts';

/** A tenant's placement rules in their order. */
export async function readPlacementRules(db: Kysely<Database>, tenant: string): Promise<PlacementRule[]> {
  const rows = await db
    .selectFrom('placement_rule')
    .select('body')
    .where('tenant', '=', tenant)
    .orderBy('position')
    .execute();
  return rows.map((row) => json.read<PlacementRule>(row.body));
}

export async function replacePlacementRules(
  trx: Transaction<Database>,
  tenant: TenantId,
  rules: readonly PlacementRule[],
): Promise<void> {
  await trx.deleteFrom('placement_rule').where('tenant', '=', tenant).execute();
  if (rules.length === 0) return;
  await trx
    .insertInto('placement_rule')
    .values(rules.map((rule, position) => ({ tenant, position, body: json.write(rule) })))
    .execute();
}

/** What the tenants' rules do to rows that are about to be written, by the row's place in the list. */
export async function placements(
  trx: Transaction<Database>,
  rows: readonly KeptTerminal[],
): Promise<(Placed | undefined)[]> {
  const rules = new Map<string, PlacementRule[]>();
  for (const tenant of new Set(rows.map((row) => row.tenant))) rules.set(tenant, await readPlacementRules(trx, tenant));
  return rows.map((row) => placedByRule(row, rules.get(row.tenant) ?? []));
}
