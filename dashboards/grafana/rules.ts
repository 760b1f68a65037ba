import { LEVELS } from '../core/level-names.ts';
import { buckets, level, type Query, total } from './query.ts';

/** A condition that somebody must act on, in the domain's words; its runbook is `docs/runbooks/NAME.md`. */
export interface Rule {
  /** In kebab-case; as an alert `journal-filling` is called `TillwatchJournalFilling`. */
  readonly name: string;
  readonly group: 'platform' | 'fleet';
  readonly severity: 'warning' | 'critical';
  readonly ask: Query;
  /** When it holds; `gone`: when there is no answer at all. */
  readonly when: { readonly above: number } | { readonly below: number } | 'gone';
  /** How long it must hold. */
  readonly holds: string;
  /** One line; `{{ $labels.x }}` names what it is about. */
  readonly summary: string;
}

const own = (name: string, by: readonly string[] = ['instance'], how: 'max' | 'min' | 'sum' = 'max'): Query => ({
  source: level(name),
  scope: 'everything',
  over: 'last',
  span: '5m',
  across: { how, by },
});
const grown = (name: string, span: string, by: readonly string[], where?: Query['where']): Query => ({
  source: total(name),
  scope: 'everything',
  over: 'increase',
  span,
  across: { how: 'sum', by },
  ...(where ? { where } : {}),
});
const terminals = (by: readonly string[], where: Query['where']): Query => ({
  source: level(LEVELS.terminals),
  scope: 'everything',
  over: 'last',
  span: '5m',
  across: { how: 'sum', by },
  ...(where ? { where } : {}),
});
const share = (by: readonly string[], grouping: string, condition: string): Query => ({
  ...terminals(by, { grouping, condition }),
  per: terminals(by, { grouping }),
});

