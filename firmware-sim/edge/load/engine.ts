import { type Endpoint, LoadConnection, type Tally } from './connection.ts';
import { Histogram } from './histogram.ts';
import { connectionsOf, type LoadOptions } from './options.ts';
import {
  batchTemplate,
  connectPacket,
  fill,
  gatewayId,
  heartbeatTemplate,
  type Speaker,
  type Template,
  terminalId,
} from './packets.ts';

const TICK_MS = 50;
const OPENING = 400;
/** Ports of one source address to one destination are some 28,000; loopback has many addresses. */
const PER_ADDRESS = 20_000;
const BUFFER = 4 << 20;

/** A moment of a load, in plain numbers so that it crosses processes. */
export interface LoadSnapshot {
  readonly phase: 'ramp' | 'steady' | 'outage' | 'flush' | 'drain' | 'done';
  readonly connected: number;
  readonly wanted: number;
  readonly refused: number;
  readonly dropped: number;
  readonly sent: number;
  readonly publishes: number;
  readonly acked: number;
  readonly steadyMs: number;
  readonly steadySent: number;
  readonly steadyAcked: number;
  readonly inFlight: number;
  readonly cpuMs: number;
  readonly steadyCpuMs: number;
  readonly rss: number;
  readonly rampMs: number;
  readonly storm: {
    readonly reconnectMs: number | null;
    readonly flushMs: number | null;
    readonly backlog: number;
  } | null;
  readonly latency: readonly number[];
  readonly latencyMax: number;
  readonly lastError: string;
}

/** A share of the load in this process: connections `part` of `parts`. */
export class LoadEngine {
  private readonly options: LoadOptions;
  private readonly endpoint: Endpoint;
  private readonly tally: Tally;
  private readonly connections: LoadConnection[] = [];
  /** By the number of messages in a publish. */
  private readonly templates = new Map<number, Template>();
  /** Terminals of each connection: from, up to, and whose turn it is. */
  private readonly from: Uint32Array;
  private readonly to: Uint32Array;
  private readonly turn: Uint32Array;
  private readonly speaker: Speaker = { first: 0, gateway: 0 };
  private readonly boot: string;
  private readonly seqs: Uint32Array;
  private readonly shared = Buffer.allocUnsafe(65_536);
  private readonly scratch = Buffer.allocUnsafe(BUFFER);
  private readonly waiting: number[] = [];
  private readonly part: number;
  private readonly parts: number;
  private opening = 0;
  private phase: LoadSnapshot['phase'] = 'ramp';
  private pointer = 0;
  private began = 0;
  private rampMs = 0;
  private steadyBegan = 0;
  private steadyMs = 0;
  private steadyFrom = { sent: 0, acked: 0, cpu: 0 };
  private steadyTo = { sent: 0, acked: 0, cpu: 0 };
  private owed = 0;
  private lastTick = 0;
  private stormBegan = 0;
  private reconnectMs: number | null = null;
  private flushMs: number | null = null;
  private aborted = false;

  constructor(options: LoadOptions, part: number, parts: number, run: string) {
    this.options = options;
    this.part = part;
    this.parts = parts;
    const url = new URL(options.url);
    const tls = url.protocol === 'mqtts:';
    this.endpoint = {
      host: url.hostname === 'localhost' ? '127.0.0.1' : url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || (tls ? 8883 : 1883),
      tls: tls ? { insecure: options.insecure ?? false, ...(options.ca ? { ca: options.ca } : {}) } : null,
    };
    this.tally = {
      connected: 0,
      refused: 0,
      dropped: 0,
      sentMessages: 0,
      sentPublishes: 0,
      ackedMessages: 0,
      ackedPublishes: 0,
      latency: new Histogram(),
      lastError: '',
    };
    this.boot = `l${run}`;
    this.seqs = new Uint32Array(options.terminals);
    const all = connectionsOf(options);
    const own = Math.ceil(Math.max(0, all - part) / parts);
    this.from = new Uint32Array(own);
    this.to = new Uint32Array(own);
    this.turn = new Uint32Array(own);
    const window = options.qos === 0 ? 1_000_000 : options.window;
    for (let i = 0; i < own; i++) {
      const index = part + i * parts;
      this.from[i] = this.turn[i] = Math.floor((index * options.terminals) / all);
      this.to[i] = Math.floor(((index + 1) * options.terminals) / all);
      this.connections.push(new LoadConnection(i, this.tally, window, (one) => this.lost(one)));
      this.waiting.push(i);
    }
  }

  private template(messages: number): Template {
    let template = this.templates.get(messages);
    if (!template) {
      const { options, boot } = this;
      template = options.gateways > 0 ? batchTemplate(options, messages, boot) : heartbeatTemplate(options, boot);
      this.templates.set(messages, template);
    }
    return template;
  }

