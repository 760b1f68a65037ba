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

/** The registry in memory: read whole at start, then by what changed. Words that many terminals share are kept once. */
export class RegistryDirectory implements Directory {
  readonly #registry: RegistryRepository;
  readonly #tenants = new Map<TenantId, Map<string, TerminalFacts>>();
  readonly #sites = new Map<string, SiteFacts>();
  readonly #words = new Map<string, string>();
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
    terminals.set(terminal.terminal, {
      site: this.#word(terminal.site),
      model: this.#word(terminal.model),
      vendor: this.#word(terminal.vendor),
      firmware: this.#word(terminal.firmware),
      carrier: this.#word(terminal.carrier),
      heartbeatS: terminal.heartbeatS,
      lifecycle: terminal.lifecycle,
      timezone: this.#word(site?.timezone ?? terminal.timezone),
      hours: site?.hours ?? null,
    });
  }

  #putSite(site: Site): void {
    const facts = { hours: site.hours ?? null, closedOn: site.closedOn ?? [], timezone: site.timezone };
    this.#sites.set(`${site.tenant}/${site.site}`, facts);
    const terminals = this.#tenants.get(site.tenant);
    if (!terminals) return;
    for (const [id, known] of terminals) {
      if (known.site === site.site) terminals.set(id, { ...known, hours: facts.hours, timezone: facts.timezone });
    }
  }

  #word<T extends string | null>(word: T): T {
    if (word === null) return word;
    const known = this.#words.get(word);
    if (known !== undefined) return known as T;
    this.#words.set(word, word);
    return word;
  }
}
