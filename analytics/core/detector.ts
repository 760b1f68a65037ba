import type { Component, Mode } from '../../contract/modes.ts';
import type { Birth, Counters, Heartbeat, TerminalEvent } from '../../contract/payloads.ts';
import type { Block } from './block.ts';
import type { GroupShift } from './channel.ts';
import type { ChannelVerdict } from './channel-verdict.ts';

/** A quantity watched for drift towards failure. Values are gathered a bucket at a time and compared with the part's own baseline. */
export interface GaugeSpec {
  /** The metric it stands for in evidence, e.g. `printer.head_ohm`. */
  readonly metric: string;
  /** Which way is bad: 1 up, −1 down. */
  readonly dir: 1 | -1;
  /** Deviation from baseline (in the watched unit) at which parts usually fail. A function where failure is at a fixed level. */
  readonly reach: number | ((base: number) => number);
  /** Log-spread of that deviation between models: how little we know of the failing level. */
  readonly reachSd: number;
  /** Least spread between buckets we believe in, in the watched unit. */
  readonly floor: number;
  /** Four parts of the day have levels of their own (temperature, radio, load). */
  readonly diurnal?: boolean;
  /** Least share of the way to failure that counts as a change. */
  readonly least?: number;
  /** Share of the way at which it speaks fully, where it is not the detector's own `fullLevel`: little where nothing innocent moves it. */
  readonly full?: number;
  /** Days a change must hold, where it is not the detector's own `holdDays`. */
  readonly holdDays?: number;
  /** Buckets of a good part before it is judged, where samples are so rare that the detector's own number would take weeks. */
  readonly learn?: number;
  /** Score at which its curve begins to be kept; 4 where left out. Waiting for more of rare samples would hide how long it has been so. */
  readonly suspect?: number;
  /** True where a lasting step has innocent causes (another place, another cell): only growth counts. */
  readonly steps?: boolean;
  /** What the channel counts for while no other of its mode's own channels agrees; 1 where left out. */
  readonly alone?: number;
  /** The gauge that tells directly what this one infers: while it moves and has not left its habit, this one counts for half. */
  readonly infers?: number;
  /** True where it moves with another gauge of its mode whatever moves that: the two are one witness. */
  readonly echoes?: boolean;
  /** Change (in the watched unit) beyond which a part that goes on so is told of, however far the forecast has it from failing. */
  readonly grave?: number;
  /** True where its fall costs what the mode's shared rates count: both together have no innocent cause. */
  readonly costs?: boolean;
  /** True for a stock that runs out: that it goes on falling says as much as a second witness. */
  readonly depletes?: boolean;
  /** Days to failure within which it speaks, where that is not the detector's own `horizonDays`. */
  readonly horizonDays?: number;
  /** Share of the way to failure to which nothing innocent brings it: beyond that, an hour (three of what has its hours of the day) is enough for it to have held, and it need not go on, nor another agree. */
  readonly beyond?: number;
  /** True for a temperature that weather moves as it moves others': what nearly all of them are beyond their hottest hours by (`heat`) is taken out of it. */
  readonly weather?: boolean;
  /** A property of the part, whatever its load and hour: what it differs by right after an update is the new software's scale. */
  readonly scaled?: boolean;
  /** Shared causes (weather, holidays, a busy cell) are taken out by the group's own deviation. */
  readonly common?: boolean;
  readonly describe: string;
  /** Value as people read it, from the watched unit. */
  readonly show?: (value: number, block: Block) => number;
  /** Unit of the shown value, where it is not the metric's own. */
  readonly unit?: string;
  /** The metric it stands for on this terminal, where that is not `metric`. */
  readonly metricOn?: (block: Block) => string;
}

