import type { Selectable } from 'kysely';
import { TillwatchError } from '../../../contract/errors.ts';
import type { DeviceCredential, DeviceCredentialRepository } from '../../../contract/ports/devices.ts';
import type { TenantId } from '../../../contract/topics.ts';
import type { Database } from '../database.ts';
import type { Relational } from '../relational.ts';
import { excluded, flag, json } from '../sql.ts';

/** Credentials of devices on Kysely, for both engines. */
export function createDeviceCredentialRepository({ db }: Relational): DeviceCredentialRepository {
  const of = (tenant: TenantId) => db.selectFrom('device_credential').selectAll().where('tenant', '=', tenant);

  async function get(tenant: TenantId, name: string): Promise<DeviceCredential | undefined> {
    const row = await of(tenant).where('name', '=', name).executeTakeFirst();
    return row && toCredential(row);
  }

  return {
    get,
    async put(credential) {
      await db
        .insertInto('device_credential')
        .values({
          tenant: credential.tenant,
          name: credential.name,
          kind: credential.kind,
          password_hash: credential.passwordHash,
          certificate: flag.write(credential.certificate),
          terminals: json.write(credential.terminals),
          revoked: flag.write(credential.revoked),
          created_at: credential.createdAt,
          updated_at: credential.updatedAt,
        })
        .onConflict((oc) =>
          oc
            .columns(['tenant', 'name'])
            .doUpdateSet(excluded(['kind', 'password_hash', 'certificate', 'terminals', 'revoked', 'updated_at'])),
        )
        .execute();
    },
    async list(tenant) {
      return (await of(tenant).orderBy('name').execute()).map(toCredential);
    },
    async all() {
      const rows = await db.selectFrom('device_credential').selectAll().orderBy('tenant').orderBy('name').execute();
      return rows.map(toCredential);
    },
    async revoke(tenant, name, at) {
      await db
        .updateTable('device_credential')
        .set({ revoked: 1, updated_at: at })
        .where('tenant', '=', tenant)
        .where('name', '=', name)
        .execute();
      const revoked = await get(tenant, name);
      if (revoked) return revoked;
      throw new TillwatchError('device.unknown', `${tenant}/${name} has no credential`, { status: 404 });
    },
    async changedSince(at) {
      const rows = await db.selectFrom('device_credential').selectAll().where('updated_at', '>=', at).execute();
      return rows.map(toCredential);
    },
    async gateways() {
      const rows = await db.selectFrom('device_credential').selectAll().where('kind', '=', 'gateway').execute();
      return rows.map(toCredential);
    },
    async any() {
      const row = await db
        .selectFrom('device_credential')
        .select('name')
        .where('revoked', '=', 0)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    async deleteTenant(tenant) {
      await db.deleteFrom('device_credential').where('tenant', '=', tenant).execute();
    },
  };
}

function toCredential(row: Selectable<Database['device_credential']>): DeviceCredential {
  return {
    tenant: row.tenant as TenantId,
    name: row.name,
    kind: row.kind as DeviceCredential['kind'],
    passwordHash: row.password_hash,
    certificate: flag.read(row.certificate),
    terminals: json.read(row.terminals),
    revoked: flag.read(row.revoked),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
