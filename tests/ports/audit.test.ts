import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { brokenLink } from '../../contract/audit-chain.ts';
import type { AuditEvent } from '../../contract/ports/audit.ts';
import { createAuditTrail } from '../../store/relational/repositories/audit.ts';
import { describeEachRelational } from '../support/each-relational.ts';

const event = (over: Partial<AuditEvent> = {}): AuditEvent => ({
  at: 1_000,
  who: 'olga',
  via: 'session',
  action: 'lockTerminal',
  tenant: 'acme',
  subject: '/api/v1/tenants/acme/terminals/T1/lock',
  outcome: '200',
  address: '10.0.0.9',
  ...over,
});

describeEachRelational('AuditTrail', (open) => {
  it('chains entries, also those written at the same time', async () => {
    const trail = createAuditTrail(await open());
    await Promise.all(Array.from({ length: 12 }, (_, i) => trail.append(event({ at: i }))));
    const entries = await trail.after(0, 100);
    expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    let last = { seq: 0, hash: '' };
    for (const entry of entries) {
      expect(brokenLink(last, entry)).toBeUndefined();
      last = entry;
    }
    expect(await trail.head()).toEqual({ seq: 12, hash: last.hash });
  });

  it('is searched by person, action, tenant and time, newest first', async () => {
    const trail = createAuditTrail(await open());
    await trail.append(event({ at: 1 }));
    await trail.append(event({ at: 2, who: 'petr', tenant: 'other' }));
    await trail.append(event({ at: 3, action: 'signIn', tenant: null }));
    const seqs = async (filter: Parameters<typeof trail.list>[0]) =>
      (await trail.list(filter)).map((entry) => entry.seq);
    expect(await seqs({})).toEqual([3, 2, 1]);
    expect(await seqs({ who: 'petr' })).toEqual([2]);
    expect(await seqs({ action: 'signIn' })).toEqual([3]);
    expect(await seqs({ tenants: ['acme'] })).toEqual([1]);
    expect(await seqs({ tenants: [] })).toEqual([]);
    expect(await seqs({ from: 2, to: 3 })).toEqual([2]);
    expect(await seqs({ before: 3, limit: 1 })).toEqual([2]);
  });

  it('the engine refuses to change or delete an entry', async () => {
    const relational = await open();
    const trail = createAuditTrail(relational);
    await trail.append(event());
    await expect(relational.db.updateTable('audit').set({ who: 'nobody' }).execute()).rejects.toThrow(/append-only/);
    await expect(relational.db.deleteFrom('audit').execute()).rejects.toThrow(/append-only/);
    expect(await trail.list()).toMatchObject([{ who: 'olga' }]);
  });

  it('shows where somebody with the database in hand changed, took out or exchanged entries', async () => {
    const relational = await open();
    const trail = createAuditTrail(relational);
    for (let i = 1; i <= 4; i++) await trail.append(event({ at: i }));
    const off =
      relational.engine === 'sqlite' ? sql`drop trigger audit_no_update` : sql`alter table audit disable trigger all`;
    await off.execute(relational.db);
    await relational.db.updateTable('audit').set({ who: 'nobody' }).where('seq', '=', 2).execute();
    const [first, second, third, fourth] = await trail.after(0, 10);
    expect(brokenLink(first!, second!)).toBe('entry 2 was changed');
    expect(brokenLink(first!, third!)).toBe('entry 2 is missing: entry 3 follows 1');
    expect(brokenLink({ ...second!, hash: 'f00' }, third!)).toMatch(/entry 3 does not follow from entry 2/);
    expect(brokenLink(third!, fourth!)).toBeUndefined();
  });
});
