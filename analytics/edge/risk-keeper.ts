import type { Logger } from 'pino';
import { TillwatchError } from '../../contract/errors.ts';
import type { Finding } from '../../contract/findings.ts';
import type { FailureModelStore } from '../../contract/ports/failure-models.ts';
import type { CheckpointStore } from '../../contract/ports/findings.ts';
import type { TenantId } from '../../contract/topics.ts';
import { readModel } from '../core/learn/model.ts';
import type { RiskWatch } from '../core/learn/risk-watch.ts';

export interface RiskKeeperDeps {
  readonly worker: string;
  readonly watch: RiskWatch;
  readonly models: FailureModelStore;
  readonly checkpoints: CheckpointStore;
  /** Tenants that are this worker's; left out: all. */
  readonly tenants?: (tenant: TenantId) => boolean;
  readonly log: Logger;
}

/** Has the learned models run that are enabled, and keeps what they have seen of terminals across restarts, beside the engine's own state. */
export class RiskKeeper {
  readonly #deps: RiskKeeperDeps;
  readonly #name: string;

  constructor(deps: RiskKeeperDeps) {
    this.#deps = deps;
    this.#name = `${deps.worker}/risk`;
  }

  /** Takes up what was enabled or disabled since; answers the findings that end with it. */
  async refresh(now: number): Promise<Finding[]> {
    const { watch, models, tenants, log } = this.#deps;
    const out: Finding[] = [];
    const running = (await models.enabled()).filter(({ tenant }) => tenants?.(tenant) ?? true);
    for (const tenant of watch.tenants()) {
      if (!running.some((one) => one.tenant === tenant)) out.push(...watch.use(tenant as TenantId, null, now));
    }
    for (const { tenant, version, name } of running) {
      if (watch.version(tenant) === version) continue;
      const text = await models.text(tenant, version);
      if (text === undefined) continue;
      out.push(...watch.use(tenant, { version, model: readModel(text, name) }, now));
      log.info({ tenant, version, name }, 'a learned model runs beside the detectors');
    }
    return out;
  }

  async restore(): Promise<void> {
    const { checkpoints, watch, log } = this.#deps;
    const checkpoint = await checkpoints.load(this.#name);
    if (!checkpoint) return;
    try {
      watch.restore(checkpoint.state);
    } catch (error) {
      if (!(error instanceof TillwatchError) || error.code !== 'analytics.bad_snapshot') throw error;
      log.warn({ err: error }, 'state of learned models is of another version or damaged: terminals are followed anew');
    }
  }

  async save(now: number): Promise<void> {
    const { watch, checkpoints } = this.#deps;
    if (watch.size === 0) return;
    await checkpoints.save({ worker: this.#name, positions: {}, state: [watch.snapshot()], at: now });
  }
}
