import { writeFile } from 'node:fs/promises';
import type { Quarter } from '../quarter/run.ts';

export interface QuarterCommandOptions {
  readonly scenario?: string;
  readonly seed?: number;
  readonly days?: number;
  readonly stories?: string;
  readonly json?: boolean;
}

/** Days that see every row: some of the procedure takes weeks. */
const DAYS = 100;

/** `tillwatch simulate --quarter`: a fleet and its people live through a quarter, and what the procedure did is told. */
export async function quarter(options: QuarterCommandOptions): Promise<void> {
  const { runQuarter } = await import('../quarter/run.ts');
  const began = performance.now();
  const days = options.days ?? DAYS;
  const lived = await runQuarter({
    scenario: options.scenario ?? 'quarter',
    days,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    onProgress: (day, tickets) => {
      if (process.stderr.isTTY) process.stderr.write(`\rday ${day.toFixed(0)} of ${days}, ${tickets} tickets `);
    },
  });
  if (process.stderr.isTTY) process.stderr.write('\n');
  if (options.stories) await writeFile(options.stories, page(lived));
  if (options.json) process.stdout.write(`${JSON.stringify(lived)}\n`);
  else
    process.stdout.write(
      `${summary(lived)}, lived in ${Math.round((performance.now() - began) / 1000)} s\n\n${table(lived)}\n`,
    );
  if (lived.rows.some((row) => row.seen === 0)) process.exitCode = 1;
}

function summary(lived: Quarter): string {
  const { days, terminals, messages, tickets, archived } = lived;
  return `${days} days of ${terminals} terminals, ${messages.toLocaleString('en')} messages, ${tickets} tickets, ${archived} of them archived`;
}

function table({ rows }: Quarter): string {
  const wide = Math.max(...rows.map((row) => row.row.length));
  return rows.map((row) => `${row.row.padEnd(wide)}  ${String(row.seen).padStart(4)}  ${row.example}`).join('\n');
}

/** The stories and the table as a page of documentation. */
function page(lived: Quarter): string {
  const lines = [
    '# The procedure, seen happening',
    '',
    'Written by `tillwatch simulate --quarter --stories docs/procedure-stories.md`: a simulated fleet, the platform’s own line and detectors, and',
    'simulated people (desk, technicians, merchants) who work through the public API; see `app/quarter/` and `firmware-sim/core/people.ts`.',
    '',
    `${summary(lived)}. Steps that people tried and the procedure refused: ${lived.refused.length}.`,
    '',
    '## Every row of the procedure',
    '',
    '| row | seen | first seen |',
    '| --- | ---: | --- |',
    ...lived.rows.map(({ row, seen, example }) => `| ${row} | ${seen} | ${example.replaceAll('|', '/')} |`),
    '',
    '## Three tickets as stories',
    '',
  ];
  for (const { why, text } of lived.stories) lines.push(`### ${why}`, '', '```text', text, '```', '');
  return `${lines.join('\n').trimEnd()}\n`;
}
