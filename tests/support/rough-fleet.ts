import type { Mode } from '../../contract/modes.ts';
import { drawFault, type Fault, type RoughTruth, wear } from './rough/faults.ts';
import { catalogue, type Model } from './rough/models.ts';
import { battery, network, printer, reader, system } from './rough/parts.ts';
import { countersOf, makeTill, type Step, type Till, told } from './rough/till.ts';
import { type Channel, type Line, Wire } from './rough/wire.ts';
import {
  air,
  airtime,
  DAY,
  demand,
  HOUR,
  isIn,
  isOpen,
  MIN,
  makeOutages,
  makeSites,
  type Site,
  type World,
} from './rough/world.ts';
import { type Dice, dice } from './wild-random.ts';

export interface RoughOptions {
  readonly seed: number;
  readonly sites: number;
  readonly perSite: number;
  readonly days: number;
  /** Heartbeat intervals that models are drawn from, s; 60, 300 and 600 where left out. */
  readonly beats?: readonly number[];
  /** s between counters; at least five minutes and a heartbeat where left out. */
  readonly countS?: number;
  /** Share of terminals that get a fault. */
  readonly faulty: number;
  readonly nuisances: boolean;
  readonly heatWave?: boolean;
  readonly surge?: boolean;
  readonly outages?: boolean;
  /** An update on its way: `bad` makes its terminals worse until a fix follows. */
  readonly firmware?: 'good' | 'bad';
  readonly only?: readonly Mode[];
}

export interface RoughFleet {
  /** The recording, in order of arrival. */
  readonly lines: Iterable<Line>;
  /** Complete once `lines` has been read to its end. */
  readonly truth: readonly RoughTruth[];
  readonly models: readonly Model[];
  readonly tills: readonly Till[];
}

const START = Date.UTC(2025, 8, 1);
/** Terminals move in turns of this length. */
const TURN = 10 * MIN;

/**
 * A third fleet, written from contract.md alone: parts with physics of their own (cells that sag and warm, heads that heat with trade,
 * links that drown in the evening), wear that follows use, three vendors that tell different things, and shops that are shops.
 * It says what a recording would hold; nothing of it is the product's simulator, nor its units of noise the second generator's.
 */
export function roughFleet(options: RoughOptions): RoughFleet {
  const d = dice(options.seed * 31 + 7);
  const { days, nuisances } = options;
  const models = catalogue(d, options.beats ?? [60, 300, 300, 600], options.countS);
  const sites = makeSites(d, options.sites, days, START);
  const spell = (on: boolean | undefined, from: number, long: number, force: number) =>
    on
      ? { from: START + from * days * DAY, to: START + (from * days + long) * DAY, force }
      : { from: 0, to: 0, force: 1 };
  const world: World = {
    start: START,
    end: START + days * DAY,
    sites,
    outages: options.outages ? makeOutages(d, sites, days, START) : [],
    heat: spell(options.heatWave, 0.45, 7, d.between(7, 11)),
    surge: spell(options.surge, 0.65, 5, d.between(2, 3)),
  };
  const truth: RoughTruth[] = [];
  const wire = new Wire(dice(options.seed * 17 + 3), nuisances ? 0.002 : 0);
  const tills = sites.flatMap((site, s) =>
    Array.from({ length: options.perSite }, (_, k) => {
      const own = dice(options.seed * 104_729 + s * 997 + k * 13);
      const till = makeTill(own, `P${s}-${k}`, own.pick(models), site, START, days, nuisances);
      for (const chance of [options.faulty, options.faulty * 0.1]) {
        if (!own.chance(chance)) continue;
        const fault = drawFault(own, till.model, { start: START, days }, options.only);
        if (fault && !till.faults.some((f) => f.component === fault.component)) till.faults.push(fault);
      }
      return till;
    }),
  );
  const run = new Run(options, world, wire, truth, d);
  function* lines(): Generator<Line> {
    for (const till of tills) run.begin(till);
    for (let at = START; at < world.end; at += TURN) {
      for (const till of tills) run.turn(till, at);
      yield* wire.take(at + TURN);
    }
    yield* wire.take(Number.POSITIVE_INFINITY);
    for (const till of tills) for (const fault of till.faults) if (!fault.over) run.record(till, fault);
    truth.sort((a, b) => a.onset_at - b.onset_at || a.terminal.localeCompare(b.terminal));
  }
  return { lines: { [Symbol.iterator]: lines }, truth, models, tills };
}

