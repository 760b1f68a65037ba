import { TillwatchError } from '../../contract/errors.ts';

/** Blocks a chunk. Only the last chunk of a slab ever grows, by a thirty-second of the whole (one block while they are few), so that little is copied and little lies idle. */
const CHUNK_BITS = 12;
const CHUNK = 1 << CHUNK_BITS;
const MASK = CHUNK - 1;
const GROWTH_BITS = 5;

/** A block as a cursor sees it: three views of one chunk of memory, and the index of the block's first word. */
export interface BlockView {
  f: Float32Array;
  u: Uint32Array;
  h: Uint16Array;
  o: number;
}

/**
 * Fixed-size blocks of 32-bit words, numbered from 1 (0 means none), with freed blocks used again. Each chunk has three views of the same
 * memory: floats, unsigned words, and 16-bit halves. A view holds until the next block is allocated.
 */
export class Slab {
  readonly stride: number;
  readonly #floats: Float32Array[] = [];
  readonly #words: Uint32Array[] = [];
  readonly #halves: Uint16Array[] = [];
  #next = 1;
  /** Head of the list of freed blocks, which is kept in their own first words, and how many they are. */
  #free = 0;
  #freed = 0;

  constructor(stride: number) {
    this.stride = stride;
  }

  /** Number of blocks in use. */
  get used(): number {
    return this.#next - 1 - this.#freed;
  }

  /** Number of blocks that were in use and lie free now. */
  get idle(): number {
    return this.#freed;
  }

  get bytes(): number {
    return this.#floats.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  }

  allocate(): number {
    const reused = this.#free;
    if (reused !== 0) {
      const words = this.words(reused);
      const at = this.offset(reused);
      this.#free = words[at]!;
      this.#freed--;
      words.fill(0, at, at + this.stride);
      return reused;
    }
    const id = this.#next++;
    this.#reserve(id);
    return id;
  }

  release(id: number): void {
    if (this.used === 1) {
      this.#drop(1);
      return;
    }
    this.words(id)[this.offset(id)] = this.#free;
    this.#free = id;
    this.#freed++;
  }

  /** The float view of the chunk that holds block `id`. */
  floats(id: number): Float32Array {
    return this.#floats[(id - 1) >> CHUNK_BITS]!;
  }

  words(id: number): Uint32Array {
    return this.#words[(id - 1) >> CHUNK_BITS]!;
  }

  halves(id: number): Uint16Array {
    return this.#halves[(id - 1) >> CHUNK_BITS]!;
  }

  /** Points a view at a block, all of it at once: it is asked for with each message. */
  show(id: number, view: BlockView): void {
    const chunk = (id - 1) >> CHUNK_BITS;
    view.f = this.#floats[chunk]!;
    view.u = this.#words[chunk]!;
    view.h = this.#halves[chunk]!;
    view.o = ((id - 1) & MASK) * this.stride;
  }

  /** Index of the block's first word within its chunk; its first half is at twice that. */
  offset(id: number): number {
    return ((id - 1) & MASK) * this.stride;
  }

  /**
   * Closes the gaps that freed blocks leave: blocks beyond the number in use move down. `move` is to be called once with every block in
   * use, and answers its new number; `end` then gives the memory behind them back.
   */
  compaction(): { move(id: number): number; end(): void } {
    const used = this.used;
    const gaps: number[] = [];
    for (let id = this.#free; id !== 0; id = this.words(id)[this.offset(id)]!) if (id <= used) gaps.push(id);
    return {
      move: (id) => {
        if (id <= used) return id;
        const to = gaps.pop()!;
        const from = this.offset(id);
        this.words(to).set(this.words(id).subarray(from, from + this.stride), this.offset(to));
        return to;
      },
      end: () => this.#drop(used + 1),
    };
  }

  /** Forgets all blocks from `next` on, and the list of free ones. */
  #drop(next: number): void {
    this.#next = next;
    this.#free = 0;
    this.#freed = 0;
    const chunks = next === 1 ? 0 : ((next - 2) >> CHUNK_BITS) + 1;
    this.#floats.length = chunks;
    this.#words.length = chunks;
    this.#halves.length = chunks;
    if (chunks > 0) this.#resize(chunks - 1, ((next - 2) & MASK) + 1);
  }

  #reserve(id: number): void {
    const chunk = (id - 1) >> CHUNK_BITS;
    const slot = (id - 1) & MASK;
    const room = (this.#words[chunk]?.length ?? 0) / this.stride;
    if (slot >= room) this.#resize(chunk, Math.min(CHUNK, slot + Math.max(1, id >> GROWTH_BITS)));
  }

  #resize(chunk: number, blocks: number): void {
    const words = new Uint32Array(blocks * this.stride);
    const old = this.#words[chunk];
    if (old) words.set(old.subarray(0, words.length));
    this.#words[chunk] = words;
    this.#floats[chunk] = new Float32Array(words.buffer);
    this.#halves[chunk] = new Uint16Array(words.buffer);
  }

  /** Parts of a snapshot: a header, and the chunks up to the last block ever used. They show the slab itself: write them before it changes. */
  save(): Uint8Array[] {
    const header = Uint32Array.of(this.stride, this.#next, this.#free, this.#freed);
    const parts = [bytesOf(header)];
    this.#words.forEach((words, chunk) => {
      const blocks = Math.min(CHUNK, this.#next - 1 - chunk * CHUNK);
      parts.push(bytesOf(words.subarray(0, blocks * this.stride)));
    });
    return parts;
  }

  /** Takes a saved slab back from `bytes` at `at`; answers where it ended. Throws `analytics.bad_snapshot` where the layout differs. */
  load(bytes: Uint8Array, at: number): number {
    const [stride, next, free, freed] = readWords(bytes, at, 4);
    if (stride !== this.stride || next === undefined || free === undefined || freed === undefined) {
      throw new TillwatchError(
        'analytics.bad_snapshot',
        'a slab in the snapshot has another layout than this version',
        {
          context: { expected: this.stride, found: stride },
        },
      );
    }
    this.#drop(1);
    let cursor = at + 16;
    for (let first = 0; first < next - 1; first += CHUNK) {
      const blocks = Math.min(CHUNK, next - 1 - first);
      this.#resize(first >> CHUNK_BITS, blocks);
      this.#words[first >> CHUNK_BITS]!.set(readWords(bytes, cursor, blocks * stride));
      cursor += blocks * stride * 4;
    }
    this.#next = next;
    this.#free = free;
    this.#freed = freed;
    return cursor;
  }
}

function bytesOf(view: Uint32Array): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Whole words out of a snapshot, wherever they begin in it. */
export function readWords(bytes: Uint8Array, at: number, count: number): Uint32Array<ArrayBuffer> {
  if (at + count * 4 > bytes.byteLength) {
    throw new TillwatchError('analytics.bad_snapshot', 'the snapshot is cut short');
  }
  return new Uint32Array(bytes.slice(at, at + count * 4).buffer);
}
