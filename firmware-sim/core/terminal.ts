import type { Component, Mode } from '../../contract/modes.ts';
import type { UpChannel } from '../../contract/topics.ts';
import type { Fault } from './faults.ts';
import type { HardwareModel } from './hardware.ts';
import type { BatteryHappening, BatteryState } from './parts/battery.ts';
import type { NetworkState } from './parts/network.ts';
import type { PrinterHappening, PrinterState } from './parts/printer.ts';
import type { ReaderState } from './parts/reader.ts';
import type { SystemState } from './parts/system.ts';
import type { Random } from './random.ts';
import type { Environment, Store } from './stores.ts';

/** What a terminal is, for as long as it exists. */
export interface TerminalConfig {
  readonly tenant: string;
  readonly id: string;
  readonly index: number;
  readonly serial: string;
  readonly iccid: string;
  readonly carrier: string;
  readonly model: HardwareModel;
  readonly boughtOn: string;
  readonly warrantyUntil: string;
  readonly countersMs: number;
  /** This till's share of its store's traffic, 1: as busy as the others. */
  readonly busy: number;
  /** Sales an hour over day and night, for use-driven wear. */
  readonly meanSales: number;
  readonly offAtNight: boolean;
  readonly cutSilently: boolean;
  /** Individual clock error, ppm. */
  readonly driftPpm: number;
  /** Its clock starts at the factory date after a cold start. */
  readonly coldClock: boolean;
  /** Fixed clock error of a terminal that nobody ever set right, ms. */
  readonly clockWrongMs: number;
}

export interface Buffered {
  readonly channel: UpChannel;
  readonly payload: string;
}

/** What changes in a terminal: plain data, so that a fleet can be put away and resumed. */
export interface TerminalState {
  store: number;
  on: boolean;
  /** Somebody switched it off or a crash keeps it down until this time, ms. */
  offUntil: number;
  locked: boolean;
  firmware: string;
  heartbeatMs: number;
  boot: string;
  bootAt: number;
  seq: number;
  /** A session with the broker stands. */
  connected: boolean;
  nextAt: number;
  lastAt: number;
  nextCountersAt: number;
  /** When the broker had the session's last message: a session keeps its order. */
  arrivedAt: number;
  clockOffset: number;
  syncAt: number;
  coverOpen: boolean;
  lastSales: number;
  buffer: Buffered[];
  printer: PrinterState | null;
  battery: BatteryState | null;
  network: NetworkState;
  reader: ReaderState;
  system: SystemState;
  faults: Fault[];
  /** Minutes of opening hours without printing, and without a host, without a break. */
  idleMin: number;
  darkMin: number;
  /** Commands already done: id and the result's own fields as JSON, newest last. */
  done: [string, string][];
  /** What is going to be done to it, soonest first. */
  agenda: Errand[];
}

/** Something a person or a server does to a terminal at a set time. */
export type Errand =
  | { readonly at: number; readonly what: 'repair'; readonly component: Component; readonly mode: Mode | null }
  | {
      readonly at: number;
      readonly what: 'update';
      readonly to: string;
      readonly fails: boolean;
      readonly regression: number;
    }
  | { readonly at: number; readonly what: 'outage_over'; readonly since: number };

export interface TerminalRandoms {
  readonly printer: Random;
  readonly battery: Random;
  readonly network: Random;
  readonly reader: Random;
  readonly system: Random;
  readonly sensors: Random;
  readonly life: Random;
  readonly faults: Random;
}

export interface Terminal {
  readonly config: TerminalConfig;
  readonly state: TerminalState;
  readonly random: TerminalRandoms;
  /** The store it stands in now. */
  store: Store;
  /** What the last step of printer and battery did; kept here so that a step allocates nothing. */
  readonly printed: PrinterHappening;
  readonly charged: BatteryHappening;
}

/** `message` travels; the others tell a live connection what happens to the session. A `will` is the broker's to send. */
export type Happening = 'message' | 'will' | 'connect' | 'drop' | 'goodbye';

/** One thing that reaches the broker, or happens to a session with it. */
export interface SimMessage {
  receivedAt: number;
  readonly topic: string;
  readonly payload: string | Uint8Array;
  readonly terminal: number;
  readonly channel: UpChannel;
  readonly kind: Happening;
  /** Broken on purpose: it may not even be JSON. */
  readonly spoiled?: true;
}

/** What the world does to a terminal in a step. */
export interface Surroundings {
  readonly env: Environment;
  readonly lineDown: boolean;
  readonly carrierDown: boolean;
  readonly hostDown: boolean;
}
