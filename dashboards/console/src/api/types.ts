import type { Static } from 'typebox';
import type { HistoryEntry, Ticket, TicketSummary } from '../../../../contract/tickets.ts';
import type { EventSchema, SeriesSchema, SitePageSchema } from '../../../core/terminal-views.ts';

export type { SiteView, TerminalPage } from '../../../core/terminal-views.ts';
export type { FindingView, FleetView, Group, HealthCounts, TerminalRow, TicketView } from '../../../core/views.ts';
export type { HealthWord } from '../../../core/words.ts';
export type { HistoryEntry, Ticket, TicketSummary };
export type SitePage = Static<typeof SitePageSchema>;
export type SeriesAnswer = Static<typeof SeriesSchema>;
export type EventView = Static<typeof EventSchema>;

export interface Page<T> {
  readonly items: readonly T[];
  readonly total?: number;
  readonly next?: string;
  readonly at?: number;
}

export interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly status: number;
}

export interface PlatformStatus {
  readonly name: string;
  readonly version: string;
  readonly startedAt: number;
  readonly ready: boolean;
  readonly demo: { readonly phase: 'history' | 'live'; readonly done: number; readonly total: number } | null;
  readonly mqtt: { readonly url: string } | null;
}

export interface TenantRow {
  readonly tenant: string;
  readonly terminals: number;
  readonly critical: number;
  readonly warning: number;
}

export interface TicketAnswer {
  readonly ticket: Ticket;
  readonly history: readonly HistoryEntry[];
  /** Events that the server would take from the asker now. */
  readonly allowed: readonly string[];
}
