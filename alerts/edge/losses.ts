import type { Actor } from '../../contract/ticket-parts.ts';
import type { Ticket } from '../../contract/tickets.ts';
import type { TenantId } from '../../contract/topics.ts';
import { reportTold, type TerminalNotes } from '../core/reports.ts';
import type { TicketDesk } from './ticket-desk.ts';

export interface Loss {
  readonly terminal: string;
  readonly how: 'lost' | 'stolen';
  readonly policeReport?: string;
  readonly contact?: string;
  readonly language?: 'en' | 'zh';
}

export interface LossesDeps {
  readonly desk: TicketDesk;
  readonly site: (tenant: TenantId, terminal: string) => string | null;
  readonly now: () => number;
}

/** Reports of lost and stolen terminals. */
export class Losses {
  readonly #deps: LossesDeps;

  constructor(deps: LossesDeps) {
    this.#deps = deps;
  }

  /** Opens the ticket whose first effect is the lock. Errors: `ticket.duplicate` (409) where it is reported already. */
  report(tenant: TenantId, loss: Loss, notes: TerminalNotes | undefined, actor: Actor): Promise<Ticket> {
    const { desk, site, now } = this.#deps;
    const { terminal, how, policeReport = null, contact, language } = loss;
    return desk.open(
      {
        tenant,
        kind: 'lost',
        source: actor.role === 'merchant' ? 'merchant' : 'operator',
        severity: 'critical',
        title: `${how === 'lost' ? 'Lost' : 'Stolen'}: ${terminal}`,
        scope: 'terminal',
        subject: terminal,
        terminal,
        site: site(tenant, terminal),
        fingerprint: `${tenant}/lost/${terminal}`,
        report: reportTold(
          { symptom: `reported ${how}`, ...(contact ? { contact } : {}), ...(language ? { language } : {}) },
          notes,
        ),
        lost: { how, policeReport, reportedAt: now(), foundAt: null },
      },
      actor,
    );
  }
}
