import type { FastifyInstance } from 'fastify';
import { connectAsync } from 'mqtt';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttp } from '../../app/http/server.ts';
import { type Line, startLine } from '../support/ingest-line.ts';
import { bytes, wireBirth } from '../support/payloads.ts';
import { asAdministrator } from '../support/principals.ts';
import { until } from '../support/until.ts';

let line: Line;
let http: FastifyInstance;
const NOW = Date.now();

beforeEach(async () => {
  line = await startLine();
  ({ http } = await createHttp({
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
    rooms: [line.ingest],
    ready: () => true,
    health: () => line.ingest.health(),
    guard: asAdministrator,
    routes: () => {},
  }));
  await line.ingest.importMessages([
    { receivedAt: NOW, topic: 'pos/v1/acme/T1/birth', payload: wireBirth(NOW, 0) },
    { receivedAt: NOW, topic: 'pos/v1/acme/T2/birth', payload: wireBirth(NOW, 0, { site: 'stock' }) },
    { receivedAt: NOW, topic: 'pos/v1/acme/T1/heartbeat', payload: bytes('{"ts":') },
    {
      receivedAt: NOW,
      topic: 'pos/v1/acme/T1/heartbeat',
      payload: bytes({ ts: NOW, boot: 'b', seq: 1, x: '4111111111111111' }),
    },
  ]);
  await line.ingest.flushed();
});

afterEach(async () => {
  await http.close();
  await line.stop();
});

async function call(method: 'GET' | 'POST' | 'PUT', path: string, body?: object) {
  const answer = await http.inject({
    method,
    url: `/api/v1/tenants/acme${path}`,
    headers: { host: 'localhost' },
    ...(body ? { payload: body } : {}),
  });
  return { status: answer.statusCode, body: answer.json() as Record<string, unknown> };
}

describe("ingest's API", () => {
  it('takes a terminal through its life, and says why where that does not fit', async () => {
    expect(await call('POST', '/terminals/T1/accept', {})).toMatchObject({
      status: 200,
      body: { lifecycle: 'active' },
    });
    expect(await call('POST', '/terminals/T1/accept', {})).toMatchObject({
      status: 409,
      body: { detail: 'terminal "T1" is active: accept is for terminals that are pending' },
    });
    expect((await call('POST', '/terminals/T1/move', { site: 'nowhere' })).status).toBe(404);
    const hours = [...Array.from({ length: 6 }, () => ({ opens: 540, closes: 1260 })), null];
    const site = { name: 'Paris', timezone: 'Europe/Paris', hours };
    expect(await call('PUT', '/sites/paris-1', site)).toEqual({
      status: 200,
      body: { tenant: 'acme', site: 'paris-1', ...site },
    });
    const rule = { rule: 'lab', when: { terminal: 'lab-*' }, site: 'paris-1', accept: true };
    expect(await call('PUT', '/placement-rules', { items: [rule] })).toMatchObject({ status: 200 });
    expect(await call('GET', '/placement-rules')).toMatchObject({ body: { items: [rule] } });
    expect((await call('PUT', '/placement-rules', { items: [rule, rule] })).status).toBe(400);
    expect((await call('PUT', '/placement-rules', { items: [{ ...rule, when: {} }] })).status).toBe(400);
    expect((await call('PUT', '/sites/paris-1', { ...site, timezone: 'Mars/Olympus' })).status).toBe(400);
    expect((await call('POST', '/terminals/T1/move', { site: 'paris-1' })).status).toBe(200);
    expect(line.ingest.directory.facts('acme' as never, 'T1')).toMatchObject({
      site: 'paris-1',
      hours,
      timezone: 'Europe/Paris',
    });
    expect(await call('POST', '/terminals/T1/swap', { replacement: 'T2' })).toMatchObject({
      body: { terminal: 'T2', site: 'paris-1', lifecycle: 'active' },
    });
    expect(await call('POST', '/terminals/T2/lock')).toMatchObject({ body: { lifecycle: 'locked' } });
    expect(await call('POST', '/terminals/T2/unlock')).toMatchObject({ body: { lifecycle: 'active' } });
    const { items } = (await call('GET', '/terminals/T1/history')).body as {
      items: { change: { kind: string }; by: string }[];
    };
    expect(items.map((event) => event.change.kind)).toEqual(['swap', 'move', 'accept']);
    const { items: told } = (await call('GET', '/terminals/T2/commands')).body as { items: { name: string }[] };
    expect(told.map((command) => command.name)).toEqual(['unlock', 'lock']);
  });

  it('sends a command and tells what became of it', async () => {
    const terminal = await connectAsync(line.url, { reconnectPeriod: 0 });
    await terminal.subscribeAsync('pos/v1/acme/T1/command', { qos: 1 });
    terminal.on('message', (_topic, payload) => {
      const { id } = JSON.parse(payload.toString()) as { id: string };
      const result = {
        ts: Date.now(),
        boot: 'b1',
        seq: 9,
        id,
        ok: false,
        detail: 'paper is out',
        data: { state: 'paper_out' },
      };
      terminal.publish('pos/v1/acme/T1/result', bytes(result), { qos: 1 });
    });
    const sent = await call('POST', '/terminals/T1/commands', { name: 'print_test_page', validS: 60 });
    expect(sent).toMatchObject({ status: 202, body: { state: 'sent', name: 'print_test_page' } });
    await until('the answer', async () => {
      const { items } = (await call('GET', '/terminals/T1/commands')).body as { items: Record<string, unknown>[] };
      return items[0]?.state === 'failed' && items[0].detail === 'paper is out';
    });
    expect((await call('POST', '/terminals/nobody/commands', { name: 'reboot' })).status).toBe(404);
    expect((await call('POST', '/terminals/T1/commands', { name: 'explode' })).status).toBe(400);
    await terminal.endAsync();
  });

  it('lists dead letters with reasons, and puts one through again once its cause is mended', async () => {
    const { items, total, counts } = (await call('GET', '/dead-letters')).body as {
      items: { id: string; reason: string }[];
      total: number;
      counts: object;
    };
    expect(total).toBe(2);
    expect(counts).toEqual({ not_json: 1, card_number: 1 });
    const [card, broken] = items;
    expect((await call('POST', `/dead-letters/${card?.id}/replay`)).status).toBe(409);
    expect((await call('POST', `/dead-letters/${broken?.id}/replay`)).status).toBe(202);
    // Still broken: it is back, as a new letter.
    expect((await call('GET', '/dead-letters?reason=not_json')).body).toMatchObject({ total: 2 });
    await line.deadLetters.add([
      {
        tenant: 'acme' as never,
        terminal: 'T1',
        topic: 'pos/v1/acme/T1/heartbeat',
        reason: 'rate_limited',
        field: null,
        detail: 'too many',
        payload: JSON.stringify({ ts: NOW, boot: 'b1', seq: 3, battery: { soc_pct: 5 } }),
        replayable: true,
        receivedAt: NOW,
      },
    ]);
    const { items: held } = (await call('GET', '/dead-letters?reason=rate_limited')).body as {
      items: { id: string }[];
    };
    expect((await call('POST', `/dead-letters/${held[0]?.id}/replay`)).status).toBe(202);
    await line.ingest.flushed();
    expect(line.telemetry.readings.at(-1)).toMatchObject({ channel: 'heartbeat', seq: 3 });
    expect((await call('POST', '/dead-letters/999/replay')).status).toBe(404);
  });
});