/** Errors per unit of use, judged with a gamma-Poisson posterior. */
export interface RateSpec {
  readonly metric: string;
  /** What one unit of exposure is: `job`, `cut`, `read`, `hour`, `day`. */
  readonly per: string;
  /** Rate at which parts usually fail, and the log-spread of that. */
  readonly reach: number;
  readonly reachSd: number;
  /** Rate expected of a good part before anything is known, and how many units that belief is worth. */
  readonly prior: number;
  readonly priorUnits: number;
  /** Least rise over baseline that matters, in errors per unit. */
  readonly rise: number;
  /** Rise from which it matters fully, where a busy day brings more than the least. */
  readonly matters?: number;
  /** Days for which what brings less lasts at the most. */
  readonly brief?: number;
  /** True where the failing rate is known (nine reads in ten): the distance to it counts, not the multiple of the usual. */
  readonly absolute?: boolean;
  /** Nats that one `holdDays` may add, where no innocent disturbance is known that raises it as much. */
  readonly allowance?: number;
  /** Days in which an allowance is whole again, where that is not how long a change must hold. */
  readonly renewDays?: number;
  /** Nats that one bucket may add, where an allowance is more than one bad hour may use. */
  readonly most?: number;
  /** Rate that no innocent disturbance keeps up: held by three points in a row (buckets, or thirds of one that are not waited for), each may count as a day of its own. */
  readonly plain?: number;
  /** Rate up to which it may stand for good for want of nothing (metal beneath an antenna): up to there, and fully a good third above, it must go on growing. */
  readonly innocent?: number;
  /** Errors that a bucket must have to be one of those. */
  readonly plainErrors?: number;
  /** Days for which something innocent may bring them as thick all the same (a party's cards), unless they are very many; 0 where left out. */
  readonly passing?: number;
  /** Least multiple of the usual rate that counts as raised; 3 where left out. */
  readonly times?: number;
  /** Rate (an earlier one) with which it shares its allowance of evidence, where one disturbance raises both. */
  readonly pool?: number;
  /** True where nothing innocent brings several errors as fast as a part that is about to fail: these are judged before the bucket ends. */
  readonly hurries?: boolean;
  /** Others are asked about it before it is told: a factor of theirs would have a rise that all share learned as each one's habit. */
  readonly asked?: boolean;
  /** Units a bucket needs before it is judged. */
  readonly units: number;
  readonly holdDays?: number;
  readonly steps?: boolean;
  readonly alone?: number;
  readonly describe: string;
}

export interface ModeSpec {
  readonly mode: Mode;
  /** Channels that speak for this mode alone: indexes into gauges, and into rates. */
  readonly gauges: readonly number[];
  readonly rates: readonly number[];
  /** Channels that this mode shares with its neighbours: they add to it, and carry it only when it is the usual suspect. */
  readonly sharedGauges?: readonly number[];
  readonly sharedRates?: readonly number[];
  /** True where its gauges measure one thing in ways that nothing innocent moves together: what they say adds up. */
  readonly addsUp?: boolean;
  /** True where nothing innocent brings both what its gauges show and its errors: beside these those need not have held, nor grown, for as long. */
  readonly corroborates?: boolean;
  /** Share of the way to failure that its gauges have come before their trace names what it shares, where an innocent cause moves them as far; `PLAIN_TRACE` where left out. */
  readonly namedFrom?: number;
  /** True where shared evidence may back the mode but never carry it. */
  readonly backedOnly?: boolean;
  /** True for what is left where no other mode speaks for itself: it carries what they share only then. */
  readonly remainder?: boolean;
  /** True where what looks like it is over in a day or two (a bad roll, a busy weekend): a forecast of many days waits for the next day's word. */
  readonly patient?: boolean;
  /** Days before its expected end from which it is worth a ticket, where what looks like it for longer is mostly undone by then; it is watched until that. */
  readonly ticketDays?: number;
  /** True for a store that runs out: what is used up within a day needs somebody, whatever uses it up. */
  readonly runsOut?: boolean;
  /** Strength from which it opens a ticket, where hardly anything innocent looks like it; as any other's where left out. */
  readonly raisedAt?: number;
  /** The mode that shared evidence alone points at. */
  readonly usual?: boolean;
  /** Modes whose own evidence explains this one's away: a failing antenna re-attaches and slows down too. */
  readonly yieldsTo?: readonly Mode[];
  /** What happens if nothing is done, in a sentence. */
  readonly cost: string;
}

