import { describe, expect, it } from 'vitest';
import { asTenantId } from '../../contract/topics.ts';
import { createPipeline } from '../../ingest/core/pipeline.ts';
import { BOOTS } from '../../ingest/core/terminal-table.ts';
import { wireHeartbeat } from '../support/payloads.ts';

const START = Date.UTC(2026, 5, 1);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ACME = asTenantId('acme');

/** A terminal whose messages are measured at true times and told by its own clock; answers the error of each reading's time, ms. */
function terminal() {
  const pipeline = createPipeline();
  let seq = 0;
  return {
    offset: () => pipeline.table.columns.offset[pipeline.table.find(ACME, 'T1') * BOOTS],
    /** Sends what was measured at `at` by a clock off by `off`, `delay` later. */
    say(at: number, off: number, delay: number, boot = 'b1', n = seq++): number {
      const { readings } = pipeline.accept(
        'pos/v1/acme/T1/heartbeat',
        wireHeartbeat(at + off, n, {}, boot),
        at + delay,
      );
      return readings[0]!.ts - at;
    },
  };
}

describe('the clock of a device', () => {
  it('that is fine is never corrected, whatever the network does', () => {
    const t = terminal();
    for (let i = 0; i < 500; i++) {
      const delay = [40, 3_000, 90_000, 12 * MINUTE, 5 * HOUR][i % 5]!;
      expect(t.say(START + i * MINUTE, (i % 3) - 1, delay)).toBe((i % 3) - 1);
    }
    expect(t.offset()).toBe(0);
  });

  it('that is fine is not corrected by a backlog of hours, sent in a burst, in order or newest first', () => {
    for (const newestFirst of [false, true]) {
      const t = terminal();
      t.say(START, 0, 50);
      const back = START + 6 * HOUR;
      const measured = Array.from({ length: 360 }, (_, i) => START + (i + 1) * MINUTE);
      if (newestFirst) measured.reverse();
      measured.forEach((at, i) => {
        expect(t.say(at, 0, back + i * 20 - at)).toBe(0);
      });
      expect(t.say(back + MINUTE, 0, 50)).toBe(0);
    }
  });

  it('that is fine is not corrected by a backlog met first, nor by one that drains slowly', () => {
    const t = terminal();
    // Twelve hours of heartbeats, one sent every ten seconds.
    for (let i = 0; i < 720; i++) expect(t.say(START + i * MINUTE, 0, 12 * HOUR + i * 10_000 - i * MINUTE)).toBe(0);
  });

  it('that is fine is not corrected for a gateway that sends every five minutes', () => {
    const t = terminal();
    for (let i = 0; i < 200; i++) {
      const at = START + i * MINUTE;
      expect(t.say(at, 0, 5 * MINUTE - ((i * MINUTE) % (5 * MINUTE)))).toBe(0);
    }
    const steady = terminal();
    for (let i = 0; i < 200; i++) expect(steady.say(START + i * 5 * MINUTE, 0, 4 * MINUTE)).toBe(0);
  });

  it('that is hours fast is corrected at once, to within the delay', () => {
    const t = terminal();
    for (let i = 0; i < 100; i++) expect(Math.abs(t.say(START + i * MINUTE, 3 * HOUR, 80))).toBeLessThanOrEqual(80);
    expect(t.offset()).toBeCloseTo(3 * HOUR, -3);
  });

  it('that is hours slow is corrected once its messages have kept pace with real time', () => {
    const t = terminal();
    const errors = Array.from({ length: 30 }, (_, i) => Math.abs(t.say(START + i * MINUTE, -2 * HOUR, 80)));
    expect(errors.slice(0, 3)).toEqual([2 * HOUR, 2 * HOUR, 2 * HOUR]);
    expect(Math.max(...errors.slice(3))).toBeLessThanOrEqual(80);
  });

  it('that is years wrong is corrected at once, also in a new boot and after its clock was set right', () => {
    const t = terminal();
    const years = Date.UTC(1970, 0, 1, 0, 5) - START;
    for (let i = 0; i < 5; i++) expect(Math.abs(t.say(START + i * MINUTE, years, 80))).toBeLessThanOrEqual(80);
    for (let i = 5; i < 10; i++) expect(t.say(START + i * MINUTE, 0, 80)).toBe(0);
    for (let i = 10; i < 15; i++) expect(Math.abs(t.say(START + i * MINUTE, -years, 80, 'b2'))).toBeLessThanOrEqual(80);
  });

  it('that drifts is followed, fast or slow', () => {
    for (const drift of [0.002, -0.002]) {
      const t = terminal();
      for (let i = 0; i < 20_000; i++) {
        const at = START + i * MINUTE;
        const error = Math.abs(t.say(at, Math.round(i * MINUTE * drift), 50 + (i % 7) * 10));
        // A slow clock within what gateways may delay is left alone; beyond it, the error stays bounded.
        expect(error).toBeLessThanOrEqual(drift > 0 ? 5_200 : 10 * MINUTE + 30_000);
      }
    }
  });

  it('that was hours fast and is set right is believed again at once', () => {
    const t = terminal();
    for (let i = 0; i < 10; i++) t.say(START + i * MINUTE, 3 * HOUR, 80);
    for (let i = 10; i < 30; i++) expect(t.say(START + i * MINUTE, 0, 80)).toBe(0);
    expect(t.offset()).toBe(0);
  });

  it('that is hours slow is known again after a reboot', () => {
    const t = terminal();
    for (let i = 0; i < 10; i++) t.say(START + i * MINUTE, -2 * HOUR, 80);
    expect(Math.abs(t.say(START + 11 * MINUTE, -2 * HOUR, 90, 'b2', 0))).toBeLessThanOrEqual(90);
  });

  it('never puts a reading into the future by more than its tolerance', () => {
    const t = terminal();
    for (let i = 0; i < 1000; i++) {
      const delay = (i * 7919) % (2 * HOUR);
      expect(t.say(START + i * MINUTE, ((i * 104_729) % (20 * HOUR)) - 10 * HOUR, delay) - delay).toBeLessThanOrEqual(
        5_000,
      );
    }
  });

  it('is not blamed for long when it was our own clock that jumped', () => {
    for (const jump of [-2 * HOUR, 2 * HOUR]) {
      const t = terminal();
      // What `say` calls delay is arrival by our clock less the true time, so a jump of ours is a delay of that much.
      for (let i = 0; i < 10; i++) t.say(START + i * MINUTE, 0, 50);
      for (let i = 10; i < 30; i++) t.say(START + i * MINUTE, 0, 50 + jump);
      for (let i = 30; i < 60; i++) expect(t.say(START + i * MINUTE, 0, 50)).toBe(0);
      expect(t.offset()).toBe(0);
    }
  });
});
