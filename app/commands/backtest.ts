import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { Command } from 'commander';
import { scoreFindings } from '../../analytics/core/score.ts';
import { TillwatchError } from '../../contract/errors.ts';
import { findingToWire } from '../../contract/findings.ts';
import { backtest } from '../backtest.ts';
import { addExamples } from './support.ts';

interface BacktestOptions {
  readonly out: string;
  readonly truth?: string;
}

/** `tillwatch backtest FILE`: what the platform would have found in a recorded fleet, and how good that was. */
export function backtestCommand(): Command {
  const command = new Command('backtest')
    .description(
      'run the detectors over a recorded fleet (NDJSON, plain, .gz or .zst) without a broker and without waiting',
    )
    .argument('<file>', 'the recording')
    .requiredOption('--out <file>', 'findings as NDJSON, one line a transition; "-" for standard output')
    .option('--truth <file>', 'failures as NDJSON, to score the findings by')
    .action(async (file: string, options: BacktestOptions) => {
      const began = performance.now();
      const lines: Record<string, unknown>[] = [];
      const out = options.out === '-' ? 1 : openSync(options.out, 'w');
      const summary = await backtest(
        file,
        (finding) => {
          const line = findingToWire(finding);
          if (options.truth !== undefined) lines.push(line);
          writeSync(out, `${JSON.stringify(line)}\n`);
        },
        (count) => process.stderr.isTTY && process.stderr.write(`\r${count} lines`),
      );
      if (out !== 1) closeSync(out);
      const seconds = Math.round((performance.now() - began) / 10) / 100;
      const score =
        options.truth === undefined
          ? {}
          : { score: scoreFindings(lines as never, readTruth(options.truth) as never, summary.terminalDays) };
      (options.out === '-' ? process.stderr : process.stdout).write(
        `${JSON.stringify({ ...summary, seconds, ...score }, null, 2)}\n`,
      );
    });
  return addExamples(command, [
    'tillwatch backtest fleet.ndjson.gz --out findings.ndjson',
    'tillwatch backtest fleet.ndjson.gz --truth truth.ndjson --out findings.ndjson',
  ]);
}

function readTruth(path: string): unknown[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new TillwatchError(
      'backtest.no_truth',
      `the truth file ${path} cannot be read: ${(error as Error).message}`,
      { status: 400 },
    );
  }
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, i) => {
      try {
        return JSON.parse(line) as unknown;
      } catch {
        throw new TillwatchError(
          'backtest.bad_truth',
          `${path}, line ${i + 1} is not JSON: one failure a line is expected`,
          { status: 400 },
        );
      }
    });
}
