import { Button, Group, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { apiUrl, seg } from '../api/client.ts';
import { providersQuery, statisticsQuery } from '../api/more-queries.ts';
import type { Statistics } from '../api/types.ts';
import { Bars } from '../components/bars.tsx';
import { FactTile } from '../components/fact-tile.tsx';
import { useFaultName } from '../components/finding.tsx';
import { type PlainColumn, PlainTable } from '../components/plain-table.tsx';
import { SpanPage } from '../components/span-page.tsx';
import { Empty } from '../components/state.tsx';
import { duration, number, percent } from '../lib/format.ts';

const HOUR = 3_600_000;
const hours = (value: number | null) => (value === null ? '–' : duration(value * HOUR));
const mark = (value: number | null) => (value === null ? '–' : number(Math.round(value * 10) / 10));
const money = (cents: number) => number(cents / 100);

/** What went wrong, who mended it and how well, and what foresight saved, over a span of days. */
export function ReportsPage() {
  const { t } = useTranslation();
  const { tenant } = useParams({ from: '/gate/t/$tenant' });
  const { days = '90' } = useSearch({ from: '/gate/t/$tenant/reports' });
  const navigate = useNavigate({ from: '/t/$tenant/reports' });
  const query = useQuery(statisticsQuery(tenant, Number(days)));
  return (
    <SpanPage
      title={t('nav.reports')}
      query={query}
      said={({ tickets }) => t('report.of', { count: tickets, total: number(tickets) })}
      days={days}
      choose={(value) => void navigate({ search: { days: value }, replace: true })}
    >
      {(data) => (
        <>
          {data.cut && <Text size="sm">{t('report.cut')}</Text>}
          <Prevention data={data} />
          <Causes tenant={tenant} days={days} causes={data.causes} />
          <Providers tenant={tenant} days={days} providers={data.providers} />
          <Parts tenant={tenant} days={days} parts={data.parts} />
        </>
      )}
    </SpanPage>
  );
}

function Prevention({ data }: { data: Statistics }) {
  const { t } = useTranslation();
  const { prevention, promises } = data;
  return (
    <section aria-label={t('report.prevention')} className="grid tiles">
      <FactTile name={t('report.avoided')} value={number(prevention.avoided)} note={t('report.avoidedNote')} />
      <FactTile name={t('report.saved')} value={hours(prevention.savedHours)} note={t('report.savedNote')} />
      <FactTile
        name={t('report.precision')}
        value={percent(prevention.precision)}
        note={t('report.judged', { count: prevention.judged, total: number(prevention.judged) })}
      />
      <FactTile name={t('report.falseAlarms')} value={number(prevention.falseAlarms)} note={t('report.falseNote')} />
      <FactTile
        name={t('report.kept')}
        value={percent(promises.kept)}
        note={
          promises.decidedErrorH === null
            ? t('report.promised', { count: promises.tickets, total: number(promises.tickets) })
            : t('report.off', { span: hours(promises.decidedErrorH) })
        }
      />
    </section>
  );
}

type Report = 'causes' | 'providers' | 'parts';

/** A titled report with the file of its numbers. */
function Section({
  tenant,
  days,
  report,
  empty,
  children,
}: {
  tenant: string;
  days: string;
  report: Report;
  empty: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <section className="card" aria-labelledby={report}>
      <div style={{ display: 'flex', gap: 10, alignItems: 'center', marginBottom: 8 }}>
        <Title order={2} id={report}>
          {t(`report.${report}`)}
        </Title>
        <Group className="pushed noprint" gap="xs">
          <Button
            size="xs"
            variant="default"
            component="a"
            href={apiUrl(`/tenants/${seg(tenant)}/statistics/${report}.csv`, { days })}
            leftSection={<IconDownload size={15} aria-hidden />}
          >
            {t('list.export')}
          </Button>
        </Group>
      </div>
      {empty ? <Empty>{t(`report.${report}None`)}</Empty> : children}
    </section>
  );
}

function Causes({ tenant, days, causes }: { tenant: string; days: string; causes: Statistics['causes'] }) {
  const { t } = useTranslation();
  const faultName = useFaultName();
  type Cause = Statistics['causes'][number];
  const name = (one: Cause) =>
    one.component === 'other' ? t('report.other') : faultName(one.component, one.mode === 'unknown' ? null : one.mode);
  const columns: PlainColumn<Cause>[] = [
    { head: t('column.finding'), cell: (one) => <b>{name(one)}</b>, text: name },
    {
      head: t('field.causeClass'),
      cell: (one) => t(`word.${one.cause}`, { defaultValue: one.cause }),
      text: (one) => one.cause,
    },
    {
      head: t('tickets.title'),
      end: true,
      cell: (one) => (
        <Link
          to="/t/$tenant/tickets"
          params={{ tenant }}
          search={{ open: 'any', ...(one.component === 'other' ? {} : { component: one.component }) }}
        >
          {number(one.tickets)}
        </Link>
      ),
      text: (one) => one.tickets,
    },
    { head: t('report.repeats'), end: true, cell: (one) => number(one.repeats), text: (one) => one.repeats },
    { head: t('report.recovered'), end: true, cell: (one) => number(one.recovered), text: (one) => one.recovered },
    {
      head: t('report.falseAlarms'),
      end: true,
      cell: (one) => number(one.falseAlarms),
      text: (one) => one.falseAlarms,
    },
    { head: t('report.median'), end: true, cell: (one) => hours(one.medianHours), text: (one) => one.medianHours },
  ];
  const byName = Map.groupBy(causes, name);
  const bars = [...byName]
    .map(([label, list]) => ({ name: label, value: list.reduce((sum, one) => sum + one.tickets, 0) }))
    .sort((a, b) => b.value - a.value)
    .slice(0, 12);
  return (
    <Section tenant={tenant} days={days} report="causes" empty={causes.length === 0}>
      <Bars label={t('report.causes')} bars={bars.map((bar) => ({ ...bar, text: number(bar.value) }))} />
      <PlainTable
        items={causes}
        columns={columns}
        idOf={(one) => `${one.cause}/${one.component}/${one.mode}`}
        minWidth={760}
      />
    </Section>
  );
}

function Providers({ tenant, days, providers }: { tenant: string; days: string; providers: Statistics['providers'] }) {
  const { t } = useTranslation();
  const names = useQuery(providersQuery(tenant)).data?.items ?? [];
  const name = (id: string) => names.find((one) => one.id === id)?.name ?? id;
  type Provider = Statistics['providers'][number];
  const columns: PlainColumn<Provider>[] = [
    { head: t('tickets.provider'), cell: (one) => <b>{name(one.provider)}</b>, text: (one) => name(one.provider) },
    { head: t('tickets.title'), end: true, cell: (one) => number(one.tickets), text: (one) => one.tickets },
    { head: t('report.median'), end: true, cell: (one) => hours(one.medianHours), text: (one) => one.medianHours },
    {
      head: t('report.response'),
      end: true,
      cell: (one) => percent(one.responseKept),
      text: (one) => one.responseKept,
    },
    { head: t('report.repair'), end: true, cell: (one) => percent(one.repairKept), text: (one) => one.repairKept },
    { head: t('report.reopened'), end: true, cell: (one) => number(one.reopened), text: (one) => one.reopened },
    { head: t('field.attitude'), end: true, cell: (one) => mark(one.attitude), text: (one) => one.attitude },
    { head: t('field.speed'), end: true, cell: (one) => mark(one.speed), text: (one) => one.speed },
    { head: t('field.result'), end: true, cell: (one) => mark(one.result), text: (one) => one.result },
    { head: t('field.cost'), end: true, cell: (one) => money(one.cost), text: (one) => one.cost / 100 },
  ];
  return (
    <Section tenant={tenant} days={days} report="providers" empty={providers.length === 0}>
      <PlainTable items={providers} columns={columns} idOf={(one) => one.provider} minWidth={860} />
    </Section>
  );
}

function Parts({ tenant, days, parts }: { tenant: string; days: string; parts: Statistics['parts'] }) {
  const { t } = useTranslation();
  type Part = Statistics['parts'][number];
  const columns: PlainColumn<Part>[] = [
    { head: t('field.part'), cell: (one) => <b>{one.part}</b>, text: (one) => one.part },
    { head: t('report.used'), end: true, cell: (one) => number(one.used), text: (one) => one.used },
    { head: t('tickets.title'), end: true, cell: (one) => number(one.tickets), text: (one) => one.tickets },
    { head: t('field.cost'), end: true, cell: (one) => money(one.cost), text: (one) => one.cost / 100 },
  ];
  return (
    <Section tenant={tenant} days={days} report="parts" empty={parts.length === 0}>
      <PlainTable items={parts} columns={columns} idOf={(one) => one.part} />
    </Section>
  );
}
