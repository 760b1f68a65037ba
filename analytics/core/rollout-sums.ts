import { pack, unpack } from './packed.ts';
import { MEASURES } from './rollout-measures.ts';

/** Units in which events are kept, and their units where these are time or counted. */
const EVENT_UNIT = 0.1;
const TIME_UNIT = 0.01;
const COUNT_UNIT = 2;

/** Fading sums of all measures, events and units of each, and where they begin. */
export interface Sums {
  readonly h: Uint16Array;
  readonly at: number;
}

export interface Sum {
  readonly events: number;
  readonly units: number;
}

export function readSum({ h, at }: Sums, m: number): Sum {
  return { events: unpack(h[at + 2 * m]!, EVENT_UNIT), units: unpack(h[at + 2 * m + 1]!, unitOf(m)) };
}

export function writeSum({ h, at }: Sums, m: number, events: number, units: number): void {
  h[at + 2 * m] = pack(events, EVENT_UNIT);
  h[at + 2 * m + 1] = pack(units, unitOf(m));
}

function unitOf(m: number): number {
  return MEASURES[m]!.units ? COUNT_UNIT : TIME_UNIT;
}
