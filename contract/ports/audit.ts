/** One thing that somebody did, or was refused. */
export interface AuditEvent {
  readonly at: number;
  readonly who: string;
  /** How the person was known: `session`, `token:…`, `local`, `command line`, `none`. */
  readonly via: string;
  /** What was done: an operation of the API, or `session.refused` and their like. */
  readonly action: string;
  readonly tenant: string | null;
  /** What it was done to: a path, a user's name. Never a secret, and no content of a message. */
  readonly subject: string;
  /** HTTP status, or `ok` / `failed` for commands. */
  readonly outcome: string;
  /** Network address that it came from. */
  readonly address: string;
}

/** An event in its place in the chain: `hash` covers the event, its number and the hash before it. */
export interface AuditEntry extends AuditEvent {
  readonly seq: number;
  readonly previous: string;
  readonly hash: string;
}

export interface AuditFilter {
  readonly who?: string;
  readonly action?: string;
  /** Only entries of these tenants. */
  readonly tenants?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  /** Entries before this number. */
  readonly before?: number;
  /** 1–500, default 100. */
  readonly limit?: number;
}

/**
 * The trail: entries are added and never changed; the database itself refuses to change or delete one. Suite: `tests/ports/audit.test.ts`.
 * `seal` makes the hash of an entry from what stands before it, and comes from the access code.
 */
export interface AuditTrail {
  append(event: AuditEvent): Promise<AuditEntry>;
  /** Newest first. */
  list(filter?: AuditFilter): Promise<readonly AuditEntry[]>;
  /** Entries after `seq` in their order. */
  after(seq: number, limit: number): Promise<readonly AuditEntry[]>;
  /** Number and hash of the last entry as they were noted beside the entries; seq 0 where there is none. */
  head(): Promise<{ readonly seq: number; readonly hash: string }>;
}
