import { Button, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconDownload, IconSearch, IconX } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { COMPONENTS } from '../../../../contract/modes.ts';
import { apiUrl, seg } from '../api/client.ts';
import { fleetQuery, terminalsQuery } from '../api/queries.ts';
import { useMay } from '../api/session.tsx';
import type { TerminalRow } from '../api/types.ts';
import { FilterSelect } from '../components/filter-select.tsx';
import { useFaultName } from '../components/finding.tsx';
import { HEALTH_ORDER, HealthBadge } from '../components/health.tsx';
import { Held } from '../components/held.tsx';
import { Empty, Failed, Loading, PageHead } from '../components/state.tsx';
import { type Column, VirtualRows } from '../components/virtual-rows.tsx';
import { When } from '../components/when.tsx';
import { useNow } from '../lib/clock.ts';
import { ago, number } from '../lib/format.ts';
import type { TerminalSearch } from '../lib/search.ts';
import { useSteady } from '../lib/use-steady.ts';

const SORTS = [
  'worst',
  'failsAt',
  'lastAt',
  'tickets',
  'terminal',
  'site',
  'model',
  'firmware',
  'carrier',
  'battery',
  'signal',
] as const;
const idOf = (row: TerminalRow) => row.terminal;

/** Every terminal: searched, filtered and sorted by the server; what is asked stands in the address. */
export function TerminalsPage() {
  const { t } = useTranslation();
  const { tenant } = useParams({ from: '/gate/t/$tenant/terminals' });
  const search = useSearch({ from: '/gate/t/$tenant/terminals' });
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const query = useInfiniteQuery(terminalsQuery(tenant, search));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const first = query.data?.pages[0];
  const steady = useSteady(rows, idOf, JSON.stringify(search));
  const { fetchNextPage, isFetchingNextPage } = query;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const columns = useColumns(useMediaQuery('(min-width: 94em)') ?? true);
  return (
    <>
      <PageHead
        title={t('nav.terminals')}
        note={
          first && (
            <>
              {t('list.showing', { total: number(first.total ?? 0) })} · {t('when.updated', { when: '' })}
              {first.at !== undefined && <When at={first.at} />}
            </>
          )
        }
      >
        <Group gap="xs">
          <Held count={steady.held} show={steady.show} />
          <Button
            size="xs"
            variant="default"
            component="a"
            href={apiUrl(`/tenants/${seg(tenant)}/terminals.csv`, search as Record<string, string>)}
            leftSection={<IconDownload size={15} aria-hidden />}
          >
            {t('list.export')}
          </Button>
        </Group>
      </PageHead>
      <Filters tenant={tenant} search={search} />
      {query.error && !query.data ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Loading />
      ) : rows.length === 0 ? (
        <Empty>{t('list.none')}</Empty>
      ) : (
        <VirtualRows
          items={steady.items}
          columns={columns}
          total={first?.total ?? 0}
          label={t('nav.terminals')}
          rowHeight={42}
          narrowHeight={74}
          narrow={narrow ? (row) => <NarrowRow row={row} /> : null}
          idOf={idOf}
          more={more}
          reading={steady.reading}
          row={(row, props) => (
            <Link
              key={row.terminal}
              to="/t/$tenant/terminals/$terminal"
              params={{ tenant, terminal: row.terminal }}
              {...props}
            />
          )}
        />
      )}
    </>
  );
}

/** When a terminal is expected to fail, or that it has. */
function failure(row: TerminalRow, now: number, t: ReturnType<typeof useTranslation>['t']): string {
  if (row.failsAt === null) return '';
  if (row.failsAt > now) return ago(row.failsAt, now);
  return t(row.worst?.horizonH === 0 ? 'fails.failed' : 'fails.overdue');
}

/** Columns that give way on a narrower screen. */
const LESS = new Set(['firmware', 'signal']);

function useColumns(wide: boolean): Column<TerminalRow>[] {
  const { t } = useTranslation();
  const faultName = useFaultName();
  const now = useNow();
  const columns: Column<TerminalRow>[] = [
    { key: 'health', head: t('column.health'), width: '104px', cell: (row) => <HealthBadge health={row.health} /> },
    {
      key: 'terminal',
      head: t('column.terminal'),
      width: 'minmax(110px, 1.1fr)',
      cell: (row) => <span className="id">{row.terminal}</span>,
    },
    {
      key: 'finding',
      head: t('column.finding'),
      width: 'minmax(170px, 2.2fr)',
      cell: (row) =>
        (row.worst ? faultName(row.worst.component, row.worst.mode) : '') ||
        (row.lifecycle === 'active' ? '' : t(`lifecycle.${row.lifecycle}`)),
    },
    {
      key: 'fails',
      head: t('column.fails'),
      width: '104px',
      cell: (row) => failure(row, now, t),
    },
    {
      key: 'site',
      head: t('column.site'),
      width: 'minmax(90px, 1.2fr)',
      cell: (row) => row.siteName ?? row.site ?? '',
    },
    { key: 'model', head: t('column.model'), width: 'minmax(92px, 0.9fr)', cell: (row) => row.model ?? '' },
    { key: 'firmware', head: t('column.firmware'), width: 'minmax(60px, 0.6fr)', cell: (row) => row.firmware ?? '' },
    {
      key: 'battery',
      head: t('column.battery'),
      width: '62px',
      end: true,
      cell: (row) => (row.batteryPct === null ? '–' : `${number(Math.round(row.batteryPct))} %`),
    },
    {
      key: 'signal',
      head: t('column.signal'),
      width: '76px',
      end: true,
      cell: (row) => (row.signalDbm === null ? '–' : `${number(Math.round(row.signalDbm))} dBm`),
    },
    {
      key: 'tickets',
      head: t('column.tickets'),
      width: '58px',
      end: true,
      cell: (row) => (row.openTickets === 0 ? '' : number(row.openTickets)),
    },
    {
      key: 'lastAt',
      head: t('column.lastAt'),
      width: '120px',
      end: true,
      cell: (row) => (row.lastAt === null ? t('freshness.never') : <When at={row.lastAt} />),
    },
  ];
  return wide ? columns : columns.filter((column) => !LESS.has(column.key));
}

