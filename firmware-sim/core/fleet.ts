import { TillwatchError } from '../../contract/errors.ts';
import type { Component, Mode } from '../../contract/modes.ts';
import type { Site } from '../../contract/registry.ts';
import type { TenantId } from '../../contract/topics.ts';
import { buildStores, buildTerminals } from './build.ts';
import { answerCommand } from './commands.ts';
import { spoil } from './dirt.ts';
import type { Fault, TruthRow } from './faults.ts';
import { disturb, fallIll, runErrands } from './life.ts';
import { type Outage, placeFaults, placeIncidents } from './place.ts';
import { switchOff } from './power.ts';
import { Random } from './random.ts';
import { repair } from './repair.ts';
import { asScenario, type Scenario } from './scenario.ts';
import { sendBirth, sendState } from './session.ts';
import { stepTerminal } from './step.ts';
import { type Environment, environmentOf, type Store, type Weather } from './stores.ts';
import type { SimMessage, Terminal, TerminalState } from './terminal.ts';

const SNAPSHOT_VERSION = 1;
const ENVIRONMENT_MS = 300_000;
const DAY = 86_400_000;

/** Everything of a fleet that changes, as plain data for `JSON.stringify`. */
export interface FleetSnapshot {
  readonly version: number;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly from: number;
  readonly now: number;
  readonly carry: readonly SimMessage[];
  readonly terminals: readonly {
    readonly state: TerminalState;
    readonly random: Readonly<Record<string, readonly number[]>>;
  }[];
  readonly ended: readonly TruthRow[];
  readonly fleetRandom: readonly number[];
}

export interface FleetOptions {
  readonly scenario: Scenario;
  /** Left out: the scenario's own. */
  readonly seed?: number;
  /** Beginning, ms UTC. Left out: the scenario's own. */
  readonly from?: number;
}

export interface Fleet {
  readonly scenario: Scenario;
  readonly terminals: readonly Terminal[];
  readonly stores: readonly Store[];
  /** Virtual time up to which the fleet has lived, ms UTC. */
  readonly now: number;
  /**
   * Lives on until `until` and yields what happened in order of arrival, a slice of a few minutes at a time. Slices hold
   * `message`s and the fates of sessions (`will`, `connect`, `drop`, `goodbye`); for a recording keep `message` and `will`.
   */
  slices(until: number, sliceMs?: number): Generator<SimMessage[], void>;
  /** Handles a command as it came over MQTT (bytes or text); its answer comes out of the next slices. */
  command(terminal: number, payload: string | Uint8Array, at: number): void;
  /** What a technician who opens the terminal sees to be wrong with a component. */
  inspect(terminal: number, component: Component): Mode[];
  /** A technician ends the faults of a component (one mode, or all), or cleans a sound one; events come out of the next slices. */
  repair(terminal: number, component: Component, mode: Mode | null, at: number): boolean;
  /** The whole fleet stays frozen for a while: what an interrupted demonstration does with a gap too long to catch up. */
  freeze(until: number): void;
  /** Changes the heartbeat of all terminals and announces it. */
  setHeartbeat(seconds: number): void;
  /** Every terminal with a session says again who it is and that it is there: what a broker without memory of them needs. */
  announce(): void;
  /** Faults so far; never for the wire. */
  truth(): TruthRow[];
  /** Stores as the registry takes them. */
  sites(): Site[];
  snapshot(): FleetSnapshot;
}

/** Builds a fleet at its beginning. */
export function createFleet(options: FleetOptions): Fleet {
  const { scenario } = options;
  const seed = options.seed ?? scenario.seed;
  const from = options.from ?? Date.parse(scenario.from);
  const stores = buildStores(scenario, seed, from);
  const terminals = buildTerminals(scenario, seed, from, stores);
  placeFaults(scenario, seed, from, terminals, stores);
  const world = placeIncidents(scenario, seed, from, terminals, stores);
  return new LivingFleet(scenario, seed, from, stores, terminals, world.weather, world.outages);
}

/** Resumes a fleet from a snapshot (parsed JSON); throws `simulator.bad_snapshot` for one of another version. */
export function restoreFleet(snapshot: FleetSnapshot): Fleet {
  if (snapshot.version !== SNAPSHOT_VERSION) {
    throw new TillwatchError(
      'simulator.bad_snapshot',
      `a fleet snapshot of version ${snapshot.version} cannot be resumed by this version`,
      {
        context: { expected: SNAPSHOT_VERSION },
      },
    );
  }
  const { seed, from } = snapshot;
  const scenario = asScenario(snapshot.scenario, 'fleet snapshot');
  const stores = buildStores(scenario, seed, from);
  const built = buildTerminals(scenario, seed, from, stores);
  const world = placeIncidents(scenario, seed, from, built, stores);
  const terminals = built.map((terminal, i): Terminal => {
    const saved = snapshot.terminals[i];
    if (!saved) throw new TillwatchError('simulator.bad_snapshot', 'a fleet snapshot lacks terminals of its scenario');
    const random = Object.fromEntries(
      Object.keys(terminal.random).map((name) => [name, Random.load(saved.random[name] ?? [])]),
    ) as unknown as Terminal['random'];
    const state = structuredClone(saved.state);
    return { ...terminal, state, random, store: stores[state.store] ?? terminal.store };
  });
  return new LivingFleet(scenario, seed, from, stores, terminals, world.weather, world.outages, snapshot);
}

