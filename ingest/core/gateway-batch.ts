import { isUtf8 } from 'node:buffer';
import type { PayloadOf } from '../../contract/payloads.ts';
import { isTerminalId, UP_CHANNELS, type UpChannel } from '../../contract/topics.ts';
import { checkPayload, type Decoded, type PayloadLimits, parseText, refused } from './decode.ts';
import { type PayloadSpan, payloadSpans } from './json-scan.ts';
import type { Fault } from './validate.ts';

/** One entry of a gateway's array, handled as if it had come by itself. */
export type BatchEntry =
  | {
      readonly ok: true;
      readonly terminal: string;
      readonly channel: UpChannel;
      readonly payload: PayloadOf[UpChannel];
      readonly raw: Uint8Array;
    }
  | {
      readonly ok: false;
      readonly terminal: string | null;
      readonly channel: string;
      readonly raw: Uint8Array;
      readonly fault: Fault;
    };

const CHANNELS: ReadonlySet<string> = new Set(UP_CHANNELS);

/** Takes a gateway's array apart; only what makes the whole unreadable refuses the whole. Never throws. */
export function decodeBatch(bytes: Uint8Array, limits: PayloadLimits): Decoded<readonly BatchEntry[]> {
  if (bytes.byteLength > limits.batchBytes) {
    return refused('too_large', `the batch has ${bytes.byteLength} bytes: at most ${limits.batchBytes} are taken`);
  }
  // Bytes that are no UTF-8 are one entry's fault: read with replacement here, refused entry by entry below.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    const why = parseText(bytes, limits.batchBytes);
    return why.ok ? refused('not_json', 'the batch is not JSON') : why;
  }
  const messages =
    typeof parsed === 'object' && parsed !== null ? (parsed as { messages?: unknown }).messages : undefined;
  if (!Array.isArray(messages)) {
    return refused('bad_batch', 'messages must be an array of {"terminal", "channel", "payload"}', 'messages');
  }
  if (messages.length > limits.batchEntries) {
    return refused(
      'bad_batch',
      `messages has ${messages.length} entries: at most ${limits.batchEntries} are taken`,
      'messages',
    );
  }
  const spans = payloadSpans(bytes);
  const exact = spans !== undefined && spans.length === messages.length;
  return {
    ok: true,
    payload: messages.map((entry: unknown, i) => {
      const span = exact ? spans[i] : undefined;
      const raw = span ? bytes.subarray(span.start, span.end) : payloadBytes(entry);
      return decodeEntry(entry, i, raw, span, limits);
    }),
  };
}

function decodeEntry(
  entry: unknown,
  i: number,
  raw: Uint8Array,
  span: PayloadSpan | undefined,
  limits: PayloadLimits,
): BatchEntry {
  const { terminal, channel, payload } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<
    string,
    unknown
  >;
  const named = typeof terminal === 'string' && isTerminalId(terminal) ? terminal : null;
  const bad = (fault: Fault): BatchEntry => ({
    ok: false,
    terminal: named,
    channel: typeof channel === 'string' && CHANNELS.has(channel) ? channel : 'batch',
    raw,
    fault,
  });
  if (named === null) {
    return bad(
      refused('bad_batch', 'terminal must be 1–64 of A–Z, a–z, 0–9, "_" and "-"', `messages.${i}.terminal`).fault,
    );
  }
  if (typeof channel !== 'string' || !CHANNELS.has(channel)) {
    return bad(refused('bad_batch', `channel must be one of ${UP_CHANNELS.join(', ')}`, `messages.${i}.channel`).fault);
  }
  if (raw.byteLength === 0) {
    return bad(refused('bad_batch', 'payload is missing or nests too deep', `messages.${i}.payload`).fault);
  }
  if (raw.byteLength > limits.payloadBytes) {
    const detail = `the payload has ${raw.byteLength} bytes: at most ${limits.payloadBytes} are taken`;
    return bad(refused('too_large', detail).fault);
  }
  if (span && !span.ascii && !isUtf8(raw)) return bad(refused('not_utf8', 'the payload is not UTF-8 text').fault);
  const checked = checkPayload(channel as UpChannel, payload, span?.suspect ?? true, limits);
  if (!checked.ok) return bad(checked.fault);
  return { ok: true, terminal: named, channel: channel as UpChannel, payload: checked.payload, raw };
}

/** The payload written anew, where its own bytes could not be told apart; empty where it is absent or too deep to be written. */
function payloadBytes(entry: unknown): Uint8Array {
  const payload = typeof entry === 'object' && entry !== null ? (entry as { payload?: unknown }).payload : undefined;
  try {
    return Buffer.from(JSON.stringify(payload) ?? '', 'utf8');
  } catch {
    return new Uint8Array(0);
  }
}
