import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { asTenantId } from '../../contract/topics.ts';
import { type Line, startLine } from '../support/ingest-line.ts';
import { temporaryDir } from '../support/platform.ts';
import { until } from '../support/until.ts';

const ACME = asTenantId('acme');
const open: (() => Promise<unknown>)[] = [];

async function line(): Promise<Line> {
  const started = await startLine();
  open.push(() => started.stop());
  return started;
}

async function client(url: string): Promise<MqttClient> {
  const connected = await connectAsync(url, { reconnectPeriod: 0 });
  open.push(() => connected.endAsync());
  return connected;
}

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const at = Date.now();
const birth = {
  ts: at,
  boot: 'b1',
  seq: 0,
  serial: 'S1',
  model: 'M1',
  firmware: '1.0',
  site: 'berlin-1',
  heartbeat_s: 60,
};
const heartbeat = (seq: number) => ({ ts: at + seq, boot: 'b1', seq, battery: { soc_pct: 50 } });

describe('the line from MQTT to the stores', () => {
  it('acknowledges what is durable, writes it once, and shows a new terminal as pending where its birth says', async () => {
    const { url, ingest, telemetry, journal } = await line();
    const terminal = await client(url);
    await terminal.publishAsync('pos/v1/acme/T1/birth', JSON.stringify(birth), { qos: 1, retain: true });
    for (let seq = 1; seq <= 20; seq++) {
      await terminal.publishAsync('pos/v1/acme/T1/heartbeat', JSON.stringify(heartbeat(seq)), { qos: 1 });
    }
    const stats = await journal.stats();
    expect(stats.shards.reduce((sum, shard) => sum + shard.last, 0)).toBeGreaterThan(0);
    await terminal.publishAsync('pos/v1/acme/T1/heartbeat', JSON.stringify(heartbeat(7)), { qos: 1 });
    await ingest.flushed();
    expect(telemetry.readings.map((r) => r.seq)).toEqual(Array.from({ length: 21 }, (_, i) => i));
    expect(ingest.directory.facts(ACME, 'T1')).toMatchObject({ site: 'berlin-1', lifecycle: 'pending', model: 'M1' });
    expect(ingest.presence.of(ACME, 'T1')).toMatchObject({
      link: { online: true, reason: 'birth' },
      freshness: { state: 'fresh' },
      duplicates: 1,
      gaps: 0,
    });
  });

  it('keeps a message that cannot be used with its reason, acknowledges it, and takes its neighbours', async () => {
    const { url, ingest, telemetry, deadLetters } = await line();
    const gateway = await client(url);
    const entry = (seq: number, payload: object) => ({ terminal: `T${seq}`, channel: 'heartbeat', payload });
    const messages = [
      entry(1, heartbeat(1)),
      entry(2, { ...heartbeat(2), battery: { soc_pct: 140 } }),
      entry(3, { ...heartbeat(3), network: { cell: 'pan 4111111111111111' } }),
      entry(4, heartbeat(4)),
    ];
    await gateway.publishAsync('pos/v1/acme/gw-1/batch', JSON.stringify({ messages }), { qos: 1 });
    await gateway.publishAsync('pos/v1/acme/T9/heartbeat', '{"ts":', { qos: 1 });
    await ingest.flushed();
    expect(telemetry.readings.map((r) => r.terminal).sort()).toEqual(['T1', 'T4']);
    const { items } = await deadLetters.list(ACME);
    expect(items.map((l) => [l.terminal, l.reason, l.field])).toEqual([
      ['T9', 'not_json', null],
      ['T3', 'card_number', 'network.cell'],
      ['T2', 'out_of_range', 'battery.soc_pct'],
    ]);
    expect(items[2]!.detail).toBe('battery.soc_pct is 140: it must be between 0 and 100 %');
    expect(items[1]!.payload).toContain('pan ****************');
    expect(items[1]!.payload).not.toContain('4111');
  });

  it('tells the link from its will, and a will of an older boot ends nothing', async () => {
    const { url, ingest } = await line();
    const will = (boot: string) => ({
      topic: 'pos/v1/acme/T1/state',
      payload: Buffer.from(JSON.stringify({ boot, online: false, reason: 'connection lost' })),
      qos: 1 as const,
      retain: true,
    });
    const first = await connectAsync(url, { reconnectPeriod: 0, clientId: 'one', will: will('b1') });
    await first.publishAsync('pos/v1/acme/T1/state', JSON.stringify({ ts: at, boot: 'b1', seq: 0, online: true }), {
      qos: 1,
    });
    const second = await connectAsync(url, { reconnectPeriod: 0, clientId: 'two', will: will('b2') });
    await second.publishAsync(
      'pos/v1/acme/T1/state',
      JSON.stringify({ ts: at + 1000, boot: 'b2', seq: 0, online: true }),
      { qos: 1 },
    );
    first.stream.destroy();
    await until('the first session to end', () => ingest.health().checks[0]?.detail?.includes('1 connections'));
    await ingest.flushed();
    expect(ingest.presence.of(ACME, 'T1')?.link).toMatchObject({ online: true, reason: 'state' });
    second.stream.destroy();
    await until('the will of the second', () => ingest.presence.of(ACME, 'T1')?.link.online === false);
    expect(ingest.presence.of(ACME, 'T1')?.link.reason).toBe('will');
  });

  it('sends a command down and remembers the answer', async () => {
    const { url, ingest } = await line();
    const terminal = await client(url);
    await terminal.publishAsync('pos/v1/acme/T1/birth', JSON.stringify(birth), { qos: 1 });
    await ingest.flushed();
    await terminal.subscribeAsync('pos/v1/acme/T1/command', { qos: 1 });
    terminal.on('message', (_topic, payload) => {
      const { id } = JSON.parse(payload.toString()) as { id: string };
      terminal.publish('pos/v1/acme/T1/result', JSON.stringify({ ts: at, boot: 'b1', seq: 1, id, ok: true }), {
        qos: 1,
      });
    });
    await ingest.commands.send(ACME, 'T1', { id: 'c1', name: 'self_test', expires_at: Date.now() + 60_000 });
    await until('the answer', async () => (await ingest.commands.status(ACME, 'T1'))[0]?.state === 'done');
  });

  it('knows after a restart what became of a command', async () => {
    const dir = temporaryDir('commands');
    open.push(async () => dir.remove());
    const first = await startLine({ dir: dir.path });
    const terminal = await connectAsync(first.url, { reconnectPeriod: 0 });
    await terminal.publishAsync('pos/v1/acme/T1/birth', JSON.stringify(birth), { qos: 1, retain: true });
    await first.ingest.flushed();
    const expires_at = at + 3_600_000;
    for (const id of ['c1', 'c2']) await first.ingest.commands.send(ACME, 'T1', { id, name: 'reboot', expires_at });
    const answer = (id: string, seq: number) => JSON.stringify({ ts: at, boot: 'b1', seq, id, ok: true });
    await terminal.publishAsync('pos/v1/acme/T1/result', answer('c1', 1), { qos: 1 });
    await until('the answer', async () => (await first.ingest.commands.status(ACME, 'T1')).some((one) => one.result));
    await terminal.endAsync();
    await first.stop();
    const second = await startLine({ dir: dir.path });
    open.push(() => second.stop());
    const states = async () =>
      Object.fromEntries((await second.ingest.commands.status(ACME, 'T1')).map((one) => [one.command.id, one.state]));
    expect(await states()).toEqual({ c1: 'done', c2: 'sent' });
    const back = await client(second.url);
    await back.publishAsync('pos/v1/acme/T1/result', answer('c2', 2), { qos: 1 });
    await until('the other answer', async () => (await states()).c2 === 'done');
  });

  it('is a broker to others on this machine: they hear what terminals say, and what is retained', async () => {
    const { url, ingest } = await line();
    const terminal = await client(url);
    await terminal.publishAsync('pos/v1/acme/T1/birth', JSON.stringify(birth), { qos: 1, retain: true });
    await terminal.publishAsync('pos/v1/acme/T1/heartbeat', JSON.stringify(heartbeat(1)), { qos: 1 });
    const listener = await client(url);
    const heard: string[] = [];
    listener.on('message', (topic) => heard.push(topic));
    await listener.subscribeAsync('pos/v1/#', { qos: 1 });
    await until('the retained birth', () => heard.length === 1);
    for (let seq = 2; seq < 6; seq++) {
      await terminal.publishAsync('pos/v1/acme/T1/heartbeat', JSON.stringify(heartbeat(seq)), { qos: 1 });
    }
    await until('the heartbeats', () => heard.length === 5);
    await listener.endAsync();
    for (let seq = 6; seq < 9; seq++) {
      await terminal.publishAsync('pos/v1/acme/T1/heartbeat', JSON.stringify(heartbeat(seq)), { qos: 1 });
    }
    await ingest.flushed();
    expect(heard).toEqual(['pos/v1/acme/T1/birth', ...new Array<string>(4).fill('pos/v1/acme/T1/heartbeat')]);
  });

  it('counts how long messages take from when they reached it: not from a recording’s own time, nor from before a restart', async () => {
    const month = 30 * 86_400_000;
    const dir = temporaryDir('lag');
    open.push(async () => dir.remove());
    const first = await startLine({ dir: dir.path });
    const slowest = async (of: Line): Promise<Record<string, number>> => {
      const worst: Record<string, number> = {};
      for (const name of ['durable', 'queryable']) {
        const { values } = await of.metrics.getSingleMetric(`tillwatch_ingest_${name}_seconds`)!.get();
        const of30 = values.filter((value) => value.labels.le === 30).reduce((sum, value) => sum + value.value, 0);
        const all = values.filter((value) => value.labels.le === '+Inf').reduce((sum, value) => sum + value.value, 0);
        worst[`${name} beyond 30 s`] = all - of30;
        expect(all).toBeGreaterThan(0);
      }
      return worst;
    };
    const old = (seq: number) => ({
      receivedAt: at - month + seq,
      topic: 'pos/v1/acme/T1/heartbeat',
      payload: Buffer.from(JSON.stringify({ ...heartbeat(seq), ts: at - month + seq })),
    });
    await first.ingest.importMessages([old(1), old(2)]);
    const terminal = await connectAsync(first.url, { reconnectPeriod: 0 });
    await terminal.publishAsync('pos/v1/acme/T2/heartbeat', JSON.stringify(heartbeat(1)), { qos: 1 });
    await first.ingest.flushed();
    expect(await slowest(first)).toEqual({ 'durable beyond 30 s': 0, 'queryable beyond 30 s': 0 });
    await terminal.endAsync();
    await first.stop();

    // A store that was lost is filled again from the journal: the month is no lag of today.
    const second = await startLine({ dir: dir.path });
    open.push(() => second.stop());
    const again = await client(second.url);
    await again.publishAsync('pos/v1/acme/T2/heartbeat', JSON.stringify(heartbeat(2)), { qos: 1 });
    await second.ingest.flushed();
    expect(second.telemetry.readings.length).toBe(4);
    expect(await slowest(second)).toEqual({ 'durable beyond 30 s': 0, 'queryable beyond 30 s': 0 });
  });
});
