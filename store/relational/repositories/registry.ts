import type { Selectable, Transaction } from 'kysely';
import { TillwatchError } from '../../../contract/errors.ts';
import type { Announcement, RegistryRepository, TerminalChange } from '../../../contract/ports/registry.ts';
import type { Lifecycle, Site } from '../../../contract/registry.ts';
import type { TenantId } from '../../../contract/topics.ts';
import type { Database } from '../database.ts';
import type { Relational } from '../relational.ts';
import { contains, excluded, inPieces, json } from '../sql.ts';
import type { TerminalRow } from '../tables/registry.ts';
import { placements, readPlacementRules, replacePlacementRules } from './placement-rules.ts';
import { announced, changed, fromSite, type KeptTerminal, takenOver, toSite, toTerminal } from './registry-rows.ts';

type Trx = Transaction<Database>;

const KEY = new Set(['tenant', 'terminal']);

/** The book of terminals and sites on either engine (see the port). */
export function createRegistryRepository(relational: Relational): RegistryRepository {
  const { db } = relational;

  /** Takes the lock that orders writers, and revisions `from + 1` … `from + count`. */
  async function takeRevisions(trx: Trx, count: number): Promise<number> {
    const row = await trx
      .updateTable('registry_revision')
      .set((eb) => ({ value: eb('value', '+', count) }))
      .where('id', '=', 1)
      .returning('value')
      .executeTakeFirstOrThrow();
    return row.value - count;
  }

  async function save(trx: Trx, rows: readonly KeptTerminal[]): Promise<void> {
    const columns = Object.keys(rows[0] ?? {}) as (keyof TerminalRow)[];
    for (const piece of inPieces(rows, columns.length)) {
      await trx
        .insertInto('terminal')
        .values([...piece])
        .onConflict((oc) =>
          oc.columns(['tenant', 'terminal']).doUpdateSet(excluded(columns.filter((column) => !KEY.has(column)))),
        )
        .execute();
    }
  }

  async function known(trx: Trx, announcements: readonly Announcement[]): Promise<Map<string, KeptTerminal>> {
    const byTenant = new Map<string, Set<string>>();
    for (const { tenant, terminal } of announcements) {
      const ids = byTenant.get(tenant) ?? new Set();
      byTenant.set(tenant, ids.add(terminal));
    }
    const rows = new Map<string, KeptTerminal>();
    for (const [tenant, ids] of byTenant) {
      for (const piece of inPieces([...ids], 4)) {
        const found = await trx
          .selectFrom('terminal')
          .selectAll()
          .where('tenant', '=', tenant)
          .where('terminal', 'in', [...piece])
          .execute();
        for (const row of found) rows.set(`${row.tenant}/${row.terminal}`, row);
      }
    }
    return rows;
  }

  /** Sites that births name come into being by that, in UTC until a birth or an operator says where they are. */
  async function makeSites(trx: Trx, rows: readonly KeptTerminal[]): Promise<void> {
    const wanted = new Map<string, { site: Site; at: number }>();
    for (const { tenant, site, timezone, updated_at } of rows) {
      if (site === null) continue;
      const made = { tenant: tenant as TenantId, site, name: site, timezone: timezone ?? 'UTC' };
      wanted.set(`${tenant}/${site}`, { site: made, at: updated_at });
    }
    if (wanted.size === 0) return;
    const from = await takeRevisions(trx, wanted.size);
    const sites = [...wanted.values()].map(({ site, at }, i) => fromSite(site, at, from + i + 1));
    for (const piece of inPieces(sites, 13)) {
      await trx
        .insertInto('site')
        .values([...piece])
        .onConflict((oc) => oc.columns(['tenant', 'site']).doNothing())
        .execute();
    }
  }

  async function remember(
    trx: Trx,
    before: KeptTerminal,
    after: KeptTerminal,
    change: TerminalChange,
    at: number,
    by: string,
  ): Promise<void> {
    await trx
      .insertInto('terminal_history')
      .values({
        tenant: after.tenant,
        terminal: after.terminal,
        at,
        by_name: by,
        change: json.write(change),
        from_lifecycle: before.lifecycle,
        to_lifecycle: after.lifecycle,
        revision: after.revision,
      })
      .execute();
  }

  async function rowOf(trx: Trx, tenant: TenantId, terminal: string): Promise<KeptTerminal> {
    const row = await trx
      .selectFrom('terminal')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('terminal', '=', terminal)
      .executeTakeFirst();
    if (row) return row;
    throw new TillwatchError('registry.unknown_terminal', `there is no terminal "${terminal}"`, {
      status: 404,
      context: { tenant, terminal },
    });
  }

  async function needSite(trx: Trx, tenant: TenantId, change: TerminalChange): Promise<void> {
    const site = change.kind === 'accept' || change.kind === 'move' ? change.site : undefined;
    if (site === undefined) return;
    const row = await trx
      .selectFrom('site')
      .select('site')
      .where('tenant', '=', tenant)
      .where('site', '=', site)
      .executeTakeFirst();
    if (row) return;
    throw new TillwatchError('registry.unknown_site', `there is no site "${site}": make it first`, {
      status: 404,
      context: { tenant, site },
    });
  }

  return {
    announce: (announcements) =>
      announcements.length === 0
        ? Promise.resolve([])
        : relational.transaction(async (trx) => {
            await takeRevisions(trx, 0);
            const rows = await known(trx, announcements);
            const touched = new Map<string, KeptTerminal>();
            for (const a of announcements) {
              const key = `${a.tenant}/${a.terminal}`;
              const next = announced(touched.get(key) ?? rows.get(key), a);
              if (next) touched.set(key, next);
            }
            if (touched.size === 0) return [];
            const from = await takeRevisions(trx, touched.size);
            const unplaced = [...touched.values()].map((row, i) => ({ ...row, revision: from + i + 1 }));
            const placed = await placements(trx, unplaced);
            const changedRows = unplaced.map((row, i) => placed[i]?.row ?? row);
            await makeSites(trx, changedRows);
            await save(trx, changedRows);
            for (const [i, row] of unplaced.entries()) {
              const done = placed[i];
              if (done) await remember(trx, row, done.row, done.change, row.updated_at, done.by);
            }
            return changedRows.map(toTerminal);
          }),

    async get(tenant, terminal) {
      const row = await db
        .selectFrom('terminal')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('terminal', '=', terminal)
        .executeTakeFirst();
      return row && toTerminal(row);
    },

    async list(tenant, filter = {}) {
      const limit = Math.min(1000, Math.max(1, filter.limit ?? 100));
      let query = db.selectFrom('terminal').where('tenant', '=', tenant);
      if (filter.search) {
        const { search } = filter;
        query = query.where((eb) =>
          eb.or([
            contains<Database, 'terminal'>('terminal.terminal', search),
            contains<Database, 'terminal'>('terminal.serial', search),
            contains<Database, 'terminal'>('terminal.model', search),
            contains<Database, 'terminal'>('terminal.firmware', search),
            contains<Database, 'terminal'>('terminal.site', search),
          ]),
        );
      }
      const none = [''];
      if (filter.sites) query = query.where('site', 'in', filter.sites.length > 0 ? [...filter.sites] : none);
      if (filter.lifecycle)
        query = query.where('lifecycle', 'in', filter.lifecycle.length > 0 ? [...filter.lifecycle] : none);
      if (filter.terminals)
        query = query.where('terminal', 'in', filter.terminals.length > 0 ? [...filter.terminals] : none);
      if (filter.model !== undefined) query = query.where('model', '=', filter.model);
      if (filter.firmware !== undefined) query = query.where('firmware', '=', filter.firmware);
      const { total } = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const page = filter.after === undefined ? query : query.where('terminal', '>', filter.after);
      const rows = await page
        .selectAll()
        .orderBy('terminal')
        .limit(limit + 1)
        .execute();
      const items = rows.slice(0, limit).map(toTerminal);
      const last = items.at(-1);
      return { items, total: Number(total), ...(rows.length > limit && last ? { next: last.terminal } : {}) };
    },

    change: (tenant, terminal, change, at, by) =>
      relational.transaction(async (trx) => {
        const from = await takeRevisions(trx, 2);
        const row = await rowOf(trx, tenant, terminal);
        await needSite(trx, tenant, change);
        const next = { ...changed(row, change), updated_at: at, revision: from + 1 };
        const rows = [next];
        if (change.kind === 'swap') {
          const other = await rowOf(trx, tenant, change.replacement);
          rows.push({ ...takenOver(other, row), updated_at: at, revision: from + 2 });
        }
        await save(trx, rows);
        await remember(trx, row, next, change, at, by);
        return toTerminal(rows.at(-1)!);
      }),

    async history(tenant, terminal, limit) {
      const rows = await db
        .selectFrom('terminal_history')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('terminal', '=', terminal)
        .orderBy('revision', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        at: row.at,
        by: row.by_name,
        change: json.read<TerminalChange>(row.change),
        from: row.from_lifecycle as Lifecycle,
        to: row.to_lifecycle as Lifecycle,
      }));
    },

    async sites(tenant) {
      const rows = await db.selectFrom('site').selectAll().where('tenant', '=', tenant).orderBy('site').execute();
      return rows.map(toSite);
    },

    async site(tenant, site) {
      const row = await db
        .selectFrom('site')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('site', '=', site)
        .executeTakeFirst();
      return row && toSite(row);
    },

    putSite: (site, at) =>
      relational.transaction(async (trx) => {
        const row = fromSite(site, at, (await takeRevisions(trx, 1)) + 1);
        const columns = Object.keys(row).filter((column) => column !== 'tenant' && column !== 'site');
        await trx
          .insertInto('site')
          .values(row)
          .onConflict((oc) => oc.columns(['tenant', 'site']).doUpdateSet(excluded(columns as (keyof typeof row)[])))
          .execute();
        return toSite(row as Selectable<Database['site']>);
      }),

    placementRules: (tenant) => readPlacementRules(db, tenant),

    putPlacementRules: (tenant, rules) => relational.transaction((trx) => replacePlacementRules(trx, tenant, rules)),

    async tenants() {
      const rows = await db
        .selectFrom('terminal')
        .select('tenant')
        .union(db.selectFrom('site').select('tenant'))
        .orderBy('tenant')
        .execute();
      return rows.map((row) => row.tenant as TenantId);
    },

    async changes(afterRevision, limit) {
      const read = async (upTo: number) => {
        const [terminals, sites] = await Promise.all([
          db
            .selectFrom('terminal')
            .selectAll()
            .where('revision', '>', afterRevision)
            .where('revision', '<=', upTo)
            .orderBy('revision')
            .limit(limit)
            .execute(),
          db
            .selectFrom('site')
            .selectAll()
            .where('revision', '>', afterRevision)
            .where('revision', '<=', upTo)
            .orderBy('revision')
            .limit(limit)
            .execute(),
        ]);
        return { terminals, sites };
      };
      const first = await read(Number.MAX_SAFE_INTEGER);
      // Where one of the lists was cut, the page ends at what that list reached.
      const ends = [first.terminals, first.sites].filter((l) => l.length === limit).map((l) => l.at(-1)!.revision);
      const end = Math.min(...ends, Number.MAX_SAFE_INTEGER);
      const terminals = first.terminals.filter((row) => row.revision <= end);
      const sites = first.sites.filter((row) => row.revision <= end);
      const revision = Math.max(afterRevision, terminals.at(-1)?.revision ?? 0, sites.at(-1)?.revision ?? 0);
      return { revision, terminals: terminals.map(toTerminal), sites: sites.map(toSite) };
    },

    deleteTenant: (tenant) =>
      relational.transaction(async (trx) => {
        await trx.deleteFrom('terminal_history').where('tenant', '=', tenant).execute();
        await trx.deleteFrom('terminal').where('tenant', '=', tenant).execute();
        await trx.deleteFrom('placement_rule').where('tenant', '=', tenant).execute();
        await trx.deleteFrom('site').where('tenant', '=', tenant).execute();
      }),
  };
}
