import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { RoughFleet } from '../rough-fleet.ts';

/** Writes a fleet as a recording (gzip) and its truth beside it; answers how many messages that were. */
export async function recordRough(fleet: RoughFleet, recording: string, truth: string): Promise<number> {
  let messages = 0;
  function* text(): Generator<string> {
    let chunk = '';
    for (const line of fleet.lines) {
      messages++;
      chunk += `${JSON.stringify(line)}\n`;
      if (chunk.length < 1 << 18) continue;
      yield chunk;
      chunk = '';
    }
    yield chunk;
  }
  await pipeline(Readable.from(text()), createGzip({ level: 4 }), createWriteStream(recording));
  await writeFile(truth, fleet.truth.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return messages;
}
