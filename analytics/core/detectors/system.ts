import type { Counters, Heartbeat, TerminalEvent } from '../../../contract/payloads.ts';
import type { Block } from '../block.ts';
import { type Detector, type Failure, FLOAT, OUTRIGHT } from '../detector.ts';
import { HOUR } from '../time.ts';
import { MEMORY, MEMORY_SCRATCH, noteFree, UP } from './memory-loss.ts';

const FLASH = 0;
const WRITES = 2;
export const CRASHES = 0;
const REBOOTS = 1;
/** Total: times that the pack gave way. */
const GAVE_WAY = 3;

/** Scratch: crashes, and times that the pack gave way, whose restart has not been counted yet, `MOST_CRASHED` at the most, and in steps of `SEEN` restarts that boot events and uptime showed since totals were last told. */
const CRASHED = 0;
const MOST_CRASHED = 20;
const SEEN = 32;
/** Scratch: hours of the clock until which its last restarts last, were each the only one of `APART` hours. Not of its life: a new part begins another. */
const RESTARTING = 2;
/** Scratch: hour of the clock at which it last started, as far as is counted; negative once it has said since that it shuts down. */
const BOOTED = 5;
/** Hours within which two signs of a restart are of the same one: what is told of when it was is rounded, and clocks are set after a start. */
const SAME = 0.07;
/** What a 32-bit float of hours rounds, hours. */
const ROUNDED = 20 / 3600;
/** Hours by which a start may be ahead of a newer message; further ahead, a clock was wrong as it started, and has been set since. */
const AHEAD = 48;
/**
 * Scratch: flash writes since the last sample of them, in tenths of MB, and as a fraction the hours that they took, in `WRITTEN_H`. A total in whole
 * MB that is told every five minutes mostly stands still, and a rate of nought has no logarithm: a sample is an hour's, or `MANY_MB`. One that
 * writes little is waited for until it has come to a few of them: of one or two, half is rounding.
 */
const WRITTEN = 3;
const WRITTEN_H = 16;
const SAMPLE_H = 0.95;
const MANY_MB = 8;
const FEW_MB = 3;
const SPARSE_H = 3;
/** Scratch: day on which its pack was last told to be flat, and days after which that is old. */
const FLAT_AT = 4;
const FLAT_DAYS = 0.25;
/** Scratch: hour of the clock at which it last told that it runs on its pack, restarts not under way; 0 once it has told that it does not. */
const OFF_POWER = 6;
/** Hours for which restarts may be the pack's until its counters say so: what lasts longer is no flat pack. */
const PACK_HOURS = 6;
/** Charge, %, at which a pack shuts its terminal down: what restarts then tries again to run on nothing. */
const FLAT = 8;
/** Hours that a restart stands for, and by how many they must be ahead of time: seven within minutes, or six an hour for three hours, are a loop. */
const APART = 0.25;
const LOOPING = 1.5;
/** Seconds by which a clock of uptime may be off, and hours without totals after which it was switched off and on sooner than restarted. */
const UP_SLACK = 30;
const SWITCHED = 0.75;
/** Crashes a day that software has for months without an end in a loop: what comes no oftener must come ever oftener. */
const NOW_AND_THEN = 1.5;
/** Hours after which a restart is no crash's any more (natural decay). */
const RESTARTS_WITHIN = 3;

/** What a restart without a crash counts for where crashes are counted: somebody pulls the plug, fifteen times on a bad day. */
const WITHOUT_CRASH = 1 / 3;
/** And one of which nothing says whether it was a crash, where crashes are counted from start to start only. */
const UNTOLD = 1 / 2;

const most = (base: number): number => Math.max(1, base * 0.93);

