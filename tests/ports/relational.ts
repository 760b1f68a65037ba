import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MigrationStep, Relational } from '../../store/relational/relational.ts';
import { contains, excluded, inPieces, json } from '../../store/relational/sql.ts';

interface Things {
  thing: { id: string; tenant: string; at: number; weight: number | null; body: string; bytes: Uint8Array | null };
  note: { id: number; text: string };
}

const STEPS: readonly MigrationStep[] = [
  {
    name: '001-things',
    async up(db, types) {
      await db.schema
        .createTable('thing')
        .addColumn('id', 'text', (c) => c.notNull())
        .addColumn('tenant', 'text', (c) => c.notNull())
        .addColumn('at', 'bigint', (c) => c.notNull())
        .addColumn('weight', 'double precision')
        .addColumn('body', 'text', (c) => c.notNull())
        .addColumn('bytes', types.bytes === 'blob' ? 'blob' : 'bytea')
        .addPrimaryKeyConstraint('thing_key', ['tenant', 'id'])
        .execute();
    },
  },
  {
    name: '010-notes',
    async up(db, types) {
      await types.identity(db.schema.createTable('note'), 'id').addColumn('text', 'text').execute();
    },
  },
];

/** What every relational engine must do for the repositories. `open` makes an empty database with the given migrations. */
export function describeRelational(
  title: string,
  open: (steps: readonly MigrationStep[]) => Promise<Relational>,
): void {
  describe(`relational: ${title}`, () => {
    let store: Relational;
    let db: Kysely<Things>;
    beforeEach(async () => {
      store = await open(STEPS);
      db = store.db as unknown as Kysely<Things>;
      await sql`drop table if exists thing`.execute(db);
      await sql`drop table if exists note`.execute(db);
      await sql`drop table if exists kysely_migration`.execute(db);
      await sql`drop table if exists kysely_migration_lock`.execute(db);
      await store.migrate();
    });
    afterEach(() => store.close());

    const thing = (id: string, more: Partial<Things['thing']> = {}): Things['thing'] => ({
      id,
      tenant: 'acme',
      at: Date.UTC(2026, 0, 1),
      weight: 0.1,
      body: json.write({ a: [1, 'é'] }),
      bytes: null,
      ...more,
    });

    it('runs migrations once', async () => {
      expect(await store.migrate()).toEqual([]);
    });

    it('keeps times in ms, fractions, JSON, bytes and nulls as they were', async () => {
      await db
        .insertInto('thing')
        .values(thing('1', { bytes: new Uint8Array([0, 255, 7]), weight: null }))
        .execute();
      const row = await db.selectFrom('thing').selectAll().executeTakeFirstOrThrow();
      expect(row.at).toBe(Date.UTC(2026, 0, 1));
      expect(row.weight).toBeNull();
      expect(json.read(row.body)).toEqual({ a: [1, 'é'] });
      expect([...row.bytes!]).toEqual([0, 255, 7]);
    });

    it('answers sums and counts as numbers', async () => {
      await db
        .insertInto('thing')
        .values([thing('1'), thing('2')])
        .execute();
      const row = await db
        .selectFrom('thing')
        .select((eb) => [eb.fn.countAll<number>().as('n'), eb.fn.sum<number>('at').as('total')])
        .executeTakeFirstOrThrow();
      expect(row).toEqual({ n: 2, total: 2 * Date.UTC(2026, 0, 1) });
    });

    it('puts a row in or brings it up to date', async () => {
      const put = (weight: number) =>
        db
          .insertInto('thing')
          .values(thing('1', { weight }))
          .onConflict((oc) => oc.columns(['tenant', 'id']).doUpdateSet(excluded(['weight', 'at'])))
          .execute();
      await put(1);
      await put(2.5);
      expect(await db.selectFrom('thing').select('weight').execute()).toEqual([{ weight: 2.5 }]);
    });

    it('names a broken key as a conflict', async () => {
      await db.insertInto('thing').values(thing('1')).execute();
      await expect(db.insertInto('thing').values(thing('1')).execute()).rejects.toMatchObject({
        code: 'relational.conflict',
        status: 409,
      });
    });

    it('undoes a transaction that throws, and shows its writes to itself only', async () => {
      const failing = store.transaction(async (trx) => {
        const t = trx as unknown as Kysely<Things>;
        await t.insertInto('thing').values(thing('1')).execute();
        expect(await t.selectFrom('thing').select('id').execute()).toHaveLength(1);
        throw new RangeError('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await db.selectFrom('thing').select('id').execute()).toEqual([]);
    });

    it('keeps transactions apart: a hundred increments at once lose none', async () => {
      await db
        .insertInto('thing')
        .values(thing('1', { weight: 0 }))
        .execute();
      await Promise.all(
        Array.from({ length: 100 }, () =>
          store.transaction(async (trx) => {
            const t = trx as unknown as Kysely<Things>;
            const { weight } = await t
              .selectFrom('thing')
              .select('weight')
              .$if(store.engine === 'postgres', (q) => q.forUpdate())
              .executeTakeFirstOrThrow();
            await t
              .updateTable('thing')
              .set({ weight: (weight ?? 0) + 1 })
              .execute();
          }),
        ),
      );
      expect(await db.selectFrom('thing').select('weight').executeTakeFirst()).toEqual({ weight: 100 });
    });

    it('gives rising ids', async () => {
      const ids: number[] = [];
      for (const text of ['a', 'b']) {
        const row = await db
          .insertInto('note')
          .values({ text } as Things['note'])
          .returning('id')
          .executeTakeFirstOrThrow();
        ids.push(row.id);
      }
      expect(ids[1]).toBeGreaterThan(ids[0]!);
    });

    it('finds text as it was typed, in any case', async () => {
      await db
        .insertInto('thing')
        .values([thing('Store_1%'), thing('storeX1y')])
        .execute();
      const find = async (text: string) =>
        (await db.selectFrom('thing').select('id').where(contains<Things, 'thing'>('thing.id', text)).execute()).map(
          (r) => r.id,
        );
      expect(await find('store_1%')).toEqual(['Store_1%']);
      expect((await find('STORE')).length).toBe(2);
    });

    it('takes ten thousand rows in pieces', async () => {
      const rows = Array.from({ length: 10_000 }, (_, i) => thing(String(i)));
      await store.transaction(async (trx) => {
        for (const piece of inPieces(rows, 6)) {
          await (trx as unknown as Kysely<Things>).insertInto('thing').values(piece).execute();
        }
      });
      const { n } = await db
        .selectFrom('thing')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow();
      expect(n).toBe(10_000);
    });
  });
}
