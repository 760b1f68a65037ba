import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, TillwatchError } from '../../../contract/errors.ts';
import { MAX_SHARDS, Segment } from './segment.ts';

export interface LogOptions {
  readonly dir: string;
  readonly shards: number;
  readonly budgetBytes: number;
  readonly segmentBytes: number;
  /** Segments that every consumer has passed are kept up to this size, for stores that must be filled again. */
  readonly keepBytes: number;
}

/** Something a person should know of, found while opening. */
export interface Damage {
  readonly path: string;
  readonly reason: string;
}

const HANDLES = 4;
const RESERVE = 'reserve';
const RESERVE_BYTES = 2 ** 20;
const NAME = /^segment-(\d{9})\.db$/;
// After a damaged segment nobody knows how far it reached: positions go on far above, so that no reader's cursor stands beyond new entries.
const LEAP = 1_000_000;
// SQLite's own pages around a blob; the exact size is taken from the files whenever the segment changes.
const ENTRY_OVERHEAD = 64;

/** The journal's files, used by one thread: a row of segments, the newest of which is written. All calls are synchronous. */
export class SegmentLog {
  readonly #options: LogOptions;
  readonly damages: Damage[] = [];
  #segments: Segment[] = [];
  /** consumer → position by shard. */
  #cursors = new Map<string, number[]>();
  /** Segments before the newest do not change: their sizes by number. */
  readonly #sizes = new Map<number, number>();
  #currentBytes = 0;

  constructor(options: LogOptions) {
    if (!Number.isInteger(options.shards) || options.shards < 1 || options.shards > MAX_SHARDS) {
      throw new TillwatchError('journal.bad_shards', `shards must be 1 to ${MAX_SHARDS}`);
    }
    this.#options = options;
    mkdirSync(options.dir, { recursive: true });
    this.#load();
  }

  #load(): void {
    const { dir, shards } = this.#options;
    let leap = false;
    const names = readdirSync(dir).sort();
    for (const name of names) {
      // A deletion that was cut short may leave these behind; without their file they mean nothing.
      const orphan = /^(segment-\d{9}\.db)-(wal|shm)$/.exec(name);
      if (orphan && !names.includes(orphan[1]!)) rmSync(join(dir, name), { force: true });
      const number = Number(NAME.exec(name)?.[1] ?? 0);
      if (number === 0) continue;
      const path = join(dir, name);
      try {
        const segment = Segment.load(path, number);
        if (!segment) continue;
        if (segment.shards !== shards) {
          const had = segment.shards;
          segment.close();
          throw new TillwatchError(
            'journal.shards_changed',
            `the journal in ${dir} has ${had} shards and ${shards} are asked for: start once with ${had}, let all readers finish, then move the directory away`,
            { context: { dir, had, asked: shards } },
          );
        }
        this.#segments.push(segment);
        leap = false;
      } catch (error) {
        if (error instanceof TillwatchError && error.code === 'journal.shards_changed') throw error;
        const cause = error instanceof TillwatchError && error.cause ? error.cause : error;
        for (const suffix of ['', '-wal', '-shm']) quarantine(path + suffix);
        this.damages.push({ path: `${path}.damaged`, reason: messageOf(cause) });
        leap = true;
      }
    }
    // Cursors were copied into each segment at its beginning, so an older segment's are only ever behind, never ahead.
    for (const segment of this.#segments) {
      this.#cursors.clear();
      for (const { consumer, shard, position } of segment.cursors()) this.#cursorsOf(consumer)[shard] = position;
    }
    for (const segment of this.#segments.slice(0, -1)) {
      segment.seal();
      this.#sizes.set(segment.number, segment.bytesOnDisk());
    }
    if (this.#segments.length === 0 || leap) this.#roll(leap || this.damages.length > 0 ? LEAP : 0);
    else this.#currentBytes = this.#current.bytesOnDisk();
    this.#reserve();
  }

