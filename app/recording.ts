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
  return sliceLine(bytes) ?? parseWhole(bytes, line);
}

const HEAD = Buffer.from('{"received_at":');
const TOPIC = Buffer.from(',"topic":"');
const PAYLOAD = Buffer.from('","payload":');
const [QUOTE, BACKSLASH, OPEN, CLOSE, ZERO, NINE] = [34, 92, 123, 125, 48, 57] as const;

/** A line as recorders write it: its payload is taken as the bytes it is, which spares reading and writing it again. */
function sliceLine(bytes: Buffer): RecordedMessage | undefined {
  if (!starts(bytes, HEAD, 0)) return undefined;
  let at = HEAD.length;
  let receivedAt = 0;
  for (let digit = bytes[at]!; digit >= ZERO && digit <= NINE; digit = bytes[++at]!)
    receivedAt = receivedAt * 10 + digit - ZERO;
  if (at === HEAD.length || !starts(bytes, TOPIC, at)) return undefined;
  const topicFrom = at + TOPIC.length;
  const topicTo = bytes.indexOf(QUOTE, topicFrom);
  if (topicTo < 0 || !starts(bytes, PAYLOAD, topicTo)) return undefined;
  const topic = bytes.toString('latin1', topicFrom, topicTo);
  if (!/^[\w/+#$.-]*$/.test(topic)) return undefined;
  const from = topicTo + PAYLOAD.length;
  const to = endOfObject(bytes, from);
  if (
    to < 0 ||
    bytes[to] !== CLOSE ||
    bytes
      .subarray(to + 1)
      .toString('latin1')
      .trim() !== ''
  )
    return undefined;
  return { receivedAt, topic, payload: bytes.subarray(from, to) };
}

function starts(bytes: Buffer, wanted: Buffer, at: number): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) return false;
  return true;
}

/** Where the object that begins at `from` ends (exclusive); -1 where there is none. */
function endOfObject(bytes: Buffer, from: number): number {
  if (bytes[from] !== OPEN) return -1;
  let depth = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      for (at++; at < bytes.length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++;
    } else if (byte === OPEN) depth++;
    else if (byte === CLOSE && --depth === 0) return at + 1;
  }
  return -1;
}

function parseWhole(bytes: Buffer, line: number): RecordedMessage | BadLine | undefined {
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
