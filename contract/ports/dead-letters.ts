import type { TenantId } from '../topics.ts';

/** Why a message was not used. */
export const REJECTION_REASONS = [
  'bad_topic',
  'too_large',
  'not_utf8',
  'not_json',
  'not_object',
  'too_deep',
  'too_many_values',
  'missing_field',
  'wrong_type',
  'out_of_range',
  'unknown_word',
  'card_number',
  'bad_batch',
  'rate_limited',
  'too_many_terminals',
  'not_allowed',
  'internal_fault',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

/** Under which tenant messages are kept whose topic names none. */
export const UNPLACED_TENANT = 'unplaced' as TenantId;

/** One rejected message, as kept for people. */
export interface NewDeadLetter {
  readonly tenant: TenantId;
  readonly terminal: string | null;
  readonly topic: string;
  readonly reason: RejectionReason;
  /** The field that is wrong, dotted; null where the whole is. */
  readonly field: string | null;
  /** What is wrong, what was found, and what would be right: a sentence for a person. */
  readonly detail: string;
  /** The payload as text, card numbers masked, cut to the repository's bound. */
  readonly payload: string;
  /** False when masked or cut, so that a replay could not be the message itself. */
  readonly replayable: boolean;
  readonly receivedAt: number;
}

export interface DeadLetter extends NewDeadLetter {
  readonly id: string;
  readonly replayedAt: number | null;
}

export interface DeadLetterFilter {
  readonly reason?: RejectionReason;
  readonly terminal?: string;
  /** The `next` of the page before. */
  readonly after?: string;
  /** 1–500, default 50. */
  readonly limit?: number;
}

export interface DeadLetterPage {
  readonly items: readonly DeadLetter[];
  readonly total: number;
  readonly next?: string;
}

/** What could not be used and why. Suite: `tests/ports/dead-letters.ts`. Errors: `dead_letters.unknown` (404). */
export interface DeadLetterRepository {
  add(letters: readonly NewDeadLetter[]): Promise<void>;
  /** Newest first. */
  list(tenant: TenantId, filter?: DeadLetterFilter): Promise<DeadLetterPage>;
  get(tenant: TenantId, id: string): Promise<DeadLetter | undefined>;
  markReplayed(tenant: TenantId, id: string, at: number): Promise<void>;
  /** Kept letters by reason. */
  counts(tenant: TenantId): Promise<Readonly<Partial<Record<RejectionReason, number>>>>;
  /** Drops letters received before `before` and, per tenant, all but the newest `keep`. Over all tenants on purpose. */
  trim(before: number, keep: number): Promise<number>;
  deleteTenant(tenant: TenantId): Promise<void>;
}
