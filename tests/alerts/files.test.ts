import { describe, expect, it } from 'vitest';
import { fileName, sniff } from '../../alerts/core/file-type.ts';
import type { MerchantTicket } from '../../alerts/core/merchant-view.ts';
import type { Attachment } from '../../contract/ticket-parts.ts';
import type { Ticket } from '../../contract/tickets.ts';
import { asTenantId } from '../../contract/topics.ts';
import { type AlertsRoom, facts, finding, START, startAlertsRoom, TENANT } from '../support/alerts-room.ts';
import { describeEachRelational } from '../support/each-relational.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const text = (words: string): Buffer => Buffer.from(words);

describe('what a file is', () => {
  it('is said by its bytes and not by its name', () => {
    const bytes = (...parts: (string | number[])[]): Uint8Array =>
      Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));
    const cases: [Uint8Array, string | undefined][] = [
      [PNG, 'image/png'],
      [bytes([0xff, 0xd8, 0xff, 0xe0]), 'image/jpeg'],
      [bytes('RIFF', [0, 0, 0, 0], 'WEBPVP8 '), 'image/webp'],
      [bytes([0, 0, 0, 24], 'ftypheic'), 'image/heic'],
      [bytes([0, 0, 0, 24], 'ftypisom'), 'video/mp4'],
      [bytes('%PDF-1.7'), 'application/pdf'],
      [text('12:00 head hot\r\n\t\u001b[31m打印头\n'), 'text/plain'],
      [text('<html><script>alert(1)</script>'), 'text/plain'],
      [bytes('MZ', [0x90, 0, 3]), undefined],
      [bytes([0x7f], 'ELF', [2, 1, 1, 0]), undefined],
      [bytes([]), undefined],
    ];
    for (const [file, type] of cases) expect(sniff(file)?.type).toBe(type);
  });

  it('is kept by a name that cannot lead anywhere or lie', () => {
    const jpeg = { type: 'image/jpeg', extension: 'jpg' };
    expect(fileName('../../etc/passwd', jpeg)).toBe('passwd.jpg');
    expect(fileName('C:\\photos\\小票.JPEG', jpeg)).toBe('小票.JPEG');
    expect(fileName('invoice\u202egpj.exe', jpeg)).toBe('invoicegpj.exe.jpg');
    expect(fileName(undefined, jpeg)).toBe('file.jpg');
    expect(fileName('page.html', { type: 'text/plain', extension: 'txt' })).toBe('page.html.txt');
    expect(fileName('x'.repeat(500), jpeg)).toHaveLength(120);
  });
});

