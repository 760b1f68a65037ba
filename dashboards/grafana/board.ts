import type { Query } from './query.ts';

/** A dashboard in the domain's words: what it is for and what it shows, before any datasource or place on the grid. */
export interface Board {
  /** Also the name of its file, and with a prefix its uid. */
  readonly name: string;
  readonly title: string;
  readonly describe: string;
  /** Which variables it has beside datasource and tenant. `sites`/`terminals`: any number of them; `site`/`terminal`: just one. */
  readonly choose: readonly ('site' | 'sites' | 'terminal' | 'terminals')[];
  /** A dashboard of the platform has no tenant. */
  readonly tenantless?: true;
  readonly from: string;
  readonly sections: readonly Section[];
}

export interface Section {
  readonly title: string;
  readonly panels: readonly PanelSpec[];
}

export interface PanelSpec {
  readonly title: string;
  /** What is seen and what a bad value means, in a sentence or two. */
  readonly describe: string;
  readonly kind: 'stat' | 'series' | 'stack' | 'bars' | 'table';
  /** A Grafana unit id. */
  readonly unit: string;
  readonly queries: readonly { readonly ask: Query; readonly name?: string }[];
  /** Grid units; 24 are a row. */
  readonly width: number;
  readonly height: number;
  readonly limits?: Limits;
  readonly decimals?: number;
  readonly max?: number;
  /** Least step of a series: counters are sent every five minutes. */
  readonly step?: string;
  /** Words for the values, e.g. of a condition's number. */
  readonly words?: readonly { readonly value: number; readonly text: string; readonly color: string }[];
  /** Heads of a table's columns, by label; `value` is the number's. */
  readonly columns?: Readonly<Record<string, string>>;
}

/** Where a number turns orange and red; `falling`: low values are the bad ones. */
export interface Limits {
  readonly warning: number;
  readonly critical: number;
  readonly falling?: true;
}

/** Widths and heights of the usual panels. */
export const STAT = { kind: 'stat', width: 4, height: 4 } as const;
export const SERIES = { kind: 'series', width: 12, height: 8 } as const;
export const STACK = { kind: 'stack', width: 12, height: 8 } as const;
export const BARS = { kind: 'bars', width: 8, height: 9 } as const;
export const TABLE = { kind: 'table', width: 24, height: 10 } as const;
/** Least step of a panel over counters. */
export const COUNTER_STEP = '10m';
