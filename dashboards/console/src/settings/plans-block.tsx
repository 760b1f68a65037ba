import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { plansQuery } from '../api/more-queries.ts';
import type { Plan } from '../api/types.ts';
import { Block } from '../components/block.tsx';
import { OpenForm } from '../components/open-form.tsx';
import type { PlainColumn } from '../components/plain-table.tsx';
import { PlanForm } from '../forms/plan-form.tsx';
import { duration, metricName, number, unitOf } from '../lib/format.ts';

const MINUTE = 60_000;

/** What is checked how often. */
export function PlansBlock({ tenant }: { tenant: string }) {
  const { t } = useTranslation();
  const query = useQuery(plansQuery(tenant));
  const often = (one: Plan) =>
    [
      t(`form.rule.${one.rrule}`, { defaultValue: one.rrule }),
      one.use &&
        t('form.orEvery', {
          amount: `${number(one.use.every)} ${unitOf(one.use.metric)}`.trim(),
          metric: metricName(one.use.metric),
        }),
    ]
      .filter(Boolean)
      .join(' · ');
  const columns: PlainColumn<Plan>[] = [
    {
      head: t('schedule.plan'),
      cell: (one) => (
        <>
          <b>{one.name}</b>
          {one.active ? '' : ` (${t('form.inactive')})`}
        </>
      ),
      text: (one) => one.name,
    },
    { head: t('form.howOften'), cell: often, text: often },
    {
      head: t('column.model'),
      cell: (one) => one.models.join(', ') || t('list.all'),
      text: (one) => one.models.join(' '),
    },
    { head: t('settings.checklist'), cell: (one) => one.checklist.join('; '), text: (one) => one.checklist.join('; ') },
    { head: t('schedule.takes'), end: true, cell: (one) => duration(one.minutes * MINUTE), text: (one) => one.minutes },
    {
      head: '',
      end: true,
      cell: (one) => (
        <OpenForm
          right="plans:write"
          change
          label={one.name}
          form={(close) => <PlanForm tenant={tenant} plan={one} close={close} />}
        />
      ),
    },
  ];
  return (
    <Block
      title={t('settings.plans')}
      none={t('settings.plansNone')}
      name="plans"
      action={
        <OpenForm
          right="plans:write"
          label={t('form.newPlan')}
          form={(close) => <PlanForm tenant={tenant} close={close} />}
        />
      }
      query={query}
      columns={columns}
      idOf={(one) => one.id}
    />
  );
}
