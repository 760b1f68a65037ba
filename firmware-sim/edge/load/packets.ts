import { generate } from 'mqtt-packet';
import type { LoadOptions } from './options.ts';

/** Sequences begin here, so that every number has seven digits and can be written over in place. */
const FIRST_SEQ = 1_000_000;
const TS_DIGITS = 13;
const SEQ_DIGITS = 7;
const TERMINAL_DIGITS = 7;
const GATEWAY_DIGITS = 5;

/** What a typical mobile terminal says; the envelope stands before it. */
const GAUGES =
  '"battery":{"soc_pct":74,"voltage_mv":7512,"current_ma":-164,"temp_c":27.8,"full_mah":2418,"cycles":131,"status":"discharging"},' +
  '"printer":{"state":"ok","head_temp_c":25.9,"head_mv":7324,"dead_dots":0},' +
  '"network":{"bearer":"lte","rsrp_dbm":-93,"rsrq_db":-10.4,"sinr_db":14.2,"cell":"231-44-51823","carrier":"Prairie Mobile","rtt_ms":71,"loss_pct":0,"buffered":0},' +
  '"system":{"uptime_s":86400,"cpu_pct":14,"mem_free_mb":79,"flash_free_mb":111.4}}';

/** Terminal ids of a load: `L` and seven digits. */
export function terminalId(index: number): string {
  return `L${String(index).padStart(TERMINAL_DIGITS, '0')}`;
}

/** Gateway ids of a load: `LG` and five digits. */
export function gatewayId(index: number): string {
  return `LG${String(index).padStart(GATEWAY_DIGITS, '0')}`;
}

/** The first packet of a connection, with a last will as terminals leave it. */
export function connectPacket(options: LoadOptions, clientId: string, boot: string, gateway: boolean): Buffer {
  return generate({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId,
    keepalive: 120,
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: Buffer.from(options.password) }),
    ...(gateway
      ? {}
      : {
          will: {
            topic: `pos/v1/${options.tenant}/${clientId}/state`,
            payload: Buffer.from(`{"boot":"${boot}","online":false,"reason":"connection lost"}`),
            qos: 1 as const,
            retain: false,
          },
        }),
  });
}

export const PING = Buffer.from([0xc0, 0]);
export const DISCONNECT = Buffer.from([0xe0, 0]);

/** A publish encoded once for all senders; the digits that differ are written over before each sending. */
export interface Template {
  readonly bytes: Buffer;
  /** Messages that one publish carries. */
  readonly messages: number;
  /** Where the packet's id stands; −1 at QoS 0. */
  readonly packetAt: number;
  readonly tsAt: Int32Array;
  readonly seqAt: Int32Array;
  /** Where the numbers of the terminals stand. */
  readonly terminalAt: Int32Array;
  /** Where the gateway's number stands; −1 without one. */
  readonly gatewayAt: number;
}

function envelope(boot: string): string {
  return `{"ts":1700000000000,"boot":"${boot}","seq":${FIRST_SEQ},`;
}

/** A heartbeat of one terminal. */
export function heartbeatTemplate(options: LoadOptions, boot: string): Template {
  const payload = envelope(boot) + GAUGES;
  return build(options.qos, `pos/v1/${options.tenant}/${terminalId(0)}/heartbeat`, payload);
}

/** A gateway's batch of one heartbeat each of `count` consecutive terminals. */
export function batchTemplate(options: LoadOptions, count: number, boot: string): Template {
  const entry = `{"terminal":"${terminalId(0)}","channel":"heartbeat","payload":${envelope(boot)}${GAUGES}}`;
  const payload = `{"messages":[${new Array<string>(count).fill(entry).join(',')}]}`;
  return build(options.qos, `pos/v1/${options.tenant}/${gatewayId(0)}/batch`, payload);
}

function build(qos: 0 | 1, topic: string, payload: string): Template {
  const packetId = qos > 0 ? { messageId: 1 } : {};
  const bytes = generate({ cmd: 'publish', topic, payload, qos, dup: false, retain: false, ...packetId });
  const start = bytes.length - Buffer.byteLength(payload);
  const tsAt = positions(bytes, '"ts":', start);
  const alone = topic.endsWith('/heartbeat');
  return {
    bytes,
    messages: tsAt.length,
    packetAt: qos > 0 ? start - 2 : -1,
    tsAt,
    seqAt: positions(bytes, '"seq":', start),
    terminalAt: alone ? positions(bytes, '/L', 0) : positions(bytes, '"terminal":"L', start),
    gatewayAt: alone ? -1 : bytes.indexOf('/LG') + 3,
  };
}

/** Offsets behind each occurrence of a mark. */
function positions(bytes: Buffer, mark: string, from: number): Int32Array {
  const found: number[] = [];
  for (let at = bytes.indexOf(mark, from); at >= 0; at = bytes.indexOf(mark, at + mark.length))
    found.push(at + mark.length);
  return Int32Array.from(found);
}

function digits(bytes: Buffer, at: number, count: number, number: number): void {
  let value = number;
  for (let i = at + count - 1; i >= at; i--) {
    const rest = Math.floor(value / 10);
    bytes[i] = 48 + (value - rest * 10);
    value = rest;
  }
}

/** Whom a publish speaks for: consecutive terminals from `first` on, and the gateway that carries it. */
export interface Speaker {
  first: number;
  gateway: number;
}

/** Writes a template with its numbers filled in into `target`; answers the offset behind it. `seqs` counts on for each terminal. */
export function fill(
  template: Template,
  target: Buffer,
  offset: number,
  ts: number,
  speaker: Speaker,
  seqs: Uint32Array,
  packetId: number,
): number {
  const { bytes, tsAt, seqAt, terminalAt } = template;
  for (let i = 0; i < tsAt.length; i++) {
    const terminal = speaker.first + i;
    const seq = seqs[terminal] as number;
    seqs[terminal] = seq + 1;
    digits(bytes, tsAt[i] as number, TS_DIGITS, ts);
    digits(bytes, seqAt[i] as number, SEQ_DIGITS, FIRST_SEQ + seq);
    digits(bytes, terminalAt[i] as number, TERMINAL_DIGITS, terminal);
  }
  if (template.gatewayAt >= 0) digits(bytes, template.gatewayAt, GATEWAY_DIGITS, speaker.gateway);
  if (template.packetAt >= 0) bytes.writeUInt16BE(packetId, template.packetAt);
  bytes.copy(target, offset);
  return offset + bytes.length;
}
