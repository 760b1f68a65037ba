import type { Generated } from 'kysely';

/** A ticket: the columns that lists filter and sort by, and the whole of it as JSON in `body`. */
export interface TicketRow {
  /** Rises with opening over all tenants; the row of the text index has the same number. */
  seq: Generated<number>;
  tenant: string;
  id: string;
  kind: string;
  state: string;
  open: number;
  severity: string;
  scope: string;
  terminal: string | null;
  site: string | null;
  component: string | null;
  fingerprint: string | null;
  provider: string | null;
  parent: string | null;
  opened_at: number;
  updated_at: number;
  due_at: number | null;
  version: number;
  /** Sorts worst first as text: ended, attached, single, severity, failure time. */
  worst: string;
  /** Search tokens of everything said of the ticket so far. */
  words: string;
  body: string;
}

export interface TicketMemberRow {
  tenant: string;
  terminal: string;
  ticket_seq: number;
}

export interface TicketHistoryRow {
  tenant: string;
  ticket: string;
  index: number;
  at: number;
  by_name: string;
  by_role: string;
  event: string;
  from_state: string | null;
  to_state: string;
  text: string;
  why: string | null;
  data: string;
}

export interface TicketNumberRow {
  tenant: string;
  last: number;
}

export interface IncidentRow {
  tenant: string;
  fingerprint: string;
  standing: number;
  updated_at: number;
  body: string;
  /** Value of the `incidents` counter at its last write. */
  rev: number;
}

export interface OutboxRow {
  key: string;
  tenant: string;
  ticket: string | null;
  kind: string;
  at: number;
  due_at: number;
  payload: string;
  attempts: number;
  done_at: number | null;
  failed_at: number | null;
  last_error: string | null;
  claimed_by: string | null;
  claimed_until: number | null;
}

export interface AlertsCursorRow {
  name: string;
  value: number;
}

export interface AlertsLeadRow {
  name: string;
  holder: string;
  until: number;
}

/** The text index: an FTS5 table in SQLite (`rowid`), a tsvector with a GIN index in PostgreSQL (`seq`). */
export interface TicketTextRow {
  rowid: number;
  seq: number;
  tenant: string;
  words: string;
}

export interface TicketTables {
  ticket: TicketRow;
  ticket_member: TicketMemberRow;
  ticket_history: TicketHistoryRow;
  ticket_number: TicketNumberRow;
  ticket_text: TicketTextRow;
  incident: IncidentRow;
  alerts_outbox: OutboxRow;
  alerts_cursor: AlertsCursorRow;
  alerts_lead: AlertsLeadRow;
}
