import { TillwatchError } from '../../contract/errors.ts';
import { type Finding, fingerprintOf } from '../../contract/findings.ts';
import type { CheckpointStore, OpinionStore, StandingFinding } from '../../contract/ports/findings.ts';
import type { Reading } from '../../contract/reading.ts';
import { Engine, type EngineOptions } from '../core/engine.ts';
import { GaugeWatch } from '../core/gauges.ts';

/**
 * Detectors that are taught from what is stored, not from the journal: what they say meanwhile was said when it came, and only what they
 * have learned is kept. Readings must come in order of time.
 */
export class Pupil {
  readonly #engine: Engine;
  readonly #gauges = new GaugeWatch();

  constructor(options: EngineOptions) {
    this.#engine = new Engine(options);
  }

  take(reading: Reading): void {
    this.#gauges.take(reading);
    this.#engine.process(reading);
  }

  /** Hears what people and closed tickets have said, as an analytics worker does at its start. */
  async heed(opinions: Pick<OpinionStore, 'after'>): Promise<void> {
    for (let after = 0; ; ) {
      const some = await opinions.after(after, 500);
      for (const opinion of some) this.#engine.heed(opinion);
      const last = some.at(-1);
      if (!last) return;
      after = last.id;
    }
  }

  /** Those of the findings that stand elsewhere which these detectors do not hold, as ended: nobody would ever end them. */
  notHeld(standing: readonly StandingFinding[], at: number): Finding[] {
    const held = new Set(this.#engine.standing().map(fingerprintOf));
    return standing
      .filter((finding) => !held.has(finding.fingerprint))
      .map(({ fingerprint: _, openedAt: _opened, revision: _revision, ...finding }) => ({
        ...finding,
        at: Math.max(at, finding.at),
        state: 'cleared',
      }));
  }

  /** Keeps what was learned as the checkpoint of a worker that reads the journal on from these positions; none: from its beginning. */
  async save(
    worker: string,
    checkpoints: Pick<CheckpointStore, 'save'>,
    positions: Readonly<Record<number, number>> = {},
  ): Promise<void> {
    const at = this.#engine.now;
    await checkpoints.save({ worker, positions, state: this.#engine.parts(), at });
    if (this.#gauges.size === 0) return;
    await checkpoints.save({ worker: `${worker}/gauges`, positions: {}, state: [this.#gauges.snapshot()], at });
  }
}

/** Whether this version's detectors can go on from a checkpoint as it is. */
export function isReadable(state: Uint8Array): boolean {
  try {
    new Engine().restore(state);
    return true;
  } catch (error) {
    if (!(error instanceof TillwatchError) || error.code !== 'analytics.bad_snapshot') throw error;
    return false;
  }
}
