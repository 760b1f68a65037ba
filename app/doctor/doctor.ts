import type { Config } from '../config.ts';
import { runningAt } from '../running.ts';
import type { Examined } from './finding.ts';
import { examineData, examineDisk, examinePorts, examineRuntime } from './machine.ts';
import { examineRunning } from './running.ts';
import { examineServers, examineTables } from './servers.ts';

/** Looks at everything that a configuration needs; changes nothing. */
export async function examine(
  config: Config,
  asked: { readonly url?: string; readonly token?: string },
  now: () => number,
): Promise<readonly Examined[]> {
  const data = examineData(config.dataDir);
  const url = asked.url ?? (data.inUse ? runningAt(config.dataDir)?.http : undefined);
  return [
    examineRuntime(process.version),
    ...data.examined,
    examineDisk(config),
    ...(data.inUse || url !== undefined ? [] : await examinePorts(config)),
    ...(await examineServers(config, now)),
    ...(await examineTables(config, now)),
    ...(url === undefined ? [] : await examineRunning(url, asked.token)),
  ];
}
