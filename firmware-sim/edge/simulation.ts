import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { constants, createGzip, createZstdCompress } from 'node:zlib';
import type { Logger } from 'pino';
import { TillwatchError } from '../../contract/errors.ts';
import { createFleet, type Fleet } from '../core/fleet.ts';
import type { Scenario } from '../core/scenario.ts';
import type { SimMessage } from '../core/terminal.ts';
import { GatewayBatcher } from './gateway.ts';
import { createLiveFleet } from './live.ts';
import { PlotCollector } from './plot.ts';
import { type BrokerTarget, Publisher } from './publisher.ts';
import { createWallClock } from './wall-clock.ts';

const DAY = 86_400_000;
const CHUNK_CHARS = 1 << 20;

export interface SimulationOptions {
  readonly scenario: Scenario;
  readonly seed?: number;
  /** Beginning, ms UTC; left out: the scenario's own, or such that the span fits `mqtt` (see there). */
  readonly from?: number;
  readonly days?: number;
  /** Recording to write: `.ndjson`, `.ndjson.gz` or `.ndjson.zst`. */
  readonly record?: string;
  readonly truth?: string;
  readonly plot?: string;
  /**
   * Broker to speak to. With a `speed` the fleet begins now and lives that many times as fast, a connection a terminal;
   * without one the whole span is told through gateways as fast as it is acknowledged, ending now.
   */
  readonly mqtt?: BrokerTarget;
  readonly speed?: number;
  readonly log: Logger;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly done: number;
    readonly total: number;
    readonly messages: number;
  }) => void;
}

export interface SimulationSummary {
  readonly scenario: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly terminals: number;
  readonly messages: number;
  readonly bytes: number;
  readonly truths: number;
  readonly failures: number;
  readonly elapsedMs: number;
}

/** Runs a scenario to its end: records it, plots it, publishes it, and writes its truth apart. */
export async function runSimulation(options: SimulationOptions): Promise<SimulationSummary> {
  const { scenario, signal } = options;
  const began = performance.now();
  const span = (options.days ?? scenario.days) * DAY;
  const now = Date.now();
  const from =
    options.from ?? (options.mqtt ? (options.speed === undefined ? now - span : now) : Date.parse(scenario.from));
  const seed = options.seed ?? scenario.seed;
  const fleet = createFleet({ scenario, seed, from });
  const until = from + span;
  let messages = 0;
  let bytes = 0;

  if (options.mqtt && options.speed !== undefined) {
    if (options.record || options.plot) {
      throw new TillwatchError(
        'simulator.bad_options',
        'a paced run over MQTT cannot be recorded or plotted: leave --speed out',
      );
    }
    messages = await runPaced(fleet, options.mqtt, options.speed, until, options);
  } else {
    const recorder = options.record ? new Recorder(options.record) : undefined;
    const plot = options.plot ? new PlotCollector(fleet) : undefined;
    const teller = options.mqtt ? await Teller.open(fleet, options.mqtt) : undefined;
    let reported = 0;
    for (const slice of fleet.slices(until)) {
      signal?.throwIfAborted();
      for (const message of slice) {
        if (message.kind !== 'message' && message.kind !== 'will') continue;
        messages++;
        bytes += message.payload.length;
        recorder?.write(message);
        plot?.add(message);
        const pending = teller?.add(message);
        if (pending) await pending;
      }
      if (recorder?.full) await recorder.drained();
      if (fleet.now - reported >= DAY / 4) {
        reported = fleet.now;
        await teller?.flush();
        options.onProgress?.({ done: fleet.now - from, total: span, messages });
        // Lets streams, signals and sockets have their turn.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    await teller?.close();
    await recorder?.close();
    if (plot && options.plot) await writeFile(options.plot, plot.html());
  }
  const truth = fleet.truth();
  if (options.truth) await writeFile(options.truth, truth.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return {
    scenario: scenario.name,
    seed,
    from,
    to: fleet.now,
    terminals: fleet.terminals.length,
    messages,
    bytes,
    truths: truth.length,
    failures: truth.filter((row) => row.failed_at !== null).length,
    elapsedMs: performance.now() - began,
  };
}

async function runPaced(
  fleet: Fleet,
  target: BrokerTarget,
  speed: number,
  until: number,
  options: SimulationOptions,
): Promise<number> {
  const clock = createWallClock(speed, fleet.now);
  const live = createLiveFleet({
    fleet,
    target,
    clock,
    log: options.log,
    tickMs: 1000 * Math.max(1, Math.min(speed, 60)),
  });
  await live.start();
  const began = fleet.now;
  try {
    while (clock.now() < until && !options.signal?.aborted) {
      await clock.sleep(Math.min(1000 * speed, until - clock.now()), options.signal).catch((error: unknown) => {
        if (!options.signal?.aborted) throw error;
      });
      options.onProgress?.({ done: clock.now() - began, total: until - began, messages: live.sent });
    }
  } finally {
    await live.stop();
  }
  return live.sent;
}

/** Tells a fleet's past through its gateways. */
class Teller {
  private readonly publisher: Publisher;
  private readonly batcher: GatewayBatcher;

  private constructor(fleet: Fleet, publisher: Publisher) {
    this.publisher = publisher;
    this.batcher = new GatewayBatcher(fleet);
  }

  static async open(fleet: Fleet, target: BrokerTarget): Promise<Teller> {
    return new Teller(fleet, await Publisher.open(target, `${fleet.scenario.tenant}/simulate`));
  }

  add(message: SimMessage): Promise<void> | undefined {
    const full = this.batcher.add(message);
    return full ? this.publisher.publish(full.topic, full.payload) : undefined;
  }

  async flush(): Promise<void> {
    for (const batch of this.batcher.flush()) await this.publisher.publish(batch.topic, batch.payload);
  }

  async close(): Promise<void> {
    await this.flush();
    await this.publisher.drained();
    await this.publisher.close();
  }
}

/** Writes a recording line by line; compression runs on the pool's threads while the fleet lives on. */
class Recorder {
  private readonly file: Writable;
  private readonly out: Writable;
  private text = '';
  full = false;

  constructor(path: string) {
    this.file = createWriteStream(path);
    if (path.endsWith('.gz')) {
      const gzip = createGzip({ level: 1, chunkSize: 1 << 18 });
      gzip.pipe(this.file);
      this.out = gzip;
    } else if (path.endsWith('.zst')) {
      const zstd = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 }, chunkSize: 1 << 18 });
      zstd.pipe(this.file);
      this.out = zstd;
    } else this.out = this.file;
  }

  write(message: SimMessage): void {
    this.text += `{"received_at":${message.receivedAt},"topic":"${message.topic}","payload":${payloadJson(message)}}\n`;
    if (this.text.length >= CHUNK_CHARS) this.push();
  }

  private push(): void {
    if (!this.out.write(this.text)) this.full = true;
    this.text = '';
  }

  async drained(): Promise<void> {
    if (this.out.writableNeedDrain) await new Promise<void>((resolve) => this.out.once('drain', () => resolve()));
    this.full = false;
  }

  async close(): Promise<void> {
    this.push();
    this.out.end();
    await finished(this.file);
  }
}

/** A payload as a recording holds it: itself when it is JSON, a JSON string of what came when it is not. */
function payloadJson(message: SimMessage): string {
  const { payload } = message;
  if (!message.spoiled && typeof payload === 'string') return payload;
  if (typeof payload !== 'string') return JSON.stringify(Buffer.from(payload).toString('latin1'));
  try {
    JSON.parse(payload);
    return payload;
  } catch {
    return JSON.stringify(payload);
  }
}
