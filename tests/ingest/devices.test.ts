import fc from 'fast-check';
import { fastify } from 'fastify';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { asTenantId } from '../../contract/topics.ts';
import { parseDeviceUsername } from '../../ingest/core/device-names.ts';
import { hashDevicePassword, isDevicePassword } from '../../ingest/edge/device-secrets.ts';
import { type Line, type LineOptions, startLine } from '../support/ingest-line.ts';
import { bytes, wireBirth, wireHeartbeat } from '../support/payloads.ts';
import { asAdministrator } from '../support/principals.ts';
import { until } from '../support/until.ts';

const ACME = asTenantId('acme');
const OTHER = asTenantId('other');
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function begin(options: LineOptions = {}): Promise<Line> {
  const line = await startLine({ credentials: 'required', ...options });
  closing.push(() => line.stop());
  return line;
}

async function connect(
  line: Line,
  username?: string,
  password?: string | null,
  clientId?: string,
): Promise<MqttClient> {
  const client = await connectAsync(line.url, {
    reconnectPeriod: 0,
    ...(username === undefined ? {} : { username }),
    ...(password == null ? {} : { password }),
    ...(clientId === undefined ? {} : { clientId }),
  });
  client.on('error', () => {});
  closing.push(() => client.endAsync(true));
  return client;
}

const add = (line: Line, name: string, tenant = ACME) => line.book.add({ tenant, name, kind: 'terminal' });
let seq = 0;
const beat = (client: MqttClient, topic: string) =>
  client.publishAsync(topic, wireHeartbeat(Date.now(), seq++), { qos: 1 });

describe('a terminal', () => {
  it('comes in by its own password only, and nobody without one', async () => {
    const line = await begin();
    const { secret } = await add(line, 'T1');
    const other = await add(line, 'T1', OTHER);
    expect(secret).toMatch(/^[\w-]{24}$/);
    for (const [username, password] of [
      [undefined, undefined],
      ['acme/T1', 'guess'],
      ['acme/T1', null],
      ['acme/T1', other.secret],
      ['T1', secret],
      ['other/T1', secret],
      ['acme/T2', secret],
      ['acme/T1/x', secret],
    ] as const) {
      await expect(connect(line, username, password)).rejects.toThrow(/Not authorized/);
    }
    const client = await connect(line, 'acme/T1', secret);
    await beat(client, 'pos/v1/acme/T1/heartbeat');
    await line.ingest.flushed();
    expect(await line.registry.get(ACME, 'T1')).toBeDefined();
  });

  it('is refused at once when its credential is revoked, also where the command line did it', async () => {
    const line = await begin();
    const { secret } = await add(line, 'T1');
    const client = await connect(line, 'acme/T1', secret);
    await beat(client, 'pos/v1/acme/T1/heartbeat');
    // As another process would: into the tables, past this one's memory.
    await line.book.revoke(ACME, 'T1');
    await expect(connect(line, 'acme/T1', secret)).rejects.toThrow(/Not authorized/);
    await line.authority.look();
    client.publish('pos/v1/acme/T1/heartbeat', wireHeartbeat(Date.now(), seq++), { qos: 1 });
    await until('to be cut off', () => !client.connected);
  });

  it('with a silent connection is cut off too, after a moment in which it hears its last command', async () => {
    const line = await begin();
    const { secret } = await add(line, 'T1');
    const client = await connect(line, 'acme/T1', secret);
    await line.book.revoke(ACME, 'T1');
    await line.authority.look();
    await until('to be cut off', () => !client.connected);
  });

  it('keeps its connection when another is revoked, and loses it when its password is renewed', async () => {
    const line = await begin();
    const [one, two] = [await add(line, 'T1'), await add(line, 'T2')];
    const [first, second] = [await connect(line, 'acme/T1', one.secret), await connect(line, 'acme/T2', two.secret)];
    await line.book.revoke(ACME, 'T2');
    await line.authority.look();
    await until('T2 to be cut off', () => !second.connected);
    await beat(first, 'pos/v1/acme/T1/heartbeat');
    const { secret } = await line.book.rotate(ACME, 'T1');
    await line.authority.look();
    await until('T1 to be cut off', () => !first.connected);
    await expect(connect(line, 'acme/T1', one.secret)).rejects.toThrow(/Not authorized/);
    const again = await connect(line, 'acme/T1', secret);
    await line.authority.look();
    await beat(again, 'pos/v1/acme/T1/heartbeat');
  });

  it('that is locked hears so, is cut off, and comes in again once it is unlocked', async () => {
    const line = await begin();
    const { secret } = await add(line, 'T1');
    const client = await connect(line, 'acme/T1', secret);
    await client.subscribeAsync('pos/v1/acme/T1/command', { qos: 1 });
    const heard: string[] = [];
    client.on('message', (_topic, payload) => heard.push((JSON.parse(payload.toString()) as { name: string }).name));
    await client.publishAsync('pos/v1/acme/T1/birth', wireBirth(Date.now(), seq++), { qos: 1 });
    await line.ingest.flushed();
    const http = fastify();
    closing.push(() => http.close());
    await asAdministrator(http);
    await http.register(async (api) => line.ingest.routes?.(api));
    const post = async (path: string, payload?: object) =>
      (
        await http.inject({
          method: 'POST',
          url: `/tenants/acme/terminals/T1/${path}`,
          ...(payload ? { payload } : {}),
        })
      ).statusCode;
    expect(await post('accept', {})).toBe(200);
    expect(await post('lock')).toBe(200);
    await until('the lock command', () => heard.includes('lock'));
    await until('to be cut off', () => !client.connected);
    await expect(connect(line, 'acme/T1', secret)).rejects.toThrow(/Not authorized/);
    expect(await post('unlock')).toBe(200);
    const again = await connect(line, 'acme/T1', secret);
    expect(await post('retire')).toBe(200);
    await until('to be cut off', () => !again.connected);
    await expect(connect(line, 'acme/T1', secret)).rejects.toThrow(/Not authorized/);
  });

  it('cannot end the session of another by taking its client id', async () => {
    const line = await begin();
    const [one, two] = [await add(line, 'T1'), await add(line, 'T1', OTHER)];
    const victim = await connect(line, 'acme/T1', one.secret, 'same-id');
    const thief = await connect(line, 'other/T1', two.secret, 'same-id');
    await beat(thief, 'pos/v1/other/T1/heartbeat');
    await beat(victim, 'pos/v1/acme/T1/heartbeat');
    const own = await connect(line, 'acme/T1', one.secret, 'same-id');
    await until('the older session of the same device to end', () => !victim.connected);
    await beat(own, 'pos/v1/acme/T1/heartbeat');
  });
});