  /** Runs the whole load; resolves with the last snapshot. */
  async run(): Promise<LoadSnapshot> {
    const { options } = this;
    this.began = performance.now();
    await this.ramp();
    this.rampMs = performance.now() - this.began;
    const half = options.storm ? options.durationS * 500 : options.durationS * 1000;
    if (this.tally.connected > 0) await this.steady(half);
    if (options.storm && !this.aborted) {
      await this.storm(options.storm);
      await this.steady(half);
    }
    this.phase = 'drain';
    const end = performance.now() + 15_000;
    while (this.inFlight() > 0 && performance.now() < end && !this.aborted && this.tally.connected > 0) await pause(20);
    const last = this.snapshot();
    this.phase = 'done';
    for (const connection of this.connections) connection.close(true);
    return { ...last, phase: 'done' };
  }

  abort(): void {
    this.aborted = true;
  }

  private inFlight(): number {
    if (this.options.qos === 0) return 0;
    let sum = 0;
    for (const connection of this.connections) sum += connection.inFlight;
    return sum;
  }

  /** A connection that ended by itself waits its turn to come back. */
  private lost(connection: LoadConnection): void {
    if (!connection.wasReady && this.opening > 0 && !connection.closing) this.opening--;
    if (!connection.closing) this.recall(connection);
    if (connection.closing || this.aborted || this.phase === 'done' || this.phase === 'drain') return;
    this.waiting.push(connection.index);
  }

  /** A terminal keeps what was not acknowledged and says it again, with the same numbers. Answers how many messages that is. */
  private recall(connection: LoadConnection): number {
    const { inFlight } = connection;
    connection.inFlight = 0;
    if (this.options.qos === 0 || this.options.gateways > 0) return 0;
    const terminal = this.from[connection.index] as number;
    this.seqs[terminal] = Math.max(0, (this.seqs[terminal] as number) - inFlight);
    this.tally.sentMessages -= inFlight;
    return inFlight;
  }

  private openNext(): void {
    const index = this.waiting.shift();
    if (index === undefined) return;
    const connection = this.connections[index];
    if (!connection) return;
    this.opening++;
    const global = index * this.parts + this.part;
    const gateway = this.options.gateways > 0;
    const first = connectPacket(this.options, gateway ? gatewayId(global) : terminalId(global), this.boot, gateway);
    const local =
      this.connections.length * this.parts > PER_ADDRESS && this.endpoint.host === '127.0.0.1'
        ? `127.0.0.${2 + Math.floor(global / PER_ADDRESS)}`
        : undefined;
    connection.open(this.endpoint, first, this.shared, local, () => {
      this.opening--;
    });
  }

  private async ramp(): Promise<void> {
    const count = this.connections.length;
    const perMs = this.options.rampS > 0 ? count / (this.options.rampS * 1000) : Number.POSITIVE_INFINITY;
    const began = performance.now();
    const patience = began + this.options.rampS * 1000 + 60_000;
    let opened = 0;
    // A broker that refuses everybody is not asked for ever.
    const hopeless = (): boolean => this.tally.connected === 0 && this.tally.refused >= 3 * Math.min(count, 50);
    while (this.tally.connected < count && performance.now() < patience && !this.aborted && !hopeless()) {
      const allowed = Math.min(count, Math.ceil((performance.now() - began) * perMs));
      while (this.waiting.length > 0 && this.opening < OPENING && (opened < allowed || opened >= count)) {
        this.openNext();
        opened++;
      }
      await pause(5);
    }
  }

  private async steady(ms: number): Promise<void> {
    this.phase = 'steady';
    this.steadyBegan = performance.now();
    this.steadyFrom = this.totals();
    const before = { ms: this.steadyMs, ...this.steadyTo };
    this.lastTick = this.steadyBegan;
    this.owed = 0;
    let sweep = 0;
    for (;;) {
      const now = performance.now();
      const over = now - this.steadyBegan >= ms || this.aborted;
      const to = this.totals();
      this.steadyMs = before.ms + (now - this.steadyBegan);
      this.steadyTo = {
        sent: before.sent + to.sent - this.steadyFrom.sent,
        acked: before.acked + to.acked - this.steadyFrom.acked,
        cpu: before.cpu + to.cpu - this.steadyFrom.cpu,
      };
      if (over) return;
      while (this.waiting.length > 0 && this.opening < OPENING) this.openNext();
      this.tick(now);
      // A few sessions at a time are looked after.
      for (let i = 0; i < 1 + this.connections.length / 200; i++) {
        this.connections[sweep]?.pingIfIdle(now);
        sweep = (sweep + 1) % this.connections.length;
      }
      if (this.options.rate === 'max') await breathe();
      else await pause(Math.max(1, TICK_MS - (performance.now() - now)));
    }
  }

  private totals(): { sent: number; acked: number; cpu: number } {
    const cpu = process.cpuUsage();
    return { sent: this.tally.sentMessages, acked: this.tally.ackedMessages, cpu: (cpu.user + cpu.system) / 1000 };
  }

