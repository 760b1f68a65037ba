import { Text, TextInput } from '@mantine/core';
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sitesQuery } from '../api/queries.ts';
import type { SiteView } from '../api/types.ts';
import { HealthBar } from '../components/health.tsx';
import { Held } from '../components/held.tsx';
import { Empty, Failed, Loading, PageHead } from '../components/state.tsx';
import { type Column, VirtualRows } from '../components/virtual-rows.tsx';
import { When } from '../components/when.tsx';
import { number } from '../lib/format.ts';
import { useSteady } from '../lib/use-steady.ts';

const idOf = (site: SiteView) => site.site;

/** Every site with what its terminals are like, worst first. */
export function SitesPage() {
  const { t } = useTranslation();
  const { tenant } = useParams({ from: '/gate/t/$tenant/sites' });
  const search = useSearch({ from: '/gate/t/$tenant/sites' });
  const navigate = useNavigate({ from: '/t/$tenant/sites' });
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const query = useInfiniteQuery(sitesQuery(tenant, { ...search }));
  const sites = query.data?.pages.flatMap((page) => page.items) ?? [];
  const first = query.data?.pages[0];
  const steady = useSteady(sites, idOf, JSON.stringify(search));
  const [text, setText] = useState(search.search ?? '');
  useEffect(() => setText(search.search ?? ''), [search.search]);
  const ask = useDebouncedCallback(
    (value: string) => void navigate({ search: value === '' ? {} : { search: value }, replace: true }),
    250,
  );
  const { fetchNextPage, isFetchingNextPage } = query;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const columns: Column<SiteView>[] = [
    {
      key: 'site',
      head: t('column.site'),
      width: 'minmax(130px, 1.4fr)',
      cell: (site) => <span className="id">{site.name}</span>,
    },
    { key: 'region', head: t('sites.region'), width: 'minmax(70px, 0.8fr)', cell: (site) => site.region ?? '' },
    {
      key: 'health',
      head: t('health.label'),
      width: 'minmax(120px, 1.6fr)',
      cell: (site) => <HealthBar health={site.group.health} thin />,
    },
    {
      key: 'critical',
      head: t('health.critical'),
      width: '80px',
      end: true,
      cell: (site) => quiet(site.group.health.critical),
    },
    {
      key: 'warning',
      head: t('health.warning'),
      width: '80px',
      end: true,
      cell: (site) => quiet(site.group.health.warning),
    },
    { key: 'offline', head: t('fleet.offline'), width: '70px', end: true, cell: (site) => quiet(site.group.offline) },
    { key: 'tickets', head: t('column.tickets'), width: '70px', end: true, cell: (site) => quiet(site.openTickets) },
    {
      key: 'total',
      head: t('sites.terminals'),
      width: '80px',
      end: true,
      cell: (site) => number(site.group.health.total),
    },
  ];
  return (
    <>
      <PageHead
        title={t('sites.title')}
        note={
          first && (
            <>
              {t('list.showing', { total: number(first.total ?? 0) })} · {t('when.updated', { when: '' })}
              {first.at !== undefined && <When at={first.at} />}
            </>
          )
        }
      >
        <Held count={steady.held} show={steady.show} />
      </PageHead>
      <TextInput
        mb="sm"
        size="xs"
        type="search"
        style={{ maxWidth: 340 }}
        aria-label={t('list.search')}
        placeholder={t('sites.search')}
        leftSection={<IconSearch size={15} aria-hidden />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          ask(event.currentTarget.value);
        }}
      />
      {query.error && !query.data ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Loading />
      ) : sites.length === 0 ? (
        <Empty>{t(search.search ? 'sites.none' : 'sites.empty')}</Empty>
      ) : (
        <VirtualRows
          items={steady.items}
          columns={columns}
          total={first?.total ?? 0}
          label={t('sites.title')}
          rowHeight={42}
          narrowHeight={70}
          narrow={narrow ? (site) => <NarrowSite site={site} /> : null}
          idOf={idOf}
          more={more}
          reading={steady.reading}
          row={(site, props) => (
            <Link key={site.site} to="/t/$tenant/sites/$site" params={{ tenant, site: site.site }} {...props} />
          )}
        />
      )}
    </>
  );
}

function quiet(value: number) {
  return value === 0 ? <span className="muted">0</span> : <b>{number(value)}</b>;
}

function NarrowSite({ site }: { site: SiteView }) {
  const { t } = useTranslation();
  return (
    <>
      <span style={{ display: 'flex', gap: 8 }}>
        <span className="id cell">{site.name}</span>
        <Text span size="xs" className="muted pushed cell">
          {t('fleet.members', { count: site.group.health.total })}
          {site.openTickets > 0 && ` · ${t('sites.openTickets', { count: site.openTickets })}`}
        </Text>
      </span>
      <span style={{ display: 'block', marginTop: 10 }}>
        <HealthBar health={site.group.health} thin />
      </span>
    </>
  );
}
