import { LEARNED_RISK } from '../../../contract/modes.ts';
import type { Ticket } from '../../../contract/tickets.ts';
import { closing, sendBack } from '../acceptance.ts';
import { ACTIVE, BEFORE_REPAIR, ENDED, notify, OPEN, type Rows } from '../row.ts';
import { chanceWords } from '../words.ts';

type Events = 'finding_changed' | 'finding_cleared' | 'link_finding' | 'attach_to' | 'detach';

const RANK = { watch: 0, warning: 1, critical: 2 } as const;

/** True while nothing physical is under way, so that a fault which goes away may take its ticket with it. */
function nothingUnderWay(ticket: Ticket): boolean {
  return (
    (BEFORE_REPAIR as readonly string[]).includes(ticket.state) &&
    ticket.loan?.state !== 'delivered' &&
    ticket.shipping.length === 0
  );
}

/** True where a person told of the fault: telemetry that looks well does not answer them. */
function toldByPerson(ticket: Ticket): boolean {
  return ticket.source === 'merchant' || ticket.source === 'operator' || (ticket.reports?.length ?? 0) > 0;
}

/** What the finding behind a ticket does to it. */
export const FINDING_ROWS: Rows<Events> = {
  finding_changed: {
    from: [...ACTIVE, 'lost', 'closed', 'follow_up'],
    roles: ['system'],
    run: (ticket, event) => {
      const { type: _type, members, why: _why, ...said } = event;
      const returned = ticket.finding !== null && !ticket.finding.standing;
      const finding = { ...said, standing: true };
      const raised = RANK[event.severity] > RANK[ticket.severity];
      // A ticket's severity only rises by itself: a forecast that wavers must not hide what was critical an hour ago.
      const severity = raised ? event.severity : ticket.severity;
      const patch = { finding, severity, members, failsAt: event.failsAt };
      if (ticket.state === 'testing' && returned) {
        return sendBack(ticket, patch, 'The finding came back during the acceptance test: back to repair.');
      }
      if (ENDED.includes(ticket.state)) {
        return {
          to: 'diagnosis',
          patch: {
            ...patch,
            acceptance: null,
            closedAt: null,
            followUpAt: null,
            outcome: null,
            reopened: ticket.reopened + 1,
          },
          text: 'The finding came back: reopened.',
          effects: [notify('reopened', 'operator')],
        };
      }
      const chance = chanceWords(event, ticket.scope, members.length);
      return {
        patch,
        text: raised
          ? `Raised to ${event.severity}: ${chance}.`
          : returned
            ? `The finding came back: ${chance}.`
            : `The finding was updated: ${chance}.`,
        effects: raised ? [notify('raised', 'operator', { severity: event.severity })] : [],
      };
    },
  },
  finding_cleared: {
    from: [...ACTIVE, 'lost'],
    roles: ['system'],
    run: (ticket, event, { now, policy }) => {
      const patch = { finding: ticket.finding && { ...ticket.finding, standing: false, at: event.at }, failsAt: null };
      if (!nothingUnderWay(ticket)) {
        return { patch, text: 'The finding cleared; the work under way goes on to its acceptance.' };
      }
      if (toldByPerson(ticket)) {
        return {
          patch,
          text: 'The finding cleared; a person reported the fault, so somebody looks before it is closed.',
        };
      }
      const outcome = ticket.outcome ?? {
        wasFailing: null,
        part: null,
        action: 'recovered' as const,
        note: null,
        at: now,
        by: 'tillwatch',
      };
      const ended = closing({ ...ticket, outcome }, now, policy);
      const loan =
        ticket.loan?.state === 'reserved'
          ? {
              effects: [{ kind: 'asset' as const, payload: { action: 'release', asset: ticket.loan.asset } }],
              loan: { ...ticket.loan, state: 'cancelled' as const },
            }
          : undefined;
      return {
        to: 'closed',
        patch: { ...patch, ...ended.patch, outcome, ...(loan ? { loan: loan.loan } : {}) },
        text: `The part is well again: resolved by itself. ${ended.text}`,
        effects: [...(ended.effects ?? []), ...(loan?.effects ?? [])],
      };
    },
  },
  link_finding: {
    from: ACTIVE,
    roles: ['system'],
    // What a learned model foresees, a detector may name: it is the same fault.
    guard: (ticket, event) =>
      ticket.fingerprint && (ticket.mode !== LEARNED_RISK || event.mode === LEARNED_RISK)
        ? 'a finding stands behind it already'
        : undefined,
    run: (ticket, event) => {
      const { type: _type, why: _why, fingerprint, component, mode, ...said } = event;
      const raised = RANK[event.severity] > RANK[ticket.severity];
      return {
        patch: {
          fingerprint,
          component,
          mode,
          finding: { ...said, standing: true },
          failsAt: event.failsAt,
          severity: raised ? event.severity : ticket.severity,
        },
        text: `The platform sees it too: ${component} ${mode.replaceAll('_', ' ')}, ${chanceWords(event, ticket.scope, ticket.members.length)}.`,
        effects: raised ? [notify('raised', 'operator', { severity: event.severity })] : [],
      };
    },
  },
  attach_to: {
    from: OPEN,
    roles: ['system', 'operations', 'administrator'],
    guard: (ticket, event) => {
      if (ticket.parent === event.parent) return `it is attached to ${event.parent} already`;
      return event.parent === ticket.id ? 'a ticket cannot be attached to itself' : undefined;
    },
    run: (_ticket, event) => ({
      patch: { parent: event.parent },
      text: `Attached to ${event.parent}: the cause is shared and is worked on there.`,
    }),
  },
  detach: {
    from: [...OPEN, ...ENDED],
    roles: ['system', 'operations', 'administrator'],
    guard: (ticket) => (ticket.parent ? undefined : 'it is not attached'),
    run: (ticket) => ({
      patch: { parent: null },
      text: `Detached from ${ticket.parent}: it is worked on by itself again.`,
    }),
  },
};
