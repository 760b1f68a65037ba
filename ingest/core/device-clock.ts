import { BOOTS, type TerminalTable } from './terminal-table.ts';

/**
 * How wrong a device's clock is, from arrival times alone. A message cannot come before it was measured, so `receivedAt − ts` is its
 * delay less the clock's offset, and the least of it over a boot bounds the offset (the idea of NTP's clock filter, RFC 5905 §10,
 * with one-way delays). Three rules follow:
 *  - A `ts` ahead of arrival proves a fast clock: corrected at once, by as much as is proven.
 *  - A `ts` behind arrival may be a slow clock or buffered data, which arrives late too. Only a stream that keeps pace with real time
 *    at a steady delay is a slow clock; a backlog arrives faster than it was measured. Until then nothing is corrected.
 *  - More than a year behind, or before 2020, is no backlog: corrected at once.
 */

/** A clock within this of ours is fine and never corrected; covers NTP-less but sane clocks. */
export const AHEAD_TOLERANCE_MS = 5_000;
/** Steady delays up to this are put down to gateways that collect and send every few minutes. */
export const BEHIND_TOLERANCE_MS = 600_000;
const IMPLAUSIBLE_MS = 366 * 86_400_000;
const EPOCH_2020 = 1_577_836_800_000;
/** Votes for a slow clock must be this far apart in real time, and this many, over at least this long. */
const PACE_MS = 10_000;
const VOTES = 3;
const SPAN_MS = 60_000;

/** First guess for a boot not met before: what the last boot's clock was wrong by, where this message bears that out. */
export function firstOffset(table: TerminalTable, id: number, ts: number, receivedAt: number): number {
  const ahead = ts - receivedAt;
  if (ahead > AHEAD_TOLERANCE_MS || implausible(ts, ahead)) return ahead;
  const c = table.columns;
  if (c.boot[id * BOOTS] !== 0) {
    const last = c.offset[id * BOOTS]!;
    if (last !== 0 && Math.abs(ahead - last) <= 60_000) return last;
  }
  return 0;
}

function implausible(ts: number, ahead: number): boolean {
  return ahead < -IMPLAUSIBLE_MS || (ts < EPOCH_2020 && ahead < -BEHIND_TOLERANCE_MS);
}

/** Learns from one message of a known boot and answers the offset to correct it by. `ts` is the device's own. */
export function observeClock(table: TerminalTable, id: number, slot: number, ts: number, receivedAt: number): number {
  const { offset } = table.columns;
  const at = id * BOOTS + slot;
  const known = offset[at]!;
  const ahead = ts - receivedAt;
  // What the message's delay would be were the estimate right.
  const delay = known - ahead;
  if (delay < 0) {
    // Ahead of what the estimate allows: the clock is faster (or less slow) than thought.
    if (known === 0 && ahead <= AHEAD_TOLERANCE_MS) return settled(table, id, 0);
    const learnt = Math.abs(ahead) <= AHEAD_TOLERANCE_MS || (ahead < 0 && ahead > -BEHIND_TOLERANCE_MS) ? 0 : ahead;
    offset[at] = learnt;
    return settled(table, id, learnt);
  }
  const tolerance = known === 0 ? BEHIND_TOLERANCE_MS : AHEAD_TOLERANCE_MS;
  if (delay <= tolerance) return settled(table, id, known);
  if (implausible(ts, ahead)) {
    // The device booted without a clock and set it later, and now sends what it measured before: place it where it arrived,
    // but do not unlearn the good clock.
    if (known === 0) return ahead;
    offset[at] = ahead;
    return settled(table, id, ahead);
  }
  if (slot !== 0) return known;
  const learnt = suspect(table, id, at, ts, receivedAt, known, ahead);
  // The clock was wrong and now tells our own time: most likely it was set right, so do not correct what looks right.
  return Math.abs(ahead) <= AHEAD_TOLERANCE_MS ? 0 : learnt;
}

function suspect(
  table: TerminalTable,
  id: number,
  at: number,
  ts: number,
  receivedAt: number,
  known: number,
  ahead: number,
): number {
  const rare = table.rareOf(id);
  const s = rare.suspicion;
  const passed = s ? receivedAt - s.receivedAt : 0;
  const steady = s !== undefined && passed >= 0 && Math.abs(passed - (ts - s.ts)) <= 2_000 + passed * 0.05;
  if (s === undefined || !steady) {
    rare.suspicion = { ts, receivedAt, delay: -ahead, votes: 1, votedAt: receivedAt };
    return known;
  }
  if (-ahead < s.delay) s.delay = -ahead;
  if (receivedAt - s.votedAt < PACE_MS) return known;
  s.votes++;
  s.votedAt = receivedAt;
  if (s.votes < VOTES || passed < SPAN_MS) return known;
  const learnt =
    Math.abs(s.delay) <= AHEAD_TOLERANCE_MS || (s.delay > 0 && s.delay <= BEHIND_TOLERANCE_MS) ? 0 : -s.delay;
  table.columns.offset[at] = learnt;
  return settled(table, id, learnt);
}

function settled(table: TerminalTable, id: number, offset: number): number {
  const rare = table.rare.get(id);
  if (rare?.suspicion) {
    delete rare.suspicion;
    if (!rare.holes) table.rare.delete(id);
  }
  return offset;
}
