import type { Block } from '../block.ts';
import { CELLS } from './link-bearer.ts';

/**
 * Scratch `CELLS` holds what it takes to see that a terminal is on the road: how many cells it has come to of late, whether the hour that this was last
 * seen in is odd, and marks of the last two cells, one of `MARKS` each; together a whole number that sixteen bits keep exactly (`packed.ts`).
 */
const MARKS = 20;
const MOST = 5;
/** What a cell counts for that is neither of the last two, each hour taking one away; and from how much on it is on the road: two such cells within an hour. */
const NEW_CELL = 2;
const ROAD = 3;

/**
 * Takes in the cell that a message was sent by. One that stands at the border of two goes from the one to the other and back; one that comes to
 * a third, and within the hour to a fourth, is carried or driven.
 */
export function noteCell(block: Block, cell: string): void {
  const held = Math.round(block.scratch(CELLS));
  const mark = markOf(cell);
  const hourIsOdd = Math.floor(block.day * 24) % 2;
  let [count, wasOdd, last, before] = unpackCells(held);
  if (hourIsOdd !== wasOdd) count = Math.max(0, count - 1);
  if (held > 0 && mark !== last && mark !== before) count = Math.min(MOST, count + NEW_CELL);
  if (mark !== last) [last, before] = [mark, last];
  const next = ((2 * count + hourIsOdd) * MARKS + last) * MARKS + before;
  if (next !== held) block.setScratch(CELLS, next);
}

export function isOnTheRoad(block: Block): boolean {
  return unpackCells(Math.round(block.scratch(CELLS)))[0] >= ROAD;
}

function unpackCells(held: number): [count: number, wasOdd: number, last: number, before: number] {
  const counted = Math.floor(held / (MARKS * MARKS));
  return [counted >> 1, counted & 1, Math.floor(held / MARKS) % MARKS, held % MARKS];
}

/** A mark of a cell's name, 1 to `MARKS` - 1: names are told apart nineteen times in twenty. */
function markOf(cell: string): number {
  let sum = 0;
  for (let i = 0; i < cell.length; i++) sum = (31 * sum + cell.charCodeAt(i)) % 65_521;
  return 1 + (sum % (MARKS - 1));
}
