import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildConsole } from '../dashboards/console/build.ts';

/**
 * Emits what `npm pack` ships to `dist/`: JavaScript (Node strips no types under node_modules), the built console, and the rooms' data
 * files. Worker threads are started by `new URL('./x.ts', import.meta.url)`, which tsc leaves alone: rewritten here.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const SHIPPED = ['contract', 'ingest', 'analytics', 'alerts', 'dashboards', 'firmware-sim', 'store', 'app'];
const DATA_FILE = /\.(json|ya?ml|sql|ttf|otf|woff2?|html|css|svg|txt)$/;

rmSync(dist, { recursive: true, force: true });
await buildConsole({ force: false });
const emit = spawnSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')],
  { stdio: 'inherit' },
);
if (emit.status !== 0) process.exit(emit.status ?? 1);

for (const folder of SHIPPED) {
  for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, file);
    if (!DATA_FILE.test(file) || path.startsWith(join('dashboards', 'console'))) continue;
    cpSync(join(root, path), join(dist, path));
  }
}
cpSync(join(root, 'dashboards/console/dist'), join(dist, 'dashboards/console/dist'), { recursive: true });

for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  const path = join(dist, file);
  if (!file.endsWith('.js') || file.includes('console/dist') || !statSync(path).isFile()) continue;
  const source = readFileSync(path, 'utf8');
  const rewritten = source.replace(/(new URL\(\s*['"]\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1.js$2');
  if (rewritten !== source) writeFileSync(path, rewritten);
}
