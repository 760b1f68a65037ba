import { existsSync } from 'node:fs';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { messageOf, TillwatchError } from '../../contract/errors.ts';
import type { FeatureSpec, ReadingRow, WordColumn } from '../core/learn/features.ts';

/** Names by which tables call the device and the moment, without capitals, spaces and underscores. */
const IDS = [
  ...['id', 'device', 'deviceid', 'machine', 'machineid', 'terminal', 'terminalid', 'unit', 'unitid', 'unitnumber'],
  ...['asset', 'assetid', 'equipment', 'equipmentid', 'engine', 'engineid', 'vehicleid', 'serial', 'serialnumber'],
];
const TIMES = [
  ...['timestamp', 'time', 'datetime', 'date', 'ts', 'at', 'eventtime', 'createdat'],
  ...['failedat', 'failuretime', 'failuredate', 'failuretimestamp'],
];
/** Columns that say what is to be learned: never features. */
const ANSWERS = /^(failure|failures|failed|fails|label|target|rul|will_fail|y)$/i;
const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*|BOOLEAN)$/;
const MOST_WORDS = 24;

interface Column {
  readonly name: string;
  readonly type: string;
}

export interface TableColumns {
  readonly id?: string;
  readonly time?: string;
}

/** A table in CSV (plain or .gz) or Parquet files, one path or a glob, read through DuckDB. */
export class Table {
  readonly path: string;
  readonly id: string;
  readonly time: string;
  readonly columns: readonly Column[];
  readonly #connection: DuckDBConnection;
  readonly #from: string;

  private constructor(
    path: string,
    from: string,
    connection: DuckDBConnection,
    columns: readonly Column[],
    named: TableColumns,
  ) {
    this.path = path;
    this.#from = from;
    this.#connection = connection;
    this.columns = columns;
    this.id = this.#pick(named.id, IDS, 'device', '--id-column');
    this.time = this.#pick(named.time, TIMES, 'time', '--time-column');
  }

  /** Opens a table and finds its columns. Errors: `files.unreadable`, `files.no_column`, which names what there is. */
  static async open(path: string, named: TableColumns): Promise<Table> {
    if (!/[*?[]/.test(path) && !existsSync(path)) {
      throw new TillwatchError('files.unreadable', `${path} cannot be read: there is no such file`, { status: 400 });
    }
    const quoted = `'${path.replaceAll("'", "''")}'`;
    const from = /\.(parquet|pq)$/i.test(path)
      ? `read_parquet(${quoted})`
      : `read_csv(${quoted}, header = true, sample_size = 100000)`;
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const columns = await rowsOf(connection, `DESCRIBE SELECT * FROM ${from}`, path);
    return new Table(
      path,
      from,
      connection,
      columns.map(([name, type]) => ({ name: String(name), type: String(type) })),
      named,
    );
  }

  close(): void {
    this.#connection.closeSync();
  }

  #pick(asked: string | undefined, usual: readonly string[], what: string, option: string): string {
    const names = this.columns.map((c) => c.name);
    const found =
      asked === undefined
        ? usual
            .map((u) => names.find((n) => n.toLowerCase().replaceAll(/[^a-z0-9]/g, '') === u))
            .find((n) => n !== undefined)
        : names.find((n) => n.toLowerCase() === asked.toLowerCase());
    if (found !== undefined) return found;
    throw new TillwatchError(
      'files.no_column',
      asked === undefined
        ? `${this.path} has no column that names the ${what}: it has ${names.join(', ')}. Say which with ${option}`
        : `${this.path} has no column "${asked}" (${option}): it has ${names.join(', ')}`,
      { status: 400 },
    );
  }

