import { MultiSelect, SegmentedControl, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { METRICS, metricOf } from '../../../../contract/metrics.ts';
import { ApiError } from '../api/client.ts';
import { useWatch } from '../api/live.tsx';
import { eventsQuery, seriesQuery, terminalQuery } from '../api/queries.ts';
import { May, useMay } from '../api/session.tsx';
import type { TerminalPage as TerminalAnswer } from '../api/types.ts';
import { FindingCard } from '../components/finding.tsx';
import { HealthBadge } from '../components/health.tsx';
import { MerchantCode } from '../components/merchant-code.tsx';
import { Plot } from '../components/plot.tsx';
import { Empty, Failed, Loading, PageHead } from '../components/state.tsx';
import { TerminalActions, TerminalRecord } from '../components/terminal-actions.tsx';
import { Facts, Glance, LatestValues } from '../components/terminal-facts.tsx';
import { TicketLine } from '../components/ticket-line.tsx';
import { When } from '../components/when.tsx';
import { DAY, duration, metricName, unitOf } from '../lib/format.ts';

const RANGES = { '6h': DAY / 4, '1d': DAY, '7d': 7 * DAY, '21d': 21 * DAY } as const;
type Range = keyof typeof RANGES;
const USUAL = [
  'battery.soc_pct',
  'battery.full_mah',
  'printer.head_ohm',
  'printer.retries_total',
  'network.rsrp_dbm',
  'network.rssi_dbm',
  'network.rtt_ms',
];

/** A week, or as far back as it takes to see what was heard last. */
function firstRange(now: number, lastAt: number | null): Range {
  return lastAt !== null && now - lastAt > 5 * DAY ? '21d' : '7d';
}

/** One terminal: what is wrong and why, what was measured, what is being done. */
export function TerminalRoute() {
  const { tenant, terminal } = useParams({ from: '/gate/t/$tenant/terminals/$terminal' });
  return <TerminalPage key={terminal} tenant={tenant} terminal={terminal} />;
}

function TerminalPage({ tenant, terminal }: { tenant: string; terminal: string }) {
  const { t } = useTranslation();
  useWatch(terminal);
  const may = useMay();
  const { data, error, refetch } = useQuery(terminalQuery(tenant, terminal));
  if (!data) {
    if (error instanceof ApiError && error.status === 404)
      return <Empty>{t('terminal.notFound', { id: terminal })}</Empty>;
    return error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />;
  }
  const { row } = data;
  return (
    <>
      <PageHead
        title={terminal}
        note={
          <>
            <HealthBadge health={row.health} />{' '}
            {row.site !== null && (
              <Link to="/t/$tenant/sites/$site" params={{ tenant, site: row.site }}>
                {row.siteName ?? row.site}
              </Link>
            )}
            {row.lifecycle !== 'active' && ` · ${t(`lifecycle.${row.lifecycle}`)}`}
          </>
        }
      >
        <May right="fleet:write">
          <TerminalActions tenant={tenant} page={data} />
        </May>
      </PageHead>
      <div className="grid">
        <Glance page={data} />
        <div className="grid two">
          <section className="card" aria-labelledby="findings">
            <Title order={2} id="findings">
              {t('terminal.findings')}
            </Title>
            {data.findings.length === 0 && <Empty>{t('terminal.noFindings')}</Empty>}
            <ul className="rows">
              {data.findings.map((finding) => (
                <li key={finding.fingerprint}>
                  <FindingCard finding={finding} tenant={tenant} here={terminal} />
                </li>
              ))}
            </ul>
          </section>
          <section className="card" aria-labelledby="tickets">
            <Title order={2} id="tickets">
              {t('terminal.tickets')}
            </Title>
            {data.tickets.length === 0 && <Empty>{t('terminal.noTickets')}</Empty>}
            <ul className="rows">
              {data.tickets.map((ticket) => (
                <li key={ticket.id}>
                  <TicketLine tenant={tenant} ticket={ticket} />
                </li>
              ))}
            </ul>
          </section>
        </div>
        <Plots tenant={tenant} page={data} />
        <div className="grid two">
          <Facts page={data} />
          <div className="grid">
            <Events tenant={tenant} terminal={terminal} />
            {may('fleet:read') && <TerminalRecord tenant={tenant} terminal={terminal} />}
            <May right="fleet:write">
              <MerchantCode tenant={tenant} terminal={terminal} />
            </May>
          </div>
        </div>
        <LatestValues page={data} />
      </div>
    </>
  );
}

function Plots({ tenant, page }: { tenant: string; page: TerminalAnswer }) {
  const { t } = useTranslation();
  const terminal = page.facts.terminal;
  const [range, setRange] = useState<Range>(() => firstRange(page.at, page.row.lastAt));
  const [more, setMore] = useState<string[]>([]);
  const evident = page.findings
    .flatMap((finding) => finding.evidence.map((one) => one.metric))
    .filter((metric) => metricOf(metric)?.kind !== 'text' && metricOf(metric));
  // The choice of plots is kept while one stays on the page: a new finding adds its own below, and moves nothing.
  const [first] = useState(() => [...new Set([...evident, ...USUAL])].slice(0, 8));
  const metrics = [...new Set([...first, ...evident, ...more])].slice(0, 16);
  const { data, error } = useQuery(seriesQuery(tenant, terminal, metrics, RANGES[range], 400));
  const events = useQuery(eventsQuery(tenant, terminal, RANGES[range])).data?.items ?? [];
  const bySeries = new Map(data?.series.map((one) => [one.metric, one]));
  const shown = metrics.filter(
    (metric) => !data || more.includes(metric) || bySeries.get(metric)?.values.some((value) => value !== null),
  );
  const custom = page.latest.values.filter((one) => one.metric.startsWith('custom.')).map((one) => one.metric);
  const choices = [...METRICS.filter((metric) => metric.kind !== 'text').map((metric) => metric.key), ...custom].filter(
    (key) => !first.includes(key),
  );
  return (
    <section className="card" aria-labelledby="plots">
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 10, alignItems: 'center', marginBottom: 8 }}>
        <Title order={2} id="plots">
          {t('terminal.plots')}
        </Title>
        <SegmentedControl
          size="xs"
          aria-label={t('terminal.rangeLabel')}
          value={range}
          onChange={(value) => setRange(value as Range)}
          data={(Object.keys(RANGES) as Range[]).map((value) => ({ value, label: t(`terminal.range.${value}`) }))}
        />
        <MultiSelect
          className="pushed noprint"
          size="xs"
          searchable
          clearable
          maxValues={8}
          aria-label={t('terminal.moreMetrics')}
          placeholder={t('terminal.moreMetrics')}
          value={more}
          onChange={setMore}
          data={choices.map((key) => ({ value: key, label: metricName(key) }))}
          style={{ minWidth: 190, maxWidth: 420 }}
        />
      </div>
      {error && !data && <Failed error={error} />}
      <div className="grid" style={{ gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 400px), 1fr))' }}>
        {shown.map((metric) => {
          const series = bySeries.get(metric);
          const counter = metricOf(metric)?.kind === 'counter';
          return (
            <figure key={metric} style={{ margin: 0, minWidth: 0 }}>
              <figcaption>
                <Text size="sm" fw={600} component="span">
                  {metricName(metric)}
                </Text>{' '}
                <Text size="xs" className="muted" component="span">
                  {unitOf(metric)}
                  {counter && data?.stepMs ? ` ${t('terminal.perStep', { step: duration(data.stepMs) })}` : ''}
                </Text>
              </figcaption>
              {!data && !error ? (
                <div style={{ height: 170 }}>
                  <Loading />
                </div>
              ) : (
                <Plot
                  metric={metric}
                  times={series?.times ?? []}
                  values={(series?.values ?? []).map((value) => (typeof value === 'number' ? value : null))}
                  from={data?.from ?? page.at - RANGES[range]}
                  to={data?.to ?? page.at}
                  findings={page.findings}
                  events={events}
                  bars={counter}
                />
              )}
            </figure>
          );
        })}
      </div>
      {data && shown.length === 0 && <Empty>{t('terminal.plotEmpty')}</Empty>}
      {data && (
        <Text size="xs" className="muted" mt={6}>
          {t('when.asOf', { when: '' })}
          <When at={data.to} />
        </Text>
      )}
    </section>
  );
}

