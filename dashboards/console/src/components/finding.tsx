import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { FindingView } from '../api/types.ts';
import { useNow } from '../lib/clock.ts';
import { type Foretold, forecastWords } from '../lib/forecast-words.ts';
import * as write from '../lib/format.ts';
import { metricName, number, wordOf } from '../lib/format.ts';
import { HealthBadge } from './health.tsx';
import { When } from './when.tsx';

// With its forms it weighs more than the rest of a finding: no part of the first view.
const FindingOpinion = lazy(async () => ({ default: (await import('./finding-opinion.tsx')).FindingOpinion }));

/** `Printer: print head wear` in the language set now. */
export function useFaultName(): (component: string | null, mode: string | null) => string {
  const { t } = useTranslation();
  return (component, mode) => {
    if (component === null) return '';
    const part = t(`component.${component}`, { defaultValue: component });
    return mode === null
      ? part
      : `${part}: ${t(`mode.${component}.${mode}`, { defaultValue: mode.replaceAll('_', ' ') })}`;
  };
}

/** When a part is expected to fail, with its interval, in a sentence. */
export function useForecast(): (finding: Foretold) => string {
  const { t } = useTranslation();
  const now = useNow();
  return (finding) => forecastWords(t, write, finding, now);
}

/** One finding: what, how bad, when it will fail, and why Tillwatch thinks so. */
export function FindingCard({ finding, tenant, here }: { finding: FindingView; tenant: string; here?: string }) {
  const { t } = useTranslation();
  const faultName = useFaultName();
  const forecast = useForecast();
  return (
    <article aria-label={faultName(finding.component, finding.mode)} style={{ padding: '10px 0' }}>
      <div className="head" style={{ display: 'flex', gap: 10, flexWrap: 'wrap', alignItems: 'baseline' }}>
        <HealthBadge health={finding.severity} />
        <Text fw={650} component="h3" size="md" m={0}>
          {faultName(finding.component, finding.mode)}
        </Text>
        <Text size="xs" className="muted pushed" component="span">
          {t('terminal.opened', { when: '' })}
          <When at={finding.openedAt} /> · {t('terminal.restated', { when: '' })}
          <When at={finding.at} />
        </Text>
      </div>
      {finding.scope !== 'terminal' && (
        <Text size="sm" mt={4}>
          {t(here === undefined ? 'fleet.members' : 'terminal.wider', {
            count: finding.members?.length ?? 0,
            scope: t(`scope.${finding.scope}`),
            subject: finding.subject,
          })}
          {here === undefined && (
            <>
              {' · '}
              {t(`scope.${finding.scope}`)}{' '}
              {finding.scope === 'site' ? <SiteLink tenant={tenant} site={finding.subject} /> : finding.subject}
            </>
          )}
        </Text>
      )}
      <Text size="sm" mt={4}>
        {forecast(finding)}
      </Text>
      <ul
        style={{ margin: '6px 0 0', paddingInlineStart: 20, fontSize: '0.875rem' }}
        aria-label={t('terminal.evidence')}
      >
        {finding.evidence.map((one) => (
          <li key={`${one.metric}${one.why}`}>
            <Text size="sm" component="span">
              {one.why}
            </Text>{' '}
            <Text size="xs" className="muted" component="span">
              {metricName(one.metric)}: {plain(one.value)}
              {one.baseline === null ? '' : ` (${t('terminal.was', { baseline: plain(one.baseline) })})`}
            </Text>
          </li>
        ))}
      </ul>
      {here !== undefined && (
        <Suspense fallback={<div style={{ height: 28 }} />}>
          <FindingOpinion tenant={tenant} finding={finding} />
        </Suspense>
      )}
    </article>
  );
}

/** Evidence may be a share or a rate of its metric: its sentence says what it is, so no unit is put to the number. */
export function plain(value: number | string): string {
  return typeof value === 'number' ? number(value) : wordOf(value);
}

export function SiteLink({ tenant, site, name }: { tenant: string; site: string; name?: string | null }) {
  return (
    <Link to="/t/$tenant/sites/$site" params={{ tenant, site }}>
      {name ?? site}
    </Link>
  );
}
