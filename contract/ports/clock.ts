/** Time as an argument: the system's clock in production, a hand-moved one in tests, a fast one in demonstrations. */
export interface Clock {
  /** ms since 1970 UTC. */
  now(): number;
  /** Resolves after `ms` of this clock's time, or rejects at once with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `tick` every `ms`, never two at a time; returns the function that stops it. Errors go to `onError`. */
  every(ms: number, tick: () => void | Promise<void>, onError?: (error: unknown) => void): () => void;
}
