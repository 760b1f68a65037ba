import type { DuckDBConnection } from '@duckdb/node-api';
import type { Latest } from '../../../contract/ports/telemetry-store.ts';
import { COUNTER_COLUMNS, GAUGE_COLUMNS, TEXT_COLUMNS } from '../columns.ts';
import type { Catalog } from './catalog.ts';
import { type Files, type PeriodFile, rows } from './files.ts';
import type { Kind } from './schema.ts';

type Source = 'hb' | 'ct';
/** Where the newest rows may be, best first: when raw rows are gone, the last rollup still tells. */
const PLACES: readonly Kind[] = ['raw', 'r5m', 'r1h'];
const MOST_AT_ONCE = 5000;

/** Time of each terminal's newest row of one table. */
class Newest {
  ts = new Float64Array(1024);
  /** 0: only what was written since the start is known; 1: the files have been looked at too. */
  known = new Uint8Array(1024);
  place = new Uint8Array(1024);

  grow(tid: number): void {
    if (tid < this.ts.length) return;
    const size = Math.max(tid + 1, this.ts.length * 2);
    this.ts = copied(new Float64Array(size), this.ts);
    this.known = copied(new Uint8Array(size), this.known);
    this.place = copied(new Uint8Array(size), this.place);
  }
}

/** Remembers when each terminal's newest rows were, so that asking for the latest reads those rows alone and never a whole table. */
export class LatestIndex {
  readonly #catalog: Catalog;
  readonly #files: Files;
  readonly #newest = { hb: new Newest(), ct: new Newest() };

  constructor(catalog: Catalog, files: Files) {
    this.#catalog = catalog;
    this.#files = files;
  }

  /** Rows have been stored. */
  saw(table: string, tids: Int32Array, ts: Float64Array): void {
    if (table !== 'hb' && table !== 'ct') return;
    const newest = this.#newest[table];
    for (let i = 0; i < tids.length; i++) {
      const tid = tids[i]!;
      newest.grow(tid);
      if (ts[i]! >= newest.ts[tid]!) {
        newest.ts[tid] = ts[i]!;
        newest.place[tid] = 0;
      }
    }
  }

  /** Files were dropped or written anew: what is known of them may be wrong. */
  forget(): void {
    for (const newest of [this.#newest.hb, this.#newest.ct]) {
      newest.ts.fill(0);
      newest.known.fill(0);
    }
  }

  async latest(connection: DuckDBConnection, tenant: string, terminals: readonly string[]): Promise<Latest[]> {
    const tids: number[] = [];
    for (const terminal of new Set(terminals)) {
      const tid = this.#catalog.terminals.get(`${tenant}/${terminal}`);
      if (tid !== undefined) tids.push(tid);
    }
    const found = new Map<number, { ts: number; values: Record<string, number | string> }>();
    for (let i = 0; i < tids.length; i += MOST_AT_ONCE) {
      const some = tids.slice(i, i + MOST_AT_ONCE);
      await this.#look(connection, 'hb', some, found);
      await this.#look(connection, 'ct', some, found);
    }
    return tids.flatMap((tid) => {
      const one = found.get(tid);
      return one ? [{ terminal: this.#catalog.keys[tid]!.terminal, ts: one.ts, values: one.values }] : [];
    });
  }

  async #look(
    connection: DuckDBConnection,
    table: Source,
    tids: readonly number[],
    found: Map<number, { ts: number; values: Record<string, number | string> }>,
  ): Promise<void> {
    const newest = this.#newest[table];
    for (const tid of tids) newest.grow(tid);
    await this.#resolve(connection, table, tids);
    const byFile = new Map<PeriodFile, number[]>();
    for (const tid of tids) {
      const ts = newest.ts[tid]!;
      const file = ts > 0 ? this.#files.find(PLACES[newest.place[tid]!]!, ts) : undefined;
      if (!file) continue;
      const list = byFile.get(file);
      if (list) list.push(tid);
      else byFile.set(file, [tid]);
    }
    const columns = table === 'hb' ? [...GAUGE_COLUMNS, ...TEXT_COLUMNS] : COUNTER_COLUMNS;
    const words = table === 'hb' ? GAUGE_COLUMNS.length : columns.length;
    for (const [file, list] of byFile) {
      const times = list.map((tid) => newest.ts[tid]!);
      const found_ = await rows<[number, bigint, ...(number | null)[]]>(
        connection,
        `SELECT tid, ts, ${columns.map((c) => c.name).join(', ')} FROM ${file.alias}.${table}
         WHERE ts >= ${min(times)} AND ts <= ${max(times)} AND tid IN (${list.join(',')})`,
      );
      for (const [tid, time, ...values] of found_) {
        const ts = Number(time);
        if (ts !== newest.ts[tid]!) continue;
        const one = found.get(tid) ?? { ts: 0, values: {} };
        found.set(tid, one);
        one.ts = Math.max(one.ts, ts);
        values.forEach((value, i) => {
          if (value !== null) one.values[columns[i]!.key] = i < words ? value : (this.#catalog.texts[value] ?? '');
        });
      }
    }
  }

  /** Looks through the files, newest first, for terminals of which only what came since the start is known. */
  async #resolve(connection: DuckDBConnection, table: Source, tids: readonly number[]): Promise<void> {
    const newest = this.#newest[table];
    let open = tids.filter((tid) => newest.known[tid] === 0);
    for (const [place, kind] of PLACES.entries()) {
      for (const file of this.#files.list(kind).reverse()) {
        if (open.length === 0) return;
        const seen = await rows<[number, bigint]>(
          connection,
          `SELECT tid, max(ts) FROM ${file.alias}.${table} WHERE tid IN (${open.join(',')}) GROUP BY tid`,
        );
        for (const [tid, time] of seen) {
          const ts = Number(time);
          if (ts > newest.ts[tid]!) {
            newest.ts[tid] = ts;
            newest.place[tid] = place;
          }
          newest.known[tid] = 1;
        }
        open = open.filter((tid) => newest.known[tid] === 0);
      }
      // What raw rows tell needs no rollup.
      for (const tid of open) if (newest.ts[tid]! > 0) newest.known[tid] = 1;
      open = open.filter((tid) => newest.known[tid] === 0);
    }
    for (const tid of open) newest.known[tid] = 1;
  }
}

function copied<T extends Float64Array | Uint8Array>(target: T, source: T): T {
  target.set(source as never);
  return target;
}

function min(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}
function max(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}
