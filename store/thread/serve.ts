import { parentPort, workerData } from 'node:worker_threads';
import { type ErrorCode, TillwatchError } from '../../contract/errors.ts';
import { type Call, errorToRecord, type Reply } from './messages.ts';

/** A worker's methods by name; each may answer at once or later. Calls begin in the order they were made. */
export type Handlers = Readonly<Record<string, (...args: never[]) => unknown>>;

/** A value that hands its buffers over instead of copying them. */
export class Moved {
  readonly value: unknown;
  readonly transfer: readonly ArrayBuffer[];
  constructor(value: unknown, transfer: readonly ArrayBuffer[]) {
    this.value = value;
    this.transfer = transfer;
  }
}

/**
 * Gives back at once the memory of buffers that came with a call and are done with. A worker that writes makes little garbage of its own, so
 * V8 collects seldom there: tens of MB that nobody reads any more lay about for a quarter of an hour.
 */
export function letGo(buffers: Iterable<ArrayBuffer>): void {
  for (const buffer of buffers) buffer.transfer(0);
}

/** Runs in the worker: answers calls with `handlers`; errors that are not ours are sent as `fallback`. */
export function serve(handlers: Handlers, fallback: ErrorCode): void {
  const port = parentPort;
  if (!port) throw new TillwatchError('store.not_a_worker', 'this module runs in a worker thread only');
  const answer = (id: number, value: unknown): void => {
    if (value instanceof Moved) port.postMessage({ id, value: value.value } satisfies Reply, [...value.transfer]);
    else port.postMessage({ id, value } satisfies Reply);
  };
  const refuse = (id: number, error: unknown): void => {
    port.postMessage({ id, error: errorToRecord(error, fallback) } satisfies Reply);
  };
  port.on('message', (call: Call) => {
    try {
      const handler = handlers[call.method] as ((...args: unknown[]) => unknown) | undefined;
      if (!handler) throw new TillwatchError('store.no_method', `the worker has no method ${call.method}`);
      const result = handler(...call.args);
      if (result instanceof Promise) {
        result.then(
          (value) => answer(call.id, value),
          (error: unknown) => refuse(call.id, error),
        );
      } else answer(call.id, result);
    } catch (error) {
      refuse(call.id, error);
    }
  });
}

/** What the client passed when it opened the thread. */
export function threadData<T>(): T {
  return workerData as T;
}

/** Stops listening, so that the thread ends once its work is done. */
export function closeThread(): void {
  parentPort?.close();
}