function Events({ tenant, terminal }: { tenant: string; terminal: string }) {
  const { t } = useTranslation();
  const { data } = useQuery(eventsQuery(tenant, terminal, 21 * DAY));
  return (
    <section className="card" aria-labelledby="events">
      <Title order={2} id="events">
        {t('terminal.events')}
      </Title>
      {data?.items.length === 0 && <Empty>{t('terminal.noEvents')}</Empty>}
      <ul className="rows" style={{ maxHeight: 300, overflow: 'auto' }} tabIndex={-1}>
        {data?.items.map((event) => (
          <li key={`${event.at}${event.type}`} style={{ padding: '6px 0' }}>
            <Text size="sm" component="span" fw={600}>
              {t(`event.${event.type}`, { defaultValue: event.type })}
            </Text>{' '}
            <Text size="sm" component="span" className="muted">
              {event.component === null ? '' : t(`component.${event.component}`, { defaultValue: event.component })}{' '}
              {detailOf(event.detail)} · <When at={event.at} />
            </Text>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** An event's detail in words; of many checks only those that failed, where some did. */
function detailOf(detail: Readonly<Record<string, unknown>> | null): string {
  const entries = Object.entries(detail ?? {});
  const failed = entries.filter(([key, value]) => value === 'fail' && key !== 'result');
  return (failed.length > 0 ? failed : entries)
    .map(([key, value]) =>
      typeof value === 'object' && value !== null
        ? detailOf(value as Record<string, unknown>)
        : `${key.replaceAll('_', ' ')}: ${String(value)}`,
    )
    .filter(Boolean)
    .join(', ');
}