class LivingFleet implements Fleet {
  readonly scenario: Scenario;
  readonly terminals: readonly Terminal[];
  readonly stores: readonly Store[];
  now: number;
  private readonly seed: number;
  private readonly from: number;
  private readonly weather: readonly Weather[];
  private readonly outages: readonly Outage[];
  private readonly environments: (Environment | undefined)[];
  private readonly random: Random;
  private carry: SimMessage[];
  private ended: TruthRow[];

  constructor(
    scenario: Scenario,
    seed: number,
    from: number,
    stores: readonly Store[],
    terminals: readonly Terminal[],
    weather: readonly Weather[],
    outages: readonly Outage[],
    resumed?: FleetSnapshot,
  ) {
    this.scenario = scenario;
    this.seed = seed;
    this.from = from;
    this.stores = stores;
    this.terminals = terminals;
    this.weather = weather;
    this.outages = outages;
    this.environments = new Array<Environment | undefined>(stores.length).fill(undefined);
    this.now = resumed?.now ?? from;
    this.carry = resumed ? resumed.carry.map((message) => ({ ...message })) : [];
    this.ended = resumed ? [...resumed.ended] : [];
    this.random = resumed ? Random.load(resumed.fleetRandom) : Random.of(seed, 'fleet');
  }

  *slices(until: number, sliceMs = ENVIRONMENT_MS): Generator<SimMessage[], void> {
    const dirt = this.scenario.dirt ?? 0;
    while (this.now < until) {
      const end = Math.min(until, this.now + sliceMs);
      const out = this.carry;
      for (let i = 0; i < this.terminals.length; i++) {
        const terminal = this.terminals[i] as Terminal;
        while (terminal.state.nextAt < end) this.step(terminal, terminal.state.nextAt, out);
      }
      this.now = end;
      const due: SimMessage[] = [];
      const later: SimMessage[] = [];
      for (let i = 0; i < out.length; i++) {
        const message = out[i] as SimMessage;
        if (message.receivedAt < end) due.push(message);
        else later.push(message);
      }
      this.carry = later;
      due.sort((a, b) => a.receivedAt - b.receivedAt);
      if (dirt > 0) yield this.soiled(due, dirt).sort((a, b) => a.receivedAt - b.receivedAt);
      else if (due.length > 0) yield due;
    }
  }

  private soiled(due: readonly SimMessage[], dirt: number): SimMessage[] {
    return due.flatMap((message) =>
      message.kind === 'message' && this.random.chance(dirt) ? spoil(message, this.random) : [message],
    );
  }

  private environment(store: number, at: number): Environment {
    const cached = this.environments[store];
    const bucket = at - (at % ENVIRONMENT_MS);
    if (cached && cached.at === bucket) return cached;
    return (this.environments[store] = environmentOf(this.stores[store] as Store, store, this.weather, bucket));
  }

  private step(terminal: Terminal, at: number, out: SimMessage[]): void {
    const { state } = terminal;
    const dt = at - state.lastAt;
    const env = this.environment(state.store, at);
    if (state.agenda.length > 0) this.remember(terminal, runErrands(terminal, at, out));
    const nuisances = this.scenario.nuisances;
    if (nuisances > 0 && dt > 0) disturb(terminal, env, at, dt, nuisances, out);
    const ongoing = this.scenario.ongoing;
    if (ongoing && at >= this.from + (ongoing.fromDay ?? 0) * DAY)
      fallIll(terminal, at, dt, ongoing.perTerminalDay, ongoing.days);
    let lineDown = false;
    let carrierDown = false;
    let hostDown = false;
    for (let i = 0; i < this.outages.length; i++) {
      const outage = this.outages[i] as Outage;
      if (at < outage.from || at >= outage.to || !outage.terminals.has(terminal.config.index)) continue;
      if (outage.what === 'host') hostDown = true;
      else if (outage.what === 'carrier') carrierDown = true;
      else lineDown = true;
    }
    const before = state.nextAt;
    if (before > at) return;
    stepTerminal(terminal, at, { env, lineDown, carrierDown, hostDown }, out);
    if (state.nextAt <= at) state.nextAt = at + state.heartbeatMs;
    this.noticeOutages(terminal, at);
  }

