import { isAscii, isUtf8 } from 'node:buffer';
import { findCard } from '../../contract/card-numbers.ts';
import { cleanPayload } from '../../contract/clean.ts';
import type { PayloadOf } from '../../contract/payloads.ts';
import type { RejectionReason } from '../../contract/ports/dead-letters.ts';
import type { UpChannel } from '../../contract/topics.ts';
import { explain, type Fault, isValid } from './validate.ts';

/** Bounds of what is taken from one sender at once. */
export interface PayloadLimits {
  /** Bytes of one terminal's payload. */
  readonly payloadBytes: number;
  /** Bytes of a gateway's array. */
  readonly batchBytes: number;
  /** Entries of a gateway's array. */
  readonly batchEntries: number;
  /** Levels of an event's detail or a result's data. */
  readonly depth: number;
  /** Values in one such field: bounds every array in it. */
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

/** What a look at the text alone tells. */
export interface Parsed {
  readonly payload: unknown;
  /** A string may hold a card number: look at the strings one by one. */
  readonly suspect: boolean;
}

/** Digits that the shortest card number has. */
const RUN = 13;

/**
 * True where the bytes hold 13 or more digits on end, other than exactly 13 that begin with 1 (a `ts` of this century; no scheme's
 * numbers begin so). Numbers outside strings are found too: only then are the strings looked at. A run of 13 covers every thirteenth
 * byte once, so only those are looked at.
 */
function holdsLongRun(bytes: Uint8Array): boolean {
  const { length } = bytes;
  for (let i = RUN - 1; i < length; i += RUN) {
    if (!isDigit(bytes[i]!)) continue;
    let from = i;
    while (from > 0 && isDigit(bytes[from - 1]!)) from--;
    let to = i + 1;
    while (to < length && isDigit(bytes[to]!)) to++;
    if (to - from >= RUN && (to - from > RUN || bytes[from] !== 0x31)) return true;
  }
  return false;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Parses one JSON text within its bounds. Never throws. */
export function parseText(bytes: Uint8Array, maxBytes: number): Decoded<Parsed> {
  if (bytes.byteLength > maxBytes) {
    return refused('too_large', `the payload has ${bytes.byteLength} bytes: at most ${maxBytes} are taken`);
  }
  const ascii = isAscii(bytes);
  if (!ascii && !isUtf8(bytes)) return refused('not_utf8', 'the payload is not UTF-8 text');
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString(ascii ? 'latin1' : 'utf8');
  try {
    return {
      ok: true,
      payload: { payload: JSON.parse(text) as unknown, suspect: holdsLongRun(bytes) || text.includes('\\u') },
    };
  } catch (error) {
    // Engines quote the text they could not parse; what is quoted could be anything, so only the position is kept.
    const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
    const where = position === undefined ? 'it is empty or ends too early' : `it breaks at character ${position}`;
    return refused('not_json', `the payload is not JSON: ${where}`);
  }
}

/** Checks a parsed payload against its channel's contract and leaves unknown fields out. */
export function checkPayload<C extends UpChannel>(
  channel: C,
  payload: unknown,
  suspect: boolean,
  limits: PayloadLimits,
): Decoded<PayloadOf[C]> {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return refused('not_object', 'the payload must be one JSON object');
  }
  if (suspect) {
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
  const clean = cleanPayload(channel, payload as PayloadOf[C]);
  // Elsewhere the schema itself bounds what is kept; these two hold whatever a terminal likes to tell.
  const free = channel === 'event' ? 'detail' : channel === 'result' ? 'data' : undefined;
  if (free !== undefined) {
    const fault = overBounds((clean as unknown as Record<string, unknown>)[free], free, limits);
    if (fault) return { ok: false, fault };
  }
  return { ok: true, payload: clean };
}

/** Says whether a free field nests too deep or holds too much; walks without recursion. */
function overBounds(value: unknown, field: string, { depth, values }: PayloadLimits): Fault | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  let level: object[] = [value];
  let count = 0;
  for (let at = 1; level.length > 0; at++) {
    if (at > depth) {
      return refused('too_deep', `${field} nests more than ${depth} levels deep`, field).fault;
    }
    const next: object[] = [];
    for (const holder of level) {
      for (const inner of Object.values(holder) as unknown[]) {
        if (++count > values)
          return refused('too_many_values', `${field} holds more than ${values} values`, field).fault;
        if (typeof inner === 'object' && inner !== null) next.push(inner);
      }
    }
    level = next;
  }
  return undefined;
}

/** Decodes one terminal's payload, start to end. Never throws. */
export function decodePayload<C extends UpChannel>(
  channel: C,
  bytes: Uint8Array,
  limits: PayloadLimits,
): Decoded<PayloadOf[C]> {
  const parsed = parseText(bytes, limits.payloadBytes);
  return parsed.ok ? checkPayload(channel, parsed.payload.payload, parsed.payload.suspect, limits) : parsed;
}
