import type { DuckDBConnection } from '@duckdb/node-api';
import { COUNTER_COLUMNS, GAUGE_COLUMNS, TEXT_COLUMNS } from '../columns.ts';
import type { NumberRows, RowSet } from '../rows.ts';
import { ColumnAppender, type Source } from './append.ts';
import type { Catalog } from './catalog.ts';
import type { Files, PeriodFile } from './files.ts';
import type { LatestIndex } from './latest.ts';
import { type Kind, PERIOD_MS } from './schema.ts';

/** A table's rows with numbers instead of names, ready to append. */
interface Part {
  readonly kind: Kind;
  readonly table: string;
  readonly count: number;
  readonly tids: Int32Array<ArrayBuffer>;
  readonly ts: Float64Array<ArrayBuffer>;
  readonly batch: Int32Array<ArrayBuffer>;
  readonly sources: ReadonlyMap<string, Source>;
  /** Numbers of the words that its rows use. */
  readonly words: readonly Int32Array[];
}

/** Stores row sets: each period's file takes its rows and its journal position in one transaction. */
export class Writer {
  readonly #connection: DuckDBConnection;
  readonly #catalog: Catalog;
  readonly #files: Files;
  readonly #latest: LatestIndex;
  readonly #appender: ColumnAppender;

  constructor(connection: DuckDBConnection, catalog: Catalog, files: Files, latest: LatestIndex) {
    this.#connection = connection;
    this.#catalog = catalog;
    this.#files = files;
    this.#latest = latest;
    this.#appender = new ColumnAppender(connection);
  }

