import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf } from '../../../contract/errors.ts';
import type { Catalog } from './catalog.ts';
import { createTable, KINDS, type Kind, OWN, PERIOD_MS, TABLES } from './schema.ts';

/** One period's file, attached under `alias`. */
export interface PeriodFile {
  readonly kind: Kind;
  /** Start of its period ÷ the period's length. */
  readonly period: number;
  readonly from: number;
  readonly to: number;
  readonly alias: string;
  readonly path: string;
  /** Journal position it is written up to, by shard. */
  readonly positions: Map<number, number>;
  /** Columns of each table as they stand in the file: added ones come last. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
  /** Numbers of the terminals and words whose names it carries; read when it is first written. */
  names: { readonly terminals: IdSet; readonly words: IdSet } | undefined;
  /** While it is being written anew: whoever wants to add rows waits, then looks for the file again. */
  busy: Promise<void> | undefined;
}

export interface FileDamage {
  readonly path: string;
  readonly reason: string;
}

const NAME = /^(raw|ev|r5m|r1h)_(\d+)\.duckdb$/;

/** The telemetry directory: which period files there are, attached to one DuckDB instance. */
export class Files {
  readonly #dir: string;
  readonly #catalog: Catalog;
  readonly #byAlias = new Map<string, PeriodFile>();
  readonly damages: FileDamage[] = [];

  constructor(dir: string, catalog: Catalog) {
    this.#dir = dir;
    this.#catalog = catalog;
    mkdirSync(dir, { recursive: true });
  }