describeEachRelational('files of a ticket', (open) => {
  async function shop(): Promise<AlertsRoom> {
    const room = await startAlertsRoom(await open());
    room.facts.set('T-1', facts());
    await room.announce('T-1', START);
    await room.state(finding());
    return room;
  }

  async function send(room: AlertsRoom, path: string, bytes: Uint8Array, type = 'image/jpeg') {
    const answer = await room.http.inject({
      method: 'POST',
      url: `/api/v1${path}`,
      headers: { 'content-type': type },
      payload: Buffer.from(bytes),
    });
    return { status: answer.statusCode, body: answer.json<Attachment & { detail: string }>() };
  }

  it('are kept as bytes, once, and handed out so that a browser runs nothing of them', async () => {
    const room = await shop();
    const path = '/tenants/demo/tickets/TW-1/attachments';
    const first = await send(room, `${path}?name=${encodeURIComponent('小票 1.png')}`, PNG, 'text/html');
    expect(first).toMatchObject({ status: 201, body: { name: '小票 1.png', type: 'image/png', bytes: PNG.length } });
    expect((await send(room, `${path}?name=again.png`, PNG)).body.id).toBe(first.body.id);
    const { ticket, history } = await room.get<{ ticket: Ticket; history: { text: string }[] }>('/tickets/TW-1');
    expect(ticket.attachments).toHaveLength(1);
    expect(history.at(-1)?.text).toBe('File attached: 小票 1.png.');
    const back = await room.http.inject({ method: 'GET', url: `/api/v1${path}/${first.body.id}` });
    expect(back.rawPayload.equals(PNG)).toBe(true);
    expect(back.headers).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-disposition': `attachment; filename="__ 1.png"; filename*=UTF-8''%E5%B0%8F%E7%A5%A8%201.png`,
    });
    const page = await send(room, `${path}?name=x.html`, text('<script>alert(1)</script>'));
    expect(page.body).toMatchObject({ name: 'x.html.txt', type: 'text/plain' });
    await room.stop();
  });

  it('are refused with what to do: programs, emptiness, too much, card numbers', async () => {
    const room = await shop();
    const path = '/tenants/demo/tickets/TW-1/attachments';
    expect(await send(room, path, Buffer.from('MZ\x90\x00', 'latin1'))).toMatchObject({
      status: 415,
      body: { detail: expect.stringContaining('send photos (JPEG') },
    });
    expect((await send(room, path, Buffer.alloc(0))).status).toBe(400);
    expect((await send(room, path, Buffer.alloc(10 * 2 ** 20 + 1))).status).toBe(413);
    expect(await send(room, path, text('paid with 4111111111111111 at noon'))).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('take it out') },
    });
    // The events' own door takes no file that nobody has looked at.
    const event = { type: 'attach_file', id: 'a'.repeat(64), name: 'x', mediaType: 'text/html', bytes: 1 };
    expect((await room.call('POST', '/tickets/TW-1/events', { event })).status).toBe(400);
    await room.stop();
  });

  it('are nobody else’s: another ticket, another provider, another tenant', async () => {
    const room = await shop();
    room.facts.set('T-2', facts());
    await room.state(finding({ subject: 'T-2' }));
    const { body } = await send(room, '/tenants/demo/tickets/TW-1/attachments', PNG);
    const ask = async (path: string) =>
      (await room.http.inject({ method: 'GET', url: `/api/v1${path}/${body.id}` })).statusCode;
    expect(await ask('/tenants/demo/tickets/TW-1/attachments')).toBe(200);
    expect(await ask('/tenants/demo/tickets/TW-2/attachments')).toBe(404);
    expect(await ask('/tenants/other/tickets/TW-1/attachments')).toBe(404);
    room.as({ name: 'stranger', role: 'provider' });
    expect(await ask('/tenants/demo/tickets/TW-1/attachments')).toBe(404);
    expect((await send(room, '/tenants/demo/tickets/TW-1/attachments', PNG)).status).toBe(404);
    expect(await room.deps.files.get(asTenantId('other'), body.id)).toBeUndefined();
    await room.stop();
  });

  it("a merchant adds a photo by the terminal's code and sees their own files, not the workshop's", async () => {
    const room = await shop();
    const { body: given } = await room.call<{ code: string }>('POST', '/terminals/T-1/merchant-code');
    await send(room, '/tenants/demo/tickets/TW-1/attachments?name=inside.log', text('internal'), 'text/plain');
    const path = `/merchant/${given.code}/tickets/TW-1/attachments`;
    expect((await send(room, `${path}?name=photo.png`, PNG)).status).toBe(201);
    const page = await room.raw<{ tickets: MerchantTicket[] }>('GET', `/merchant/${given.code}`);
    const [shown] = page.body.tickets;
    expect(shown?.attachments).toMatchObject([{ name: 'photo.png', type: 'image/png' }]);
    expect(shown?.story.at(-1)).toMatchObject({ event: 'attach_file', zh: '已添加文件：photo.png。' });
    const { ticket } = await room.get<{ ticket: Ticket }>('/tickets/TW-1');
    const ask = async (id: string) =>
      (await room.http.inject({ method: 'GET', url: `/api/v1${path}/${id}` })).statusCode;
    expect(await Promise.all(ticket.attachments.map((file) => ask(file.id)))).toEqual([404, 200]);
    for (let i = 0; i < 9; i++) expect((await send(room, path, text(`note ${i}`))).status).toBe(201);
    expect(await send(room, path, text('one more'))).toMatchObject({ status: 409, body: { detail: /ten files/ } });
    await room.stop();
  });

  it('a log that a ticket asked for is attached to it, card numbers masked, once however often it is read', async () => {
    const room = await shop();
    await room.call('POST', '/tickets/TW-1/events', { event: { type: 'command', name: 'collect_log' } });
    await room.pass();
    const { id } = room.sent.at(-1)!.command;
    for (let i = 0; i < 2; i++)
      await room.say('result', 'T-1', {
        ts: START + 5_000,
        id,
        ok: true,
        data: { lines: ['uptime 4 s', 'card 4111111111111111 declined'] },
      });
    const { ticket, history } = await room.get<{ ticket: Ticket; history: { text: string }[] }>('/tickets/TW-1');
    expect(ticket.attachments).toMatchObject([
      { name: expect.stringMatching(/^collect_log-20260105-0800\d\d\.txt$/), by: 'tillwatch' },
    ]);
    const kept = await room.deps.files.get(TENANT, ticket.attachments[0]!.id);
    expect(Buffer.from(kept!.bytes).toString()).toBe('uptime 4 s\ncard **************** declined');
    expect(history.map((entry) => entry.text)).toContain('collect log: done.');
    await room.stop();
  });
});
