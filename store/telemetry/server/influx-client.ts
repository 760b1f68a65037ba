import { flux, fluxDateTime, fluxExpression, HttpError, InfluxDB, type QueryApi } from '@influxdata/influxdb-client';
import { TillwatchError } from '../../../contract/errors.ts';
import type { MetricDefinition } from '../../../contract/metrics.ts';
import type { TenantId } from '../../../contract/topics.ts';
import { COUNTER_COLUMNS, GAUGE_COLUMNS, TEXT_COLUMNS } from '../columns.ts';
import { COUNTERS, CUSTOM, EVENT, HEARTBEAT } from './lines.ts';
import type { Samples } from './samples.ts';
import type { ByTerminal, NewestValue, TelemetryClient, Windowed } from './store.ts';
import { LineWriter, serverError } from './writer.ts';

export interface InfluxOptions {
  /** `http://host:8086`. */
  readonly url: string;
  readonly token: string;
  readonly org: string;
  /** Its retention is the server's to set. */
  readonly bucket: string;
  readonly timeoutMs?: number;
}

interface Row {
  readonly _time: string;
  readonly _value: number | string;
  readonly _field: string;
  readonly _measurement: string;
  readonly terminal: string;
}

const FUNCTIONS: Readonly<Record<Windowed, string>> = {
  mean: 'mean',
  min: 'min',
  max: 'max',
  last: 'last',
  sum: 'sum',
  count: 'count',
  p50: '(tables=<-, column) => tables |> quantile(q: 0.5, column: column, method: "exact_mean")',
  p95: '(tables=<-, column) => tables |> quantile(q: 0.95, column: column, method: "exact_mean")',
};

const KEY_OF = new Map<string, string>([
  ...[...GAUGE_COLUMNS, ...TEXT_COLUMNS].map(({ name, key }) => [`${HEARTBEAT}.${name}`, key] as const),
  ...COUNTER_COLUMNS.map(({ name, key }) => [`${COUNTERS}.${name}`, key] as const),
  [`${HEARTBEAT}.n`, ''],
  [`${COUNTERS}.n`, ''],
]);

