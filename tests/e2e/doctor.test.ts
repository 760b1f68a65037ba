import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../app/config.ts';
import { examine } from '../../app/doctor/doctor.ts';
import { type Examined, exitCodeOf } from '../../app/doctor/finding.ts';
import { examineRuntime } from '../../app/doctor/machine.ts';
import { examineMetrics } from '../../app/doctor/running.ts';
import { openRelational } from '../../store/relational/open.ts';
import { COMPILED, startPlatform, temporaryDir } from '../support/platform.ts';

const MAIN = fileURLToPath(new URL('../../app/main.ts', import.meta.url));
const run = promisify(execFile);

describe('tillwatch doctor', () => {
  const dir = temporaryDir('doctor');
  afterAll(() => dir.remove());
  const look = (env: Record<string, string>) => examine(readConfig({ env }), {}, Date.now);
  const named = (examined: readonly Examined[], name: string) => examined.find((one) => one.name === name);

  it('finds a taken port, a newer schema, damaged files and a broker that is away, each with its next step', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const data = join(dir.path, 'data');
    mkdirSync(join(data, 'telemetry'), { recursive: true });
    writeFileSync(join(data, 'telemetry', 'raw_1.duckdb.damaged'), '');
    const tables = await openRelational({ url: `sqlite:${join(data, 'tillwatch.db')}` });
    await tables.migrate();
    await tables.close();
    const db = new DatabaseSync(join(data, 'tillwatch.db'));
    db.exec("insert into kysely_migration (name, timestamp) values ('999-later', '')");
    const letter = db.prepare(
      "insert into dead_letter (tenant, terminal, topic, reason, field, detail, payload, replayable, received_at) values ('acme', 'T', 't', 'not_json', '', '', '', 0, ?)",
    );
    for (let i = 0; i < 150; i++) letter.run(Date.now());
    db.close();
    const examined = await look({
      TILLWATCH_DATA_DIR: data,
      TILLWATCH_HTTP_PORT: String(port),
      TILLWATCH_MQTT_URL: 'mqtt://127.0.0.1:1',
    });
    taken.close();
    expect(named(examined, `port ${port}`)).toMatchObject({
      level: 'error',
      next: expect.stringContaining('TILLWATCH_HTTP_PORT'),
    });
    expect(named(examined, 'schema')).toMatchObject({ level: 'error', seen: expect.stringContaining('999-later') });
    expect(named(examined, 'damaged files')).toMatchObject({ level: 'warning' });
    expect(named(examined, 'dead letters')).toMatchObject({
      level: 'warning',
      seen: '150 dead letters in the last hour',
    });
    expect(named(examined, 'broker')).toMatchObject({
      level: 'error',
      next: expect.stringContaining('TILLWATCH_MQTT_URL'),
    });
    expect(exitCodeOf(examined)).toBe(2);
  });

  it('sees an old runtime, a reader that is behind and notices that were given up', () => {
    expect(examineRuntime('v20.1.0')).toMatchObject({ level: 'error' });
    const text = [
      'tillwatch_journal_lag_batches{consumer="telemetry",shard="0"} 900',
      'tillwatch_journal_lag_batches{consumer="analytics-main",shard="0"} 1',
      'tillwatch_effects_failed_total{kind="notify",given_up="true"} 3',
    ].join('\n');
    const [lag, effects] = examineMetrics(text);
    expect(lag).toMatchObject({ level: 'warning', seen: 'telemetry is 900 batches behind' });
    expect(effects).toMatchObject({ level: 'warning', seen: '3 were given up' });
  });

  it('asks the process that runs, and ends with 0 when all is well', async () => {
    const platform = await startPlatform({ dataDir: join(dir.path, 'running') });
    const { stdout } = await run(process.execPath, [MAIN, 'doctor', '--data', platform.dataDir, '--json'], {
      env: { ...process.env, ...COMPILED },
    });
    const answer = JSON.parse(stdout) as { level: number; examined: Examined[] };
    expect(answer.examined.filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(answer.level).toBe(0);
    expect(named(answer.examined, 'running')).toMatchObject({ seen: `${platform.http} is ready` });
    expect(await platform.stop()).toBe(0);
  }, 180_000);
});