/** Storage that fills or wears, and software that crashes or restarts more and more. */
export const system: Detector = {
  component: 'system',
  bucketMs: 1.5 * HOUR,
  learnBuckets: 28,
  holdDays: 0.7,
  carried: 0.95,
  fullLevel: 0.22,
  wellDays: 1.5,
  horizonDays: 12,
  gauges: [
    {
      metric: 'system.flash_free_mb',
      // A cache, or films that are loaded for a campaign, take a sixth of it at once; a log that is collected a fifth within the day, and is given back.
      steps: true,
      dir: -1,
      reach: most,
      reachSd: 0.15,
      floor: 8,
      least: 0.2,
      full: 0.3,
      describe: 'free flash storage',
    },
    {
      metric: 'system.mem_free_mb',
      alone: 0.6,
      depletes: true,
      // A slow leak is undone by any restart, and weeks from its end one comes: only one that is about to run out is told of.
      horizonDays: 3.5,
      dir: -1,
      reach: most,
      reachSd: 0.25,
      floor: 12,
      diurnal: true,
      least: 0.25,
      describe: 'free memory',
    },
    {
      metric: 'system.flash_writes_mb_total',
      learn: 16,
      // A log that somebody has switched on writes ten times as much and wears nothing out within days: storage that does loses room meanwhile, or crashes.
      alone: 0.45,
      grave: 2.3,
      infers: FLASH,
      dir: 1,
      reach: 2.3,
      reachSd: 0.5,
      floor: 0.3,
      common: true,
      least: 0.2,
      describe: 'flash writes, MB an hour',
      show: Math.exp,
      unit: 'MB/h',
    },
  ],
  rates: [
    {
      metric: 'system.crashes_total',
      per: 'day',
      plain: 8,
      innocent: NOW_AND_THEN,
      reach: 8,
      reachSd: 1,
      prior: 0.05,
      priorUnits: 5,
      rise: 0.4,
      // A bucket's: of two and more together it was known only after three hours that they come in each.
      units: 0.05,
      hurries: true,
      describe: 'crashes',
    },
    {
      metric: 'system.reboots_total',
      holdDays: 1.2,
      per: 'day',
      plain: 12,
      reach: 12,
      reachSd: 1,
      prior: 0.3,
      priorUnits: 2,
      rise: 1,
      units: 0.1,
      describe: 'restarts',
    },
  ],
  totals: ['reboots_total', 'crashes_total', 'flash_writes_mb_total', 'brownouts_total', 'over_temp_total'],
  scratch: [FLOAT, FLOAT, FLOAT, FLOAT, FLOAT, FLOAT, FLOAT, ...MEMORY_SCRATCH],
  modes: [
    {
      mode: 'storage_wear',
      // Most software that crashes leaks no memory: that none is missing does not make it the storage's, even where nothing tells of that.
      backedOnly: true,
      // Room that a log takes and gives back by the week is no reason to crash while most of it is free.
      namedFrom: 0.15,
      // A cache or a log grows for days, and is emptied long before the end.
      ticketDays: 4,
      runsOut: true,
      gauges: [FLASH, WRITES],
      rates: [],
      sharedRates: [CRASHES, REBOOTS],
      cost: 'Storage will fail or run full: the terminal stops taking sales and may lose what it buffered.',
    },
    {
      mode: 'crash_loop',
      corroborates: true,
      gauges: [MEMORY],
      rates: [],
      sharedRates: [CRASHES, REBOOTS],
      usual: true,
      cost: 'The terminal will end in a restart loop and not come back.',
    },
  ],

  concerns: (payload) => payload.system !== undefined,

  event(block: Block, event: TerminalEvent): void {
    const now = block.day * 24;
    const newest = Math.abs(block.scratch(BOOTED));
    if (event.type === 'shutdown' && now > newest) block.setScratch(BOOTED, -newest);
    if (event.type !== 'boot') return;
    // What was buffered of an earlier start comes after newer ones: it counts for what time has left of it by the newest.
    const late = newest - now > SAME ? newest - now : 0;
    const at = late > 0 ? newest : now;
    if (!isFlat(block)) {
      const until = Math.max(at, block.scratch(RESTARTING)) + Math.max(0, APART - late);
      block.setScratch(RESTARTING, Math.min(at + 2 * LOOPING, until));
    }
    takeStart(block, now);
  },

  // A terminal that only ever restarts comes to neither a heartbeat nor its counters. One that runs on its pack, and counts how often that gives way, may restart for that:
  // for some hours it is left to its counters to say so.
  failed(block: Block): Failure | undefined {
    const off = block.scratch(OFF_POWER);
    if (off > 0 && block.told(GAVE_WAY) && block.day * 24 - off < PACK_HOURS) return undefined;
    const ahead = block.scratch(RESTARTING) - Math.max(block.day * 24, Math.abs(block.scratch(BOOTED)));
    return block.age > 1 && ahead > LOOPING
      ? { mode: 'crash_loop', days: OUTRIGHT, why: 'It restarts again and again.' }
      : undefined;
  },

  heartbeat(block: Block, hb: Heartbeat): void {
    const s = hb.system;
    if (hb.battery) takeCharge(block, hb.battery);
    if (!s) return;
    forgetAhead(block);
    let [before, passed] = [0, 0];
    if (s.uptime_s !== undefined) {
      const drops = s.uptime_s + 1 < block.scratch(UP) - UP_SLACK;
      if (drops || block.scratch(BOOTED) === 0) takeStart(block, block.day * 24 - s.uptime_s / 3600);
      if (drops) before = block.scratch(UP);
      else passed = s.uptime_s + 1 - block.scratch(UP);
      block.setScratch(UP, s.uptime_s + 1);
    }
    if (s.flash_free_mb !== undefined) block.gauge(FLASH, s.flash_free_mb);
    if (s.mem_free_mb === undefined) return;
    noteFree(block, s.mem_free_mb, passed, before);
    block.gauge(MEMORY, s.mem_free_mb);
  },

  counters(block: Block, c: Counters, hours: number): void {
    const s = c.system;
    if (!s) return;
    forgetAhead(block);
    const told = block.delta(0, s.reboots_total);
    const crashes = block.delta(1, s.crashes_total);
    const writes = block.delta(2, s.flash_writes_mb_total);
    const days = Math.min(hours, 24) / 24;
    const before = block.scratch(CRASHED) % SEEN;
    const waiting = Math.floor(block.scratch(CRASHED) / SEEN);
    // Totals of before a start, or without the one that counts starts, say nothing of it: the next will.
    const knows = (s.reboots_total !== undefined || !block.told(0)) && isPast(block);
    const seen = knows && hours < SWITCHED ? waiting : 0;
    if (knows) block.setScratch(CRASHED, before);
    // What totals of before the newest start tell of are earlier ones: those wait no longer.
    else if (told > 0) block.setScratch(CRASHED, before + SEEN * (waiting - Math.min(told, waiting)));
    if (told > 0 && isPast(block)) block.setScratch(BOOTED, block.day * 24);
    if (Math.min(told, crashes, writes) < 0) {
      // Totals that start over with every boot hide restarts; that it has not been up for long does not.
      if (seen > 0 && !isFlat(block)) block.rate(REBOOTS, seen, days);
      return;
    }
    const reboots = Math.max(told, seen);
    // A crash restarts the terminal: what both counters tell is one event, and counted as a crash.
    // A pack that gives way, or is too hot, restarts it too, and that is counted as the pack's.
    const gaveWay =
      Math.max(0, block.delta(GAVE_WAY, c.battery?.brownouts_total)) +
      Math.max(0, block.delta(4, c.battery?.over_temp_total));
    const crashed = Math.min(MOST_CRASHED, before * Math.exp(-hours / RESTARTS_WITHIN) + crashes + gaveWay);
    const own = Math.min(reboots, crashed);
    block.setScratch(CRASHED, block.scratch(CRASHED) - before + crashed - own);
    const others = reboots - Math.round(own);
    // A total of restarts that does not grow with one starts over with it, and so does that of crashes: any of those may have been one.
    const hidden = block.told(0) && block.told(1) ? Math.min(others, seen - Math.min(seen, told)) : 0;
    const pulled = block.told(1) ? WITHOUT_CRASH : 1;
    if ((block.told(0) || block.scratch(UP) > 0) && !isFlat(block)) {
      block.rate(REBOOTS, (others - hidden) * pulled + hidden * UNTOLD, days);
    }
    if (block.told(1)) block.rate(CRASHES, Math.max(0, crashes - gaveWay), days);
    if (s.flash_writes_mb_total !== undefined && hours > 0 && hours < 12) takeWrites(block, writes, hours);
  },
};

