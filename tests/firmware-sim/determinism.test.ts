import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SimMessage } from '../../firmware-sim/core/terminal.ts';
import { type FleetSnapshot, restoreFleet } from '../../firmware-sim/service.ts';
import { DAY, everyMode, FROM, fleetOf, scene, tell, wire } from './scenes.ts';

function digest(messages: readonly SimMessage[]): string {
  const hash = createHash('sha256');
  for (const { receivedAt, topic, payload, kind } of messages)
    hash.update(`${receivedAt} ${kind} ${topic} ${String(payload)}\n`);
  return hash.digest('hex');
}

describe('a simulated fleet', () => {
  it('tells the same story for the same seed, and another for another', () => {
    const story = (seed: number): string => digest(wire(fleetOf(everyMode(), seed), FROM + 2 * DAY));
    expect(story(1)).toBe(story(1));
    expect(story(2)).not.toBe(story(1));
  });

  it('tells the same story however its time is sliced', () => {
    const until = FROM + 1.5 * DAY;
    expect(digest(wire(fleetOf(everyMode()), until, 7_000_000))).toBe(digest(wire(fleetOf(everyMode()), until)));
  });

  it('goes on after it was put away as if it had never stopped', () => {
    const whole = fleetOf(everyMode());
    tell(whole, FROM + 3 * DAY);
    const first = fleetOf(everyMode());
    tell(first, FROM + 3 * DAY);
    const resumed = restoreFleet(JSON.parse(JSON.stringify(first.snapshot())) as FleetSnapshot);
    expect(digest(tell(resumed, FROM + 5 * DAY))).toBe(digest(tell(whole, FROM + 5 * DAY)));
    expect(resumed.truth()).toEqual(whole.truth());
  });

  it('arrives in order of arrival', () => {
    const arrivals = wire(fleetOf(everyMode()), FROM + 2 * DAY).map((message) => message.receivedAt);
    expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
  });

  it('changes nothing but the afflicted part when a fault is added', () => {
    // Streams of randomness are a part's own: a worn head leaves the same terminal's link and readers as they were.
    const counters = (messages: SimMessage[], group: string): string[] =>
      messages
        .filter(({ topic }) => topic.endsWith('/counters'))
        .map(
          ({ topic, payload }) =>
            topic + JSON.stringify((JSON.parse(String(payload)) as Record<string, unknown>)[group]),
        );
    const fleet = { terminals: 1, stores: 1, models: { countertop: 1 } };
    const sound = wire(fleetOf(scene({ fleet, nuisances: 0 })), FROM + 4 * DAY);
    const faults = [
      {
        component: 'printer',
        mode: 'head_wear',
        count: 1,
        onsetDay: [0.1, 0.1] as [number, number],
        days: [3, 3] as [number, number],
      },
    ];
    const worn = wire(fleetOf(scene({ fleet, nuisances: 0, faults })), FROM + 4 * DAY);
    const unique = (list: string[]): string[] => [...new Set(list)];
    expect(unique(counters(worn, 'reader'))).toEqual(
      expect.arrayContaining(unique(counters(sound, 'reader')).slice(0, 50)),
    );
    expect(counters(worn, 'printer').at(-1)).not.toBe(counters(sound, 'printer').at(-1));
  });

  it('catches up a gap, and freezes through one that is too long', () => {
    const fleet = fleetOf(scene());
    tell(fleet, FROM + DAY);
    fleet.freeze(FROM + 9 * DAY);
    expect(fleet.now).toBe(FROM + 9 * DAY);
    const after = wire(fleet, FROM + 9.5 * DAY);
    expect(after.length).toBeGreaterThan(100);
    expect(Math.min(...after.map((message) => message.receivedAt))).toBeGreaterThanOrEqual(FROM + 9 * DAY);
    const boots = after.filter(({ payload }) => String(payload).includes('"type":"boot"'));
    expect(boots.length).toBeGreaterThan(0);
  });
});
