import { describe, expect, it } from 'vitest';
import type { Reading } from '../../contract/reading.ts';
import { InformedObserver } from '../support/informed-observer.ts';

const DAY = 86_400_000;
const STEP = 600_000;
const START = Date.UTC(2026, 2, 2);
const ONSET = START + 10 * DAY;
const DUE = ONSET + 4 * DAY;

/** Fourteen days of a till that prints four receipts in ten minutes by day; from onset on `fail` of a hundred are tried again and the head is `warmer`. */
function watched({ fail = 0, warmer = 0, only }: { fail?: number; warmer?: number; only?: 'heartbeat' }) {
  const observer = new InformedObserver();
  let jobs = 1000;
  let retries = 10;
  let owed = 0;
  for (let ts = START, i = 0; ts < DUE + DAY; ts += STEP, i++) {
    const hour = (ts % DAY) / 3_600_000;
    const broken = ts >= ONSET;
    if (hour >= 8 && hour < 20) jobs += 4;
    if (hour >= 8 && hour < 20 && broken) owed += (4 * fail) / 100;
    // One job in eight hundred, whatever happens.
    if (i % 400 === 0) owed++;
    retries += Math.floor(owed);
    owed -= Math.floor(owed);
    const head = 30 + 8 * Math.sin((hour / 12) * Math.PI) + ((i * 7) % 5) / 5 + (broken ? warmer : 0);
    const common = { tenant: 'shop', terminal: 'T1', ts, receivedAt: ts, boot: 'b', seq: i };
    observer.see({
      ...common,
      channel: 'heartbeat',
      payload: { printer: { state: 'ok', head_temp_c: head } },
    } as unknown as Reading);
    if (only === undefined) {
      observer.see({
        ...common,
        channel: 'counters',
        payload: { printer: { jobs_total: jobs, retries_total: retries } },
      } as unknown as Reading);
    }
  }
  const truth = { tenant: 'shop', terminal: 'T1', component: 'printer', mode: 'paper_feed' } as const;
  return (due: number) => observer.saw({ ...truth, onset_at: ONSET, failed_at: DUE + DAY }, due);
}

describe('what somebody who knows the onset could have seen', () => {
  it('is nothing where nothing changes', () => {
    expect(watched({})(DUE)).toBe(false);
  });

  it('is errors that have become frequent, once there were enough of them', () => {
    const saw = watched({ fail: 3 });
    expect(saw(ONSET + 3 * 3_600_000)).toBe(false);
    expect(saw(DUE)).toBe(true);
  });

  it('is a gauge that has left its past', () => {
    expect(watched({ warmer: 6 })(DUE)).toBe(true);
    expect(watched({ warmer: 0.2 })(DUE)).toBe(false);
  });

  it('is nothing in a total that is not sent', () => {
    expect(watched({ fail: 30, only: 'heartbeat' })(DUE)).toBe(false);
  });
});