/** InfluxDB 2: line protocol in, Flux out. A point is known by its series and time, so writing it again changes nothing. */
export function createInfluxClient(options: InfluxOptions): TelemetryClient {
  const base = options.url.replace(/\/$/, '');
  const timeoutMs = options.timeoutMs ?? 30_000;
  const writer = new LineWriter({ ...options, url: base, timeoutMs });
  let api: QueryApi | undefined;

  const rows = async <T>(query: string): Promise<T[]> => {
    if (!api) throw new TillwatchError('telemetry.closed', 'the telemetry store is not open');
    try {
      return await api.collectRows<T>(query);
    } catch (error) {
      throw serverError(base, error, error instanceof HttpError ? error.statusCode : undefined);
    }
  };

  const request = async (path: string, body?: unknown): Promise<string> => {
    let response: Response;
    try {
      response = await fetch(`${base}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Token ${options.token}`, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw serverError(base, error, undefined);
    }
    const text = await response.text();
    if (!response.ok) throw serverError(base, text.slice(0, 500), response.status);
    return text;
  };

  const source = (from: number, to: number): string =>
    flux`from(bucket: ${options.bucket}) |> range(start: ${at(Math.max(0, from))}, stop: ${at(to)})`.toString();

  return {
    strings: 'fields',

    async open() {
      await request('/health');
      writer.open();
      api = new InfluxDB({ url: base, token: options.token, timeout: timeoutMs }).getQueryApi(options.org);
      // A wrong token or bucket shows now rather than at the first write.
      await rows(`${source(0, 1)} |> limit(n: 1)`);
    },
    async close() {
      api = undefined;
      await writer.close();
    },
    send: (lines) => writer.send(lines),

    async numbers(tenant, metric, from, to, terminals) {
      const found = await rows<Row>(`${source(from, to)} ${only(tenant, metric, terminals)} ${KEEP}`);
      return grouped(found, (row) => Date.parse(row._time), Number);
    },

    async words(tenant, metric, from, to, terminals) {
      const found = await rows<Row>(`${source(from, to)} ${only(tenant, metric, terminals)} ${KEEP}`);
      return grouped(found, (row) => Date.parse(row._time), String);
    },

    async windows(tenant, metric, from, to, stepMs, how, terminals) {
      const first = from - (from % stepMs);
      const found = await rows<Row>(
        `${source(first, to)} ${only(tenant, metric, terminals)}
         |> aggregateWindow(every: ${stepMs}ms, fn: ${FUNCTIONS[how]}, createEmpty: false, timeSrc: "_start") ${KEEP}`,
      );
      return grouped(found, (row) => floor(Date.parse(row._time), stepMs), Number);
    },

    async newest(tenant, terminals, now, windowMs) {
      const found = await rows<Row>(
        `${source(now - windowMs, now + 1)}
         |> filter(fn: (r) => r._measurement == "${HEARTBEAT}" or r._measurement == "${COUNTERS}")
         |> filter(fn: (r) => r.tenant == "${tenant}" and (${among(terminals)})) |> last()`,
      );
      return found.flatMap((row): NewestValue[] => {
        const metric = KEY_OF.get(`${row._measurement}.${row._field}`);
        if (metric === undefined) return [];
        const channel = row._measurement === COUNTERS ? 'counters' : 'heartbeat';
        return [{ terminal: row.terminal, metric, channel, ts: Date.parse(row._time), value: row._value }];
      });
    },

    async events(tenant, terminal, channel, from, to, limit) {
      const found = await rows<{ _time: string; received_at: number; payload: string }>(
        `${source(from, to)}
         |> filter(fn: (r) => r._measurement == "${EVENT}" and r.tenant == "${tenant}" and r.terminal == "${terminal}" and r.channel == "${channel}")
         |> pivot(rowKey: ["_time", "kind"], columnKey: ["_field"], valueColumn: "_value")
         |> group() |> sort(columns: ["_time"], desc: true) |> limit(n: ${limit})`,
      );
      return found.map((row) => ({ ts: Date.parse(row._time), receivedAt: row.received_at, payload: row.payload }));
    },

    async deleteTenant(tenant) {
      const where = `org=${encodeURIComponent(options.org)}&bucket=${encodeURIComponent(options.bucket)}`;
      await request(`/api/v2/delete?${where}`, {
        start: '1970-01-01T00:00:00Z',
        stop: '2200-01-01T00:00:00Z',
        predicate: `tenant="${tenant}"`,
      });
    },

    async stats() {
      const text = await request('/metrics');
      const bytesOnDisk = text
        .split('\n')
        .filter((line) => line.startsWith('storage_shard_disk_size{'))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
      const [count] = await rows<{ _value: number }>(
        `${source(0, Date.UTC(2200, 0))} |> filter(fn: (r) => r._field == "n") |> group() |> count()`,
      );
      return { bytesOnDisk, rows: count?._value ?? 0, oldest: null };
    },
  };
}

const KEEP = '|> keep(columns: ["_time", "_value", "terminal"])';

function at(ms: number) {
  return fluxDateTime(new Date(ms).toISOString());
}

// Tenants, terminals and metric keys are of letters, digits, "-", "_" and ".": nothing in them needs escaping.
function only(tenant: TenantId, metric: MetricDefinition, terminals: readonly string[] | undefined): string {
  const custom = metric.group === 'custom';
  const measurement = custom ? CUSTOM : metric.kind === 'counter' ? COUNTERS : HEARTBEAT;
  const field = custom ? 'value' : metric.key.replace('.', '_');
  const conditions = [
    `r._measurement == "${measurement}"`,
    `r._field == "${field}"`,
    `r.tenant == "${tenant}"`,
    ...(custom ? [`r.name == "${metric.field}"`] : []),
    ...(terminals ? [`(${among(terminals)})`] : []),
  ];
  return fluxExpression(`|> filter(fn: (r) => ${conditions.join(' and ')})`).toString();
}

function among(terminals: readonly string[]): string {
  return terminals.map((terminal) => `r.terminal == "${terminal}"`).join(' or ');
}

function floor(time: number, stepMs: number): number {
  return time - (time % stepMs);
}

function grouped<V extends number | string>(
  found: readonly Row[],
  timeOf: (row: Row) => number,
  made: (value: number | string) => V,
): ByTerminal<V> {
  const groups = new Map<string, Samples<V>>();
  for (const row of found) {
    const samples = groups.get(row.terminal) ?? { times: [], values: [] };
    groups.set(row.terminal, samples);
    samples.times.push(timeOf(row));
    samples.values.push(made(row._value));
  }
  return groups;
}
