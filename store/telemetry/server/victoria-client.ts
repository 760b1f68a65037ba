import { TillwatchError } from '../../../contract/errors.ts';
import type { MetricDefinition } from '../../../contract/metrics.ts';
import type { TenantId } from '../../../contract/topics.ts';
import { COUNTER_COLUMNS, GAUGE_COLUMNS } from '../columns.ts';
import { COUNTERS, CUSTOM, EVENT, HEARTBEAT, payloadOf, WORD } from './lines.ts';
import type { Samples } from './samples.ts';
import type { ByTerminal, NewestValue, TelemetryClient, Windowed } from './store.ts';
import { LineWriter, serverError } from './writer.ts';

export interface VictoriaOptions {
  /** `http://host:8428`. */
  readonly url: string;
  /** Bearer token of a proxy in front, if there is one. */
  readonly token?: string;
  readonly timeoutMs?: number;
}

type Labels = Readonly<Record<string, string>>;
interface Exported {
  readonly metric: Labels;
  readonly values: readonly number[];
  readonly timestamps: readonly number[];
}
interface Answer {
  readonly data: {
    readonly result: readonly {
      readonly metric: Labels;
      readonly value: readonly [number, string];
      readonly values: readonly (readonly [number, string])[];
    }[];
  };
}

const OVER_TIME: Readonly<Record<Windowed, (selector: string) => string>> = {
  mean: (s) => `avg_over_time(${s})`,
  min: (s) => `min_over_time(${s})`,
  max: (s) => `max_over_time(${s})`,
  last: (s) => `last_over_time(${s})`,
  sum: (s) => `sum_over_time(${s})`,
  count: (s) => `count_over_time(${s})`,
  p50: (s) => `quantile_over_time(0.5, ${s})`,
  p95: (s) => `quantile_over_time(0.95, ${s})`,
};

const KEY_OF = new Map<string, { key: string; channel: 'heartbeat' | 'counters' }>([
  ...GAUGE_COLUMNS.map(({ name, key }) => [`${HEARTBEAT}_${name}`, { key, channel: 'heartbeat' }] as const),
  ...COUNTER_COLUMNS.map(({ name, key }) => [`${COUNTERS}_${name}`, { key, channel: 'counters' }] as const),
  [`${HEARTBEAT}_n`, { key: '', channel: 'heartbeat' }],
  [`${COUNTERS}_n`, { key: '', channel: 'counters' }],
]);

