/** Counters that rise whenever anybody changes what a process of the alerts room keeps in memory. */
export interface WorkerMarks {
  /** Providers, routes, plans and the other documents. */
  readonly documents: number;
  readonly holds: number;
}

/** Where the processes that serve the alerts room together meet. Suite: `tests/ports/workers.ts`. */
export interface WorkerBoard {
  /** Takes or keeps the lead until `now + forMs`; false while another worker has it. The leader reconciles and does what time brings. */
  lead(worker: string, now: number, forMs: number): Promise<boolean>;
  /** Gives the lead up, where the worker has it, so that another need not wait for its end. */
  leave(worker: string): Promise<void>;
  marks(): Promise<WorkerMarks>;
}
