import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from './client.ts';
import type { SiteFilters, TerminalFilters, TicketFilters } from './types.ts';

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

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/status', { signal })),
  refetchInterval: (query) =>
    query.state.data?.ready && query.state.data.demo?.phase !== 'history' && query.state.data.demo?.phase !== 'judging'
      ? 15_000
      : 700,
});

export const tenantsQuery = queryOptions({
  queryKey: ['tenants'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/tenants', { signal })),
  refetchInterval: (query) => ((query.state.data?.items.length ?? 0) === 0 ? 1000 : 30_000),
});

export const fleetQuery = (tenant: string) =>
  queryOptions({
    queryKey: keys.fleet(tenant),
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tenants/{tenant}/fleet', { params: { path: { tenant } }, signal })),
    // Who waits for a first terminal waits for it alone, and may have been told of the change before the stream was open.
    refetchInterval: (query) => (query.state.data?.health.total === 0 ? 2000 : 60_000),
  });

/** Rows of a list that are fetched at once. */
const PAGE = 100;

export const terminalsQuery = (tenant: string, query: TerminalFilters) =>
  infiniteQueryOptions({
    queryKey: [...keys.terminals(tenant), query],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/api/v1/tenants/{tenant}/terminals', {
          params: { path: { tenant }, query: { ...query, limit: PAGE, offset: pageParam } },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.next === undefined ? undefined : Number(last.next)),
    placeholderData: keepPreviousData,
  });

export const terminalQuery = (tenant: string, terminal: string) =>
  queryOptions({
    queryKey: keys.terminal(tenant, terminal),
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/tenants/{tenant}/terminals/{terminal}', { params: { path: { tenant, terminal } }, signal }),
      ),
    refetchInterval: 60_000,
  });

export const seriesQuery = (
  tenant: string,
  terminal: string,
  metrics: readonly string[],
  spanMs: number,
  points: number,
) =>
  queryOptions({
    queryKey: [...keys.terminal(tenant, terminal), 'series', metrics.join(), spanMs, points],
    queryFn: ({ signal }) => {
      const to = Date.now();
      return answer(
        api.GET('/api/v1/tenants/{tenant}/terminals/{terminal}/series', {
          params: { path: { tenant, terminal }, query: { metrics: metrics.join(), from: to - spanMs, to, points } },
          signal,
        }),
      );
    },
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
  });

export const eventsQuery = (tenant: string, terminal: string, spanMs: number) =>
  queryOptions({
    queryKey: [...keys.terminal(tenant, terminal), 'events', spanMs],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/tenants/{tenant}/terminals/{terminal}/events', {
          params: { path: { tenant, terminal }, query: { from: Date.now() - spanMs, limit: 200 } },
          signal,
        }),
      ),
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
  });

export const ticketsQuery = (tenant: string, query: TicketFilters) =>
  infiniteQueryOptions({
    queryKey: [...keys.tickets(tenant), query],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/api/v1/tenants/{tenant}/tickets', {
          params: { path: { tenant }, query: { ...query, limit: PAGE, ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });

export const ticketQuery = (tenant: string, id: string) =>
  queryOptions({
    queryKey: keys.ticket(tenant, id),
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tenants/{tenant}/tickets/{id}', { params: { path: { tenant, id } }, signal })),
  });

export const sitesQuery = (tenant: string, query: SiteFilters) =>
  infiniteQueryOptions({
    queryKey: [...keys.sites(tenant), query],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/api/v1/tenants/{tenant}/sites', {
          params: { path: { tenant }, query: { ...query, limit: PAGE, offset: pageParam } },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.next === undefined ? undefined : Number(last.next)),
    placeholderData: keepPreviousData,
  });

/** Every site at once, for the map: the server answers a thousand at the most, worst first. */
export const mapQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...keys.sites(tenant), 'map'],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/tenants/{tenant}/sites', { params: { path: { tenant }, query: { limit: 1000 } }, signal }),
      ),
    staleTime: 30_000,
  });

export const siteQuery = (tenant: string, site: string) =>
  queryOptions({
    queryKey: keys.site(tenant, site),
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tenants/{tenant}/sites/{site}', { params: { path: { tenant, site } }, signal })),
  });
