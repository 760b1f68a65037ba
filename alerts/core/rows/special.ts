import { closing } from '../acceptance.ts';
import { ACTIVE, command, notify, type Rows, STAFF, WORKERS } from '../row.ts';

type Events =
  | 'report_lost'
  | 'police_report'
  | 'found'
  | 'approve'
  | 'refuse'
  | 'lock'
  | 'watch'
  | 'request_reactivation'
  | 'give_notice'
  | 'reactivate'
  | 'retire';

const LOCKING = [{ kind: 'credentials' as const, payload: { action: 'lock' } }, command('lock')];
const UNLOCKING = [{ kind: 'credentials' as const, payload: { action: 'unlock' } }, command('unlock')];

/** Special cases: lost and stolen terminals, deactivation with approval, reactivation after a test. */
export const SPECIAL_ROWS: Rows<Events> = {
  report_lost: {
    from: ACTIVE,
    roles: [...STAFF, 'merchant'],
    guard: (ticket) => (ticket.terminal ? undefined : 'only a terminal can be lost'),
    run: (ticket, event, { now, actor }) => ({
      to: 'lost',
      patch: {
        lost: { how: event.how, policeReport: event.policeReport ?? null, reportedAt: now, foundAt: null },
        diagnosis: {
          causeClass: 'lost',
          component: ticket.component,
          mode: ticket.mode,
          note: null,
          at: now,
          by: actor.name,
        },
        decision: {
          method: 'replacement',
          humanDamage: 'none',
          charge: 'quote',
          why: `${event.how}: a replacement is started`,
          at: now,
          by: actor.name,
        },
      },
      text: `Reported ${event.how}: locked at once, its credentials are refused, and a replacement is started.`,
      effects: [
        ...LOCKING,
        { kind: 'asset', payload: { action: 'find_replacement', terminal: ticket.terminal } },
        notify('lost', 'operator', { how: event.how }),
      ],
    }),
  },
  police_report: {
    from: ['lost', 'closed', 'follow_up'],
    roles: [...STAFF, 'merchant'],
    guard: (ticket) => (ticket.lost ? undefined : 'the terminal is not lost'),
    run: (ticket, event) => ({
      patch: { lost: ticket.lost && { ...ticket.lost, policeReport: event.number } },
      text: `Police report ${event.number} was kept.`,
    }),
  },
  found: {
    from: ['lost'],
    roles: [...STAFF, 'merchant'],
    guard: (ticket) => (ticket.lost?.foundAt ? 'it has been found already' : undefined),
    run: (ticket, _event, { now }) => ({
      patch: { lost: ticket.lost && { ...ticket.lost, foundAt: now } },
      text: 'The terminal was found; it is unlocked only after a passed self-test.',
      // The credentials come back for the test alone: a locked terminal takes no payment, and cannot be reached without them.
      effects: [{ kind: 'credentials', payload: { action: 'test' } }, command('self_test')],
    }),
  },
  approve: {
    from: ['review'],
    roles: STAFF,
    guard: (ticket, _event, { actor }) =>
      ticket.deactivation?.applicant === actor.name ? 'nobody approves an application of their own' : undefined,
    run: (ticket, _event, { actor }) => ({
      to: 'approved',
      patch: { deactivation: ticket.deactivation && { ...ticket.deactivation, reviewedBy: actor.name, refusal: null } },
      text: 'The deactivation was approved; the backup comes before the lock.',
      effects: [notify('deactivation_approved', 'merchant', { from: ticket.deactivation?.plannedFrom })],
    }),
  },
  refuse: {
    from: ['review'],
    roles: STAFF,
    guard: (_ticket, event) => (event.why ? undefined : 'a refusal needs a reason'),
    run: (ticket, event, { now, actor }) => ({
      to: 'cancelled',
      patch: {
        closedAt: now,
        deactivation: ticket.deactivation && {
          ...ticket.deactivation,
          reviewedBy: actor.name,
          refusal: event.why ?? null,
        },
      },
      text: 'The deactivation was refused.',
      effects: [notify('deactivation_refused', 'merchant', { why: event.why })],
    }),
  },
  lock: {
    from: ['approved'],
    roles: ['system', ...STAFF],
    guard: (ticket, _event, { now }) => {
      if (!ticket.backup) return 'no terminal is deactivated before its backup is recorded';
      return ticket.deactivation && now < ticket.deactivation.plannedFrom ? 'the set time has not come yet' : undefined;
    },
    run: (ticket, _event, { now }) => ({
      to: 'deactivated',
      patch: { deactivation: ticket.deactivation && { ...ticket.deactivation, lockedAt: now } },
      text: 'Locked at the set time; open settlements and complaints are watched.',
      effects: [...LOCKING, notify('deactivated', 'merchant')],
    }),
  },
  watch: {
    from: ['deactivated'],
    roles: [...WORKERS, 'system'],
    run: (ticket, event) => ({
      patch: {
        deactivation: ticket.deactivation && {
          ...ticket.deactivation,
          openSettlements: event.openSettlements,
          openComplaints: event.openComplaints,
        },
      },
      text: `Watch: ${event.openSettlements} open settlements, ${event.openComplaints} complaints.`,
    }),
  },
  request_reactivation: {
    from: ['deactivated'],
    roles: [...STAFF, 'merchant'],
    run: () => ({
      to: 'reactivation',
      patch: { selfTests: [] },
      text: 'Reactivation was asked for; it needs a passed test and notice to the merchant beforehand.',
      effects: [
        { kind: 'credentials', payload: { action: 'test' } },
        command('self_test'),
        notify('reactivation_wanted', 'operator'),
      ],
    }),
  },
  give_notice: {
    from: ['reactivation'],
    roles: STAFF,
    run: (ticket, _event, { now }) => ({
      patch: { deactivation: ticket.deactivation && { ...ticket.deactivation, noticeAt: now } },
      text: 'The merchant was told of the coming reactivation.',
      effects: [notify('reactivation_notice', 'merchant')],
    }),
  },
  reactivate: {
    from: ['reactivation'],
    roles: STAFF,
    guard: (ticket, _event, { now, policy }) => {
      if (ticket.selfTests.at(-1)?.result !== 'pass') return 'the terminal has not passed its test';
      const notice = ticket.deactivation?.noticeAt;
      if (!notice) return 'the merchant has not been told beforehand';
      if (now < notice + policy.reactivationNoticeMs) return 'the notice to the merchant is too fresh';
      return ticket.backup && !ticket.restore ? 'the restore of its data is not recorded' : undefined;
    },
    run: (ticket, _event, { now, policy }) => {
      const ended = closing(ticket, now, policy);
      return {
        ...ended,
        text: `Reactivated after a passed test. ${ended.text}`,
        effects: [...UNLOCKING, ...(ended.effects ?? [])],
      };
    },
  },
  retire: {
    from: ['deactivated', 'lost'],
    roles: STAFF,
    guard: (ticket) =>
      ticket.deactivation && (ticket.deactivation.openSettlements ?? 0) > 0 ? 'settlements are still open' : undefined,
    run: (ticket, _event, { now, policy }) => {
      const ended = closing(ticket, now, policy);
      return {
        ...ended,
        text: `Retired for good; sealed from resale until wiped. ${ended.text}`,
        effects: [{ kind: 'asset', payload: { action: 'seal', terminal: ticket.terminal } }, ...(ended.effects ?? [])],
      };
    },
  },
};
