import { TillwatchError } from '../../contract/errors.ts';

/** Has another process of Node collect its garbage, by its inspector. */
export interface Collector {
  /** A full collection, as V8 does when memory is short; resolves when it is done. */
  collect(): Promise<void>;
  close(): void;
}

/** What to start Node with, and where it then says its inspector is. */
export const INSPECTED = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/** `said` is what the process wrote to standard error. */
export async function collectorOf(said: string): Promise<Collector> {
  const url = /Debugger listening on (ws:\/\/\S+)/.exec(said)?.[1];
  if (url === undefined) throw new TillwatchError('test.no_inspector', `the process named no inspector: ${said}`);
  const socket = new WebSocket(url);
  const waiting = new Map<number, () => void>();
  let calls = 0;
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new TillwatchError('test.no_inspector', `nobody answers at ${url}`));
  });
  socket.onmessage = ({ data }) => {
    const { id } = JSON.parse(String(data)) as { id?: number };
    if (id === undefined) return;
    waiting.get(id)?.();
    waiting.delete(id);
  };
  return {
    collect: () =>
      new Promise((resolve) => {
        waiting.set(++calls, resolve);
        socket.send(JSON.stringify({ id: calls, method: 'HeapProfiler.collectGarbage' }));
      }),
    close: () => socket.close(),
  };
}
