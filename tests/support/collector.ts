import { TillwatchError } from '../../contract/errors.ts';

/** Has another process of Node collect its garbage, in all of its threads, by its inspector. */
export interface Collector {
  /** A full collection, as V8 does when memory is short; resolves when it is done. */
  collect(): Promise<void>;
  close(): void;
}

interface Told {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly sessionId: string; readonly message: string };
}

/** What to start Node with, and where it then says its inspector is. */
export const INSPECTED = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/** `said` is what the process wrote to standard error. */
export async function collectorOf(said: string): Promise<Collector> {
  const url = /Debugger listening on (ws:\/\/\S+)/.exec(said)?.[1];
  if (url === undefined) throw new TillwatchError('test.no_inspector', `the process named no inspector: ${said}`);
  const socket = new WebSocket(url);
  const waiting = new Map<number, () => void>();
  const workers: string[] = [];
  let calls = 0;
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new TillwatchError('test.no_inspector', `nobody answers at ${url}`));
  });
  socket.onmessage = ({ data }) => {
    const { id, method, params } = JSON.parse(String(data)) as Told;
    if (method === 'NodeWorker.attachedToWorker') workers.push(params!.sessionId);
    // A worker's answer comes wrapped; its numbers are of the same count.
    const answered = method === 'NodeWorker.receivedMessageFromWorker' ? (JSON.parse(params!.message) as Told).id : id;
    if (answered === undefined) return;
    waiting.get(answered)?.();
    waiting.delete(answered);
  };
  const call = (send: (id: number) => object): Promise<void> =>
    new Promise((resolve) => {
      const id = ++calls;
      waiting.set(id, resolve);
      socket.send(JSON.stringify(send(id)));
    });
  await call((id) => ({ id, method: 'NodeWorker.enable', params: { waitForDebuggerOnStart: false } }));
  const method = 'HeapProfiler.collectGarbage';
  return {
    async collect() {
      await call((id) => ({ id, method }));
      for (const sessionId of workers) {
        await call((id) => ({
          id: -id,
          method: 'NodeWorker.sendMessageToWorker',
          params: { sessionId, message: JSON.stringify({ id, method }) },
        }));
      }
    },
    close: () => socket.close(),
  };
}
