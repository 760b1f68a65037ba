import type { Dice } from '../wild-random.ts';
import { toMinute } from './befall.ts';
import { DAY, HOUR, MIN } from './frame.ts';
import type { Cell, Shop } from './shops.ts';
import type { Till } from './till.ts';

/** What happens to whole towns: heat, holidays, crowds, works on masts. None of it is a part that fails. */
export function troubleTown(
  shops: readonly Shop[],
  cells: readonly Cell[],
  start: number,
  days: number,
  d: Dice,
): void {
  const hot = start + d.between(5, days - 8) * DAY;
  const zone = d.pick(shops).plan.zone;
  for (const shop of shops) {
    if (shop.plan.zone === zone) shop.heat.push({ from: hot, to: hot + d.between(3, 5) * DAY, load: d.between(7, 11) });
  }
  const first = Math.floor(start / DAY);
  for (const name of new Set(shops.map((s) => s.plan.zone))) {
    const holidays = [first + Math.floor(d.between(4, days - 2)), first + Math.floor(d.between(4, days - 2))];
    for (const shop of shops) {
      const stays = shop.plan.trade.forms[0] === 'unattended' || shop.plan.trade.name === 'taxi';
      if (shop.plan.zone === name && !stays) for (const day of holidays) if (d.chance(0.8)) shop.closedDays.add(day);
    }
  }
  for (const cell of cells) {
    for (let day = 2; day < days; day++) {
      if (!d.chance(0.06)) continue;
      const from = toMinute(start + day * DAY + d.between(8, 20) * HOUR);
      cell.crowds.push({ from, to: from + d.between(1.5, 4) * HOUR, load: d.between(0.35, 0.8) });
    }
    if (d.chance(0.3)) {
      const from = start + d.between(3, days - 4) * DAY;
      cell.works.push({ from, to: from + d.between(8, 60) * HOUR, load: 1 });
    }
  }
}

/** What happens to one shop: leave, a sale, power cuts, a router that is switched off and on. */
export function troubleShop(shop: Shop, start: number, days: number, d: Dice): void {
  const at = (): number => toMinute(start + d.between(1, days - 1) * DAY);
  const attended = shop.plan.trade.forms[0] !== 'unattended';
  if (attended && d.chance(0.1)) {
    const from = Math.floor(start / DAY) + Math.floor(d.between(3, days - 8));
    for (let day = from; day < from + 7; day++) shop.closedDays.add(day);
  }
  if (attended && d.chance(0.2)) {
    const from = at();
    shop.surges.push({ from, to: from + d.between(1, 3) * DAY, load: d.between(1.7, 2.6) });
  }
  if (d.chance(0.2)) {
    const from = at();
    shop.blackouts.push({ from, to: from + d.between(1, 11) * MIN });
  }
  const nightly = d.chance(0.25) ? toMinute(d.between(1, 4) * HOUR) : undefined;
  for (let day = 0; day < days; day++) {
    if (nightly !== undefined) {
      const from = start + day * DAY + nightly - shop.plan.zone.hours * HOUR;
      shop.lineCuts.push({ from, to: from + 3 * MIN });
    } else if (d.chance(0.05)) {
      const from = at();
      shop.lineCuts.push({ from, to: from + d.between(2, 9) * MIN });
    }
  }
}

/** What happens to a till whatever it suffers from: somebody pulls its plug. */
export function pullPlugs({ shop, nuisances }: Till, start: number, days: number, d: Dice): void {
  for (let n = d.poisson(0.8); n > 0; n--) {
    const from = toMinute(shop.nextOpen(start + d.between(0.5, days - 2) * DAY));
    if (d.chance(0.6)) nuisances.push({ kind: 'off', from, to: from + d.between(10, 180) * MIN, amount: 1 });
    else nuisances.push({ kind: 'unplugged', from, to: from + d.between(1, 9) * MIN, amount: 1 });
  }
}

/** What happens to one till that is sound. */
export function troubleTill(till: Till, start: number, days: number, d: Dice): void {
  const at = (): number => toMinute(till.shop.nextOpen(start + d.between(1, days - 2) * DAY));
  const { nuisances, deeds, hw } = till;
  if (d.chance(0.3)) {
    const from = at();
    nuisances.push({ kind: 'bad_roll', from, to: from + d.between(2, 9) * HOUR, amount: d.between(3, 8) });
  }
  if (d.chance(0.2)) {
    const from = at();
    nuisances.push({ kind: 'dirty_reader', from, to: from + d.between(5, 26) * HOUR, amount: d.between(0.04, 0.1) });
  }
  if (d.chance(0.08)) {
    const from = at();
    nuisances.push({ kind: 'off', from, to: from + d.between(1, 5) * DAY, amount: 0 });
  }
  if (hw.battery && d.chance(0.15)) {
    const from = at();
    nuisances.push({ kind: 'warm_spot', from, to: from + d.between(1, 4) * HOUR, amount: d.between(4, 9) });
  }
  if (d.chance(0.15)) deeds.push({ at: at(), kind: 'move', amount: d.between(-9, 9) });
  if (hw.battery && d.chance(0.1)) deeds.push({ at: at(), kind: 'swap_pack', amount: d.between(0.85, 1.01) });
  if (hw.battery && d.chance(0.15)) deeds.push({ at: at(), kind: 'relearn', amount: 0 });
}
