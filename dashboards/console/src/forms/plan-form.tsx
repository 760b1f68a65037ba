import { useTranslation } from 'react-i18next';
import { METRICS } from '../../../../contract/metrics.ts';
import { answer, api } from '../api/client.ts';
import type { Plan } from '../api/types.ts';
import { EntryForm } from '../components/entry-form.tsx';
import { metricName } from '../lib/format.ts';
import { lines, num, text, yes } from '../lib/values.ts';

const RULES = ['FREQ=MONTHLY', 'FREQ=MONTHLY;INTERVAL=3', 'FREQ=MONTHLY;INTERVAL=6', 'FREQ=YEARLY'];

/** What is checked how often: by date, or by use, whichever comes first. */
export function PlanForm({ tenant, plan, close }: { tenant: string; plan?: Plan; close(): void }) {
  const { t } = useTranslation();
  const rules = plan && !RULES.includes(plan.rrule) ? [...RULES, plan.rrule] : RULES;
  return (
    <EntryForm
      title={t(plan ? 'form.changePlan' : 'form.newPlan')}
      submit={t('form.save')}
      stale={[
        [tenant, 'plans'],
        [tenant, 'checks'],
      ]}
      close={close}
      initial={{
        id: plan?.id ?? '',
        name: plan?.name ?? '',
        models: plan?.models.join('\n') ?? '',
        rrule: plan?.rrule ?? 'FREQ=YEARLY',
        metric: plan?.use?.metric ?? '',
        every: String(plan?.use?.every ?? ''),
        checklist: plan?.checklist.join('\n') ?? '',
        minutes: String(plan?.minutes ?? 30),
        active: plan?.active ?? true,
      }}
      fields={[
        {
          name: 'id',
          label: t('form.id'),
          kind: 'text',
          pattern: '[a-z0-9-]{1,40}',
          help: t('form.slug'),
          fixed: plan !== undefined,
        },
        { name: 'name', label: t('form.name'), kind: 'text' },
        { name: 'models', label: t('form.models'), kind: 'lines', optional: true, help: t('form.modelsHelp') },
        {
          name: 'rrule',
          label: t('form.howOften'),
          kind: 'choice',
          options: rules.map((rule) => ({ value: rule, label: t(`form.rule.${rule}`, { defaultValue: rule }) })),
        },
        {
          name: 'metric',
          label: t('form.byUse'),
          kind: 'choice',
          optional: true,
          options: [
            { value: '', label: t('form.byDateOnly') },
            ...METRICS.filter((metric) => metric.kind === 'counter').map((metric) => ({
              value: metric.key,
              label: metricName(metric.key),
            })),
          ],
        },
        { name: 'every', label: t('form.every'), kind: 'number', min: 1, optional: true },
        { name: 'checklist', label: t('settings.checklist'), kind: 'lines', help: t('form.linesHelp') },
        { name: 'minutes', label: t('field.minutes'), kind: 'number', min: 1, step: 1 },
        { name: 'active', label: t('form.active'), kind: 'yes' },
      ]}
      save={(values) =>
        answer(
          api.PUT('/api/v1/tenants/{tenant}/plans/{plan}', {
            params: { path: { tenant, plan: text(values, 'id') } },
            body: {
              name: text(values, 'name'),
              models: lines(values, 'models'),
              rrule: text(values, 'rrule'),
              use:
                text(values, 'metric') && text(values, 'every')
                  ? { metric: text(values, 'metric'), every: num(values, 'every') }
                  : null,
              checklist: lines(values, 'checklist'),
              minutes: num(values, 'minutes'),
              active: yes(values, 'active'),
            },
          }),
        )
      }
    />
  );
}
