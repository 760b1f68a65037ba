import { connect, type Socket } from 'node:net';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { generate } from 'mqtt-packet';

/** A QoS 1 load made to cost its machine little: packets are encoded beforehand and acknowledgements counted as bytes. */
export interface BlastOptions {
  readonly port: number;
  readonly connections: number;
  /** Messages of each connection. */
  readonly messages: number;
  /** Terminals that each connection speaks for, one message each in turn. */
  readonly terminals: number;
  /** Messages unacknowledged at a time, per connection. */
  readonly window: number;
  /** Makes boots of one run differ from those of another. */
  readonly run: string;
  /** Event time of the first heartbeat; each further one of a terminal is a minute later. */
  readonly at: number;
}

export interface BlastResult {
  readonly messages: number;
  /** From the first publish to the last acknowledgement. */
  readonly ms: number;
  /** Time that encoding and connecting took before that. */
  readonly preparedMs: number;
}

/** Encodes and connects in a thread of its own, then publishes everything; resolves when the last message is acknowledged. */
export function blast(options: BlastOptions): Promise<BlastResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: options });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function payload(options: BlastOptions, seq: number): string {
  const { run, at } = options;
  return `{"ts":${at + seq * 60_000},"boot":"${run}","seq":${seq},"battery":{"soc_pct":${50 + (seq % 40)},"voltage_mv":7412,"current_ma":-120,"temp_c":31.5,"full_mah":2510,"cycles":112,"resistance_mohm":121,"status":"discharging"},"printer":{"state":"ok","head_temp_c":34.2,"head_mv":7310,"head_ohm":1203,"dead_dots":0},"network":{"bearer":"lte","rsrp_dbm":-95,"rsrq_db":-10,"sinr_db":12,"cell":"262-01-4711","carrier":"Blau","rtt_ms":84,"loss_pct":0,"buffered":0},"system":{"uptime_s":${seq * 60},"cpu_pct":11,"mem_free_mb":120,"flash_free_mb":900,"temp_c":41}}`;
}

interface Sender {
  readonly socket: Socket;
  readonly packets: Buffer;
  /** Where each packet ends. */
  readonly ends: Uint32Array;
}

async function open(options: BlastOptions, index: number): Promise<Sender> {
  const parts: Buffer[] = [];
  const ends = new Uint32Array(options.messages);
  let size = 0;
  for (let i = 0; i < options.messages; i++) {
    const terminal = `T${index}-${i % options.terminals}`;
    const packet = generate({
      cmd: 'publish',
      topic: `pos/v1/acme/${terminal}/heartbeat`,
      payload: payload(options, Math.floor(i / options.terminals)),
      qos: 1,
      messageId: (i % 65_535) + 1,
      retain: false,
      dup: false,
    });
    parts.push(packet);
    size += packet.length;
    ends[i] = size;
  }
  const socket = connect({ port: options.port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('data', () => resolve());
    socket.write(
      generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        clientId: `blast-${options.run}-${index}`,
        keepalive: 0,
      }),
    );
  });
  return { socket, packets: Buffer.concat(parts), ends };
}

function send({ socket, packets, ends }: Sender, window: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const total = ends.length;
    let sent = 0;
    let bytes = 0;
    const more = (upTo: number): void => {
      const end = Math.min(total, upTo);
      if (end <= sent) return;
      socket.write(packets.subarray(sent === 0 ? 0 : ends[sent - 1], ends[end - 1]));
      sent = end;
    };
    socket.on('data', (chunk) => {
      // A PUBACK is four bytes.
      bytes += chunk.length;
      const acked = bytes >> 2;
      if (acked >= total) resolve();
      else more(acked + window);
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new TypeError('the connection was closed before all was acknowledged')));
    more(window);
  });
}

if (!isMainThread && (workerData as BlastOptions | undefined)?.connections) {
  const options = workerData as BlastOptions;
  const start = performance.now();
  const senders = await Promise.all(Array.from({ length: options.connections }, (_, i) => open(options, i)));
  const began = performance.now();
  await Promise.all(senders.map((sender) => send(sender, options.window)));
  const ms = performance.now() - began;
  for (const { socket } of senders) socket.removeAllListeners('close').destroy();
  parentPort?.postMessage({
    messages: options.connections * options.messages,
    ms,
    preparedMs: began - start,
  } satisfies BlastResult);
}