interface Session {
  seq: number;
  phase: number;
  nextCount: number;
  /** Since when it should have been able to talk and could not; 0 while it can. */
  darkSince: number;
  blockedSince: number;
  willAt: number;
  updateAt: number;
  fixAt: number;
  /** Receipts an hour, day and night taken together: what "usual use" is. */
  usual: number;
  asked: Set<string>;
  /** What a sensor that is stuck goes on saying. */
  held: unknown;
}

class Run {
  readonly #options: RoughOptions;
  readonly #world: World;
  readonly #wire: Wire;
  readonly #truth: RoughTruth[];
  readonly #sessions = new Map<Till, Session>();
  readonly #updated: string | undefined;
  #updateFrom = 0;

  constructor(options: RoughOptions, world: World, wire: Wire, truth: RoughTruth[], d: Dice) {
    this.#options = options;
    this.#world = world;
    this.#wire = wire;
    this.#truth = truth;
    this.#updated = options.firmware ? '3.2.0' : undefined;
    this.#updateFrom = START + d.between(0.3, 0.4) * options.days * DAY;
  }

  begin(till: Till): void {
    const { d, model } = till;
    // One vendor in three rolls out; a third of its terminals are left on the old version to compare with.
    const updates = this.#updated !== undefined && model.vendor === 'Norden' && d.chance(0.65);
    const updateAt = updates ? this.#updateFrom + d.between(0, 2) * DAY : 0;
    let sum = 0;
    for (let h = 0; h < 168; h++) sum += demand(this.#world, till.site, START + h * HOUR + 30 * MIN);
    this.#sessions.set(till, {
      seq: 0,
      phase: d() * model.beatS * 1000,
      nextCount: 0,
      darkSince: 0,
      blockedSince: 0,
      willAt: 0,
      updateAt,
      fixAt: updates && this.#options.firmware === 'bad' ? updateAt + d.between(7, 9) * DAY : 0,
      usual: (sum / 168) * till.base.scale,
      asked: new Set(),
      held: undefined,
    });
    this.#birth(till, START + d.between(0, 5000));
  }

  turn(till: Till, from: number): void {
    const session = this.#sessions.get(till)!;
    const beat = till.model.beatS * 1000;
    for (let at = from + (session.phase % beat); at < from + TURN; at += beat) {
      this.#step(till, session, at, beat);
      if (till.model.gateway) this.#wire.gather(at, `gw-${till.site.name}`);
    }
  }

  record(till: Till, fault: Fault): void {
    if (fault.clock <= 0) return;
    this.#truth.push({
      tenant: 'rough',
      terminal: till.id,
      component: fault.component,
      mode: fault.mode,
      onset_at: Math.round(fault.onset),
      failed_at: fault.failedAt === null ? null : Math.round(fault.failedAt),
      variant: fault.variant,
    });
  }

  #step(till: Till, session: Session, at: number, ms: number): void {
    const { d, site } = till;
    if (till.on) this.#mishaps(till, session, at);
    this.#mend(till, at);
    const open = isOpen(site, at);
    const wasOn = till.on;
    const dead = at < till.deadUntil || till.faults.some((f) => f.mode === 'storage_wear' && f.damage >= 1 && !f.over);
    till.on = !dead && (open || site.night === 'on');
    const pace = open && till.on ? demand(this.#world, site, at) * till.base.scale : 0;
    const hours = ms / HOUR;
    const jobs = d.poisson(pace * hours);
    const cut = this.#isCut(till, at);
    const step: Step = {
      at,
      ms,
      hours,
      open,
      jobs,
      pace,
      air: air(this.#world, site, at),
      airtime: airtime(site, at),
      cut,
    };
    for (const fault of till.faults) {
      if (fault.over || at < fault.onset) continue;
      const byUse = fault.component === 'reader' || (fault.component === 'printer' && fault.mode !== 'power');
      wear(
        fault,
        d,
        Math.min(ms, at - fault.onset),
        byUse ? Math.min(4, jobs / hours / Math.max(session.usual, 0.05)) : 1,
      );
    }
    if (wasOn && !till.on) {
      this.#leave(till, session, at, dead);
      return;
    }
    const cell = battery(till, step);
    if (!till.on) return;
    if (!wasOn) this.#boot(till, session, at);
    const paper = printer(till, step);
    const link = network(till, step);
    reader(till, step);
    const board = system(till, step);
    const looping = till.faults.some((f) => f.mode === 'crash_loop' && f.damage >= 1 && !f.over);
    if (board.restarts !== '' || looping) {
      if (board.restarts !== 'planned')
        till.totals['system.crashes_total'] = (till.totals['system.crashes_total'] ?? 0) + 1;
      this.#boot(till, session, at);
    }
    this.#judge(till, session, step, { blocked: isBlocked(paper?.state), up: link.up });
    if (cell && cell.dies !== '') this.#die(till, session, step, cell.dies);
    this.#link(till, session, step, link.up);
    // A terminal that restarts without end is seldom up for long enough to say anything.
    if (looping && d.chance(0.75)) return;
    const groups = {
      ...(cell ? { battery: cell.gauges } : till.model.battery ? {} : { battery: { status: 'absent' } }),
      printer: paper ?? {},
      network: { ...link.gauges, buffered: this.#wire.waiting(till.id) },
      system: board.gauges,
    };
    const { stuck } = till.nuisances;
    const shown = told(till.model, groups, till.model.digits) as Record<string, Record<string, unknown>>;
    if (isIn(stuck, at))
      for (const group of Object.values(shown))
        if (stuck.field in group) group[stuck.field] = session.held ??= group[stuck.field];
    this.#say(till, session, at, 'heartbeat', shown, link.up);
    if (at >= session.nextCount) {
      session.nextCount = at + till.model.countS * 1000;
      this.#say(till, session, at, 'counters', countersOf(till), link.up);
    }
  }

  #isCut(till: Till, at: number): boolean {
    const mobile = till.model.radio === 'lte' || till.model.radio === 'nr';
    return this.#world.outages.some(
      (o) =>
        isIn(o, at) &&
        (o.scope === 'site'
          ? !mobile && o.subject === till.site.name
          : mobile &&
            (o.scope === 'cell' ? o.subject === till.site.cells[till.cell] : o.subject === till.site.carrier)),
    );
  }

  /** Dates failures by their consequences, as the contract defines outages. */
  #judge(till: Till, session: Session, { at, open }: Step, { blocked, up }: { blocked: boolean; up: boolean }): void {
    session.blockedSince = open && blocked ? session.blockedSince || at : 0;
    session.darkSince = open && !up ? session.darkSince || at : 0;
    for (const fault of till.faults) {
      if (fault.failedAt !== null || fault.over || fault.damage < 1) continue;
      if (fault.component === 'printer' && session.blockedSince > 0 && at - session.blockedSince >= 15 * MIN)
        fault.failedAt = session.blockedSince;
      if (fault.component === 'network' && session.darkSince > 0 && at - session.darkSince >= 15 * MIN)
        fault.failedAt = session.darkSince;
      if (fault.component === 'reader' || fault.mode === 'capacity_fade' || fault.mode === 'crash_loop')
        fault.failedAt = at;
    }
  }

  #die(till: Till, session: Session, { at }: Step, how: 'empty' | 'sag' | 'hot'): void {
    const mode: Mode | undefined = how === 'hot' ? 'overheat' : how === 'sag' ? 'resistance_rise' : undefined;
    const fault = till.faults.find(
      (f) => f.component === 'battery' && !f.over && f.damage >= (mode ? 1 : 0.5) && (!mode || f.mode === mode),
    );
    if (fault) fault.failedAt ??= at;
    till.deadUntil = at + till.d.between(25, 90) * MIN;
    till.soc = Math.max(till.soc, how === 'empty' && !fault ? 30 : 3);
    if (how !== 'sag')
      this.#say(till, session, at, 'event', { type: 'shutdown', detail: { reason: how } }, till.lineUp);
  }

  #link(till: Till, session: Session, { at, cut }: Step, up: boolean): void {
    if (up && !till.lineUp) {
      till.lineUp = true;
      till.totals['network.reconnects_total'] = (till.totals['network.reconnects_total'] ?? 0) + 1;
      this.#say(till, session, at, 'state', { online: true }, true);
      this.#wire.flush(at, till.id);
      session.willAt = 0;
    } else if (!up && till.lineUp) {
      till.lineUp = false;
      if (!till.model.gateway) {
        const outage = cut ? this.#world.outages.find((o) => isIn(o, at)) : undefined;
        session.willAt = Math.max(at - till.model.beatS * 500, outage?.from ?? 0) + till.d.between(60, 95) * 1000;
        this.#wire.will(session.willAt, till.id, `b${till.boots}`);
      }
      if (cut) this.#cutTruth(till, at);
    }
  }

  #cutTruth(till: Till, at: number): void {
    const outage = this.#world.outages.find((o) => isIn(o, at));
    if (!outage || !isOpen(till.site, at)) return;
    this.#truth.push({
      tenant: 'rough',
      terminal: till.id,
      component: 'network',
      mode: 'offline',
      onset_at: Math.round(outage.from),
      failed_at: Math.round(outage.from),
      variant: outage.scope,
    });
  }

  #leave(till: Till, session: Session, at: number, dead: boolean): void {
    const announced = !dead && till.site.night === 'announced';
    if (announced) {
      this.#say(till, session, at, 'event', { type: 'shutdown', detail: {} }, till.lineUp);
      this.#say(till, session, at, 'state', { online: false, reason: 'shutdown' }, till.lineUp);
    } else if (!till.model.gateway) this.#wire.will(at + till.d.between(60, 95) * 1000, till.id, `b${till.boots}`);
    const storage = till.faults.find((f) => f.mode === 'storage_wear' && f.damage >= 1 && !f.over);
    if (storage) storage.failedAt ??= at;
  }

  #boot(till: Till, session: Session, at: number): void {
    till.boots++;
    till.bootedAt = at;
    till.leaked = 0;
    session.seq = 0;
    till.totals['system.reboots_total'] = (till.totals['system.reboots_total'] ?? 0) + 1;
    this.#birth(till, at);
    this.#say(till, session, at, 'state', { online: true }, till.lineUp);
    this.#say(till, session, at, 'event', { type: 'boot' }, till.lineUp);
    if (till.lineUp) this.#wire.flush(at, till.id);
  }

  #birth(till: Till, at: number): void {
    const { model, site } = till;
    this.#say(
      till,
      this.#sessions.get(till)!,
      at,
      'birth',
      {
        serial: `SN${till.id}`,
        vendor: model.vendor,
        model: model.name,
        firmware: till.firmware,
        site: site.name,
        timezone: site.zone,
        heartbeat_s: model.beatS,
        ...(model.battery && !model.lacks.has('battery.cycles') ? { battery: { design_mah: model.battery.mah } } : {}),
        ...(model.radio === 'lte' || model.radio === 'nr'
          ? { network: { bearers: [model.radio], carrier: site.carrier } }
          : {}),
      },
      till.lineUp,
    );
  }

  #say(till: Till, session: Session, at: number, channel: Channel, body: object, up: boolean): void {
    const payload = {
      ts: Math.max(0, Math.round(at + till.nuisances.clockMs)),
      boot: `b${till.boots}`,
      seq: session.seq++,
      ...body,
    };
    const entry = { terminal: till.id, channel, payload };
    if (up) this.#wire.send(at, entry, till.model.gateway ? `gw-${till.site.name}` : undefined);
    else if (till.model.buffers) this.#wire.keep(entry);
  }

  /** Somebody mends what has failed: with a word of it, or without. */
  #mend(till: Till, at: number): void {
    for (const fault of till.faults) {
      if (fault.over || fault.failedAt === null || at < fault.failedAt + fault.mendH * HOUR) continue;
      fault.over = true;
      this.record(till, fault);
      till.deadUntil = 0;
      if (fault.component === 'battery') till.soc = 60;
      if (fault.tells)
        this.#say(
          till,
          this.#sessions.get(till)!,
          at,
          'event',
          { type: 'part_replaced', component: fault.component },
          true,
        );
    }
  }

  /** What happens once, at its time: moves, swaps, cleanings, resets, updates. */
  #mishaps(till: Till, session: Session, at: number): void {
    const { nuisances: n, d, base } = till;
    const once = (what: string, when: number, act: () => void): void => {
      if (when === 0 || at < when || session.asked.has(what)) return;
      session.asked.add(what);
      act();
    };
    once('move', n.moveAt, () => {
      till.site = d.chance(0.6) ? (d.pick(this.#world.sites) as Site) : till.site;
      base.rsrp = d.between(-108, -76);
      base.rssi = d.between(-76, -48);
      base.sinr = d.between(4, 19);
      base.rtt = Math.exp(d.between(Math.log(50), Math.log(400)));
      this.#birth(till, at);
    });
    once('reset', n.resetAt, () => {
      for (const key of Object.keys(till.totals))
        till.totals[key] = d.chance(0.5) ? 0 : Math.max(0, till.totals[key]! - 5);
      this.#boot(till, session, at);
    });
    once('swap', n.swapAt, () => {
      if (till.model.battery)
        this.#say(till, session, at, 'event', { type: 'part_replaced', component: 'battery' }, till.lineUp);
    });
    for (const when of n.cleanings)
      once('clean', when, () =>
        this.#say(till, session, at, 'event', { type: 'cleaned', component: 'printer' }, till.lineUp),
      );
    once('update', session.updateAt, () =>
      this.#update(till, session, at, '3.2.0', this.#options.firmware === 'bad' ? d.between(0.6, 1.2) : 0),
    );
    once('fix', session.fixAt, () => this.#update(till, session, at, '3.2.1', 0));
  }

  #update(till: Till, session: Session, at: number, to: string, regression: number): void {
    if (till.regression > 0) this.#regressed(till, session.updateAt);
    this.#say(
      till,
      session,
      at,
      'event',
      { type: 'firmware_updated', detail: { from: till.firmware, to } },
      till.lineUp,
    );
    till.firmware = to;
    till.regression = regression;
    till.resized = 0.86;
    for (const key of Object.keys(till.totals)) till.totals[key] = 0;
    this.#boot(till, session, at);
    if (regression > 0 && session.fixAt > this.#world.end) this.#regressed(till, at);
  }

  #regressed(till: Till, since: number): void {
    const line = {
      tenant: 'rough',
      terminal: till.id,
      component: 'system',
      mode: 'firmware_regression',
      failed_at: null,
      variant: 'update',
    } as const;
    this.#truth.push({ ...line, onset_at: Math.round(since) });
  }
}

function isBlocked(state: unknown): boolean {
  return state === 'mech_error' || state === 'cutter_error' || state === 'overheat' || state === 'low_voltage';
}
