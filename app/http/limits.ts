import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { isLoopbackAddress } from '../../contract/loopback.ts';

export interface HttpLimits {
  /** How long a connection may take to send the head of a request, ms. */
  readonly headersMs: number;
  /** How long it may take to send the body, ms, besides what its announced length takes on a poor link. Bodies that a route reads as a stream (recordings) are not counted. */
  readonly bodyMs: number;
  readonly bodyBytes: number;
  readonly connections: number;
  /** Connections from one address other than this machine's own. */
  readonly connectionsPerAddress: number;
}

/** A photo over a poor mobile link still comes through: 16 kB a second, for up to 16 MiB. */
const SLOWEST_BYTES_PER_MS = 16;
const MAX_ANNOUNCED = 16_777_216;

export const HTTP_LIMITS: HttpLimits = {
  headersMs: 10_000,
  bodyMs: 30_000,
  bodyBytes: 1_048_576,
  connections: 10_000,
  connectionsPerAddress: 200,
};

/** Ends connections that send slower than anybody needs to, and refuses more than can be served. */
export function installLimits(http: FastifyInstance, limits: HttpLimits): void {
  const server: Server = http.server as Server;
  server.headersTimeout = limits.headersMs;
  server.maxConnections = limits.connections;
  const byAddress = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    if (isLoopbackAddress(address)) return;
    const open = (byAddress.get(address) ?? 0) + 1;
    if (open > limits.connectionsPerAddress) {
      socket.destroy();
      return;
    }
    byAddress.set(address, open);
    socket.once('close', () => {
      const left = (byAddress.get(address) ?? 1) - 1;
      if (left > 0) byAddress.set(address, left);
      else byAddress.delete(address);
    });
  });

  const bodies = new WeakMap<object, NodeJS.Timeout>();
  http.addHook('onRequest', async (request) => {
    if (request.method === 'GET' || request.method === 'HEAD') return;
    const announced = Math.min(Number(request.headers['content-length']) || 0, MAX_ANNOUNCED);
    bodies.set(
      request.raw,
      setTimeout(() => request.raw.destroy(), limits.bodyMs + announced / SLOWEST_BYTES_PER_MS),
    );
  });
  const came = async ({ raw }: { raw: object }): Promise<void> => clearTimeout(bodies.get(raw));
  http.addHook('preValidation', came);
  http.addHook('onResponse', came);
  http.addHook('onRequestAbort', came);
}
