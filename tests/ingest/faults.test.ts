import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { TillwatchError } from '../../contract/errors.ts';
import type { Journal } from '../../contract/ports/journal.ts';
import { asTenantId } from '../../contract/topics.ts';
import { type Line, type LineOptions, startLine } from '../support/ingest-line.ts';
import { createMemoryTelemetry } from '../support/memory-telemetry.ts';
import { bytes, wireHeartbeat } from '../support/payloads.ts';
import { temporaryDir } from '../support/platform.ts';
import { until } from '../support/until.ts';

const ACME = asTenantId('acme');
const NOW = Date.now() - 3_600_000;
const TOPIC = 'pos/v1/acme/T1/heartbeat';
const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function line(options: LineOptions = {}): Promise<Line> {
  const started = await startLine(options);
  open.push(() => started.stop());
  return started;
}

async function client(url: string): Promise<MqttClient> {
  const connected = await connectAsync(url, { reconnectPeriod: 0 });
  open.push(() => connected.endAsync(true));
  return connected;
}

/** A real journal whose door can be shut: `shut` is the error that appends meet, `wait` what each of them waits for. */
function door() {
  const state: { shut?: TillwatchError; wait?: () => Promise<void>; appends: number } = { appends: 0 };
  const around = (inner: Journal): Journal => ({
    ...inner,
    async append(shard, entry) {
      state.appends++;
      await state.wait?.();
      if (state.shut) throw state.shut;
      return inner.append(shard, entry);
    },
  });
  return { state, around };
}

const metric = async (l: Line, name: string): Promise<number> =>
  (await l.metrics.getSingleMetric(`tillwatch_ingest_${name}`)?.get())?.values[0]?.value ?? Number.NaN;