  /** Durable when resolved. Batches at or below the shard's position change nothing. */
  async write(set: RowSet): Promise<void> {
    const { shard, positions } = set;
    const last = positions.at(-1) ?? 0;
    if (last <= this.#catalog.position(shard)) return;
    const parts = this.#catalog.batch(() => this.#number(set));
    const byFile = new Map<string, { file: PeriodFile; parts: { part: Part; picked: Int32Array | undefined }[] }>();
    for (const part of parts) {
      for (const [period, picked] of periodsOf(part)) {
        const file = await this.#fileOf(part.kind, period);
        // A file may have taken a batch whose other rows were still on their way elsewhere when the process ended.
        const stored = file.positions.get(shard) ?? 0;
        const fresh = stored < positions[0]! ? picked : unstored(part, picked, positions, stored);
        if (fresh?.length === 0) continue;
        const entry = byFile.get(file.alias) ?? { file, parts: [] };
        byFile.set(file.alias, entry);
        entry.parts.push({ part, picked: fresh });
      }
    }
    for (const { file, parts: its } of byFile.values()) await this.#store(file, its, shard, last);
    this.#catalog.batch(() => {
      for (const { file } of byFile.values()) this.#catalog.setFilePosition(file.alias, shard, last);
      this.#catalog.setPosition(shard, last);
    });
    for (const part of parts) this.#latest.saw(part.table, part.tids, part.ts);
  }

  async #fileOf(kind: Kind, period: number): Promise<PeriodFile> {
    for (;;) {
      const file = await this.#files.at(this.#connection, kind, period * PERIOD_MS[kind]);
      if (!file.busy) return file;
      await file.busy;
    }
  }

  #number(set: RowSet): Part[] {
    const catalog = this.#catalog;
    const wordIds = Int32Array.from(set.words, (word) => catalog.word(word));
    const coded = (codes: Int32Array): Int32Array<ArrayBuffer> => {
      // A plain loop: Int32Array.from with a function was a tenth of the whole write.
      const ids = new Int32Array(codes.length);
      for (let i = 0; i < codes.length; i++) ids[i] = codes[i] === 0 ? 0 : wordIds[codes[i]! - 1]!;
      return ids;
    };
    const base = (rows: Pick<NumberRows, 'count' | 'names' | 'ts' | 'batch'>, kind: Kind, table: string) => {
      const tids = new Int32Array(rows.count);
      if (rows.count > 0) {
        rows.names.split('\n').forEach((name, i) => {
          tids[i] = catalog.terminal(name);
        });
      }
      const sources = new Map<string, Source>([
        ['tid', { type: 'INTEGER', values: tids }],
        ['ts', { type: 'BIGINT', values: rows.ts }],
      ]);
      return { kind, table, count: rows.count, tids, ts: rows.ts, batch: rows.batch, sources };
    };
    const columns = (
      sources: Map<string, Source>,
      names: readonly { name: string }[],
      type: 'DOUBLE' | 'CODE',
      values: Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>,
      count: number,
    ): void => {
      names.forEach(({ name }, i) => {
        sources.set(name, { type, values: values.subarray(i * count, (i + 1) * count) } as Source);
      });
    };
    const parts: Part[] = [];
    const { heartbeats, counters, custom, events } = set;
    if (heartbeats.count > 0) {
      const part = base(heartbeats, 'raw', 'hb');
      const words = coded(heartbeats.words);
      columns(part.sources, GAUGE_COLUMNS, 'DOUBLE', heartbeats.values, part.count);
      columns(part.sources, TEXT_COLUMNS, 'CODE', words, part.count);
      parts.push({ ...part, words: [words] });
    }
    if (counters.count > 0) {
      const part = base(counters, 'raw', 'ct');
      columns(part.sources, COUNTER_COLUMNS, 'DOUBLE', counters.values, part.count);
      parts.push({ ...part, words: [] });
    }
    if (custom.count > 0) {
      const part = base(custom, 'raw', 'cu');
      const names = coded(custom.name);
      part.sources.set('name', { type: 'CODE', values: names });
      part.sources.set('value', { type: 'DOUBLE', values: custom.values });
      parts.push({ ...part, words: [names] });
    }
    if (events.count > 0) {
      const part = base(events, 'ev', 'ev');
      part.sources.set('received_at', { type: 'BIGINT', values: events.receivedAt });
      part.sources.set('channel', { type: 'UTINYINT', values: events.channel });
      part.sources.set('payload', { type: 'VARCHAR', values: events.payloads });
      parts.push({ ...part, words: [] });
    }
    for (const { kind, ts } of parts) if (kind === 'raw') for (const time of ts) catalog.stored(time);
    return parts;
  }

  async #store(
    file: PeriodFile,
    parts: readonly { part: Part; picked: Int32Array | undefined }[],
    shard: number,
    position: number,
  ): Promise<void> {
    const names = await this.#files.namesOf(this.#connection, file);
    const newTerminals = new Set<number>();
    const newWords = new Set<number>();
    for (const { part } of parts) {
      for (const tid of part.tids) if (!names.terminals.has(tid)) newTerminals.add(tid);
      for (const ids of part.words) for (const id of ids) if (id !== 0 && !names.words.has(id)) newWords.add(id);
    }
    await this.#connection.run('BEGIN TRANSACTION');
    try {
      await this.#appendNames(file, newTerminals, newWords);
      for (const { part, picked } of parts) {
        const columns = file.columns.get(part.table)!;
        await this.#appender.append(file.alias, part.table, columns, part.sources, part.count, picked);
      }
      await this.#connection.run(`INSERT INTO ${file.alias}.position VALUES (${shard}, ${position})`);
      await this.#connection.run('COMMIT');
    } catch (error) {
      await this.#rollback();
      throw error;
    }
    for (const tid of newTerminals) names.terminals.add(tid);
    for (const id of newWords) names.words.add(id);
    file.positions.set(shard, position);
  }

  async #appendNames(file: PeriodFile, terminals: ReadonlySet<number>, words: ReadonlySet<number>): Promise<void> {
    if (terminals.size > 0) {
      const tids = Int32Array.from(terminals);
      const keys = [...terminals].map((tid) => this.#catalog.keys[tid]);
      const sources = new Map<string, Source>([
        ['tid', { type: 'INTEGER', values: tids }],
        ['tenant', { type: 'VARCHAR', values: keys.map((key) => key?.tenant ?? '') }],
        ['terminal', { type: 'VARCHAR', values: keys.map((key) => key?.terminal ?? '') }],
      ]);
      await this.#appender.append(file.alias, 'terminal', file.columns.get('terminal')!, sources, tids.length);
    }
    if (words.size > 0) {
      const ids = Int32Array.from(words);
      const sources = new Map<string, Source>([
        ['id', { type: 'INTEGER', values: ids }],
        ['text', { type: 'VARCHAR', values: [...words].map((id) => this.#catalog.texts[id] ?? '') }],
      ]);
      await this.#appender.append(file.alias, 'word', file.columns.get('word')!, sources, ids.length);
    }
  }

  async #rollback(): Promise<void> {
    try {
      await this.#connection.run('ROLLBACK');
    } catch {
      // The transaction is gone already (a failed commit, or an instance that must be opened again): the first error is the one to tell.
    }
  }
}

/** Rows by period; undefined for all of them, in the usual case of one period. */
function periodsOf(part: Part): Map<number, Int32Array | undefined> {
  const length = PERIOD_MS[part.kind];
  const first = Math.floor(part.ts[0]! / length);
  let same = true;
  for (const time of part.ts) {
    if (time < first * length || time >= (first + 1) * length) {
      same = false;
      break;
    }
  }
  if (same) return new Map([[first, undefined]]);
  const rows = new Map<number, number[]>();
  part.ts.forEach((time, row) => {
    const period = Math.floor(time / length);
    const list = rows.get(period);
    if (list) list.push(row);
    else rows.set(period, [row]);
  });
  return new Map([...rows].map(([period, list]) => [period, Int32Array.from(list)]));
}

function unstored(
  part: Part,
  picked: Int32Array | undefined,
  positions: Float64Array,
  stored: number,
): Int32Array | undefined {
  const fresh: number[] = [];
  const total = picked ? picked.length : part.count;
  for (let i = 0; i < total; i++) {
    const row = picked ? picked[i]! : i;
    if (positions[part.batch[row]!]! > stored) fresh.push(row);
  }
  return fresh.length === total ? picked : Int32Array.from(fresh);
}
