import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { messageOf, TillwatchError } from '../../contract/errors.ts';

export interface ListenAddress {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

export interface TlsAddress extends ListenAddress {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
  /** PEM of the authority whose client certificates are taken; with `requireCertificate` no other client is. */
  readonly ca?: string;
  readonly requireCertificate?: boolean;
}

export interface Peer {
  readonly address: string;
  /** Common name of a verified client certificate. */
  readonly certificate: string | undefined;
}

export interface Listener {
  readonly kind: 'tcp' | 'tls' | 'ws';
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

type Accept = (stream: Duplex, peer: Peer) => void;

export interface ListenerLimits {
  readonly connections: number;
  /** How long a TLS or HTTP handshake may take, ms. */
  readonly connectMs: number;
}

export function listenTcp(address: ListenAddress, accept: Accept, limits: ListenerLimits): Promise<Listener> {
  const server = createTcpServer({ noDelay: true }, (socket) =>
    accept(socket, { address: socket.remoteAddress ?? '', certificate: undefined }),
  );
  server.maxConnections = limits.connections;
  return opened('tcp', server, address);
}

export function listenTls(address: TlsAddress, accept: Accept, limits: ListenerLimits): Promise<Listener> {
  const { key, cert, ca, requireCertificate = false } = address;
  const server = createTlsServer(
    {
      key,
      cert,
      noDelay: true,
      handshakeTimeout: limits.connectMs,
      ...(ca ? { ca, requestCert: true, rejectUnauthorized: requireCertificate } : {}),
    },
    (socket) => {
      const subject = socket.authorized ? socket.getPeerCertificate().subject?.CN : undefined;
      const certificate = Array.isArray(subject) ? subject[0] : subject;
      accept(socket, { address: socket.remoteAddress ?? '', certificate });
    },
  );
  server.maxConnections = limits.connections;
  return opened('tls', server, address);
}

/** MQTT over WebSocket, sub-protocol `mqtt` (MQTT 3.1.1, section 6). */
export async function listenWebSocket(
  address: ListenAddress,
  accept: Accept,
  limits: ListenerLimits,
): Promise<Listener> {
  const server = createHttpServer((_request, response) => {
    response.writeHead(426, { 'content-type': 'text/plain' }).end('This port speaks MQTT over WebSocket.');
  });
  server.headersTimeout = limits.connectMs;
  server.requestTimeout = limits.connectMs;
  const sockets = new WebSocketServer({
    server,
    maxPayload: 2 ** 21,
    handleProtocols: (offered) => ['mqtt', 'mqttv3.1'].find((name) => offered.has(name)) ?? false,
  });
  // The HTTP server's own error handler speaks for both.
  sockets.on('error', () => {});
  sockets.on('connection', (socket, request) => {
    accept(createWebSocketStream(socket), { address: request.socket.remoteAddress ?? '', certificate: undefined });
  });
  server.maxConnections = limits.connections;
  const listener = await opened('ws', server, address);
  return {
    ...listener,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await listener.close();
    },
  };
}

function opened(kind: Listener['kind'], server: TcpServer | HttpServer, address: ListenAddress): Promise<Listener> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const hint =
        error.code === 'EADDRINUSE' ? 'another program listens there: choose another port' : messageOf(error);
      reject(
        new TillwatchError(
          'source.unavailable',
          `cannot listen on ${address.host}:${address.port} (${kind}): ${hint}`,
          {
            context: { kind, ...address, key: undefined, cert: undefined, ca: undefined },
            cause: error,
          },
        ),
      );
    });
    server.listen(address.port, address.host, () => {
      const bound = server.address();
      resolve({
        kind,
        host: address.host,
        port: typeof bound === 'object' && bound ? bound.port : address.port,
        close: () => new Promise((closed) => server.close(() => closed())),
      });
    });
  });
}
