import { COUNTER_COLUMNS, GAUGE_COLUMNS, TEXT_COLUMNS } from '../columns.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** What a file holds: raw rows, events, or rollups of five minutes or an hour. */
export type Kind = 'raw' | 'ev' | 'r5m' | 'r1h';
export const KINDS: readonly Kind[] = ['raw', 'ev', 'r5m', 'r1h'];

/** Time that one file of a kind covers, ms: deleting the file is what gives its disk back. */
export const PERIOD_MS: Readonly<Record<Kind, number>> = {
  raw: DAY_MS,
  ev: 28 * DAY_MS,
  r5m: 7 * DAY_MS,
  r1h: 28 * DAY_MS,
};

export const BUCKET_MS = { r5m: 5 * MINUTE_MS, r1h: HOUR_MS } as const;

/** A table's columns in order, with types. */
export type Table = readonly (readonly [name: string, type: string])[];

const row: Table = [
  ['tid', 'INTEGER'],
  ['ts', 'BIGINT'],
];
const words: Table = TEXT_COLUMNS.map((c) => [c.name, 'INTEGER'] as const);

// Numbers are DOUBLE: DuckDB's ALP compresses decimals to what they carry, so nothing is rounded and little is spent.
const RAW: Readonly<Record<string, Table>> = {
  hb: [...row, ...GAUGE_COLUMNS.map((c) => [c.name, 'DOUBLE'] as const), ...words],
  ct: [...row, ...COUNTER_COLUMNS.map((c) => [c.name, 'DOUBLE'] as const)],
  cu: [...row, ['name', 'INTEGER'], ['value', 'DOUBLE']],
};
const ROLLUP: Readonly<Record<string, Table>> = {
  hb: [
    ...row,
    ['n', 'INTEGER'],
    ...GAUGE_COLUMNS.flatMap(
      (c) =>
        [
          [c.name, 'DOUBLE'],
          [`${c.name}_min`, 'DOUBLE'],
          [`${c.name}_max`, 'DOUBLE'],
        ] as const,
    ),
    ...words,
  ],
  ct: [
    ...row,
    ['n', 'INTEGER'],
    ...COUNTER_COLUMNS.flatMap((c) => [[c.name, 'DOUBLE'] as const, [`${c.name}_inc`, 'DOUBLE'] as const]),
  ],
  cu: [
    ...row,
    ['n', 'INTEGER'],
    ['name', 'INTEGER'],
    ['value', 'DOUBLE'],
    ['value_min', 'DOUBLE'],
    ['value_max', 'DOUBLE'],
  ],
};

/** Tables of data by kind of file; all have `tid` and `ts`. */
export const TABLES: Readonly<Record<Kind, Readonly<Record<string, Table>>>> = {
  raw: RAW,
  ev: { ev: [...row, ['received_at', 'BIGINT'], ['channel', 'UTINYINT'], ['payload', 'VARCHAR']] },
  r5m: ROLLUP,
  r1h: ROLLUP,
};

/**
 * Each file carries the names its numbers stand for, so that it can be read alone, and the journal positions it has been written up to,
 * committed with its rows. No keys, no indexes, no upserts: appended rows are the only form of change that DuckDB's log replays safely.
 */
export const OWN: Readonly<Record<string, Table>> = {
  terminal: [
    ['tid', 'INTEGER'],
    ['tenant', 'VARCHAR'],
    ['terminal', 'VARCHAR'],
  ],
  word: [
    ['id', 'INTEGER'],
    ['text', 'VARCHAR'],
  ],
  position: [
    ['shard', 'INTEGER'],
    ['position', 'BIGINT'],
  ],
};

export function createTable(where: string, name: string, table: Table): string {
  return `CREATE TABLE IF NOT EXISTS ${where}.${name} (${table.map(([column, type]) => `${column} ${type}`).join(', ')})`;
}
