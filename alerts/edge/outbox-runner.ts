import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import { messageOf, TillwatchError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { Outbox, OutboxEntry } from '../../contract/ports/outbox.ts';
import type { Effect } from '../../contract/tickets.ts';
import { backoffMs, MAX_ATTEMPTS } from '../core/backoff.ts';

/** Does one effect; answers the effects that it led to, which are kept together with the note that it is done. */
export type Handler = (entry: OutboxEntry) => Promise<readonly Effect[]>;

export interface RunnerDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly outbox: Outbox;
  readonly handlers: Readonly<Record<Effect['kind'], Handler>>;
  /** Called with each batch before its effects are done, to fetch at once what they need. */
  readonly prepare: (entries: readonly OutboxEntry[]) => Promise<void>;
  /** Name of this process among those that do effects together. */
  readonly worker: string;
  /** 0 ≤ x < 1, for spreading retries. */
  readonly random: () => number;
}

const BATCH = 500;
const AT_ONCE = 8;
const KEEP_MS = 30 * 86_400_000;
/** A claim's time, and how much of it must be left to begin an effect: longer than any notifier waits. */
const CLAIM_MS = 120_000;
const ENOUGH_MS = 30_000;

/** Does the effects that tickets caused, at least once each, with backoff, and gives up loudly. */
export class OutboxRunner {
  readonly #deps: RunnerDeps;
  readonly #done: Counter;
  readonly #failed: Counter;
  readonly #waiting: Gauge;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
    const registers = [deps.metrics];
    this.#done = new Counter({
      name: 'tillwatch_effects_done_total',
      help: 'Effects of tickets done',
      labelNames: ['kind'],
      registers,
    });
    this.#failed = new Counter({
      name: 'tillwatch_effects_failed_total',
      help: 'Failed attempts at effects of tickets',
      labelNames: ['kind', 'given_up'],
      registers,
    });
    // Present from the start, so that the first failure is growth to whoever watches for it.
    for (const kind of Object.keys(deps.handlers))
      for (const given_up of ['true', 'false']) this.#failed.inc({ kind, given_up }, 0);
    this.#waiting = new Gauge({
      name: 'tillwatch_effects_due',
      help: 'Effects of tickets that were due at the last look',
      registers,
    });
  }

  /** Does everything that is due; answers how many effects it tried. */
  async run(signal?: AbortSignal): Promise<number> {
    const { clock, outbox } = this.#deps;
    let tried = 0;
    for (;;) {
      const claimedAt = clock.now();
      const due = await outbox.claim(this.#deps.worker, claimedAt, BATCH, CLAIM_MS);
      this.#waiting.set(due.length);
      // What is not begun while the claim surely holds is left to whoever claims it next.
      const ours = (): boolean => !signal?.aborted && clock.now() < claimedAt + CLAIM_MS - ENOUGH_MS;
      if (due.length > 0) await this.#deps.prepare(due);
      const done: string[] = [];
      const ledTo: Effect[] = [];
      // Effects of one ticket keep their order; different tickets go side by side.
      const queues = [...Map.groupBy(due, (entry) => `${entry.tenant}/${entry.ticket ?? entry.key}`).values()];
      const workers = Array.from({ length: Math.min(AT_ONCE, queues.length) }, async () => {
        for (let queue = queues.pop(); queue && ours(); queue = queues.pop()) {
          for (const entry of queue) {
            if (!ours()) break;
            const led = await this.#try(entry);
            if (!led) continue;
            done.push(entry.key);
            ledTo.push(...led);
          }
        }
      });
      await Promise.all(workers);
      if (done.length > 0) await outbox.done(done, clock.now(), ledTo);
      tried += due.length;
      if (due.length < BATCH || signal?.aborted) return tried;
    }
  }

  /** What the effect led to; undefined where it failed. */
  async #try(entry: OutboxEntry): Promise<readonly Effect[] | undefined> {
    const { clock, log, outbox, handlers, random } = this.#deps;
    try {
      const ledTo = await handlers[entry.kind](entry);
      this.#done.inc({ kind: entry.kind });
      return ledTo;
    } catch (error) {
      const retryable = !(error instanceof TillwatchError) || error.retryable;
      const attempts = entry.attempts + 1;
      const giveUp = !retryable || attempts >= MAX_ATTEMPTS;
      const now = clock.now();
      await outbox.failed(entry.key, messageOf(error), now, giveUp ? null : now + backoffMs(entry.attempts, random()));
      this.#failed.inc({ kind: entry.kind, given_up: String(giveUp) });
      const facts = { err: error, effect: entry.key, kind: entry.kind, ticket: entry.ticket, attempts };
      if (giveUp) log.warn(facts, `gave up an effect of ${entry.ticket ?? 'no ticket'}: ${messageOf(error)}`);
      else log.info(facts, `an effect of ${entry.ticket ?? 'no ticket'} will be tried again: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** Gives back what was claimed and not done: at the end, and at the start what a former run of this name left. */
  async release(): Promise<void> {
    await this.#deps.outbox.release(this.#deps.worker);
  }

  async trim(): Promise<number> {
    return this.#deps.outbox.trim(this.#deps.clock.now() - KEEP_MS);
  }
}
