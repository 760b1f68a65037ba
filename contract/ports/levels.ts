/** One number that holds now, as a gauge of the Prometheus data model: `name{labels} value`. */
export interface LevelSample {
  /** Letters, digits and `_`. */
  readonly name: string;
  /** Labels with an empty value count as absent. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Where the platform states its own level (counts, findings, tickets, its own metrics) beside the telemetry, so that Grafana asks one
 * server for both. Errors: `telemetry.unavailable` (retryable). Suite: `tests/store/levels.test.ts`.
 */
export interface LevelSink {
  /** Writes samples that hold at `at`, ms UTC. Writing the same again changes nothing. */
  write(samples: readonly LevelSample[], at: number): Promise<void>;
  close(): Promise<void>;
}