  /** Keeps a little disk back, so that readers can still say how far they are when there is none left: that is what frees it. */
  #reserve(): void {
    const path = join(this.#options.dir, RESERVE);
    if (statSync(path, { throwIfNoEntry: false })?.size === RESERVE_BYTES) return;
    try {
      writeFileSync(path, Buffer.alloc(RESERVE_BYTES));
    } catch (error) {
      rmSync(path, { force: true });
      if ((error as { code?: string }).code !== 'ENOSPC') throw error;
    }
  }

  get #current(): Segment {
    return this.#segments.at(-1)!;
  }

  #cursorsOf(consumer: string): number[] {
    let positions = this.#cursors.get(consumer);
    if (!positions) this.#cursors.set(consumer, (positions = new Array<number>(this.#options.shards).fill(0)));
    return positions;
  }

  #roll(leap = 0): void {
    const before = this.#segments.at(-1);
    const number =
      Math.max(before?.number ?? 0, ...this.damages.map((d) => Number(/(\d{9})\.db/.exec(d.path)?.[1] ?? 0))) + 1;
    const base = Array.from({ length: this.#options.shards }, (_, shard) => (before?.last[shard] ?? 0) + leap);
    const cursors = [...this.#cursors].flatMap(([consumer, positions]) =>
      positions.map((position, shard) => ({ consumer, shard, position })),
    );
    const path = join(this.#options.dir, `segment-${String(number).padStart(9, '0')}.db`);
    const next = Segment.create(path, number, base, cursors);
    if (before) {
      before.seal();
      this.#sizes.set(before.number, before.bytesOnDisk());
    }
    this.#segments.push(next);
    this.#currentBytes = next.bytesOnDisk();
  }

  /**
   * Writes entries and cursors in one transaction; answers the entries' positions in order. Either all of it is durable or, when it
   * throws (`journal.full`, `journal.unavailable`), none.
   */
  write(
    entries: readonly { shard: number; bytes: Uint8Array }[],
    cursors: readonly { consumer: string; shard: number; position: number }[],
  ): number[] {
    let size = 0;
    for (const { shard, bytes } of entries) {
      this.#checkShard(shard);
      size += bytes.byteLength + ENTRY_OVERHEAD;
    }
    for (const { shard } of cursors) this.#checkShard(shard);
    if (entries.length > 0) {
      if (this.bytes + size > this.#options.budgetBytes) {
        this.trim(true);
        if (this.bytes + size > this.#options.budgetBytes) throw this.#full();
      }
      if (this.#currentBytes >= this.#options.segmentBytes) this.#guard(() => this.#roll());
    }
    const current = this.#current;
    const last = [...current.last];
    const positions: number[] = [];
    const moved = new Map<string, { consumer: string; shard: number; position: number }>();
    this.#guard(() => {
      current.begin();
      try {
        for (const { shard, bytes } of entries) {
          const position = last[shard]! + 1;
          current.insert(shard, position, bytes);
          last[shard] = position;
          positions.push(position);
        }
        for (const cursor of cursors) {
          const key = `${cursor.shard}/${cursor.consumer}`;
          const at = moved.get(key)?.position ?? this.#cursors.get(cursor.consumer)?.[cursor.shard] ?? -1;
          if (cursor.position > at) moved.set(key, cursor);
        }
        for (const { consumer, shard, position } of moved.values()) current.setCursor(consumer, shard, position);
        current.commit();
      } catch (error) {
        current.rollback();
        throw error;
      }
    });
    for (let shard = 0; shard < last.length; shard++) current.last[shard] = last[shard]!;
    for (const { consumer, shard, position } of moved.values()) this.#cursorsOf(consumer)[shard] = position;
    this.#currentBytes += size;
    return positions;
  }

  read(shard: number, after: number, maxBytes: number): { position: number; bytes: Uint8Array }[] {
    this.#checkShard(shard);
    const segment = this.#segments.find((s) => s.last[shard]! > after && s.last[shard]! > s.base[shard]!);
    if (!segment) return [];
    const found = this.#guard(() => segment.read(shard, after, maxBytes));
    this.#limitHandles(segment);
    return found;
  }

  last(shard: number): number {
    this.#checkShard(shard);
    return this.#current.last[shard]!;
  }

  cursor(consumer: string, shard: number): number {
    this.#checkShard(shard);
    return this.#cursors.get(consumer)?.[shard] ?? 0;
  }

  forget(consumer: string): void {
    this.#guard(() => this.#current.forgetConsumer(consumer));
    this.#cursors.delete(consumer);
  }

  /** Deletes segments that every consumer has passed; `hard`: without keeping any for later. Answers the number of entries deleted. */
  trim(hard = false): number {
    if (this.#cursors.size === 0) return 0;
    const keep = hard ? 0 : this.#options.keepBytes;
    let deleted = this.#dropPassed(keep);
    // What has been read to its end need not wait for the segment to fill up.
    const current = this.#current;
    const worth = hard || (keep === 0 && this.#currentBytes > this.#options.segmentBytes / 4);
    if (worth && current.entries > 0 && this.#passed(current)) {
      this.#guard(() => this.#roll());
      deleted += this.#dropPassed(keep);
    }
    if (deleted > 0) this.#reserve();
    return deleted;
  }

  #passed(segment: Segment): boolean {
    return segment.last.every((last, shard) => {
      for (const positions of this.#cursors.values()) if (positions[shard]! < last) return false;
      return true;
    });
  }

  #dropPassed(keep: number): number {
    let deleted = 0;
    let kept = 0;
    const gone = new Set<Segment>();
    for (const segment of this.#segments.slice(0, -1).reverse()) {
      if (!this.#passed(segment)) continue;
      kept += this.#sizes.get(segment.number) ?? 0;
      if (kept <= keep) continue;
      deleted += segment.entries;
      this.#guard(() => segment.delete());
      this.#sizes.delete(segment.number);
      gone.add(segment);
    }
    this.#segments = this.#segments.filter((segment) => !gone.has(segment));
    return deleted;
  }

  get bytes(): number {
    let sum = this.#currentBytes;
    for (const size of this.#sizes.values()) sum += size;
    return sum;
  }

  stats(): { bytes: number; shards: { shard: number; first: number; last: number }[] } {
    this.#currentBytes = this.#current.bytesOnDisk();
    const shards = this.#current.last.map((last, shard) => {
      const oldest = this.#segments.find((s) => s.last[shard]! > s.base[shard]!);
      return { shard, first: oldest ? oldest.base[shard]! + 1 : last + 1, last };
    });
    return { bytes: this.bytes, shards };
  }

  close(): void {
    for (const segment of this.#segments) segment.close();
  }

  #limitHandles(used: Segment): void {
    if (used === this.#current) return;
    const index = this.#segments.indexOf(used);
    // Readers go forward: handles far behind the one in use are not needed again.
    for (let i = 0; i < this.#segments.length - 1; i++) if (Math.abs(i - index) >= HANDLES) this.#segments[i]!.close();
  }

  #checkShard(shard: number): void {
    if (Number.isInteger(shard) && shard >= 0 && shard < this.#options.shards) return;
    throw new TillwatchError(
      'journal.bad_shard',
      `there is no shard ${shard}: the journal has ${this.#options.shards}`,
    );
  }

  #full(): TillwatchError {
    const { budgetBytes } = this.#options;
    return new TillwatchError(
      'journal.full',
      `the journal's disk budget of ${Math.round(budgetBytes / 2 ** 20)} MiB is spent: a reader is behind, or the budget is too small`,
      { context: { budgetBytes, bytes: this.bytes }, retryable: true, status: 503 },
    );
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof TillwatchError) throw error;
      const { errcode } = error as { errcode?: number };
      const full = errcode === 13 || (error as { code?: string }).code === 'ENOSPC';
      if (full) rmSync(join(this.#options.dir, RESERVE), { force: true });
      throw new TillwatchError(full ? 'journal.full' : 'journal.unavailable', messageOf(error), {
        context: { errcode },
        retryable: true,
        status: 503,
        cause: error,
      });
    }
  }
}

function quarantine(path: string): void {
  try {
    renameSync(path, `${path}.damaged`);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
  }
}
