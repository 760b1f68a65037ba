import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTypescript, { astToString } from 'openapi-typescript';
import pino from 'pino';
import { readConfig } from '../app/config.ts';
import { createPlatform } from '../app/platform.ts';
import { systemClock } from '../app/system-clock.ts';
import { grafanaFiles } from '../dashboards/grafana/files.ts';
import { chartFiles } from '../deploy/helm/chart.ts';
import { manifests } from '../deploy/kubernetes/manifests.ts';

/**
 * Files that are made from the sources and committed. `node tests/generated.ts` writes them, `--check` says which are stale and fails.
 */
interface Generated {
  readonly path: string;
  make(): Promise<string>;
}

const root = fileURLToPath(new URL('..', import.meta.url));

const GENERATED: readonly Generated[] = [
  {
    path: 'dashboards/console/src/api/schema.gen.ts',
    make: async () => {
      const types = astToString(
        await openapiTypescript(await openApi(), { alphabetize: true, defaultNonNullable: false }),
      );
      return `// Made from the API's OpenAPI document by "node tests/generated.ts": not to be edited.\n${types}`;
    },
  },
  ...grafanaFiles().map(({ path, text }) => ({ path: `dashboards/grafana/generated/${path}`, make: async () => text })),
  ...manifests().map(({ path, text }) => ({ path: `deploy/kubernetes/base/${path}`, make: async () => text })),
  ...chartFiles().map(({ path, text }) => ({ path: `deploy/helm/tillwatch/${path}`, make: async () => text })),
];

/** The OpenAPI document of the whole platform, which is built for it but not started. */
async function openApi(): Promise<never> {
  const dir = mkdtempSync(join(tmpdir(), 'tillwatch-openapi-'));
  const config = readConfig({ env: {}, flags: { dataDir: dir, httpPort: '0', mqttPort: '0', mqttWsPort: '0' } });
  const platform = await createPlatform({
    config,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    demo: () => null,
  });
  await platform.http.ready();
  const document = platform.http.swagger();
  await platform.http.close();
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  return document as never;
}

const stale: string[] = [];
for (const one of GENERATED) {
  const path = join(root, one.path);
  const text = await one.make();
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  if (process.argv.includes('--check')) stale.push(relative(root, path));
  else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    process.stdout.write(`wrote ${one.path}\n`);
  }
}
if (stale.length > 0) process.stderr.write(`stale: ${stale.join(', ')}; run "node tests/generated.ts"\n`);
// The platform that was built but never started holds engines open.
process.exit(stale.length > 0 ? 1 : 0);
