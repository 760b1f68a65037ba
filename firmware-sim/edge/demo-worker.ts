import { readFile, rename, writeFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import pino from 'pino';
import { messageOf } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import { createFleet, type Fleet, type FleetSnapshot, restoreFleet } from '../core/fleet.ts';
import type { SimMessage } from '../core/terminal.ts';
import type { DemoReport, DemoSettings } from './demo.ts';
import { createFieldService, type FieldService } from './field-service.ts';
import { GatewayBatcher } from './gateway.ts';
import { Importer } from './importer.ts';
import { createLiveFleet, type LiveFleet } from './live.ts';
import { Publisher } from './publisher.ts';
import { loadScenario } from './scenario-files.ts';
import { createWallClock } from './wall-clock.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const SNAPSHOT_EVERY = 60_000;

const settings = workerData as DemoSettings;
const port = parentPort;
const log = pino({ level: settings.logLevel ?? 'info', name: 'simulator' });
const clock: Clock = createWallClock();

function report(message: DemoReport): void {
  port?.postMessage(message);
}

/** What is kept between starts; `told`: the history has been told to its end. */
interface Kept {
  readonly told: boolean;
  readonly fleet: FleetSnapshot;
}

async function open(): Promise<{ fleet: Fleet; resumed: boolean; told: boolean }> {
  let text: string;
  try {
    text = await readFile(settings.snapshotPath, 'utf8');
  } catch {
    const scenario = await loadScenario(settings.scenario);
    const from = Math.floor((clock.now() - scenario.days * DAY) / HOUR) * HOUR;
    return {
      fleet: createFleet({ scenario, from, ...(settings.seed === undefined ? {} : { seed: settings.seed }) }),
      resumed: false,
      told: false,
    };
  }
  const kept = JSON.parse(text) as Kept;
  return { fleet: restoreFleet(kept.fleet), resumed: true, told: kept.told };
}

/** Keeps the fleet beside the platform's data: written aside and renamed, so that a kill leaves the old one whole. */
async function save(fleet: Fleet, told: boolean): Promise<void> {
  const kept: Kept = { told, fleet: fleet.snapshot() };
  await writeFile(`${settings.snapshotPath}.new`, JSON.stringify(kept));
  await rename(`${settings.snapshotPath}.new`, settings.snapshotPath);
}

/** Where a stretch of the fleet's time goes. */
interface Teller {
  add(message: SimMessage): Promise<void>;
  /** Ends an hour of the fleet's time. */
  hour(): Promise<void>;
  /** Resolves once everything told is durable. */
  drained(): Promise<void>;
  close(): Promise<void>;
}

/** The past of a fleet that the platform never saw, with its own times of arrival. */
function pastTeller(api: NonNullable<DemoSettings['api']>): Teller {
  const importer = new Importer(api);
  return {
    add: (message) => importer.add(message),
    hour: () => Promise.resolve(),
    drained: () => importer.drained(),
    close: () => Promise.resolve(),
  };
}

/** What terminals buffered while nobody listened: it arrives now, through the stores' gateways. */
async function bufferedTeller(fleet: Fleet): Promise<Teller> {
  const publisher = await Publisher.open(settings.target, `${fleet.scenario.tenant}/history`, settings.window ?? 24);
  const batcher = new GatewayBatcher(fleet);
  return {
    async add(message) {
      const full = batcher.add(message);
      if (full) await publisher.publish(full.topic, full.payload);
    },
    async hour() {
      for (const batch of batcher.flush()) await publisher.publish(batch.topic, batch.payload);
    },
    drained: () => publisher.drained(),
    close: () => publisher.close(),
  };
}

/** Brings the fleet up to now, hour by hour, as fast as the platform takes it. */
async function catchUp(fleet: Fleet, resumed: boolean, told: boolean, stopping: () => boolean): Promise<number> {
  const teller = told || !settings.api ? await bufferedTeller(fleet) : pastTeller(settings.api);
  const began = fleet.now;
  let messages = 0;
  let hours = 0;
  let finished = false;
  // The clock runs on while history is told, so the last stretch is told again until it is short.
  while (!finished && !stopping()) {
    const until = Math.min(fleet.now + HOUR, clock.now());
    finished = until - fleet.now < HOUR;
    for (const slice of fleet.slices(until)) {
      for (const message of slice) {
        if (message.kind !== 'message' && message.kind !== 'will') continue;
        messages++;
        await teller.add(message);
      }
    }
    await teller.hour();
    hours++;
    report({
      type: 'history',
      done: fleet.now - began,
      total: Math.max(1, clock.now() - began),
      messages,
      at: fleet.now,
      resumed,
    });
    if (hours % 48 === 0) {
      await teller.drained();
      await save(fleet, told || finished);
    }
  }
  await teller.drained();
  await teller.close();
  await save(fleet, told || finished);
  return messages;
}

async function main(): Promise<void> {
  let stopped = false;
  let live: LiveFleet | undefined;
  let service: FieldService | undefined;
  let stopSaving: (() => void) | undefined;
  const { fleet, resumed, told } = await open();

  port?.on('message', (message: { type: 'stop' }) => {
    if (message.type !== 'stop' || stopped) return;
    stopped = true;
    void (async () => {
      stopSaving?.();
      await service?.stop();
      if (live) {
        await live.stop();
        await save(fleet, true);
      }
      report({ type: 'stopped' });
      port?.close();
    })().catch((error: unknown) => report({ type: 'failed', reason: messageOf(error) }));
  });

  report({ type: 'sites', tenant: fleet.scenario.tenant, sites: fleet.sites(), resumed });
  const cap = (settings.backfillHours ?? 24) * HOUR;
  if (told && clock.now() - fleet.now > cap) fleet.freeze(clock.now() - cap);
  const messages = await catchUp(fleet, resumed, told, () => stopped);
  if (stopped) return;
  report({ type: 'live', messages });
  fleet.setHeartbeat(settings.liveHeartbeatS ?? 60);
  live = createLiveFleet({ fleet, target: settings.target, clock, log });
  await live.start();
  stopSaving = clock.every(
    SNAPSHOT_EVERY,
    () => save(fleet, true),
    (error) => log.error({ err: error }, 'the fleet could not be saved'),
  );
  if (settings.api) {
    service = createFieldService({ fleet, clock, log, tenant: fleet.scenario.tenant, ...settings.api });
    await service.start();
  }
}

main().catch((error: unknown) => report({ type: 'failed', reason: messageOf(error) }));
