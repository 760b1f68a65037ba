import { execFile } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOARDS } from '../../dashboards/grafana/boards/index.ts';
import { RULES } from '../../dashboards/grafana/rules.ts';
import { type FakeGrafana, startFakeGrafana } from '../support/fake-grafana.ts';
import { temporaryDir } from '../support/platform.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function tillwatch(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(root, 'app/main.ts'), ...args],
      { cwd: root, env: { ...process.env, ...env } },
      (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

describe('tillwatch dashboards', { timeout: 180_000 }, () => {
  const dir = temporaryDir('grafana');
  afterAll(() => dir.remove());

  it('builds the files, calls them up to date, and names the one that somebody changed', async () => {
    expect((await tillwatch(['dashboards', 'build', '--out', dir.path])).code).toBe(0);
    expect(await tillwatch(['dashboards', 'check', '--out', dir.path])).toMatchObject({ code: 0 });
    appendFileSync(join(dir.path, 'influx/dashboards/fleet.json'), ' ');
    const stale = await tillwatch(['dashboards', 'check', '--out', dir.path]);
    expect(stale.code).not.toBe(0);
    expect(stale.err).toContain('influx/dashboards/fleet.json');
    expect(stale.err).not.toContain('site.json');
  });
});

describe('tillwatch dashboards push, to a stand-in of Grafana’s documented API', { timeout: 180_000 }, () => {
  let grafana: FakeGrafana;
  beforeAll(async () => {
    grafana = await startFakeGrafana('right');
  });
  afterAll(() => grafana.stop());
  const push = (token: string, ...more: string[]) =>
    tillwatch(['dashboards', 'push', '--url', grafana.url, ...more], { TILLWATCH_GRAFANA_TOKEN: token });

  it('puts every dashboard into its folder, and the second time over the first', async () => {
    const run = await push('right');
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(run.out).toContain(`${grafana.url}/d/tillwatch-fleet/x`);
    expect(grafana.folders).toEqual(['tillwatch']);
    expect([...grafana.dashboards.values()].map(({ title }) => title)).toEqual(BOARDS.map(({ title }) => title));
    expect((await push('right')).code).toBe(0);
    expect(grafana.dashboards.get('tillwatch-fleet')).toMatchObject({ folderUid: 'tillwatch', version: 2 });
    expect(grafana.ruleGroups.size).toBe(0);
  });

  it('pushes the alert rules where a datasource is named for them', async () => {
    const run = await push('right', '--store', 'influx', '--rules-datasource', 'my-influx');
    expect(run).toMatchObject({ code: 0, err: '' });
    const rules = [...grafana.ruleGroups.values()].flat();
    expect(rules).toHaveLength(RULES.length);
    expect(JSON.stringify(rules)).toContain('"datasourceUid":"my-influx"');
    expect(grafana.dashboards.has('tillwatch-fleet-influx')).toBe(true);
  });

  it('says what is wrong with the token, the address, and an unreachable server', async () => {
    const refused = await push('wrong');
    expect(refused.code).not.toBe(0);
    expect(refused.err).toContain('the token is not accepted');
    expect(refused.err).not.toContain('wrong');
    expect((await push('')).err).toContain('TILLWATCH_GRAFANA_TOKEN');
    expect((await push('right', '--url', 'localhost:3000')).err).toContain('--url is "localhost:3000"');
    expect((await push('right', '--url', 'http://127.0.0.1:9')).err).toContain('http://127.0.0.1:9/api/folders');
  });
});
