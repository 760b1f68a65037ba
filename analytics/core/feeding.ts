import type { Block } from './block.ts';
import { hasRisen } from './detectors/pack-resistance.ts';
import { HEAD_FED, LOW_VOLTAGE } from './detectors/printer-channels.ts';

/** Nats of stops for low voltage that speak for the head's own supply. */
const STOPS = 2;
/** Share of the way to failure at which a pack that feeds the head would have shown its resistance. */
const MUCH = 0.35;

/** Whose a head's falling voltage is. */
export type Feeder = 'pack' | 'supply' | 'unknown';

/** Whether a printer's head is known to be fed from the pack. */
export function isFedByPack(printer: Block): boolean {
  return printer.viewGauge(HEAD_FED).ready;
}

/**
 * Whose the falling voltage of a head is that is fed from the pack: the pack's whose resistance rises, or the head's own supply's that stops
 * it, or that loses much while the pack's resistance is measured and stays. Little of it is nobody's yet; unmeasured, it is the pack's, which ages.
 */
export function feederOf(printer: Block, pack: Block | undefined): Feeder {
  if (!pack) return 'supply';
  const risen = hasRisen(pack);
  if (risen) return 'pack';
  if (printer.score(LOW_VOLTAGE) >= STOPS) return 'supply';
  if (risen === undefined) return 'pack';
  return printer.viewGauge(HEAD_FED).level >= MUCH ? 'supply' : 'unknown';
}
