import { expect, it } from 'vitest';
import type { DeadLetterRepository, NewDeadLetter } from '../../contract/ports/dead-letters.ts';
import { asTenantId } from '../../contract/topics.ts';

const ACME = asTenantId('acme');
const OTHER = asTenantId('other');
const NOW = Date.UTC(2026, 5, 1);

function letter(n: number, more: Partial<NewDeadLetter> = {}): NewDeadLetter {
  return {
    tenant: ACME,
    terminal: `T${n % 3}`,
    topic: 'pos/v1/acme/T1/heartbeat',
    reason: n % 2 ? 'not_json' : 'out_of_range',
    field: n % 2 ? null : 'battery.soc_pct',
    detail: `message ${n}`,
    payload: '{"ü":1}',
    replayable: true,
    receivedAt: NOW + n,
    ...more,
  };
}

/** What every DeadLetterRepository must do; `open` answers an empty one. */
export function deadLetterSuite(open: () => Promise<DeadLetterRepository>): void {
  it('keeps letters as they are, newest first, page by page', async () => {
    const letters = await open();
    const all = Array.from({ length: 25 }, (_, n) => letter(n));
    await letters.add(all);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await letters.list(ACME, { limit: 10, ...(after ? { after } : {}) });
      expect(page.total).toBe(25);
      seen.push(...page.items.map((item) => item.detail));
      after = page.next;
    } while (after);
    expect(seen).toEqual(all.map((l) => l.detail).reverse());
    const [newest] = (await letters.list(ACME, { limit: 1 })).items;
    expect(newest).toEqual({ ...letter(24), id: newest?.id, replayedAt: null });
    expect(await letters.get(ACME, newest?.id ?? '')).toEqual(newest);
  });

  it('filters by reason and terminal, and counts', async () => {
    const letters = await open();
    await letters.add(Array.from({ length: 12 }, (_, n) => letter(n)));
    expect((await letters.list(ACME, { reason: 'not_json' })).total).toBe(6);
    expect((await letters.list(ACME, { reason: 'not_json', terminal: 'T0' })).total).toBe(2);
    expect(await letters.counts(ACME)).toEqual({ not_json: 6, out_of_range: 6 });
  });

  it('keeps tenants apart', async () => {
    const letters = await open();
    await letters.add([letter(1), letter(2, { tenant: OTHER, terminal: null })]);
    const [theirs] = (await letters.list(OTHER)).items;
    expect(theirs).toMatchObject({ tenant: OTHER, terminal: null });
    expect(await letters.get(ACME, theirs?.id ?? '')).toBeUndefined();
    await letters.deleteTenant(ACME);
    expect((await letters.list(ACME)).total).toBe(0);
    expect((await letters.list(OTHER)).total).toBe(1);
  });

  it('is bounded in age and, for each tenant, in number', async () => {
    const letters = await open();
    await letters.add([...Array.from({ length: 30 }, (_, n) => letter(n)), letter(40, { tenant: OTHER })]);
    expect(await letters.trim(NOW + 5, 10)).toBe(20);
    expect((await letters.list(ACME)).items.map((l) => l.receivedAt)).toEqual(
      Array.from({ length: 10 }, (_, i) => NOW + 29 - i),
    );
    expect((await letters.list(OTHER)).total).toBe(1);
  });

  it('remembers a replay', async () => {
    const letters = await open();
    await letters.add([letter(1)]);
    const [kept] = (await letters.list(ACME)).items;
    await letters.markReplayed(ACME, kept?.id ?? '', NOW + 99);
    expect((await letters.get(ACME, kept?.id ?? ''))?.replayedAt).toBe(NOW + 99);
  });

  it('takes bytes that no engine likes', async () => {
    const letters = await open();
    await letters.add([letter(1, { payload: 'a\0b\uD800', detail: '\0', topic: 'x\0y' })]);
    expect((await letters.list(ACME)).items[0]).toMatchObject({ replayable: false });
    await expect(letters.get(ACME, 'x')).rejects.toMatchObject({ code: 'dead_letters.unknown', status: 404 });
  });
}
