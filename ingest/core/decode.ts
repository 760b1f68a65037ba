import { isUtf8 } from 'node:buffer';
import { cleanPayload } from '../../contract/clean.ts';
import type { PayloadOf } from '../../contract/payloads.ts';
import type { RejectionReason } from '../../contract/ports/dead-letters.ts';
import type { UpChannel } from '../../contract/topics.ts';
import { findCard } from './card-numbers.ts';
import { LOOK_FOR_CARDS, NOT_ASCII, type Scan, scanValue, TOO_MANY_VALUES } from './json-scan.ts';
import { explain, type Fault, isValid } from './validate.ts';

/** Bounds of what is taken from one sender at once. */
export interface PayloadLimits {
  /** Bytes of one terminal's payload. */
  readonly payloadBytes: number;
  /** Bytes of a gateway's array. */
  readonly batchBytes: number;
  /** Entries of a gateway's array. */
  readonly batchEntries: number;
  readonly depth: number;
  /** Values in one payload: bounds every array in it. */
  readonly values: number;
}

export const DEFAULT_LIMITS: PayloadLimits = {
  payloadBytes: 65_536,
  batchBytes: 1_048_576,
  batchEntries: 8_192,
  depth: 8,
  values: 1_024,
};

export type Decoded<T> = { readonly ok: true; readonly payload: T } | { readonly ok: false; readonly fault: Fault };

/** An answer that says why something was not taken. */
export function refused(
  reason: RejectionReason,
  detail: string,
  field: string | null = null,
): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: { reason, field, detail } };
}

/** Says what of a scanned payload is over its bounds; undefined when nothing is. */
export function overBounds(bytes: number, seen: number, limits: PayloadLimits): Fault | undefined {
  const depth = seen & 0xffff;
  if (bytes <= limits.payloadBytes && depth <= limits.depth && !(seen & TOO_MANY_VALUES)) return undefined;
  if (bytes > limits.payloadBytes) {
    return refused('too_large', `the payload has ${bytes} bytes: at most ${limits.payloadBytes} are taken`).fault;
  }
  return depth > limits.depth
    ? refused('too_deep', `the payload nests ${depth} levels deep: at most ${limits.depth} are taken`).fault
    : refused('too_many_values', `the payload holds more than ${limits.values} values`).fault;
}

/** Parses text of the given bytes; `seen` is their scan. Never throws. */
export function parseText(bytes: Uint8Array, seen: number): Decoded<unknown> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (seen & NOT_ASCII && !isUtf8(buffer)) return refused('not_utf8', 'the payload is not UTF-8 text');
  try {
    return { ok: true, payload: JSON.parse(buffer.toString(seen & NOT_ASCII ? 'utf8' : 'latin1')) as unknown };
  } catch (error) {
    // Engines quote the text they could not parse; what is quoted could be anything, so only the position is kept.
    const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
    const where = position === undefined ? 'it is empty or ends too early' : `it breaks at character ${position}`;
    return refused('not_json', `the payload is not JSON: ${where}`);
  }
}

/** Checks a parsed payload against its channel's contract and leaves unknown fields out; `seen` is the scan of its bytes. */
export function checkPayload<C extends UpChannel>(channel: C, payload: unknown, seen: number): Decoded<PayloadOf[C]> {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return refused('not_object', 'the payload must be one JSON object');
  }
  if (seen & LOOK_FOR_CARDS) {
    const field = findCard(payload);
    if (field !== undefined) {
      return refused(
        'card_number',
        `${field} holds what looks like a card number: card data must never be sent`,
        field,
      );
    }
  }
  if (!isValid(channel, payload)) return { ok: false, fault: explain(channel, payload) };
  return { ok: true, payload: cleanPayload(channel, payload as PayloadOf[C]) };
}

/** Decodes one terminal's payload, start to end. Never throws. */
export function decodePayload<C extends UpChannel>(
  channel: C,
  bytes: Uint8Array,
  limits: PayloadLimits,
): Decoded<PayloadOf[C]> {
  const scan: Scan = { end: 0, seen: 0 };
  if (bytes.byteLength <= limits.payloadBytes) scanValue(bytes, 0, limits.values, true, scan);
  const fault = overBounds(bytes.byteLength, scan.seen, limits);
  if (fault) return { ok: false, fault };
  const parsed = parseText(bytes, scan.seen);
  return parsed.ok ? checkPayload(channel, parsed.payload, scan.seen) : parsed;
}
