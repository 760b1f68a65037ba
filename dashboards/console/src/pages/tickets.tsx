import { Badge, Button, Group, NativeSelect, SegmentedControl, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { COMPONENTS } from '../../../../contract/modes.ts';
import { TICKET_STATES } from '../../../../contract/tickets.ts';
import { ticketsQuery } from '../api/queries.ts';
import type { TicketSummary } from '../api/types.ts';
import { FilterSelect } from '../components/filter-select.tsx';
import { HealthBadge } from '../components/health.tsx';
import { Held } from '../components/held.tsx';
import { ExportButton, type ExportColumn } from '../components/plain-table.tsx';
import { Empty, Failed, Loading, PageHead } from '../components/state.tsx';
import { TicketBoard } from '../components/ticket-board.tsx';
import { useTicketTitle } from '../components/ticket-line.tsx';
import { type Column, VirtualRows } from '../components/virtual-rows.tsx';
import { When } from '../components/when.tsx';
import { number } from '../lib/format.ts';
import type { TicketSearch } from '../lib/search.ts';
import { useSteady } from '../lib/use-steady.ts';

const idOf = (ticket: TicketSummary) => ticket.id;

/** Tickets, worst first; what is asked stands in the address. */
export function TicketsPage() {
  const { t } = useTranslation();
  const { tenant } = useParams({ from: '/gate/t/$tenant/tickets' });
  const search = useSearch({ from: '/gate/t/$tenant/tickets' });
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const { open, view, ...rest } = search;
  const query = useInfiniteQuery(
    ticketsQuery(tenant, { ...rest, ...(open === 'any' ? {} : { open: open !== 'ended' }), count: true }),
  );
  const tickets = query.data?.pages.flatMap((page) => page.items) ?? [];
  const total = query.data?.pages[0]?.total ?? tickets.length;
  const steady = useSteady(tickets, idOf, JSON.stringify(search));
  const { fetchNextPage, isFetchingNextPage, hasNextPage } = query;
  const more = useCallback(() => {
    if (!isFetchingNextPage && hasNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage, hasNextPage]);
  const columns = useColumns();
  const plain = Object.keys(search).every((key) => key === 'view');
  return (
    <>
      <PageHead
        title={t('tickets.title')}
        note={
          query.data && (
            <>
              {t('list.showing', { total: number(total) })} · {t('when.updated', { when: '' })}
              <When at={query.dataUpdatedAt} />
            </>
          )
        }
      >
        <Group gap="xs">
          <Held count={steady.held} show={steady.show} />
          <ExportButton name="tickets" items={tickets} columns={EXPORTED} />
          <ViewSwitch search={search} />
        </Group>
      </PageHead>
      <Filters search={search} />
      {query.error && !query.data ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Loading />
      ) : tickets.length === 0 ? (
        <Empty>{t(plain ? 'tickets.noneOpen' : 'tickets.none')}</Empty>
      ) : view === 'board' ? (
        <section aria-label={t('tickets.board')} {...steady.reading}>
          <TicketBoard tenant={tenant} tickets={steady.items} />
          {hasNextPage && (
            <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={more}>
              {t('list.more')}
            </Button>
          )}
        </section>
      ) : (
        <VirtualRows
          items={steady.items}
          columns={columns}
          total={total}
          label={t('tickets.title')}
          rowHeight={44}
          narrowHeight={84}
          narrow={narrow ? (ticket) => <NarrowTicket ticket={ticket} /> : null}
          idOf={idOf}
          more={more}
          reading={steady.reading}
          row={(ticket, props) => (
            <Link key={ticket.id} to="/t/$tenant/tickets/$ticket" params={{ tenant, ticket: ticket.id }} {...props} />
          )}
        />
      )}
    </>
  );
}

const WORDS = [
  'id',
  'kind',
  'severity',
  'state',
  'title',
  'terminal',
  'site',
  'component',
  'mode',
  'waitingFor',
  'provider',
] as const;
const TIMES = ['openedAt', 'updatedAt', 'closedAt'] as const;
const EXPORTED: readonly ExportColumn<TicketSummary>[] = [
  ...WORDS.map((head) => ({ head, text: (ticket: TicketSummary) => ticket[head] })),
  ...TIMES.map((head) => ({ head, text: (ticket: TicketSummary) => isoOf(ticket[head]) })),
];

function isoOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

function ViewSwitch({ search }: { search: TicketSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: '/t/$tenant/tickets' });
  return (
    <SegmentedControl
      size="xs"
      aria-label={`${t('tickets.list')} / ${t('tickets.board')}`}
      value={search.view ?? 'list'}
      onChange={(value) => {
        const { view: _view, ...rest } = search;
        void navigate({ search: value === 'board' ? { ...rest, view: 'board' } : rest, replace: true });
      }}
      data={[
        { value: 'list', label: t('tickets.list') },
        { value: 'board', label: t('tickets.board') },
      ]}
    />
  );
}