/** VictoriaMetrics, single node or a cluster's select path: line protocol in, export and MetricsQL out. */
export function createVictoriaClient(options: VictoriaOptions): TelemetryClient {
  const base = options.url.replace(/\/$/, '');
  const timeoutMs = options.timeoutMs ?? 30_000;
  const writer = new LineWriter({ ...options, url: base, org: 'tillwatch', bucket: 'tillwatch', timeoutMs });

  const ask = async (path: string, parameters: Readonly<Record<string, string>>): Promise<string> => {
    let response: Response;
    try {
      response = await fetch(`${base}${path}`, {
        method: 'POST',
        body: new URLSearchParams(parameters),
        signal: AbortSignal.timeout(timeoutMs),
        ...(options.token ? { headers: { authorization: `Bearer ${options.token}` } } : {}),
      });
    } catch (error) {
      throw serverError(base, error, undefined);
    }
    const text = await response.text();
    if (!response.ok) throw serverError(base, text.slice(0, 500), response.status);
    return text;
  };

  const exported = async (selector: string, from: number, to: number): Promise<Exported[]> => {
    const text = await ask('/api/v1/export', {
      'match[]': selector,
      start: seconds(from),
      end: seconds(to - 1),
    });
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Exported);
  };

  const query = async (path: string, parameters: Readonly<Record<string, string>>): Promise<Answer['data']['result']> =>
    (JSON.parse(await ask(path, { nocache: '1', ...parameters })) as Answer).data.result;

  return {
    strings: 'tags',

    async open() {
      const flags = await ask('/flags', {});
      // Without it a batch that is written again is counted twice.
      if (!/dedup\.minScrapeInterval="?1ms/.test(flags)) {
        throw new TillwatchError(
          'telemetry.server_setting',
          `${base}: start VictoriaMetrics with -dedup.minScrapeInterval=1ms, so that a batch written again is stored once`,
          { context: { url: base } },
        );
      }
      writer.open();
    },
    close: () => writer.close(),
    send: (lines) => writer.send(lines),

    async numbers(tenant, metric, from, to, terminals) {
      return byTerminal(await exported(selectorOf(tenant, metric, terminals), from, to));
    },

    async words(tenant, metric, from, to, terminals) {
      const selector = `{__name__="${WORD}_v",tenant="${tenant}",metric="${metric.key}"${among(terminals)}}`;
      const held = new Map<string, { time: number; word: string }[]>();
      for (const { metric: labels, timestamps } of await exported(selector, from, to)) {
        const list = held.get(labels.terminal!) ?? [];
        held.set(labels.terminal!, list);
        for (const time of timestamps) list.push({ time, word: labels.word ?? '' });
      }
      const found = new Map<string, Samples<string>>();
      for (const [terminal, list] of held) {
        list.sort((a, b) => a.time - b.time);
        found.set(terminal, { times: list.map((x) => x.time), values: list.map((x) => x.word) });
      }
      return found;
    },

    async windows(tenant, metric, from, to, stepMs, how, terminals) {
      const first = from - (from % stepMs);
      const last = to - 1 - ((to - 1) % stepMs);
      // A window ends with its time and is open at its start: asked for at a bucket's last ms it is the bucket.
      const result = await query('/api/v1/query_range', {
        query: OVER_TIME[how](`${selectorOf(tenant, metric, terminals)}[${stepMs}ms]`),
        start: seconds(first + stepMs - 1),
        end: seconds(last + stepMs - 1),
        step: `${stepMs}ms`,
      });
      const found = new Map<string, Samples>();
      for (const { metric: labels, values } of result) {
        found.set(labels.terminal!, {
          times: values.map(([time]) => Math.round(time * 1000) - stepMs + 1),
          values: values.map(([, value]) => Number(value)),
        });
      }
      return found;
    },

    async newest(tenant, terminals, now, windowMs) {
      const selector = `{__name__=~"(${HEARTBEAT}|${COUNTERS}|${WORD})_.+",tenant="${tenant}"${among(terminals)}}[${windowMs}ms]`;
      const time = seconds(now);
      const [values, times] = await Promise.all([
        query('/api/v1/query', { query: `last_over_time(${selector}) keep_metric_names`, time }),
        query('/api/v1/query', { query: `tlast_over_time(${selector}) keep_metric_names`, time }),
      ]);
      const at = new Map(times.map(({ metric, value }) => [keyOf(metric), Math.round(Number(value[1]) * 1000)]));
      return values.flatMap(({ metric: labels, value }): NewestValue[] => {
        const ts = at.get(keyOf(labels));
        const terminal = labels.terminal!;
        if (ts === undefined) return [];
        if (labels.__name__ === `${WORD}_v`) {
          return [{ terminal, metric: labels.metric!, channel: 'heartbeat', ts, value: labels.word ?? '' }];
        }
        const known = KEY_OF.get(labels.__name__!);
        return known ? [{ terminal, metric: known.key, channel: known.channel, ts, value: Number(value[1]) }] : [];
      });
    },

    async events(tenant, terminal, channel, from, to) {
      const selector = `{__name__="${EVENT}_received_at",tenant="${tenant}",terminal="${terminal}",channel="${channel}"}`;
      return (await exported(selector, Math.max(0, from), to)).flatMap(({ metric, timestamps, values }) =>
        timestamps.map((ts, i) => ({ ts, receivedAt: values[i]!, payload: payloadOf(metric) })),
      );
    },

    async deleteTenant(tenant: TenantId) {
      await ask('/api/v1/admin/tsdb/delete_series', { 'match[]': `{__name__=~"tw_.+",tenant="${tenant}"}` });
    },

    async stats() {
      const text = await ask('/metrics', {});
      const sum = (name: string): number =>
        text
          .split('\n')
          .filter((line) => line.startsWith(`${name}{`))
          .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
      return { bytesOnDisk: sum('vm_data_size_bytes'), rows: sum('vm_rows'), oldest: null };
    },
  };
}

function selectorOf(tenant: TenantId, metric: MetricDefinition, terminals: readonly string[] | undefined): string {
  const custom = metric.group === 'custom';
  const name = custom
    ? `${CUSTOM}_value`
    : `${metric.kind === 'counter' ? COUNTERS : HEARTBEAT}_${metric.key.replace('.', '_')}`;
  const named = custom ? `,name="${metric.field}"` : '';
  return `{__name__="${name}",tenant="${tenant}"${named}${terminals ? among(terminals) : ''}}`;
}

// Terminal ids are letters, digits, "-" and "_": nothing in them needs escaping.
function among(terminals: readonly string[]): string {
  return `,terminal=~"${terminals.join('|')}"`;
}

function byTerminal(series: readonly Exported[]): ByTerminal {
  const found = new Map<string, Samples>();
  for (const { metric, timestamps, values } of series) {
    found.set(metric.terminal!, { times: [...timestamps], values: [...values] });
  }
  return found;
}

function keyOf(labels: Labels): string {
  return `${labels.__name__}/${labels.terminal}/${labels.metric ?? ''}/${labels.word ?? ''}`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
