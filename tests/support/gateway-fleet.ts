import { connect, type Socket } from 'node:net';
import { generate } from 'mqtt-packet';

/**
 * A fleet behind store gateways, as a process of its own (`fork`): every terminal's heartbeat once an interval and its counters every
 * fifth, in QoS 1 arrays. Sends `{ type: 'report', … }` every second and at the end.
 */
export interface GatewayFleet {
  readonly port: number;
  readonly tenant: string;
  readonly terminals: number;
  readonly gateways: number;
  readonly intervalS: number;
  readonly durationS: number;
}

export interface GatewayReport {
  readonly type: 'report';
  readonly ended: boolean;
  /** Terminals' messages, not publishes. */
  readonly sent: number;
  readonly acknowledged: number;
  /** Publish → ack, ms, of every publish so far. */
  readonly ackP50: number;
  readonly ackP99: number;
  /** How far behind its own timetable the sender is, ms. */
  readonly lateMs: number;
}

const TICK_MS = 20;

interface Gateway {
  readonly socket: Socket;
  readonly first: number;
  readonly count: number;
  packetId: number;
  /** Publishes under way by packet id: entries and when they were sent. */
  readonly open: Map<number, { entries: number; at: number }>;
  rest: Buffer;
}

export async function runGatewayFleet(fleet: GatewayFleet, tell: (report: GatewayReport) => void): Promise<void> {
  const boot = `g${Date.now().toString(36)}`;
  const latencies: number[] = [];
  let sent = 0;
  let acknowledged = 0;
  let late = 0;

  const gateways: Gateway[] = [];
  for (let g = 0; g < fleet.gateways; g++) {
    const first = Math.floor((g * fleet.terminals) / fleet.gateways);
    const count = Math.floor(((g + 1) * fleet.terminals) / fleet.gateways) - first;
    const gateway: Gateway = {
      socket: await open(fleet, g),
      first,
      count,
      packetId: 0,
      open: new Map(),
      rest: Buffer.alloc(0),
    };
    gateway.socket.on('data', (chunk) => {
      let bytes = gateway.rest.length > 0 ? Buffer.concat([gateway.rest, chunk]) : chunk;
      // Only PUBACKs come back: 0x40 0x02 and two bytes of packet id.
      for (; bytes.length >= 4; bytes = bytes.subarray(4)) {
        const id = bytes.readUInt16BE(2);
        const done = gateway.open.get(id);
        if (!done) continue;
        gateway.open.delete(id);
        acknowledged += done.entries;
        latencies.push(performance.now() - done.at);
      }
      gateway.rest = bytes;
    });
    gateways.push(gateway);
  }

  const publish = (gateway: Gateway, round: number): void => {
    const ts = Date.now();
    const counters = round % 5 === 0;
    const seq = round + Math.ceil(round / 5);
    const entries: string[] = [];
    for (let i = 0; i < gateway.count; i++) {
      const n = gateway.first + i;
      const id = `F${n.toString(36).padStart(5, '0')}`;
      const soc = 40 + ((n + round) % 60);
      entries.push(
        `{"terminal":"${id}","channel":"heartbeat","payload":{"ts":${ts},"boot":"${boot}","seq":${seq},"battery":{"soc_pct":${soc},"voltage_mv":${7000 + 7 * soc},"current_ma":-${100 + (n % 50)},"temp_c":${25 + (round % 9)},"cycles":${n % 400},"status":"discharging"},"printer":{"state":"ok","head_temp_c":${30 + (n % 12)},"head_ohm":${1180 + (n % 40)}},"network":{"bearer":"lte","rsrp_dbm":-${80 + (n % 30)},"rsrq_db":-${8 + (n % 6)},"sinr_db":${5 + (n % 15)},"cell":"c${n % 2000}","rtt_ms":${60 + ((n + round) % 80)},"loss_pct":0},"system":{"uptime_s":${round * fleet.intervalS},"cpu_pct":${5 + (n % 30)},"mem_free_mb":${120 + (n % 60)}}}}`,
      );
      if (!counters) continue;
      const k = round * 3 + (n % 7);
      entries.push(
        `{"terminal":"${id}","channel":"counters","payload":{"ts":${ts},"boot":"${boot}","seq":${seq + 1},"printer":{"printed_mm_total":${k * 180},"jobs_total":${k},"retries_total":${k >> 5},"cuts_total":${k}},"network":{"reconnects_total":${round >> 4},"tx_fail_total":${round >> 3}},"reader":{"chip_ok_total":${k},"tap_ok_total":${k * 2}},"txn":{"ok_total":${k * 3}}}}`,
      );
    }
    gateway.packetId = (gateway.packetId % 65_535) + 1;
    gateway.open.set(gateway.packetId, { entries: entries.length, at: performance.now() });
    sent += entries.length;
    gateway.socket.write(
      generate({
        cmd: 'publish',
        topic: `pos/v1/${fleet.tenant}/G${gateway.first}/batch`,
        payload: `{"messages":[${entries.join(',')}]}`,
        qos: 1,
        messageId: gateway.packetId,
        retain: false,
        dup: false,
      }),
    );
  };

  const report = (ended: boolean): void => {
    const sorted = [...latencies].sort((a, b) => a - b);
    const at = (p: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
    tell({ type: 'report', ended, sent, acknowledged, ackP50: at(0.5), ackP99: at(0.99), lateMs: late });
  };

  // Gateways take turns evenly over the interval: publish number k is due k × interval / gateways after the start.
  const began = performance.now();
  const total = Math.floor((fleet.durationS / fleet.intervalS) * fleet.gateways);
  let next = 0;
  const timer = setInterval(() => report(false), 1000);
  while (next < total) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1000 / fleet.intervalS) * fleet.gateways));
    late = 0;
    for (; next < due; next++) {
      publish(gateways[next % fleet.gateways]!, Math.floor(next / fleet.gateways));
      late = performance.now() - began - (next * fleet.intervalS * 1000) / fleet.gateways;
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  const patience = performance.now() + 60_000;
  while (acknowledged < sent && performance.now() < patience) await new Promise((resolve) => setTimeout(resolve, 50));
  clearInterval(timer);
  report(true);
  for (const { socket } of gateways) socket.destroy();
}

async function open(fleet: GatewayFleet, index: number): Promise<Socket> {
  const socket = connect({ port: fleet.port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('data', () => resolve());
    socket.write(
      generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        clientId: `gw-${index}`,
        keepalive: 0,
      }),
    );
  });
  return socket;
}

if (process.send) {
  process.once('message', (fleet: GatewayFleet) => {
    runGatewayFleet(fleet, (report) => process.send?.(report)).then(
      () => process.disconnect(),
      (error: unknown) => {
        throw error;
      },
    );
  });
}
