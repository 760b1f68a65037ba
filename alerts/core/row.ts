import type { Role } from '../../contract/principal.ts';
import type { Actor, Estimate } from '../../contract/ticket-parts.ts';
import type { Effect, Ticket, TicketState } from '../../contract/tickets.ts';
import type { Policy } from './policy.ts';
import type { EventOf, EventType } from './ticket-events.ts';

export type ActorRole = Role | 'system';

/** What the machine may look at besides the ticket and the event: time, who acts, the tenant's rules, the estimator. */
export interface Context {
  readonly now: number;
  readonly actor: Actor;
  /** The organisation a provider's person belongs to; null for everybody else. */
  readonly actorProvider: string | null;
  readonly policy: Policy;
  /** Promises when the ticket will be dealt with; pure. */
  readonly estimate: (ticket: Ticket, now: number) => Estimate | null;
}

export interface EffectDraft {
  readonly kind: Effect['kind'];
  readonly payload: Readonly<Record<string, unknown>>;
  readonly dueAt?: number;
}

/** What a row makes of a ticket: changed fields, perhaps a new state, a sentence for the history, and effects. */
export interface Moved {
  readonly to?: TicketState;
  readonly patch?: Partial<Ticket>;
  readonly text: string;
  readonly effects?: readonly EffectDraft[];
}

/** One row of the machine's table: from which states, by whom, on which condition, with what result. */
export interface Row<E extends EventType> {
  readonly from: readonly TicketState[];
  readonly roles: readonly ActorRole[];
  /** Why the event is refused although state and role would allow it; undefined: it is not. */
  readonly guard?: (ticket: Ticket, event: EventOf<E>, context: Context) => string | undefined;
  readonly run: (ticket: Ticket, event: EventOf<E>, context: Context) => Moved;
}

export type Rows<E extends EventType> = { readonly [K in E]: Row<K> };

export const STAFF: readonly ActorRole[] = ['operations', 'administrator'];
export const WORKERS: readonly ActorRole[] = ['operations', 'administrator', 'provider'];
export const WORKERS_AND_SYSTEM: readonly ActorRole[] = [...WORKERS, 'system'];
export const EVERYBODY: readonly ActorRole[] = ['operations', 'administrator', 'provider', 'merchant'];

/** Before anybody touches the device. */
export const BEFORE_REPAIR: readonly TicketState[] = [
  'reported',
  'first_aid',
  'diagnosis',
  'decision',
  'quote',
  'consent',
  'preparation',
];
export const WORKING: readonly TicketState[] = ['preparation', 'repair', 'testing', 'handover'];
export const ACTIVE: readonly TicketState[] = [...BEFORE_REPAIR, 'repair', 'testing', 'handover'];
export const DEACTIVATING: readonly TicketState[] = ['review', 'approved', 'deactivated', 'reactivation'];
export const OPEN: readonly TicketState[] = [...ACTIVE, 'lost', ...DEACTIVATING];
export const ENDED: readonly TicketState[] = ['closed', 'follow_up', 'archived', 'cancelled'];

export function notify(
  template: string,
  audience: 'operator' | 'provider' | 'merchant',
  data: Record<string, unknown> = {},
): EffectDraft {
  return { kind: 'notify', payload: { template, audience, ...data } };
}

export function command(name: string, args?: Record<string, unknown>): EffectDraft {
  return { kind: 'command', payload: { name, ...(args ? { args } : {}) } };
}
