import type { Clock } from '../../contract/ports/clock.ts';
import type { DocumentShelf } from '../../contract/ports/shelf.ts';
import type { TicketRepository } from '../../contract/ports/tickets.ts';
import type { TenantId } from '../../contract/topics.ts';

/** Who is called when a site can sell no more, and what it does meanwhile. */
export interface EmergencyPlan {
  readonly contacts: readonly { readonly name: string; readonly phone: string; readonly role: string }[];
  /** Where spare terminals are. */
  readonly spares: string;
  /** How the site sells without the network or without terminals. */
  readonly offlineSelling: string;
  readonly notes: string;
  readonly reviewedAt: number;
  readonly reviewedBy: string;
}

/** A training of a site's staff: entered by hand, or recorded with a ticket. */
export interface SiteTraining {
  readonly at: number;
  readonly who: string;
  readonly what: string;
  readonly by: string;
  readonly ticket: string | null;
}

export interface SiteCare {
  readonly site: string;
  readonly emergency: EmergencyPlan | null;
  /** True where there is no plan, or nobody has looked at it for a year. */
  readonly emergencyDue: boolean;
  readonly trainings: readonly SiteTraining[];
  /** True where nobody was trained within a year. */
  readonly trainingDue: boolean;
}

const PLAN = 'site_emergency';
const TRAININGS = 'site_training';
const YEAR = 366 * 86_400_000;
/** Tickets of a site whose training records are looked at, newest first. */
const LOOKED_AT = 300;

/** The emergency plan and the trainings of each site. */
export class SiteCareBook {
  readonly #clock: Clock;
  readonly #shelf: DocumentShelf;
  readonly #tickets: TicketRepository;

  constructor(deps: { readonly clock: Clock; readonly shelf: DocumentShelf; readonly tickets: TicketRepository }) {
    this.#clock = deps.clock;
    this.#shelf = deps.shelf;
    this.#tickets = deps.tickets;
  }

  async of(tenant: TenantId, site: string): Promise<SiteCare> {
    const now = this.#clock.now();
    const emergency = await this.emergency(tenant, site);
    const kept = ((await this.#shelf.get(tenant, TRAININGS, site)) as readonly SiteTraining[] | undefined) ?? [];
    const trainings = [...kept, ...(await this.#ofTickets(tenant, site))].sort((a, b) => b.at - a.at);
    return {
      site,
      emergency,
      emergencyDue: !emergency || now - emergency.reviewedAt > YEAR,
      trainings,
      trainingDue: !trainings[0] || now - trainings[0].at > YEAR,
    };
  }

  async emergency(tenant: TenantId, site: string): Promise<EmergencyPlan | null> {
    return ((await this.#shelf.get(tenant, PLAN, site)) as EmergencyPlan | undefined) ?? null;
  }

  async #ofTickets(tenant: TenantId, site: string): Promise<readonly SiteTraining[]> {
    const page = await this.#tickets.list(tenant, { site: [site], order: 'newest', limit: LOOKED_AT });
    const tickets = await this.#tickets.load(
      tenant,
      page.items.map((ticket) => ticket.id),
    );
    return tickets.flatMap(({ id, training, provider }) =>
      training?.at && training.who && training.what
        ? [{ at: training.at, who: training.who, what: training.what, by: provider ?? 'desk', ticket: id }]
        : [],
    );
  }

  async putEmergency(
    tenant: TenantId,
    site: string,
    plan: Omit<EmergencyPlan, 'reviewedAt' | 'reviewedBy'>,
    by: string,
  ): Promise<void> {
    const now = this.#clock.now();
    await this.#shelf.put(tenant, PLAN, site, { ...plan, reviewedAt: now, reviewedBy: by }, now);
  }

  async addTraining(tenant: TenantId, site: string, training: Omit<SiteTraining, 'ticket'>): Promise<void> {
    const kept = ((await this.#shelf.get(tenant, TRAININGS, site)) as readonly SiteTraining[] | undefined) ?? [];
    const all = [...kept, { ...training, ticket: null }].slice(-200);
    await this.#shelf.put(tenant, TRAININGS, site, all, this.#clock.now());
  }
}
