/**
 * A fleet as a stranger would judge us on, written from the contract by somebody who knew no detector: seeds 1–50 are for development,
 * 101–150 for validation, from 9251 on for what is reported. Nine models of five vendors, none of which sends all that the contract
 * knows, in two to three dozen shops of thirteen trades. What is announced shows; what only looks like a fault is in no truth.
 */
import type { TruthLine } from '../../analytics/core/score.ts';
import { befall, shuffled, toMinute } from './street/befall.ts';
import { DAY, HOUR, type Line, MIN } from './street/frame.ts';
import { HARDWARE, type Hardware } from './street/hardware.ts';
import { pullPlugs, troubleShop, troubleTill, troubleTown } from './street/nuisances.ts';
import { Gateway, Post } from './street/post.ts';
import { type Cell, Shop, TRADES, ZONES } from './street/shops.ts';
import { Till } from './street/till.ts';
import { Voice } from './street/voice.ts';
import { type Dice, dice } from './wild-random.ts';

export interface StreetOptions {
  readonly seed: number;
  readonly terminals: number;
  /** At least 12: a fault needs a week of history before it and some days after. */
  readonly days: number;
}

export interface StreetFleet {
  /** The recording in order of arrival, made while it is read; to be read once. */
  readonly lines: Iterable<Line>;
  /** Whole when `lines` has been read to its end: a failure is written down when it happens. */
  readonly truth: readonly TruthLine[];
}

interface World {
  readonly shops: Shop[];
  readonly tills: Till[];
  readonly cells: readonly Cell[];
  readonly gateways: { gateway: Gateway; shop: Shop }[];
  readonly post: Post;
  /** No service of that carrier. */
  readonly carrierCut: { carrier: string; from: number; to: number };
}

const CARRIERS = ['tele-nord', 'mobi', 'vox'] as const;

export function streetFleet({ seed, terminals, days }: StreetOptions): StreetFleet {
  const d = dice(seed * 7_919 + 31);
  const start = Date.UTC(2025, Math.floor(d() * 12), 1 + Math.floor(d() * 27));
  const world = build(seed, terminals, d);
  const { tills, shops, cells } = world;
  troubleTown(shops, cells, start, days, d);
  for (const shop of shops) troubleShop(shop, start, days, d);
  comeAndGo(tills, start, days, d);
  befall(tills, start, days, d);
  for (const till of tills) {
    pullPlugs(till, start, days, d);
    if (till.faults.length === 0) troubleTill(till, start, days, d);
  }
  const truth: TruthLine[] = [];
  const updates = update(tills, start, days, d);
  const outages = cutOff(world, start, days, d);
  return { lines: run(world, start, days, [...updates, ...outages], truth), truth };
}

function build(seed: number, terminals: number, d: Dice): World {
  const cells: Cell[] = Array.from({ length: 9 }, (_, i) => ({
    id: `${4_100 + i * 7}`,
    carrier: CARRIERS[i % CARRIERS.length]!,
    crowds: [],
    works: [],
  }));
  const post = new Post(dice(seed * 13 + 5));
  const world: World = {
    shops: [],
    tills: [],
    cells,
    gateways: [],
    post,
    carrierCut: { carrier: d.pick(CARRIERS), from: 0, to: 0 },
  };
  let trades = shuffled(TRADES, d);
  while (world.tills.length < terminals) {
    if (trades.length === 0) trades = shuffled(TRADES, d);
    const trade = trades.pop()!;
    const id = `street-${world.shops.length + 1}-${trade.name}`;
    const tenant = d.pick(['high-street', 'old-town']);
    const jobs = d.between(...trade.jobs);
    const shop = new Shop(
      { id, tenant, trade, zone: d.pick(ZONES), cell: d.pick(cells), jobs },
      dice(seed * 997 + world.shops.length),
    );
    world.shops.push(shop);
    const models = modelsFor(trade.forms, d);
    const gateway = new Gateway(tenant, `gw-${world.shops.length}`, d.pick([1, 2, 5]), post);
    if (models.some((hw) => hw.gateway)) world.gateways.push({ gateway, shop });
    const count = Math.floor(d.between(trade.tills[0], trade.tills[1] + 1));
    for (let i = 0; i < count && world.tills.length < terminals; i++) {
      const hw = d.pick(models);
      const own = dice(seed * 65_537 + world.tills.length * 31 + 7);
      const name = `${hw.vendor[0]}${String(world.tills.length + 1).padStart(3, '0')}`;
      const voice = new Voice(tenant, name, hw, own, post, hw.gateway ? gateway : undefined);
      world.tills.push(new Till(hw, shop, cells, voice, own));
    }
  }
  return world;
}

