import { connect } from 'node:net';
import { connectAsync } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { type Line, startLine } from '../support/ingest-line.ts';
import { wireHeartbeat } from '../support/payloads.ts';
import { until } from '../support/until.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function begin(limits: object = {}): Promise<{ line: Line; port: number }> {
  const line = await startLine({ source: { limits } });
  closing.push(() => line.stop());
  return { line, port: Number(new URL(line.url).port) };
}

function dial(port: number) {
  const seen = { bytes: 0, closed: false };
  const socket = connect(port, '127.0.0.1');
  socket.on('data', (chunk) => (seen.bytes += chunk.length));
  socket.on('error', () => {});
  socket.on('close', () => (seen.closed = true));
  closing.push(() => socket.destroy());
  return { socket, seen };
}

const CONNECT = Buffer.from([0x10, 14, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 60, 0, 2, 0x61, 0x62]);
/** The head of a PUBLISH (QoS 0) that announces so many bytes (MQTT 3.1.1, 2.2.3). */
const publishHead = (length: number) => {
  const bytes = [0x30];
  for (let rest = length; ; ) {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 128 : low);
    if (rest === 0) return Buffer.from(bytes);
  }
};

describe('what one connection may ask of the broker', () => {
  it('a packet that announces more than may come ends it at its head, whoever goes on is served', async () => {
    const { line, port } = await begin();
    const client = await connectAsync(line.url, { reconnectPeriod: 0 });
    closing.push(() => client.endAsync(true));
    const { socket, seen } = dial(port);
    socket.write(CONNECT);
    await until('the CONNACK', () => seen.bytes === 4);
    socket.write(publishHead(200_000_000));
    await until('to be cut off', () => seen.closed);
    const early = dial(port);
    early.socket.write(Buffer.concat([Buffer.from([0x10]), publishHead(200_000).subarray(1)]));
    await until('to be cut off before its CONNECT', () => early.seen.closed);
    await client.publishAsync('pos/v1/acme/T1/heartbeat', wireHeartbeat(Date.now(), 1), { qos: 1 });
  });

  it('a batch of the size that the contract allows is taken', async () => {
    const { line } = await begin();
    const client = await connectAsync(line.url, { reconnectPeriod: 0 });
    closing.push(() => client.endAsync(true));
    const entry = { terminal: 'T1', channel: 'heartbeat', payload: { ts: Date.now(), boot: 'b', seq: 1, note: '' } };
    const empty = JSON.stringify({ messages: [entry] }).length;
    const padding = Array.from({ length: 30 }, (_, i) => ({
      ...entry,
      payload: { ...entry.payload, seq: 2 + i, note: 'x'.repeat(30_000) },
    }));
    const text = JSON.stringify({ messages: padding });
    expect(text.length).toBeGreaterThan(900_000);
    expect(text.length + empty).toBeLessThan(1_048_576);
    await client.publishAsync('pos/v1/acme/G1/batch', text, { qos: 1 });
  });

  it('a connection that never says who it is is ended', async () => {
    const { port } = await begin({ connectMs: 200 });
    const silent = dial(port);
    const dripping = dial(port);
    dripping.socket.write(CONNECT.subarray(0, 3));
    await until('both to be ended', () => silent.seen.closed && dripping.seen.closed);
  });

  it('more connections than may be are not taken', async () => {
    const { port } = await begin({ connections: 2 });
    const three = [dial(port), dial(port), dial(port)];
    for (const [i, { socket }] of three.entries())
      socket.write(Buffer.concat([CONNECT.subarray(0, 15), Buffer.from([0x61 + i])]));
    await until('one to be ended', () => three.filter((one) => one.seen.closed).length === 1);
    await until('two to be served', () => three.filter((one) => one.seen.bytes === 4).length === 2);
  });

  it('topics too deep or too long are refused, to hear and to speak', async () => {
    const { line } = await begin({ subscriptions: 3 });
    const client = await connectAsync(line.url, { reconnectPeriod: 0 });
    closing.push(() => client.endAsync(true));
    const grant = async (filter: string) => (await client.subscribeAsync(filter).catch(() => [{ qos: 128 }]))[0]?.qos;
    expect(await grant('a/b/c/d')).toBe(0);
    expect(await grant('a/b/c/d/e/f/g/h/i')).toBe(128);
    expect(await grant('x'.repeat(300))).toBe(128);
    expect(await grant('b')).toBe(0);
    expect(await grant('c')).toBe(0);
    expect(await grant('one too many')).toBe(128);
    client.on('error', () => {});
    client.publish('y'.repeat(300), 'z', { qos: 1 });
    await until('to be cut off', () => !client.connected);
  });
});
