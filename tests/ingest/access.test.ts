import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync, type IClientOptions } from 'mqtt';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../app/system-clock.ts';
import { isLoopbackAddress } from '../../contract/loopback.ts';
import type {
  DeviceAuthority,
  LinkChange,
  SourceMessage,
  TelemetrySink,
} from '../../contract/ports/telemetry-source.ts';
import { asTenantId } from '../../contract/topics.ts';
import { AedesSource, type AedesSourceOptions } from '../../ingest/edge/aedes-source.ts';
import { temporaryDir } from '../support/platform.ts';
import { until } from '../support/until.ts';

const log = pino({ level: 'silent' });
const local = { host: '127.0.0.1', port: 0 };
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

class OpenSink implements TelemetrySink {
  readonly open = true;
  readonly messages: SourceMessage[] = [];
  readonly links: LinkChange[] = [];
  message(message: SourceMessage, done: () => void): void {
    this.messages.push(message);
    done();
  }
  link(change: LinkChange): void {
    this.links.push(change);
  }
  onOpen(): () => void {
    return () => {};
  }
}

async function begin(options: Partial<AedesSourceOptions>): Promise<{ sink: OpenSink; source: AedesSource }> {
  const source = new AedesSource({ clock: systemClock, log, ...options });
  const sink = new OpenSink();
  await source.start(sink);
  closing.push(() => source.stop());
  return { sink, source };
}

async function client(url: string, options: IClientOptions = {}) {
  const connected = await connectAsync(url, { reconnectPeriod: 0, ...options });
  closing.push(() => connected.endAsync(true));
  return connected;
}

/** Knows one terminal by password, one gateway by name alone, and one terminal by its certificate. */
const authority: DeviceAuthority = {
  async authenticate({ username, password, certificate }) {
    const tenant = asTenantId('acme');
    if (certificate === 'T9') return { name: 'T9', tenant, terminals: ['T9'] };
    if (username === 'gw') return { name: 'G', tenant, terminals: '*', gateway: true };
    const known = username === 'T1' && Buffer.from(password ?? []).toString() === 'secret';
    return known ? { name: 'T1', tenant, terminals: ['T1'] } : undefined;
  },
  admits: () => true,
  onChange: () => () => {},
};

describe('who may connect to the embedded broker, and speak as whom', () => {
  it('without an authority: this machine alone', () => {
    expect(['127.0.0.1', '127.8.0.1', '::1', '::ffff:127.0.0.1'].map(isLoopbackAddress)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['10.0.0.1', '::ffff:10.0.0.1', '', 'fe80::1'].map(isLoopbackAddress)).toEqual([false, false, false, false]);
  });

  it('with one: whom it knows, each as itself only', async () => {
    const { sink, source } = await begin({ tcp: local, authority });
    const url = `mqtt://127.0.0.1:${source.ports.tcp}`;
    await expect(client(url)).rejects.toThrow(/Not authorized/);
    await expect(client(url, { username: 'T1', password: 'guess' })).rejects.toThrow(/Not authorized/);
    const one = await client(url, { username: 'T1', password: 'secret' });
    await one.publishAsync('pos/v1/acme/T1/heartbeat', '{}', { qos: 1 });
    expect(sink.messages).toHaveLength(1);
    for (const topic of [
      'pos/v1/acme/T2/heartbeat',
      'pos/v1/other/T1/heartbeat',
      'pos/v1/acme/T1/command',
      'pos/v1/acme/T1/batch',
      '$SYS/x',
      'free',
    ]) {
      const other = await client(url, { username: 'T1', password: 'secret' });
      other.publish(topic, '{}', { qos: 1 });
      await until(`to be cut off for ${topic}`, () => !other.connected);
    }
    expect(sink.messages).toHaveLength(1);
    const gateway = await client(url, { username: 'gw' });
    await gateway.publishAsync('pos/v1/acme/G/batch', '{}', { qos: 1 });
    await gateway.publishAsync('pos/v1/acme/T7/heartbeat', '{}', { qos: 1 });
    expect(sink.messages).toHaveLength(3);
  });

  it('a device hears its own commands and nobody else’s', async () => {
    const { source } = await begin({ tcp: local, authority });
    const one = await client(`mqtt://127.0.0.1:${source.ports.tcp}`, { username: 'T1', password: 'secret' });
    const grants = async (filter: string) =>
      (await one.subscribeAsync(filter, { qos: 1 }).catch(() => [{ qos: 128 }]))[0]?.qos;
    expect(await grants('pos/v1/acme/T1/command')).toBe(1);
    for (const filter of [
      'pos/v1/acme/T2/command',
      'pos/v1/acme/+/command',
      'pos/v1/#',
      '#',
      '$SYS/#',
      'pos/v1/acme/T1/command/#',
    ]) {
      expect(await grants(filter)).toBe(128);
    }
  });

  it('tells a broken connection from one closed in good order, of a terminal and not of a gateway', async () => {
    const { sink, source } = await begin({ tcp: local });
    const url = `mqtt://127.0.0.1:${source.ports.tcp}`;
    const polite = await client(url);
    await polite.publishAsync('pos/v1/acme/T1/heartbeat', '{}', { qos: 1 });
    await polite.endAsync();
    const broken = await client(url);
    await broken.publishAsync('pos/v1/acme/T2/heartbeat', '{}', { qos: 1 });
    broken.stream.destroy();
    const gateway = await client(url);
    for (const t of ['T3', 'T4']) await gateway.publishAsync(`pos/v1/acme/${t}/heartbeat`, '{}', { qos: 1 });
    gateway.stream.destroy();
    await until('all to be gone', () => source.connections === 0);
    expect(sink.links.map((l) => [l.terminal, l.online, l.reason]).sort()).toEqual([
      ['T1', false, 'shutdown'],
      ['T2', false, 'keepalive'],
    ]);
  });
});

describe.skipIf(spawnSync('openssl', ['version']).status !== 0)('TLS (needs the openssl program)', () => {
  it('serves MQTT over TLS, and knows a device by its certificate', async () => {
    const temporary = temporaryDir('tls');
    closing.push(() => temporary.remove());
    const pem = (name: string) => readFileSync(join(temporary.path, name), 'utf8');
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: temporary.path, stdio: 'pipe' });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test CA');
    for (const name of ['server', 'T9']) {
      const subject = name === 'server' ? '/CN=localhost' : `/CN=${name}`;
      openssl('req', ...key.slice(0, 5), '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', subject);
      openssl(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-days',
        '2',
        '-out',
        `${name}.pem`,
      );
    }
    const { sink, source } = await begin({
      tls: { ...local, key: pem('server.key'), cert: pem('server.pem'), ca: pem('ca.pem') },
      authority,
    });
    const url = `mqtts://localhost:${source.ports.tls}`;
    const trust = { ca: pem('ca.pem'), family: 4 } as IClientOptions;
    await expect(client(url, trust)).rejects.toThrow(/Not authorized/);
    const device = await client(url, { ...trust, cert: pem('T9.pem'), key: pem('T9.key') });
    await device.publishAsync('pos/v1/acme/T9/heartbeat', '{}', { qos: 1 });
    expect(sink.messages).toHaveLength(1);
  });
});
