import type { Logger } from 'pino';
import { messageOf, TillwatchError } from '../../contract/errors.ts';
import type { Mode } from '../../contract/modes.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import { afterVisit, nextStep, type ServiceTicket, type StepEvent } from '../core/field-steps.ts';
import type { Fleet } from '../core/fleet.ts';

export interface FieldServiceOptions {
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly log: Logger;
  readonly tenant: string;
  /** The platform, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Real ms that a day of waiting takes; 600,000 when left out. */
  readonly dayMs?: number;
  /** Visits that can be booked at a time; 8 when left out. */
  readonly technicians?: number;
  readonly everyMs?: number;
}

export interface FieldService {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Looks once at all open tickets and does what is due. */
  round(): Promise<void>;
  readonly visits: number;
}

const RETRY_DAYS = 0.2;

/** The people who repair: works tickets through the public HTTP API alone, and restores the simulated parts it is sent to. */
export function createFieldService(options: FieldServiceOptions): FieldService {
  return new TicketWorkers(options);
}

class TicketWorkers implements FieldService {
  visits = 0;
  private readonly options: FieldServiceOptions;
  private readonly dayMs: number;
  private readonly abort = new AbortController();
  /** When each ticket is next looked at, ms. */
  private readonly due = new Map<string, number>();
  private stopTicking: (() => void) | undefined;

  constructor(options: FieldServiceOptions) {
    this.options = options;
    this.dayMs = options.dayMs ?? 600_000;
  }

  async start(): Promise<void> {
    const { clock, log } = this.options;
    this.stopTicking = clock.every(
      this.options.everyMs ?? Math.max(1000, Math.min(10_000, this.dayMs / 60)),
      () => this.round(),
      (error) => {
        if (!this.abort.signal.aborted)
          log.warn({ reason: messageOf(error) }, 'the simulated field service could not look at its tickets');
      },
    );
  }

  async stop(): Promise<void> {
    this.stopTicking?.();
    this.abort.abort();
  }

  async round(): Promise<void> {
    const { clock, tenant } = this.options;
    const open: ServiceTicket[] = [];
    let after: string | undefined;
    do {
      const query = `open=true&attached=false&kind=fault&limit=200${after ? `&after=${encodeURIComponent(after)}` : ''}`;
      const page = (await this.call('GET', `/tenants/${tenant}/tickets?${query}`)) as {
        items: ServiceTicket[];
        next?: string;
      };
      open.push(...page.items);
      after = page.next;
    } while (after && open.length < 2000);
    const ids = new Set(open.map((ticket) => ticket.id));
    for (const id of this.due.keys()) if (!ids.has(id)) this.due.delete(id);
    // Those whose visit is booked or under way bind a technician.
    let booked = open.filter((ticket) => ticket.state === 'repair').length;
    for (const summary of open) {
      const now = clock.now();
      const due = this.due.get(summary.id);
      if (due === undefined) {
        // Somebody has to see it first: the dispatcher takes new tickets one after another.
        this.due.set(summary.id, now + this.dayMs * (0.02 + 0.004 * (this.due.size % 50)));
        continue;
      }
      if (due > now) continue;
      const { ticket } = (await this.call('GET', `/tenants/${tenant}/tickets/${summary.id}`)) as {
        ticket: ServiceTicket;
      };
      if (ticket.state === 'preparation' && ticket.appointment) booked++;
      await this.work(ticket, now, booked < (this.options.technicians ?? 8));
      if (ticket.state === 'preparation') booked++;
    }
  }

  private async work(ticket: ServiceTicket, now: number, technicianFree: boolean): Promise<void> {
    const step = nextStep(ticket, now, this.dayMs, technicianFree);
    this.due.set(ticket.id, now + Math.max(1000, (step?.waitDays ?? 1) * this.dayMs));
    if (!step) return;
    const events = step.visit ? afterVisit(ticket, this.visit(ticket, now)) : step.events;
    for (const event of events) {
      if (await this.send(ticket.id, event)) continue;
      this.due.set(ticket.id, now + RETRY_DAYS * this.dayMs);
      return;
    }
  }

  /** Goes there: opens the terminal, sees what is wrong, repairs it or cleans it. */
  private visit(ticket: ServiceTicket, now: number): Mode[] {
    const { fleet } = this.options;
    const found: Mode[] = [];
    const { component } = ticket;
    if (!component) return found;
    this.visits++;
    for (const id of ticket.terminal ? [ticket.terminal] : ticket.members) {
      const index = fleet.terminals.findIndex((terminal) => terminal.config.id === id);
      if (index < 0) continue;
      found.push(...fleet.inspect(index, component));
      fleet.repair(index, component, null, Math.max(now, fleet.now));
    }
    return [...new Set(found)];
  }

  /** Sends one event; false when the machine refused it (somebody else moved the ticket, or something is missing). */
  private async send(id: string, event: StepEvent): Promise<boolean> {
    try {
      await this.call('POST', `/tenants/${this.options.tenant}/tickets/${id}/events`, { event });
      return true;
    } catch (error) {
      if (!(error instanceof TillwatchError) || error.retryable) throw error;
      this.options.log.debug({ ticket: id, event: event.type, reason: error.message }, 'the ticket refused a step');
      return false;
    }
  }

  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const { url, headers } = this.options;
    let response: Response;
    try {
      response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.any([this.abort.signal, AbortSignal.timeout(10_000)]),
      });
    } catch (cause) {
      throw new TillwatchError('simulator.api', `${method} ${path}: ${messageOf(cause)}`, { cause, retryable: true });
    }
    if (response.ok) return response.json();
    const text = await response.text();
    throw new TillwatchError('simulator.api', `${method} ${path}: ${response.status} ${text.slice(0, 300)}`, {
      retryable: response.status >= 500 || response.status === 429,
      context: { status: response.status },
    });
  }
}
