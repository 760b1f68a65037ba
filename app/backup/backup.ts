import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { copyFile, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { TillwatchError } from '../../contract/errors.ts';
import type { Journal } from '../../contract/ports/journal.ts';
import { createSqliteCopier, type SqliteCopier } from '../../store/copy/copier.ts';
import type { Config } from '../config.ts';
import { MANIFEST, type Manifest, summed, verified } from './manifest.ts';

/** The running process's own, where there is one; left out, nobody works on the data directory. */
export interface Running {
  readonly journal: Journal;
  readonly copyTelemetry: (dir: string) => Promise<void>;
}

const HOLD = 'backup';
const SEGMENT = /^segment-\d{9}\.db$/;
/** Not copied: the lock, what says where the process runs, and what SQLite keeps beside its files. */
const LEFT_OUT = /^(lock\.db|running\.json|.*-(wal|shm|journal)|.*\.new)$/;

/** Refuses what `backup` cannot do: stores on servers have backups of their own. Throws `backup.servers`. */
export function assertEmbedded(config: Config): void {
  const own = [
    ...(config.relational === 'sqlite:' ? [] : ['tables: pg_dump, or base backups with WAL archiving']),
    ...(config.journal.startsWith('sqlite:') ? [] : ['journal: nats stream backup, of each tillwatch stream']),
    ...(config.telemetry.startsWith('duckdb:') ? [] : ['telemetry: vmbackup (VictoriaMetrics) or influx backup']),
  ];
  if (own.length === 0) return;
  throw new TillwatchError(
    'backup.servers',
    `Stores on servers are backed up by the servers' own tools, tables first and the journal last:\n  - ${own.join('\n  - ')}`,
    { status: 400 },
  );
}

/**
 * Copies a data directory, also while it is in use, to a new directory that restores to what a killed process would leave: tables, state
 * and telemetry first and the journal last, whose readers begin again from where they stood when the copy began. Nothing is trimmed
 * meanwhile. Errors: `backup.not_empty`, `backup.failed`, `backup.damaged`.
 */
export async function backup(
  dataDir: string,
  to: string,
  facts: { readonly now: number; readonly version: string; readonly shards: number },
  running?: Running,
): Promise<Manifest> {
  if (existsSync(to) && readdirSync(to).length > 0) {
    throw new TillwatchError('backup.not_empty', `${to} is not empty: give a directory that is new or empty`, {
      status: 400,
    });
  }
  mkdirSync(to, { recursive: true });
  const copier = createSqliteCopier();
  try {
    if (running) for (let shard = 0; shard < facts.shards; shard++) await running.journal.commit(HOLD, shard, 0);
    const cursors = await cursorsOf(copier, join(dataDir, 'journal'));
    await copyRest(copier, dataDir, to);
    const telemetry = join(dataDir, 'telemetry');
    if (running) await running.copyTelemetry(join(to, 'telemetry'));
    else if (existsSync(telemetry)) await cp(telemetry, join(to, 'telemetry'), { recursive: true });
    await copyJournal(copier, join(dataDir, 'journal'), join(to, 'journal'), cursors);
    const manifest: Manifest = { format: 1, version: facts.version, at: facts.now, files: await summed(to) };
    writeFileSync(join(to, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
    return await verified(to);
  } finally {
    await running?.journal.forget(HOLD).catch(() => {
      // Forgotten at the next backup, or at the next start.
    });
    await copier.close();
  }
}

type Cursors = Awaited<ReturnType<SqliteCopier['cursors']>>;

async function cursorsOf(copier: SqliteCopier, dir: string): Promise<Cursors> {
  const last = segmentsOf(dir).at(-1);
  return last === undefined ? [] : (await copier.cursors(join(dir, last))).filter(({ consumer }) => consumer !== HOLD);
}

const segmentsOf = (dir: string): string[] =>
  existsSync(dir)
    ? readdirSync(dir)
        .filter((name) => SEGMENT.test(name))
        .sort()
    : [];

/** Tables and the small files of the directory itself. */
async function copyRest(copier: SqliteCopier, from: string, to: string): Promise<void> {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (!entry.isFile() || LEFT_OUT.test(entry.name)) continue;
    if (entry.name.endsWith('.db')) {
      await copier.copy(join(from, entry.name), join(to, entry.name));
      await copier.check(join(to, entry.name));
    } else await copyFile(join(from, entry.name), join(to, entry.name));
  }
}

/** Segments in order; the newest is copied again and again until none was begun meanwhile. */
async function copyJournal(copier: SqliteCopier, from: string, to: string, cursors: Cursors): Promise<void> {
  mkdirSync(to, { recursive: true });
  const done = new Set<string>();
  for (let names = segmentsOf(from); names.some((name) => !done.has(name)); names = segmentsOf(from)) {
    for (const name of names) {
      if (done.has(name)) continue;
      await copier.copy(join(from, name), join(to, name));
      await copier.rewind(join(to, name), cursors);
      await copier.check(join(to, name));
      done.add(name);
    }
  }
}
