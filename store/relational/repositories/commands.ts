import type { Command, Result } from '../../../contract/payloads.ts';
import type { CommandLog } from '../../../contract/ports/command-log.ts';
import type { Relational } from '../relational.ts';
import { json } from '../sql.ts';

/** The log of commands on Kysely, for both engines. */
export function createCommandLog(relational: Relational): CommandLog {
  const { db } = relational;
  return {
    async sent(tenant, terminal, command, at) {
      await db
        .insertInto('command')
        .values({
          tenant,
          terminal,
          id: command.id,
          body: json.write(command),
          sent_at: at,
          expires_at: command.expires_at,
          result: null,
          result_at: null,
        })
        .onConflict((oc) => oc.columns(['tenant', 'terminal', 'id']).doNothing())
        .execute();
    },
    async answered(tenant, terminal, result, at) {
      await db
        .updateTable('command')
        .set({ result: json.write(result), result_at: at })
        .where('tenant', '=', tenant)
        .where('terminal', '=', terminal)
        .where('id', '=', result.id)
        .where('result', 'is', null)
        .execute();
    },
    async last(tenant, terminal, limit) {
      const rows = await db
        .selectFrom('command')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('terminal', '=', terminal)
        .orderBy('sent_at', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        command: json.read<Command>(row.body),
        sentAt: row.sent_at,
        result: row.result === null ? null : json.read<Result>(row.result),
        resultAt: row.result_at,
      }));
    },
    async trim(before) {
      await db.deleteFrom('command').where('expires_at', '<', before).where('sent_at', '<', before).execute();
    },
  };
}
