import { closeSync, openSync, writeSync } from 'node:fs';
import { Command } from 'commander';
import { type FindingLine, type Score, scoreFindings } from '../../analytics/core/score.ts';
import { TillwatchError } from '../../contract/errors.ts';
import { findingToWire } from '../../contract/findings.ts';
import { type BacktestSummary, backtest } from '../backtest.ts';
import { scoreByMode, scoreTable } from '../score-table.ts';
import { readTruth } from '../truth.ts';
import { addExamples } from './support.ts';

interface BacktestOptions {
  readonly out: string;
  readonly truth?: string;
  readonly json?: true;
}

/** ms between words of progress where nobody watches a terminal. */
const SAY_EVERY = 10_000;

/** `tillwatch backtest FILE`: what the platform would have found in a recorded fleet, and how good that was. */
export function backtestCommand(): Command {
  const command = new Command('backtest')
    .description(
      'run the detectors over a recorded fleet (NDJSON, plain, .gz or .zst) without a broker and without waiting',
    )
    .argument('<file>', 'the recording')
    .requiredOption('--out <file>', 'findings as NDJSON, one line a transition; "-" for standard output')
    .option('--truth <file>', 'failures as NDJSON (plain, .gz or .zst), to score the findings by')
    .option('--json', 'the summary and score as one JSON object instead of a table')
    .action(async (file: string, options: BacktestOptions) => {
      // Read first: a fault in it should not show after minutes of work.
      const truth = options.truth === undefined ? undefined : await readTruth(options.truth);
      const began = performance.now();
      const lines: FindingLine[] = [];
      const out = openOut(options.out);
      const summary = await backtest(
        file,
        (finding) => {
          const line = findingToWire(finding);
          if (truth) lines.push(line as unknown as FindingLine);
          writeSync(out, `${JSON.stringify(line)}\n`);
        },
        progress(began),
      );
      if (out !== 1) closeSync(out);
      if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
      const seconds = Math.round((performance.now() - began) / 10) / 100;
      const score = truth && scoreFindings(lines, truth, summary.terminalDays);
      const text = options.json
        ? `${JSON.stringify({ ...summary, seconds, ...(score ? { score, modes: scoreByMode(score) } : {}) }, null, 2)}\n`
        : report(summary, seconds, options.out, score);
      (options.out === '-' ? process.stderr : process.stdout).write(text);
      if (summary.readings === 0) {
        throw new TillwatchError(
          'backtest.nothing_read',
          `${file} holds no message of the contract: each line must be {"received_at": ms, "topic": "pos/v1/{tenant}/{terminal}/{channel}", "payload": {…}}`,
          { status: 400 },
        );
      }
    });
  return addExamples(command, [
    'tillwatch backtest fleet.ndjson.gz --out findings.ndjson',
    'tillwatch backtest fleet.ndjson.gz --truth truth.ndjson --out findings.ndjson',
  ]);
}

function openOut(path: string): number {
  if (path === '-') return 1;
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw new TillwatchError('backtest.no_out', `findings cannot be written to ${path}: ${(error as Error).message}`, {
      status: 400,
      cause: error,
    });
  }
}

/** Tells how far it is: in place on a terminal, now and then in a log. */
function progress(began: number): (lines: number, at: number) => void {
  let told = began;
  return (lines, at) => {
    const now = performance.now();
    if (now - told < (process.stderr.isTTY ? 200 : SAY_EVERY)) return;
    told = now;
    const rate = Math.round((lines / (now - began)) * 1000);
    const text = `${lines} lines, up to ${new Date(at).toISOString().slice(0, 16)}, ${rate} lines/s`;
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  };
}

function report(summary: BacktestSummary, seconds: number, out: string, score: Score | undefined): string {
  const rejected = Object.entries(summary.rejected).sort((a, b) => b[1] - a[1]);
  const passed = rejected.map(([reason, n]) => `${reason} ${n}`).join(', ');
  return [
    `${summary.lines} lines in ${seconds} s: ${summary.readings} readings of ${summary.terminals} terminals over ${summary.terminalDays.toFixed(1)} terminal-days`,
    `passed over: ${summary.duplicates} repeats${passed === '' ? '' : `; ${passed}`}`,
    `${summary.transitions} transitions of findings written to ${out === '-' ? 'standard output' : out}; ${summary.standing} findings stand at the end`,
    ...(score ? ['', scoreTable(score)] : ['']),
  ].join('\n');
}
