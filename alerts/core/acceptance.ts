import type { Ticket } from '../../contract/tickets.ts';
import { healthyFor, type Policy } from './policy.ts';
import { command, type EffectDraft, type Moved, notify } from './row.ts';

/** What still has to be recorded before a repaired terminal counts as handed over, as sentences; empty: nothing. */
export function handoverNeeds(ticket: Ticket): readonly string[] {
  const needs: string[] = [];
  if (ticket.backup && !ticket.restore) needs.push('the restore of its data is not recorded');
  if (ticket.training?.needed && ticket.training.at === null) needs.push('the training record is missing');
  if (ticket.loan?.state === 'delivered') needs.push('the loaner has not come back');
  if (ticket.shipping.some((leg) => leg.direction === 'to_service') && !ticket.replacement) {
    const back = ticket.shipping.findLast((leg) => leg.direction === 'to_store');
    if (!back?.receivedAt) needs.push('the device has not been received back by the store');
  }
  if (physical(ticket) && !ticket.acceptance?.signedBy) needs.push('the merchant has not signed the acceptance');
  return needs;
}

/** True when somebody laid hands on the device, so that its merchant has to accept the work. */
export function physical(ticket: Ticket): boolean {
  if (ticket.kind !== 'fault') return false;
  const method = ticket.decision?.method;
  return method === 'onsite' || method === 'mail_in' || method === 'replacement';
}

/** Step 9 begins: a self-test is asked for and the telemetry of the part is watched for the set time. */
export function beginTesting(ticket: Ticket, now: number, policy: Policy, patch: Partial<Ticket>, text: string): Moved {
  const attempts = (ticket.acceptance?.attempts ?? 0) + 1;
  return {
    to: 'testing',
    patch: {
      ...patch,
      acceptance: {
        startedAt: now,
        healthyForMs: healthyFor(policy, ticket.component),
        healthyAt: null,
        selfTest: null,
        signedBy: null,
        signedAt: null,
        attempts,
      },
    },
    text,
    effects: ticket.terminal ? [command('self_test')] : [],
  };
}

/** The acceptance test failed: back to the work by itself. */
export function sendBack(ticket: Ticket, patch: Partial<Ticket>, text: string): Moved {
  return {
    to: 'repair',
    patch: { ...patch, acceptance: ticket.acceptance },
    text,
    effects: [notify('back_to_repair', ticket.provider ? 'provider' : 'operator')],
  };
}

/** Goes on from `testing` once the self-test has passed and the telemetry was healthy; stays while one of them is missing. */
export function testPassed(ticket: Ticket, now: number, policy: Policy, patch: Partial<Ticket>, text: string): Moved {
  const acceptance = ticket.acceptance;
  const needsSelfTest = ticket.terminal !== null;
  if (!acceptance || acceptance.healthyAt === null || (needsSelfTest && acceptance.selfTest?.result !== 'pass')) {
    return { patch: { ...patch, acceptance }, text };
  }
  const needs = handoverNeeds(ticket);
  if (needs.length > 0) {
    return {
      to: 'handover',
      patch: { ...patch, acceptance },
      text: `${text} The repair is accepted; before closing: ${needs.join('; ')}.`,
      effects: [notify('repaired', 'merchant')],
    };
  }
  const ended = closing(ticket, now, policy);
  return {
    ...ended,
    patch: { ...patch, acceptance, ...ended.patch },
    text: `${text} The repair is accepted. ${ended.text}`,
  };
}

/** Closes a ticket: follow-up planned, outcome asked for where nobody gave it. */
export function closing(ticket: Ticket, now: number, policy: Policy): Moved & { readonly to: 'closed' } {
  const effects: EffectDraft[] = [notify('closed', 'merchant')];
  if (!ticket.outcome && ticket.fingerprint)
    effects.push(notify('outcome_wanted', ticket.provider ? 'provider' : 'operator'));
  return {
    to: 'closed',
    patch: { closedAt: now, followUpAt: ticket.followUpAt ?? now + policy.followUpAfterMs },
    text: 'Closed; a follow-up is planned.',
    effects,
  };
}

/** In `handover`, the last missing record closes the ticket by itself. */
export function closeIfReady(after: Ticket, now: number, policy: Policy, moved: Moved): Moved {
  if (after.state !== 'handover' || handoverNeeds(after).length > 0) return moved;
  const ended = closing(after, now, policy);
  return {
    to: 'closed',
    patch: { ...moved.patch, ...ended.patch },
    text: `${moved.text} ${ended.text}`,
    effects: [...(moved.effects ?? []), ...(ended.effects ?? [])],
  };
}
