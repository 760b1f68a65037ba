import type { Generated } from 'kysely';

/** A message that could not be used. */
export interface DeadLetterRow {
  seq: Generated<number>;
  tenant: string;
  terminal: string | null;
  topic: string;
  reason: string;
  field: string | null;
  detail: string;
  payload: string;
  replayable: number;
  received_at: number;
  replayed_at: number | null;
}

export interface DeadLetterTables {
  dead_letter: DeadLetterRow;
}
