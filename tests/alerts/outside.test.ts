import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import type { HistoryEntry, Ticket } from '../../contract/tickets.ts';
import { type AlertsRoom, DAY, facts, finding, START, startAlertsRoom } from '../support/alerts-room.ts';
import { describeEachRelational } from '../support/each-relational.ts';

type One = { ticket: Ticket; history: HistoryEntry[] };
interface Mirrored {
  readonly taken: boolean;
  readonly state: string | null;
  readonly refused: string | null;
  readonly detail: string;
}

const secret = (name: string): string => `whsec_${Buffer.from(`${name} secret of 24+ bytes....`).toString('base64')}`;

/** A ticket tool as another house would run one: it files what it is sent, and calls back. */
async function tool(room: AlertsRoom) {
  const heard: { type: string; data: { ticket: Record<string, unknown> } }[] = [];
  let answers = true;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const sentAt = new Date(Number(request.headers['webhook-timestamp']) * 1000);
      const signed = new Webhook(secret('ours')).sign(String(request.headers['webhook-id']), sentAt, body);
      expect(request.headers['webhook-signature']).toBe(signed);
      heard.push(JSON.parse(body) as never);
      response.writeHead(answers ? 200 : 503).end('{"id":"OPS-7","state":"To do"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  await room.call('PUT', '/outside-tools/jira', {
    name: 'Jira of the workshop',
    url,
    secret: secret('ours'),
    inboundSecret: secret('theirs'),
    states: {
      'In progress': ['start_repair'],
      Done: ['start_repair', 'finish_repair'],
      Waiting: ['wait_for_merchant'],
    },
    active: true,
  });
  let deliveries = 0;
  const call = async (said: object, over: { id?: string; at?: number; key?: string } = {}) => {
    const body = JSON.stringify(said);
    const id = over.id ?? `d-${++deliveries}`;
    const at = new Date(over.at ?? room.clock.now());
    const answer = await room.http.inject({
      method: 'POST',
      url: '/api/v1/outside/demo/jira/events',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(over.key ?? secret('theirs')).sign(id, at, body),
      },
      payload: body,
    });
    return { status: answer.statusCode, body: answer.json<Mirrored>() };
  };
  return {
    heard,
    call,
    away: (is: boolean) => {
      answers = !is;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

describeEachRelational('an outside ticket tool', (open) => {
  async function shop() {
    const room = await startAlertsRoom(await open());
    room.facts.set('T-1', facts());
    await room.announce('T-1', START - DAY, { warranty_until: '2028-01-01' });
    await room.state(finding());
    const desk = async (...events: object[]) => {
      for (const event of events)
        expect(
          (await room.call<{ detail: string }>('POST', '/tickets/TW-1/events', { event })).body.detail,
        ).toBeUndefined();
      await room.pass();
    };
    return { room, desk, jira: await tool(room) };
  }

  it('is handed the ticket, hears of its changes, and its own state is mirrored back and moves the ticket', async () => {
    const { room, desk, jira } = await shop();
    await desk({ type: 'hand_over', tool: 'jira' });
    expect(jira.heard[0]).toMatchObject({
      type: 'ticket.handed_over',
      data: { ticket: { id: 'TW-1', state: 'reported' } },
    });
    expect((await room.get<One>('/tickets/TW-1')).ticket.external).toMatchObject({
      tool: 'jira',
      id: 'OPS-7',
      state: 'To do',
    });
    await desk(
      { type: 'start_diagnosis' },
      { type: 'diagnose', causeClass: 'hardware' },
      { type: 'decide', method: 'onsite' },
      { type: 'book', from: room.clock.now() + 1, to: room.clock.now() + 2, place: 'store' },
    );
    expect(jira.heard.map((one) => one.data.ticket.event)).toEqual([
      'hand_over',
      'start_diagnosis',
      'diagnose',
      'decide',
    ]);
    expect(jira.heard.at(-1)?.data.ticket).toMatchObject({ their_id: 'OPS-7', state: 'preparation' });
    expect(await jira.call({ id: 'OPS-7', state: 'In progress' })).toMatchObject({
      status: 200,
      body: { taken: true, state: 'repair' },
    });
    expect((await jira.call({ id: 'OPS-7', state: 'Done', note: 'head changed' })).body).toMatchObject({
      state: 'testing',
      refused: null,
    });
    const { ticket, history } = await room.get<One>('/tickets/TW-1');
    expect(ticket.external).toMatchObject({ id: 'OPS-7', state: 'Done' });
    expect(history.map((entry) => [entry.by.name, entry.text])).toContainEqual([
      'tillwatch',
      'jira OPS-7: Done. head changed',
    ]);
    // What came from there is not told back: no echo between the two.
    await room.pass();
    expect(jira.heard).toHaveLength(4);
    await room.stop();
    await jira.close();
  });

  it('a delivery sent again does nothing; a false signature, an old one and an unknown ticket are refused', async () => {
    const { room, desk, jira } = await shop();
    await desk({ type: 'hand_over', tool: 'jira' });
    expect((await jira.call({ id: 'OPS-7', state: 'Waiting' }, { id: 'once' })).body).toMatchObject({ taken: true });
    const before = (await room.get<One>('/tickets/TW-1')).history.length;
    expect((await jira.call({ id: 'OPS-7', state: 'Waiting' }, { id: 'once' })).body).toEqual({
      ticket: 'TW-1',
      taken: false,
      state: null,
      refused: null,
    });
    expect((await room.get<One>('/tickets/TW-1')).history).toHaveLength(before);
    expect((await jira.call({ id: 'OPS-7', state: 'Done' }, { key: secret('wrong') })).status).toBe(401);
    expect((await jira.call({ id: 'OPS-7', state: 'Done' }, { at: START - DAY })).body.detail).toMatch(/five minutes/);
    expect((await jira.call({ id: 'OPS-9', state: 'Done' })).status).toBe(404);
    expect((await jira.call({ state: 'Done' })).body.detail).toMatch(/send \{"id"/);
    await room.stop();
    await jira.close();
  });

  it('what its state stands for is refused where something is missing, and both sides learn why', async () => {
    const { room, desk, jira } = await shop();
    await desk(
      { type: 'hand_over', tool: 'jira' },
      { type: 'start_diagnosis' },
      { type: 'diagnose', causeClass: 'hardware' },
      { type: 'decide', method: 'mail_in' },
    );
    const answer = await jira.call({ id: 'OPS-7', state: 'In progress' });
    expect(answer.body).toMatchObject({ state: 'preparation', refused: 'TW-1: the backup is not recorded' });
    const { ticket, history } = await room.get<One>('/tickets/TW-1');
    expect(ticket.external?.state).toBe('In progress');
    expect(history.at(-1)?.text).toBe('jira says "In progress", but: TW-1: the backup is not recorded');
    await room.stop();
    await jira.close();
  });

  it('a route hands over by itself, in its quiet hours later, and a tool that is away is tried again', async () => {
    const { room, jira } = await shop();
    jira.away(true);
    await room.call('PUT', '/notice-routes/printers', {
      audience: 'operator',
      templates: ['opened'],
      severities: [],
      sites: [],
      components: ['printer'],
      providers: [],
      channels: [{ type: 'tool', tool: 'jira' }],
      quiet: null,
      language: 'en',
      active: true,
    });
    await room.state(
      finding({ subject: 'T-2' }),
      finding({ subject: 'T-3', component: 'battery', mode: 'capacity_fade' }),
    );
    await room.pass();
    expect((await room.get<One>('/tickets/TW-2')).ticket.external).toMatchObject({
      tool: 'jira',
      id: null,
      state: 'sent',
    });
    expect((await room.get<One>('/tickets/TW-3')).ticket.external).toBeNull();
    jira.away(false);
    await room.pass(60_000);
    expect((await room.get<One>('/tickets/TW-2')).ticket.external).toMatchObject({ id: 'OPS-7', state: 'To do' });
    const listed = await room.get<{ items: object[] }>('/outside-tools');
    expect(listed.items).toMatchObject([{ id: 'jira', inbound: '/api/v1/outside/demo/jira/events' }]);
    expect(JSON.stringify(listed)).not.toContain('whsec_');
    await room.stop();
    await jira.close();
  });
});