  /** A link is lost when its cause begins, not when the next heartbeat would have been due: the broker's keep-alive runs from there. */
  private noticeOutages({ config, state }: Terminal, at: number): void {
    for (const { from, terminals } of this.outages) {
      if (from > at && from < state.nextAt && terminals.has(config.index)) state.nextAt = from;
    }
  }

  private remember(terminal: Terminal, faults: readonly Fault[]): void {
    for (const fault of faults) if (fault.progress > 0) this.ended.push(rowOf(terminal, fault));
  }

  command(index: number, payload: string | Uint8Array, at: number): void {
    const terminal = this.terminals[index];
    if (!terminal) return;
    const ended: Fault[] = [];
    const regressionOf = (version: string): number => {
      for (const incident of this.scenario.incidents) {
        if (incident.kind === 'firmware' && incident.to === version) return incident.regression;
      }
      return 0;
    };
    answerCommand(terminal, payload, at, this.carry, { regressionOf, ended });
    this.remember(terminal, ended);
  }

  inspect(index: number, component: Component): Mode[] {
    const faults = this.terminals[index]?.state.faults ?? [];
    return faults
      .filter((fault) => fault.component === component && fault.progress > 0.08 && fault.variant !== 'outage')
      .map((fault) => fault.mode);
  }

  repair(index: number, component: Component, mode: Mode | null, at: number): boolean {
    const terminal = this.terminals[index];
    if (!terminal) return false;
    const ended = repair(terminal, component, mode, at, this.carry);
    this.remember(terminal, ended);
    return ended.length > 0;
  }

  freeze(until: number): void {
    const gap = until - this.now;
    if (gap <= 0) return;
    for (const terminal of this.terminals) {
      const { state } = terminal;
      switchOff(terminal, this.now, false, 'gap', []);
      state.lastAt += gap;
      state.nextAt += gap;
      state.nextCountersAt += gap;
      state.syncAt += gap;
      state.faults = state.faults.map((fault) => ({
        ...fault,
        onsetAt: fault.onsetAt > this.now ? fault.onsetAt + gap : fault.onsetAt,
      }));
    }
    this.carry = [];
    this.now = until;
  }

  setHeartbeat(seconds: number): void {
    for (const terminal of this.terminals) {
      const { state } = terminal;
      if (state.heartbeatMs === seconds * 1000) continue;
      const rhythm = Random.of(this.seed, terminal.config.id, 'rhythm');
      state.heartbeatMs = seconds * 1000;
      state.nextAt = Math.min(state.nextAt, Math.round(this.now + rhythm.next() * seconds * 1000));
      if (state.on) sendBirth(terminal, this.now, this.carry);
    }
  }

  announce(): void {
    for (const terminal of this.terminals) {
      if (!terminal.state.connected) continue;
      sendBirth(terminal, this.now, this.carry);
      sendState(terminal, true, null, this.now + 20, this.carry);
    }
  }

  truth(): TruthRow[] {
    const rows = [...this.ended];
    for (const terminal of this.terminals) {
      for (const fault of terminal.state.faults)
        if (fault.onsetAt <= this.now && fault.progress > 0) rows.push(rowOf(terminal, fault));
    }
    return rows.sort((a, b) => a.onset_at - b.onset_at || (a.terminal < b.terminal ? -1 : 1));
  }

  sites(): Site[] {
    return this.stores.map((store) => ({
      tenant: this.scenario.tenant as TenantId,
      site: store.site,
      name: store.name,
      timezone: store.zone.timezone,
      hours: store.hours,
      closedOn: [...store.closedOn],
      region: store.region,
      lat: store.lat,
      lon: store.lon,
    }));
  }

  snapshot(): FleetSnapshot {
    return {
      version: SNAPSHOT_VERSION,
      scenario: this.scenario,
      seed: this.seed,
      from: this.from,
      now: this.now,
      carry: this.carry,
      terminals: this.terminals.map(({ state, random }) => ({
        state,
        random: Object.fromEntries(Object.entries(random).map(([name, stream]) => [name, (stream as Random).save()])),
      })),
      ended: this.ended,
      fleetRandom: this.random.save(),
    };
  }
}

function rowOf(terminal: Terminal, fault: Fault): TruthRow {
  return {
    tenant: terminal.config.tenant,
    terminal: terminal.config.id,
    component: fault.component,
    mode: fault.mode,
    onset_at: Math.round(fault.onsetAt),
    failed_at: fault.failedAt === null ? null : Math.round(fault.failedAt),
  };
}
