import { maskCards, maskValue } from '../../contract/card-numbers.ts';
import type { RejectionReason } from '../../contract/ports/dead-letters.ts';

/** Characters of a rejected payload that are kept. */
export const KEPT_CHARACTERS = 16_384;

/** What is kept of a rejected payload: text with card numbers masked, cut to a bound; and whether a replay of it would be the message itself. */
export function letterPayload(
  payload: Uint8Array,
  reason: RejectionReason,
): { readonly payload: string; readonly replayable: boolean } {
  const cut = payload.byteLength > KEPT_CHARACTERS;
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, Math.min(payload.byteLength, KEPT_CHARACTERS));
  const text = bytes.toString('utf8');
  let masked = maskCards(text);
  // A number that the cut goes through could not be told for what it is.
  if (cut) masked = masked.replace(/\d+\uFFFD?$/, '…');
  // "\u0034…" spells digits that a look at the text does not see.
  if (masked.includes('\\u')) masked = seenThrough(payload, masked);
  return { payload: masked, replayable: !cut && masked === text && reason !== 'not_utf8' };
}

function seenThrough(payload: Uint8Array, text: string): string {
  try {
    const value: unknown = JSON.parse(
      Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8'),
    );
    const clear = JSON.stringify(maskValue(value, 16));
    return JSON.stringify(value) === clear ? text : clear.slice(0, KEPT_CHARACTERS);
  } catch {
    return text.replace(/\\u00[0-9a-f]{2}/gi, '*');
  }
}