  /** Sends what the rate allows since the last tick, round robin over the connections. */
  private tick(now: number): void {
    const { rate } = this.options;
    const count = this.connections.length;
    let due: number;
    if (rate === 'max') due = 20_000;
    else {
      this.owed += (((now - this.lastTick) / 1000) * rate) / this.parts;
      // What could not be sent in time is not caught up without bound: a second's worth at most.
      this.owed = Math.min(this.owed, rate / this.parts + 1);
      due = Math.floor(this.owed);
    }
    this.lastTick = now;
    if (due <= 0 || count === 0) return;
    const ts = Date.now();
    const each = Math.max(1, Math.ceil(due / count));
    let sent = 0;
    for (let visited = 0; visited < count && sent < due; visited++) {
      sent += this.publish(this.pointer, Math.min(each, due - sent), ts, now);
      this.pointer = (this.pointer + 1) % count;
    }
    if (rate !== 'max') this.owed -= sent;
  }

  /** Publishes up to `messages` on one connection in one write; answers how many went out. */
  private publish(index: number, messages: number, ts: number, now: number): number {
    const connection = this.connections[index] as LoadConnection;
    let room = connection.room();
    if (room <= 0) return 0;
    const to = this.to[index] as number;
    let sent = 0;
    let offset = 0;
    while (sent < messages && room > 0) {
      const first = this.turn[index] as number;
      const template = this.template(this.options.gateways > 0 ? Math.min(this.options.batch, to - first) : 1);
      if (offset + template.bytes.length > BUFFER) break;
      this.speaker.first = first;
      this.speaker.gateway = index * this.parts + this.part;
      const packetId = this.options.qos > 0 ? connection.take(now, template.messages) : 0;
      offset = fill(template, this.scratch, offset, ts, this.speaker, this.seqs, packetId);
      const next = first + template.messages;
      this.turn[index] = next >= to ? (this.from[index] as number) : next;
      sent += template.messages;
      room--;
      this.tally.sentPublishes++;
    }
    if (offset > 0) connection.write(Buffer.from(this.scratch.subarray(0, offset)), now);
    this.tally.sentMessages += sent;
    return sent;
  }

  /** Cuts everybody off at once, waits, lets all come back at once with what they had to keep. */
  private async storm(storm: NonNullable<LoadOptions['storm']>): Promise<void> {
    this.phase = 'outage';
    const count = this.connections.length;
    const backlog = new Uint32Array(count).fill(storm.backlog);
    for (const connection of this.connections) {
      backlog[connection.index] = storm.backlog + this.recall(connection);
      connection.close(false);
    }
    await pause(storm.outageS * 1000);
    this.phase = 'flush';
    this.opening = 0;
    this.waiting.length = 0;
    for (let i = 0; i < count; i++) this.waiting.push(i);
    this.stormBegan = performance.now();
    const patience = this.stormBegan + 120_000;
    let left = backlog.reduce((sum, owing) => sum + owing, 0);
    while (
      (left > 0 || this.tally.connected < count || this.inFlight() > 0) &&
      performance.now() < patience &&
      !this.aborted
    ) {
      while (this.waiting.length > 0 && this.opening < 4000) this.openNext();
      if (this.tally.connected >= count) this.reconnectMs ??= performance.now() - this.stormBegan;
      const now = performance.now();
      const ts = Date.now();
      for (let i = 0; i < count; i++) {
        const owing = backlog[i] as number;
        if (owing === 0) continue;
        const sent = this.publish(i, Math.min(owing, 50), ts, now);
        backlog[i] = owing - sent;
        left -= sent;
      }
      await pause(5);
    }
    this.flushMs = left === 0 && this.inFlight() === 0 ? performance.now() - this.stormBegan : null;
  }

  snapshot(): LoadSnapshot {
    const cpu = process.cpuUsage();
    const { tally } = this;
    return {
      phase: this.phase,
      connected: tally.connected,
      wanted: this.connections.length,
      refused: tally.refused,
      dropped: tally.dropped,
      sent: tally.sentMessages,
      publishes: tally.sentPublishes,
      acked: tally.ackedMessages,
      steadyMs: this.steadyMs,
      steadySent: this.steadyTo.sent,
      steadyAcked: this.steadyTo.acked,
      inFlight: this.inFlight(),
      cpuMs: (cpu.user + cpu.system) / 1000,
      steadyCpuMs: this.steadyTo.cpu,
      rss: process.memoryUsage.rss(),
      rampMs: this.rampMs,
      storm: this.options.storm
        ? {
            reconnectMs: this.reconnectMs,
            flushMs: this.flushMs,
            backlog: this.options.storm.backlog * this.connections.length,
          }
        : null,
      latency: [...tally.latency.counts],
      latencyMax: tally.latency.max,
      lastError: tally.lastError,
    };
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Lets sockets read and write without waiting for a timer. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
