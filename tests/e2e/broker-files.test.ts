import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, expect, it } from 'vitest';
import type { DeviceCredential } from '../../contract/ports/devices.ts';
import { asTenantId } from '../../contract/topics.ts';
import { emqxFiles, mosquittoFiles } from '../../ingest/core/broker-files.ts';
import { hashDevicePassword } from '../../ingest/edge/device-secrets.ts';
import { temporaryDir } from '../support/platform.ts';
import { describeServer } from '../support/servers.ts';
import { until } from '../support/until.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function device(tenant: string, name: string, more: Partial<DeviceCredential> = {}): Promise<DeviceCredential> {
  return {
    tenant: asTenantId(tenant),
    name,
    kind: 'terminal',
    passwordHash: await hashDevicePassword(`${name} of ${tenant}`),
    certificate: false,
    terminals: [name],
    revoked: false,
    createdAt: 0,
    updatedAt: 0,
    ...more,
  };
}
const fleet = () =>
  Promise.all([
    device('acme', 'T1'),
    device('acme', 'T2'),
    device('other', 'T1'),
    device('acme', 'G1', { kind: 'gateway', terminals: ['T5'] }),
  ]);

describeServer('mosquitto', 'the files of "tillwatch device acl" on a real Mosquitto', (start) => {
  it('let each device in by its password, speak on its own topics and hear its own commands', async () => {
    const files = temporaryDir('acl');
    closing.push(() => files.remove());
    const service = { username: 'tillwatch', passwordHash: await hashDevicePassword('of the service') };
    for (const { name, text } of mosquittoFiles(await fleet(), service))
      writeFileSync(join(files.path, name), text, { mode: 0o600 });
    const server = await start({
      config: [
        'listener {port} 127.0.0.1',
        'allow_anonymous false',
        `password_file ${join(files.path, 'passwd')}`,
        `acl_file ${join(files.path, 'acl')}`,
      ].join('\n'),
    });
    const connect = async (options: IClientOptions): Promise<MqttClient> => {
      const client = await connectAsync(server.url, { reconnectPeriod: 0, ...options });
      closing.push(() => client.endAsync(true));
      return client;
    };
    const [t1, theirs, gateway] = await Promise.all([
      connect({ username: 'acme/T1', password: 'T1 of acme' }),
      connect({ username: 'other/T1', password: 'T1 of other' }),
      connect({ username: 'acme/G1', password: 'G1 of acme' }),
    ]);
    for (const wrong of [{}, { username: 'acme/T1', password: 'T1 of other' }, { username: 'acme/T1', password: '' }]) {
      await expect(connect(wrong)).rejects.toThrow(/Not authorized/);
    }
    const tillwatch = await connect({ username: 'tillwatch', password: 'of the service' });
    const heard: string[] = [];
    tillwatch.on('message', (topic) => heard.push(topic));
    await tillwatch.subscribeAsync('pos/v1/#', { qos: 1 });
    const say = async (who: MqttClient, topics: readonly string[]) => {
      for (const topic of topics) await who.publishAsync(topic, '{}', { qos: 1 });
    };
    // Mosquitto acknowledges what it refuses to pass on, so what counts is what is heard.
    await say(t1, [
      'pos/v1/acme/T2/heartbeat',
      'pos/v1/other/T1/heartbeat',
      'pos/v1/acme/T1/command',
      'pos/v1/acme/T1/batch',
      'x',
    ]);
    await say(theirs, ['pos/v1/acme/T1/heartbeat', 'pos/v1/other/T2/heartbeat']);
    await say(gateway, ['pos/v1/acme/T1/heartbeat', 'pos/v1/acme/G2/batch', 'pos/v1/other/T5/heartbeat']);
    await say(t1, ['pos/v1/acme/T1/heartbeat', 'pos/v1/acme/T1/birth']);
    await say(theirs, ['pos/v1/other/T1/state']);
    await say(gateway, ['pos/v1/acme/G1/batch', 'pos/v1/acme/T5/heartbeat']);
    const right = [
      'pos/v1/acme/G1/batch',
      'pos/v1/acme/T1/birth',
      'pos/v1/acme/T1/heartbeat',
      'pos/v1/acme/T5/heartbeat',
      'pos/v1/other/T1/state',
    ];
    await until('what may be said', () => heard.length >= right.length);
    expect(heard.toSorted()).toEqual(right);

    const commands: string[] = [];
    for (const [name, client] of Object.entries({ t1, theirs, gateway })) {
      client.on('message', (topic) => commands.push(`${name} ${topic}`));
      await client
        .subscribeAsync(['pos/v1/acme/T1/command', 'pos/v1/other/T1/command', 'pos/v1/acme/T5/command', 'pos/v1/#'], {
          qos: 1,
        })
        .catch(() => {});
    }
    await say(tillwatch, [
      'pos/v1/acme/T1/command',
      'pos/v1/other/T1/command',
      'pos/v1/acme/T5/command',
      'pos/v1/acme/T1/heartbeat',
    ]);
    const own = ['gateway pos/v1/acme/T5/command', 't1 pos/v1/acme/T1/command', 'theirs pos/v1/other/T1/command'];
    await until('the commands', () => own.every((one) => commands.includes(one)));
    expect([...new Set(commands)].toSorted()).toEqual(own);
  });
});

it('the files for EMQX allow the same and end with a refusal', async () => {
  const [acl, users] = emqxFiles(await fleet(), { username: 'tillwatch', passwordHash: null });
  expect(acl?.text).toContain(`{allow, all, publish, ["pos/v1/\${username}/birth", "pos/v1/\${username}/state"`);
  expect(acl?.text).toContain('{allow, {user, "acme/G1"}, subscribe, ["pos/v1/acme/T5/command"]}.');
  expect(acl?.text.trimEnd().endsWith('{deny, all}.')).toBe(true);
  expect(users?.text.split('\n')[1]).toMatch(/^acme\/T1,[0-9a-f]{128},[A-Za-z0-9]{12},false$/);
});