function useColumns(): Column<TicketSummary>[] {
  const { t } = useTranslation();
  const title = useTicketTitle();
  return [
    {
      key: 'severity',
      head: t('tickets.severity'),
      width: '104px',
      cell: (ticket) => <HealthBadge health={ticket.severity} />,
    },
    { key: 'id', head: '№', width: '96px', cell: (ticket) => <span className="id">{ticket.id}</span> },
    { key: 'title', head: t('column.finding'), width: 'minmax(160px, 2fr)', cell: (ticket) => title(ticket) },
    {
      key: 'subject',
      head: t('column.terminal'),
      width: 'minmax(110px, 1.1fr)',
      cell: (ticket) =>
        ticket.terminal ?? `${t(`scope.${ticket.scope}`)} ${ticket.subject} (${number(ticket.members.length)})`,
    },
    { key: 'site', head: t('column.site'), width: 'minmax(80px, 1fr)', cell: (ticket) => ticket.site ?? '' },
    {
      key: 'state',
      head: t('tickets.state'),
      width: '118px',
      cell: (ticket) => (
        <Badge variant="default" tt="none">
          {t(`state.${ticket.state}`)}
        </Badge>
      ),
    },
    {
      key: 'waiting',
      head: t('tickets.waitingFor'),
      width: '96px',
      cell: (ticket) => (ticket.waitingFor ? t(`waiting.${ticket.waitingFor}`) : ''),
    },
    {
      key: 'fails',
      head: t('column.fails'),
      width: '104px',
      cell: (ticket) => (ticket.failsAt === null ? '' : <When at={ticket.failsAt} />),
    },
    {
      key: 'opened',
      head: t('tickets.opened'),
      width: '110px',
      end: true,
      cell: (ticket) => <When at={ticket.openedAt} />,
    },
  ];
}

function NarrowTicket({ ticket }: { ticket: TicketSummary }) {
  const { t } = useTranslation();
  const title = useTicketTitle();
  return (
    <>
      <span style={{ display: 'flex', gap: 8, alignItems: 'baseline' }}>
        <HealthBadge health={ticket.severity} />
        <span className="id cell">{ticket.id}</span>
        <Badge variant="default" tt="none" className="pushed">
          {t(`state.${ticket.state}`)}
        </Badge>
      </span>
      <span className="cell" style={{ display: 'block', marginTop: 3 }}>
        {title(ticket)}
      </span>
      <Text span size="xs" className="muted cell" display="block">
        {ticket.terminal ?? ticket.subject} · {ticket.site} · <When at={ticket.openedAt} />
      </Text>
    </>
  );
}

function Filters({ search }: { search: TicketSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: '/t/$tenant/tickets' });
  const set = (change: Partial<Record<keyof TicketSearch, string | undefined>>) =>
    void navigate({ search: (before) => ({ ...before, ...change }) as TicketSearch, replace: true });
  const [text, setText] = useState(search.search ?? '');
  useEffect(() => setText(search.search ?? ''), [search.search]);
  const ask = useDebouncedCallback((value: string) => set({ search: value || undefined }), 250);
  const many = (name: 'state' | 'severity' | 'component', label: string, data: { value: string; label: string }[]) => (
    <FilterSelect
      label={label}
      data={data}
      value={search[name]}
      onChange={(value) => set({ [name]: value })}
      style={{ flex: '1 1 100px', minWidth: 100, maxWidth: 220 }}
    />
  );
  return (
    <Group gap="xs" mb="sm" align="flex-start" role="search">
      <TextInput
        size="xs"
        type="search"
        style={{ flex: '1 1 200px', maxWidth: 340 }}
        aria-label={t('list.search')}
        placeholder={t('tickets.searchHint')}
        leftSection={<IconSearch size={15} aria-hidden />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          ask(event.currentTarget.value);
        }}
      />
      <SegmentedControl
        size="xs"
        aria-label={t('tickets.state')}
        value={search.open ?? 'open'}
        onChange={(value) => set({ open: value === 'open' ? undefined : value })}
        data={[
          { value: 'open', label: t('tickets.open') },
          { value: 'ended', label: t('tickets.ended') },
          { value: 'any', label: t('tickets.any') },
        ]}
      />
      {many(
        'severity',
        t('tickets.severity'),
        (['critical', 'warning', 'watch'] as const).map((value) => ({ value, label: t(`health.${value}`) })),
      )}
      {many(
        'state',
        t('tickets.state'),
        TICKET_STATES.map((value) => ({ value, label: t(`state.${value}`) })),
      )}
      {many(
        'component',
        t('tickets.component'),
        COMPONENTS.map((value) => ({ value, label: t(`component.${value}`) })),
      )}
      <NativeSelect
        size="xs"
        aria-label={t('tickets.order')}
        value={search.order ?? 'worst'}
        data={(['worst', 'newest', 'updated'] as const).map((value) => ({
          value,
          label: t(`tickets.orders.${value}`),
        }))}
        onChange={(event) =>
          set({ order: event.currentTarget.value === 'worst' ? undefined : event.currentTarget.value })
        }
      />
      {Object.keys(search).some((key) => key !== 'view') && (
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconX size={14} aria-hidden />}
          onClick={() => void navigate({ search: {}, replace: true })}
        >
          {t('list.clear')}
        </Button>
      )}
    </Group>
  );
}
