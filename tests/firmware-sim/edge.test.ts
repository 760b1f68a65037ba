import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Aedes, type AedesPublishPacket } from 'aedes';
import pino from 'pino';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLiveFleet, type LiveFleet, runSimulation } from '../../firmware-sim/service.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { until } from '../support/until.ts';
import { everyMode, FROM, fleetOf, scene, tell } from './scenes.ts';

const log = pino({ level: 'silent' });

describe('a fleet over MQTT', () => {
  let broker: Aedes;
  let server: Server;
  let url: string;
  let live: LiveFleet | undefined;
  let seen: { topic: string; payload: string; retain: boolean }[];
  beforeEach(async () => {
    broker = await Aedes.createBroker();
    server = createServer(broker.handle);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `mqtt://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    seen = [];
    broker.on('publish', ({ topic, payload, retain }: AedesPublishPacket) => {
      if (topic.startsWith('pos/')) seen.push({ topic, payload: payload.toString(), retain });
    });
  });
  afterEach(async () => {
    await live?.stop();
    live = undefined;
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  it('has a session for each terminal, announces it, answers commands, and leaves a will when it is lost', async () => {
    const clock = new ManualClock(FROM + 10 * 3_600_000);
    const fleet = fleetOf(scene({ nuisances: 0, fleet: { terminals: 4, stores: 1, models: { kiosk: 1 } } }));
    tell(fleet, clock.now());
    live = createLiveFleet({ fleet, target: { url }, clock, log });
    await live.start();
    await until('four sessions', () => broker.connectedClients === 4);
    await clock.advance(2000);
    await until(
      'births and states',
      () => seen.filter(({ topic, retain }) => retain && /birth|state/.test(topic)).length === 8,
    );

    const topic = 'pos/v1/shop/T0002/command';
    const payload = JSON.stringify({ id: 'x', name: 'collect_log', expires_at: clock.now() + 60_000 });
    await until(
      'the subscription',
      () =>
        new Promise<boolean>((resolve) =>
          broker.publish({ cmd: 'publish', topic, payload, qos: 1, retain: true, dup: false }, () => resolve(true)),
        ),
    );
    await until('the answer', async () => {
      await clock.advance(1000);
      return seen.find(
        ({ topic: said, payload: body }) => said === 'pos/v1/shop/T0002/result' && body.includes('"id":"x"'),
      );
    });

    const third = fleet.terminals[2];
    if (third) third.state.network.broken = 'offline';
    await clock.advance(600_000);
    await until('the will', () =>
      seen.find(
        ({ topic: said, payload: body }) => said === 'pos/v1/shop/T0003/state' && body.includes('connection lost'),
      ),
    );
    expect(live.connections).toBe(3);
  });

  it('speaks through gateways when it is large', async () => {
    const clock = new ManualClock(FROM);
    const fleet = fleetOf(scene({ fleet: { terminals: 12, stores: 3 } }));
    live = createLiveFleet({ fleet, target: { url }, clock, log, maxConnections: 5 });
    await live.start();
    await clock.advance(301_000);
    await until('batches', () => seen.filter(({ topic }) => topic.endsWith('/batch')).length >= 3);
    expect(live.connections).toBe(1);
  });

  it('tells a span that ends now through gateways as fast as it is taken', async () => {
    const before = Date.now();
    const summary = await runSimulation({ scenario: scene(), days: 0.5, mqtt: { url }, log });
    expect(summary.to).toBeGreaterThanOrEqual(before);
    const entries = seen.flatMap(({ payload }) => (JSON.parse(payload) as { messages: unknown[] }).messages);
    expect(entries).toHaveLength(summary.messages);
  });
});

describe('a recording', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tillwatch-sim-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  it('holds one line a message in order of arrival, its truth in another file, and a page to look at', async () => {
    const record = join(dir, 'fleet.ndjson.gz');
    const truth = join(dir, 'truth.ndjson');
    const plot = join(dir, 'fleet.html');
    const summary = await runSimulation({ scenario: everyMode(), days: 4, record, truth, plot, log });
    const lines = gunzipSync(readFileSync(record)).toString().trimEnd().split('\n');
    expect(lines).toHaveLength(summary.messages);
    const read = lines.map((line) => JSON.parse(line) as { received_at: number; topic: string; payload: object });
    const arrivals = read.map((line) => line.received_at);
    expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
    expect(read.every(({ topic, payload }) => topic.startsWith('pos/v1/shop/') && typeof payload === 'object')).toBe(
      true,
    );
    const rows = readFileSync(truth, 'utf8').trimEnd().split('\n');
    expect(rows).toHaveLength(summary.truths);
    expect(Object.keys(JSON.parse(rows[0] ?? '{}') as object)).toEqual([
      'tenant',
      'terminal',
      'component',
      'mode',
      'onset_at',
      'failed_at',
    ]);
    const page = readFileSync(plot, 'utf8');
    expect(page).toContain('<polyline');
    expect(page).not.toMatch(/src=|href=/);
  });

  it('keeps what is not JSON as a string, so that every line is JSON', async () => {
    const record = join(dir, 'dirty.ndjson');
    await runSimulation({ scenario: scene({ dirt: 0.2 }), days: 0.5, record, log });
    const kinds = readFileSync(record, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => typeof (JSON.parse(line) as { payload: unknown }).payload);
    expect(new Set(kinds)).toEqual(new Set(['object', 'string']));
  });
});
