import { SegmentedControl, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fleetQuery, statusQuery } from '../api/queries.ts';
import type { FindingView, FleetView, TerminalRow } from '../api/types.ts';
import { FindingCard } from '../components/finding.tsx';
import { GroupTable } from '../components/group-table.tsx';
import { HEALTH_ORDER, HealthBadge, HealthBar } from '../components/health.tsx';
import { Held } from '../components/held.tsx';
import { Empty, Failed, Loading, PageHead } from '../components/state.tsx';
import { TerminalLine } from '../components/terminal-line.tsx';
import { When } from '../components/when.tsx';
import { useNow } from '../lib/clock.ts';
import { ago, number } from '../lib/format.ts';
import { useSteady } from '../lib/use-steady.ts';

const FirstRun = lazy(async () => ({ default: (await import('../components/first-run.tsx')).FirstRun }));
// Below the fold, and not of the first view's script.
const SiteMap = lazy(async () => ({ default: (await import('../components/site-map.tsx')).SiteMap }));

/** The fleet at a glance, worst first. */
export function FleetPage() {
  const { tenant } = useParams({ from: '/gate/t/$tenant/' });
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(fleetQuery(tenant));
  const status = useQuery(statusQuery).data;
  if (!data) return error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />;
  if (data.health.total === 0)
    return status?.demo?.phase === 'history' ? (
      <Loading />
    ) : (
      <Suspense fallback={<Loading />}>
        <FirstRun status={status} tenant={tenant} />
      </Suspense>
    );
  // What may become an outage of many stands beside the terminal that has failed, not before it.
  const urgent = isUrgent(data.wider);
  return (
    <>
      <PageHead
        title={t('fleet.title')}
        note={
          <>
            {t('fleet.summary', { total: number(data.health.total), sites: number(data.sites) })} ·{' '}
            {t('when.updated', { when: '' })}
            <When at={data.at} />
          </>
        }
      />
      <div className="grid">
        <Tiles fleet={data} tenant={tenant} />
        <div className="card">
          <HealthBar health={data.health} />
          <ul
            style={{
              display: 'flex',
              flexWrap: 'wrap',
              gap: '6px 18px',
              listStyle: 'none',
              padding: 0,
              margin: '10px 0 0',
            }}
          >
            {HEALTH_ORDER.map((word) => (
              <li key={word}>
                <Link
                  to="/t/$tenant/terminals"
                  params={{ tenant }}
                  search={{ health: word }}
                  style={{ textDecoration: 'none' }}
                >
                  <HealthBadge health={word} />{' '}
                  <Text span fw={650} c="var(--mantine-color-text)">
                    {number(data.health[word])}
                  </Text>
                </Link>
              </li>
            ))}
          </ul>
        </div>
        {urgent && <Wider findings={data.wider} tenant={tenant} />}
        <div className="grid two">
          <Worst rows={data.worst} tenant={tenant} total={data.health.total} />
          <div className="grid">
            {!urgent && data.wider.length > 0 && <Wider findings={data.wider} tenant={tenant} />}
            <WillFail fleet={data} tenant={tenant} />
            <GotWorse fleet={data} tenant={tenant} />
          </div>
        </div>
        <Suspense fallback={<Loading />}>
          <SiteMap tenant={tenant} />
        </Suspense>
        <Groups fleet={data} tenant={tenant} />
      </div>
    </>
  );
}

function Tiles({ fleet, tenant }: { fleet: FleetView; tenant: string }) {
  const { t } = useTranslation();
  return (
    <div className="grid tiles">
      <Link
        className="card tile"
        style={{ '--edge': 'var(--bar-critical)' } as object}
        to="/t/$tenant/terminals"
        params={{ tenant }}
        search={{ health: 'critical' }}
      >
        <b>{number(fleet.health.critical)}</b>
        {t('health.critical')}
      </Link>
      <Link
        className="card tile"
        style={{ '--edge': 'var(--bar-warning)' } as object}
        to="/t/$tenant/terminals"
        params={{ tenant }}
        search={{ health: 'warning' }}
      >
        <b>{number(fleet.health.warning)}</b>
        {t('health.warning')}
      </Link>
      <Link
        className="card tile"
        style={{ '--edge': 'var(--mantine-color-teal-6)' } as object}
        to="/t/$tenant/tickets"
        params={{ tenant }}
      >
        <b>{number(fleet.tickets.open)}</b>
        {t('fleet.openTickets')}
      </Link>
      <Link
        className="card tile"
        style={{ '--edge': 'var(--bar-watch)' } as object}
        to="/t/$tenant/terminals"
        params={{ tenant }}
        search={{ fails: 'week', sort: 'failsAt' }}
      >
        <b>{number(fleet.willFail.total)}</b>
        {t('fleet.willFail')}
      </Link>
      <Link
        className="card tile"
        style={{ '--edge': 'var(--bar-silent)' } as object}
        to="/t/$tenant/terminals"
        params={{ tenant }}
        search={{ link: 'offline' }}
      >
        <b>{number(fleet.link.offline)}</b>
        {t('fleet.offline')}
      </Link>
      <Link
        className="card tile"
        style={{ '--edge': 'var(--bar-healthy)' } as object}
        to="/t/$tenant/terminals"
        params={{ tenant }}
        search={{ link: 'online' }}
      >
        <b>{number(fleet.link.online)}</b>
        {t('fleet.online')}
      </Link>
    </div>
  );
}

