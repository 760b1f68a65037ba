import { expect, it } from 'vitest';
import { PERSONAL_FIELDS } from '../../contract/personal-data.ts';
import { asTenantId } from '../../contract/topics.ts';
import { createPersonalData } from '../../store/relational/repositories/personal-data.ts';
import { createRegistryRepository } from '../../store/relational/repositories/registry.ts';
import { createDocumentShelf } from '../../store/relational/repositories/shelf.ts';
import { START, startAlertsRoom, TENANT } from '../support/alerts-room.ts';
import { describeEachRelational } from '../support/each-relational.ts';

const OTHER = asTenantId('other');

describeEachRelational('personal data', (open) => {
  it('of one person is found wherever it was told, and gone after it is erased, from the search too', async () => {
    const relational = await open();
    const registry = createRegistryRepository(relational);
    const shelf = createDocumentShelf(relational);
    const site = {
      site: 'shop-1',
      name: 'Corner shop',
      timezone: 'Europe/Berlin',
      contact: 'Frau Li, +49 171 5550100',
    };
    await registry.putSite({ ...site, tenant: TENANT }, START);
    await registry.putSite({ ...site, tenant: OTHER }, START);
    await shelf.put(TENANT, 'provider', 'fix', { name: 'Fix "it"', contact: 'frau li', people: [] }, START);
    await shelf.put(TENANT, 'provider', 'other', { name: 'Nobody of that name' }, START);
    const data = createPersonalData(relational);
    expect(await data.wordsOf(TENANT, 'shop-1')).toEqual(['Frau Li, +49 171 5550100']);
    const words = ['Frau Li'];
    expect((await data.find(TENANT, words)).map(({ table, key, column }) => `${table} ${key} ${column}`)).toEqual([
      'site shop-1 contact',
      'alerts_document provider/fix body',
    ]);
    const before = await registry.changes(0, 100);
    expect(await data.erase(TENANT, words, START + 1)).toHaveLength(2);
    expect(await data.find(TENANT, words)).toEqual([]);
    expect(await shelf.get(TENANT, 'provider', 'fix')).toEqual({ name: 'Fix "it"', contact: '[erased]', people: [] });
    expect((await registry.site(TENANT, 'shop-1'))?.contact).toBe('[erased], +49 171 5550100');
    expect((await registry.changes(before.revision, 100)).sites).toMatchObject([{ site: 'shop-1' }]);
    // The other tenant's Frau Li is another person.
    expect((await registry.site(OTHER, 'shop-1'))?.contact).toBe(site.contact);
  });

  it('in a ticket is taken out of its report, its history and the search', async () => {
    const relational = await open();
    const room = await startAlertsRoom(relational);
    await room.announce('T-1', START);
    const ask = async (method: 'GET' | 'POST', path: string, payload?: object) =>
      (
        await room.http.inject({ method, url: `/api/v1/tenants/${TENANT}${path}`, ...(payload ? { payload } : {}) })
      ).json();
    const told = {
      terminal: 'T-1',
      symptom: 'the printer eats paper',
      contact: 'Herr Kim 0171-99',
      merchant: 'Kimchi House',
    };
    const reported = await ask('POST', '/reports', told);
    const id = (reported.ticket ?? reported).id as string;
    await ask('POST', `/tickets/${id}/events`, { event: { type: 'comment', text: 'called Herr Kim 0171-99 back' } });
    expect((await ask('GET', '/tickets?search=kim')).items.length).toBe(1);
    const data = createPersonalData(relational);
    const found = await data.find(TENANT, ['Herr Kim 0171-99']);
    expect(new Set(found.map((one) => one.table))).toEqual(new Set(['ticket', 'ticket_history']));
    await data.erase(TENANT, ['Herr Kim 0171-99'], START);
    expect((await ask('GET', '/tickets?search=0171-99')).items.length).toBe(0);
    expect((await ask('GET', '/tickets?search=printer')).items.length).toBe(1);
    const text = JSON.stringify(await ask('GET', `/tickets/${id}`));
    expect(text).toContain('[erased]');
    expect(text).not.toContain('Herr Kim');
    await room.stop();
  });

  it('in the files of a ticket goes with them, unless another ticket has the file too', async () => {
    const relational = await open();
    const room = await startAlertsRoom(relational);
    const send = async (method: 'GET' | 'POST', path: string, payload?: object | Buffer) =>
      room.http.inject({
        method,
        url: `/api/v1/tenants/${TENANT}${path}`,
        ...(Buffer.isBuffer(payload) ? { headers: { 'content-type': 'image/png' } } : {}),
        ...(payload ? { payload } : {}),
      });
    const photo = (text: string) => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(text)]);
    const tickets: string[] = [];
    for (const [terminal, contact] of [
      ['T-1', 'Herr Kim 0171-99'],
      ['T-2', 'Frau Li'],
    ] as const) {
      await room.announce(terminal, START);
      const made = (await send('POST', '/reports', { terminal, symptom: 'does not print', contact })).json();
      tickets.push((made.ticket ?? made).id as string);
    }
    const [his, hers] = tickets as [string, string];
    for (const [ticket, text] of [
      [his, 'his face'],
      [his, 'the same manual'],
      [hers, 'the same manual'],
    ] as const)
      expect((await send('POST', `/tickets/${ticket}/attachments`, photo(text))).statusCode).toBe(201);
    const filesOf = async (ticket: string) =>
      (await send('GET', `/tickets/${ticket}`)).json().ticket.attachments as { id: string }[];
    const [face] = await filesOf(his);
    const data = createPersonalData(relational);
    expect((await data.find(TENANT, ['Herr Kim'])).filter(({ table }) => table === 'alerts_file')).toHaveLength(2);
    const changed = await data.erase(TENANT, ['Herr Kim'], START);
    expect(changed.filter(({ table }) => table === 'alerts_file').map(({ key }) => key)).toEqual([face?.id]);
    expect(await filesOf(his)).toEqual([]);
    const [kept] = await filesOf(hers);
    expect((await send('GET', `/tickets/${hers}/attachments/${kept?.id}`)).statusCode).toBe(200);
    expect(await relational.db.selectFrom('alerts_file').select('id').execute()).toEqual([{ id: kept?.id }]);
    await room.stop();
  });
});

it('every table with personal data is named with whose it is and how long it is kept', () => {
  for (const field of PERSONAL_FIELDS) expect(Object.values(field).every((word) => word.length > 3)).toBe(true);
  expect(new Set(PERSONAL_FIELDS.map((field) => field.whose))).toEqual(new Set(['merchant', 'staff', 'user']));
});
