import { BOOTS, type Holes, type TerminalTable } from './terminal-table.ts';

/** Runs of missing seqs remembered for one boot; beyond it the two runs nearest each other become one. */
const MAX_HOLES = 256;

/** A 53-bit number for a boot's name (two FNV-1a-like hashes side by side), never 0. */
export function bootHash(boot: string): number {
  let lo = 0x811c9dc5;
  let hi = 0xc2b2ae35;
  for (let i = 0; i < boot.length; i++) {
    const c = boot.charCodeAt(i);
    lo = Math.imul(lo ^ c, 0x01000193);
    hi = Math.imul(hi ^ c, 0x85ebca6b) ^ (hi >>> 13);
  }
  return (hi >>> 11) * 0x100000000 + (lo >>> 0 || 1);
}

/** The boot's place among those remembered (0 is the newest), −1 when it is not known. */
export function slotOf(table: TerminalTable, id: number, boot: number): number {
  const boots = table.columns.boot;
  const base = id * BOOTS;
  if (boots[base] === boot) return 0;
  for (let slot = 1; slot < BOOTS; slot++) if (boots[base + slot] === boot) return slot;
  return -1;
}

/**
 * Gives a boot first met now its place by event time: newer than all is slot 0 and pushes the others down; an older one, whose
 * buffered messages come late, takes the place it has in time and never that of the newest.
 */
export function placeBoot(table: TerminalTable, id: number, boot: number, ts: number, offset: number): number {
  const c = table.columns;
  const base = id * BOOTS;
  let slot = 0;
  while (slot < BOOTS - 1 && c.boot[base + slot] !== 0 && c.bootTs[base + slot]! > ts) slot++;
  const holes = table.rare.get(id)?.holes;
  for (let s = BOOTS - 1; s > slot; s--) {
    for (const column of [c.boot, c.low, c.next, c.bootTs, c.offset]) column[base + s] = column[base + s - 1]!;
    if (holes) holes[s] = holes[s - 1] ?? null;
  }
  if (holes) holes[slot] = null;
  c.boot[base + slot] = boot;
  c.bootTs[base + slot] = ts;
  c.offset[base + slot] = offset;
  c.low[base + slot] = 0;
  c.next[base + slot] = 0;
  return slot;
}

/** Marks a seq as seen. False: it was seen before. Gaps are counted when they open and given back when they fill. */
export function markSeen(table: TerminalTable, id: number, slot: number, seq: number): boolean {
  const c = table.columns;
  const at = id * BOOTS + slot;
  const next = c.next[at]!;
  if (seq === next && next > 0) {
    c.next[at] = seq + 1;
    return true;
  }
  if (next === 0) {
    c.low[at] = seq;
    c.next[at] = seq + 1;
    return true;
  }
  if (seq > next) {
    openHole(table, id, slot, next, seq - 1);
    c.gaps[id] = c.gaps[id]! + Math.min(seq - next, 0xffffffff - c.gaps[id]!);
    c.next[at] = seq + 1;
    return true;
  }
  const low = c.low[at]!;
  if (seq < low) {
    if (seq < low - 1) openHole(table, id, slot, seq + 1, low - 1);
    c.low[at] = seq;
    return true;
  }
  if (!fillHole(table, id, slot, seq)) return false;
  if (c.gaps[id]! > 0) c.gaps[id] = c.gaps[id]! - 1;
  return true;
}

function openHole(table: TerminalTable, id: number, slot: number, from: number, to: number): void {
  const rare = table.rareOf(id);
  rare.holes ??= new Array<Holes | null>(BOOTS).fill(null);
  const holes = (rare.holes[slot] ??= []);
  let i = holes.length;
  while (i > 0 && holes[i - 2]! > from) i -= 2;
  holes.splice(i, 0, from, to);
  if (holes.length <= MAX_HOLES * 2) return;
  let nearest = 0;
  for (let h = 2; h + 2 < holes.length; h += 2) {
    if (holes[h + 2]! - holes[h + 1]! < holes[nearest + 2]! - holes[nearest + 1]!) nearest = h;
  }
  holes.splice(nearest + 1, 2);
}

function fillHole(table: TerminalTable, id: number, slot: number, seq: number): boolean {
  const rare = table.rare.get(id);
  const holes = rare?.holes?.[slot];
  if (!rare?.holes || !holes) return false;
  for (let h = 0; h < holes.length; h += 2) {
    const from = holes[h]!;
    const to = holes[h + 1]!;
    if (seq < from) return false;
    if (seq > to) continue;
    if (from === to) holes.splice(h, 2);
    else if (seq === from) holes[h] = seq + 1;
    else if (seq === to) holes[h + 1] = seq - 1;
    else holes.splice(h + 1, 0, seq - 1, seq + 1);
    if (holes.length === 0) {
      rare.holes[slot] = null;
      if (rare.holes.every((s) => s === null)) delete rare.holes;
      if (!rare.holes && !rare.suspicion) table.rare.delete(id);
    }
    return true;
  }
  return false;
}