describe('a store gateway', () => {
  it('speaks for the terminals it was given, alone and in its arrays, and for no others', async () => {
    const line = await begin();
    const { secret } = await line.book.add({ tenant: ACME, name: 'G1', kind: 'gateway', terminals: ['T1', 'T2'] });
    const gateway = await connect(line, 'acme/G1', secret);
    const entry = (terminal: string) => ({
      terminal,
      channel: 'heartbeat',
      payload: JSON.parse(wireHeartbeat(Date.now(), seq++).toString()),
    });
    await gateway.publishAsync('pos/v1/acme/G1/batch', bytes({ messages: [entry('T1'), entry('T9'), entry('T2')] }), {
      qos: 1,
    });
    await beat(gateway, 'pos/v1/acme/T2/heartbeat');
    await line.ingest.flushed();
    expect((await line.registry.list(ACME)).items.map((one) => one.terminal)).toEqual(['T1', 'T2']);
    const letters = (await line.deadLetters.list(ACME)).items;
    expect(letters).toMatchObject([
      { reason: 'not_allowed', terminal: 'T9', detail: 'gateway G1 may not speak for T9' },
    ]);
    for (const topic of ['pos/v1/acme/T9/heartbeat', 'pos/v1/acme/G2/batch', 'pos/v1/other/G1/batch']) {
      const again = await connect(line, 'acme/G1', secret);
      again.publish(topic, '{"messages":[]}', { qos: 1 });
      await until(`to be cut off for ${topic}`, () => !again.connected);
    }
  });

  it('a terminal may not send arrays', async () => {
    const line = await begin();
    const { secret } = await add(line, 'T1');
    const client = await connect(line, 'acme/T1', secret);
    client.publish('pos/v1/acme/T1/batch', '{"messages":[]}', { qos: 1 });
    await until('to be cut off', () => !client.connected);
  });
});

describe('on this machine alone', () => {
  it('whoever gives no credentials comes in, and whoever gives wrong ones does not', async () => {
    const line = await begin({ credentials: 'open' });
    const { secret } = await add(line, 'T1');
    await beat(await connect(line), 'pos/v1/acme/T7/heartbeat');
    await expect(connect(line, 'acme/T1', 'guess')).rejects.toThrow(/Not authorized/);
    const known = await connect(line, 'acme/T1', secret);
    known.publish('pos/v1/acme/T7/heartbeat', '{}', { qos: 1 });
    await until('to be cut off', () => !known.connected);
  });
});

describe('passwords of devices', () => {
  it('are kept as Mosquitto keeps them, and are right only whole', async () => {
    const hash = await hashDevicePassword('secret');
    expect(hash).toMatch(/^\$7\$101\$[A-Za-z0-9+/=]{16}\$[A-Za-z0-9+/=]{88}$/);
    expect(await isDevicePassword(Buffer.from('secret'), hash)).toBe(true);
    for (const wrong of ['secre', 'secret ', '']) expect(await isDevicePassword(Buffer.from(wrong), hash)).toBe(false);
    for (const none of ['', 'secret', '$6$x$y', '$7$0x65$a$b'])
      expect(await isDevicePassword(Buffer.from('secret'), none)).toBe(false);
  });

  it('a user name is a tenant and a name and nothing else', () => {
    expect(parseDeviceUsername('acme/T1')).toEqual({ tenant: 'acme', name: 'T1' });
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseDeviceUsername(text);
        expect(parsed === undefined || `${parsed.tenant}/${parsed.name}` === text).toBe(true);
      }),
    );
  });
});
