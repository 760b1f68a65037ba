import { describe, expect, it } from 'vitest';
import { inStep } from '../../app/in-step.ts';
import { ManualClock } from '../support/manual-clock.ts';

const counts = { accepted: 1, duplicates: 0, rejected: {} };

describe('an import beside a reader that is slower', () => {
  const set = () => {
    const clock = new ManualClock(0);
    const follower = { behind: 0, failure: undefined as Error | undefined };
    let taken = 0;
    const take = inStep(
      () => {
        taken++;
        return Promise.resolve(counts);
      },
      follower,
      3,
      clock,
    );
    return { clock, follower, take: () => take([]), taken: () => taken };
  };

  it('goes on at once while the reader is near', async () => {
    const { follower, take, taken } = set();
    follower.behind = 3;
    expect(await take()).toEqual(counts);
    expect(taken()).toBe(1);
  });

  it('waits while it is far behind, and goes on when it has come near', async () => {
    const { clock, follower, take, taken } = set();
    follower.behind = 4;
    const answer = take();
    for (let i = 0; i < 10; i++) await clock.advance(5);
    expect(taken()).toBe(0);
    follower.behind = 3;
    await clock.advance(5);
    expect(await answer).toEqual(counts);
  });

  it('does not wait for one that has failed for good', async () => {
    const { clock, follower, take } = set();
    follower.behind = 4;
    const answer = take();
    await clock.advance(5);
    follower.failure = new TypeError('its table is gone');
    await clock.advance(5);
    expect(await answer).toEqual(counts);
  });
});
