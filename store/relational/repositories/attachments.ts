import type { AttachmentStore } from '../../../contract/ports/attachments.ts';
import type { Relational } from '../relational.ts';

/** Files of tickets on Kysely, for both engines. */
export function createAttachmentStore(relational: Relational): AttachmentStore {
  const { db } = relational;
  return {
    async put(tenant, { id, type, bytes }, at) {
      await db
        .insertInto('alerts_file')
        .values({ tenant, id, type, size: bytes.byteLength, at, bytes })
        .onConflict((oc) => oc.columns(['tenant', 'id']).doNothing())
        .execute();
    },
    async get(tenant, id) {
      const row = await db
        .selectFrom('alerts_file')
        .select(['type', 'bytes'])
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst();
      return row && { id, type: row.type, bytes: row.bytes };
    },
  };
}
