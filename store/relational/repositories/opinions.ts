import type { Component, Mode } from '../../../contract/modes.ts';
import type { Opinion, OpinionStore } from '../../../contract/ports/findings.ts';
import type { TenantId } from '../../../contract/topics.ts';
import type { Relational } from '../relational.ts';
import type { OpinionRow } from '../tables/findings.ts';

function opinionOf(row: Omit<OpinionRow, 'id'>): Opinion {
  return {
    tenant: row.tenant as TenantId,
    terminal: row.terminal,
    component: row.component as Component,
    mode: row.mode as Mode | null,
    kind: row.kind as Opinion['kind'],
    at: row.at,
    until: row.until,
    by: row.by_name,
    note: row.note,
    model: row.model,
  };
}

/** What people think of findings, on Kysely, for both engines. */
export function createOpinionStore(relational: Relational): OpinionStore {
  const { db } = relational;
  return {
    async add({ by, ...rest }) {
      await db
        .insertInto('analytics_opinion')
        .values({ ...rest, by_name: by })
        .execute();
    },
    async after(id, limit) {
      const rows = await db
        .selectFrom('analytics_opinion')
        .selectAll()
        .where('id', '>', id)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...opinionOf(row), id: row.id }));
    },
    async of(tenant, terminal) {
      const rows = await db
        .selectFrom('analytics_opinion')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('terminal', '=', terminal)
        .orderBy('id', 'desc')
        .execute();
      return rows.map(opinionOf);
    },
    async judgements(tenant, from) {
      const rows = await db
        .selectFrom('analytics_opinion')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('at', '>=', from)
        .where('kind', 'in', ['confirmed', 'wrong'])
        .orderBy('id')
        .execute();
      return rows.map(opinionOf);
    },
  };
}
