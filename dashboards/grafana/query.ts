/**
 * A question about the fleet in the domain's own words. `promql.ts` and `flux.ts` write it down for a Prometheus-like store and for
 * InfluxDB 2; a panel or an alert rule knows neither language.
 */
export interface Query {
  readonly source: Source;
  readonly scope: Scope;
  /** Labels that must be the value given, or one of several. `$site` and the like are the dashboard's variables. */
  readonly where?: Readonly<Record<string, string | readonly string[]>>;
  /** How the samples of one series within a step (or within `span`, for a value of now) become one number. */
  readonly over: Over;
  /** How far back a value of now looks, e.g. `10m`. */
  readonly span?: string;
  /** Drops series whose number is not above it. */
  readonly above?: number;
  /** Gives each terminal's series a label from its facts. */
  readonly fact?: Fact;
  /** Brings the series of each group together in one. */
  readonly across?: { readonly how: Across; readonly by: readonly string[] };
  /** Divides by another question, group by group. */
  readonly per?: Query;
  readonly scale?: number;
  /** Of the result only the highest or lowest few. */
  readonly most?: { readonly count: number; readonly lowest?: boolean };
}

/**
 * `gauge`, `counter`, `word`: a metric of the catalogue, by key. `level`, `total`, `buckets`: a gauge, counter or histogram that the
 * platform states, by its name.
 */
export interface Source {
  readonly kind: 'gauge' | 'counter' | 'word' | 'level' | 'total' | 'buckets';
  readonly name: string;
}

/** Which variables of the dashboard choose: its tenant, its terminals too, or none. */
export type Scope = 'tenant' | 'terminals' | 'everything';
export type Over = 'mean' | 'min' | 'max' | 'last' | 'per_hour' | 'per_second' | 'increase' | 'count' | 'p99';
export type Across = 'sum' | 'mean' | 'min' | 'max' | 'count' | 'p05' | 'p50' | 'p95';
export type Fact = 'site' | 'model' | 'firmware' | 'carrier';

/** `series`: over the dashboard's span, in steps. `now`: one number a group, at its end. `rule`: the same without a dashboard around it. */
export type Shape = 'series' | 'now' | 'rule';

/** What a dashboard's data comes from. */
export type Language = 'prometheus' | 'influx';

/** A terminal is stated anew every five minutes, so its facts are found within ten. */
export const FACTS_SPAN = '10m';
export const DEFAULT_SPAN = '10m';

export const gauge = (name: string): Source => ({ kind: 'gauge', name });
export const counter = (name: string): Source => ({ kind: 'counter', name });
export const word = (name: string): Source => ({ kind: 'word', name });
export const level = (name: string): Source => ({ kind: 'level', name });
export const total = (name: string): Source => ({ kind: 'total', name });
export const buckets = (name: string): Source => ({ kind: 'buckets', name });

/** Labels that a question's answer is told apart by. */
export function labelsOf(query: Query): readonly string[] {
  if (query.across) return query.across.by;
  return query.source.kind === 'word' ? ['terminal', 'word'] : ['terminal'];
}

export const QUANTILES = { p05: 0.05, p50: 0.5, p95: 0.95, p99: 0.99 } as const;

/** A dashboard's variable as Grafana puts it into a text, e.g. with the format `regex`. */
export function variable(name: string, format?: 'regex'): string {
  return `\${${name}${format ? `:${format}` : ''}}`;
}
