/** A unit of work held by one worker; the epoch rises each time it changes hands, so that writes of a former owner can be told. */
export interface Lease {
  readonly group: string;
  readonly unit: string;
  readonly worker: string;
  readonly epoch: number;
}

/** How a group of workers stands. */
export interface GroupStanding {
  /** Workers that have been heard of lately, sorted. */
  readonly members: readonly string[];
  /** Leases that hold now, by unit; a unit that is missing is free. */
  readonly leases: ReadonlyMap<string, Lease>;
}

/**
 * Who is there, and who works on what. Times are the store's own clock, so workers' clocks do not matter. Suite: `tests/ports/leases.ts`.
 * Errors: `relational.unavailable` (retryable).
 */
export interface LeaseStore {
  /** Says that the worker lives, renews the leases it holds, and answers how its group stands. */
  beat(group: string, worker: string, ttlMs: number): Promise<GroupStanding>;
  /** Takes a unit that is free or whose lease has run out; undefined where another worker has it. */
  take(group: string, unit: string, worker: string, ttlMs: number): Promise<Lease | undefined>;
  /** Gives a lease back; one that was lost meanwhile is left as it is. */
  release(lease: Lease): Promise<void>;
  /** Takes the worker out of its group and gives back all that it holds. */
  leave(group: string, worker: string): Promise<void>;
}
