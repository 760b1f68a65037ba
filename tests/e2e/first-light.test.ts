import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPlatform, startPlatform, temporaryDir } from '../support/platform.ts';
import { binaryOf, describeServer } from '../support/servers.ts';
import { until } from '../support/until.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tillwatch = (...args: string[]): string =>
  execFileSync(process.execPath, [join(root, 'app/main.ts'), ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

interface TerminalPage {
  latest: { values: { metric: string; value: number }[] } | null;
  row: { link: string };
}

describe('the platform in one process', () => {
  let platform: RunningPlatform;
  const files = temporaryDir('e2e-files');

  beforeAll(async () => {
    platform = await startPlatform();
  });
  afterAll(async () => {
    expect(await platform.stop()).toBe(0);
    files.remove();
  });

  it('answers health, readiness, metrics, status and its OpenAPI document', async () => {
    expect(await platform.get('/healthz')).toMatchObject({ ok: true });
    expect(await platform.get('/readyz')).toMatchObject({ ready: true });
    expect(await platform.get('/api/v1/status')).toMatchObject({ name: 'tillwatch', ready: true, demo: null });
    const metrics = await (await fetch(`${platform.http}/metrics`)).text();
    expect(metrics).toMatch(/^tillwatch_ingest_received_total \d+$/m);
    const openapi = await platform.get<{ openapi: string; paths: Record<string, unknown> }>('/api/openapi.json');
    expect(openapi.openapi).toBe('3.1.0');
    expect(Object.keys(openapi.paths)).toContain('/api/v1/tenants/{tenant}/tickets');
    expect((await fetch(`${platform.http}/api/docs`)).status).toBe(200);
  });

  it('shows a heartbeat of any MQTT client in the API', async () => {
    const client = await mqtt.connectAsync(platform.mqtt);
    await client.publishAsync(
      'pos/v1/acme/till-7/heartbeat',
      JSON.stringify({ ts: Date.now(), boot: 'b1', seq: 0, battery: { soc_pct: 41 }, network: { rsrp_dbm: -97 } }),
      { qos: 1 },
    );
    const page = await until('the terminal to be there', async () => {
      const found = await platform.get<TerminalPage>('/api/v1/tenants/acme/terminals/till-7');
      return found.latest?.values.some((one) => one.metric === 'battery.soc_pct') ? found : undefined;
    });
    expect(page.latest?.values).toContainEqual(expect.objectContaining({ metric: 'battery.soc_pct', value: 41 }));
    await client.endAsync();
  });

  it('answers a wrong request with problem details that name the field', async () => {
    const answer = await fetch(`${platform.http}/api/v1/tenants/Not_A_Tenant/terminals`);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 400, detail: expect.stringContaining('Not_A_Tenant') });
    expect((await fetch(`${platform.http}/api/v1/nothing`)).headers.get('content-type')).toContain(
      'application/problem+json',
    );
  });

  it('refuses a page that was rebound to this machine under another name', async () => {
    const { request } = await import('node:http');
    const status = await new Promise<number>((resolve, reject) => {
      request(`${platform.http}/api/v1/tenants`, { headers: { host: 'evil.example' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });

  it('replays a recording with its own arrival times, counting what breaks the contract', async () => {
    const from = Date.UTC(2026, 2, 2, 9);
    const lines = Array.from({ length: 50 }, (_, i) =>
      JSON.stringify({
        received_at: from + i * 60_000,
        topic: 'pos/v1/replayed/R1/heartbeat',
        payload: { ts: from + i * 60_000 - 200, boot: 'b', seq: i, system: { cpu_pct: i } },
      }),
    );
    lines.push('{"received_at": 1, "topic": "pos/v1/replayed/R1/heartbeat"}', 'not json');
    lines.push(
      JSON.stringify({
        received_at: from,
        topic: 'pos/v1/replayed/R1/heartbeat',
        payload: { ts: from, boot: 'b', seq: 99, battery: { soc_pct: 130 } },
      }),
    );
    const path = join(files.path, 'fleet.ndjson.gz');
    writeFileSync(path, gzipSync(`${lines.join('\n')}\n`));
    const counts = JSON.parse(tillwatch('replay', path, '--url', platform.http)) as Record<string, unknown>;
    expect(counts).toMatchObject({
      lines: 53,
      accepted: 50,
      rejected: { line_missing_field: 1, line_not_json: 1, out_of_range: 1 },
    });
    const series = await until('the replayed series', async () => {
      const found = await platform.get<{ series: { values: number[] }[] }>(
        `/api/v1/tenants/replayed/terminals/R1/series?metrics=system.cpu_pct&from=${from - 60_000}&to=${from + 3_600_000}`,
      );
      return (found.series[0]?.values.length ?? 0) >= 50 ? found : undefined;
    });
    expect(series.series[0]?.values).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('refuses a second process on the same data', async () => {
    expect(() =>
      tillwatch('up', '--no-demo', '--data', platform.dataDir, '--http-port', '0', '--mqtt-port', '0'),
    ).toThrow(/another tillwatch runs on/);
  });
});

describeServer('mosquitto-clients', "Debian's mosquitto_pub", () => {
  it('is shown in the API', async () => {
    const platform = await startPlatform();
    const port = new URL(platform.mqtt).port;
    execFileSync(binaryOf('mosquitto-clients') ?? '', [
      ...['-p', port, '-q', '1', '-t', 'pos/v1/acme/T-1/heartbeat', '-m'],
      JSON.stringify({ ts: Date.now(), boot: 'b1', seq: 1, battery: { soc_pct: 55 } }),
    ]);
    await until(
      'the terminal',
      async () => (await platform.get<TerminalPage>('/api/v1/tenants/acme/terminals/T-1')).latest,
    );
    expect(await platform.stop()).toBe(0);
  });
});

describe('the command line', () => {
  it('has help with examples for every command', () => {
    const help = tillwatch('--help');
    const commands = [...help.matchAll(/^ {2}([a-z]+)(?: |$)/gm)]
      .map((match) => match[1] ?? '')
      .filter((name) => name !== 'help');
    expect(commands).toContain('up');
    for (const command of commands) expect(tillwatch(command, '--help')).toMatch(/Examples:\n {2}\$ tillwatch /);
  });

  it('prints what would run, and lists every fault of a configuration at once', () => {
    expect(JSON.parse(tillwatch('up', '--check', '--http-port', '9001'))).toMatchObject({
      httpPort: 9001,
      journal: 'sqlite:',
    });
    expect(() => tillwatch('up', '--check', '--http-port', '99999', '--log-level', 'loud')).toThrow(
      /2 fault\(s\)[\s\S]*httpPort[\s\S]*logLevel/,
    );
  });

  it('has the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(tillwatch('--version').trim()).toBe(version);
  });
});
