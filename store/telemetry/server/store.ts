import { TillwatchError } from '../../../contract/errors.ts';
import type { MetricDefinition } from '../../../contract/metrics.ts';
import type { Clock } from '../../../contract/ports/clock.ts';
import type { Directory } from '../../../contract/ports/directory.ts';
import type {
  Aggregate,
  GroupSeries,
  Latest,
  Series,
  TelemetryStats,
  TelemetryStore,
} from '../../../contract/ports/telemetry-store.ts';
import type { TenantId } from '../../../contract/topics.ts';
import { eventReading } from '../events.ts';
import { aggregateFor, checkAggregate, checkRange } from '../query.ts';
import { linesOf, type Strings } from './lines.ts';
import { bucketsOf, lastWords, quantile, type Samples } from './samples.ts';

export type ByTerminal<V extends number | string = number> = ReadonlyMap<string, Samples<V>>;
/** What servers work out over a window of one series themselves. */
export type Windowed = 'mean' | 'min' | 'max' | 'last' | 'sum' | 'count' | 'p50' | 'p95';

export interface NewestValue {
  readonly terminal: string;
  readonly metric: string;
  readonly channel: 'heartbeat' | 'counters';
  readonly ts: number;
  readonly value: number | string;
}

/** What a telemetry server's client must do; terminals left out: all of the tenant's. */
export interface TelemetryClient {
  readonly strings: Strings;
  /** Checks that the server answers and is set up as it must be. */
  open(): Promise<void>;
  close(): Promise<void>;
  /** Sends lines; resolves when the server has taken them. Errors: `telemetry.unavailable`. */
  send(lines: readonly string[]): Promise<void>;
  numbers(
    tenant: TenantId,
    metric: MetricDefinition,
    from: number,
    to: number,
    terminals?: readonly string[],
  ): Promise<ByTerminal>;
  words(
    tenant: TenantId,
    metric: MetricDefinition,
    from: number,
    to: number,
    terminals: readonly string[],
  ): Promise<ByTerminal<string>>;
  /** Buckets [n × step, (n + 1) × step) that touch [from, to), named by their start. */
  windows(
    tenant: TenantId,
    metric: MetricDefinition,
    from: number,
    to: number,
    stepMs: number,
    how: Windowed,
    terminals?: readonly string[],
  ): Promise<ByTerminal>;
  /** Each series' newest sample within the last `windowMs` before `now`. */
  newest(
    tenant: TenantId,
    terminals: readonly string[],
    now: number,
    windowMs: number,
  ): Promise<readonly NewestValue[]>;
  events(
    tenant: TenantId,
    terminal: string,
    channel: number,
    from: number,
    to: number,
    limit: number,
  ): Promise<readonly { ts: number; receivedAt: number; payload: string }[]>;
  deleteTenant(tenant: TenantId): Promise<void>;
  stats(): Promise<TelemetryStats>;
}

