import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { TillwatchError } from '../../contract/errors.ts';
import { type Config, SETTINGS } from '../config.ts';
import { lockDataDir } from '../data-lock.ts';
import { runningAt } from '../running.ts';
import { type Examined, error, ok, warning } from './finding.ts';

const MIB = 2 ** 20;
const NODE = 24;

/** The runtime. */
export function examineRuntime(version: string): Examined {
  const major = Number(/^v?(\d+)/.exec(version)?.[1] ?? 0);
  if (major >= NODE) return ok('node', `Node ${version}`);
  return error(
    'node',
    `Node ${version} runs this; it needs ${NODE} or newer`,
    'run "npm ci": the runtime comes with the packages, and "npm start" and "npx tillwatch" use it',
  );
}

/** The data directory: rights, and who holds it. `inUse` tells whether a process works on it. */
export function examineData(dir: string): { readonly examined: readonly Examined[]; readonly inUse: boolean } {
  const name = 'data directory';
  const there = existsSync(dir) ? dir : dirname(dir);
  try {
    accessSync(there, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    const next = `give its owner's rights to this user (chown -R "$USER" ${there}), or another directory with --data`;
    return { examined: [error(name, `${there} cannot be written by this user`, next)], inUse: false };
  }
  if (!existsSync(dir)) return { examined: [ok(name, `${dir} will be made at the first start`)], inUse: false };
  const damaged = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.(damaged|unreadable)$/.test(path),
  );
  const examined: Examined[] =
    damaged.length === 0
      ? []
      : [
          warning(
            'damaged files',
            `${damaged.length} were put aside: ${damaged.slice(0, 3).join(', ')}`,
            'look at the disk (smartctl, dmesg); what the journal still held was filled in again; delete them once they are understood',
          ),
        ];
  try {
    lockDataDir(dir).release();
    return { examined: [...examined, ok(name, `${dir} can be written, and nobody works on it`)], inUse: false };
  } catch (thrown) {
    if (!(thrown instanceof TillwatchError) || thrown.code !== 'platform.data_in_use') {
      return {
        examined: [
          ...examined,
          error(name, (thrown as Error).message, 'mend the directory, or give another with --data'),
        ],
        inUse: false,
      };
    }
    const running = runningAt(dir);
    const seen = running
      ? `process ${running.pid} works on ${dir} and answers at ${running.http}`
      : `a process works on ${dir}`;
    return { examined: [...examined, ok(name, seen)], inUse: true };
  }
}

/** Room for what the journal may still take. */
export function examineDisk(config: Config): Examined {
  const name = 'disk';
  const there = existsSync(config.dataDir) ? config.dataDir : dirname(config.dataDir);
  const { bavail, bsize } = statfsSync(there);
  const free = bavail * bsize;
  const budget = config.journal.startsWith('sqlite:') ? config.journalBudgetMb * MIB : 0;
  const left = Math.max(0, budget - sizeOf(join(config.dataDir, 'journal')));
  const seen = `${Math.round(free / MIB)} MB free; the journal may take ${Math.round(left / MIB)} MB more`;
  if (free < 256 * MIB)
    return error(name, seen, 'free some disk now: the journal stops acknowledging when there is none');
  if (free < left) {
    return warning(name, seen, `free some disk, or lower ${SETTINGS.journalBudgetMb.env} to what is there`);
  }
  return ok(name, seen);
}

function sizeOf(dir: string): number {
  if (!existsSync(dir)) return 0;
  return readdirSync(dir).reduce(
    (sum, name) => sum + (statSync(join(dir, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

/** Ports that this configuration would listen on, where nothing of ours runs yet. */
export async function examinePorts(config: Config): Promise<readonly Examined[]> {
  const wanted: readonly (readonly [keyof typeof SETTINGS & ('httpPort' | 'mqttPort' | 'mqttWsPort'), string])[] =
    config.mqttUrl === ''
      ? [
          ['httpPort', config.httpHost],
          ['mqttPort', config.mqttHost],
          ['mqttWsPort', config.mqttHost],
        ]
      : [['httpPort', config.httpHost]];
  const examined: Examined[] = [];
  for (const [key, host] of wanted) {
    const port = config[key];
    if (port === 0) continue;
    const code = await listenOnce(port, host);
    const name = `port ${port}`;
    if (code === undefined) examined.push(ok(name, `free on ${host}`));
    else if (code === 'EADDRINUSE') {
      examined.push(
        error(
          name,
          `taken on ${host}`,
          `see who has it (ss -ltnp 'sport = :${port}'), stop that, or give another by ${SETTINGS[key].env}`,
        ),
      );
    } else
      examined.push(
        error(name, `cannot be opened on ${host}: ${code}`, `give another port or address (${SETTINGS[key].env})`),
      );
  }
  return examined;
}

function listenOnce(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (thrown: NodeJS.ErrnoException) => resolve(thrown.code ?? thrown.message));
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
}
