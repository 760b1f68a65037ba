import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { createScheduler, untilAborted } from '../../app/scheduler.ts';
import { ManualClock } from '../support/manual-clock.ts';

describe('jobs when the platform stops', () => {
  it('are waited for, but for work that heeds no signal and is ended by the store that does it', async () => {
    const clock = new ManualClock(0);
    const scheduler = createScheduler({ clock, log: pino({ enabled: false }) });
    let finish = (): void => {};
    const waited = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let began = 0;
    scheduler.start([
      {
        name: 'endless',
        every: 1000,
        run: (_now, signal) => {
          began++;
          return untilAborted(new Promise(() => {}), signal);
        },
      },
      { name: 'short', every: 1000, run: () => waited },
    ]);
    await clock.advance(1000);
    expect(began).toBe(1);
    let stopped = false;
    const stopping = scheduler.stop().then(() => {
      stopped = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(stopped).toBe(false);
    finish();
    await stopping;
  });

  it('tell of what failed before the stop, and end as their work does', async () => {
    const signal = new AbortController().signal;
    await expect(untilAborted(Promise.resolve(), signal)).resolves.toBeUndefined();
    await expect(untilAborted(Promise.reject(new TypeError('broken')), signal)).rejects.toThrow('broken');
  });
});
