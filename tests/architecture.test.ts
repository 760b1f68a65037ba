import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const ROOMS = ['ingest', 'analytics', 'alerts', 'dashboards', 'firmware-sim', 'store'] as const;

interface Import {
  readonly file: string;
  readonly target: string;
}

function sourcesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(
      (file) => /\.tsx?$/.test(file) && !file.split(sep).some((part) => part === 'node_modules' || part === 'dist'),
    )
    .map((file) => join(folder, file));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|new URL\(\s*['"]([^'"]+\.[cm]?[jt]sx?)['"]/g,
  );
  return [...specifiers].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    const target = specifier.startsWith('.') ? relative(root, join(root, dirname(file), specifier)) : specifier;
    return { file, target };
  });
}

const inFolder = (path: string, folder: string): boolean => path.startsWith(`${folder}${sep}`);

/** Imports of `folder` that reach a folder of ours which is not among `allowed`. */
function strays(folder: string, allowed: readonly string[]): string[] {
  const ours = ['contract', ...ROOMS, 'app', 'tests'];
  return sourcesOf(folder)
    .flatMap(importsOf)
    .filter(
      ({ target }) => ours.some((name) => inFolder(target, name)) && !allowed.some((name) => inFolder(target, name)),
    )
    .map(({ file, target }) => `${file} imports ${target}`);
}

describe('the directions of imports', () => {
  it('contract imports nothing of ours', () => {
    expect(strays('contract', ['contract'])).toEqual([]);
  });

  it.each(ROOMS)('%s imports only the contract and itself', (room) => {
    expect(strays(room, ['contract', room])).toEqual([]);
  });

  it('app and the rooms import nothing from tests', () => {
    expect(['app', ...ROOMS].flatMap((folder) => strays(folder, ['contract', ...ROOMS, 'app']))).toEqual([]);
  });

  it.each(ROOMS)("%s's core reaches neither its edge nor the world", (room) => {
    const world =
      /^(node:(fs|net|http|https|tls|dgram|child_process|worker_threads|sqlite|timers)|fastify|mqtt|aedes|pg|kysely|pino|prom-client|@duckdb|@nats-io|@influxdata|nodemailer)/;
    const faults = sourcesOf(room)
      .filter((file) => file.includes(`${sep}core${sep}`))
      .flatMap((file) => [
        ...importsOf(file)
          .filter(({ target }) => world.test(target) || (inFolder(target, room) && target.includes(`${sep}edge${sep}`)))
          .map(({ target }) => `${file} imports ${target}`),
        ...(/\b(Date\.now|Math\.random|performance\.now|new Date\(\)|crypto\.random|randomUUID|setTimeout|setInterval)\b/.test(
          withoutComments(readFileSync(join(root, file), 'utf8')),
        )
          ? [`${file} takes time or randomness from the world`]
          : []),
      ]);
    expect(faults).toEqual([]);
  });

  it('no room throws a plain Error', () => {
    const faults = ['contract', ...ROOMS]
      .flatMap(sourcesOf)
      .filter((file) => !file.includes(`${sep}console${sep}`))
      .filter((file) => /throw new Error\(/.test(withoutComments(readFileSync(join(root, file), 'utf8'))));
    expect(faults).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
}
