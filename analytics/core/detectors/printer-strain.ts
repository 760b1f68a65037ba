import type { Block } from '../block.ts';
import { busier, followBusiest, followBusy, followCoolest, followHigh } from './high.ts';
import { AMBIENT, AMBIENT_AT, BUSIEST, BUSY, HOT } from './printer-channels.ts';

/** How much hotter, K, is strain; how fast summer comes, K a day: a heat wave outruns it. */
const HOTTER = 3;
const HOTTER_A_DAY = 0.4;

/** What surrounds the head: where no other thermometer tells, the head itself at its coolest of late, when nothing was printed. */
export function takeAmbient(block: Block, beside: number | undefined, head: number | undefined): void {
  const known = beside ?? head;
  if (known === undefined) return;
  const last = block.scratch(AMBIENT);
  block.setScratch(AMBIENT, beside ?? followCoolest(last, known, block.day - block.scratch(AMBIENT_AT)));
  block.setScratch(AMBIENT_AT, block.day);
}

/** Learns how hot and how busy its hottest and busiest hours are. */
export function learnStrain(block: Block, use: number, hours: number): void {
  if (hours <= 0) return;
  const busy = followBusy(block.scratch(BUSY), use, hours);
  block.setScratch(BUSY, busy);
  const ambient = block.scratch(AMBIENT);
  if (ambient !== 0)
    block.setScratch(HOT, followHigh(block.scratch(HOT), ambient, HOTTER_A_DAY, hours / 24, block.age));
  block.setScratch(BUSIEST, followBusiest(block.scratch(BUSIEST), busy, hours, block.age));
}

/** True in hours hotter, or busier, than it is used to at its hottest and busiest: any head stops to cool down then, so stops say nothing of this one. */
export function strained(block: Block): boolean {
  const hot = block.scratch(HOT);
  return (hot !== 0 && block.scratch(AMBIENT) > hot + HOTTER) || isRushed(block);
}

/** True in a rush: a head's heat goes with its work, and stops with its heat. */
export function isRushed(block: Block): boolean {
  return busier(block.scratch(BUSY), block.scratch(BUSIEST));
}
