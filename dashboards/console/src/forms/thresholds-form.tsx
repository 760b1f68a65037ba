import { useTranslation } from 'react-i18next';
import { COMPONENTS } from '../../../../contract/modes.ts';
import { answer, api } from '../api/client.ts';
import type { Thresholds } from '../api/types.ts';
import { EntryForm } from '../components/entry-form.tsx';
import type { FormField } from '../components/field.tsx';
import { num, share, text } from '../lib/values.ts';

const PARTS = [...COMPONENTS, 'other'] as const;

/** From where on a fault gets a ticket, a clock warns, a repair is accepted. */
export function ThresholdsForm({ tenant, set, close }: { tenant: string; set: Thresholds; close(): void }) {
  const { t } = useTranslation();
  const number = (name: string, min: number, max: number, step = 1): FormField => ({
    name,
    label: t(`threshold.${name}`),
    kind: 'number',
    min,
    max,
    step,
  });
  const healthy = (part: (typeof PARTS)[number]): FormField => ({
    name: `healthy.${part}`,
    label: t('threshold.healthy', { part: part === 'other' ? t('threshold.other') : t(`component.${part}`) }),
    kind: 'number',
    min: 0.25,
    max: 720,
    step: 0.25,
  });
  return (
    <EntryForm
      title={t('threshold.change')}
      about={t('threshold.help')}
      submit={t('form.save')}
      stale={[
        [tenant, 'thresholds'],
        [tenant, 'incidents'],
      ]}
      close={close}
      initial={{
        ticketFrom: set.ticketFrom,
        minProbability: String(Math.round(set.minProbability * 100)),
        settleMinutes: String(set.settleMinutes),
        flappingOpenings: String(set.flappingOpenings),
        flappingHours: String(set.flappingHours),
        warnAtShare: String(Math.round(set.warnAtShare * 100)),
        followUpDays: String(set.followUpDays),
        badMarkBelow: String(set.badMarkBelow),
        ...Object.fromEntries(PARTS.map((part) => [`healthy.${part}`, String(set.healthyHours[part])])),
      }}
      fields={[
        {
          name: 'ticketFrom',
          label: t('threshold.ticketFrom'),
          kind: 'choice',
          options: (['warning', 'critical'] as const).map((value) => ({ value, label: t(`health.${value}`) })),
        },
        { name: 'minProbability', label: t('threshold.minProbability'), kind: 'share', min: 0, max: 99 },
        number('settleMinutes', 1, 20_160),
        number('flappingOpenings', 2, 20),
        number('flappingHours', 1, 336),
        { name: 'warnAtShare', label: t('threshold.warnAtShare'), kind: 'share', min: 10, max: 99 },
        ...PARTS.map(healthy),
        number('followUpDays', 1, 90),
        number('badMarkBelow', 1, 5, 0.1),
      ]}
      save={(values) => {
        const healthy = (part: (typeof PARTS)[number]) => num(values, `healthy.${part}`);
        return answer(
          api.PUT('/api/v1/tenants/{tenant}/thresholds', {
            params: { path: { tenant } },
            body: {
              ticketFrom: text(values, 'ticketFrom') === 'critical' ? 'critical' : 'warning',
              minProbability: share(values, 'minProbability'),
              settleMinutes: num(values, 'settleMinutes'),
              flappingOpenings: num(values, 'flappingOpenings'),
              flappingHours: num(values, 'flappingHours'),
              warnAtShare: share(values, 'warnAtShare'),
              healthyHours: {
                printer: healthy('printer'),
                battery: healthy('battery'),
                network: healthy('network'),
                reader: healthy('reader'),
                system: healthy('system'),
                other: healthy('other'),
              },
              followUpDays: num(values, 'followUpDays'),
              badMarkBelow: num(values, 'badMarkBelow'),
            },
          }),
        );
      }}
    />
  );
}