function isUrgent(findings: readonly FindingView[]): boolean {
  return findings.some(({ severity }) => severity === 'critical');
}

function Wider({ findings, tenant }: { findings: readonly FindingView[]; tenant: string }) {
  const { t } = useTranslation();
  const urgent = isUrgent(findings);
  return (
    <section
      className="card"
      aria-labelledby="wider"
      style={{ borderColor: `var(--bar-${urgent ? 'critical' : 'warning'})` }}
    >
      <Title order={2} id="wider">
        {t('fleet.wider')}
      </Title>
      <Text size="sm" className="muted">
        {t('fleet.widerHelp')}
      </Text>
      <ul className="rows">
        {findings.map((finding) => (
          <li key={finding.fingerprint}>
            <FindingCard finding={finding} tenant={tenant} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const idOf = (row: TerminalRow) => row.terminal;

function Worst({ rows, tenant, total }: { rows: readonly TerminalRow[]; tenant: string; total: number }) {
  const { t } = useTranslation();
  const steady = useSteady(rows, idOf, tenant);
  return (
    <section className="card" aria-labelledby="worst" {...steady.reading}>
      <div style={{ display: 'flex', gap: 8, alignItems: 'center', minHeight: 28 }}>
        <Title order={2} id="worst">
          {t('fleet.worst')}
        </Title>
        <span className="pushed">
          <Held count={steady.held} show={steady.show} />
        </span>
      </div>
      {steady.items.length === 0 && <Empty>{t('fleet.worstNone')}</Empty>}
      <ul className="rows">
        {steady.items.map((row) => (
          <li key={row.terminal}>
            <TerminalLine tenant={tenant} row={row} />
          </li>
        ))}
      </ul>
      <Link className="more" to="/t/$tenant/terminals" params={{ tenant }}>
        {t('fleet.all', { count: total })}
      </Link>
    </section>
  );
}

function WillFail({ fleet, tenant }: { fleet: FleetView; tenant: string }) {
  const { t } = useTranslation();
  const now = useNow();
  const { items, total } = fleet.willFail;
  return (
    <section className="card" aria-labelledby="will-fail">
      <Title order={2} id="will-fail">
        {t('fleet.willFailTitle')}
      </Title>
      {items.length === 0 && <Empty>{t('fleet.willFailNone')}</Empty>}
      <ul className="rows">
        {items.slice(0, 6).map((row) => (
          <li key={row.terminal}>
            <TerminalLine
              tenant={tenant}
              row={row}
              note={row.failsAt === null ? undefined : <b>{ago(row.failsAt, now)}</b>}
            />
          </li>
        ))}
      </ul>
      {total > 6 && (
        <Link
          className="more"
          to="/t/$tenant/terminals"
          params={{ tenant }}
          search={{ fails: 'week', sort: 'failsAt' }}
        >
          {t('fleet.more', { count: total - 6 })}
        </Link>
      )}
    </section>
  );
}

function GotWorse({ fleet, tenant }: { fleet: FleetView; tenant: string }) {
  const { t } = useTranslation();
  const { items, total } = fleet.gotWorse;
  return (
    <section className="card" aria-labelledby="got-worse">
      <Title order={2} id="got-worse">
        {t('fleet.gotWorseTitle')}{' '}
        <Text span className="muted" size="sm">
          {number(total)}
        </Text>
      </Title>
      {items.length === 0 && <Empty>{t('fleet.gotWorseNone')}</Empty>}
      <ul className="rows">
        {items.slice(0, 6).map(({ row, at, before }) => (
          <li key={row.terminal}>
            <TerminalLine
              tenant={tenant}
              row={row}
              note={
                <>
                  {before === null
                    ? t('fleet.appeared', { after: t(`health.${row.health}`) })
                    : t('fleet.from', { before: t(`health.${before}`), after: t(`health.${row.health}`) })}{' '}
                  · <When at={at} />
                </>
              }
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

const KINDS = ['site', 'model', 'firmware', 'carrier'] as const;

function Groups({ fleet, tenant }: { fleet: FleetView; tenant: string }) {
  const { t } = useTranslation();
  const [by, setBy] = useState<(typeof KINDS)[number]>('site');
  return (
    <section className="card" aria-labelledby="groups">
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 10, alignItems: 'center', marginBottom: 8 }}>
        <Title order={2} id="groups">
          {t('fleet.groups')}
        </Title>
        <SegmentedControl
          size="xs"
          value={by}
          onChange={(value) => setBy(value as typeof by)}
          data={KINDS.map((kind) => ({ value: kind, label: t(`fleet.by.${kind}`) }))}
          aria-label={t('fleet.groups')}
        />
      </div>
      <GroupTable groups={fleet.groups[by]} by={by} tenant={tenant} />
    </section>
  );
}
