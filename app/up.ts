import type { Config } from './config.ts';
import { lockDataDir } from './data-lock.ts';
import { createDemoFleet } from './demo-fleet.ts';
import type { DemoProgress } from './http/status-routes.ts';
import { createLogger } from './logging.ts';
import { createPlatform } from './platform.ts';
import { noteRunning } from './running.ts';
import { buildConsole, listen } from './start.ts';
import { systemClock } from './system-clock.ts';

/** Runs the whole platform in this process until it is told to end; errors as the configuration's and the stores'. */
export async function up(config: Config, options: { readonly demo: boolean }): Promise<void> {
  const log = createLogger(config);
  const lock = lockDataDir(config.dataDir);
  let progress: DemoProgress | null = null;
  const platform = await createPlatform({ config, log, clock: systemClock, demo: () => progress });
  let demo: ReturnType<typeof createDemoFleet> | undefined;
  let forget = (): void => {};

  let stopping: Promise<void> | undefined;
  const stop = (why: string): Promise<void> => {
    stopping ??= (async () => {
      log.info(`stopping: ${why}`);
      await demo?.stop();
      await platform.stop();
      forget();
      lock.release();
    })();
    return stopping;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      void stop(signal).then(() => process.exit(0));
    });
  }
  try {
    const password = await platform.firstAdministrator();
    await listen(platform.listen, config.httpPort);
    process.stderr.write(`\n  Tillwatch   ${platform.httpUrl}\n\n`);
    // Said to the person who starts it, once, and never to the log.
    if (password !== undefined) process.stderr.write(`  User admin, password ${password}   (said this once)\n\n`);
    const built = buildConsole().catch((error: unknown) => log.error({ err: error }, 'the console could not be built'));
    await platform.start();
    forget = noteRunning(config.dataDir, { http: platform.httpUrl, pid: process.pid });
    log.info({ http: platform.httpUrl, mqtt: platform.mqttUrl, data: config.dataDir }, 'ready');
    await built;
  } catch (error) {
    await stop('it could not start');
    throw error;
  }
  if (!options.demo) return;
  demo = createDemoFleet({
    log: log.child({ room: 'demo' }),
    dataDir: config.dataDir,
    mqttUrl: platform.mqttUrl,
    apiUrl: platform.httpUrl,
    registry: platform.registry,
    now: systemClock.now,
    level: () => platform.level(),
    onProgress: (next) => {
      progress = next;
    },
    bar: process.stderr.isTTY === true,
  });
  await demo.start();
}
