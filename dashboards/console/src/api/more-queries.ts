import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api } from './client.ts';
import type { operations } from './schema.gen.ts';

type LetterFilters = NonNullable<operations['listDeadLetters']['parameters']['query']>;

export const deadLettersQuery = (tenant: string, query: LetterFilters) =>
  infiniteQueryOptions({
    queryKey: [tenant, 'dead-letters', query],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/api/v1/tenants/{tenant}/dead-letters', {
          params: { path: { tenant }, query: { ...query, limit: 100, ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });

export const commandsQuery = (tenant: string, terminal: string) =>
  queryOptions({
    queryKey: [tenant, 'terminal', terminal, 'commands'],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/tenants/{tenant}/terminals/{terminal}/commands', {
          params: { path: { tenant, terminal } },
          signal,
        }),
      ),
    // An answer comes by itself some seconds after a command: it is looked for while one is out.
    refetchInterval: (query) => (query.state.data?.items.some((one) => one.state === 'sent') ? 2000 : 30_000),
  });

export const historyQuery = (tenant: string, terminal: string) =>
  queryOptions({
    queryKey: [tenant, 'terminal', terminal, 'history'],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/tenants/{tenant}/terminals/{terminal}/history', {
          params: { path: { tenant, terminal } },
          signal,
        }),
      ),
  });

export const incidentsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [tenant, 'incidents'],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/tenants/{tenant}/incidents', { params: { path: { tenant }, query: { limit: 500 } }, signal }),
      ),
    refetchInterval: 10_000,
  });

export const holdsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [tenant, 'holds'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tenants/{tenant}/holds', { params: { path: { tenant }, query: {} }, signal })),
  });

export const providersQuery = (tenant: string) =>
  queryOptions({
    queryKey: [tenant, 'providers'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tenants/{tenant}/providers', { params: { path: { tenant } }, signal })),
  });

export const plansQuery = (tenant: string) =>
  queryOptions({
    queryKey: [tenant, 'plans'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tenants/{tenant}/plans', { params: { path: { tenant } }, signal })),
  });

export const checksQuery = (tenant: string, days: number) =>
  queryOptions({
    queryKey: [tenant, 'checks', days],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tenants/{tenant}/checks', { params: { path: { tenant }, query: { days } }, signal })),
  });

export const roundsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [tenant, 'rounds'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tenants/{tenant}/rounds', { params: { path: { tenant }, query: {} }, signal })),
  });

export const partsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [tenant, 'parts'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tenants/{tenant}/parts', { params: { path: { tenant } }, signal })),
  });

export const needsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [tenant, 'parts', 'needs'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tenants/{tenant}/parts/needs', { params: { path: { tenant }, query: {} }, signal })),
  });

export const assetsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [tenant, 'assets'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tenants/{tenant}/assets', { params: { path: { tenant }, query: {} }, signal })),
  });

export const rolloutsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [tenant, 'rollouts'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tenants/{tenant}/rollouts', { params: { path: { tenant } }, signal })),
    // A rollout moves by itself while it runs.
    refetchInterval: (query) => (query.state.data?.items.some((one) => one.state === 'running') ? 5000 : 30_000),
  });

export const statisticsQuery = (tenant: string, days: number) =>
  queryOptions({
    queryKey: [tenant, 'statistics', days],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tenants/{tenant}/statistics', { params: { path: { tenant }, query: { days } }, signal })),
    placeholderData: keepPreviousData,
  });

export const routesQuery = (tenant: string) =>
  queryOptions({
    queryKey: [tenant, 'notice-routes'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tenants/{tenant}/notice-routes', { params: { path: { tenant } }, signal })),
  });

export const merchantQuery = (code: string) =>
  queryOptions({
    queryKey: ['merchant', code],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/merchant/{code}', { params: { path: { code } }, signal })),
    // There is no event stream for a merchant: the page asks.
    refetchInterval: 15_000,
  });

const DAY_MS = 86_400_000;

export const qualityQuery = (tenant: string, days: number) =>
  queryOptions({
    queryKey: [tenant, 'model-quality', days],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/v1/tenants/{tenant}/model-quality', {
          params: { path: { tenant }, query: { from: Date.now() - days * DAY_MS } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/users', { signal })),
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/tokens', { signal })),
});

export const thresholdsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [tenant, 'thresholds'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tenants/{tenant}/thresholds', { params: { path: { tenant } }, signal })),
  });

export const contractsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [tenant, 'contracts'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tenants/{tenant}/service-contracts', { params: { path: { tenant } }, signal })),
  });

export const custodyQuery = (tenant: string, asset: string) =>
  queryOptions({
    queryKey: [tenant, 'assets', asset],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/tenants/{tenant}/assets/{asset}', { params: { path: { tenant, asset } }, signal })),
  });

export const auditQuery = queryOptions({
  queryKey: ['audit'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/audit', { params: { query: { limit: 200 } }, signal })),
});
