import { Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { siteQuery } from '../api/queries.ts';
import type { SiteView, TerminalRow } from '../api/types.ts';
import { FindingCard } from '../components/finding.tsx';
import { HealthBar } from '../components/health.tsx';
import { Held } from '../components/held.tsx';
import { OpenForm } from '../components/open-form.tsx';
import { Empty, Failed, Loading, PageHead } from '../components/state.tsx';
import { TerminalLine } from '../components/terminal-line.tsx';
import { TicketLine } from '../components/ticket-line.tsx';
import { When } from '../components/when.tsx';
import { PlaceForm } from '../forms/place-form.tsx';
import { locale } from '../i18n/index.ts';
import { useSteady } from '../lib/use-steady.ts';

const idOf = (row: TerminalRow) => row.terminal;

/** One site: its terminals worst first, what is wrong with it as a whole, and when it is open. */
export function SitePage() {
  const { t } = useTranslation();
  const { tenant, site } = useParams({ from: '/gate/t/$tenant/sites/$site' });
  const { data, error, refetch } = useQuery(siteQuery(tenant, site));
  const steady = useSteady(data?.terminals ?? [], idOf, site);
  if (!data) {
    if (error instanceof ApiError && error.status === 404) return <Empty>{t('sites.notFound', { id: site })}</Empty>;
    return error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />;
  }
  return (
    <>
      <PageHead
        title={data.site.name}
        note={
          <>
            {site} · {t('when.updated', { when: '' })}
            <When at={data.at} />
          </>
        }
      >
        <span style={{ display: 'inline-flex', gap: 8 }}>
          <Held count={steady.held} show={steady.show} />
          <OpenForm
            right="fleet:write"
            change
            label={data.site.name}
            form={(close) => <PlaceForm tenant={tenant} site={data.site} close={close} />}
          />
        </span>
      </PageHead>
      <div className="grid">
        <div className="card">
          <HealthBar health={data.site.group.health} />
        </div>
        {data.findings.length > 0 && (
          <section className="card" aria-labelledby="whole">
            <Title order={2} id="whole">
              {t('sites.findings')}
            </Title>
            {data.findings.map((finding) => (
              <FindingCard key={finding.fingerprint} finding={finding} tenant={tenant} />
            ))}
          </section>
        )}
        <div className="grid two">
          <section className="card" aria-labelledby="terminals" {...steady.reading}>
            <Title order={2} id="terminals">
              {t('sites.terminals')}
            </Title>
            <ul className="rows">
              {steady.items.map((row) => (
                <li key={row.terminal}>
                  <TerminalLine tenant={tenant} row={row} atSite />
                </li>
              ))}
            </ul>
          </section>
          <div className="grid">
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
            <About site={data.site} />
          </div>
        </div>
      </div>
    </>
  );
}

function About({ site }: { site: SiteView }) {
  const { t } = useTranslation();
  const entries: [string, string | null][] = [
    [t('sites.address'), site.address],
    [t('sites.region'), site.region],
    [t('sites.contact'), site.contact],
    [t('sites.timezone'), site.timezone],
  ];
  return (
    <section className="card" aria-labelledby="about">
      <Title order={2} id="about" mb={8}>
        {t('tickets.about')}
      </Title>
      <dl className="dl">
        {site.hours === null ? (
          <div style={{ display: 'contents' }}>
            <dt>{t('sites.hours')}</dt>
            <dd>{t('sites.always')}</dd>
          </div>
        ) : (
          site.hours.map((day, i) => (
            <div key={weekday(i)} style={{ display: 'contents' }}>
              <dt>{weekday(i)}</dt>
              <dd>{day === null ? t('sites.closed') : `${clock(day.opens)} – ${clock(day.closes)}`}</dd>
            </div>
          ))
        )}
        {entries.map(([name, value]) =>
          value === null ? null : (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}

/** Monday is 0. The fifth of January 1970 was one. */
function weekday(i: number): string {
  return new Intl.DateTimeFormat(locale(), { weekday: 'long', timeZone: 'UTC' }).format((4 + i) * 86_400_000);
}

function clock(minutes: number): string {
  const inDay = minutes % 1440;
  return `${String(Math.floor(inDay / 60)).padStart(2, '0')}:${String(inDay % 60).padStart(2, '0')}`;
}
