import { TillwatchError } from '../../contract/errors.ts';

/** Blocks a chunk: chunks are never moved or copied as a slab grows, so a million terminals cost no reallocation. */
const CHUNK_BITS = 6;
const CHUNK = 1 << CHUNK_BITS;
const MASK = CHUNK - 1;

/**
 * Fixed-size blocks of 32-bit floats, numbered from 1 (0 means none), with freed blocks used again.
 * Each chunk has two views of the same memory: floats, and unsigned integers for totals that floats cannot hold exactly.
 */
export class Slab {
  readonly stride: number;
  readonly #floats: Float32Array[] = [];
  readonly #words: Uint32Array[] = [];
  #next = 1;
  #free: number[] = [];

  constructor(stride: number) {
    this.stride = stride;
  }

  /** Number of blocks in use. */
  get used(): number {
    return this.#next - 1 - this.#free.length;
  }

  get bytes(): number {
    return this.#floats.length * CHUNK * this.stride * 4;
  }

  allocate(): number {
    const reused = this.#free.pop();
    if (reused !== undefined) {
      this.floats(reused).fill(0, this.offset(reused), this.offset(reused) + this.stride);
      return reused;
    }
    const id = this.#next++;
    if (id >> CHUNK_BITS >= this.#floats.length) this.#grow();
    return id;
  }

  release(id: number): void {
    this.#free.push(id);
  }

  /** The float view of the chunk that holds block `id`. */
  floats(id: number): Float32Array {
    return this.#floats[id >> CHUNK_BITS]!;
  }

  words(id: number): Uint32Array {
    return this.#words[id >> CHUNK_BITS]!;
  }

  /** Index of the block's first number within its chunk. */
  offset(id: number): number {
    return (id & MASK) * this.stride;
  }

  #grow(): void {
    const memory = new ArrayBuffer(CHUNK * this.stride * 4);
    this.#floats.push(new Float32Array(memory));
    this.#words.push(new Uint32Array(memory));
  }

  /** Parts of a snapshot: a header, the free list, and the chunks up to the last block ever used. */
  save(): Uint8Array[] {
    const blocks = this.#next;
    const header = Uint32Array.of(this.stride, blocks, this.#free.length);
    const parts = [bytesOf(header), bytesOf(Uint32Array.from(this.#free))];
    for (let first = 0; first < blocks; first += CHUNK) {
      const chunk = this.#floats[first >> CHUNK_BITS];
      if (chunk) parts.push(bytesOf(chunk.slice(0, Math.min(CHUNK, blocks - first) * this.stride)));
    }
    return parts;
  }

  /** Takes a saved slab back from `bytes` at `at`; answers where it ended. Throws `analytics.bad_snapshot` where the layout differs. */
  load(bytes: Uint8Array, at: number): number {
    const [stride, blocks, freed] = readWords(bytes, at, 3);
    if (stride !== this.stride || blocks === undefined || freed === undefined) {
      throw new TillwatchError(
        'analytics.bad_snapshot',
        'a slab in the snapshot has another layout than this version',
        {
          context: { expected: this.stride, found: stride },
        },
      );
    }
    let cursor = at + 12;
    this.#free = [...readWords(bytes, cursor, freed)];
    cursor += freed * 4;
    this.#floats.length = 0;
    this.#words.length = 0;
    this.#next = blocks;
    // A slab never used has saved no chunk.
    for (let first = 0; blocks > 1 && first < blocks; first += CHUNK) {
      this.#grow();
      const length = Math.min(CHUNK, blocks - first) * this.stride;
      this.#words[first >> CHUNK_BITS]!.set(readWords(bytes, cursor, length));
      cursor += length * 4;
    }
    return cursor;
  }
}

function bytesOf(view: Uint32Array | Float32Array): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function readWords(bytes: Uint8Array, at: number, count: number): Uint32Array {
  if (at + count * 4 > bytes.byteLength) {
    throw new TillwatchError('analytics.bad_snapshot', 'the snapshot is cut short');
  }
  return new Uint32Array(bytes.slice(at, at + count * 4).buffer);
}