/** A shop buys one model of each form, sometimes two. */
function modelsFor(forms: readonly Hardware['form'][], d: Dice): Hardware[] {
  return forms.flatMap((form) => {
    const all = shuffled(
      HARDWARE.filter((hw) => hw.form === form),
      d,
    );
    return all.slice(0, d.chance(0.3) ? 2 : 1);
  });
}

/** Some join late, some are taken away, some lie in a drawer and come out now and then. */
function comeAndGo(tills: readonly Till[], start: number, days: number, d: Dice): void {
  for (const till of tills) {
    const draw = d();
    if (draw < 0.06) till.joins = toMinute(start + d.between(2, days * 0.7) * DAY);
    else if (draw < 0.09) till.retires = toMinute(start + d.between(days * 0.5, days - 1) * DAY);
    else if (draw < 0.13 && till.hw.form !== 'unattended') {
      for (let at = start; at < start + days * DAY; ) {
        const to = at + d.between(1, 6) * DAY;
        till.nuisances.push({ kind: 'off', from: toMinute(at), to: toMinute(to), amount: 0 });
        at = to + d.between(4, 30) * HOUR;
      }
      till.spare = true;
    }
  }
}

/** One model gets a firmware that is bad, and another one that only counts from nought again. */
function update(tills: readonly Till[], start: number, days: number, d: Dice): TruthLine[] {
  const models = shuffled(
    HARDWARE.filter((hw) => tills.filter((t) => t.hw === hw).length >= 4),
    d,
  );
  const [bad, good] = models;
  const truth: TruthLine[] = [];
  const reader = d.chance(0.4);
  const from = start + d.between(10, days * 0.65) * DAY;
  for (const till of tills) {
    const at = toMinute(till.shop.nextOpen(from + d.between(0, 3) * DAY));
    if (till.hw === good) till.deeds.push({ at: at + HOUR, kind: 'update', amount: 0 });
    // Who has trouble of its own is left out of a rollout.
    if (
      till.hw !== bad ||
      till.faults.length > 0 ||
      at < till.joins ||
      at > till.retires ||
      till.retires < start + days * DAY
    )
      continue;
    till.deeds.push({ at, kind: 'update', amount: 1 });
    till.regressedAt = at;
    till.regressed.after = `${till.hw.firmware}-b`;
    till.regressed.reader = reader;
    const { tenant, terminal } = till.voice;
    const began = { tenant, terminal, onset_at: at, failed_at: null };
    truth.push({ ...began, component: 'system', mode: 'firmware_regression' });
    // Whoever is told of the antenna of such a till is told right, if not why.
    if (reader) truth.push({ ...began, component: 'reader', mode: 'tap_fault' });
  }
  return truth;
}

/** One carrier is gone for hours, and the line of one shop: told by nothing before, but somebody wants to know. */
function cutOff(world: World, start: number, days: number, d: Dice): TruthLine[] {
  const { carrierCut, shops, tills } = world;
  const day = d.between(8, days - 3);
  carrierCut.from = toMinute(start + day * DAY);
  carrierCut.to = carrierCut.from + d.between(1.5, 4) * HOUR;
  const shop = d.pick(shops);
  const from = toMinute(shop.nextOpen(start + d.between(5, days - 3) * DAY) + HOUR);
  shop.lineCuts.push({ from, to: from + d.between(1.2, 5) * HOUR });
  return tills.flatMap(({ link, shop: own, voice: { tenant, terminal } }) => {
    const cut = link.cellular
      ? link.cell.carrier === carrierCut.carrier
        ? carrierCut.from
        : 0
      : own === shop
        ? from
        : 0;
    if (cut === 0) return [];
    return [
      { tenant, terminal, component: 'network', mode: 'offline', onset_at: cut, failed_at: cut + 15 * MIN } as const,
    ];
  });
}

function* run(
  world: World,
  start: number,
  days: number,
  known: readonly TruthLine[],
  truth: TruthLine[],
): Generator<Line> {
  const { shops, tills, gateways, post, carrierCut } = world;
  const end = start + days * DAY;
  for (let t = start; t < end; t += MIN) {
    for (const shop of shops) shop.step(t);
    const cut = t >= carrierCut.from && t < carrierCut.to;
    for (const till of tills) till.step(t, cut && till.link.cell.carrier === carrierCut.carrier);
    for (const { gateway, shop } of gateways) gateway.step(t, shop.line);
    yield* post.arrived(t);
  }
  const faults = tills.flatMap(({ faults: own, voice: { tenant, terminal } }) =>
    own.map((f) => f.truth(tenant, terminal)),
  );
  truth.push(...faults, ...known.filter((row) => row.onset_at < end));
}
