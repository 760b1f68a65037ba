import type { Logger } from 'pino';
import { TillwatchError } from '../../contract/errors.ts';
import type { CheckpointStore } from '../../contract/ports/findings.ts';
import type { GaugeWatch } from '../core/gauges.ts';

/**
 * Keeps what is known of custom gauges across restarts, beside the engine's own state: event time keeps readings that come again from
 * being learned twice, so the two need not be saved in one transaction.
 */
export class GaugeKeeper {
  readonly #worker: string;
  readonly #watch: GaugeWatch;
  readonly #checkpoints: CheckpointStore;
  readonly #log: Logger;

  constructor(deps: {
    readonly worker: string;
    readonly watch: GaugeWatch;
    readonly checkpoints: CheckpointStore;
    readonly log: Logger;
  }) {
    this.#worker = `${deps.worker}/gauges`;
    this.#watch = deps.watch;
    this.#checkpoints = deps.checkpoints;
    this.#log = deps.log;
  }

  async restore(): Promise<void> {
    const checkpoint = await this.#checkpoints.load(this.#worker);
    if (!checkpoint) return;
    try {
      this.#watch.restore(checkpoint.state);
    } catch (error) {
      if (!(error instanceof TillwatchError) || error.code !== 'analytics.bad_snapshot') throw error;
      this.#log.warn({ err: error }, 'state of custom gauges is of another version or damaged: they are learned anew');
    }
  }

  async save(now: number): Promise<void> {
    if (this.#watch.size === 0) return;
    await this.#checkpoints.save({ worker: this.#worker, positions: {}, state: [this.#watch.snapshot()], at: now });
  }
}
