import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import { Follower } from '../../analytics/edge/follower.ts';
import type { Finding } from '../../contract/findings.ts';
import type { Checkpoint } from '../../contract/ports/findings.ts';
import type { ConsumeOptions } from '../../contract/ports/journal.ts';
import type { Reading } from '../../contract/reading.ts';
import { counters, heartbeat } from '../support/readings.ts';

const T0 = Date.UTC(2026, 0, 5);
const log = pino({ level: 'silent' });

/** Twelve days of a head that wears from the fifth on, an hour a batch. */
function batches(): Reading[][] {
  return Array.from({ length: 12 * 24 }, (_, hour) =>
    Array.from({ length: 6 }, (_, beat) => {
      const ts = T0 + hour * 3_600_000 + beat * 600_000;
      const worn = Math.max(0, hour / 24 - 5);
      return [
        heartbeat('till-1', ts, {
          printer: { state: 'ok', head_ohm: 800 * (1 + 0.02 * worn) + (ts % 7), dead_dots: Math.round(worn * 2) },
        }),
        counters('till-1', ts + 1000, { printer: { jobs_total: hour * 18 + beat * 3, retries_total: 0 } }),
      ];
    }).flat(),
  );
}

describe('analytics after a kill', () => {
  it('neither repeats nor skips: what is stated in the end is what one run would have stated', async () => {
    const all = batches();
    const saved: { checkpoint?: Checkpoint } = {};
    const stated: Finding[] = [];
    const run = async (from: number, to: number, saveAt: number | undefined, refuse = 0): Promise<void> => {
      let refusals = refuse;
      let options: ConsumeOptions | undefined;
      const engine = new Engine();
      const follower = new Follower({
        log,
        engine,
        shards: [0],
        worker: 'w',
        feed: {
          publish: () => Promise.resolve(0),
          stop: () => Promise.resolve(),
          consume: (given) => {
            options = given;
            return Promise.resolve({
              position: 0,
              lag: 0,
              failure: undefined,
              acknowledge: () => Promise.resolve(),
              stop: () => Promise.resolve(),
            });
          },
        },
        findings: {
          state: (findings) => {
            if (refusals-- > 0) return Promise.reject(new Error('the store is away'));
            stated.push(...findings);
            return Promise.resolve();
          },
          changes: () => Promise.resolve([]),
          standing: () => Promise.resolve([]),
          history: () => Promise.resolve([]),
          claims: () => Promise.resolve([]),
          revisions: () => Promise.resolve([]),
        },
        checkpoints: {
          save: (checkpoint) => {
            saved.checkpoint = { ...checkpoint, state: new Uint8Array(Buffer.concat(checkpoint.state)) };
            return Promise.resolve();
          },
          load: () => Promise.resolve(saved.checkpoint),
        },
      });
      await follower.restore();
      await follower.start();
      const after = (options!.after as number | undefined) ?? 0;
      for (let position = Math.max(from, after + 1); position <= to; position++) {
        const batch = { shard: 0, position, readings: all[position - 1]! };
        // As the feed does: a batch that was refused comes again.
        for (;;) {
          try {
            await options!.handle(batch);
            break;
          } catch {
            // The next attempt tells.
          }
        }
        if (position === saveAt) await follower.checkpoint();
      }
    };
    await run(1, all.length, undefined);
    const whole = stated.splice(0);
    expect(whole.length).toBeGreaterThan(0);

    delete saved.checkpoint;
    await run(1, 200, 150, 2);
    await run(1, all.length, undefined);
    // The stretch between checkpoint and kill is stated twice, word for word: the store takes the second for the first.
    const distinct = [...new Map(stated.map((f) => [JSON.stringify(f), f])).values()];
    expect(distinct).toEqual(whole);
  });
});

describe('analytics while its state is written', () => {
  it('takes nothing in: what is saved is the state at one moment, and the journal waits', async () => {
    const all = batches();
    let handle: ConsumeOptions['handle'] = () => Promise.resolve();
    let release: () => void = () => {};
    const saved: Uint8Array[] = [];
    const engine = new Engine();
    const subscription = { position: 0, lag: 0, failure: undefined, acknowledge: async () => {}, stop: async () => {} };
    const follower = new Follower({
      log,
      engine,
      shards: [0],
      worker: 'w',
      feed: {
        publish: () => Promise.resolve(0),
        stop: () => Promise.resolve(),
        consume: (given) => {
          ({ handle } = given);
          return Promise.resolve(subscription);
        },
      },
      findings: {
        state: () => Promise.resolve(),
        changes: () => Promise.resolve([]),
        standing: () => Promise.resolve([]),
        history: () => Promise.resolve([]),
        claims: () => Promise.resolve([]),
        revisions: () => Promise.resolve([]),
      },
      checkpoints: {
        save: async ({ state }) => {
          await new Promise<void>((resolve) => (release = resolve));
          saved.push(new Uint8Array(Buffer.concat(state)));
        },
        load: () => Promise.resolve(undefined),
      },
    });
    await follower.start();
    await handle({ shard: 0, position: 1, readings: all[0]! });
    const before = engine.snapshot();
    const saving = follower.checkpoint();
    const next = handle({ shard: 0, position: 2, readings: all[1]! });
    await new Promise((resolve) => setImmediate(resolve));
    expect(engine.now).toBe(all[0]!.at(-1)!.receivedAt);
    release();
    await Promise.all([saving, next]);
    expect(saved).toEqual([before]);
    expect(engine.now).toBe(all[1]!.at(-1)!.receivedAt);
  });
});
