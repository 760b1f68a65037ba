import type { Outcome } from '../../../contract/ticket-parts.ts';
import { closeIfReady, closing, handoverNeeds, sendBack, testPassed } from '../acceptance.ts';
import { BEFORE_REPAIR, command, notify, type Rows, STAFF, WORKERS, WORKERS_AND_SYSTEM } from '../row.ts';

type Events =
  | 'telemetry_healthy'
  | 'telemetry_unhealthy'
  | 'sign_acceptance'
  | 'record_restore'
  | 'record_training'
  | 'record_outcome'
  | 'close'
  | 'plan_follow_up'
  | 'follow_up_due'
  | 'follow_up_done'
  | 'rate'
  | 'archive'
  | 'cancel'
  | 'reopen';

const EMPTY_WORK = { acceptance: null, closedAt: null, followUpAt: null, followedUpAt: null } as const;

/** Steps 9 to 13: acceptance, restore, training, closing, follow-up, feedback, archive. */
export const CLOSING_ROWS: Rows<Events> = {
  telemetry_healthy: {
    from: ['testing'],
    roles: ['system'],
    guard: (ticket, _event, { now }) => {
      if (!ticket.acceptance) return 'no acceptance test is running';
      if (ticket.finding?.standing) return 'the finding still stands';
      return now < ticket.acceptance.startedAt + ticket.acceptance.healthyForMs
        ? 'the period is not over yet'
        : undefined;
    },
    run: (ticket, _event, { now, policy }) => {
      const acceptance = ticket.acceptance && { ...ticket.acceptance, healthyAt: now };
      const hours = Math.round((acceptance?.healthyForMs ?? 0) / 3_600_000);
      const moved = testPassed(
        { ...ticket, acceptance },
        now,
        policy,
        {},
        `The telemetry was healthy for ${hours} hours.`,
      );
      if (moved.to || !ticket.terminal) return moved;
      // Healthy, but no passed self-test yet: ask again, the terminal may have been off.
      return {
        ...moved,
        text: `${moved.text} The self-test is still to pass and was asked for again.`,
        effects: [command('self_test')],
      };
    },
  },
  telemetry_unhealthy: {
    from: ['testing'],
    roles: ['system'],
    run: (ticket) => sendBack(ticket, {}, 'The telemetry of the repaired part is not healthy: back to repair.'),
  },
  sign_acceptance: {
    from: ['testing', 'handover'],
    roles: [...STAFF, 'merchant', 'provider'],
    run: (ticket, event, { now, policy }) => {
      const acceptance = ticket.acceptance && { ...ticket.acceptance, signedBy: event.by, signedAt: now };
      return closeIfReady({ ...ticket, acceptance }, now, policy, {
        patch: { acceptance },
        text: `${event.by} signed the acceptance for the merchant.`,
      });
    },
  },
  record_restore: {
    from: ['repair', 'testing', 'handover', 'reactivation'],
    roles: [...WORKERS, 'merchant'],
    guard: (ticket) => (ticket.backup ? undefined : 'no backup was recorded, so nothing can be restored'),
    run: (ticket, event, { now, actor, policy }) => {
      const restore = {
        settings: event.settings,
        transactionsUploaded: event.transactionsUploaded,
        note: event.note ?? null,
        at: now,
        by: actor.name,
      };
      return closeIfReady({ ...ticket, restore }, now, policy, { patch: { restore }, text: 'Restore recorded.' });
    },
  },
  record_training: {
    from: ['repair', 'testing', 'handover', 'closed', 'follow_up'],
    roles: WORKERS,
    run: (ticket, event, { now, policy }) => {
      const training = { needed: true, who: event.who, what: event.what, at: now };
      return closeIfReady({ ...ticket, training }, now, policy, {
        patch: { training },
        text: `${event.who} was trained: ${event.what}.`,
      });
    },
  },
  record_outcome: {
    from: ['repair', 'testing', 'handover', 'closed', 'follow_up', 'archived'],
    roles: WORKERS_AND_SYSTEM,
    run: (ticket, event, { now, actor }) => {
      const outcome: Outcome = {
        wasFailing: event.wasFailing,
        part: event.part ?? null,
        action: event.action,
        note: event.note ?? null,
        at: now,
        by: actor.name,
      };
      const truth =
        event.wasFailing === null ? 'not known whether it' : event.wasFailing ? 'the part really' : 'the part never';
      return {
        patch: { outcome },
        text: `Outcome: ${event.action}; ${truth} was failing.`,
        effects: ticket.fingerprint
          ? [{ kind: 'outcome', payload: { ...outcome, fingerprint: ticket.fingerprint } }]
          : [],
      };
    },
  },
  close: {
    from: ['handover', 'repair', 'preparation', 'decision', 'lost', 'deactivated', 'reactivation'],
    roles: STAFF,
    guard: (ticket, event) => {
      if (ticket.state === 'lost') return ticket.replacement ? undefined : 'the replacement is not recorded';
      if (ticket.state === 'handover') {
        const needs = handoverNeeds(ticket);
        return needs.length > 0 ? needs.join('; ') : undefined;
      }
      if (!event.why) return 'closing without a passed acceptance test needs a reason';
      if (ticket.loan?.state === 'delivered') return 'the loaner has not come back';
      return ticket.shipping.some((leg) => leg.receivedAt === null) ? 'a shipment is still on its way' : undefined;
    },
    run: (ticket, _event, { now, policy }) => closing(ticket, now, policy),
  },
  plan_follow_up: {
    from: ['closed'],
    roles: WORKERS,
    guard: (_ticket, event, { now }) => (event.at > now ? undefined : 'the visit lies in the past'),
    run: (_ticket, event) => ({ patch: { followUpAt: event.at }, text: 'The follow-up was moved.' }),
  },
  follow_up_due: {
    from: ['closed'],
    roles: ['system'],
    guard: (ticket, _event, { now }) => ((ticket.followUpAt ?? 0) <= now ? undefined : 'the follow-up is not due yet'),
    run: () => ({
      to: 'follow_up',
      text: 'The follow-up is due; the merchant was asked to rate attitude, speed and result.',
      effects: [notify('rate', 'merchant')],
    }),
  },
  follow_up_done: {
    from: ['closed', 'follow_up'],
    roles: WORKERS,
    run: (_ticket, event, { now }) => ({
      to: 'follow_up',
      patch: { followedUpAt: now },
      text: `The return visit was made.${event.note ? ` ${event.note}` : ''}`,
    }),
  },
  rate: {
    from: ['closed', 'follow_up'],
    roles: ['merchant', ...STAFF],
    guard: (ticket) => (ticket.feedback ? 'it has been rated already' : undefined),
    run: (ticket, event, { now, actor, policy }) => {
      const feedback = {
        attitude: event.attitude,
        speed: event.speed,
        result: event.result,
        comment: event.comment ?? null,
        by: actor.name,
        at: now,
      };
      const mean = (event.attitude + event.speed + event.result) / 3;
      const marks = `attitude ${event.attitude}, speed ${event.speed}, result ${event.result}`;
      if (mean < policy.badMarkBelow || event.result === 1) {
        return {
          to: 'diagnosis',
          patch: { ...EMPTY_WORK, feedback: null, reopened: ticket.reopened + 1, outcome: null },
          text: `The merchant rated ${marks}: a bad mark, reopened.`,
          effects: [notify('bad_mark', 'operator', { ...feedback })],
        };
      }
      return { to: 'archived', patch: { feedback }, text: `The merchant rated ${marks}. Archived.` };
    },
  },
  archive: {
    from: ['closed', 'follow_up', 'cancelled'],
    roles: ['system', ...STAFF],
    run: (ticket) => ({
      to: 'archived',
      text: ticket.feedback ? 'Archived.' : 'Archived; no marks were given.',
    }),
  },
  cancel: {
    from: [...BEFORE_REPAIR, 'review', 'approved'],
    roles: [...STAFF, 'merchant'],
    guard: (ticket, event, { actor }) => {
      if (!event.why) return 'a reason is needed';
      if (actor.role === 'merchant' && ticket.source !== 'merchant')
        return 'a merchant can take back its own reports only';
      if (ticket.loan?.state === 'delivered') return 'the loaner has not come back';
      return ticket.shipping.length > 0 ? 'the device is away: close it once it is back' : undefined;
    },
    run: (ticket, event, { now, actor }) => ({
      to: 'cancelled',
      patch: {
        closedAt: now,
        outcome: {
          wasFailing: event.outcome === 'none' ? false : null,
          part: null,
          action: event.outcome ?? 'none',
          note: event.why ?? null,
          at: now,
          by: actor.name,
        },
        ...(ticket.loan?.state === 'reserved' ? { loan: { ...ticket.loan, state: 'cancelled' as const } } : {}),
      },
      text: 'Cancelled.',
      effects: [
        ...(ticket.loan?.state === 'reserved'
          ? [{ kind: 'asset' as const, payload: { action: 'release', asset: ticket.loan.asset } }]
          : []),
        notify('cancelled', 'merchant'),
      ],
    }),
  },
  reopen: {
    from: ['closed', 'follow_up', 'cancelled'],
    roles: [...STAFF, 'merchant', 'system'],
    guard: (_ticket, event) => (event.why ? undefined : 'a reason is needed'),
    run: (ticket) => ({
      to: 'diagnosis',
      patch: { ...EMPTY_WORK, reopened: ticket.reopened + 1, outcome: null },
      text: 'Reopened.',
      effects: [notify('reopened', 'operator')],
    }),
  },
};
