import { TillwatchError } from '../../../contract/errors.ts';
import { closeThread, letGo, Moved, serve, threadData } from '../../thread/serve.ts';
import { type Damage, type LogOptions, SegmentLog } from './log.ts';

interface Waiting {
  readonly resolve: (position: number) => void;
  readonly reject: (error: unknown) => void;
}

let log: SegmentLog | undefined;
let entries: { shard: number; bytes: Uint8Array<ArrayBuffer> }[] = [];
let entryWaiters: Waiting[] = [];
let cursors: { consumer: string; shard: number; position: number }[] = [];
let cursorWaiters: Waiting[] = [];
let planned = false;

function opened(): SegmentLog {
  if (!log) throw new TillwatchError('journal.closed', 'the journal is not open');
  return log;
}

/** Everything that waits goes into one transaction: while one commit is under way the next one's entries gather. */
function flush(): void {
  planned = false;
  const waiting = entryWaiters;
  const moving = cursorWaiters;
  const [writing, placing] = [entries, cursors];
  entries = [];
  entryWaiters = [];
  cursors = [];
  cursorWaiters = [];
  if (writing.length + placing.length === 0) return;
  try {
    const positions = opened().write(writing, placing);
    waiting.forEach((waiter, i) => {
      waiter.resolve(positions[i]!);
    });
    for (const waiter of moving) waiter.resolve(0);
  } catch (error) {
    for (const waiter of waiting) waiter.reject(error);
    // A full disk must not stop readers from saying that they are done: that is what frees it.
    if (placing.length > 0 && writing.length > 0) {
      try {
        opened().write([], placing);
        for (const waiter of moving) waiter.resolve(0);
      } catch (again) {
        for (const waiter of moving) waiter.reject(again);
      }
    } else for (const waiter of moving) waiter.reject(error);
  } finally {
    // Each entry came with a buffer of its own.
    letGo(writing.map(({ bytes }) => bytes.buffer));
  }
}

function plan(): void {
  if (planned) return;
  planned = true;
  setImmediate(flush);
}

serve(
  {
    open(): readonly Damage[] {
      log = new SegmentLog(threadData<LogOptions>());
      return log.damages;
    },
    append(shard: number, bytes: Uint8Array<ArrayBuffer>, after?: number): Promise<number> {
      if (after !== undefined) {
        const last = opened().last(shard) + entries.filter((entry) => entry.shard === shard).length;
        if (last !== after) {
          throw new TillwatchError('journal.moved', `shard ${shard} ends at ${last}, not at ${after}`, {
            context: { shard, last, after },
          });
        }
      }
      return new Promise((resolve, reject) => {
        entries.push({ shard, bytes });
        entryWaiters.push({ resolve, reject });
        plan();
      });
    },
    commit(consumer: string, shard: number, position: number): Promise<number> {
      return new Promise((resolve, reject) => {
        cursors.push({ consumer, shard, position });
        cursorWaiters.push({ resolve, reject });
        plan();
      });
    },
    read(shard: number, after: number, maxBytes: number): Moved {
      const found = opened().read(shard, after, maxBytes);
      const buffers = new Set<ArrayBuffer>();
      for (const { bytes } of found) buffers.add(bytes.buffer as ArrayBuffer);
      return new Moved(found, [...buffers]);
    },
    last: (shard: number) => opened().last(shard),
    cursor: (consumer: string, shard: number) => opened().cursor(consumer, shard),
    forget(consumer: string): void {
      flush();
      opened().forget(consumer);
    },
    trim(): number {
      flush();
      return opened().trim();
    },
    stats: () => opened().stats(),
    close(): void {
      flush();
      log?.close();
      log = undefined;
      closeThread();
    },
  },
  'journal.unavailable',
);
