import type { Clock } from '../../contract/ports/clock.ts';
import type { RegistryRepository } from '../../contract/ports/registry.ts';
import type { DocumentShelf } from '../../contract/ports/shelf.ts';
import type { TicketRepository } from '../../contract/ports/tickets.ts';
import type { Principal } from '../../contract/principal.ts';
import type { Estimate } from '../../contract/ticket-parts.ts';
import type { Ticket } from '../../contract/tickets.ts';
import type { TenantId } from '../../contract/topics.ts';
import { caseOf, type EtaAccuracy, type EtaModel, etaAccuracy, learnEta, learnedEstimate } from '../core/eta-model.ts';
import type { Policy } from '../core/policy.ts';
import { assign, type Load, type Provider } from '../core/providers.ts';
import { contractFor, type ServiceContract, withContract } from '../core/service-levels.ts';
import { type Thresholds, thresholdsOf, withThresholds } from '../core/thresholds.ts';
import type { TicketEvent } from '../core/ticket-events.ts';

/** Somebody who may work for a provider. */
export type Person = Pick<Principal, 'name' | 'provider'>;

export interface OfficeDeps {
  readonly clock: Clock;
  readonly shelf: DocumentShelf;
  readonly tickets: TicketRepository;
  readonly registry: Pick<RegistryRepository, 'sites' | 'tenants'>;
}

const KIND = 'provider';
const CONTRACT = 'contract';
const THRESHOLDS = 'thresholds';
/** Ended tickets that are learned from, newest first. */
const LEARNED = 3_000;
const HANDS_ON = new Set(['onsite', 'mail_in', 'replacement']);

/** What the desk knows by heart: providers, who has how much to do, regions of sites, and how long repairs take. */
export class Office {
  readonly #deps: OfficeDeps;
  readonly #providers = new Map<TenantId, Map<string, Provider>>();
  readonly #regions = new Map<string, string | null>();
  readonly #held = new Map<string, { tenant: TenantId; provider: string; technician: string | null }>();
  readonly #open = new Map<TenantId, Map<string, number>>();
  readonly #models = new Map<TenantId, EtaModel>();
  readonly #accuracy = new Map<TenantId, EtaAccuracy>();
  readonly #marks = new Map<TenantId, Map<string, number>>();
  readonly #thresholds = new Map<TenantId, Thresholds>();
  readonly #contracts = new Map<TenantId, Map<string, ServiceContract>>();

  constructor(deps: OfficeDeps) {
    this.#deps = deps;
  }

