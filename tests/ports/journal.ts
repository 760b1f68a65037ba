import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Journal } from '../../contract/ports/journal.ts';

/** How an adapter is made for the suite. `open` opens the same journal again each time it is called within a test. */
export interface JournalHarness {
  /** A journal of two shards, not yet started; small pieces, so that trimming shows. */
  open(options?: { budgetBytes?: number }): Promise<Journal>;
  /** Throws away what `open` opened, so that the next one is empty. */
  reset(): Promise<void>;
}

const entry = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const big = (fill: number, size = 100_000): Uint8Array => new Uint8Array(size).fill(fill);

/** What every journal must do. */
export function describeJournal(title: string, makeHarness: () => JournalHarness): void {
  describe(`journal: ${title}`, () => {
    let harness: JournalHarness;
    let journal: Journal;
    beforeEach(async () => {
      harness = makeHarness();
      journal = await harness.open();
      await journal.start();
    });
    afterEach(async () => {
      await journal.stop();
      await harness.reset();
    });
    const reopen = async (options?: { budgetBytes?: number }): Promise<void> => {
      await journal.stop();
      journal = await harness.open(options);
      await journal.start();
    };

    it('gives positions from 1, rising by 1 in each shard on its own', async () => {
      const positions = await Promise.all([
        journal.append(0, entry('a')),
        journal.append(0, entry('b')),
        journal.append(1, entry('c')),
        journal.append(0, entry('d')),
      ]);
      expect(positions).toEqual([1, 2, 1, 3]);
      expect(await journal.last(0)).toBe(3);
      expect(await journal.last(1)).toBe(1);
    });

    it('reads back what was written, in order, after a position', async () => {
      for (const text of ['a', 'b', 'c', 'd']) await journal.append(1, entry(text));
      const found = await journal.read(1, 2, 1_000_000);
      expect(found.map((e) => [e.shard, e.position, textOf(e.bytes)])).toEqual([
        [1, 3, 'c'],
        [1, 4, 'd'],
      ]);
      expect(await journal.read(1, 4, 1_000_000)).toEqual([]);
      expect(await journal.read(0, 0, 1_000_000)).toEqual([]);
    });

    it('reads no more bytes than asked for, but always one entry', async () => {
      for (let i = 0; i < 5; i++) await journal.append(0, big(i));
      expect(await journal.read(0, 0, 1)).toHaveLength(1);
      const some = await journal.read(0, 1, 250_000);
      expect(some.map((e) => e.position)).toEqual([2, 3]);
    });

    it('keeps the order of a thousand appends in flight', async () => {
      const positions = await Promise.all(Array.from({ length: 1000 }, (_, i) => journal.append(0, entry(String(i)))));
      expect(positions).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
      const texts: string[] = [];
      for (let after = 0; after < 1000; ) {
        const found = await journal.read(0, after, 2000);
        texts.push(...found.map((e) => textOf(e.bytes)));
        after = found.at(-1)!.position;
      }
      expect(texts).toEqual(Array.from({ length: 1000 }, (_, i) => String(i)));
    });

    it('copies a view into pooled memory rather than taking the pool', async () => {
      const pool = new Uint8Array(new TextEncoder().encode('xxhelloxx'));
      await journal.append(0, pool.subarray(2, 7));
      expect(textOf(pool)).toBe('xxhelloxx');
      expect(textOf((await journal.read(0, 0, 100))[0]!.bytes)).toBe('hello');
    });

    it('has entries and cursors again after it is opened again, and goes on counting', async () => {
      await journal.append(0, entry('a'));
      await journal.append(0, entry('b'));
      await journal.commit('writer', 0, 1);
      await reopen();
      expect(await journal.cursor('writer', 0)).toBe(1);
      expect(await journal.append(0, entry('c'))).toBe(3);
      expect((await journal.read(0, 0, 100)).map((e) => textOf(e.bytes))).toEqual(['a', 'b', 'c']);
    });

    it('keeps a cursor for each consumer and shard, never moving back', async () => {
      await journal.append(0, entry('a'));
      await journal.append(0, entry('b'));
      expect(await journal.cursor('nobody', 0)).toBe(0);
      await journal.commit('a', 0, 2);
      await journal.commit('a', 0, 1);
      await journal.commit('b', 0, 1);
      expect(await journal.cursor('a', 0)).toBe(2);
      expect(await journal.cursor('a', 1)).toBe(0);
      expect(await journal.cursor('b', 0)).toBe(1);
    });

    it('deletes nothing that a known consumer still needs, and nothing while none is known', async () => {
      for (let i = 0; i < 20; i++) await journal.append(0, big(i));
      expect(await journal.trim()).toBe(0);
      await journal.commit('fast', 0, 20);
      await journal.commit('slow', 0, 7);
      await journal.trim();
      const first = (await journal.read(0, 0, 1))[0]!.position;
      expect(first).toBeLessThanOrEqual(8);
      expect((await journal.read(0, 7, 1))[0]).toMatchObject({ position: 8 });
    });

    it('gives disk back once every consumer has passed, and goes on counting', async () => {
      for (let i = 0; i < 40; i++) await journal.append(0, big(i));
      const before = await journal.stats();
      await journal.commit('fast', 0, 40);
      await journal.commit('slow', 0, 2);
      await journal.forget('slow');
      expect(await journal.trim()).toBeGreaterThan(30);
      const after = await journal.stats();
      expect(after.bytes).toBeLessThan(before.bytes / 2);
      expect(after.shards[0]!.first).toBeGreaterThan(30);
      expect(after.shards[0]!.last).toBe(40);
      await reopen();
      expect(await journal.append(0, entry('next'))).toBe(41);
      expect((await journal.read(0, 40, 100)).map((e) => textOf(e.bytes))).toEqual(['next']);
    });

    it('stops clearly when its disk budget is spent, and takes entries again once it is freed', async () => {
      await reopen({ budgetBytes: 3_000_000 });
      await journal.commit('reader', 0, 0);
      let stored = 0;
      let refusal: unknown;
      for (let i = 0; i < 60 && !refusal; i++) {
        await journal.append(0, big(i)).then(
          (position) => {
            stored = position;
          },
          (error: unknown) => {
            refusal = error;
          },
        );
      }
      expect(refusal).toMatchObject({ code: 'journal.full', retryable: true });
      expect(stored).toBeGreaterThan(5);
      expect((await journal.read(0, stored - 1, 1))[0]!.position).toBe(stored);
      await journal.commit('reader', 0, stored);
      await journal.trim();
      expect(await journal.append(0, big(1))).toBe(stored + 1);
    });

    it('wakes those that wait when an entry comes, or when they give up', async () => {
      const never = new AbortController();
      const waiting = journal.wait(0, 0, never.signal);
      await journal.append(0, entry('a'));
      await waiting;
      await journal.wait(0, 0, never.signal);
      const given = new AbortController();
      const second = journal.wait(0, 1, given.signal);
      given.abort();
      await second;
    });

    it('refuses shards it does not have, and everything after it is stopped', async () => {
      await expect(journal.append(2, entry('a'))).rejects.toMatchObject({ code: 'journal.bad_shard' });
      await journal.stop();
      await expect(journal.append(0, entry('a'))).rejects.toMatchObject({ code: 'journal.closed' });
      await journal.start();
    });
  });
}
