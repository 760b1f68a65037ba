import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { createLogger } from '../logging.ts';
import { systemClock } from '../system-clock.ts';
import { addExamples } from './support.ts';

/** `tillwatch openapi`: the API's description, for client generators; nothing listens and nothing is kept. */
export function openapiCommand(): Command {
  const command = new Command('openapi')
    .description('print the OpenAPI 3.1 document of the HTTP API')
    .action(async () => {
      const dataDir = mkdtempSync(join(tmpdir(), 'tillwatch-openapi-'));
      try {
        const { createPlatform } = await import('../platform.ts');
        const config = readConfig({ env: {}, flags: { dataDir, logLevel: 'silent' } });
        const platform = await createPlatform({
          config,
          log: createLogger(config),
          clock: systemClock,
          demo: () => null,
        });
        await platform.http.ready();
        process.stdout.write(`${JSON.stringify(platform.http.swagger(), null, 2)}\n`);
        await platform.stop();
      } finally {
        rmSync(dataDir, { recursive: true, force: true });
      }
    });
  return addExamples(command, ['tillwatch openapi > openapi.json']);
}