  /** Attaches every file; those that cannot be read are put aside, and the journal is read again for their rows. */
  async open(connection: DuckDBConnection): Promise<void> {
    for (const name of readdirSync(this.#dir).sort()) {
      // Left over from a rewriting that was cut short; the original is still whole.
      if (/\.rewrite(\.wal)?$/.test(name)) rmSync(join(this.#dir, name), { force: true });
      const match = NAME.exec(name);
      if (!match) continue;
      await this.#attachOrQuarantine(connection, match[1] as Kind, Number(match[2]));
    }
    this.#compare();
  }

  /** A log whose end is unreadable is taken as one that was cut short, without a word: only the positions tell that rows are missing. */
  #compare(): void {
    for (const [alias, positions] of this.#catalog.filePositions()) {
      const file = this.#byAlias.get(alias);
      const lost = [...positions].filter(([shard, position]) => (file?.positions.get(shard) ?? 0) < position);
      if (lost.length === 0) continue;
      const path = file?.path ?? join(this.#dir, `${alias}.duckdb`);
      if (!this.damages.some((damage) => damage.path === path || damage.path === `${path}.wal`)) {
        const at = lost.map(
          ([shard, position]) => `shard ${shard} at ${file?.positions.get(shard) ?? 0} of ${position}`,
        );
        this.damages.push({ path, reason: `rows are missing: ${at.join(', ')}` });
      }
      this.#catalog.forgetPositions();
      this.#catalog.forgetFile(alias);
    }
  }

  /** Files of a kind that touch [from, to), oldest first. */
  list(kind: Kind, from = -Infinity, to = Infinity): PeriodFile[] {
    return [...this.#byAlias.values()]
      .filter((file) => file.kind === kind && file.to > from && file.from < to)
      .sort((a, b) => a.period - b.period);
  }

  all(): PeriodFile[] {
    return KINDS.flatMap((kind) => this.list(kind));
  }

  /** The file of a time, made when there is none. */
  async at(connection: DuckDBConnection, kind: Kind, time: number): Promise<PeriodFile> {
    const period = Math.floor(time / PERIOD_MS[kind]);
    return this.#byAlias.get(`${kind}_${period}`) ?? this.#attach(connection, kind, period);
  }

  find(kind: Kind, time: number): PeriodFile | undefined {
    return this.#byAlias.get(`${kind}_${Math.floor(time / PERIOD_MS[kind])}`);
  }

  /** Deletes a file and gives its disk back. */
  async drop(connection: DuckDBConnection, file: PeriodFile): Promise<void> {
    this.#byAlias.delete(file.alias);
    this.#catalog.dropFile(file.alias);
    await connection.run(`DETACH ${file.alias}`);
    for (const suffix of ['', '.wal']) rmSync(file.path + suffix, { force: true });
  }

  /** Writes a file's rows to a new one beside it, in `order` and without what `where` excludes. Nothing may be added to it meanwhile. */
  async copy(connection: DuckDBConnection, file: PeriodFile, where: string, order: string): Promise<void> {
    const next = `${file.path}.rewrite`;
    rmSync(next, { force: true });
    await connection.run(`ATTACH '${next.replaceAll("'", "''")}' AS rewriting`);
    try {
      for (const name of Object.keys(TABLES[file.kind])) {
        await connection.run(
          `CREATE TABLE rewriting.${name} AS SELECT * FROM ${file.alias}.${name} WHERE ${where} ORDER BY ${order}`,
        );
      }
      await connection.run(`CREATE TABLE rewriting.terminal AS SELECT * FROM ${file.alias}.terminal WHERE ${where}`);
      await connection.run(`CREATE TABLE rewriting.word AS SELECT * FROM ${file.alias}.word`);
      await connection.run(
        `CREATE TABLE rewriting.position AS SELECT shard, max(position)::BIGINT AS position FROM ${file.alias}.position GROUP BY shard`,
      );
      await connection.run('CHECKPOINT rewriting');
    } finally {
      await connection.run('DETACH rewriting');
    }
  }

  /**
   * Puts what `copy` wrote in the file's place, by a rename: a crash leaves one of the two, whole. Until then the old file stays listed,
   * so that whoever looks for it finds it busy rather than missing.
   */
  async swap(connection: DuckDBConnection, file: PeriodFile): Promise<PeriodFile> {
    await connection.run(`CHECKPOINT ${file.alias}`);
    await connection.run(`DETACH ${file.alias}`);
    try {
      // A log without its file would be replayed into the new one.
      rmSync(`${file.path}.wal`, { force: true });
      renameSync(`${file.path}.rewrite`, file.path);
    } finally {
      await this.#attach(connection, file.kind, file.period);
    }
    return this.#byAlias.get(file.alias)!;
  }

  bytesOnDisk(): number {
    let bytes = 0;
    for (const name of readdirSync(this.#dir)) {
      bytes += statSync(join(this.#dir, name), { throwIfNoEntry: false })?.size ?? 0;
    }
    return bytes;
  }

  async #attachOrQuarantine(connection: DuckDBConnection, kind: Kind, period: number): Promise<void> {
    const path = join(this.#dir, `${kind}_${period}.duckdb`);
    let reason: string;
    try {
      await this.#attach(connection, kind, period);
      return;
    } catch (error) {
      reason = messageOf(error);
    }
    this.#catalog.forgetPositions();
    if (existsSync(`${path}.wal`)) {
      // Without its log a file stands at its last checkpoint, positions and all: the journal fills in what came after.
      aside(`${path}.wal`);
      this.damages.push({ path: `${path}.wal`, reason });
      try {
        await this.#attach(connection, kind, period);
        return;
      } catch (error) {
        reason = messageOf(error);
      }
    }
    aside(path);
    this.damages.push({ path, reason });
    // Rollups are made again from the raw rows as far as there are any.
    const hours = PERIOD_MS[kind] / 3_600_000;
    if (kind === 'r5m' || kind === 'r1h') {
      this.#catalog.batch(() => {
        for (let hour = period * hours; hour < (period + 1) * hours; hour++) this.#catalog.soil(hour);
      });
    }
  }

  async #attach(connection: DuckDBConnection, kind: Kind, period: number): Promise<PeriodFile> {
    const alias = `${kind}_${period}`;
    const path = join(this.#dir, `${alias}.duckdb`);
    const isNew = !existsSync(path);
    await connection.run(`ATTACH IF NOT EXISTS '${path.replaceAll("'", "''")}' AS ${alias}`);
    try {
      const tables = { ...TABLES[kind], ...OWN };
      const columns = isNew
        ? new Map<string, string[]>()
        : grouped(
            await rows<[string, string]>(
              connection,
              `SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = '${alias}' ORDER BY column_index`,
            ),
          );
      for (const [name, table] of Object.entries(tables)) {
        const present = columns.get(name);
        if (!present) {
          await connection.run(createTable(alias, name, table));
          columns.set(
            name,
            table.map(([column]) => column),
          );
          continue;
        }
        // The catalogue of metrics only grows: an older file lacks the newer columns.
        for (const [column, type] of table) {
          if (present.includes(column)) continue;
          await connection.run(`ALTER TABLE ${alias}.${name} ADD COLUMN ${column} ${type}`);
          present.push(column);
        }
      }
      const file: PeriodFile = {
        kind,
        period,
        from: period * PERIOD_MS[kind],
        to: (period + 1) * PERIOD_MS[kind],
        alias,
        path,
        positions: isNew ? this.#catalog.droppedPositions(alias) : new Map(),
        columns,
        names: isNew ? { terminals: new IdSet(), words: new IdSet() } : undefined,
        busy: undefined,
      };
      if (!isNew) await this.#learn(connection, file);
      this.#byAlias.set(alias, file);
      return file;
    } catch (error) {
      await connection.run(`DETACH ${alias}`);
      throw error;
    }
  }

  /** Reads a file's own names and positions, and teaches the catalogue what it does not know (it may be the younger of the two). */
  async #learn(connection: DuckDBConnection, file: PeriodFile): Promise<void> {
    const { alias } = file;
    for (const [shard, position] of await rows<[number, bigint]>(
      connection,
      `SELECT shard, max(position) FROM ${alias}.position GROUP BY shard`,
    )) {
      file.positions.set(shard, Number(position));
    }
    const catalog = this.#catalog;
    const terminals = await rows<[number, string, string]>(
      connection,
      `SELECT tid, tenant, terminal FROM ${alias}.terminal WHERE tid >= ${catalog.keys.length}`,
    );
    const words = await rows<[number, string]>(
      connection,
      `SELECT id, text FROM ${alias}.word WHERE id >= ${catalog.texts.length}`,
    );
    catalog.batch(() => {
      for (const [id, tenant, terminal] of terminals) catalog.addTerminal({ id, tenant, terminal });
      for (const [id, text] of words) catalog.addWord(id, text);
    });
  }

  /** Which names a file carries. */
  async namesOf(connection: DuckDBConnection, file: PeriodFile): Promise<NonNullable<PeriodFile['names']>> {
    if (file.names) return file.names;
    const names = { terminals: new IdSet(), words: new IdSet() };
    for (const [id] of await rows<[number]>(connection, `SELECT tid FROM ${file.alias}.terminal`))
      names.terminals.add(id);
    for (const [id] of await rows<[number]>(connection, `SELECT id FROM ${file.alias}.word`)) names.words.add(id);
    file.names = names;
    return names;
  }
}

/** A set of small whole numbers, a bit each. */
export class IdSet {
  #bits = new Uint8Array(1024);

  has(id: number): boolean {
    return ((this.#bits[id >> 3] ?? 0) & (1 << (id & 7))) !== 0;
  }

  add(id: number): void {
    if (id >> 3 >= this.#bits.length) {
      const bits = new Uint8Array(Math.max((id >> 3) + 1, this.#bits.length * 2));
      bits.set(this.#bits);
      this.#bits = bits;
    }
    this.#bits[id >> 3]! |= 1 << (id & 7);
  }
}

/** All rows of a query as arrays of values. */
export async function rows<T extends unknown[]>(connection: DuckDBConnection, sql: string): Promise<T[]> {
  return (await connection.runAndReadAll(sql)).getRows() as unknown as T[];
}

function grouped(pairs: readonly [string, string][]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const list = groups.get(name) ?? [];
    groups.set(name, list);
    list.push(value);
  }
  return groups;
}

function aside(path: string): void {
  let target = `${path}.damaged`;
  for (let i = 2; existsSync(target); i++) target = `${path}.damaged-${i}`;
  renameSync(path, target);
}
