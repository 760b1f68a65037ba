import { Worker } from 'node:worker_threads';
import { type ErrorCode, messageOf, TillwatchError } from '../../contract/errors.ts';
import { type Call, type Reply, recordToError } from './messages.ts';

/** A worker thread that answers calls; its errors arrive as `TillwatchError`. */
export interface Thread {
  call<T>(method: string, args?: readonly unknown[], transfer?: readonly ArrayBuffer[]): Promise<T>;
  /** Calls that wait for an answer. */
  readonly waiting: number;
  /** True once it has ended, by itself or by `close`. */
  readonly ended: boolean;
  /** Lets the worker finish by its `close` method, then waits for its end. Safe to call twice. */
  close(): Promise<void>;
}

/** Where a worker's module stands: `.ts` beside a source, `.js` beside an emitted file. */
export function workerUrl(base: string, name: string): URL {
  return new URL(base.endsWith('.ts') ? `${name}.ts` : `${name}.js`, base);
}

/**
 * Starts a worker. `died` is the code that calls are refused with once the thread has ended by itself (retryable), `closed` the one
 * after `close`.
 */
export function openThread(
  url: URL,
  data: unknown,
  codes: { died: ErrorCode; closed: ErrorCode; name: string },
): Thread {
  const worker = new Worker(url, { workerData: data, name: codes.name });
  const pending = new Map<number, { resolve: (value: never) => void; reject: (error: unknown) => void }>();
  let nextId = 0;
  let closing: Promise<void> | undefined;
  let over: TillwatchError | undefined;
  let cause: unknown;
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      over = closing
        ? new TillwatchError(codes.closed, `${codes.name} is closed`)
        : new TillwatchError(
            codes.died,
            `${codes.name}'s thread ended (${cause ? messageOf(cause) : `code ${code}`})`,
            {
              retryable: true,
              cause,
            },
          );
      for (const waiter of pending.values()) waiter.reject(over);
      pending.clear();
      resolve();
    });
  });
  worker.on('error', (error) => {
    cause = error;
  });
  worker.on('message', (reply: Reply) => {
    const waiter = pending.get(reply.id);
    if (!waiter) return;
    pending.delete(reply.id);
    // A thread with nothing to answer must not keep a finished process alive.
    if (pending.size === 0) worker.unref();
    if (reply.error) waiter.reject(recordToError(reply.error));
    else waiter.resolve(reply.value as never);
  });
  worker.unref();

  const call = <T>(
    method: string,
    args: readonly unknown[] = [],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<T> => {
    if (over) return Promise.reject(over);
    const id = nextId++;
    return new Promise<T>((resolve, reject) => {
      pending.set(id, { resolve, reject });
      if (pending.size === 1) worker.ref();
      worker.postMessage({ id, method, args } satisfies Call, [...transfer]);
    });
  };

  return {
    call: (method, args, transfer) =>
      closing && method !== 'close'
        ? Promise.reject(new TillwatchError(codes.closed, `${codes.name} is closed`))
        : call(method, args, transfer),
    get waiting() {
      return pending.size;
    },
    get ended() {
      return over !== undefined;
    },
    close() {
      closing ??= (async () => {
        if (over) return;
        worker.ref();
        try {
          await call('close');
        } catch (error) {
          // The thread may end before its answer crosses; any other failure to close is the caller's to know.
          if (!(error instanceof TillwatchError) || error.code !== codes.closed) {
            await worker.terminate();
            throw error;
          }
        }
        await ended;
      })();
      return closing;
    },
  };
}
