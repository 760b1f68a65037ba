import type { TruthLine } from '../analytics/core/score.ts';
import { TillwatchError } from '../contract/errors.ts';
import { isComponent, MODES } from '../contract/modes.ts';
import { linesOf, openRecording } from './recording.ts';

/** Reads a truth file (NDJSON as contract.md gives it; plain, .gz or .zst). Errors: `recording.unreadable`, `backtest.bad_truth` naming line and field. */
export async function readTruth(path: string): Promise<TruthLine[]> {
  const truth: TruthLine[] = [];
  let number = 0;
  for await (const group of linesOf(openRecording(path), path)) {
    for (const bytes of group) {
      number++;
      const text = bytes.toString('utf8').trim();
      if (text !== '') truth.push(checked(text, path, number));
    }
  }
  return truth;
}

function checked(text: string, path: string, line: number): TruthLine {
  const bad = (why: string): TillwatchError =>
    new TillwatchError('backtest.bad_truth', `${path}, line ${line}: ${why}`, { status: 400 });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw bad('not JSON; one failure a line is expected');
  }
  const one = (parsed ?? {}) as Record<string, unknown>;
  for (const field of ['tenant', 'terminal', 'component', 'mode']) {
    if (typeof one[field] !== 'string') throw bad(`"${field}" must be a string`);
  }
  const { component, mode } = one as { component: string; mode: string };
  if (!isComponent(component))
    throw bad(`"component" is "${component}": it must be one of ${Object.keys(MODES).join(', ')}`);
  if (!(MODES[component] as readonly string[]).includes(mode))
    throw bad(`"mode" is "${mode}": a ${component} has ${MODES[component].join(', ')}`);
  if (!isTime(one.onset_at)) throw bad('"onset_at" must be ms since 1970');
  if (one.failed_at !== null && !isTime(one.failed_at))
    throw bad('"failed_at" must be ms since 1970, or null where it never failed');
  return parsed as TruthLine;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