  /** Reads what other processes may have changed. */
  async reload(): Promise<void> {
    for (const { tenant, body } of await this.#deps.shelf.all(KIND)) this.#keep(tenant, body as Provider);
    for (const { tenant, body } of await this.#deps.shelf.all(THRESHOLDS))
      this.#thresholds.set(tenant, body as Thresholds);
    for (const { tenant, body } of await this.#deps.shelf.all(CONTRACT)) this.#agree(tenant, body as ServiceContract);
  }

  async start(): Promise<void> {
    await this.reload();
    for (const { tenant, id, provider, technician } of await this.#deps.tickets.assigned()) {
      this.#hold(`${tenant}/${id}`, { tenant, provider, technician });
    }
    await this.learn();
  }

  providers(tenant: TenantId): readonly Provider[] {
    return [...(this.#providers.get(tenant)?.values() ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async putProvider(tenant: TenantId, provider: Provider): Promise<void> {
    await this.#deps.shelf.put(tenant, KIND, provider.id, provider, this.#deps.clock.now());
    this.#keep(tenant, provider);
  }

  #keep(tenant: TenantId, provider: Provider): void {
    const known = this.#providers.get(tenant) ?? new Map<string, Provider>();
    this.#providers.set(tenant, known.set(provider.id, provider));
  }

  contracts(tenant: TenantId): readonly ServiceContract[] {
    return [...(this.#contracts.get(tenant)?.values() ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async putContract(tenant: TenantId, contract: ServiceContract): Promise<void> {
    await this.#deps.shelf.put(tenant, CONTRACT, contract.id, contract, this.#deps.clock.now());
    this.#agree(tenant, contract);
  }

  #agree(tenant: TenantId, contract: ServiceContract): void {
    const known = this.#contracts.get(tenant) ?? new Map<string, ServiceContract>();
    this.#contracts.set(tenant, known.set(contract.id, contract));
  }

  /** What the tenant has set, else the platform's own. */
  thresholds(policy: Policy, tenant: TenantId): Thresholds {
    return this.#thresholds.get(tenant) ?? thresholdsOf(policy);
  }

  async putThresholds(tenant: TenantId, set: Thresholds): Promise<void> {
    await this.#deps.shelf.put(tenant, THRESHOLDS, 'all', set, this.#deps.clock.now());
    this.#thresholds.set(tenant, set);
  }

  /** The rules that hold for a tenant, whatever the site. */
  rulesOf(policy: Policy, tenant: TenantId): Policy {
    return withThresholds(policy, this.#thresholds.get(tenant));
  }

  /** The rules that hold for a site's tickets: the tenant's, and its contract's times where it has one. */
  policyFor(policy: Policy, tenant: TenantId, site: string | null): Policy {
    const rules = this.rulesOf(policy, tenant);
    if (!this.#contracts.has(tenant)) return rules;
    return withContract(rules, contractFor(this.contracts(tenant), site, this.regionOf({ tenant, site })));
  }

  /** The organisation that a person's account names, or that lists the person among its people; an organisation may sign in by its own id. */
  providerOf(tenant: TenantId, { name, provider: named }: Person): string | null {
    if (named) return named;
    const all = this.#providers.get(tenant);
    if (all?.has(name)) return name;
    for (const provider of all?.values() ?? []) if (provider.people.includes(name)) return provider.id;
    return null;
  }

  /** Keeps count of who has what; called with every ticket stored. */
  stored(tickets: readonly Ticket[]): void {
    for (const ticket of tickets) {
      const key = `${ticket.tenant}/${ticket.id}`;
      this.#release(key);
      if (ticket.open && ticket.provider) {
        this.#hold(key, { tenant: ticket.tenant, provider: ticket.provider, technician: ticket.technician });
      }
    }
  }

  #hold(key: string, held: { tenant: TenantId; provider: string; technician: string | null }): void {
    this.#held.set(key, held);
    this.#count(held, 1);
  }

  #release(key: string): void {
    const held = this.#held.get(key);
    if (!held) return;
    this.#held.delete(key);
    this.#count(held, -1);
  }

  #count(
    { tenant, provider, technician }: { tenant: TenantId; provider: string; technician: string | null },
    by: number,
  ): void {
    const counts = this.#open.get(tenant) ?? new Map<string, number>();
    this.#open.set(tenant, counts);
    counts.set(provider, (counts.get(provider) ?? 0) + by);
    if (technician) counts.set(`${provider}/${technician}`, (counts.get(`${provider}/${technician}`) ?? 0) + by);
  }

  load(tenant: TenantId): Load {
    const counts = this.#open.get(tenant) ?? new Map<string, number>();
    return { open: counts, byTechnician: counts, marks: this.#marks.get(tenant) ?? new Map() };
  }

  /** Assigns a ticket that is ready for hands and has none. */
  follow(ticket: Ticket): TicketEvent | undefined {
    if (ticket.state !== 'preparation' || ticket.provider || !HANDS_ON.has(ticket.decision?.method ?? ''))
      return undefined;
    // What was escalated to the operator is the desk's to give away, until the complaint is settled.
    if (ticket.complaints.some((one) => one.escalatedTo === 'operator' && one.settledAt === null)) return undefined;
    const chosen = assign(
      ticket,
      this.regionOf(ticket),
      this.providers(ticket.tenant),
      this.load(ticket.tenant),
      this.#deps.clock.now(),
    );
    if (!chosen.ok) return undefined;
    return {
      type: 'assign',
      provider: chosen.provider,
      ...(chosen.technician ? { technician: chosen.technician } : {}),
      why: chosen.why,
    };
  }

  /** Why a ticket was, or was not, given to somebody: the same reasoning, for a page. */
  explain(ticket: Ticket): string {
    const chosen = assign(
      ticket,
      this.regionOf(ticket),
      this.providers(ticket.tenant),
      this.load(ticket.tenant),
      this.#deps.clock.now(),
    );
    return chosen.ok ? `${chosen.provider}: ${chosen.why}` : chosen.why;
  }

  regionOf(ticket: Pick<Ticket, 'tenant' | 'site'>): string | null {
    return ticket.site === null ? null : (this.#regions.get(`${ticket.tenant}/${ticket.site}`) ?? null);
  }

  estimate(ticket: Ticket, now: number): Estimate | null {
    const provider = ticket.provider ? this.#providers.get(ticket.tenant)?.get(ticket.provider) : undefined;
    const queue = provider && {
      ahead: Math.max(0, (this.#open.get(ticket.tenant)?.get(provider.id) ?? 0) - 1),
      perDay: Math.max(1, provider.minutesPerDay / 60),
    };
    return learnedEstimate(this.#models.get(ticket.tenant), ticket, this.regionOf(ticket), queue, now);
  }

  accuracy(tenant: TenantId): EtaAccuracy {
    return this.#accuracy.get(tenant) ?? etaAccuracy([]);
  }

  /** Learns anew from the tickets that ended last, for every tenant. */
  async learn(): Promise<void> {
    for (const tenant of await this.#deps.registry.tenants()) {
      for (const site of await this.#deps.registry.sites(tenant))
        this.#regions.set(`${tenant}/${site.site}`, site.region ?? null);
      const ended = await this.#ended(tenant);
      const cases = ended.flatMap((ticket) => caseOf(ticket, this.regionOf(ticket)) ?? []);
      this.#models.set(tenant, learnEta(cases));
      this.#accuracy.set(tenant, etaAccuracy(ended));
      this.#marks.set(tenant, marksOf(ended));
    }
  }

  async #ended(tenant: TenantId): Promise<readonly Ticket[]> {
    const out: Ticket[] = [];
    let after: string | undefined;
    do {
      const page = await this.#deps.tickets.list(tenant, {
        open: false,
        kind: ['fault'],
        order: 'updated',
        limit: 500,
        ...(after ? { after } : {}),
      });
      out.push(
        ...(await this.#deps.tickets.load(
          tenant,
          page.items.map((ticket) => ticket.id),
        )),
      );
      after = page.next;
    } while (after && out.length < LEARNED);
    return out;
  }
}

function marksOf(tickets: readonly Ticket[]): Map<string, number> {
  const sums = new Map<string, { n: number; sum: number }>();
  for (const { provider, feedback } of tickets) {
    if (!provider || !feedback) continue;
    const known = sums.get(provider) ?? { n: 0, sum: 0 };
    sums.set(provider, { n: known.n + 1, sum: known.sum + (feedback.attitude + feedback.speed + feedback.result) / 3 });
  }
  return new Map([...sums].map(([provider, { n, sum }]) => [provider, sum / n]));
}
