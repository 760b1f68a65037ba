import type { TicketSummary } from '../../contract/tickets.ts';
import { type FleetModel, worstFinding } from './fleet-model.ts';
import { findingView, Tally } from './fleet-overview.ts';
import { type TerminalLister, terminalRow } from './terminal-list.ts';
import type { SiteView } from './terminal-views.ts';
import type { TicketBook } from './ticket-book.ts';
import { ticketView } from './ticket-view.ts';
import type { Group } from './views.ts';
import { LIFECYCLES } from './words.ts';

const WEEK = 7 * 86_400_000;
const RETIRED = LIFECYCLES.indexOf('retired');
const NOBODY = { total: 0, critical: 0, warning: 0, watch: 0, silent: 0, unknown: 0, healthy: 0 };

/** Every site with what its terminals are like, the worst share first; sites without terminals last. */
export function siteList(fleet: FleetModel, tickets: TicketBook, now: number): SiteView[] {
  const c = fleet.columns;
  const tally = new Tally(fleet.site);
  for (let row = 0; row < fleet.size; row++) {
    if (c.lifecycle[row] === RETIRED) continue;
    tally.count(
      c.site[row]!,
      c.health[row]!,
      c.link[row] === 2,
      c.failsAt[row]! > now && c.failsAt[row]! <= now + WEEK,
    );
  }
  const counted = tally.groups(() => null, fleet.site.size);
  const seen = new Set(counted.map((group) => group.key));
  const empty: Group[] = [...fleet.sites.keys()]
    .filter((site) => !seen.has(site))
    .map((key) => ({ key, name: null, health: NOBODY, offline: 0, failing: 0 }));
  return [...counted, ...empty].map((group) => siteView(fleet, group, tickets.countOfSite(group.key)));
}

/** One site with its terminals, worst first, and what is wrong with it as a whole; undefined for one never heard of. */
export function sitePage(
  fleet: FleetModel,
  lister: TerminalLister,
  tickets: TicketBook,
  site: string,
  now: number,
  follows: (ticket: TicketSummary) => boolean,
) {
  const view = siteList(fleet, tickets, now).find((one) => one.site === site);
  if (!view) return undefined;
  const { rows } = lister.list({ sort: 'worst', descending: false, site: [site], offset: 0, limit: 500 }, now);
  return {
    at: now,
    site: view,
    terminals: rows.map((row) => terminalRow(fleet, row)),
    findings: [...fleet.standing()]
      .filter((finding) => finding.scope === 'site' && finding.subject === site)
      .sort(worstFinding)
      .map(findingView),
    tickets: tickets.ofSite(site).filter(follows).map(ticketView),
  };
}

function siteView(fleet: FleetModel, group: Group, openTickets: number): SiteView {
  const site = fleet.sites.get(group.key);
  return {
    site: group.key,
    name: site?.name ?? group.key,
    timezone: site?.timezone ?? null,
    region: site?.region ?? null,
    address: site?.address ?? null,
    contact: site?.contact ?? null,
    lat: site?.lat ?? null,
    lon: site?.lon ?? null,
    hours: site?.hours ? [...site.hours] : null,
    group: { ...group, name: site?.name ?? null },
    openTickets,
  };
}
