import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { TillwatchError } from '../contract/errors.ts';

/** One line of a recorded fleet: a message with the time at which it was received. */
export interface RecordedMessage {
  readonly receivedAt: number;
  readonly topic: string;
  /** The payload as bytes of UTF-8 JSON. */
  readonly payload: Uint8Array;
}

/** A line that is no message of a recording, with why. */
export interface BadLine {
  readonly line: number;
  readonly reason: 'not_json' | 'missing_field' | 'wrong_type';
  readonly detail: string;
}

const decoders: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gz: createGunzip,
  zst: createZstdDecompress,
};

/** Opens a recording, unpacked by its ending (.gz, .zst; anything else is taken as it is). Error: `recording.unreadable`. */
export function openRecording(path: string): Readable {
  const decoder = decoders[path.split('.').at(-1) ?? ''];
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  if (!decoder) return file;
  const unpacked = decoder() as unknown as Readable;
  file.once('error', (error) => unpacked.destroy(error));
  file.pipe(unpacked as unknown as NodeJS.WritableStream);
  return unpacked;
}

/** Lines of a byte stream, each without its line end, in chunks of many; the last may lack one. Error: `recording.unreadable`. */
export async function* linesOf(stream: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer[]> {
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of stream) {
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      const lines: Buffer[] = [];
      let from = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
        lines.push(bytes.subarray(from, end));
        from = end + 1;
      }
      rest = bytes.subarray(from);
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    throw new TillwatchError('recording.unreadable', `${name} cannot be read: ${(error as Error).message}`, {
      status: 400,
      cause: error,
    });
  }
  if (rest.length > 0) yield [rest];
}

/** Reads one line; undefined for an empty one. A payload given as a string is the message's text itself (how broken ones are kept). */
export function parseLine(bytes: Buffer, line: number): RecordedMessage | BadLine | undefined {
  const text = bytes.toString('utf8');
  if (text.trim() === '') return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return { line, reason: 'not_json', detail: (error as Error).message };
  }
  const {
    received_at: receivedAt,
    topic,
    payload,
  } = (parsed ?? {}) as { received_at?: unknown; topic?: unknown; payload?: unknown };
  for (const [field, value] of Object.entries({ received_at: receivedAt, topic, payload })) {
    if (value === undefined)
      return {
        line,
        reason: 'missing_field',
        detail: `"${field}" is missing: a line is {"received_at","topic","payload"}`,
      };
  }
  if (typeof receivedAt !== 'number' || !Number.isFinite(receivedAt))
    return { line, reason: 'wrong_type', detail: '"received_at" must be ms since 1970' };
  if (typeof topic !== 'string') return { line, reason: 'wrong_type', detail: '"topic" must be a string' };
  return { receivedAt, topic, payload: Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)) };
}

export function isBadLine(line: RecordedMessage | BadLine): line is BadLine {
  return 'reason' in line;
}
