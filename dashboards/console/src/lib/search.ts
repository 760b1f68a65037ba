/** Filters of a list, kept in the page's address: plain words, unknown keys dropped. */
export interface TerminalSearch {
  readonly search?: string;
  readonly health?: string;
  readonly lifecycle?: string;
  readonly site?: string;
  readonly model?: string;
  readonly firmware?: string;
  readonly carrier?: string;
  readonly component?: string;
  readonly tickets?: 'open' | 'none';
  readonly link?: string;
  readonly fails?: 'week';
  readonly sort?: string;
  readonly descending?: boolean;
}

export interface TicketSearch {
  readonly search?: string;
  /** Left out: open ones. */
  readonly open?: 'ended' | 'any';
  readonly state?: string;
  readonly severity?: string;
  readonly component?: string;
  readonly site?: string;
  readonly order?: string;
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
