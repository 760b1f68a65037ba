import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { TillwatchError } from '../../contract/errors.ts';

export interface ConsoleBuild {
  /** Directory to serve. */
  readonly dist: string;
  /** False when what was there is what the sources make. */
  readonly built: boolean;
}

const home = dirname(fileURLToPath(import.meta.url));
/** Where the built console lies. */
export const CONSOLE_DIST = join(home, 'dist');
const STAMP = join(CONSOLE_DIST, '.stamp');
const SOURCES = ['index.html', 'vite.config.ts', 'tsconfig.json', 'public', 'src'];
const COMPRESSED = /\.(js|css|html|svg|json)$/;

/**
 * Builds the web console into `dist`, where its sources have changed since the last time. A packed release carries the built console
 * without its sources, and is served as it is.
 */
export async function buildConsole(options: { readonly force: boolean }): Promise<ConsoleBuild> {
  const sourcesHere = existsSync(join(home, 'src', 'main.tsx'));
  if (!sourcesHere) return { dist: CONSOLE_DIST, built: false };
  const stamp = stampOf();
  if (!options.force && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) {
    return { dist: CONSOLE_DIST, built: false };
  }
  // Built aside and put in place whole: another process may be building, or serving, at the same time.
  const aside = join(home, '..', '..', 'node_modules', '.cache', `tillwatch-console-${process.pid}`);
  await bundleApart(aside);
  compress(aside);
  writeFileSync(join(aside, '.stamp'), stamp);
  rmSync(`${aside}-old`, { recursive: true, force: true });
  if (existsSync(CONSOLE_DIST)) renameSync(CONSOLE_DIST, `${aside}-old`);
  renameSync(aside, CONSOLE_DIST);
  rmSync(`${aside}-old`, { recursive: true, force: true });
  return { dist: CONSOLE_DIST, built: true };
}

/** Bundling takes seconds of a processor: in a process of its own, so that the platform starts meanwhile, and for production whatever this one is for. */
async function bundleApart(outDir: string): Promise<void> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), outDir], {
    cwd: home,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) {
    throw new TillwatchError('console.not_built', `the console could not be built: ${said.trim() || `exit ${code}`}`);
  }
}

async function bundle(outDir: string): Promise<void> {
  const { build } = await import('vite');
  await build({ root: home, configFile: join(home, 'vite.config.ts'), logLevel: 'warn', build: { outDir } });
}

/** Digest of everything that the built console depends on; what it takes from the contract included. */
function stampOf(): string {
  const hash = createHash('sha256');
  const root = join(home, '..', '..');
  const files = [
    ...SOURCES.flatMap((name) => filesIn(join(home, name))),
    ...filesIn(join(root, 'contract')),
    join(root, 'package-lock.json'),
  ];
  for (const file of files.filter((one) => existsSync(one)))
    hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest('hex');
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  const found = readdirSync(dirname(path), { withFileTypes: true }).find(
    (entry) => join(dirname(path), entry.name) === path,
  );
  if (found?.isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Writes `.br` and `.gz` beside each text, so that serving compresses nothing. */
function compress(folder: string): void {
  for (const file of filesIn(folder).filter((one) => COMPRESSED.test(one))) {
    const bytes = readFileSync(file);
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(process.argv[2] ?? CONSOLE_DIST);
