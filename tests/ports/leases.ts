import { describe, expect, it } from 'vitest';
import type { LeaseStore } from '../../contract/ports/leases.ts';

const LONG = 60_000;
/** A lease that has run out the moment it is given. */
const OVER = -1;

/** What every LeaseStore must do. `open` answers a fresh, empty one. */
export function leaseStoreSuite(open: () => Promise<LeaseStore>): void {
  describe('leases', () => {
    it('knows who is there, and gives a unit to one worker at a time', async () => {
      const leases = await open();
      await leases.beat('ingest', 'a', LONG);
      expect((await leases.beat('ingest', 'b', LONG)).members).toEqual(['a', 'b']);
      expect((await leases.beat('analytics', 'c', LONG)).members).toEqual(['c']);
      const mine = await leases.take('ingest', '0', 'a', LONG);
      expect(mine).toEqual({ group: 'ingest', unit: '0', worker: 'a', epoch: 1 });
      expect(await leases.take('ingest', '0', 'b', LONG)).toBeUndefined();
      expect((await leases.beat('ingest', 'b', LONG)).leases.get('0')).toEqual(mine);
    });

    it('lets two that reach for the same unit have it once', async () => {
      const leases = await open();
      const taken = await Promise.all(['a', 'b', 'c', 'd'].map((worker) => leases.take('ingest', '0', worker, LONG)));
      expect(taken.filter((lease) => lease !== undefined)).toHaveLength(1);
    });

    it('gives on what has run out, under a higher epoch', async () => {
      const leases = await open();
      const first = await leases.take('ingest', '0', 'a', OVER);
      const second = await leases.take('ingest', '0', 'b', LONG);
      expect([first?.epoch, second?.epoch]).toEqual([1, 2]);
      await leases.release(first!);
      const standing = await leases.beat('ingest', 'a', LONG);
      expect(standing.leases.get('0')).toMatchObject({ worker: 'b', epoch: 2 });
    });

    it('renews by a beat, also what has run out and nobody has taken', async () => {
      const leases = await open();
      await leases.take('ingest', '0', 'a', OVER);
      const standing = await leases.beat('ingest', 'a', LONG);
      expect(standing.leases.get('0')).toMatchObject({ worker: 'a', epoch: 1 });
      expect(await leases.take('ingest', '0', 'b', LONG)).toBeUndefined();
    });

    it('forgets a worker that leaves, and frees what it had', async () => {
      const leases = await open();
      await leases.beat('ingest', 'a', LONG);
      await leases.take('ingest', '0', 'a', LONG);
      await leases.leave('ingest', 'a');
      expect(await leases.beat('ingest', 'b', LONG)).toEqual({ members: ['b'], leases: new Map() });
      expect(await leases.take('ingest', '0', 'b', LONG)).toMatchObject({ epoch: 2 });
    });
  });
}
