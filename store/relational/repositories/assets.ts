import type { Asset, CustodyEntry, PartStock } from '../../../contract/assets.ts';
import type { AssetRepository } from '../../../contract/ports/assets.ts';
import type { Relational } from '../relational.ts';
import { excluded, json } from '../sql.ts';

/** Devices, custody and parts on Kysely, for both engines. */
export function createAssetRepository(relational: Relational): AssetRepository {
  const { db } = relational;
  return {
    async write(write) {
      return relational.transaction(async (trx) => {
        const key = await trx
          .insertInto('asset_key')
          .values({ tenant: write.tenant, key: write.key, at: write.at })
          .onConflict((oc) => oc.columns(['tenant', 'key']).doNothing())
          .returning('key')
          .executeTakeFirst();
        if (!key) return false;
        for (const { asset, entry } of write.assets ?? []) {
          await trx
            .insertInto('asset')
            .values({
              tenant: write.tenant,
              id: asset.id,
              model: asset.model,
              owner: asset.owner,
              state: asset.state,
              terminal: asset.terminal,
              updated_at: asset.updatedAt,
              body: json.write(asset),
            })
            .onConflict((oc) =>
              oc
                .columns(['tenant', 'id'])
                .doUpdateSet(excluded(['model', 'owner', 'state', 'terminal', 'updated_at', 'body'])),
            )
            .execute();
          await trx
            .insertInto('asset_custody')
            .values({ tenant: write.tenant, asset: asset.id, key: write.key, at: entry.at, body: json.write(entry) })
            .execute();
        }
        for (const part of write.parts ?? []) {
          await trx
            .insertInto('part_stock')
            .values({ tenant: write.tenant, part: part.part, updated_at: part.updatedAt, body: json.write(part) })
            .onConflict((oc) => oc.columns(['tenant', 'part']).doUpdateSet(excluded(['updated_at', 'body'])))
            .execute();
        }
        return true;
      });
    },
    async get(tenant, id) {
      const row = await db
        .selectFrom('asset')
        .select('body')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst();
      if (!row) return undefined;
      const custody = await db
        .selectFrom('asset_custody')
        .select('body')
        .where('tenant', '=', tenant)
        .where('asset', '=', id)
        .orderBy('at')
        .execute();
      return { asset: json.read<Asset>(row.body), custody: custody.map((line) => json.read<CustodyEntry>(line.body)) };
    },
    async list(tenant, query) {
      let q = db.selectFrom('asset').select('body').where('tenant', '=', tenant);
      if (query.state) q = q.where('state', 'in', [...query.state]);
      if (query.model !== undefined) q = q.where('model', '=', query.model);
      if (query.owner !== undefined) q = q.where('owner', '=', query.owner);
      if (query.terminal !== undefined) q = q.where('terminal', '=', query.terminal);
      const rows = await q
        .orderBy('id')
        .limit(Math.min(query.limit ?? 200, 5_000))
        .execute();
      return rows.map((row) => json.read<Asset>(row.body));
    },
    async part(tenant, part) {
      const row = await db
        .selectFrom('part_stock')
        .select('body')
        .where('tenant', '=', tenant)
        .where('part', '=', part)
        .executeTakeFirst();
      return row && json.read<PartStock>(row.body);
    },
    async parts(tenant) {
      const rows = await db
        .selectFrom('part_stock')
        .select('body')
        .where('tenant', '=', tenant)
        .orderBy('part')
        .execute();
      return rows.map((row) => json.read<PartStock>(row.body));
    },
  };
}
