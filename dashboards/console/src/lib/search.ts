import type { TerminalFilters } from '../api/types.ts';

/** Filters of a list, kept in the page's address: plain words, unknown keys dropped. */
export type TerminalSearch = Omit<TerminalFilters, 'offset' | 'limit'>;

export interface TicketSearch {
  readonly search?: string;
  /** Left out: open ones. */
  readonly open?: 'ended' | 'any';
  readonly state?: string;
  readonly severity?: string;
  readonly component?: string;
  readonly site?: string;
  readonly order?: 'worst' | 'newest' | 'updated';
  readonly view?: 'board';
}

export interface SiteSearch {
  readonly search?: string;
  readonly sort?: 'name';
}

/** Picks the named words from what the address says. */
export function pick<T extends object>(names: readonly (keyof T & string)[]): (given: Record<string, unknown>) => T {
  return (given) => {
    const picked: Record<string, unknown> = {};
    for (const name of names) {
      const value = given[name];
      if (typeof value === 'string' ? value !== '' : typeof value === 'boolean' || typeof value === 'number') {
        picked[name] = typeof value === 'number' ? String(value) : value;
      }
    }
    return picked as T;
  };
}

export interface SettingsSearch {
  readonly tab?: 'thresholds' | 'tokens' | 'providers' | 'places' | 'routes' | 'holds' | 'plans' | 'users' | 'audit';
}

export interface ReportSearch {
  readonly days?: string;
}
