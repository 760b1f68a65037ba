import { type Components, SYSTEM } from './components.ts';
import { isGivenBack, lossOf, MEMORY, UP, usualLoss } from './detectors/memory-loss.ts';
import { BEAT_AT, MODEL, type Terminals } from './terminals.ts';
import { DAY } from './time.ts';

/** Others of the model that are asked, and ms without a word after which one of them says nothing of now. */
const ASKED = 30;
const IDLE = DAY;
/** How many of them, and which share of those that can tell, must lose as much for it to be the software's. */
const FEWEST = 2;
const MANY = 1 / 4;
/** Share of one's uptime for which others must have been up, for what they have lost by now to be compared. */
const AS_LONG = 1 / 2;
/** Times as much an hour from which what one loses is its own. */
const FASTER = 3.5;

/**
 * Whether a terminal loses memory as it did before it last started, or as others of its model do: software that takes a little more every day, until
 * it is restarted, is no fault of each. What a start has just given back is lost no more. Leaves cursor and view where it found them.
 */
export function losesAsEver(
  terminals: Terminals,
  components: Components,
  index: number,
  now: number,
  at: number,
): boolean {
  const block = components.known(index, SYSTEM, at);
  const up = block?.scratch(UP) ?? 0;
  if (!block || up === 0) return false;
  if (isGivenBack(block)) return true;
  const much = lossOf(block) / FASTER;
  if (usualLoss(block) > much) return true;
  const model = terminals.int(index, MODEL);
  let [asked, alike] = [0, 0];
  for (let k = 1; k < terminals.count && asked < ASKED && model > 0; k++) {
    const i = (index + k) % terminals.count;
    if (terminals.int(i, MODEL) !== model || now - terminals.time(i, BEAT_AT) > IDLE) continue;
    const other = components.known(i, SYSTEM, at);
    if (!other?.viewGauge(MEMORY).ready) continue;
    const loss = Math.max(usualLoss(other), other.scratch(UP) >= up * AS_LONG ? lossOf(other) : 0);
    if (loss === 0) continue;
    asked++;
    if (loss > much) alike++;
  }
  components.known(index, SYSTEM, at);
  components.view(index, SYSTEM);
  return alike >= Math.max(FEWEST, MANY * asked);
}
