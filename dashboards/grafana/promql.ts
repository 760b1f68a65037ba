import { LEVELS } from '../core/level-names.ts';
import { type Across, DEFAULT_SPAN, FACTS_SPAN, QUANTILES, type Query, type Shape } from './query.ts';

const OVER: Readonly<Record<Exclude<Query['over'], 'p99'>, (range: string) => string>> = {
  mean: (range) => `avg_over_time(${range})`,
  min: (range) => `min_over_time(${range})`,
  max: (range) => `max_over_time(${range})`,
  last: (range) => `last_over_time(${range})`,
  per_hour: (range) => `rate(${range}) * 3600`,
  per_second: (range) => `rate(${range})`,
  increase: (range) => `increase(${range})`,
  count: (range) => `count_over_time(${range})`,
};

/** A question as PromQL, for Prometheus and VictoriaMetrics alike: https://prometheus.io/docs/prometheus/latest/querying/basics/ */
export function promql(query: Query, shape: Shape): string {
  const window = shape === 'series' ? '$__rate_interval' : (query.span ?? DEFAULT_SPAN);
  let text = windowed(query, shape, window);
  if (query.above !== undefined) text = `${text} > ${query.above}`;
  if (query.fact) text = `(${text}) * on (tenant, terminal) group_left (${query.fact}) ${facts(shape)}`;
  // A quantile of buckets brings them together itself.
  if (query.across && query.over !== 'p99') text = across(query.across.how, query.across.by, text);
  if (query.per) text = `${text} / ${promql(query.per, shape)}`;
  if (query.scale !== undefined) text = `${text} * ${query.scale}`;
  if (query.most) text = `${query.most.lowest ? 'bottomk' : 'topk'}(${query.most.count}, ${text})`;
  return text;
}

function windowed(query: Query, shape: Shape, window: string): string {
  const range = `${selector(query, shape)}[${window}]`;
  if (query.over !== 'p99') return OVER[query.over](range);
  const by = ['le', ...(query.across?.by ?? [])].join(', ');
  return `histogram_quantile(${QUANTILES.p99}, sum by (${by}) (rate(${range})))`;
}

/** Where a source's samples lie: how `store/telemetry/server/lines.ts` writes them, after VictoriaMetrics joined measurement and field. */
function selector({ source, scope, where = {} }: Query, shape: Shape): string {
  const labels: string[] = [];
  const names = {
    gauge: () => `tw_hb_${source.name.replace('.', '_')}`,
    counter: () => `tw_ct_${source.name.replace('.', '_')}`,
    word: () => 'tw_word_v',
    level: () => source.name,
    total: () => source.name,
    buckets: () => `${source.name}_bucket`,
  };
  if (scope !== 'everything' && shape !== 'rule') labels.push('tenant="$tenant"');
  if (scope === 'terminals' && shape !== 'rule') labels.push('terminal=~"$terminal"');
  if (source.kind === 'word') labels.push(`metric="${source.name}"`);
  for (const [label, value] of Object.entries(where)) {
    labels.push(typeof value === 'string' ? `${label}="${value}"` : `${label}=~"${value.join('|')}"`);
  }
  return `${names[source.kind]()}{${labels.join(', ')}}`;
}

/** 1 for each terminal, with its facts as labels: those stated last. */
function facts(shape: Shape): string {
  const tenant = shape === 'rule' ? '' : 'tenant="$tenant"';
  return `(topk by (tenant, terminal) (1, last_over_time(${LEVELS.info}{${tenant}}[${FACTS_SPAN}])) > bool 0)`;
}

function across(how: Across, by: readonly string[], text: string): string {
  const grouping = by.length > 0 ? ` by (${by.join(', ')})` : '';
  switch (how) {
    case 'mean':
      return `avg${grouping} (${text})`;
    case 'p05':
    case 'p50':
    case 'p95':
      return `quantile${grouping} (${QUANTILES[how]}, ${text})`;
    default:
      return `${how}${grouping} (${text})`;
  }
}
