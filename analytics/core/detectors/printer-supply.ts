import type { Heartbeat } from '../../../contract/payloads.ts';
import type { Block } from '../block.ts';
import { COUNTED, HEAD_FED, HEAD_MV, LOW_NOW, TELLS_CHARGE, WAS_LOW } from './printer-channels.ts';

/** What a pack's voltage loses from full to nearly empty (natural logarithm), and the most that a full pack of two cells gives a head, at its charger and at rest. */
const DISCHARGED = 0.15;
const ONE_PACK_MV = 8800;
/** Charge, %, under which a pack gives way to a head that prints, whatever the supply is worth. */
const NEARLY_EMPTY = 35;
/** What a head behind a converter may lose of it, which sags by a third as much as its cell, or a half. */
const BEHIND = DISCHARGED / 2;
/** What a full cell gives, mV, and how many times as much as it is told a head has that two of them feed, of which the gauge tells one. */
const FULL_CELL_MV = 4170;
const TWO_CELLS = [1.75, 2.2] as const;

/**
 * A head that is fed from the pack follows its charge, which a day takes down and a night brings back: that is taken out by what cells of
 * cobalt and its kin lose from full to empty. A nearly empty pack says nothing of the supply.
 */
export function takeSupply(block: Block, mv: number, pack: Heartbeat['battery']): void {
  const soc = pack?.soc_pct;
  if (soc !== undefined && soc <= NEARLY_EMPTY) return;
  // Where charge is told, a message without it does not say what a pack's or a converter's voltage should be.
  const tellsCharge = (block.scratch(COUNTED) & TELLS_CHARGE) !== 0;
  const dependsOnIt = isFed(block) || (pack !== undefined && mv < ONE_PACK_MV);
  if (soc === undefined && tellsCharge && pack?.status !== 'absent' && dependsOnIt) return;
  const volts = pack?.voltage_mv;
  const isKnown = volts === undefined && isFed(block) && block.baseOf(HEAD_FED) !== 0;
  // What was steady is a supply's; a voltage that has begun to fall does not make it the pack's.
  const fed = isKnown || (volts === undefined ? mv < ONE_PACK_MV && !block.viewGauge(HEAD_MV).ready : near(mv, volts));
  if (!isKnown && (!fed || pack === undefined || pack.status === 'absent')) {
    const sags = pack?.status === undefined ? block.viewGauge(HEAD_MV).ready : pack.status === 'discharging';
    const charge = soc !== undefined && mv < ONE_PACK_MV && sags ? soc : 100;
    block.gauge(
      HEAD_MV,
      behindConverter(block, Math.log(mv), Math.max(BEHIND * (1 - charge / 100), lostByCell(mv, pack))),
    );
    return;
  }
  // What was taken for a supply's came in a message that left the pack out.
  if (!isFed(block) && !block.viewGauge(HEAD_MV).ready) block.resetGauge(HEAD_MV);
  block.gauge(HEAD_FED, Math.log(mv) + DISCHARGED * (1 - (soc ?? 100) / 100));
}

/** A head's voltage (logarithm), of which its pack explains up to so much (`lost`), but nothing beyond what is usual. */
function behindConverter(block: Block, volts: number, lost: number): number {
  const usual = block.baseOf(HEAD_MV);
  return volts >= usual ? volts : Math.min(usual, volts + lost);
}

/** What a head that may be fed by two cells loses with the one that is told (logarithm), while that is emptied or filled: one that floats feeds nothing. */
function lostByCell(mv: number, pack: Heartbeat['battery']): number {
  const volts = pack?.voltage_mv;
  const works = pack?.status === undefined || pack.status === 'discharging' || pack.status === 'charging';
  if (volts === undefined || !works || mv < TWO_CELLS[0] * volts || mv > TWO_CELLS[1] * volts) return 0;
  return Math.max(0, Math.log(FULL_CELL_MV / volts));
}

function near(head: number, pack: number): boolean {
  return head / pack > 0.7 && head / pack < 1.15;
}

/** Whether the pack feeds the head, as far as the head's voltage has told. */
export function isFed(block: Block): boolean {
  return block.baseOf(HEAD_MV) === 0;
}

/** Notes while a pack runs empty. */
export function takeCharge(block: Block, { soc_pct, status }: NonNullable<Heartbeat['battery']>): void {
  if (soc_pct === undefined) return;
  const counted = block.scratch(COUNTED) | TELLS_CHARGE;
  const isLow = soc_pct <= NEARLY_EMPTY && status !== 'charging' && status !== 'absent';
  const wasLow = (counted & LOW_NOW) !== 0;
  block.setScratch(COUNTED, isLow ? counted | LOW_NOW : wasLow ? (counted & ~LOW_NOW) | WAS_LOW : counted);
}

/** Whether a pack runs empty, or did since the last counters. */
export function hasRunLow(block: Block): boolean {
  return (block.scratch(COUNTED) & (LOW_NOW | WAS_LOW)) !== 0;
}
