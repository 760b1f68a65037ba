import type { Logger } from 'pino';
import { messageOf } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { Lease, LeaseStore } from '../../contract/ports/leases.ts';
import type { Check, Health } from '../../contract/room.ts';
import { fairShare } from './share.ts';

/** Work that one worker at a time does. */
export interface Unit {
  start(): Promise<void>;
  /** Ends it in good order; what it can no longer write because the lease is lost is left to the next owner. */
  stop(): Promise<void>;
  health(): Health;
}

export interface LeaseKeeperDeps<U extends Unit> {
  readonly clock: Clock;
  readonly log: Logger;
  readonly leases: LeaseStore;
  readonly group: string;
  readonly worker: string;
  readonly units: readonly string[];
  /** Makes the unit of a lease just taken; it is started by the keeper. */
  readonly open: (unit: string, lease: Lease) => U;
  /** Told of units that another worker holds now although this one had not given them up. */
  readonly lost?: (unit: string) => void;
  /** How long a lease holds without a beat. */
  readonly ttlMs: number;
}

interface Held<U> {
  readonly lease: Lease;
  readonly unit: U;
  state: 'starting' | 'running' | 'ending';
  /** Resolves when it is at work, or could not start. */
  readonly begun: Promise<void>;
  ended?: Promise<void>;
}

/** Beats within a lease's life: three may be lost before it runs out. */
const BEATS = 5;

/**
 * Holds this worker's fair share of a group's units: takes what is free, gives up what is too much, and ends what it has lost. While the
 * lease store is away it goes on: nobody else can take over either, and what it writes is fenced.
 */
export class LeaseKeeper<U extends Unit> {
  readonly #deps: LeaseKeeperDeps<U>;
  readonly #held = new Map<string, Held<U>>();
  #members: readonly string[] = [];
  #failure: string | undefined;
  #stopBeating: (() => void) | undefined;
  #stopping = false;

  constructor(deps: LeaseKeeperDeps<U>) {
    this.#deps = deps;
  }

  /** Units at work here. */
  get running(): ReadonlyMap<string, U> {
    return new Map(
      [...this.#held].filter(([, held]) => held.state === 'running').map(([name, held]) => [name, held.unit]),
    );
  }

  /** Every unit here, also those that are starting or ending. */
  get all(): readonly U[] {
    return [...this.#held.values()].map((held) => held.unit);
  }

  async start(): Promise<void> {
    const { clock, ttlMs } = this.#deps;
    await this.#beat();
    this.#stopBeating = clock.every(Math.max(1, Math.round(ttlMs / BEATS)), () => this.#beat());
  }

  /** Waits until every unit that is here now is at work or could not start (then it is taken anew with a later beat). */
  async begun(): Promise<void> {
    await Promise.all([...this.#held.values()].map((held) => held.begun));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#stopBeating?.();
    await Promise.all([...this.#held.keys()].map((name) => this.#end(name)));
    const { leases, group, worker, log } = this.#deps;
    await leases
      .leave(group, worker)
      .catch((error: unknown) => log.warn({ err: error }, 'could not say goodbye: the leases run out by themselves'));
  }

  check(): Check {
    const { group, units } = this.#deps;
    return {
      name: `${group} leases`,
      ok: this.#failure === undefined,
      detail: this.#failure ?? `${this.#held.size} of ${units.length} here; workers: ${this.#members.join(', ')}`,
    };
  }

  async #beat(): Promise<void> {
    const { leases, group, worker, ttlMs, units, log, lost } = this.#deps;
    try {
      const standing = await leases.beat(group, worker, ttlMs);
      if (this.#stopping) return;
      this.#members = standing.members;
      for (const [name, held] of this.#held) {
        const now = standing.leases.get(name);
        if (now?.worker === worker && now.epoch === held.lease.epoch) continue;
        if (held.state === 'ending') continue;
        log.warn({ group, unit: name, owner: now?.worker }, `${group} ${name} has gone to another worker`);
        void this.#end(name);
        lost?.(name);
      }
      for (const [name, held] of this.#held) {
        if (held.state !== 'running' || held.unit.health().ok) continue;
        log.warn({ group, unit: name, checks: held.unit.health().checks }, `${group} ${name} failed: it starts anew`);
        void this.#end(name);
      }
      const owners = new Map([...standing.leases.values()].map((lease) => [lease.unit, lease.worker]));
      const { take, giveUp } = fairShare(worker, standing.members, units, owners);
      for (const name of giveUp) if (this.#held.get(name)?.state === 'running') void this.#end(name);
      for (const name of take) if (!this.#held.has(name)) await this.#take(name);
      this.#failure = undefined;
    } catch (error) {
      if (this.#failure === undefined) {
        log.warn({ group, reason: messageOf(error) }, 'the lease store does not answer: work goes on, nothing moves');
      }
      this.#failure = messageOf(error);
    }
  }

  async #take(name: string): Promise<void> {
    const { leases, group, worker, ttlMs, open, log, clock } = this.#deps;
    const lease = await leases.take(group, name, worker, ttlMs);
    if (!lease) return;
    const began = clock.now();
    const unit = open(name, lease);
    // Not waited for: other leases must be renewed meanwhile.
    const begun = unit.start().then(
      () => {
        if (held.state === 'starting') held.state = 'running';
        log.info(
          { group, unit: name, epoch: lease.epoch, ms: clock.now() - began },
          `${group} ${name} is at work here`,
        );
      },
      (error: unknown) => {
        log.warn({ group, unit: name, err: error }, `${group} ${name} could not start: ${messageOf(error)}`);
        void this.#end(name);
      },
    );
    const held: Held<U> = { lease, unit, state: 'starting', begun };
    this.#held.set(name, held);
  }

  #end(name: string): Promise<void> {
    const held = this.#held.get(name);
    if (!held) return Promise.resolve();
    held.ended ??= this.#close(name, held);
    return held.ended;
  }

  async #close(name: string, held: Held<U>): Promise<void> {
    const { leases, group, log } = this.#deps;
    held.state = 'ending';
    try {
      await held.unit.stop();
    } catch (error) {
      log.info({ group, unit: name, reason: messageOf(error) }, `${group} ${name} ended without a last word`);
    }
    this.#held.delete(name);
    await leases
      .release(held.lease)
      .catch((error: unknown) => log.warn({ err: error }, 'a lease was not given back: it runs out by itself'));
  }
}
