import type { Block } from '../block.ts';
import { CELLS } from './link-bearer.ts';

/**
 * Scratch `CELLS` holds what it takes to see that a terminal is on the road: how many cells it has come to of late, the hour that this was last seen in, of
 * `HOURS`, and marks of the last three cells, one of `MARKS` each; together a whole number that sixteen bits keep exactly (`packed.ts`).
 */
const MARKS = 7;
const HOURS = 3;
const MOST = 4;
/** What a cell counts for that is none of the last three, each hour that it is heard of taking one away; and from how much on it is on the road: two such cells within an hour or two. */
const NEW_CELL = 2;
const ROAD = 3;

interface Cells {
  count: number;
  hour: number;
  /** Newest first. */
  last: number[];
}

/**
 * Takes in the cell that a message was sent by, where it tells that. One that stands at the border of three goes from the one to the other and back; one
 * that comes to a fourth, and soon to a fifth, is carried or driven.
 */
export function noteCell(block: Block, cell: string | undefined): void {
  const held = Math.round(block.scratch(CELLS));
  if (held === 0 && cell === undefined) return;
  const hour = Math.floor(block.day * 24) % HOURS;
  // Most messages come by the cell of the one before, within its hour.
  const isSame = cell === undefined || markOf(cell) === Math.floor(held / (MARKS * MARKS)) % MARKS;
  if (isSame && hour === Math.floor(held / MARKS ** 3) % HOURS) return;
  const cells = unpackCells(held);
  if (hour !== cells.hour) cells.count = Math.max(0, cells.count - 1);
  cells.hour = hour;
  if (cell !== undefined) {
    const mark = markOf(cell);
    if (held > 0 && !cells.last.includes(mark)) cells.count = Math.min(MOST, cells.count + NEW_CELL);
    cells.last = [mark, ...cells.last.filter((other) => other !== mark)].slice(0, 3);
  }
  const next = packCells(cells);
  if (next !== held) block.setScratch(CELLS, next);
}

export function isOnTheRoad(block: Block): boolean {
  return unpackCells(Math.round(block.scratch(CELLS))).count >= ROAD;
}

function packCells({ count, hour, last: [a = 0, b = 0, c = 0] }: Cells): number {
  return (((count * HOURS + hour) * MARKS + a) * MARKS + b) * MARKS + c;
}

function unpackCells(held: number): Cells {
  const marks = [Math.floor(held / (MARKS * MARKS)) % MARKS, Math.floor(held / MARKS) % MARKS, held % MARKS];
  const counted = Math.floor(held / MARKS ** 3);
  return { count: Math.floor(counted / HOURS), hour: counted % HOURS, last: marks.filter((mark) => mark > 0) };
}

/** A mark of a cell's name, 1 to `MARKS` - 1: two names are told apart five times in six. */
function markOf(cell: string): number {
  let sum = 0;
  for (let i = 0; i < cell.length; i++) sum = (31 * sum + cell.charCodeAt(i)) % 65_521;
  return 1 + (sum % (MARKS - 1));
}
