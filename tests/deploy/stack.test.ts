import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { composeFile, interpolated, ROOT } from '../support/compose.ts';
import { temporaryDir } from '../support/platform.ts';
import { binaryOf, describeServer, freePort } from '../support/servers.ts';
import { until } from '../support/until.ts';

function tillwatch(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const all = { PATH: process.env.PATH ?? '', ...env };
    execFile(process.execPath, [join(ROOT, 'app/main.ts'), ...args], { env: all }, (error, out, err) =>
      error ? reject(new Error(`${args.join(' ')}: ${err}`)) : resolve(out),
    );
  });
}

/** Ends a child of this test and waits for it. */
async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

describeServer('mosquitto', 'the broker of the compose files, with its own configuration and start script', () => {
  const dir = temporaryDir('stack');
  const paths = { certs: join(dir.path, 'certs'), rights: join(dir.path, 'rights'), data: join(dir.path, 'data') };
  const env = { TILLWATCH_DATA_DIR: paths.data, TILLWATCH_MQTT_PASSWORD: 'of-the-service' };
  const clients: MqttClient[] = [];
  let broker: ChildProcess | undefined;
  let simulator: ChildProcess | undefined;
  let url = '';
  let gatewayPassword = '';

  const writeRights = () => tillwatch(['device', 'acl', '--format', 'mosquitto', '--out', paths.rights], env);
  const connect = async (options: IClientOptions): Promise<MqttClient> => {
    const ca = readFileSync(join(paths.certs, 'ca.crt'));
    const client = await connectAsync(url, { ca, reconnectPeriod: 0, ...options });
    clients.push(client);
    return client;
  };

  beforeAll(async () => {
    execFileSync('sh', [join(ROOT, 'deploy/certificates.sh'), paths.certs], { stdio: 'pipe' });
    const port = await freePort();
    url = `mqtts://127.0.0.1:${port}`;
    mkdirSync(join(dir.path, 'mosquitto'));
    const config = readFileSync(join(ROOT, 'deploy/mosquitto/mosquitto.conf'), 'utf8')
      .replaceAll('/rights/', `${paths.rights}/`)
      .replaceAll('/certs/', `${paths.certs}/`)
      .replace('/mosquitto/data/', `${join(dir.path, 'mosquitto')}/`)
      .replace('listener 8883', `listener ${port} 127.0.0.1`);
    // As root it would give up root, and with it this test's directory.
    writeFileSync(join(dir.path, 'mosquitto.conf'), `user root\n${config}`);
    const said = await tillwatch(['device', 'add', 'demo/sim', '--gateway'], env);
    gatewayPassword = /password\s+(\S+)/.exec(said)![1]!;
    // The script waits for rights, so the order of starting does not matter.
    broker = spawn('sh', [join(ROOT, 'deploy/mosquitto/start.sh')], {
      env: {
        PATH: `${process.env.PATH}${delimiter}/usr/sbin`,
        RIGHTS_DIR: paths.rights,
        CONFIG: join(dir.path, 'mosquitto.conf'),
        RELOAD_SECONDS: '1',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await writeRights();
    await until('the broker', () => connect({ username: 'tillwatch', password: 'of-the-service' }));
  }, 60_000);

  afterEach(async () => {
    await end(simulator);
    for (const client of clients.splice(0)) await client.endAsync(true);
  });
  afterAll(async () => {
    await end(broker);
    dir.remove();
  });

  it('hears the simulated fleet over TLS, started as the compose file starts it', async () => {
    const platform = await connect({ username: 'tillwatch', password: 'of-the-service' });
    const heard = new Set<string>();
    platform.on('message', (topic) => heard.add(topic));
    await platform.subscribeAsync('pos/v1/#', { qos: 1 });
    const command = composeFile('docker-compose.yml').services['firmware-sim']!.command!.map((word) =>
      interpolated(word, { SIM_PASSWORD: gatewayPassword })
        .replace('mqtts://mosquitto:8883', url)
        .replace('/certs/ca.crt', join(paths.certs, 'ca.crt')),
    );
    simulator = spawn(process.execPath, [join(ROOT, 'app/main.ts'), ...command], { stdio: 'ignore' });
    const birth = await until('a birth', () => [...heard].find((topic) => topic.endsWith('/birth')), 40_000);
    expect(birth).toMatch(/^pos\/v1\/demo\/[\w-]+\/birth$/);
  }, 60_000);

  it('refuses strangers, and plain MQTT', async () => {
    await expect(connect({})).rejects.toThrow(/Not authorized/);
    await expect(connect({ username: 'demo/sim', password: 'guess' })).rejects.toThrow(/Not authorized/);
    const plain = connectAsync(url.replace('mqtts', 'mqtt'), { reconnectPeriod: 0, connectTimeout: 2000 });
    await expect(plain).rejects.toThrow();
  });

  it('refuses a device within seconds of its credential being taken back', async () => {
    await connect({ username: 'demo/sim', password: gatewayPassword });
    await tillwatch(['device', 'revoke', 'demo/sim'], env);
    await writeRights();
    await until(
      'the refusal',
      async () => {
        try {
          await connect({ username: 'demo/sim', password: gatewayPassword });
          return false;
        } catch (error) {
          return /Not authorized/.test(String(error));
        }
      },
      15_000,
      250,
    );
  }, 30_000);
});

describeServer('nginx', 'the one address of a VictoriaMetrics cluster', () => {
  const dir = temporaryDir('metrics');
  const asked: string[] = [];
  const servers: Server[] = [];
  let proxy: ChildProcess | undefined;
  let url = '';

  beforeAll(async () => {
    let config = readFileSync(join(ROOT, 'deploy/victoria/nginx.conf'), 'utf8');
    // Debian has no cluster: stand-ins say what each part of it would have been asked.
    for (const address of ['vminsert:8480', 'vmselect:8481', 'vmstorage:8482']) {
      const server = createServer((request, response) => {
        asked.push(`${address}${request.url}`);
        response.end('{}');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      servers.push(server);
      config = config.replaceAll(address, `127.0.0.1:${(server.address() as AddressInfo).port}`);
    }
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const file = join(dir.path, 'nginx.conf');
    writeFileSync(file, config.replace('listen 8427', `listen 127.0.0.1:${port}`).replaceAll('/tmp/', `${dir.path}/`));
    proxy = spawn(binaryOf('nginx')!, ['-c', file, '-g', 'daemon off;'], { stdio: 'ignore' });
    await until('nginx', async () => (await fetch(`${url}/health`)).ok);
  });
  afterAll(async () => {
    await end(proxy);
    for (const server of servers) server.close();
    dir.remove();
  });

  it.each([
    ['/api/v2/write', 'vminsert:8480/insert/0/influx/api/v2/write'],
    ['/api/v1/import/prometheus', 'vminsert:8480/insert/0/prometheus/api/v1/import/prometheus'],
    ['/api/v1/query?query=up', 'vmselect:8481/select/0/prometheus/api/v1/query?query=up'],
    ['/api/v1/query_range', 'vmselect:8481/select/0/prometheus/api/v1/query_range'],
    ['/api/v1/export', 'vmselect:8481/select/0/prometheus/api/v1/export'],
    ['/api/v1/label/tenant/values', 'vmselect:8481/select/0/prometheus/api/v1/label/tenant/values'],
    ['/api/v1/admin/tsdb/delete_series', 'vmselect:8481/delete/0/prometheus/api/v1/admin/tsdb/delete_series'],
    ['/flags', 'vmselect:8481/flags'],
    ['/metrics', 'vmstorage:8482/metrics'],
  ])('sends %s on to %s', async (path, expected) => {
    asked.length = 0;
    const answer = await fetch(`${url}${path}`);
    expect(answer.status).toBe(200);
    expect(asked).toEqual([expected]);
  });
});
