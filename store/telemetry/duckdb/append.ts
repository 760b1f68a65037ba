import {
  BIGINT,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  INTEGER,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { TillwatchError } from '../../../contract/errors.ts';

/** Values of one column: whole numbers, numbers with NaN for none, times (ms) for a BIGINT column, or strings. */
export type Source =
  | { readonly type: 'INTEGER'; readonly values: Int32Array<ArrayBuffer> }
  /** 0 stands for none. */
  | { readonly type: 'CODE'; readonly values: Int32Array<ArrayBuffer> }
  | { readonly type: 'UTINYINT'; readonly values: Uint8Array<ArrayBuffer> }
  | { readonly type: 'DOUBLE'; readonly values: Float64Array<ArrayBuffer> }
  | { readonly type: 'BIGINT'; readonly values: Float64Array<ArrayBuffer> }
  | { readonly type: 'VARCHAR'; readonly values: readonly string[] };

const VECTOR = 2048;
const TYPES: Readonly<Record<Source['type'], DuckDBType>> = {
  INTEGER,
  CODE: INTEGER,
  UTINYINT,
  DOUBLE,
  BIGINT,
  VARCHAR,
};
const WIDTH = { INTEGER: 4, CODE: 4, UTINYINT: 1, DOUBLE: 8, BIGINT: 8 } as const;

// Reused for every vector: DuckDB copies out of them at once.
class Scratch {
  readonly bytes = new ArrayBuffer(VECTOR * 8);
  readonly int32 = new Int32Array(this.bytes);
  readonly uint8 = new Uint8Array(this.bytes);
  readonly float64 = new Float64Array(this.bytes);
  readonly uint32 = new Uint32Array(this.bytes);
  readonly maskBytes = new ArrayBuffer(VECTOR / 8);
  readonly mask = new Uint8Array(this.maskBytes);
}

/** Appends rows to a table through data chunks: columns are copied as memory, not value by value. `picked`: which rows, in order; all when left out. */
export class ColumnAppender {
  readonly #connection: DuckDBConnection;
  readonly #scratch = new Scratch();

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  async append(
    database: string,
    table: string,
    columns: readonly string[],
    sources: ReadonlyMap<string, Source>,
    count: number,
    picked?: Int32Array,
  ): Promise<void> {
    const ordered = columns.map((column) => {
      const source = sources.get(column);
      if (!source) throw new TillwatchError('telemetry.no_column', `rows of ${table} have no ${column}`);
      return source;
    });
    const types = ordered.map((source) => TYPES[source.type]);
    const total = picked ? picked.length : count;
    const appender = await this.#connection.createAppender(table, 'main', database);
    try {
      for (let start = 0; start < total; start += VECTOR) {
        const size = Math.min(VECTOR, total - start);
        const chunk = DuckDBDataChunk.create(types, size);
        ordered.forEach((source, index) => {
          this.#fill(chunk, index, source, start, size, picked);
        });
        appender.appendDataChunk(chunk);
      }
      appender.flushSync();
    } finally {
      appender.closeSync();
    }
  }

  #fill(
    chunk: DuckDBDataChunk,
    index: number,
    source: Source,
    start: number,
    size: number,
    picked: Int32Array | undefined,
  ): void {
    const at = (i: number): number => (picked ? picked[start + i]! : start + i);
    if (source.type === 'VARCHAR') {
      chunk.setColumnValues(
        index,
        Array.from({ length: size }, (_, i) => source.values[at(i)]!),
      );
      return;
    }
    const { bytes, int32, uint8, float64, uint32, mask, maskBytes } = this.#scratch;
    let nulls = 0;
    const none = (i: number): void => {
      if (nulls++ === 0) mask.fill(255);
      mask[i >> 3]! &= ~(1 << (i & 7));
    };
    const { values } = source;
    const vector = duckdb.data_chunk_get_vector(chunk.chunk, index);
    const finish = (): void => {
      if (nulls === 0) return;
      duckdb.vector_ensure_validity_writable(vector);
      duckdb.copy_data_to_vector_validity(vector, 0, maskBytes, 0, Math.ceil(size / 64) * 8);
    };
    if (!picked && source.type !== 'BIGINT') {
      // The usual case: rows as they stand, one copy from the column that came from the main thread.
      if (source.type === 'DOUBLE') for (let i = 0; i < size; i++) if (Number.isNaN(values[start + i]!)) none(i);
      if (source.type === 'CODE') for (let i = 0; i < size; i++) if (values[start + i] === 0) none(i);
      const width = WIDTH[source.type];
      duckdb.copy_data_to_vector(vector, 0, values.buffer, values.byteOffset + start * width, size * width);
      finish();
      return;
    }
    switch (source.type) {
      case 'DOUBLE':
        for (let i = 0; i < size; i++) {
          const value = values[at(i)]!;
          float64[i] = value;
          if (Number.isNaN(value)) none(i);
        }
        break;
      case 'BIGINT':
        // ms fit 53 bits: two halves are far cheaper than a BigInt a value.
        for (let i = 0; i < size; i++) {
          const value = values[at(i)]!;
          uint32[2 * i] = value >>> 0;
          uint32[2 * i + 1] = Math.floor(value / 4_294_967_296);
        }
        break;
      case 'CODE':
        for (let i = 0; i < size; i++) {
          const value = values[at(i)]!;
          int32[i] = value;
          if (value === 0) none(i);
        }
        break;
      case 'INTEGER':
        for (let i = 0; i < size; i++) int32[i] = values[at(i)]!;
        break;
      case 'UTINYINT':
        for (let i = 0; i < size; i++) uint8[i] = values[at(i)]!;
        break;
    }
    duckdb.copy_data_to_vector(vector, 0, bytes, 0, size * WIDTH[source.type]);
    finish();
  }
}
