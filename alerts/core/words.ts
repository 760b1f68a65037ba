import { DateTime } from 'luxon';
import type { Scope } from '../../contract/findings.ts';
import { METRIC_NAMES_ZH } from '../../contract/metric-names.ts';
import { metricOf } from '../../contract/metrics.ts';

export type Language = 'en' | 'zh';

const DAYS_FROM = 72;

/**
 * How likely a part is to fail, and until when: `60 % within 3 days`. What has failed already is said to have failed, and what is so of
 * many terminals (`members` of it) to be happening now.
 */
export function chanceWords(
  finding: { readonly probability: number; readonly horizonH: number },
  scope: Scope,
  members: number,
): string {
  if (finding.horizonH <= 0) {
    if (scope === 'terminal') return 'it has failed';
    return `happening now, on ${members} ${members === 1 ? 'terminal' : 'terminals'}`;
  }
  const pct = `${Math.round(finding.probability * 100)} %`;
  if (finding.horizonH > DAYS_FROM) return `${pct} within ${Math.round(finding.horizonH / 24)} days`;
  const hours = Math.max(1, Math.round(finding.horizonH));
  return `${pct} within ${hours} ${hours === 1 ? 'hour' : 'hours'}`;
}

/** A moment by the clock on the wall where the terminal stands; the zone is named, for whoever reads it elsewhere. */
export function momentWords(at: number, zone: string | null, language: Language): string {
  const named = zone ?? 'UTC';
  // Through luxon, which keeps its formatters: one made anew for each notice would take more time than the rest of the notice.
  const local = DateTime.fromMillis(at, { zone: named, locale: language === 'zh' ? 'zh-CN' : 'en-GB' });
  return language === 'zh'
    ? `${local.toFormat("M'月'd'日' ccc HH:mm")}（${named}）`
    : `${local.toFormat('ccc d LLL, HH:mm')} (${named})`;
}

/** A metric's name as people say it. */
export function metricWords(key: string, language: Language): string {
  const named = language === 'zh' ? METRIC_NAMES_ZH[key] : metricOf(key)?.describe;
  return named ?? metricOf(key)?.describe ?? key.replaceAll('_', ' ');
}

interface Reason {
  readonly metric: string;
  readonly value: number | string;
  readonly baseline: number | string | null;
  readonly why: string;
}

function valueWords(value: number | string): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(3))) : value.replaceAll('_', ' ');
}

/** One reason behind a finding in a line; in Chinese told by its numbers, as its sentence is written in English. */
export function reasonWords(reason: Reason, language: Language): string {
  if (language === 'en') return reason.why;
  const usual = reason.baseline === null ? '' : `（通常 ${valueWords(reason.baseline)}）`;
  return `${metricWords(reason.metric, 'zh')}：${valueWords(reason.value)}${usual}`;
}
