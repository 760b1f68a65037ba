import { TillwatchError } from '../../contract/errors.ts';
import { LEVELS } from '../core/level-names.ts';
import {
  type Across,
  DEFAULT_SPAN,
  FACTS_SPAN,
  labelsOf,
  QUANTILES,
  type Query,
  type Shape,
  variable,
} from './query.ts';

const STEP = 'v.windowPeriod';
const AGGREGATE = { mean: 'mean', min: 'min', max: 'max', last: 'last', sum: 'sum', count: 'count' } as const;

/**
 * A question as Flux, for InfluxDB 2: https://docs.influxdata.com/flux/v0/stdlib/. Bucket and span come from Grafana's `v`. The answer is
 * one table a group, with `_value` and, as a series, `_time`.
 */
export function flux(query: Query, shape: Shape): string {
  const imports = new Set<string>();
  const body = stream(query, shape, imports);
  const most = query.most;
  const lines = [
    ...[...imports].sort().map((name) => `import "${name}"`),
    ...body,
    ...(most
      ? [
          `  |> group()`,
          `  |> ${most.lowest ? 'bottom' : 'top'}(n: ${most.count})`,
          `  |> group(columns: ${list(labelsOf(query))})`,
        ]
      : []),
    // An alert is judged on time series: each number gets the time it holds for.
    ...(shape === 'rule' ? ['  |> map(fn: (r) => ({r with _time: v.timeRangeStop}))'] : []),
  ];
  return lines.join('\n');
}

function stream(query: Query, shape: Shape, imports: Set<string>): string[] {
  const lines = [...source(query, shape, imports), ...windowed(query, shape)];
  if (query.above !== undefined) lines.push(`  |> filter(fn: (r) => r._value > ${float(query.above)})`);
  const joined = query.fact ? withFact(query.fact, lines, shape, imports) : lines;
  if (query.over === 'p99') joined.push(...quantileOfBuckets(query, shape));
  else if (query.across) joined.push(...across(query.across.how, query.across.by, shape));
  else joined.push(`  |> group(columns: ${list(labelsOf(query))})`);
  const divided = query.per ? dividedBy(query, query.per, joined, shape, imports) : joined;
  if (query.scale !== undefined)
    divided.push(`  |> map(fn: (r) => ({r with _value: r._value * ${float(query.scale)}}))`);
  return divided;
}

function source({ source, scope, where = {}, span }: Query, shape: Shape, imports: Set<string>): string[] {
  const conditions: string[] = [];
  const at = (measurement: string, field: string) =>
    conditions.push(`r._measurement == "${measurement}"`, `r._field == "${field}"`);
  const column = source.name.replace('.', '_');
  if (source.kind === 'counter') at('tw_ct', column);
  else if (source.kind === 'gauge' || source.kind === 'word') at('tw_hb', column);
  else at(source.kind === 'buckets' ? `${source.name}_bucket` : source.name, 'value');
  if (scope !== 'everything' && shape !== 'rule') conditions.push(`r.tenant == "${variable('tenant')}"`);
  if (scope === 'terminals' && shape !== 'rule') conditions.push(`r.terminal =~ /^${variable('terminal', 'regex')}$/`);
  for (const [label, value] of Object.entries(where)) {
    const wanted = typeof value === 'string' ? [value] : value;
    const any = wanted.map((one) => `r.${label} == "${one.replace(/^\$(\w+)$/, (_, name: string) => variable(name))}"`);
    conditions.push(any.length === 1 ? any[0]! : `(${any.join(' or ')})`);
  }
  return [
    'from(bucket: v.defaultBucket)',
    `  |> range(start: ${shape === 'series' ? 'v.timeRangeStart' : before(span ?? DEFAULT_SPAN, imports)}, stop: v.timeRangeStop)`,
    `  |> filter(fn: (r) => ${conditions.join(' and ')})`,
  ];
}

function before(span: string, imports: Set<string>): string {
  imports.add('date');
  return `date.sub(d: ${span}, from: v.timeRangeStop)`;
}

