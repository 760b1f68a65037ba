import { closeIfReady } from '../acceptance.ts';
import { ACTIVE, BEFORE_REPAIR, notify, type Rows, STAFF, WORKERS, WORKERS_AND_SYSTEM, WORKING } from '../row.ts';
import { chargeOf } from '../warranty.ts';

type Events =
  | 'decide'
  | 'send_quote'
  | 'consent'
  | 'refuse_quote'
  | 'revise_estimate'
  | 'reserve_loan'
  | 'deliver_loan'
  | 'return_loan';

const METHOD_TEXT = {
  phone: 'guidance by phone',
  remote: 'remote repair',
  onsite: 'repair at the store',
  mail_in: 'repair by mail',
  replacement: 'replacement',
} as const;

/** Steps 4 to 6: method, warranty, quote and consent, estimate, the spare terminal. */
export const DECISION_ROWS: Rows<Events> = {
  decide: {
    from: ['decision', 'quote', 'consent', 'preparation'],
    roles: STAFF,
    guard: (ticket) =>
      ticket.backup && ticket.shipping.some((leg) => leg.receivedAt === null)
        ? 'the device is on its way: the method can change again once it has arrived'
        : undefined,
    run: (ticket, event, { now, actor }) => {
      const humanDamage = event.humanDamage ?? 'none';
      const guidance = event.method === 'phone' || event.method === 'remote';
      const charge =
        guidance && humanDamage === 'none'
          ? { charge: 'free' as const, why: 'guidance costs nothing' }
          : chargeOf(ticket.report, humanDamage, ticket.openedAt);
      const decision = { method: event.method, humanDamage, ...charge, at: now, by: actor.name };
      const free = charge.charge === 'free';
      return {
        to: free ? 'preparation' : 'quote',
        patch: { decision, quote: null },
        text: free
          ? `Decided: ${METHOD_TEXT[event.method]}, free of charge (${charge.why}).`
          : `Decided: ${METHOD_TEXT[event.method]}, to be quoted (${charge.why}).`,
        effects: free
          ? [notify('decided', 'merchant', { method: event.method })]
          : [notify('quote_wanted', 'operator', { why: charge.why })],
      };
    },
  },
  send_quote: {
    from: ['quote', 'consent'],
    roles: WORKERS,
    guard: (_ticket, event) =>
      event.items.length > 0 && event.items.reduce((sum, item) => sum + item.amount, 0) !== event.amount
        ? 'the items do not add up to the amount'
        : undefined,
    run: (_ticket, event, { now, policy }) => ({
      to: 'consent',
      patch: {
        quote: {
          amount: event.amount,
          currency: event.currency,
          items: event.items,
          validUntil: event.validUntil ?? now + policy.quoteValidMs,
          at: now,
          consent: null,
        },
      },
      text: `A quote of ${(event.amount / 100).toFixed(2)} ${event.currency} was sent to the merchant.`,
      effects: [notify('quote', 'merchant', { amount: event.amount, currency: event.currency })],
    }),
  },
  consent: {
    from: ['consent'],
    roles: [...STAFF, 'merchant'],
    guard: (ticket, _event, { now }) =>
      ticket.quote?.validUntil && now > ticket.quote.validUntil
        ? 'the quote is no longer valid: send a new one'
        : undefined,
    run: (ticket, event, { now, actor }) => ({
      to: 'preparation',
      patch: {
        quote: ticket.quote && {
          ...ticket.quote,
          consent: { given: true, by: actor.name, at: now, reason: event.why ?? null },
        },
      },
      text: 'The merchant agreed to the quote.',
      effects: [notify('consented', ticket.provider ? 'provider' : 'operator')],
    }),
  },
  refuse_quote: {
    from: ['consent'],
    roles: [...STAFF, 'merchant'],
    run: (ticket, event, { now, actor }) => ({
      to: 'decision',
      patch: {
        quote: ticket.quote && {
          ...ticket.quote,
          consent: { given: false, by: actor.name, at: now, reason: event.why ?? null },
        },
      },
      text: 'The merchant refused the quote; another way is to be decided.',
      effects: [notify('quote_refused', 'operator')],
    }),
  },
  revise_estimate: {
    from: ACTIVE,
    roles: WORKERS_AND_SYSTEM,
    guard: (ticket, _event, { estimate, now }) =>
      estimate(ticket, now) === null ? 'there is nothing to estimate for this ticket' : undefined,
    run: () => ({ text: 'The estimate was revised.' }),
  },
  reserve_loan: {
    from: [...BEFORE_REPAIR, 'repair'],
    roles: STAFF,
    guard: (ticket) =>
      ticket.loan && (ticket.loan.state === 'reserved' || ticket.loan.state === 'delivered')
        ? `loaner ${ticket.loan.asset} is already set aside`
        : ticket.terminal
          ? undefined
          : 'a loaner is for one terminal',
    run: (_ticket, event, { now }) => ({
      patch: {
        loan: { asset: event.asset, state: 'reserved', reservedAt: now, deliveredAt: null, returnedAt: null },
      },
      text: `Loaner ${event.asset} was reserved from stock.`,
      effects: [{ kind: 'asset', payload: { action: 'reserve', asset: event.asset } }],
    }),
  },
  deliver_loan: {
    from: ['preparation', 'repair'],
    roles: WORKERS,
    guard: (ticket) => (ticket.loan?.state === 'reserved' ? undefined : 'no loaner is reserved'),
    run: (ticket, _event, { now }) => ({
      patch: { loan: ticket.loan && { ...ticket.loan, state: 'delivered', deliveredAt: now } },
      text: `Loaner ${ticket.loan?.asset} was delivered and bound to the merchant.`,
      effects: [{ kind: 'asset', payload: { action: 'lend', asset: ticket.loan?.asset } }, notify('loan', 'merchant')],
    }),
  },
  return_loan: {
    from: WORKING,
    roles: WORKERS,
    guard: (ticket) => (ticket.loan?.state === 'delivered' ? undefined : 'no loaner is out'),
    run: (ticket, _event, { now, policy }) => {
      const loan = ticket.loan && { ...ticket.loan, state: 'returned' as const, returnedAt: now };
      const text = `Loaner ${ticket.loan?.asset} came back; it is wiped before it goes out again.`;
      const effects = [{ kind: 'asset' as const, payload: { action: 'take_back', asset: ticket.loan?.asset } }];
      return closeIfReady({ ...ticket, loan }, now, policy, { patch: { loan }, text, effects });
    },
  },
};
