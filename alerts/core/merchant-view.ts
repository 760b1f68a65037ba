import type { Component, Mode } from '../../contract/modes.ts';
import type { Attachment, FirstAidResult, Loan, SelfTest, ShippingLeg } from '../../contract/ticket-parts.ts';
import type { HistoryEntry, Ticket } from '../../contract/tickets.ts';
import { type FirstAidStep, firstAidFor } from './first-aid.ts';
import { tellMerchant } from './merchant-words.ts';
import type { EventType } from './ticket-events.ts';

/** Events that a merchant may send from the page of their terminal. */
export const MERCHANT_EVENTS = [
  'start_first_aid',
  'first_aid_step',
  'consent',
  'refuse_quote',
  'record_backup',
  'ship',
  'received',
  'sign_acceptance',
  'record_restore',
  'rate',
  'comment',
  'resume',
  'complain',
  'cancel',
  'reopen',
  'found',
  'report_lost',
  'police_report',
  'request_reactivation',
  'add_report',
] as const satisfies readonly EventType[];
export type MerchantEvent = (typeof MERCHANT_EVENTS)[number];

export function isMerchantEvent(type: EventType): type is MerchantEvent {
  return (MERCHANT_EVENTS as readonly EventType[]).includes(type);
}

export interface MerchantTicket {
  readonly id: string;
  /** The merchant's own words, or the platform's where it found the fault itself. */
  readonly title: string;
  /** The fault that the platform found, for a title in the merchant's language; null: somebody reported it. */
  readonly fault: { readonly component: Component; readonly mode: Mode } | null;
  readonly state: Ticket['state'];
  readonly openedAt: number;
  readonly closedAt: number | null;
  readonly eta: { readonly dueAt: number; readonly earliestAt: number; readonly latestAt: number } | null;
  readonly appointment: {
    readonly from: number;
    readonly to: number;
    readonly place: 'store' | 'service_point';
    readonly technician: string | null;
  } | null;
  readonly quote: {
    readonly amount: number;
    readonly currency: string;
    readonly items: readonly { readonly text: string; readonly amount: number }[];
    readonly validUntil: number | null;
    readonly answered: boolean;
  } | null;
  readonly waitsForYou: boolean;
  readonly question: string | null;
  readonly firstAid: readonly FirstAidStep[];
  /** Steps that were done, so that nobody repeats them. */
  readonly firstAidDone: readonly {
    readonly step: string;
    readonly result: FirstAidResult['result'];
    readonly at: number;
  }[];
  /** Shipments, newest last. */
  readonly shipping: readonly {
    readonly direction: ShippingLeg['direction'];
    readonly carrier: string;
    readonly tracking: string;
    readonly sentAt: number;
    readonly receivedAt: number | null;
  }[];
  readonly loan: { readonly asset: string; readonly state: Loan['state'] } | null;
  /** The acceptance test: its self-test's result, when the watched time is over, and who signed. */
  readonly acceptance: {
    readonly selfTest: SelfTest['result'] | null;
    readonly healthyAfter: number;
    readonly signedBy: string | null;
  } | null;
  readonly attachments: readonly {
    readonly id: string;
    readonly name: string;
    readonly type: string;
    readonly bytes: number;
  }[];
  readonly rating: { readonly attitude: number; readonly speed: number; readonly result: number } | null;
  readonly story: readonly {
    readonly at: number;
    readonly event: string;
    readonly text: string;
    readonly zh: string;
  }[];
  readonly allowed: readonly MerchantEvent[];
}

/** What a merchant sees of a ticket: progress, the technician's time, the quote; nothing of costs, people or findings inside. */
export function merchantView(
  ticket: Ticket,
  history: readonly HistoryEntry[],
  allowed: readonly EventType[],
): MerchantTicket {
  const asked = ticket.awaitingMerchant ? history.findLast((entry) => entry.event === 'wait_for_merchant') : undefined;
  return {
    id: ticket.id,
    title: ticket.source === 'finding' ? ticket.title : (ticket.report?.symptom ?? ticket.title),
    fault:
      ticket.source === 'finding' && ticket.component !== null && ticket.mode !== null
        ? { component: ticket.component, mode: ticket.mode }
        : null,
    state: ticket.state,
    openedAt: ticket.openedAt,
    closedAt: ticket.closedAt,
    eta: ticket.eta && { dueAt: ticket.eta.dueAt, earliestAt: ticket.eta.earliestAt, latestAt: ticket.eta.latestAt },
    appointment: ticket.appointment && {
      from: ticket.appointment.from,
      to: ticket.appointment.to,
      place: ticket.appointment.place,
      technician: ticket.appointment.technician,
    },
    quote: ticket.quote && {
      amount: ticket.quote.amount,
      currency: ticket.quote.currency,
      items: ticket.quote.items,
      validUntil: ticket.quote.validUntil,
      answered: ticket.quote.consent !== null,
    },
    waitsForYou: ticket.waitingFor === 'merchant',
    question: asked?.why ?? null,
    firstAid:
      ticket.state === 'reported' || ticket.state === 'first_aid'
        ? firstAidFor(
            { component: ticket.component, mode: ticket.mode, symptom: ticket.report?.symptom ?? ticket.title },
            [...(ticket.report?.stepsTried ?? []), ...ticket.firstAid.map((done) => done.step)],
          )
        : [],
    firstAidDone: ticket.firstAid.map(({ step, result, at }) => ({ step, result, at })),
    shipping: ticket.shipping.map(({ direction, carrier, tracking, sentAt, receivedAt }) => ({
      direction,
      carrier,
      tracking,
      sentAt,
      receivedAt,
    })),
    loan: ticket.loan && { asset: ticket.loan.asset, state: ticket.loan.state },
    acceptance: ticket.acceptance && {
      selfTest: ticket.acceptance.selfTest?.result ?? null,
      healthyAfter: ticket.acceptance.startedAt + ticket.acceptance.healthyForMs,
      signedBy: ticket.acceptance.signedBy,
    },
    attachments: merchantFiles(ticket, history).map(({ id, name, type, bytes }) => ({ id, name, type, bytes })),
    rating: ticket.feedback && {
      attitude: ticket.feedback.attitude,
      speed: ticket.feedback.speed,
      result: ticket.feedback.result,
    },
    story: history.flatMap((entry) => {
      const told = tellMerchant(entry);
      return told ? [{ at: entry.at, event: entry.event, text: told.en, zh: told.zh }] : [];
    }),
    allowed: allowed.filter(isMerchantEvent),
  };
}

/** Files of a ticket that its merchant sent: the workshop's own stay there. */
export function merchantFiles(ticket: Ticket, history: readonly HistoryEntry[]): readonly Attachment[] {
  const theirs = new Set(
    history.flatMap((entry) => (entry.event === 'attach_file' && entry.by.role === 'merchant' ? [entry.data.id] : [])),
  );
  return ticket.attachments.filter((file) => theirs.has(file.id));
}

// Crockford's base 32: no letters that are mistaken for digits.
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A code for the sticker on a terminal, from 10 random bytes: 50 bits, in two groups of five. */
export function codeFrom(bytes: Uint8Array): string {
  const letters = Array.from(bytes.slice(0, 10), (byte) => LETTERS[byte & 31]);
  return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`;
}

/** What a person typed, as the code it means: case, spaces and look-alikes forgiven. */
export function readCode(typed: string): string {
  const letters = typed
    .toUpperCase()
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
    .replace(/[^0-9A-Z]/g, '');
  return `${letters.slice(0, 5)}-${letters.slice(5, 10)}`;
}
