import { connectAsync } from 'mqtt';
import { linearRegression } from 'simple-statistics';
import { systemClock } from '../../app/system-clock.ts';
import { collectorOf, INSPECTED } from '../support/collector.ts';
import { type RunningPlatform, startPlatform, temporaryDir } from '../support/platform.ts';
import { type Bench, type BenchRow, row } from './bench.ts';
import { heldOf, memoryTrend } from './memory-trend.ts';

const TERMINALS = 2_000;
const SAMPLE_MS = 5_000;
/** One reading in so long is after a collection, and judged. */
const JUDGED_MS = 60_000;
const TICK_MS = 20;
/** Messages sent and not yet acknowledged: beyond it the sender waits for the platform. */
const WINDOW = 500;
const MIB = 2 ** 20;
const HOUR_MS = 3_600_000;
const HEARTBEAT_MS = 60_000;
/** As often as the platform's upkeep folds up what was written: memory goes up and down with it. */
const UPKEEP_MIN = 10;

/** Gauges of `/metrics` by the name under which they are told. */
const PARTS = {
  rss: 'tillwatch_process_resident_memory_bytes',
  heap_used: 'tillwatch_nodejs_heap_size_used_bytes',
  heap_total: 'tillwatch_nodejs_heap_size_total_bytes',
  external: 'tillwatch_nodejs_external_memory_bytes',
  array_buffers: 'tillwatch_array_buffers_bytes',
  telemetry: 'tillwatch_telemetry_memory_bytes',
} as const;
type Part = keyof typeof PARTS | 'rest';
type Sample = Readonly<Record<Part, number>> & { readonly minute: number };

async function sample(platform: RunningPlatform, minute: number): Promise<Sample> {
  const text = await (await fetch(`${platform.http}/metrics`)).text();
  const mb = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN) / MIB;
  const parts = Object.fromEntries(Object.entries(PARTS).map(([part, name]) => [part, mb(name)])) as Record<
    keyof typeof PARTS,
    number
  >;
  // Threads' heaps, SQLite, code, stacks, and what the allocator keeps.
  return { minute, ...parts, rest: parts.rss - parts.heap_total - parts.external - parts.telemetry };
}

const slope = (points: readonly (readonly [minute: number, mb: number])[]): number =>
  linearRegression(points.map((point) => [...point])).m * 60;

/**
 * The whole platform, as `npm start` runs it, under a steady load (`--rate` messages a second, 600) for `--minutes` (60): is its memory flat? The first ten
 * minutes (`--warm`) are warming up and not judged: by then all that is done now and then has been done once. Terminals live faster than the clock, from an evening a month ago on, so that days begin and end.
 */
