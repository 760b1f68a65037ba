import { connect, createServer, type Socket } from 'node:net';

/** `open`: passes everything on; `hang`: holds every byte, as a partition does; `cut`: ends connections and refuses new ones. */
export type LinkState = 'open' | 'hang' | 'cut';

export interface TcpProxy {
  readonly port: number;
  state: LinkState;
  /** Milliseconds that each piece takes on its way. */
  delayMs: number;
  close(): Promise<void>;
}

/** A link between two processes that a test can break: passes TCP on to a port of this machine. */
export async function startProxy(target: number): Promise<TcpProxy> {
  let state: LinkState = 'open';
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  const proxy = { delayMs: 0 };

  const pass = (from: Socket, to: Socket): void => {
    // In order, whatever the delay: each piece leaves after the one before it.
    let last: Promise<void> = Promise.resolve();
    from.on('data', (piece: Buffer) => {
      from.pause();
      last = last.then(async () => {
        if (proxy.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, proxy.delayMs));
        while (state === 'hang') await new Promise<void>((resolve) => waiting.add(resolve));
        if (!to.destroyed) to.write(piece);
        from.resume();
      });
    });
    from.on('close', () => to.destroy());
    from.on('error', () => to.destroy());
  };
  const server = createServer((socket) => {
    if (state === 'cut') {
      socket.destroy();
      return;
    }
    const upstream = connect(target, '127.0.0.1');
    for (const one of [socket, upstream]) {
      sockets.add(one);
      one.setNoDelay(true);
      one.on('close', () => sockets.delete(one));
    }
    pass(socket, upstream);
    pass(upstream, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    get state() {
      return state;
    },
    set state(next) {
      state = next;
      if (next === 'cut') for (const socket of sockets) socket.destroy();
      if (next !== 'hang') {
        for (const wake of waiting) wake();
        waiting.clear();
      }
    },
    get delayMs() {
      return proxy.delayMs;
    },
    set delayMs(ms) {
      proxy.delayMs = ms;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      for (const wake of waiting) wake();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