/** The samples of each series within a step, or within the span, as one number. */
function windowed({ source, over }: Query, shape: Shape): string[] {
  const each = (fn: string) =>
    shape === 'series' ? `  |> aggregateWindow(every: ${STEP}, fn: ${fn}, createEmpty: false)` : `  |> ${fn}()`;
  if (source.kind === 'word') {
    return [
      // A word becomes a label, so that how often each was said can be counted.
      '  |> map(fn: (r) => ({r with word: r._value, _value: 1.0}))',
      '  |> group(columns: ["tenant", "terminal", "word"])',
      each('sum'),
    ];
  }
  switch (over) {
    case 'per_hour':
      return ['  |> derivative(unit: 1h, nonNegative: true)', each('mean')];
    case 'per_second':
      return ['  |> derivative(unit: 1s, nonNegative: true)', each('mean')];
    case 'increase':
    case 'p99':
      return ['  |> difference(nonNegative: true)', each('sum')];
    case 'count':
      return [each('count'), '  |> toFloat()'];
    default:
      return [each(over)];
  }
}

/** Facts are found by the terminal: https://docs.influxdata.com/flux/v0/stdlib/join/inner/ */
function withFact(fact: string, lines: readonly string[], shape: Shape, imports: Set<string>): string[] {
  imports.add('join');
  const tenant = shape === 'rule' ? '' : ` and r.tenant == "${variable('tenant')}"`;
  return [
    'facts = from(bucket: v.defaultBucket)',
    `  |> range(start: ${before(FACTS_SPAN, imports)}, stop: v.timeRangeStop)`,
    `  |> filter(fn: (r) => r._measurement == "${LEVELS.info}"${tenant} and exists r.${fact})`,
    '  |> group(columns: ["tenant", "terminal"])',
    // The value is when it was stated: the highest has the facts that hold.
    '  |> max()',
    `  |> keep(columns: ["tenant", "terminal", "${fact}"])`,
    '  |> group()',
    ...lines.map((line, i) => (i === 0 ? `data = ${line}` : line)),
    '  |> group()',
    'join.inner(',
    '  left: data,',
    '  right: facts,',
    '  on: (l, r) => l.tenant == r.tenant and l.terminal == r.terminal,',
    `  as: (l, r) => ({l with ${fact}: r.${fact}}),`,
    ')',
  ];
}

function across(how: Across, by: readonly string[], shape: Shape): string[] {
  const timed = shape === 'series' ? [...by, '_time'] : by;
  const fn =
    how === 'p05' || how === 'p50' || how === 'p95'
      ? `quantile(q: ${QUANTILES[how]}, method: "exact_mean")`
      : `${AGGREGATE[how]}()`;
  return [
    `  |> group(columns: ${list(timed)})`,
    `  |> ${fn}`,
    ...(how === 'count' ? ['  |> toFloat()'] : []),
    ...(shape === 'series' ? [`  |> group(columns: ${list(by)})`, '  |> sort(columns: ["_time"])'] : []),
  ];
}

/** https://docs.influxdata.com/flux/v0/stdlib/universe/histogramquantile/ */
function quantileOfBuckets({ across }: Query, shape: Shape): string[] {
  const by = across?.by ?? [];
  const timed = shape === 'series' ? [...by, '_time'] : by;
  return [
    `  |> group(columns: ${list([...timed, 'le'])})`,
    '  |> sum()',
    '  |> map(fn: (r) => ({r with le: float(v: r.le)}))',
    `  |> group(columns: ${list(timed)})`,
    '  |> sort(columns: ["le"])',
    `  |> histogramQuantile(quantile: ${QUANTILES.p99})`,
    ...(shape === 'series' ? [`  |> group(columns: ${list(by)})`, '  |> sort(columns: ["_time"])'] : []),
  ];
}

function dividedBy(query: Query, per: Query, part: readonly string[], shape: Shape, imports: Set<string>): string[] {
  const by = labelsOf(query);
  if (by.length === 0 || query.fact || per.fact) {
    throw new TillwatchError('dashboards.bad_query', 'a ratio needs a grouping, and neither side may have facts', {
      context: { source: query.source.name },
    });
  }
  const named = (name: string, lines: readonly string[]) =>
    lines.map((line, i) => (i === 0 ? `${name} = ${line}` : line));
  return [
    ...named('part', part),
    ...named('whole', stream(per, shape, imports)),
    `join(tables: {part: part, whole: whole}, on: ${list(shape === 'series' ? [...by, '_time'] : by)})`,
    '  |> map(fn: (r) => ({r with _value: r._value_part / r._value_whole}))',
    '  |> drop(columns: ["_value_part", "_value_whole"])',
  ];
}

function list(names: readonly string[]): string {
  return `[${names.map((name) => `"${name}"`).join(', ')}]`;
}

function float(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