function NarrowRow({ row }: { row: TerminalRow }) {
  const { t } = useTranslation();
  const faultName = useFaultName();
  return (
    <>
      <span style={{ display: 'flex', gap: 8, alignItems: 'baseline' }}>
        <HealthBadge health={row.health} />
        <span className="id cell">{row.terminal}</span>
        <Text span size="xs" className="muted pushed cell">
          {row.lastAt === null ? t('freshness.never') : <When at={row.lastAt} />}
        </Text>
      </span>
      <span className="cell" style={{ display: 'block', marginTop: 4 }}>
        {row.worst ? `${faultName(row.worst.component, row.worst.mode)} · ` : ''}
        <span className="muted">{row.siteName ?? row.site}</span>
      </span>
    </>
  );
}

function Filters({ tenant, search }: { tenant: string; search: TerminalSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: '/t/$tenant/terminals' });
  const may = useMay();
  const groups = useQuery({ ...fleetQuery(tenant), enabled: may('fleet:read') }).data?.groups;
  const set = (change: Partial<Record<keyof TerminalSearch, string | boolean | undefined>>) =>
    void navigate({ search: (before) => ({ ...before, ...change }) as TerminalSearch, replace: true });
  const [text, setText] = useState(search.search ?? '');
  useEffect(() => setText(search.search ?? ''), [search.search]);
  const ask = useDebouncedCallback((value: string) => set({ search: value || undefined }), 250);
  const many = (
    name: 'health' | 'link' | 'model' | 'firmware' | 'carrier' | 'component' | 'site',
    label: string,
    data: readonly { value: string; label: string }[],
  ) => (
    <FilterSelect
      label={label}
      data={data}
      value={search[name]}
      onChange={(value) => set({ [name]: value })}
      style={{ flex: '1 1 100px', minWidth: 96, maxWidth: 190 }}
    />
  );
  const named = (list: readonly { key: string; name: string | null }[] | undefined) =>
    (list ?? []).map((one) => ({ value: one.key, label: one.name ?? one.key }));
  const any = Object.keys(search).some((key) => key !== 'sort' && key !== 'descending');
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const [unfolded, { toggle }] = useDisclosure(any);
  const folded = narrow && !unfolded;
  return (
    <Group gap="xs" mb="sm" align="flex-start" role="search">
      <TextInput
        size="xs"
        type="search"
        style={{ flex: '1 1 200px', maxWidth: 340 }}
        aria-label={t('list.search')}
        placeholder={t('list.searchTerminals')}
        leftSection={<IconSearch size={15} aria-hidden />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          ask(event.currentTarget.value);
        }}
      />
      {narrow && (
        <Button size="xs" variant="default" onClick={toggle} aria-expanded={unfolded}>
          {t('list.filters')}
        </Button>
      )}
      {!folded && (
        <>
          {many(
            'link',
            t('column.link'),
            (['online', 'offline', 'never'] as const).map((word) => ({ value: word, label: t(`link.${word}`) })),
          )}
          {many(
            'health',
            t('column.health'),
            HEALTH_ORDER.map((word) => ({ value: word, label: t(`health.${word}`) })),
          )}
          {many(
            'component',
            t('tickets.component'),
            COMPONENTS.map((word) => ({ value: word, label: t(`component.${word}`) })),
          )}
          {many('model', t('column.model'), named(groups?.model))}
          {many('firmware', t('column.firmware'), named(groups?.firmware))}
          {many('carrier', t('column.carrier'), named(groups?.carrier))}
        </>
      )}
      <NativeSelect
        size="xs"
        aria-label={t('list.sort')}
        value={search.sort ?? 'worst'}
        data={SORTS.map((sort) => ({ value: sort, label: t(`sort.${sort}`) }))}
        onChange={(event) =>
          set({
            sort: event.currentTarget.value === 'worst' ? undefined : event.currentTarget.value,
            descending: undefined,
          })
        }
      />
      {any && (
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconX size={14} aria-hidden />}
          onClick={() => void navigate({ search: search.sort ? { sort: search.sort } : {}, replace: true })}
        >
          {t('list.clear')}
        </Button>
      )}
    </Group>
  );
}