/** Alert rules, for Prometheus-like servers and for Grafana. */
export const RULES: readonly Rule[] = [
  {
    name: 'gone',
    group: 'platform',
    severity: 'critical',
    ask: { ...own('tillwatch_ready'), span: '10m' },
    when: 'gone',
    holds: '1m',
    summary: 'No Tillwatch process has said anything for ten minutes.',
  },
  {
    name: 'not-ready',
    group: 'platform',
    severity: 'critical',
    ask: own('tillwatch_ready', ['instance'], 'min'),
    when: { below: 1 },
    holds: '5m',
    summary: '{{ $labels.instance }} cannot do its work: see its /readyz.',
  },
  {
    name: 'reader-behind',
    group: 'platform',
    severity: 'warning',
    ask: own('tillwatch_journal_lag_batches', ['consumer']),
    when: { above: 5000 },
    holds: '10m',
    summary: 'The reader {{ $labels.consumer }} is {{ $value }} batches behind the journal.',
  },
  {
    name: 'reader-retrying',
    group: 'platform',
    severity: 'warning',
    ask: grown('tillwatch_journal_reader_retries_total', '15m', ['consumer']),
    when: { above: 10 },
    holds: '5m',
    summary: 'The reader {{ $labels.consumer }} is given the same batch again and again.',
  },
  {
    name: 'journal-filling',
    group: 'platform',
    severity: 'critical',
    ask: { ...own('tillwatch_journal_bytes'), per: own('tillwatch_journal_budget_bytes') },
    when: { above: 0.8 },
    holds: '5m',
    summary: 'The journal of {{ $labels.instance }} has used {{ $value | humanizePercentage }} of its budget.',
  },
  {
    name: 'journal-damaged',
    group: 'platform',
    severity: 'critical',
    ask: grown('tillwatch_journal_damaged_batches_total', '1h', ['consumer']),
    when: { above: 0 },
    holds: '0s',
    summary: 'The reader {{ $labels.consumer }} passed over damaged batches of the journal.',
  },
  {
    name: 'disk-low',
    group: 'platform',
    severity: 'critical',
    ask: { ...own('tillwatch_disk_free_bytes'), per: own('tillwatch_disk_size_bytes') },
    when: { below: 0.1 },
    holds: '10m',
    summary: 'The disk of {{ $labels.instance }} has {{ $value | humanizePercentage }} left.',
  },
  {
    name: 'queryable-late',
    group: 'platform',
    severity: 'warning',
    ask: {
      source: buckets('tillwatch_ingest_queryable_seconds'),
      scope: 'everything',
      over: 'p99',
      span: '10m',
      across: { how: 'sum', by: ['instance'] },
    },
    when: { above: 20 },
    holds: '10m',
    summary: 'Messages of {{ $labels.instance }} can be queried only after {{ $value | humanizeDuration }}.',
  },
  {
    name: 'shedding',
    group: 'platform',
    severity: 'warning',
    ask: grown('tillwatch_ingest_shed_total', '15m', ['instance']),
    when: { above: 0 },
    holds: '0s',
    summary: '{{ $labels.instance }} dropped QoS 0 messages under overload.',
  },
  {
    name: 'rejecting',
    group: 'platform',
    severity: 'warning',
    ask: {
      ...grown('tillwatch_ingest_rejected_total', '30m', ['instance']),
      per: grown('tillwatch_ingest_received_total', '30m', ['instance']),
    },
    when: { above: 0.05 },
    holds: '15m',
    summary: '{{ $labels.instance }} rejects {{ $value | humanizePercentage }} of its messages: see the dead letters.',
  },
  {
    name: 'dead-letters-lost',
    group: 'platform',
    severity: 'critical',
    ask: grown('tillwatch_ingest_dead_letters_lost_total', '1h', ['instance']),
    when: { above: 0 },
    holds: '0s',
    summary: 'Rejected messages of {{ $labels.instance }} could not be kept.',
  },
  {
    name: 'effects-waiting',
    group: 'platform',
    severity: 'warning',
    ask: own('tillwatch_effects_due', ['instance'], 'sum'),
    when: { above: 200 },
    holds: '15m',
    summary: '{{ $value }} notices, commands and other effects of tickets are waiting.',
  },
  {
    name: 'effects-given-up',
    group: 'platform',
    severity: 'warning',
    ask: grown('tillwatch_effects_failed_total', '1h', ['kind'], { given_up: 'true' }),
    when: { above: 0 },
    holds: '0s',
    summary: 'Effects of the kind {{ $labels.kind }} were given up after many attempts.',
  },
  {
    name: 'event-loop-slow',
    group: 'platform',
    severity: 'warning',
    ask: own('tillwatch_nodejs_eventloop_lag_p99_seconds'),
    when: { above: 2 },
    holds: '10m',
    summary: 'The event loop of {{ $labels.instance }} lags by {{ $value | humanizeDuration }}.',
  },
  {
    name: 'fleet-silent',
    group: 'fleet',
    severity: 'critical',
    ask: share(['tenant'], 'tenant', 'silent'),
    when: { above: 0.2 },
    holds: '10m',
    summary: '{{ $value | humanizePercentage }} of the terminals of {{ $labels.tenant }} fell silent.',
  },
  {
    name: 'site-silent',
    group: 'fleet',
    severity: 'warning',
    ask: share(['tenant', 'member'], 'site', 'silent'),
    when: { above: 0.9 },
    holds: '10m',
    summary: 'Nothing is heard from the site {{ $labels.member }} of {{ $labels.tenant }}.',
  },
  {
    name: 'fleet-critical',
    group: 'fleet',
    severity: 'warning',
    ask: share(['tenant'], 'tenant', 'critical'),
    when: { above: 0.1 },
    holds: '30m',
    summary: '{{ $value | humanizePercentage }} of the terminals of {{ $labels.tenant }} are critical.',
  },
  {
    name: 'service-levels-breached',
    group: 'fleet',
    severity: 'warning',
    ask: {
      source: level(LEVELS.clocks),
      scope: 'everything',
      over: 'last',
      span: '5m',
      where: { standing: 'breached' },
      across: { how: 'sum', by: ['tenant', 'kind'] },
    },
    when: { above: 10 },
    holds: '30m',
    summary: '{{ $value }} open tickets of {{ $labels.tenant }} are past their {{ $labels.kind }} time.',
  },
];

/** `journal-filling` → `TillwatchJournalFilling`. */
export function alertName(rule: Rule): string {
  return `Tillwatch${rule.name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase())}`;
}
