import { TillwatchError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { IncidentRecord } from '../../contract/ports/incidents.ts';
import type { TicketChange, TicketRepository, TicketWrite } from '../../contract/ports/tickets.ts';
import type { Actor, Estimate } from '../../contract/ticket-parts.ts';
import type { Effect, Ticket } from '../../contract/tickets.ts';
import type { TenantId } from '../../contract/topics.ts';
import { dueEvent } from '../core/due.ts';
import type { IncidentBook } from '../core/incident-book.ts';
import { type Refused, step, type Taken } from '../core/machine.ts';
import { type Opening, openTicket } from '../core/opening.ts';
import type { Policy } from '../core/policy.ts';
import type { Context } from '../core/row.ts';
import type { TicketEvent } from '../core/ticket-events.ts';
import type { Person } from './office.ts';
import { Turn } from './turn.ts';

export const PLATFORM: Actor = { name: 'tillwatch', role: 'system' };

export interface DeskDeps {
  readonly clock: Clock;
  readonly tickets: TicketRepository;
  readonly book: IncidentBook;
  /** The rules that hold for a site's tickets, by its contract. */
  readonly policyOf: (tenant: TenantId, site: string | null) => Policy;
  readonly estimate: (ticket: Ticket, now: number) => Estimate | null;
  /** The organisation that a provider's person works for; null: none. */
  readonly providerOf: (tenant: TenantId, person: Person) => string | null;
  /** What the platform does by itself right after a step, stored with it; undefined: nothing. */
  readonly follow: (ticket: Ticket) => TicketEvent | undefined;
  /** Told of every ticket stored. */
  readonly stored: (tickets: readonly Ticket[]) => void;
}

const TRIES = 3;

/** The one place where tickets change: reads, asks the machine, and stores what it says together with the incident behind the ticket. */
export class TicketDesk {
  readonly #deps: DeskDeps;
  readonly #turn = new Turn();
  readonly #ended: ((records: readonly IncidentRecord[]) => Promise<void>)[] = [];
  /** Revision of the incidents up to which the book knows them. */
  #seen = 0;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
  }

  /** Called after tickets of faults have ended or come back, with their incidents. */
  onEnded(listener: (records: readonly IncidentRecord[]) => Promise<void>): void {
    this.#ended.push(listener);
  }

  context(tenant: TenantId, actor: Actor, site: string | null): Context {
    const { clock, policyOf, estimate, providerOf } = this.#deps;
    return {
      now: clock.now(),
      actor,
      actorProvider: actor.role === 'provider' ? providerOf(tenant, actor) : null,
      policy: policyOf(tenant, site),
      estimate,
    };
  }

  /** Reads all incidents into the book. */
  async start(): Promise<void> {
    const { rev, records } = await this.#deps.tickets.incidents();
    this.#deps.book.commit(records);
    this.#seen = rev;
  }

  /**
   * Runs `work` while no other change of tickets is under way in this process, on a book that knows what other processes have written.
   * Where one of them is quicker all the same, the work is done anew on what it wrote.
   */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#turn.run(async () => {
      for (let attempt = 1; ; attempt++) {
        await this.#catchUp();
        try {
          return await work();
        } catch (error) {
          const seen = this.#seen;
          await this.#catchUp();
          // A second ticket of a fault is another process's doing only where that has written since.
          const theirs = overtaken(error) || (duplicate(error) && this.#seen > seen);
          if (!theirs || attempt >= TRIES) throw error;
        }
      }
    });
  }

  async #catchUp(): Promise<void> {
    const { rev, records } = await this.#deps.tickets.incidentsSince(this.#seen);
    this.#deps.book.commit(records);
    this.#seen = rev;
  }

  /**
   * Feeds one event to a ticket. Errors: `ticket.unknown` (404), `ticket.role` (403), `ticket.state` and `ticket.condition` (409, with
   * the reason), `ticket.conflict` when `version` is given and no longer stands.
   */
  async act(tenant: TenantId, id: string, event: TicketEvent, actor: Actor, version?: number): Promise<Ticket> {
    const ticket = await this.#turn.run(() => this.#act(tenant, id, event, actor, version));
    await this.#tell([ticket]);
    return ticket;
  }

  async #act(
    tenant: TenantId,
    id: string,
    event: TicketEvent,
    actor: Actor,
    version: number | undefined,
  ): Promise<Ticket> {
    for (let attempt = 1; ; attempt++) {
      await this.#catchUp();
      const [ticket] = await this.#deps.tickets.load(tenant, [id]);
      if (!ticket) throw unknown(id);
      if (version !== undefined && ticket.version !== version) {
        throw new TillwatchError('ticket.conflict', `${id} has changed since version ${version}: look again`, {
          status: 409,
          retryable: true,
          context: { version: ticket.version },
        });
      }
      const taken = step(ticket, event, this.context(tenant, actor, ticket.site));
      if (!taken.ok) throw refusal(id, event.type, taken);
      try {
        const change = this.#followed(taken);
        await this.store([change], actor);
        return change.ticket;
      } catch (error) {
        // Another process was quicker: read again and ask the machine anew.
        if (!overtaken(error) || attempt >= TRIES) throw error;
      }
    }
  }

  #followed(taken: Taken): TicketChange {
    const change: TicketChange = { ticket: taken.ticket, history: [taken.history], effects: taken.effects };
    const event = this.#deps.follow(taken.ticket);
    const next = event && step(taken.ticket, event, this.context(taken.ticket.tenant, PLATFORM, taken.ticket.site));
    if (!next?.ok) return change;
    return {
      ticket: next.ticket,
      history: [taken.history, next.history],
      effects: [...taken.effects, ...next.effects],
    };
  }

  /** Opens a ticket by a person or a plan; its id is given here. */
  async open(opening: Omit<Opening, 'id'>, actor: Actor, effects: readonly Effect[] = []): Promise<Ticket> {
    return this.exclusively(async () => {
      const [id] = await this.#deps.tickets.reserveIds(opening.tenant, 1);
      const change = this.#followed(
        openTicket({ ...opening, id: id! }, this.context(opening.tenant, actor, opening.site)),
      );
      await this.store([change], actor, { effects });
      return change.ticket;
    });
  }

  /** Stores changes with what they mean for the incidents behind them. Only inside `exclusively` or this class. */
  async store(changes: readonly TicketChange[], actor: Actor, rest: Omit<TicketWrite, 'changes'> = {}): Promise<void> {
    const records = new Map((rest.incidents ?? []).map((record) => [record.fingerprint, record]));
    for (const { ticket } of changes) {
      const { fingerprint } = ticket;
      const record = fingerprint ? (records.get(fingerprint) ?? this.#deps.book.get(fingerprint)) : undefined;
      if (!record) continue;
      const after = follow(record, ticket, actor.role !== 'system', this.#deps.clock.now());
      if (after !== record) records.set(record.fingerprint, after);
    }
    const incidents = [...records.values()];
    const rev = await this.#deps.tickets.apply({ ...rest, changes, incidents, incidentsSeen: this.#seen });
    this.#deps.book.commit(incidents);
    // Where others have written in between, their part is still to be read, and one's own with it.
    if (rev === this.#seen + 1) this.#seen = rev;
    this.#deps.stored(changes.map((change) => change.ticket));
  }

  /** Does what time alone brings (acceptance, service levels, follow-ups, locks); answers how many tickets moved. */
  async tick(limit = 500): Promise<number> {
    const { clock, tickets } = this.#deps;
    const moved = await this.exclusively(async () => {
      const now = clock.now();
      const changes: TicketChange[] = [];
      for (const due of await tickets.due(now, limit)) {
        const change = this.#overtaken(due, now);
        if (change) changes.push(change);
      }
      if (changes.length > 0) await this.store(changes, PLATFORM);
      return changes.map((change) => change.ticket);
    });
    await this.#tell(moved);
    return moved.length;
  }

  #overtaken(ticket: Ticket, now: number): TicketChange | undefined {
    const context = this.context(ticket.tenant, PLATFORM, ticket.site);
    let change: TicketChange | undefined;
    let current = ticket;
    // Bounded: each event moves the ticket past the time that brought it; a dozen are more than any ticket has waiting.
    for (let i = 0; i < 12; i++) {
      const event = dueEvent(current, now, context.policy);
      if (!event) break;
      const taken = step(current, event, context);
      if (!taken.ok) {
        throw new TillwatchError(
          'ticket.stuck',
          `${current.id} has "${event.type}" due, but refuses it: ${taken.reason}`,
          {
            context: { ticket: current.id, tenant: current.tenant, state: current.state },
          },
        );
      }
      current = taken.ticket;
      change = {
        ticket: current,
        history: [...(change?.history ?? []), taken.history],
        effects: [...(change?.effects ?? []), ...taken.effects],
      };
    }
    return change;
  }

  async #tell(tickets: readonly Ticket[]): Promise<void> {
    const records = tickets.flatMap((ticket) => {
      const record = ticket.fingerprint && !ticket.open ? this.#deps.book.get(ticket.fingerprint) : undefined;
      return record ? [record] : [];
    });
    if (records.length > 0) for (const listener of this.#ended) await listener(records);
  }
}

/** What a ticket's move means for the incident behind it. */
export function follow(record: IncidentRecord, ticket: Ticket, byPerson: boolean, now: number): IncidentRecord {
  if (record.ticket === ticket.id && record.ticketOpen === ticket.open) return record;
  if (ticket.open) return { ...record, ticket: ticket.id, ticketOpen: true, dismissed: null, updatedAt: now };
  return {
    ...record,
    ticket: ticket.id,
    ticketOpen: false,
    dismissed: byPerson && record.standing ? record.finding.severity : null,
    told: null,
    updatedAt: now,
  };
}

/** True where another process was quicker: what it wrote is read, and the same is tried again. */
function overtaken(error: unknown): boolean {
  return error instanceof TillwatchError && error.code === 'ticket.conflict';
}

function duplicate(error: unknown): boolean {
  return error instanceof TillwatchError && error.code === 'ticket.duplicate';
}

function unknown(id: string): TillwatchError {
  return new TillwatchError('ticket.unknown', `there is no ticket ${id}`, { status: 404 });
}

function refusal(id: string, event: string, refused: Refused): TillwatchError {
  return new TillwatchError(`ticket.${refused.code}`, `${id}: ${refused.reason}`, {
    status: refused.code === 'role' ? 403 : 409,
    context: { ticket: id, event },
  });
}
