import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, TillwatchError } from '../../contract/errors.ts';
import { asScenario, type Scenario } from '../core/scenario.ts';

const FOLDER = fileURLToPath(new URL('../scenarios/', import.meta.url));

/** Names of the scenarios that come with the simulator. */
export async function scenarioNames(): Promise<string[]> {
  const files = await readdir(FOLDER);
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .sort();
}

/** Loads a scenario by name, or from a path that ends in `.json`. Errors: `simulator.no_scenario`, `simulator.bad_scenario`. */
export async function loadScenario(nameOrPath: string): Promise<Scenario> {
  const path = nameOrPath.endsWith('.json') ? nameOrPath : join(FOLDER, `${basename(nameOrPath)}.json`);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const names = await scenarioNames();
    throw new TillwatchError(
      'simulator.no_scenario',
      `there is no scenario "${nameOrPath}": use a path to a .json file or one of ${names.join(', ')}`,
      {
        cause,
        status: 404,
      },
    );
  }
  try {
    return asScenario(JSON.parse(text), path);
  } catch (cause) {
    if (cause instanceof TillwatchError) throw cause;
    throw new TillwatchError('simulator.bad_scenario', `${path}: ${messageOf(cause)}`, { cause });
  }
}
