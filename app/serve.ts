import type { RoomName } from './cluster/rooms.ts';
import type { Config } from './config.ts';
import { createLogger } from './logging.ts';
import { createPlatform } from './platform.ts';
import { buildConsole, listen } from './start.ts';
import { systemClock } from './system-clock.ts';

/** Runs some rooms in this process, with others of their kind elsewhere, until it is told to end. */
export async function serve(config: Config, rooms: ReadonlySet<RoomName>, worker: string): Promise<void> {
  const log = createLogger(config).child({ worker });
  const platform = await createPlatform({
    config,
    log,
    clock: systemClock,
    demo: () => null,
    apart: { rooms, worker },
  });
  let stopping: Promise<void> | undefined;
  const stop = (why: string): Promise<void> => {
    stopping ??= (async () => {
      log.info(`stopping: ${why}`);
      await platform.stop();
    })();
    return stopping;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      void stop(signal).then(() => process.exit(0));
    });
  }
  try {
    if (rooms.has('dashboards') && !(await platform.administered())) {
      log.warn(
        'nobody can sign in yet: make an account with "tillwatch user add NAME --role administrator --tenants \'*\'"',
      );
    }
    await listen(platform.listen, config.httpPort);
    const password = rooms.has('dashboards') ? await platform.firstAdministrator() : undefined;
    // Said to the person who starts it, once, and never to the log.
    if (password !== undefined) process.stderr.write(`\n  User admin, password ${password}   (said this once)\n\n`);
    const built = rooms.has('dashboards')
      ? buildConsole().catch((error: unknown) => log.error({ err: error }, 'the console could not be built'))
      : undefined;
    await platform.start();
    log.info({ http: platform.httpUrl, mqtt: platform.mqttUrl, rooms: [...rooms] }, 'ready');
    await built;
  } catch (error) {
    await stop('it could not start');
    throw error;
  }
}