describe('when the journal takes nothing', () => {
  it('for a while (a full disk): nothing is acknowledged meanwhile, and everything once afterwards', async () => {
    const { state, around } = door();
    const l = await line({ journal: around });
    const device = await client(l.url);
    state.shut = new TillwatchError('journal.full', 'the budget is spent', { retryable: true });
    let acknowledged = 0;
    const sent = Array.from({ length: 50 }, (_, seq) =>
      device.publishAsync(TOPIC, wireHeartbeat(NOW + seq, seq), { qos: 1 }).then(() => acknowledged++),
    );
    await until('some attempts', () => state.appends >= 4);
    expect(acknowledged).toBe(0);
    expect(await metric(l, 'commit_retries_total')).toBeGreaterThan(0);
    delete state.shut;
    await Promise.all(sent);
    await l.ingest.flushed();
    expect(l.telemetry.readings.map((r) => r.seq)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('a redelivery waits for the commit of the first copy', async () => {
    const { state, around } = door();
    const l = await line({ journal: around });
    let go = (): void => {};
    state.wait = () => new Promise((resolve) => (go = resolve));
    const first = await client(l.url);
    first.publish(TOPIC, wireHeartbeat(NOW, 0), { qos: 1 });
    await until('the commit to begin', () => state.appends === 1);
    const second = await client(l.url);
    let acknowledged = false;
    const again = second
      .publishAsync(TOPIC, wireHeartbeat(NOW, 0), { qos: 1, dup: true })
      .then(() => (acknowledged = true));
    await until('the redelivery', async () => (await metric(l, 'duplicates_total')) === 1);
    expect(acknowledged).toBe(false);
    delete state.wait;
    go();
    await again;
    await l.ingest.flushed();
    expect(l.telemetry.readings).toHaveLength(1);
  });

  it('for good: ingest stops and says so, and after a restart takes what it had not acknowledged', async () => {
    const temporary = temporaryDir('refused');
    open.push(() => temporary.remove());
    const { state, around } = door();
    const l = await startLine({ dir: temporary.path, journal: around });
    const device = await client(l.url);
    await device.publishAsync(TOPIC, wireHeartbeat(NOW, 0), { qos: 1 });
    state.shut = new TillwatchError('journal.damaged', 'the disk is gone');
    device.publish(TOPIC, wireHeartbeat(NOW + 1, 1), { qos: 1 });
    await until('the device to be cut off', () => !device.connected);
    expect(l.ingest.health()).toMatchObject({ ok: false, ready: false });
    await l.stop();
    const again = await line({ dir: temporary.path });
    const back = await client(again.url);
    await back.publishAsync(TOPIC, wireHeartbeat(NOW + 1, 1), { qos: 1, dup: true });
    await back.publishAsync(TOPIC, wireHeartbeat(NOW, 0), { qos: 1, dup: true });
    await again.ingest.flushed();
    expect(again.telemetry.readings.map((r) => r.seq)).toEqual([0, 1]);
  });
});

describe('under more load than the journal carries', () => {
  it('slows senders down, bounds what is in flight, sheds QoS 0 only and drops nothing acknowledged', async () => {
    const { state, around } = door();
    const inFlightBytes = 200_000;
    const l = await line({ journal: around, limits: { inFlightBytes } });
    // A third of what is sent: each commit is let through only after as many messages were sent as three commits take.
    const gates: (() => void)[] = [];
    state.wait = () => new Promise((resolve) => gates.push(resolve));
    const devices = await Promise.all(Array.from({ length: 8 }, () => client(l.url)));
    const filler = { note: 'x'.repeat(900) };
    let most = 0;
    const sent = devices.flatMap((device, d) =>
      Array.from({ length: 300 }, (_, seq) =>
        device.publishAsync(`pos/v1/acme/D${d}/heartbeat`, wireHeartbeat(NOW + seq, seq, filler), { qos: 1 }),
      ),
    );
    let finished = false;
    const all = Promise.all(sent).then(() => (finished = true));
    await until('the intake to close', async () => (await metric(l, 'in_flight_bytes')) > inFlightBytes);
    const hasty = await client(l.url);
    for (let seq = 0; seq < 20; seq++)
      hasty.publish('pos/v1/acme/Q/heartbeat', wireHeartbeat(NOW + seq, seq), { qos: 0 });
    await until('all to be stored', async () => {
      most = Math.max(most, await metric(l, 'in_flight_bytes'));
      for (const pass of gates.splice(0)) pass();
      return finished;
    });
    await all;
    delete state.wait;
    for (const pass of gates.splice(0)) pass();
    await l.ingest.flushed();
    const stored = l.telemetry.readings.filter((r) => r.terminal.startsWith('D'));
    expect(new Set(stored.map((r) => `${r.terminal}/${r.seq}`)).size).toBe(2400);
    expect(stored).toHaveLength(2400);
    // What each connection had read before the gate closed (one buffer of its socket) comes on top.
    expect(most).toBeLessThan(inFlightBytes + 9 * 3 * 65_536 * 2);
    const shed = await metric(l, 'shed_total');
    const kept = l.telemetry.readings.filter((r) => r.terminal === 'Q').length;
    expect(kept + shed).toBe(20);
  });
});

describe('when a store behind the journal is away', () => {
  it('time series wait in the journal and come when it is back', async () => {
    const memory = createMemoryTelemetry();
    let away = true;
    const l = await line({
      telemetry: {
        ...memory,
        writeAll: async (batches) => {
          if (away) throw new TillwatchError('telemetry.unavailable', 'the store is away', { retryable: true });
          await memory.writeAll(batches);
        },
      },
    });
    const device = await client(l.url);
    for (let seq = 0; seq < 30; seq++) await device.publishAsync(TOPIC, wireHeartbeat(NOW + seq, seq), { qos: 1 });
    await until('the writer to notice', () =>
      l.ingest.health().checks.some((c) => c.name === 'telemetry-writer' && !c.ok),
    );
    away = false;
    await until('the writer to catch up', () => memory.readings.length === 30);
    await l.ingest.flushed();
    expect(l.ingest.health().ready).toBe(true);
  });

  it('poison is counted and given up, and never holds up the line', async () => {
    const l = await line();
    l.deadLetters.add = () => Promise.reject(new TillwatchError('relational.unavailable', 'away', { retryable: true }));
    const device = await client(l.url);
    const poison = device.publishAsync(TOPIC, '{', { qos: 1 });
    await device.publishAsync(TOPIC, wireHeartbeat(NOW, 0), { qos: 1 });
    await poison;
    expect(await metric(l, 'dead_letters_lost_total')).toBe(1);
    await l.ingest.flushed();
    expect(l.telemetry.readings).toHaveLength(1);
  });
});

describe('over a restart', () => {
  it('presence, identity and clock are known again, from the file and from the journal since', async () => {
    const temporary = temporaryDir('restart');
    open.push(() => temporary.remove());
    const first = await startLine({ dir: temporary.path });
    const device = await client(first.url);
    const fast = 3 * 3_600_000;
    const say = (to: MqttClient, seq: number) =>
      to.publishAsync(TOPIC, wireHeartbeat(Date.now() + fast, seq), { qos: 1 });
    const state = { ts: Date.now() + fast, boot: 'b1', seq: 0, online: true };
    await device.publishAsync('pos/v1/acme/T1/state', bytes(state), { qos: 1 });
    for (const seq of [1, 2, 5]) await say(device, seq);
    await first.stop();
    const second = await line({ dir: temporary.path });
    expect(second.ingest.recovery.readings).toBe(0);
    const presence = second.ingest.presence.of(ACME, 'T1');
    expect(presence).toMatchObject({ gaps: 2, freshness: { state: 'fresh' }, link: { online: true, reason: 'state' } });
    expect(Math.abs((presence?.clockOffsetMs ?? 0) - fast)).toBeLessThan(2_000);
    const back = await client(second.url);
    for (const seq of [2, 3, 5, 6]) await say(back, seq);
    await second.ingest.flushed();
    expect(second.ingest.presence.of(ACME, 'T1')).toMatchObject({ gaps: 1, duplicates: 2 });
    expect(second.telemetry.readings.map((r) => r.seq).sort()).toEqual([0, 1, 2, 3, 5, 6]);
  });
});
