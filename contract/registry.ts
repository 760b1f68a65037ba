import type { TenantId } from './topics.ts';

/** Where a terminal stands in its life. `pending`: announced itself, not yet accepted. `locked`: credentials refused. */
export type Lifecycle = 'pending' | 'active' | 'locked' | 'retired';

/** Opening hours of a weekday in the site's own time, minutes after midnight; a closing past midnight exceeds 1440. */
export interface DayHours {
  readonly opens: number;
  readonly closes: number;
}

export interface Site {
  readonly tenant: TenantId;
  readonly site: string;
  readonly name: string;
  /** IANA zone. */
  readonly timezone: string;
  /** Seven entries, Monday first; null: closed that day. Left out: unknown, taken as always open. */
  readonly hours?: readonly (DayHours | null)[];
  /** ISO dates on which the store is closed. */
  readonly closedOn?: readonly string[];
  readonly region?: string;
  readonly address?: string;
  readonly lat?: number;
  readonly lon?: number;
  readonly contact?: string;
}

export interface Terminal {
  readonly tenant: TenantId;
  readonly terminal: string;
  readonly lifecycle: Lifecycle;
  /** null until a birth or an operator names it. */
  readonly site: string | null;
  /** True once an operator has placed it: births no longer move it. */
  readonly placed: boolean;
  readonly serial: string | null;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  readonly app: string | null;
  readonly carrier: string | null;
  readonly iccid: string | null;
  readonly heartbeatS: number;
  readonly timezone: string | null;
  readonly boughtOn: string | null;
  readonly warrantyUntil: string | null;
  /** The last birth's hardware groups, as given. */
  readonly hardware: Readonly<Record<string, unknown>>;
  readonly firstSeenAt: number;
  readonly updatedAt: number;
}

/** The link: is there a session, and how do we know. */
export interface LinkState {
  readonly online: boolean;
  readonly since: number;
  readonly reason: 'birth' | 'state' | 'message' | 'will' | 'shutdown' | 'keepalive' | 'never';
}

/** Data freshness: is what we know recent, measured against the terminal's own heartbeat interval. */
export interface Freshness {
  readonly state: 'fresh' | 'late' | 'silent' | 'never';
  readonly lastAt: number | null;
  /** Why silence is no outage, where it is not. */
  readonly excuse: 'shutdown' | 'closed' | null;
}

export interface Presence {
  readonly tenant: TenantId;
  readonly terminal: string;
  readonly link: LinkState;
  readonly freshness: Freshness;
  /** Estimated device clock − server clock, ms. */
  readonly clockOffsetMs: number;
  readonly gaps: number;
  readonly duplicates: number;
}
