import type { Directory, TerminalFacts } from '../../contract/ports/directory.ts';
import type { RegistryRepository } from '../../contract/ports/registry.ts';
import type { DayHours, Site, Terminal } from '../../contract/registry.ts';
import type { TenantId } from '../../contract/topics.ts';

const PAGE = 5_000;

interface SiteFacts {
  readonly hours: readonly (DayHours | null)[] | null;
  readonly closedOn: readonly string[];
  readonly timezone: string;
}

/** The registry in memory: read whole at start, then by what changed. Terminals of which the same is known share one object. */
export class RegistryDirectory implements Directory {
  readonly #registry: RegistryRepository;
  readonly #tenants = new Map<TenantId, Map<string, TerminalFacts>>();
  readonly #sites = new Map<string, SiteFacts>();
  readonly #shared = new Map<string, TerminalFacts>();
  #revision = 0;

  constructor(registry: RegistryRepository) {
    this.#registry = registry;
  }

  facts(tenant: TenantId, terminal: string): TerminalFacts | undefined {
    return this.#tenants.get(tenant)?.get(terminal);
  }

  /** Days on which a terminal's site is closed, ISO dates. */
  closedOn(tenant: TenantId, site: string | null): readonly string[] {
    return site === null ? [] : (this.#sites.get(`${tenant}/${site}`)?.closedOn ?? []);
  }

  /** Takes in what the tables changed since the last time. */
  async refresh(): Promise<void> {
    for (;;) {
      const { revision, terminals, sites } = await this.#registry.changes(this.#revision, PAGE);
      for (const site of sites) this.#putSite(site);
      for (const terminal of terminals) this.put(terminal);
      if (revision <= this.#revision) return;
      this.#revision = revision;
    }
  }

  put(terminal: Terminal): void {
    let terminals = this.#tenants.get(terminal.tenant);
    if (!terminals) this.#tenants.set(terminal.tenant, (terminals = new Map()));
    const site = terminal.site === null ? undefined : this.#sites.get(`${terminal.tenant}/${terminal.site}`);
    const { site: place, model, vendor, firmware, carrier, heartbeatS, lifecycle } = terminal;
    const timezone = site?.timezone ?? terminal.timezone;
    const hours = site?.hours ?? null;
    const facts = { site: place, model, vendor, firmware, carrier, heartbeatS, lifecycle, timezone, hours };
    terminals.set(terminal.terminal, this.#share(terminal.tenant, facts));
  }

  #putSite(site: Site): void {
    const facts = { hours: site.hours ?? null, closedOn: site.closedOn ?? [], timezone: site.timezone };
    this.#sites.set(`${site.tenant}/${site.site}`, facts);
    const terminals = this.#tenants.get(site.tenant);
    if (!terminals) return;
    for (const [id, known] of terminals) {
      if (known.site !== site.site) continue;
      terminals.set(id, this.#share(site.tenant, { ...known, hours: facts.hours, timezone: facts.timezone }));
    }
  }

  /** What is known, from where others know it too. Kept for good: a fleet has few sites, models and versions beside its terminals. */
  #share(tenant: TenantId, facts: TerminalFacts): TerminalFacts {
    const key = `${tenant}${JSON.stringify(facts)}`;
    const known = this.#shared.get(key);
    if (known) return known;
    this.#shared.set(key, facts);
    return facts;
  }
}
