import { expect, it } from 'vitest';
import { fairShare } from '../../app/cluster/share.ts';
import { createCheckpointStore } from '../../store/relational/repositories/checkpoints.ts';
import { createLeaseStore, fenced } from '../../store/relational/repositories/leases.ts';
import { describeEachRelational } from '../support/each-relational.ts';
import { leaseStoreSuite } from './leases.ts';

describeEachRelational('leases', (open) => {
  leaseStoreSuite(async () => createLeaseStore(await open()));

  it('what a former owner writes is refused whole', async () => {
    const relational = await open();
    const leases = createLeaseStore(relational);
    const mine = await leases.take('analytics', '0', 'a', -1);
    const checkpoints = createCheckpointStore(fenced(relational, mine!));
    const saved = { worker: 'part-0', positions: { 0: 1 }, state: [Uint8Array.of(1)], at: 1 };
    await checkpoints.save(saved);
    await leases.take('analytics', '0', 'b', 60_000);
    await expect(checkpoints.save({ ...saved, at: 2 })).rejects.toMatchObject({ code: 'lease.lost' });
    expect(await createCheckpointStore(relational).load('part-0')).toMatchObject({ at: 1 });
  });
});

it('workers share units out evenly, and a newcomer moves no more than it must', () => {
  const units = ['0', '1', '2', '3', '4'];
  const owners = new Map<string, string>();
  const rounds = (members: readonly string[]): Map<string, number> => {
    for (let round = 0; round < 5; round++) {
      for (const worker of members) {
        const { take, giveUp } = fairShare(worker, members, units, owners);
        for (const unit of giveUp) owners.delete(unit);
        for (const unit of take) if (!owners.has(unit)) owners.set(unit, worker);
      }
    }
    return new Map(members.map((worker) => [worker, [...owners.values()].filter((owner) => owner === worker).length]));
  };
  expect(rounds(['m'])).toEqual(new Map([['m', 5]]));
  const before = new Map(owners);
  // "a" sorts before "m", and yet "m" keeps the odd one.
  expect(rounds(['a', 'm'])).toEqual(
    new Map([
      ['a', 2],
      ['m', 3],
    ]),
  );
  expect(units.filter((unit) => owners.get(unit) !== before.get(unit))).toHaveLength(2);
  for (const [unit, owner] of owners) if (owner === 'm') owners.delete(unit);
  expect(rounds(['a'])).toEqual(new Map([['a', 5]]));
});
