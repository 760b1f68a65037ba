import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { fleetQuery, siteQuery, terminalQuery, ticketQuery } from './api/queries.ts';
import { queryClient } from './api/query-client.ts';
import { Gate } from './components/gate.tsx';
import { Shell } from './components/shell.tsx';
import { Crashed, Loading, NotFound } from './components/state.tsx';
import {
  pick,
  type ReportSearch,
  type SettingsSearch,
  type SiteSearch,
  type TerminalSearch,
  type TicketSearch,
} from './lib/search.ts';
import { Home } from './pages/home.tsx';

const root = createRootRoute({ notFoundComponent: NotFound });
// Behind the gate one is known; a merchant's page is outside, its code is its credential.
const gate = createRoute({ getParentRoute: () => root, id: 'gate', component: Gate });
const home = createRoute({ getParentRoute: () => gate, path: '/', component: Home });
const tenantRoute = createRoute({ getParentRoute: () => gate, path: '/t/$tenant', component: Shell });

const page = { pendingComponent: Loading, errorComponent: Crashed } as const;

// A page's data is asked for while its code is still on the way; the page itself waits for it, and tells what went wrong.
const fleetRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: '/',
  loader: ({ params }) => void queryClient.prefetchQuery(fleetQuery(params.tenant)),
  component: lazyRouteComponent(() => import('./pages/fleet.tsx'), 'FleetPage'),
  ...page,
});
const terminalsRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'terminals',
  validateSearch: pick<TerminalSearch>([
    'search',
    'health',
    'lifecycle',
    'site',
    'model',
    'firmware',
    'carrier',
    'component',
    'tickets',
    'link',
    'fails',
    'sort',
    'descending',
  ]),
  component: lazyRouteComponent(() => import('./pages/terminals.tsx'), 'TerminalsPage'),
  ...page,
});
const terminalRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'terminals/$terminal',
  loader: ({ params }) => void queryClient.prefetchQuery(terminalQuery(params.tenant, params.terminal)),
  component: lazyRouteComponent(() => import('./pages/terminal.tsx'), 'TerminalRoute'),
  ...page,
});
const ticketsRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'tickets',
  validateSearch: pick<TicketSearch>(['search', 'open', 'state', 'severity', 'component', 'site', 'order', 'view']),
  component: lazyRouteComponent(() => import('./pages/tickets.tsx'), 'TicketsPage'),
  ...page,
});
const ticketRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'tickets/$ticket',
  loader: ({ params }) => void queryClient.prefetchQuery(ticketQuery(params.tenant, params.ticket)),
  component: lazyRouteComponent(() => import('./pages/ticket.tsx'), 'TicketPage'),
  ...page,
});
const sitesRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'sites',
  validateSearch: pick<SiteSearch>(['search', 'sort']),
  component: lazyRouteComponent(() => import('./pages/sites.tsx'), 'SitesPage'),
  ...page,
});
const siteRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'sites/$site',
  loader: ({ params }) => void queryClient.prefetchQuery(siteQuery(params.tenant, params.site)),
  component: lazyRouteComponent(() => import('./pages/site.tsx'), 'SitePage'),
  ...page,
});
const incidentsRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'incidents',
  component: lazyRouteComponent(() => import('./pages/incidents.tsx'), 'IncidentsPage'),
  ...page,
});
const scheduleRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'schedule',
  component: lazyRouteComponent(() => import('./pages/schedule.tsx'), 'SchedulePage'),
  ...page,
});
const stockRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'stock',
  component: lazyRouteComponent(() => import('./pages/stock.tsx'), 'StockPage'),
  ...page,
});
const deadLettersRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'dead-letters',
  component: lazyRouteComponent(() => import('./pages/dead-letters.tsx'), 'DeadLettersPage'),
  ...page,
});
const settingsRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'settings',
  validateSearch: pick<SettingsSearch>(['tab']),
  component: lazyRouteComponent(() => import('./pages/settings.tsx'), 'SettingsPage'),
  ...page,
});

const rolloutsRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'rollouts',
  component: lazyRouteComponent(() => import('./pages/rollouts.tsx'), 'RolloutsPage'),
  ...page,
});
const reportsRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'reports',
  validateSearch: pick<ReportSearch>(['days']),
  component: lazyRouteComponent(() => import('./pages/reports.tsx'), 'ReportsPage'),
  ...page,
});
const qualityRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'quality',
  validateSearch: pick<ReportSearch>(['days']),
  component: lazyRouteComponent(() => import('./pages/quality.tsx'), 'QualityPage'),
  ...page,
});
// A merchant's page stands alone: without the console around it, and without a stream of the tenant's changes.
const merchantRoute = createRoute({
  getParentRoute: () => root,
  path: '/m/$code',
  component: lazyRouteComponent(() => import('./pages/merchant.tsx'), 'MerchantRoute'),
  ...page,
});

const tree = root.addChildren([
  merchantRoute,
  gate.addChildren([
    home,
    tenantRoute.addChildren([
      fleetRoute,
      terminalsRoute,
      terminalRoute,
      ticketsRoute,
      ticketRoute,
      sitesRoute,
      siteRoute,
      incidentsRoute,
      scheduleRoute,
      rolloutsRoute,
      reportsRoute,
      qualityRoute,
      stockRoute,
      deadLettersRoute,
      settingsRoute,
    ]),
  ]),
]);

export const router = createRouter({ routeTree: tree, defaultPreload: 'intent', scrollRestoration: true });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
