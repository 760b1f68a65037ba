import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getJson, type Query, seg } from './client.ts';
import type {
  EventView,
  FleetView,
  Page,
  PlatformStatus,
  SeriesAnswer,
  SitePage,
  SiteView,
  TenantRow,
  TerminalPage,
  TerminalRow,
  TicketAnswer,
  TicketSummary,
} from './types.ts';

/** Query keys begin with tenant and kind, so that the live stream can say what is stale. */
export const keys = {
  fleet: (tenant: string) => [tenant, 'fleet'] as const,
  terminals: (tenant: string) => [tenant, 'terminals'] as const,
  terminal: (tenant: string, id: string) => [tenant, 'terminal', id] as const,
  tickets: (tenant: string) => [tenant, 'tickets'] as const,
  ticket: (tenant: string, id: string) => [tenant, 'ticket', id] as const,
  sites: (tenant: string) => [tenant, 'sites'] as const,
  site: (tenant: string, id: string) => [tenant, 'site', id] as const,
};

const at = (tenant: string) => `/tenants/${seg(tenant)}`;

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => getJson<PlatformStatus>('/status', {}, signal),
  refetchInterval: (query) => (query.state.data?.ready && query.state.data.demo?.phase !== 'history' ? 15_000 : 700),
});

export const tenantsQuery = queryOptions({
  queryKey: ['tenants'],
  queryFn: ({ signal }) => getJson<Page<TenantRow>>('/tenants', {}, signal),
  refetchInterval: (query) => ((query.state.data?.items.length ?? 0) === 0 ? 1000 : 30_000),
});

export const fleetQuery = (tenant: string) =>
  queryOptions({
    queryKey: keys.fleet(tenant),
    queryFn: ({ signal }) => getJson<FleetView>(`${at(tenant)}/fleet`, {}, signal),
    refetchInterval: 60_000,
  });

export const PAGE = 100;

export const terminalsQuery = (tenant: string, query: Query) =>
  infiniteQueryOptions({
    queryKey: [...keys.terminals(tenant), query],
    queryFn: ({ pageParam, signal }) =>
      getJson<Page<TerminalRow>>(`${at(tenant)}/terminals`, { ...query, limit: PAGE, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.next === undefined ? undefined : Number(last.next)),
    placeholderData: keepPreviousData,
  });

export const terminalQuery = (tenant: string, id: string) =>
  queryOptions({
    queryKey: keys.terminal(tenant, id),
    queryFn: ({ signal }) => getJson<TerminalPage>(`${at(tenant)}/terminals/${seg(id)}`, {}, signal),
    refetchInterval: 60_000,
  });

export const seriesQuery = (tenant: string, id: string, metrics: readonly string[], spanMs: number, points: number) =>
  queryOptions({
    queryKey: [...keys.terminal(tenant, id), 'series', metrics.join(), spanMs, points],
    queryFn: ({ signal }) => {
      const to = Date.now();
      return getJson<SeriesAnswer>(
        `${at(tenant)}/terminals/${seg(id)}/series`,
        { metrics: metrics.join(), from: to - spanMs, to, points },
        signal,
      );
    },
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
  });

export const eventsQuery = (tenant: string, id: string, spanMs: number) =>
  queryOptions({
    queryKey: [...keys.terminal(tenant, id), 'events', spanMs],
    queryFn: ({ signal }) =>
      getJson<Page<EventView>>(
        `${at(tenant)}/terminals/${seg(id)}/events`,
        { from: Date.now() - spanMs, limit: 200 },
        signal,
      ),
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
  });

export const ticketsQuery = (tenant: string, query: Query) =>
  infiniteQueryOptions({
    queryKey: [...keys.tickets(tenant), query],
    queryFn: ({ pageParam, signal }) =>
      getJson<Page<TicketSummary>>(
        `${at(tenant)}/tickets`,
        { ...query, limit: PAGE, ...(pageParam ? { after: pageParam } : {}) },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });

export const ticketQuery = (tenant: string, id: string) =>
  queryOptions({
    queryKey: keys.ticket(tenant, id),
    queryFn: ({ signal }) => getJson<TicketAnswer>(`${at(tenant)}/tickets/${seg(id)}`, {}, signal),
  });

export const sitesQuery = (tenant: string, query: Query) =>
  infiniteQueryOptions({
    queryKey: [...keys.sites(tenant), query],
    queryFn: ({ pageParam, signal }) =>
      getJson<Page<SiteView>>(`${at(tenant)}/sites`, { ...query, limit: PAGE, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.next === undefined ? undefined : Number(last.next)),
    placeholderData: keepPreviousData,
  });

export const siteQuery = (tenant: string, id: string) =>
  queryOptions({
    queryKey: keys.site(tenant, id),
    queryFn: ({ signal }) => getJson<SitePage>(`${at(tenant)}/sites/${seg(id)}`, {}, signal),
  });
