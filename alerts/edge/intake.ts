import type { Severity } from '../../contract/findings.ts';
import type { Component } from '../../contract/modes.ts';
import type { TicketRepository } from '../../contract/ports/tickets.ts';
import type { Actor } from '../../contract/ticket-parts.ts';
import type { Ticket } from '../../contract/tickets.ts';
import type { TenantId } from '../../contract/topics.ts';
import { componentHinted } from '../core/first-aid.ts';
import type { Opening } from '../core/opening.ts';
import { reportTold, type TerminalNotes, type Told } from '../core/reports.ts';
import type { TicketDesk } from './ticket-desk.ts';

export interface IntakeDeps {
  readonly tickets: TicketRepository;
  readonly desk: TicketDesk;
  readonly site: (tenant: TenantId, terminal: string) => string | null;
  readonly now: () => number;
}

/** A report as a person gives it. */
export interface PersonReport extends Told {
  readonly terminal: string;
  readonly severity?: Severity;
  readonly firstAid?: NonNullable<Opening['firstAid']>;
}

export interface TakenIn {
  readonly ticket: Ticket;
  /** True where the fault had an open ticket already, which took the report in. */
  readonly joined: boolean;
}

/** A fault like one of this long ago is its repeat. */
const REPEAT_MS = 90 * 86_400_000;

/** Takes in reports of people: a fault that has an open ticket keeps that one; a new ticket is tied to the last of its kind. */
export class Intake {
  readonly #deps: IntakeDeps;

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
  }

  async report(tenant: TenantId, told: PersonReport, notes: TerminalNotes | undefined, actor: Actor): Promise<TakenIn> {
    const { desk, tickets, site, now } = this.#deps;
    const { terminal, severity = 'warning', firstAid = [], ...rest } = told;
    const component = componentHinted(told.symptom);
    const open = component ? await this.#open(tenant, terminal, component) : { own: undefined, wider: undefined };
    if (open.own) {
      const { symptom, contact, language } = rest;
      const stepsTried = [...(rest.stepsTried ?? []), ...firstAid.map((done) => done.step)];
      const event = {
        type: 'add_report' as const,
        symptom,
        stepsTried,
        ...(contact ? { contact } : {}),
        ...(language ? { language } : {}),
      };
      return { ticket: await desk.act(tenant, open.own, event, actor), joined: true };
    }
    const last = component
      ? (
          await tickets.list(tenant, {
            terminal: [terminal],
            open: false,
            kind: ['fault'],
            component: [component],
            order: 'newest',
            limit: 5,
          })
        ).items.find((ticket) => ticket.terminal === terminal && (ticket.closedAt ?? 0) > now() - REPEAT_MS)
      : undefined;
    const ticket = await desk.open(
      {
        tenant,
        kind: 'fault',
        source: actor.role === 'merchant' ? 'merchant' : 'operator',
        severity,
        title: `${told.symptom.slice(0, 80)}: ${terminal}`,
        scope: 'terminal',
        subject: terminal,
        terminal,
        site: site(tenant, terminal),
        component,
        report: reportTold(rest, notes),
        firstAid,
        repeatOf: last ? (last.repeatOf ?? last.id) : null,
        parent: open.wider ?? null,
      },
      actor,
    );
    return { ticket, joined: false };
  }

  /** The open ticket of this part of the terminal, and the wider one that covers it. */
  async #open(tenant: TenantId, terminal: string, component: Component) {
    const page = await this.#deps.tickets.list(tenant, {
      terminal: [terminal],
      open: true,
      kind: ['fault'],
      component: [component],
      limit: 50,
    });
    return {
      own: page.items.find((ticket) => ticket.terminal === terminal)?.id,
      wider: page.items.find((ticket) => ticket.scope !== 'terminal' && ticket.members.includes(terminal))?.id,
    };
  }
}
