import { createServer, type Server } from 'node:net';
import { Aedes, type AedesPublishPacket } from 'aedes';
import { Compile } from 'typebox/compile';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HeartbeatSchema } from '../../contract/payloads.ts';
import { Histogram } from '../../firmware-sim/edge/load/histogram.ts';
import type { LoadOptions } from '../../firmware-sim/edge/load/options.ts';
import { runLoad } from '../../firmware-sim/edge/load/run-load.ts';
import { describeServer } from '../support/servers.ts';

const heartbeat = Compile(HeartbeatSchema);
const light: Omit<LoadOptions, 'url'> = {
  tenant: 'load',
  terminals: 20,
  gateways: 0,
  batch: 5,
  rate: 400,
  qos: 1,
  rampS: 0,
  durationS: 1,
  window: 20,
  processes: 1,
  allowRemote: false,
};

describe('a load', () => {
  let broker: Aedes;
  let server: Server;
  let url: string;
  let seen: { topic: string; payload: string }[];
  beforeEach(async () => {
    broker = await Aedes.createBroker();
    server = createServer(broker.handle);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `mqtt://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    seen = [];
    broker.on('publish', ({ topic, payload }: AedesPublishPacket) => {
      if (topic.startsWith('pos/') && !topic.endsWith('/state')) seen.push({ topic, payload: payload.toString() });
    });
  });
  afterEach(async () => {
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  function sequences(entries: readonly { terminal: string; payload: { seq: number } }[]): Map<string, number[]> {
    const by = new Map<string, number[]>();
    for (const { terminal, payload } of entries) by.set(terminal, [...(by.get(terminal) ?? []), payload.seq]);
    return by;
  }

  it('says valid heartbeats, each once and in sequence, at the rate asked for, and knows that all were acknowledged', async () => {
    const report = await runLoad({ ...light, url });
    expect(report).toMatchObject({ connected: 20, lost: 0, refused: 0, dropped: 0, acknowledged: report.sent });
    expect(seen).toHaveLength(report.sent);
    expect(report.sentPerS).toBeGreaterThan(200);
    expect(report.sentPerS).toBeLessThan(480);
    const entries = seen.map(({ topic, payload }) => ({
      terminal: topic.split('/')[3] ?? '',
      payload: JSON.parse(payload) as { seq: number },
    }));
    expect(entries.every(({ payload }) => heartbeat.Check(payload))).toBe(true);
    const by = sequences(entries);
    expect(by.size).toBe(20);
    for (const numbers of by.values()) expect(numbers).toEqual(numbers.map((_, i) => 1_000_000 + i));
  });

  it('speaks for many terminals through a few gateways', async () => {
    const report = await runLoad({ ...light, url, terminals: 23, gateways: 2, rate: 'max' });
    expect(report.connections).toBe(2);
    expect(report.lost).toBe(0);
    const entries = seen.flatMap(
      ({ payload }) => (JSON.parse(payload) as { messages: { terminal: string; payload: { seq: number } }[] }).messages,
    );
    expect(entries).toHaveLength(report.sent);
    expect(entries.every(({ payload }) => heartbeat.Check(payload))).toBe(true);
    const by = sequences(entries);
    expect(by.size).toBe(23);
    for (const numbers of by.values()) expect(numbers).toEqual(numbers.map((_, i) => 1_000_000 + i));
  });

  it('storms: all come back at once and nothing they kept is lost', async () => {
    const report = await runLoad({ ...light, url, storm: { outageS: 0.1, backlog: 5 } });
    expect(report.storm).toMatchObject({ backlog: 100, reconnectMs: expect.any(Number), flushMs: expect.any(Number) });
    expect(report).toMatchObject({ connected: 20, lost: 0 });
  });

  it('spreads over processes and adds them up', async () => {
    const report = await runLoad({ ...light, url, processes: 2 });
    expect(report).toMatchObject({ processes: 2, connected: 20, lost: 0, acknowledged: report.sent });
    expect(seen).toHaveLength(report.sent);
  });

  it('lists everything that is wrong with what was asked, and loads no foreign broker unasked', async () => {
    await expect(runLoad({ ...light, url: 'mqtt://broker.example', terminals: 0, window: 0 })).rejects.toThrowError(
      /broker\.example is not this machine.*terminals must be.*window must be/,
    );
  });
});

describe('latencies', () => {
  it('come out within a bucket of what went in', () => {
    const histogram = new Histogram();
    for (let ms = 1; ms <= 1000; ms++) histogram.add(ms);
    expect(histogram.percentile(50)).toBeGreaterThanOrEqual(500);
    expect(histogram.percentile(50)).toBeLessThan(530);
    expect(histogram.percentile(100)).toBe(1000);
    expect(new Histogram().percentile(50)).toBeNull();
  });
});

describeServer('mosquitto', 'a load on Mosquitto', (start) => {
  it('connects two thousand terminals and loses nothing', async () => {
    const server = await start({ config: 'max_connections -1' });
    const report = await runLoad({
      ...light,
      url: `mqtt://127.0.0.1:${server.port}`,
      terminals: 2000,
      rate: 4000,
      rampS: 1,
      durationS: 2,
      processes: 0,
    });
    expect(report).toMatchObject({ connected: 2000, lost: 0, dropped: 0 });
  });
});