export const run: Bench = async ({ quick, say, minutes = quick ? 0.7 : 60, rate = 600, warm = UPKEEP_MIN }) => {
  const dir = temporaryDir('soak');
  const platform = await startPlatform({ dataDir: dir.path, env: INSPECTED });
  const collector = await collectorOf(platform.said());
  const client = await connectAsync(platform.mqtt, { reconnectPeriod: 0 });
  const started = Date.now();
  const evening = Math.floor((started - 30 * 24 * HOUR_MS) / (24 * HOUR_MS)) * 24 * HOUR_MS + 18 * HOUR_MS;
  let sent = 0;
  let acknowledged = 0;
  const pace = setInterval(() => {
    const due = Math.floor(((Date.now() - started) / 1000) * rate);
    while (sent < due && sent - acknowledged < WINDOW) {
      const seq = Math.floor(sent / TERMINALS);
      const payload = {
        ts: evening + seq * HEARTBEAT_MS,
        boot: 'b1',
        seq,
        battery: { soc_pct: 50 + (seq % 40), cycles: seq },
        printer: { temp_c: 30 + (sent % 7) },
      };
      client.publish(`pos/v1/soak/T-${sent++ % TERMINALS}/heartbeat`, JSON.stringify(payload), { qos: 1 }, (error) => {
        if (!error) acknowledged++;
      });
    }
  }, TICK_MS);
  const samples: Sample[] = [];
  const until = started + minutes * 60_000;
  const warmMs = Math.min(warm, minutes / 3 < UPKEEP_MIN ? minutes / 3 : minutes / 2) * 60_000;
  const collected: Sample[] = [];
  let judgeAt = warmMs;
  while (Date.now() < until) {
    await systemClock.sleep(SAMPLE_MS);
    // What is garbage and not yet collected is no leak, and adds up for half an hour before V8 minds it: once a minute it is collected
    // first. Not while warming up, so that memory is seen there as it is when nobody interferes.
    const judges = Date.now() - started >= judgeAt;
    if (judges) {
      judgeAt += JUDGED_MS;
      await collector.collect();
    }
    const now = await sample(platform, (Date.now() - started) / 60_000);
    samples.push(now);
    if (judges) collected.push(now);
    if (samples.length % 12 === 0) {
      const told = (['rss', 'heap_used', 'heap_total', 'external', 'telemetry', 'rest'] as const).map(
        (part) => `${part} ${now[part].toFixed(0)}`,
      );
      say(`${now.minute.toFixed(0)} min: ${told.join(', ')} MB; ${acknowledged} messages`);
    }
  }
  clearInterval(pace);
  collector.close();
  await client.endAsync(true);
  const errors = platform.log.filter((line) => Number(line.level) >= 50).length;
  await platform.stop();
  dir.remove();
  const judged = samples.filter(({ minute }) => minute * 60_000 >= warmMs);
  const slopeOf = (part: Part): number => slope(judged.map((one) => [one.minute, one[part]]));
  const others = (['heap_used', 'heap_total', 'external', 'array_buffers', 'telemetry', 'rest'] as const).map((part) =>
    row(`soak.${part}_slope_mb_per_h`, slopeOf(part), 'MB/h', 'lower'),
  );
  const held = memoryTrend(
    collected.map((one) => ({ minute: one.minute, mb: heldOf(one) })),
    UPKEEP_MIN,
  );
  const trend: BenchRow[] = held
    ? [
        row('soak.held_slope_mb_per_h', held.slope, 'MB/h', 'lower', { bar: 60 }),
        row('soak.held_slope_low_mb_per_h', held.low, 'MB/h', 'lower'),
        row('soak.held_slope_high_mb_per_h', held.high, 'MB/h', 'lower', { bar: 60 }),
      ]
    : [];
  return {
    rows: [
      ...trend,
      row('soak.rss_all_slope_mb_per_h', slopeOf('rss'), 'MB/h', 'lower'),
      ...others,
      row('soak.rss_mb', Math.max(...samples.map(({ rss }) => rss)), 'MB', 'lower'),
      row('soak.errors', errors, 'log lines', 'lower', { bar: 0 }),
    ],
    notes: [
      `${minutes} minutes, ${acknowledged} messages acknowledged of ${Math.round(minutes * 60 * rate)} meant, ${samples.length} samples, of which ${collected.length} judged`,
      held
        ? `held: resident less the empty part of V8's heap, once a minute after a full collection; between readings of the same phase of ${held.periods} times ${UPKEEP_MIN} minutes, with its 95 % interval (tests/bench/memory-trend.ts)`
        : `too short to judge: held memory takes three times ${UPKEEP_MIN} minutes, of which the first is warming up`,
      `highest readings in each ${UPKEEP_MIN} minutes: ${peaks(samples).join(', ')} MB; the other slopes: a line through all readings`,
    ],
  };
};

/** The highest reading of each ten minutes: what a limit on the process must leave room for. */
function peaks(samples: readonly Sample[]): number[] {
  const highest: number[] = [];
  for (const { minute, rss } of samples) {
    const at = Math.floor(minute / UPKEEP_MIN);
    highest[at] = Math.max(highest[at] ?? 0, Math.round(rss));
  }
  return highest;
}
