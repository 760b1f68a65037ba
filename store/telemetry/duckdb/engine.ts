import { mkdirSync, rmSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { MetricDefinition } from '../../../contract/metrics.ts';
import type {
  AggregateQuery,
  GroupSeries,
  Latest,
  RangeQuery,
  RetentionPolicy,
  Series,
  TelemetryStats,
} from '../../../contract/ports/telemetry-store.ts';
import type { RowSet } from '../rows.ts';
import { Catalog } from './catalog.ts';
import { exportRows } from './export.ts';
import { type FileDamage, Files, type PeriodFile, rows } from './files.ts';
import { LatestIndex } from './latest.ts';
import { SharedLock, Turns } from './locks.ts';
import { type EventRow, type Membership, readAggregate, readEvents, readRange } from './read.ts';
import { filledSpans, oldestRow, overAge, piecesOf, rollUp, spansToRoll } from './rollup.ts';
import { HOUR_MS } from './schema.ts';
import { Writer } from './writer.ts';

export interface EngineOptions {
  readonly dir: string;
  readonly retention: RetentionPolicy;
  readonly memoryMb: number;
  readonly threads: number;
}

const READERS = 2;
// After this the rows of a day are hardly added to, and its file is put in order of terminals.
const SETTLED_MS = 2 * HOUR_MS;
// A larger day is left as it came: ordering it would take longer than it saves.
const ORDERED_ROWS = 30_000_000;
/** What the engine is pressed down to now and then. */
const LEAST_MB = 16;
/** Stands in a file's positions, as if it were a shard, once the file is in order. */
const ORDERED = -1;

/** The store inside its worker thread: one DuckDB instance with the period files attached. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  /** For long work beside the writer, whose transactions it must not be part of. */
  readonly #upkeepConnection: DuckDBConnection;
  readonly #readers: DuckDBConnection[];
  readonly #free: DuckDBConnection[];
  readonly #waiting: ((connection: DuckDBConnection) => void)[] = [];
  readonly #catalog: Catalog;
  readonly #files: Files;
  readonly #latest: LatestIndex;
  readonly #writer: Writer;
  /** Changes of rows take turns; taking a file away waits for readers too. */
  readonly #changes = new Turns();
  readonly #upkeep = new Turns();
  #closing = false;
  readonly #attached = new SharedLock();

  private constructor(
    options: EngineOptions,
    instance: DuckDBInstance,
    connections: readonly DuckDBConnection[],
    catalog: Catalog,
    files: Files,
  ) {
    this.#options = options;
    this.#instance = instance;
    this.#connection = connections[0]!;
    this.#upkeepConnection = connections[1]!;
    this.#readers = connections.slice(2);
    this.#free = [...this.#readers];
    this.#catalog = catalog;
    this.#files = files;
    this.#latest = new LatestIndex(catalog, files);
    this.#writer = new Writer(this.#connection, catalog, files, this.#latest);
  }

  static async open(options: EngineOptions): Promise<Engine> {
    mkdirSync(options.dir, { recursive: true });
    const spill = join(options.dir, 'spill');
    rmSync(spill, { recursive: true, force: true });
    const catalog = new Catalog(join(options.dir, 'catalog.db'));
    const files = new Files(options.dir, catalog);
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(options.threads),
      memory_limit: `${options.memoryMb}MB`,
      temp_directory: spill,
      // Rows are read in the order asked for, never in that of their writing.
      preserve_insertion_order: 'false',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      // What was written since the last checkpoint stays in memory, uncompressed, as large as this log or larger: at 192 MB that was
      // 300 MB to and fro. Each checkpoint writes the last, unfinished row group again, so rarer would be cheaper; at this size the
      // rate of writing was the same.
      checkpoint_threshold: '64MB',
    });
    const connections: DuckDBConnection[] = [];
    for (let i = 0; i < READERS + 2; i++) connections.push(await instance.connect());
    await files.open(connections[0]!);
    return new Engine(options, instance, connections, catalog, files);
  }

  get damages(): readonly FileDamage[] {
    const { damage } = this.#catalog;
    return [...(damage ? [{ path: 'catalog.db', reason: damage }] : []), ...this.#files.damages];
  }

  write(set: RowSet): Promise<void> {
    return this.#changes.run(() => this.#writer.write(set));
  }

  position(shard: number): number {
    return this.#catalog.position(shard);
  }

  latest(tenant: string, terminals: readonly string[]): Promise<Latest[]> {
    return this.#read((connection) => this.#latest.latest(connection, tenant, terminals));
  }

  range(tenant: string, query: RangeQuery, metrics: readonly MetricDefinition[]): Promise<Series[]> {
    return this.#read((connection) => readRange(connection, this.#catalog, this.#files, tenant, query, metrics));
  }

  /** A tenant's terminals, for the look-up of their places; those above number `after`, as the asker knows the others. */
  terminals(tenant: string, after: number): { tids: number[]; terminals: string[] } {
    const tids = this.#catalog.tenantIds(tenant, after);
    return { tids, terminals: tids.map((tid) => this.#catalog.keys[tid]!.terminal) };
  }

  aggregate(query: AggregateQuery, metric: MetricDefinition, membership: Membership): Promise<GroupSeries[]> {
    return this.#read((connection) => readAggregate(connection, this.#catalog, this.#files, query, metric, membership));
  }

  events(name: string, channel: number, from: number, to: number, limit: number): Promise<EventRow[]> {
    return this.#read((connection) =>
      readEvents(connection, this.#catalog, this.#files, name, channel, from, to, limit),
    );
  }

  maintain(now: number): Promise<void> {
    return this.#upkeep.run(() => this.#maintain(now));
  }

  async #maintain(now: number): Promise<void> {
    const connection = this.#connection;
    const catalog = this.#catalog;
    const written = new Set<string>();
    // Hours that late rows make dirty from here on are the next time's: with rows coming all the while there would be no end.
    const spans = spansToRoll(catalog, this.#files.list('raw'), now);
    // Rows may begin a day that lies between these, which the mark would pass over.
    catalog.soilBefore = Math.max(0, ...spans.map((span) => span.to));
    for (const span of spans) {
      catalog.beginRolling(span.from, span.to);
      for (const filled of await this.#changes.run(() => filledSpans(connection, this.#files, span))) {
        for (const piece of piecesOf(filled, catalog.keys.length)) {
          if (this.#closing) return;
          const files = await this.#changes.run(() => rollUp(connection, this.#files, catalog, piece));
          for (const file of files) written.add(file.alias);
        }
      }
      await this.#changes.run(async () => catalog.batch(() => catalog.endRolling(span.from, span.to)));
    }
    // Replaced rollups leave free space behind; a checkpoint folds the log and gives it back.
    for (const file of this.#files.all()) {
      if (written.has(file.alias))
        await this.#changes.run(async () => void (await connection.run(`CHECKPOINT ${file.alias}`)));
    }
    for (const file of overAge(this.#files, catalog, this.#options.retention, now)) {
      await this.#changes.run(async () => {
        if (file.kind === 'raw') {
          // Rows came since it was rolled up: it goes the next time, once they are in the rollups too.
          if (catalog.isDirty(file.from, file.to)) return;
          catalog.batch(() => {
            catalog.rawSince = Math.max(catalog.rawSince, file.to);
          });
        }
        await this.#attached.alone(() => this.#files.drop(connection, file));
        this.#latest.forget();
      });
    }
    for (const file of this.#files.list('raw', -Infinity, now - SETTLED_MS)) {
      if (this.#closing) return;
      if (file.to <= now - SETTLED_MS && !file.positions.has(ORDERED)) await this.#putInOrder(file);
    }
    await this.#giveBack();
  }

  /**
   * Folds what was written since the last checkpoint into the files, and lets go of the pages that were read or written: what is asked
   * for again comes from the system's own cache. Without it the engine fills all the memory that it may take, with rows of days past.
   */
  async #giveBack(): Promise<void> {
    if (this.#closing) return;
    const connection = this.#connection;
    await this.#changes.run(async () => {
      for (const file of this.#files.all()) await connection.run(`CHECKPOINT ${file.alias}`);
      await this.#attached.alone(async () => {
        try {
          await connection.run(`SET memory_limit = '${LEAST_MB}MB'`);
        } catch {
          // More than that is in use and cannot go: the limit is as before, and the next time does it.
        }
        await connection.run(`SET memory_limit = '${this.#options.memoryMb}MB'`);
      });
    });
  }

  /** Orders a settled day by terminal, which halves it and makes a terminal's rows neighbours. Only rows for that day wait meanwhile. */
  async #putInOrder(file: PeriodFile): Promise<void> {
    const connection = this.#upkeepConnection;
    const [size] = await rows<[number]>(connection, `SELECT count(*)::DOUBLE FROM ${file.alias}.hb`);
    if ((size?.[0] ?? 0) > ORDERED_ROWS) return;
    let done = (): void => {};
    // Set between two writes, so that none is under way in this file.
    await this.#changes.run(async () => {
      file.busy = new Promise((resolve) => {
        done = resolve;
      });
    });
    try {
      await this.#files.copy(connection, file, 'true', 'tid, ts');
      await this.#attached.alone(async () => {
        const next = await this.#files.swap(connection, file);
        await connection.run(`INSERT INTO ${next.alias}.position VALUES (${ORDERED}, 1)`);
        next.positions.set(ORDERED, 1);
      });
    } finally {
      file.busy = undefined;
      done();
    }
  }

  deleteTenant(tenant: string): Promise<void> {
    const connection = this.#upkeepConnection;
    const erase = async (): Promise<void> => {
      const quoted = `'${tenant.replaceAll("'", "''")}'`;
      for (const file of this.#files.all()) {
        const [has] = await rows<[number]>(
          connection,
          `SELECT count(*)::INTEGER FROM ${file.alias}.terminal WHERE tenant = ${quoted}`,
        );
        if (!has?.[0]) continue;
        const others = `tid NOT IN (SELECT tid FROM ${file.alias}.terminal WHERE tenant = ${quoted})`;
        await this.#files.copy(connection, file, others, 'tid, ts');
        await this.#attached.alone(() => this.#files.swap(connection, file));
      }
      this.#catalog.batch(() => this.#catalog.forgetTenant(tenant));
    };
    return this.#upkeep.run(() => this.#changes.run(erase));
  }

  export(tenant: string, format: 'parquet' | 'csv', path: string, from: number, to: number): Promise<{ rows: number }> {
    return this.#read((connection) => exportRows(connection, this.#files, tenant, format, path, from, to));
  }

  stats(): Promise<TelemetryStats> {
    return this.#read(async (connection) => {
      let count = 0;
      for (const file of this.#files.all()) {
        if (file.kind !== 'raw' && file.kind !== 'ev') continue;
        for (const table of file.kind === 'raw' ? ['hb', 'ct', 'cu'] : ['ev']) {
          const [row] = await rows<[bigint]>(connection, `SELECT count(*) FROM ${file.alias}.${table}`);
          count += Number(row?.[0] ?? 0);
        }
      }
      const [memory] = await rows<[number]>(connection, 'SELECT sum(memory_usage_bytes)::DOUBLE FROM duckdb_memory()');
      return {
        memoryBytes: memory?.[0] ?? 0,
        bytesOnDisk: this.#files.bytesOnDisk(),
        rows: count,
        oldest: await oldestRow(connection, this.#files),
      };
    });
  }

  /** Copies all files to a directory as of one moment; writes wait meanwhile. */
  copyTo(dir: string): Promise<void> {
    return this.#upkeep.run(() =>
      this.#changes.run(async () => {
        mkdirSync(dir, { recursive: true });
        for (const file of this.#files.all()) {
          // Everything into the file itself, and nothing into a log beside it while it is copied.
          await this.#connection.run(`CHECKPOINT ${file.alias}`);
          await copyFile(file.path, join(dir, basename(file.path)));
        }
        this.#catalog.copyTo(join(dir, 'catalog.db'));
      }),
    );
  }

  async close(): Promise<void> {
    // Upkeep ends after the piece under way; what is left of it is done next time.
    this.#closing = true;
    await this.#upkeep.run(async () => {});
    await this.#changes.run(() =>
      this.#attached.alone(async () => {
        for (const file of this.#files.all()) {
          await this.#connection.run(`CHECKPOINT ${file.alias}`);
          await this.#connection.run(`DETACH ${file.alias}`);
        }
        for (const reader of [...this.#readers, this.#upkeepConnection]) reader.closeSync();
        this.#connection.closeSync();
        this.#instance.closeSync();
        this.#catalog.close();
      }),
    );
  }

  #read<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return this.#attached.shared(async () => {
      const connection =
        this.#free.pop() ?? (await new Promise<DuckDBConnection>((resolve) => this.#waiting.push(resolve)));
      try {
        return await work(connection);
      } finally {
        const next = this.#waiting.shift();
        if (next) next(connection);
        else this.#free.push(connection);
      }
    });
  }
}
