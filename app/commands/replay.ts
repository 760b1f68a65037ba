import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { TillwatchError } from '../../contract/errors.ts';
import type { ImportCounts } from '../http/import-routes.ts';
import { linesOf, openRecording } from '../recording.ts';
import { addExamples, positive } from './support.ts';

interface ReplayOptions {
  readonly url: string;
  readonly speed?: number;
}

interface Counts extends ImportCounts {
  readonly lines: number;
  readonly firstFaults: readonly { line: number; reason: string; detail: string }[];
}

const CHUNK_BYTES = 2 << 20;
/** Recorded time that one request may span when a speed is set, ms of real time. */
const TICK_MS = 250;

/** `tillwatch replay FILE`: a recording into a running platform, at its own pace or as fast as it goes. */
export function replayCommand(): Command {
  const command = new Command('replay')
    .description(
      'put a recorded fleet (NDJSON, plain, .gz or .zst) through a running platform, with its own arrival times',
    )
    .argument('<file>', 'the recording')
    .option('--url <url>', 'the platform', 'http://127.0.0.1:8080')
    .option(
      '--speed <n>',
      'how many times faster than it was recorded; left out: as fast as the platform takes it',
      positive,
    )
    .action(async (file: string, options: ReplayOptions) => {
      const totals = await replay(file, options, (text) => process.stderr.write(`\r${text}`));
      process.stderr.write('\n');
      process.stdout.write(`${JSON.stringify(totals)}\n`);
    });
  return addExamples(command, [
    'tillwatch replay fleet.ndjson.gz',
    'tillwatch replay fleet.ndjson --speed 60 --url http://127.0.0.1:9000',
  ]);
}

export async function replay(file: string, options: ReplayOptions, say: (text: string) => void): Promise<Counts> {
  let lines = 0;
  let accepted = 0;
  let duplicates = 0;
  const rejected: Record<string, number> = {};
  const firstFaults: Counts['firstFaults'][number][] = [];
  let chunk: Buffer[] = [];
  let bytes = 0;
  let origin: { recorded: number; real: number } | undefined;
  let chunkBegan = 0;

  const post = async (): Promise<void> => {
    if (chunk.length === 0) return;
    const body = Buffer.concat(chunk);
    const before = lines;
    const counts = await send(options.url, body);
    lines += chunk.length / 2;
    accepted += counts.accepted;
    duplicates += counts.duplicates;
    for (const [reason, count] of Object.entries(counts.rejected)) rejected[reason] = (rejected[reason] ?? 0) + count;
    for (const fault of counts.firstFaults)
      if (firstFaults.length < 20) firstFaults.push({ ...fault, line: fault.line + before });
    chunk = [];
    bytes = 0;
    say(`${lines} lines, ${accepted} accepted, ${duplicates} repeated, ${sum(rejected)} rejected`);
  };
  for await (const group of linesOf(openRecording(file), file)) {
    for (const line of group) {
      if (options.speed !== undefined) {
        const recorded = receivedAt(line);
        if (recorded !== undefined) {
          origin ??= { recorded, real: Date.now() };
          const due = origin.real + (recorded - origin.recorded) / options.speed;
          if (chunk.length > 0 && due - chunkBegan > TICK_MS) await post();
          const wait = due - Date.now();
          if (wait > 0 && chunk.length === 0) await sleep(wait);
          if (chunk.length === 0) chunkBegan = due;
        }
      }
      chunk.push(line, NEWLINE);
      bytes += line.length + 1;
      if (bytes >= CHUNK_BYTES) await post();
    }
  }
  await post();
  return { lines, accepted, duplicates, rejected, firstFaults };
}

const NEWLINE = Buffer.from('\n');

function receivedAt(line: Buffer): number | undefined {
  // The lines themselves are judged by the platform; here only their pace is wanted.
  const found = /"received_at"\s*:\s*(\d+)/.exec(line.toString('latin1'));
  return found ? Number(found[1]) : undefined;
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((a, b) => a + b, 0);
}

async function send(url: string, body: Buffer): Promise<Counts> {
  let answer: Response;
  try {
    answer = await fetch(new URL('/api/v1/import', url), {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: new Uint8Array(body),
    });
  } catch (error) {
    throw new TillwatchError(
      'replay.no_platform',
      `no platform answers at ${url}: start one with "npm start", or give --url`,
      { cause: error },
    );
  }
  const parsed = (await answer.json()) as Counts & { detail?: string };
  if (!answer.ok)
    throw new TillwatchError('replay.refused', `${url} refused the recording: ${parsed.detail ?? answer.status}`);
  return parsed;
}
