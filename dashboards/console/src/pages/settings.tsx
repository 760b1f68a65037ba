import { Button, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { holdsQuery, plansQuery, providersQuery } from '../api/more-queries.ts';
import type { Hold } from '../api/types.ts';
import type { PlainColumn } from '../components/plain-table.tsx';
import { PageHead } from '../components/state.tsx';
import { When } from '../components/when.tsx';
import { useNow } from '../lib/clock.ts';
import { number, shortMoment } from '../lib/format.ts';
import { Block } from './stock.tsx';

/** Who repairs, what is held back and until when, and what is checked how often. */
export function SettingsPage() {
  const { t } = useTranslation();
  const { tenant } = useParams({ from: '/t/$tenant' });
  const now = useNow();
  const client = useQueryClient();
  const providers = useQuery(providersQuery(tenant));
  const holds = useQuery(holdsQuery(tenant));
  const plans = useQuery(plansQuery(tenant));
  const end = useMutation({
    mutationFn: (id: string) =>
      answer(api.DELETE('/api/v1/tenants/{tenant}/holds/{id}', { params: { path: { tenant, id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: [tenant, 'holds'] }),
  });
  type Provider = NonNullable<typeof providers.data>['items'][number];
  type Plan = NonNullable<typeof plans.data>['items'][number];
  const providerColumns: PlainColumn<Provider>[] = [
    { head: t('tickets.provider'), cell: (one) => <b>{one.name}</b>, text: (one) => one.name },
    { head: t('settings.regions'), cell: (one) => one.regions.join(', '), text: (one) => one.regions.join(' ') },
    {
      head: t('settings.skills'),
      cell: (one) => one.skills.map((skill) => (skill === '*' ? t('list.all') : t(`component.${skill}`))).join(', '),
      text: (one) => one.skills.join(' '),
    },
    {
      head: t('settings.load'),
      end: true,
      cell: (one) => `${number(one.openTickets)} / ${number(one.capacity)}`,
      text: (one) => one.openTickets,
    },
    {
      head: t('settings.mark'),
      end: true,
      cell: (one) => (one.mark === null ? '–' : number(one.mark)),
      text: (one) => one.mark,
    },
    { head: t('sites.contact'), cell: (one) => one.contact, text: (one) => one.contact },
  ];
  const holdColumns: PlainColumn<Hold>[] = [
    { head: t('settings.kind'), cell: (one) => t(`settings.hold.${one.kind}`), text: (one) => one.kind },
    {
      head: t('settings.match'),
      cell: (one) =>
        Object.entries(one.match)
          .map(([key, value]) => `${key}: ${value}`)
          .join(', ') || t('list.all'),
      text: (one) => JSON.stringify(one.match),
    },
    { head: t('field.from'), cell: (one) => shortMoment(one.from), text: (one) => new Date(one.from).toISOString() },
    { head: t('field.to'), cell: (one) => shortMoment(one.to), text: (one) => new Date(one.to).toISOString() },
    { head: t('field.why'), cell: (one) => `${one.reason} (${one.by})`, text: (one) => one.reason },
    {
      head: '',
      cell: (one) =>
        one.to > now && (
          <Button size="compact-xs" variant="default" loading={end.isPending} onClick={() => end.mutate(one.id)}>
            {t('settings.end')}
          </Button>
        ),
    },
  ];
  const planColumns: PlainColumn<Plan>[] = [
    { head: t('schedule.plan'), cell: (one) => <b>{one.name}</b>, text: (one) => one.name },
    {
      head: t('column.model'),
      cell: (one) => one.models.join(', ') || t('list.all'),
      text: (one) => one.models.join(' '),
    },
    { head: t('settings.checklist'), cell: (one) => one.checklist.join('; '), text: (one) => one.checklist.join('; ') },
    { head: t('schedule.takes'), end: true, cell: (one) => number(one.minutes), text: (one) => one.minutes },
  ];
  return (
    <>
      <PageHead
        title={t('nav.settings')}
        note={
          providers.data && (
            <>
              {t('when.updated', { when: '' })}
              <When at={providers.dataUpdatedAt} />
            </>
          )
        }
      />
      <div className="grid">
        <Block
          title={t('settings.providers')}
          none={t('settings.providersNone')}
          name="providers"
          query={providers}
          columns={providerColumns}
          idOf={(one) => one.id}
        />
        <Block
          title={t('settings.holds')}
          help={t('settings.holdsHelp')}
          none={t('settings.holdsNone')}
          name="holds"
          query={holds}
          columns={holdColumns}
          idOf={(one) => one.id}
        />
        {end.error && (
          <Text size="sm" c="var(--health-critical)" role="alert">
            {end.error.message}
          </Text>
        )}
        <Block
          title={t('settings.plans')}
          none={t('settings.plansNone')}
          name="plans"
          query={plans}
          columns={planColumns}
          idOf={(one) => one.id}
        />
      </div>
    </>
  );
}