/**
 * Takes in that it started at `hour`, whichever way that was told. What was told before, or is the first of it that is known, counts for none;
 * nor does one that its shutdown announced, where boots and uptime alone tell of it: a total that outlasts it counts it all the same.
 */
function takeStart(block: Block, hour: number): void {
  const last = block.scratch(BOOTED);
  if (hour - Math.abs(last) <= SAME) return;
  if (last > 0) block.setScratch(CRASHED, block.scratch(CRASHED) + SEEN);
  block.setScratch(BOOTED, hour);
}

/** Whether what is taken in was measured after its last start. */
function isPast(block: Block): boolean {
  return block.day * 24 >= Math.abs(block.scratch(BOOTED)) - ROUNDED;
}

/**
 * Forgets a start of a clock that was wrong, or none would be newer for as long as it is ahead. To be asked of heartbeats and counters, of which
 * none comes after a newer one: an event may have been buffered for days.
 */
function forgetAhead(block: Block): void {
  const hour = block.day * 24;
  if (Math.abs(block.scratch(BOOTED)) <= hour + AHEAD) return;
  block.setScratch(BOOTED, hour);
  block.setScratch(RESTARTING, hour);
}

/** Notes whether it runs on its pack, and when that is flat: what runs on nothing restarts, and that is no fault of its own. */
function takeCharge(block: Block, { soc_pct, status }: NonNullable<Heartbeat['battery']>): void {
  const now = block.day * 24;
  if (status === 'discharging') {
    if (block.scratch(RESTARTING) <= now) block.setScratch(OFF_POWER, now);
  } else if (status !== undefined) {
    // Back on power it speaks again: what it restarted for until then, its counters say next.
    if (block.scratch(OFF_POWER) > 0 && block.told(GAVE_WAY))
      block.setScratch(RESTARTING, Math.min(now, block.scratch(RESTARTING)));
    block.setScratch(OFF_POWER, 0);
  }
  const runsOnIt = status === undefined || status === 'discharging';
  if (soc_pct !== undefined && soc_pct <= FLAT && runsOnIt) block.setScratch(FLAT_AT, block.day);
}

function isFlat(block: Block): boolean {
  return block.day - block.scratch(FLAT_AT) < FLAT_DAYS;
}

function takeWrites(block: Block, writes: number, hours: number): void {
  const held = block.scratch(WRITTEN);
  const tenths = Math.floor(held) + Math.round(writes * 10);
  const took = (held % 1) * WRITTEN_H + hours;
  const least = took < SAMPLE_H ? MANY_MB : took < SPARSE_H ? FEW_MB : 0;
  if (tenths < least * 10) {
    block.setScratch(WRITTEN, tenths + took / WRITTEN_H);
    return;
  }
  block.setScratch(WRITTEN, 0);
  if (took > 0.02) block.gauge(WRITES, Math.log(Math.max(0.05, tenths / 10 / took)));
}