export interface ServerTelemetryDeps {
  readonly client: TelemetryClient;
  readonly clock: Clock;
  readonly directory: Directory;
  /** The journal's own cursor of the telemetry writer: where to begin after a start. */
  readonly journalCursor: (shard: number) => Promise<number>;
  /** How long the server may keep what it has taken in memory, ms: only older writes count as stored. */
  readonly durableAfterMs: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LOOK_BACK_MS = 6 * HOUR;
/** Windows in which the newest values are looked for, one after another: nearly all terminals are found in the first. */
const NEWEST_MS = [15 * MINUTE, 3 * HOUR, 2 * DAY, 31 * DAY, 730 * DAY];
const TERMINALS_AT_ONCE = 200;
const LINES_AT_ONCE = 10_000;

/** A telemetry store over a server: what servers do alike is here, what they do each in their own way is in the client. */
export function createServerTelemetry(deps: ServerTelemetryDeps): TelemetryStore {
  const { client, clock, directory, durableAfterMs } = deps;
  let running = false;
  const durable = new Map<number, number>();
  const recent = new Map<number, { position: number; at: number }[]>();

  const opened = (): void => {
    if (!running) throw new TillwatchError('telemetry.closed', 'the telemetry store is not open');
  };

  const settle = (shard: number): void => {
    const waiting = recent.get(shard) ?? [];
    const now = clock.now();
    while (waiting[0] && waiting[0].at + durableAfterMs <= now) durable.set(shard, waiting.shift()!.position);
  };

  const groupsOf = <V>(
    tenant: TenantId,
    by: 'site' | 'model' | 'firmware' | 'carrier' | 'tenant',
    found: ReadonlyMap<string, V>,
  ): Map<string, Map<string, V>> => {
    const groups = new Map<string, Map<string, V>>();
    for (const [terminal, value] of found) {
      const group = by === 'tenant' ? tenant : directory.facts(tenant, terminal)?.[by];
      if (group === undefined || group === null) continue;
      const members = groups.get(group) ?? new Map<string, V>();
      groups.set(group, members);
      members.set(terminal, value);
    }
    return groups;
  };

  const store: TelemetryStore = {
    async start() {
      if (running) return;
      await client.open();
      running = true;
    },
    async stop() {
      if (!running) return;
      running = false;
      await client.close();
    },

    write: (batch) => store.writeAll([batch]),

    async writeAll(batches) {
      opened();
      const last = batches.at(-1);
      if (!last) return;
      // Writing the same again changes nothing on these servers: a sample is known by its series and time.
      const lines = linesOf(batches, client.strings);
      for (let i = 0; i < lines.length; i += LINES_AT_ONCE) await client.send(lines.slice(i, i + LINES_AT_ONCE));
      const waiting = recent.get(last.shard) ?? [];
      recent.set(last.shard, waiting);
      waiting.push({ position: last.position, at: clock.now() });
    },

    async position(shard) {
      opened();
      settle(shard);
      return durable.get(shard) ?? (await deps.journalCursor(shard));
    },

    async latest(tenant, terminals) {
      opened();
      const found = new Map<string, Latest>();
      const now = clock.now();
      for (const windowMs of NEWEST_MS) {
        const open = [...new Set(terminals)].filter((terminal) => !found.has(terminal));
        for (let i = 0; i < open.length; i += TERMINALS_AT_ONCE) {
          const some = open.slice(i, i + TERMINALS_AT_ONCE);
          for (const one of newestRows(await client.newest(tenant, some, now, windowMs))) found.set(one.terminal, one);
        }
      }
      return [...new Set(terminals)].flatMap((terminal) => found.get(terminal) ?? []);
    },

    async range(tenant, query) {
      const metrics = checkRange(query);
      opened();
      const { terminals, from, to, stepMs } = query;
      const byMetric = await Promise.all(
        metrics.map(async (metric): Promise<ByTerminal | ByTerminal<string>> => {
          if (terminals.length === 0) return new Map();
          if (metric.kind === 'text') {
            const words = await client.words(tenant, metric, from, to, terminals);
            return stepMs === undefined ? words : mapped(words, (samples) => lastWords(samples, stepMs));
          }
          if (stepMs === undefined) return client.numbers(tenant, metric, from, to, terminals);
          const how = aggregateFor(metric, query.aggregate);
          if (how !== 'increase') return client.windows(tenant, metric, from, to, stepMs, how, terminals);
          const samples = await client.numbers(tenant, metric, from - LOOK_BACK_MS, to, terminals);
          return mapped(samples, (one) => bucketsOf(one, 'increase', stepMs, from));
        }),
      );
      return terminals.flatMap((terminal) =>
        metrics.map((metric, i): Series => {
          const samples = byMetric[i]!.get(terminal);
          return { terminal, metric: metric.key, times: samples?.times ?? [], values: samples?.values ?? [] };
        }),
      );
    },

    async aggregate(tenant, query) {
      const metric = checkAggregate(query);
      opened();
      const { from, to, stepMs, aggregate, by } = query;
      if (aggregate === 'increase') {
        const samples = await client.numbers(tenant, metric, from - LOOK_BACK_MS, to);
        const grown = mapped(samples, (one) => bucketsOf(one, 'increase', stepMs, from));
        return seriesOf(groupsOf(tenant, by, grown), (values) => values.reduce((a, b) => a + b, 0));
      }
      if (aggregate === 'mean') {
        const sums = await client.windows(tenant, metric, from, to, stepMs, 'sum');
        const counts = await client.windows(tenant, metric, from, to, stepMs, 'count');
        return meansOf(groupsOf(tenant, by, sums), counts);
      }
      const found = await client.windows(tenant, metric, from, to, stepMs, aggregate);
      return seriesOf(groupsOf(tenant, by, found), COMBINE[aggregate]);
    },

    async events(tenant, terminal, from, to, limit) {
      opened();
      const found = await client.events(tenant, terminal, EVENT_CHANNEL, from, to, limit);
      return [...found]
        .sort((a, b) => b.ts - a.ts)
        .slice(0, limit)
        .map((row) => eventReading(tenant, terminal, row));
    },

    // Servers of this kind drop by their own retention; rollups are theirs to keep (recording rules, tasks).
    async maintain() {
      opened();
    },

    async export() {
      opened();
      throw new TillwatchError(
        'telemetry.export_unsupported',
        "files are written by the embedded store only: use the server's own export",
        { status: 501 },
      );
    },

    async deleteTenant(tenant) {
      opened();
      await client.deleteTenant(tenant);
    },

    async stats() {
      opened();
      return client.stats();
    },
  };
  return store;
}

// Index of `event` in UP_CHANNELS, which is append only.
const EVENT_CHANNEL = 4;

/** How the terminals of a group make one value; quantiles are those of the terminals' own. */
const COMBINE: Readonly<Record<Exclude<Aggregate, 'mean' | 'increase'>, (values: readonly number[]) => number>> = {
  min: (values) => values.reduce((a, b) => Math.min(a, b)),
  max: (values) => values.reduce((a, b) => Math.max(a, b)),
  sum: (values) => values.reduce((a, b) => a + b, 0),
  last: (values) => values.reduce((a, b) => a + b, 0) / values.length,
  p50: (values) => quantile(values, 0.5),
  p95: (values) => quantile(values, 0.95),
};

/** A terminal's newest heartbeat and newest counters, out of the newest sample of each of its series. */
function newestRows(values: readonly NewestValue[]): Latest[] {
  const newest = new Map<string, number>();
  for (const { terminal, channel, ts } of values) {
    const key = `${channel}/${terminal}`;
    newest.set(key, Math.max(newest.get(key) ?? 0, ts));
  }
  const rows = new Map<string, { terminal: string; ts: number; values: Record<string, number | string> }>();
  for (const { terminal, channel, ts, metric, value } of values) {
    // A series whose newest sample is older was not part of the newest message.
    if (ts !== newest.get(`${channel}/${terminal}`)) continue;
    const row = rows.get(terminal) ?? { terminal, ts: 0, values: {} };
    rows.set(terminal, row);
    row.ts = Math.max(row.ts, ts);
    if (metric !== '') row.values[metric] = value;
  }
  return [...rows.values()];
}

function mapped<V extends number | string>(
  found: ByTerminal<V>,
  change: (samples: Samples<V>) => Samples<V>,
): ByTerminal<V> {
  return new Map([...found].map(([terminal, samples]) => [terminal, change(samples)]));
}

function seriesOf(
  groups: ReadonlyMap<string, ReadonlyMap<string, Samples>>,
  combine: (values: readonly number[]) => number,
): GroupSeries[] {
  return sorted(groups).map(([group, members]) => {
    const buckets = new Map<number, number[]>();
    for (const { times, values } of members.values()) {
      times.forEach((time, i) => {
        const list = buckets.get(time) ?? [];
        buckets.set(time, list);
        list.push(values[i]!);
      });
    }
    const times = [...buckets.keys()].sort((a, b) => a - b);
    return { group, times, values: times.map((time) => combine(buckets.get(time)!)), terminals: members.size };
  });
}

function meansOf(groups: ReadonlyMap<string, ReadonlyMap<string, Samples>>, counts: ByTerminal): GroupSeries[] {
  return sorted(groups).map(([group, members]) => {
    const buckets = new Map<number, { sum: number; count: number }>();
    for (const [terminal, { times, values }] of members) {
      const its = counts.get(terminal);
      const countAt = new Map(its?.times.map((time, i) => [time, its.values[i]!]));
      times.forEach((time, i) => {
        const bucket = buckets.get(time) ?? { sum: 0, count: 0 };
        buckets.set(time, bucket);
        bucket.sum += values[i]!;
        bucket.count += countAt.get(time) ?? 0;
      });
    }
    const times = [...buckets.keys()].sort((a, b) => a - b);
    return {
      group,
      times,
      values: times.map((time) => {
        const { sum, count } = buckets.get(time)!;
        return count === 0 ? null : sum / count;
      }),
      terminals: members.size,
    };
  });
}

function sorted<V>(groups: ReadonlyMap<string, V>): [string, V][] {
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}
