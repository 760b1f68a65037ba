import type { DayHours, Lifecycle } from '../registry.ts';
import type { TenantId } from '../topics.ts';

/** What other rooms need to know of a terminal: where it belongs and how it speaks. */
export interface TerminalFacts {
  readonly site: string | null;
  readonly model: string | null;
  readonly vendor: string | null;
  readonly firmware: string | null;
  readonly carrier: string | null;
  readonly heartbeatS: number;
  readonly lifecycle: Lifecycle;
  readonly timezone: string | null;
  /** Opening hours of its site, Monday first; null where unknown. */
  readonly hours: readonly (DayHours | null)[] | null;
}

/** In-memory look-up of terminals, answered without waiting; kept current by the ingest room (or by polling its tables). */
export interface Directory {
  facts(tenant: TenantId, terminal: string): TerminalFacts | undefined;
}
