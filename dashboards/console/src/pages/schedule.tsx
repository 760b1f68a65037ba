import { Button, Group, Menu, Text, Title } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { answer, api, apiUrl, seg } from '../api/client.ts';
import { checksQuery, providersQuery, roundsQuery } from '../api/more-queries.ts';
import { May, useMay } from '../api/session.tsx';
import { SiteLink } from '../components/finding.tsx';
import { ExportButton, type PlainColumn, PlainTable } from '../components/plain-table.tsx';
import { Empty, Failed, Loading, PageHead } from '../components/state.tsx';
import { When } from '../components/when.tsx';
import { duration, number } from '../lib/format.ts';
import { RoundCalendar } from '../schedule/round-calendar.tsx';

const DAYS = 14;
const MINUTE = 60_000;

/** Rounds of the coming days by provider, and the checks that fall due. */
export function SchedulePage() {
  const { t } = useTranslation();
  const { tenant } = useParams({ from: '/gate/t/$tenant' });
  const client = useQueryClient();
  const rounds = useQuery(roundsQuery(tenant));
  const may = useMay();
  const checks = useQuery({ ...checksQuery(tenant, 30), enabled: may('plans:read') });
  const providers = useQuery(providersQuery(tenant)).data?.items ?? [];
  const plan = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/v1/tenants/{tenant}/rounds', { params: { path: { tenant } }, body: { days: DAYS } })),
    onSuccess: () => client.invalidateQueries({ queryKey: [tenant, 'rounds'] }),
  });
  const failed = plan.error ?? rounds.error;
  type Check = NonNullable<typeof checks.data>['items'][number];
  const columns: PlainColumn<Check>[] = [
    {
      head: t('schedule.due'),
      cell: (one) => <When at={one.dueAt} />,
      text: (one) => new Date(one.dueAt).toISOString(),
    },
    {
      head: t('column.terminal'),
      cell: (one) => (
        <Link to="/t/$tenant/terminals/$terminal" params={{ tenant, terminal: one.terminal }}>
          {one.terminal}
        </Link>
      ),
      text: (one) => one.terminal,
    },
    {
      head: t('column.site'),
      cell: (one) => one.site && <SiteLink tenant={tenant} site={one.site} />,
      text: (one) => one.site,
    },
    { head: t('schedule.plan'), cell: (one) => one.name, text: (one) => one.name },
    { head: t('field.why'), cell: (one) => one.why, text: (one) => one.why },
    { head: t('schedule.takes'), end: true, cell: (one) => duration(one.minutes * MINUTE), text: (one) => one.minutes },
  ];
  return (
    <>
      <PageHead
        title={t('nav.schedule')}
        note={
          rounds.data && (
            <>
              {t('when.updated', { when: '' })}
              <When at={rounds.dataUpdatedAt} />
            </>
          )
        }
      >
        <Group gap="xs">
          {providers.length > 0 && (
            <Menu position="bottom-end">
              <Menu.Target>
                <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
                  iCalendar
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {providers.map((provider) => (
                  <Menu.Item
                    key={provider.id}
                    component="a"
                    href={apiUrl(`/tenants/${seg(tenant)}/providers/${seg(provider.id)}/calendar.ics`)}
                  >
                    {provider.name}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
          <May right="rounds:write">
            <Button size="xs" disabled={providers.length === 0} loading={plan.isPending} onClick={() => plan.mutate()}>
              {t('schedule.planRounds', { days: DAYS })}
            </Button>
          </May>
        </Group>
      </PageHead>
      {failed && <Failed error={failed} />}
      <div className="grid">
        <section className="card" aria-labelledby="rounds">
          <Title order={2} id="rounds">
            {t('schedule.rounds')}
          </Title>
          {!rounds.data && !rounds.error && <Loading />}
          {rounds.data && (rounds.data.items.length === 0 || providers.length === 0) && (
            <Empty>
              {t(providers.length === 0 ? 'schedule.noProvider' : 'schedule.noRounds')}{' '}
              {providers.length === 0 && (
                <Link to="/t/$tenant/settings" params={{ tenant }}>
                  {t('settings.providers')}
                </Link>
              )}
            </Empty>
          )}
          {plan.data && plan.data.left.length > 0 && (
            <Text size="sm" className="muted">
              {t('schedule.left', { count: plan.data.left.length })}:{' '}
              {plan.data.left
                .slice(0, 3)
                .map((one) => `${one.task.terminal} (${one.why})`)
                .join('; ')}
            </Text>
          )}
          {rounds.data && rounds.data.items.length > 0 && providers.length > 0 && (
            <RoundCalendar tenant={tenant} rounds={rounds.data.items} providers={providers} />
          )}
        </section>
        {may('plans:read') && (
          <section className="card" aria-labelledby="checks">
            <div style={{ display: 'flex', gap: 10, alignItems: 'center' }}>
              <Title order={2} id="checks">
                {t('schedule.checks')}{' '}
                {checks.data && (
                  <Text span className="muted" size="sm">
                    {number(checks.data.items.length)}
                  </Text>
                )}
              </Title>
              <span className="pushed">
                <ExportButton name="checks" items={checks.data?.items ?? []} columns={columns} />
              </span>
            </div>
            {checks.error && <Failed error={checks.error} />}
            {checks.data?.items.length === 0 && <Empty>{t('schedule.noChecks')}</Empty>}
            {checks.data && checks.data.items.length > 0 && (
              <PlainTable
                items={checks.data.items.slice(0, 60)}
                columns={columns}
                idOf={(one) => `${one.plan}/${one.terminal}`}
                minWidth={760}
              />
            )}
            {checks.data && checks.data.items.length > 60 && (
              <Text size="sm" className="muted">
                {t('schedule.firstOf', { shown: number(60), total: number(checks.data.items.length) })}
              </Text>
            )}
          </section>
        )}
      </div>
    </>
  );
}
