import type { Birth } from '../payloads.ts';
import type { PlacementRule } from '../placement.ts';
import type { Lifecycle, Site, Terminal } from '../registry.ts';
import type { TenantId } from '../topics.ts';

/** A terminal made itself known: by a birth, or (birth null) by any other message before one was seen. */
export interface Announcement {
  readonly tenant: TenantId;
  readonly terminal: string;
  /** Event time of the birth, ms UTC: an older one than that already stored changes nothing. */
  readonly at: number;
  readonly receivedAt: number;
  readonly birth: Birth | null;
}

export interface TerminalFilter {
  /** Part of the terminal's id, serial, model, firmware or site, any case. */
  readonly search?: string;
  readonly sites?: readonly string[];
  readonly lifecycle?: readonly Lifecycle[];
  readonly model?: string;
  readonly firmware?: string;
  /** Only these ids. */
  readonly terminals?: readonly string[];
  /** The `next` of the page before. */
  readonly after?: string;
  /** 1–1000, default 100. */
  readonly limit?: number;
}

export interface TerminalPage {
  readonly items: readonly Terminal[];
  /** How many match over all pages. */
  readonly total: number;
  readonly next?: string;
}

/** What an operator does to a terminal's entry. Swap: `replacement` takes over place and standing, the old one retires. */
export type TerminalChange =
  | { readonly kind: 'accept'; readonly site?: string }
  | { readonly kind: 'move'; readonly site: string }
  | { readonly kind: 'retire' }
  | { readonly kind: 'lock' }
  | { readonly kind: 'unlock' }
  | { readonly kind: 'swap'; readonly replacement: string };

export interface RegistryChanges {
  /** Ask for what came after this next time. */
  readonly revision: number;
  readonly terminals: readonly Terminal[];
  readonly sites: readonly Site[];
}

/**
 * The book of terminals and sites. Suite: `tests/ports/registry.ts`.
 * Errors: `registry.unknown_terminal` (404), `registry.unknown_site` (404), `registry.wrong_state` (409: says which states allow it).
 */
export interface RegistryRepository {
  /**
   * Writes announcements in one transaction, oldest first. New terminals become `pending` at the site their birth names (which is
   * made when unknown) or a placement rule says; known ones take what the birth says, except for their site once an operator or a
   * rule has placed them.
   */
  announce(announcements: readonly Announcement[]): Promise<readonly Terminal[]>;
  get(tenant: TenantId, terminal: string): Promise<Terminal | undefined>;
  /** Sorted by id. */
  list(tenant: TenantId, filter?: TerminalFilter): Promise<TerminalPage>;
  /** Applies an operator's change and answers the terminal after it (for a swap: the replacement). `by` is kept in the history. */
  change(tenant: TenantId, terminal: string, change: TerminalChange, at: number, by: string): Promise<Terminal>;
  /** What was done to a terminal, newest first. */
  history(tenant: TenantId, terminal: string, limit: number): Promise<readonly RegistryEvent[]>;
  sites(tenant: TenantId): Promise<readonly Site[]>;
  site(tenant: TenantId, site: string): Promise<Site | undefined>;
  putSite(site: Site, at: number): Promise<Site>;
  placementRules(tenant: TenantId): Promise<readonly PlacementRule[]>;
  /** Replaces a tenant's list. Rules are for terminals to come: what is known keeps its place. */
  putPlacementRules(tenant: TenantId, rules: readonly PlacementRule[]): Promise<void>;
  /** Every tenant that has a terminal or a site. Over all tenants on purpose. */
  tenants(): Promise<readonly TenantId[]>;
  /** Entries changed after `revision`, oldest change first; 0 lists everything, page by page. Over all tenants on purpose. */
  changes(afterRevision: number, limit: number): Promise<RegistryChanges>;
  deleteTenant(tenant: TenantId): Promise<void>;
}

export interface RegistryEvent {
  readonly at: number;
  readonly by: string;
  readonly change: TerminalChange;
  readonly from: Lifecycle;
  readonly to: Lifecycle;
}