/** One component's detector: declares its state, turns messages into channel samples, and says which mode the channels add up to. */
export interface Detector {
  readonly component: Component;
  readonly bucketMs: number;
  /** True where what was measured while nothing could be sent says nothing of the part (a link). */
  readonly liveOnly?: boolean;
  /** Buckets of a good part before anything is judged. */
  readonly learnBuckets: number;
  /** Days a change must hold before it counts fully. */
  readonly holdDays: number;
  /** Share of the way to failure at which one channel alone speaks fully. */
  readonly fullLevel: number;
  /** Days of being well before a finding is cleared. */
  readonly wellDays: number;
  /** A finding is raised once failure is expected within this many days. */
  readonly horizonDays: number;
  readonly gauges: readonly GaugeSpec[];
  readonly rates: readonly RateSpec[];
  /** What shared evidence counts for where no mode speaks for itself. */
  readonly carried: number;
  /** Counters whose totals are remembered, as fields of the group named after the component. */
  readonly totals: readonly string[];
  /** Private numbers of the detector: the steps of one in which each is kept as a half word, below zero where it may be; or FLOAT. */
  readonly scratch: readonly number[];
  readonly modes: readonly ModeSpec[];
  birth?(block: Block, birth: Birth): void;
  /** True where the payload has something for this detector: its state is only then set aside. */
  concerns(payload: Heartbeat | Counters): boolean;
  heartbeat?(block: Block, heartbeat: Heartbeat): void;
  counters?(block: Block, counters: Counters, hours: number): void;
  event?(block: Block, event: TerminalEvent): void;
  /** The computer has started, whichever component said so; for the reason that it gives, if any. */
  booted?(block: Block, reason?: string): void;
  /** The terminal is heard of again, so many minutes after it was lost without a goodbye. */
  returned?(block: Block, minutes: number): void;
  /** How many verdicts `weigh` answers beside those of the gauges, and of the rates, that are kept: modes go by them as by these. */
  readonly weighed?: number;
  readonly weighedRates?: number;
  /** What its channels say of each other: their verdicts, in the order of `gauges` and `rates`, as they count beside one another, and beside those who share its place. */
  weigh?(
    block: Block,
    gauges: readonly (ChannelVerdict | undefined)[],
    rates: readonly (ChannelVerdict | undefined)[],
    group: GroupShift,
  ): { gauges: readonly (ChannelVerdict | undefined)[]; rates: readonly (ChannelVerdict | undefined)[] };
  /** Whether a terminal can fail by a mode at all: a cable has no signal. */
  fails?(block: Block, mode: Mode): boolean;
  /** Times the usual pace at which time makes room for more evidence of a rate: less where something else tells when a disturbance ends. */
  pace?(block: Block, rate: number): number;
  /** Whether something will soon tell a mode from what is innocent (the next roll of paper): what is not about to fail can wait for it. */
  openQuestion?(block: Block, mode: Mode): boolean;
  /** By how much the part is hotter now than in its hottest hours, K; undefined where nothing is known of them. */
  heat?(block: Block): number | undefined;
  /** Those of its place, or of its fleet, are hotter than in their hottest hours by so much, K; 0 where not nearly all are. */
  warmed?(block: Block, weather: number): void;
  /** A part that has stopped now, whatever the trend says; undefined where it works. */
  failed?(block: Block): Failure | undefined;
}

/** A private number that is kept as it is: a time, a sum, what is learned in small steps. */
export const FLOAT = 0;

/** Days for which a part must have stopped that nothing foretold; as many where what it does now has no innocent cause. */
export const OUTRIGHT = 2.5;

/** A part that has stopped: which way, for how many days, and how that shows where it is not told as its state. */
export interface Failure {
  readonly mode: Mode;
  readonly days: number;
  readonly why?: string;
}
