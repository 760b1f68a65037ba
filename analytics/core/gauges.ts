import { TillwatchError } from '../../contract/errors.ts';
import type { Reading } from '../../contract/reading.ts';
import type { TenantId } from '../../contract/topics.ts';
import { COMPACT_STATE, judgeCompact } from './anomaly/compact.ts';

const VERSION = 1;
/** Gauges kept at most; the one unheard for longest gives way. About 20 MB. */
const MOST = 20_000;
/** Anomalies remembered of each tenant. */
const REMEMBERED = 500;

/** A gauge of an operator's own that was out of the ordinary. */
export interface GaugeAnomaly {
  readonly terminal: string;
  /** As the heartbeat names it, without `custom.`. */
  readonly gauge: string;
  /** Event time, ms. */
  readonly at: number;
  readonly value: number;
  /** What the hour of the day usually has. */
  readonly usual: number;
  /** 0 … 1. */
  readonly score: number;
}

/** What is known of a gauge now. */
export interface GaugeView extends GaugeAnomaly {
  readonly samples: number;
}

interface Gauge {
  readonly state: Float32Array;
  at: number;
  value: number;
  usual: number;
  score: number;
}

/**
 * Watches the gauges of operators' own (`custom.*` of heartbeats) for what is out of the ordinary, each against its own past, in event time.
 * What comes late is left out. Bounded: a gauge that gives way is learned anew when it is heard again.
 */
export class GaugeWatch {
  readonly #most: number;
  /** By tenant, terminal and name; least recently heard first. */
  readonly #gauges = new Map<string, Gauge>();
  readonly #anomalies = new Map<string, GaugeAnomaly[]>();

  constructor(most: number = MOST) {
    this.#most = most;
  }

  get size(): number {
    return this.#gauges.size;
  }

  /** Takes a reading in; answers how many of its gauges were anomalies. */
  take(reading: Reading): number {
    if (reading.channel !== 'heartbeat' || reading.payload.custom === undefined) return 0;
    let found = 0;
    for (const [name, value] of Object.entries(reading.payload.custom)) {
      if (value !== undefined && this.#judge(reading.tenant, reading.terminal, name, value, reading.ts)) found++;
    }
    return found;
  }

  /** Anomalies of a tenant, newest first. */
  anomalies(tenant: TenantId, filter: { terminal?: string; gauge?: string }, limit: number): GaugeAnomaly[] {
    return (this.#anomalies.get(tenant) ?? [])
      .filter((a) => (filter.terminal ?? a.terminal) === a.terminal && (filter.gauge ?? a.gauge) === a.gauge)
      .sort((a, b) => b.at - a.at)
      .slice(0, limit);
  }

  /** The gauges of a terminal as they are now, by name. */
  of(tenant: TenantId, terminal: string): GaugeView[] {
    const prefix = `${tenant}/${terminal}/`;
    return [...this.#gauges]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, { at, value, usual, score, state }]) => ({
        terminal,
        gauge: key.slice(prefix.length),
        at,
        value,
        usual,
        score,
        samples: state[0]!,
      }))
      .sort((a, b) => a.gauge.localeCompare(b.gauge));
  }

  #judge(tenant: TenantId, terminal: string, name: string, value: number, at: number): boolean {
    const key = `${tenant}/${terminal}/${name}`;
    const known = this.#gauges.get(key);
    if (known && at <= known.at) return false;
    const gauge = known ?? { state: new Float32Array(COMPACT_STATE), at, value, usual: value, score: 0 };
    const { score, alarm, usual } = judgeCompact(gauge.state, 0, value, at);
    Object.assign(gauge, { at, value, usual, score });
    // Put last again: the order of a Map is that of insertion.
    this.#gauges.delete(key);
    this.#gauges.set(key, gauge);
    if (this.#gauges.size > this.#most) this.#gauges.delete(this.#gauges.keys().next().value!);
    if (!alarm) return false;
    const list = this.#anomalies.get(tenant) ?? [];
    list.push({ terminal, gauge: name, at, value, usual, score });
    if (list.length > REMEMBERED) list.shift();
    this.#anomalies.set(tenant, list);
    return true;
  }

  /** The whole state as bytes. */
  snapshot(): Uint8Array {
    const gauges = [...this.#gauges].map(([key, { state: _state, ...rest }]) => ({ key, ...rest }));
    const header = new TextEncoder().encode(
      JSON.stringify({ version: VERSION, stride: COMPACT_STATE, gauges, anomalies: [...this.#anomalies] }),
    );
    const bytes = new Uint8Array(4 + header.byteLength + gauges.length * COMPACT_STATE * 4);
    new DataView(bytes.buffer).setUint32(0, header.byteLength, true);
    bytes.set(header, 4);
    let at = 4 + header.byteLength;
    for (const { state } of this.#gauges.values()) {
      bytes.set(new Uint8Array(state.buffer), at);
      at += state.byteLength;
    }
    return bytes;
  }

  /** Takes a snapshot back. Error: `analytics.bad_snapshot`, where it is damaged or of another version; it has taken nothing then. */
  restore(saved: Uint8Array): void {
    const cutShort = 'the state of custom gauges is cut short';
    if (saved.byteLength < 4) throw new TillwatchError('analytics.bad_snapshot', cutShort);
    const length = new DataView(saved.buffer, saved.byteOffset, saved.byteLength).getUint32(0, true);
    if (saved.byteLength < 4 + length) throw new TillwatchError('analytics.bad_snapshot', cutShort);
    const header = JSON.parse(new TextDecoder().decode(saved.subarray(4, 4 + length))) as {
      version: number;
      stride: number;
      gauges: (Omit<Gauge, 'state'> & { key: string })[];
      anomalies: [string, GaugeAnomaly[]][];
    };
    if (header.version !== VERSION || header.stride !== COMPACT_STATE) {
      throw new TillwatchError('analytics.bad_snapshot', 'the state of custom gauges is of another version');
    }
    if (saved.byteLength < 4 + length + header.gauges.length * COMPACT_STATE * 4) {
      throw new TillwatchError('analytics.bad_snapshot', cutShort);
    }
    this.#gauges.clear();
    let at = 4 + length;
    for (const { key, ...rest } of header.gauges) {
      const state = new Float32Array(Uint8Array.from(saved.subarray(at, at + COMPACT_STATE * 4)).buffer);
      this.#gauges.set(key, { ...rest, state });
      at += COMPACT_STATE * 4;
    }
    this.#anomalies.clear();
    for (const [tenant, list] of header.anomalies) this.#anomalies.set(tenant, list);
  }
}