  /** The device, as SQL: 7 and 7.0 are the same, as a column of whole numbers with gaps is read. */
  get #who(): string {
    const column = name(this.id);
    const type = this.columns.find((c) => c.name === this.id)!.type;
    if (!/^(FLOAT|DOUBLE)$/.test(type)) return `CAST(${column} AS VARCHAR)`;
    return `CASE WHEN ${column} = floor(${column}) THEN CAST(CAST(${column} AS BIGINT) AS VARCHAR) ELSE CAST(${column} AS VARCHAR) END`;
  }

  /** ms since 1970, as SQL. */
  get #at(): string {
    const column = name(this.time);
    const type = this.columns.find((c) => c.name === this.time)!.type;
    if (NUMBER.test(type)) return `CASE WHEN abs(${column}) < 1e11 THEN ${column} * 1000.0 ELSE ${column} * 1.0 END`;
    const moment = type === 'VARCHAR' ? `TRY_CAST(${column} AS TIMESTAMP)` : column;
    return `CAST(epoch_ms(CAST(${moment} AS TIMESTAMP)) AS DOUBLE)`;
  }

  /** Refuses tables with rows that have no device or no time. Error: `files.bad_row`. */
  async check(): Promise<{ rows: number; devices: number; from: number; to: number }> {
    const [row] = await this.#query(
      `SELECT count(*), count(DISTINCT ${name(this.id)}), min(${this.#at}), max(${this.#at}),
       count(*) FILTER (WHERE ${name(this.id)} IS NULL), count(*) FILTER (WHERE ${this.#at} IS NULL) FROM ${this.#from}`,
    );
    const [rows, devices, from, to, nameless, timeless] = (row ?? []).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    if (rows === 0) throw new TillwatchError('files.empty', `${this.path} has no rows`, { status: 400 });
    for (const [count, column, what] of [
      [nameless, this.id, 'no device'],
      [timeless, this.time, 'no readable time'],
    ] as const) {
      if (count === 0) continue;
      throw new TillwatchError(
        'files.bad_row',
        `${this.path}: ${count} of ${rows} rows have ${what} in column "${column}"`,
        {
          status: 400,
        },
      );
    }
    return { rows, devices, from, to };
  }

  /** What there is to learn from: numbers that vary, counters among them, and words where there are few. */
  async discover(ignored: readonly string[]): Promise<Pick<FeatureSpec, 'numbers' | 'counters' | 'words'>> {
    const left = this.columns.filter(
      (c) => c.name !== this.id && c.name !== this.time && !ANSWERS.test(c.name) && !ignored.includes(c.name),
    );
    const numbers: string[] = [];
    const words: WordColumn[] = [];
    for (const column of left) {
      if (NUMBER.test(column.type)) {
        const [row] = await this.#query(`SELECT min(${double(column)}), max(${double(column)}) FROM ${this.#from}`);
        if (row && row[0] !== null && row[0] !== row[1]) numbers.push(column.name);
      } else if (column.type === 'VARCHAR') {
        const rows = await this.#query(
          `SELECT DISTINCT ${name(column.name)} FROM ${this.#from} WHERE ${name(column.name)} IS NOT NULL ORDER BY 1 LIMIT ${MOST_WORDS + 1}`,
        );
        if (rows.length === 0 || rows.length > MOST_WORDS) continue;
        // A word that stands alone is an event, where not every row says it.
        const told = rows.length > 1 ? await this.#changes(column.name) : await this.#lacks(column.name);
        if (told || rows.length > 1) words.push({ column: column.name, known: rows.map((r) => String(r[0])), told });
      }
    }
    if (numbers.length + words.length === 0) {
      throw new TillwatchError(
        'learn.no_features',
        `${this.path} has no column that varies besides "${this.id}" and "${this.time}"`,
        {
          status: 400,
        },
      );
    }
    return { numbers, words, counters: await this.#counters(numbers) };
  }

  /** Whether a column of words says different things of one device, one after the other. A kind or a place does not. */
  async #changes(column: string): Promise<boolean> {
    const [row] = await this.#query(
      `SELECT avg(CASE WHEN kinds > 1 THEN 1.0 ELSE 0.0 END) FROM (SELECT count(DISTINCT ${name(column)}) AS kinds FROM ${this.#from} GROUP BY ${name(this.id)})`,
    );
    return Number(row?.[0]) > 0.02;
  }

  async #lacks(column: string): Promise<boolean> {
    const [row] = await this.#query(`SELECT count(*) FILTER (WHERE ${name(column)} IS NULL) FROM ${this.#from}`);
    return Number(row?.[0]) > 0;
  }

  /** Columns that hardly ever step back and often step on, within a device. */
  async #counters(numbers: readonly string[]): Promise<string[]> {
    if (numbers.length === 0) return [];
    const steps = numbers.map(
      (n, i) =>
        `CAST(${name(n)} AS DOUBLE) - lag(CAST(${name(n)} AS DOUBLE)) OVER (PARTITION BY ${name(this.id)} ORDER BY ${this.#at}) AS s${i}`,
    );
    const shares = numbers.flatMap((_, i) => [
      `avg(CASE WHEN s${i} < 0 THEN 1.0 ELSE 0.0 END)`,
      `avg(CASE WHEN s${i} > 0 THEN 1.0 ELSE 0.0 END)`,
    ]);
    const [row] = await this.#query(`SELECT ${shares.join(', ')} FROM (SELECT ${steps.join(', ')} FROM ${this.#from})`);
    return numbers.filter((_, i) => Number(row?.[2 * i]) < 0.002 && Number(row?.[2 * i + 1]) > 0.02);
  }

  /** Rows device by device, each in the order of time. */
  async *readings(spec: Pick<FeatureSpec, 'numbers' | 'words'>): AsyncGenerator<{ device: string; row: ReadingRow }> {
    this.#demand([...spec.numbers, ...spec.words.map((w) => w.column)]);
    const numbers = spec.numbers.map((n) => `TRY_CAST(${name(n)} AS DOUBLE)`);
    const words = spec.words.map((w) => `CAST(${name(w.column)} AS VARCHAR)`);
    const sql = `SELECT ${this.#who}, ${[this.#at, ...numbers, ...words].join(', ')} FROM ${this.#from} ORDER BY 1, 2`;
    const result = await this.#connection.stream(sql);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      for (const [device, at, ...rest] of chunk.getRows()) {
        yield {
          device: String(device),
          row: {
            at: Number(at),
            numbers: rest.slice(0, numbers.length).map((v) => (v === null ? Number.NaN : Number(v))),
            words: rest.slice(numbers.length).map((v) => (v === null ? undefined : String(v))),
          },
        };
      }
    }
  }

  /** Times of failures by device, rising. Where a column says whether a row is a failure at all, only those that are. */
  async failures(): Promise<Map<string, number[]>> {
    const flag = this.columns.find((c) => ANSWERS.test(c.name) && NUMBER.test(c.type));
    const rows = await this.#query(
      `SELECT DISTINCT ${this.#who}, ${this.#at} FROM ${this.#from} ${flag ? `WHERE CAST(${name(flag.name)} AS DOUBLE) > 0` : ''} ORDER BY 1, 2`,
    );
    const failures = new Map<string, number[]>();
    for (const [device, at] of rows) {
      const list = failures.get(String(device));
      if (list) list.push(Number(at));
      else failures.set(String(device), [Number(at)]);
    }
    return failures;
  }

  #demand(wanted: readonly string[]): void {
    const missing = wanted.filter((w) => !this.columns.some((c) => c.name === w));
    if (missing.length === 0) return;
    throw new TillwatchError(
      'files.no_column',
      `${this.path} lacks ${missing.map((m) => `"${m}"`).join(', ')}, which the model was learned from: it has ${this.columns.map((c) => c.name).join(', ')}`,
      { status: 400 },
    );
  }

  #query(sql: string): Promise<unknown[][]> {
    return rowsOf(this.#connection, sql, this.path);
  }
}

async function rowsOf(connection: DuckDBConnection, sql: string, path: string): Promise<unknown[][]> {
  try {
    return (await connection.runAndReadAll(sql)).getRows();
  } catch (error) {
    throw new TillwatchError('files.unreadable', `${path} cannot be read: ${messageOf(error).split('\n')[0]}`, {
      status: 400,
      cause: error,
    });
  }
}

function name(column: string): string {
  return `"${column.replaceAll('"', '""')}"`;
}

function double(column: Column): string {
  return `CAST(${name(column.name)} AS DOUBLE)`;
}
