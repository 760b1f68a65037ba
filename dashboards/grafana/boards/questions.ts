import { LEVELS } from '../../core/level-names.ts';
import { counter, type Fact, gauge, level, type Query, word } from '../query.ts';

/** Questions that several dashboards ask. */

/** Terminals in any of some conditions, of the whole tenant. */
export function terminalsIn(...conditions: readonly string[]): Query {
  return {
    source: level(LEVELS.terminals),
    scope: 'tenant',
    where: { grouping: 'tenant', ...(conditions.length > 0 ? { condition: conditions } : {}) },
    over: 'last',
    across: { how: 'sum', by: ['tenant'] },
  };
}

/** Share of each member's terminals that are in some conditions, of one grouping. */
export function shareIn(grouping: string, ...conditions: readonly string[]): Query {
  const all: Query = {
    source: level(LEVELS.terminals),
    scope: 'tenant',
    where: { grouping },
    over: 'last',
    across: { how: 'sum', by: ['member'] },
  };
  return { ...all, where: { grouping, condition: conditions }, per: all, most: { count: 10 } };
}

/** A platform level of the tenant, brought together by labels. */
export function levelBy(name: string, by: readonly string[], where?: Query['where']): Query {
  return {
    source: level(name),
    scope: 'tenant',
    over: 'last',
    across: { how: 'sum', by: by.length > 0 ? by : ['tenant'] },
    ...(where ? { where } : {}),
  };
}

/** A quantile over the tenant's terminals of their mean. */
export function spread(key: string, how: 'p05' | 'p50' | 'p95'): Query {
  return { source: gauge(key), scope: 'tenant', over: 'mean', across: { how, by: ['tenant'] } };
}

/** The median terminal of each model, carrier and so on. */
export function medianBy(key: string, fact: Fact): Query {
  return { source: gauge(key), scope: 'tenant', over: 'mean', fact, across: { how: 'p50', by: [fact] } };
}

/** A counter's growth an hour, over the tenant. */
export function perHour(key: string, scale?: number): Query {
  return {
    source: counter(key),
    scope: 'tenant',
    over: 'per_hour',
    across: { how: 'sum', by: ['tenant'] },
    ...(scale === undefined ? {} : { scale }),
  };
}

/** Terminals whose gauge is highest (or lowest) now. */
export function extremes(key: string, lowest = false): Query {
  return {
    source: gauge(key),
    scope: 'tenant',
    over: 'last',
    span: '1h',
    across: { how: lowest ? 'min' : 'max', by: ['terminal'] },
    most: { count: 10, ...(lowest ? { lowest } : {}) },
  };
}

/** Terminals whose counter grew most within a day. */
export function grewMost(key: string): Query {
  return {
    source: counter(key),
    scope: 'tenant',
    over: 'increase',
    span: '24h',
    across: { how: 'sum', by: ['terminal'] },
    most: { count: 10 },
  };
}

/** How often terminals said each word. */
export function wordsSaid(key: string, scope: 'tenant' | 'terminals' = 'tenant'): Query {
  return { source: word(key), scope, over: 'count', across: { how: 'sum', by: ['word'] } };
}

/** A gauge of each chosen terminal. */
export function each(key: string): Query {
  return { source: gauge(key), scope: 'terminals', over: 'mean', across: { how: 'mean', by: ['terminal'] } };
}

/** A counter's growth an hour of each chosen terminal. */
export function eachPerHour(key: string): Query {
  return { source: counter(key), scope: 'terminals', over: 'per_hour', across: { how: 'sum', by: ['terminal'] } };
}

const FINDING = ['scope', 'subject', 'site', 'component', 'mode', 'severity'] as const;

/** Standing findings as rows: `probability` or `hoursLeft`. */
export function findingRows(name: 'probability' | 'hoursLeft', where?: Query['where']): Query {
  return {
    source: level(LEVELS[name]),
    scope: 'tenant',
    over: 'last',
    span: '5m',
    above: 0,
    across: { how: 'max', by: FINDING },
    ...(where ? { where } : {}),
  };
}

export const FINDING_COLUMNS = {
  scope: 'About a',
  subject: 'Which',
  site: 'Site',
  component: 'Component',
  mode: 'Failure mode',
  severity: 'Severity',
} as const;

/** Open tickets as rows, with their age. */
export function ticketRows(where?: Query['where']): Query {
  return {
    source: level(LEVELS.age),
    scope: 'tenant',
    over: 'last',
    span: '5m',
    above: 0,
    across: { how: 'max', by: ['ticket', 'severity', 'state', 'component', 'subject', 'site', 'provider'] },
    ...(where ? { where } : {}),
  };
}

export const TICKET_COLUMNS = {
  ticket: 'Ticket',
  severity: 'Severity',
  state: 'State',
  component: 'Component',
  subject: 'About',
  site: 'Site',
  provider: 'Provider',
  value: 'Age',
} as const;

/** Words and colours of a condition's number: its place in healthy, unknown, silent, watch, warning, critical. */
export const CONDITIONS = [
  { value: 0, text: 'healthy', color: 'green' },
  { value: 1, text: 'never heard', color: 'text' },
  { value: 2, text: 'silent', color: 'purple' },
  { value: 3, text: 'watched', color: 'blue' },
  { value: 4, text: 'warning', color: 'orange' },
  { value: 5, text: 'critical', color: 'red' },
] as const;
