import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Histogram } from './histogram.ts';
import { DISCONNECT, PING } from './packets.ts';

/** Where to connect; made once and shared by all connections. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly ca?: string; readonly insecure: boolean } | null;
}

/** What connections count together. */
export interface Tally {
  connected: number;
  refused: number;
  dropped: number;
  sentMessages: number;
  sentPublishes: number;
  ackedMessages: number;
  ackedPublishes: number;
  readonly latency: Histogram;
  lastError: string;
}

/** One MQTT 3.1.1 connection on a bare socket: encoded packets out, acknowledgements counted as bytes in. */
export class LoadConnection {
  /** CONNACK has come. */
  ready = false;
  /** It was ready when it went down. */
  wasReady = false;
  closing = false;
  inFlight = 0;
  /** Times of publishes under way by packet id − 1, and messages that each carries. */
  private sentAt: Float64Array | undefined;
  private carried: Uint16Array | undefined;
  /** Its place among the load's connections. */
  readonly index: number;
  private readonly window: number;
  private nextId = 0;
  private socket: Socket | undefined;
  private header = 0;
  private have = 0;
  private need = 0;
  private lengthDone = true;
  private body: [number, number] = [0, 0];
  private lastWrite = 0;
  private readonly tally: Tally;
  private readonly onDown: (connection: LoadConnection) => void;

  constructor(index: number, tally: Tally, window: number, onDown: (connection: LoadConnection) => void) {
    this.tally = tally;
    this.window = window;
    this.index = index;
    this.onDown = onDown;
  }

  open(endpoint: Endpoint, first: Buffer, shared: Buffer, localAddress: string | undefined, onReady: () => void): void {
    this.ready = false;
    this.closing = false;
    this.inFlight = 0;
    this.nextId = 0;
    this.lengthDone = true;
    this.have = 0;
    this.need = 0;
    this.header = 0;
    const onread = {
      buffer: shared,
      callback: (bytes: number, buffer: Uint8Array): boolean => {
        this.read(buffer, bytes, onReady);
        return true;
      },
    };
    const at = { host: endpoint.host, port: endpoint.port, ...(localAddress ? { localAddress } : {}) };
    const { tls } = endpoint;
    const socket = tls
      ? connectTls({ ...at, rejectUnauthorized: !tls.insecure, ...(tls.ca ? { ca: tls.ca } : {}) })
      : connectTcp({ ...at, onread, noDelay: true });
    if (tls) socket.on('data', (chunk: Buffer) => this.read(chunk, chunk.length, onReady));
    socket.once(tls ? 'secureConnect' : 'connect', () => socket.write(first));
    socket.on('error', (error) => {
      this.tally.lastError = error.message;
    });
    socket.once('close', () => this.down(socket));
    this.socket = socket;
  }

  private down(socket: Socket): void {
    if (this.socket !== socket) return;
    this.socket = undefined;
    if (this.ready) this.tally.connected--;
    if (!this.closing) {
      if (this.ready) this.tally.dropped++;
      else this.tally.refused++;
    }
    this.wasReady = this.ready;
    this.ready = false;
    this.onDown(this);
  }

  /** Room for further publishes: the window's, and the socket's buffer's. */
  room(): number {
    const socket = this.socket;
    if (!socket || !this.ready || socket.writableLength > 262_144) return 0;
    return this.window - this.inFlight;
  }

  /** Id for the next publish at QoS 1; its time of sending is noted. */
  take(now: number, messages: number): number {
    this.sentAt ??= new Float64Array(this.window * 2);
    this.carried ??= new Uint16Array(this.window * 2);
    this.carried[this.nextId] = messages;
    const slot = this.nextId;
    this.sentAt[slot] = now;
    this.nextId = (slot + 1) % this.sentAt.length;
    this.inFlight++;
    return slot + 1;
  }

  write(bytes: Buffer, now: number): void {
    this.lastWrite = now;
    this.socket?.write(bytes);
  }

  /** Keeps an idle session alive. */
  pingIfIdle(now: number): void {
    if (this.ready && now - this.lastWrite > 60_000) this.write(PING, now);
  }

  private read(buffer: Uint8Array, bytes: number, onReady: () => void): void {
    for (let i = 0; i < bytes; i++) {
      const byte = buffer[i] as number;
      if (this.header === 0) {
        this.header = byte;
        this.need = 0;
        this.have = 0;
        this.lengthDone = false;
      } else if (!this.lengthDone) {
        // Lengths of what a publisher receives fit in one byte; a longer one would be a publish, which nobody asked for.
        this.need = byte & 0x7f;
        this.lengthDone = true;
        if (this.need === 0) this.header = 0;
      } else {
        if (this.have < 2) this.body[this.have] = byte;
        this.have++;
        if (this.have < this.need) continue;
        this.packet(onReady);
        this.header = 0;
      }
    }
  }

  private packet(onReady: () => void): void {
    const kind = this.header >> 4;
    if (kind === 2) {
      if (this.body[1] !== 0) {
        this.tally.lastError = `the broker refused the connection with code ${this.body[1]}`;
        this.socket?.destroy();
        return;
      }
      this.ready = true;
      this.tally.connected++;
      onReady();
    } else if (kind === 4 && this.sentAt) {
      const slot = this.body[0] * 256 + this.body[1] - 1;
      this.inFlight--;
      this.tally.ackedPublishes++;
      this.tally.ackedMessages += this.carried?.[slot] ?? 0;
      this.tally.latency.add(performance.now() - (this.sentAt[slot] ?? 0));
    }
  }

  /** Ends the session with a goodbye, or as a cut cable. */
  close(politely: boolean): void {
    this.closing = true;
    const socket = this.socket;
    if (!socket) return;
    if (politely && this.ready) {
      socket.end(DISCONNECT);
      return;
    }
    this.socket = undefined;
    if (this.ready) this.tally.connected--;
    this.ready = false;
    // A reset is what a pulled cable looks like; only an open TCP handle can be reset.
    if (!socket.connecting && !('encrypted' in socket)) socket.resetAndDestroy();
    else socket.destroy();
  }
}
