/** Where a scan of one value ended (the byte after it), and what its strings could hide. */
interface Scan {
  end: number;
  /** A string holds 13 or more digits on end, or an escape that could spell some. */
  suspect: boolean;
  ascii: boolean;
}

/**
 * Passes over the JSON value at `from` (not blank there), in bytes that parsed as JSON; elsewhere the answer means nothing, but it ends.
 */
function scanValue(bytes: Uint8Array, from: number, out: Scan): void {
  let depth = 0;
  out.suspect = false;
  out.ascii = true;
  const length = bytes.length;
  let i = from;
  scan: while (i < length) {
    const c = bytes[i++]!;
    switch (c) {
      case 0x22: {
        let digits = 0;
        while (i < length) {
          const s = bytes[i++]!;
          if (s === 0x22) break;
          if (s >= 0x30 && s <= 0x39) {
            if (++digits >= 13) out.suspect = true;
          } else {
            digits = 0;
            if (s === 0x5c) {
              if (bytes[i] === 0x75) out.suspect = true;
              i++;
            } else if (s >= 0x80) out.ascii = false;
          }
        }
        if (depth === 0) break scan;
        break;
      }
      case 0x2c:
        if (depth === 0) {
          i--;
          break scan;
        }
        break;
      case 0x7b:
      case 0x5b:
        depth++;
        break;
      case 0x7d:
      case 0x5d:
        depth--;
        if (depth <= 0) {
          if (depth < 0) i--;
          break scan;
        }
        break;
    }
  }
  out.end = i;
}

/** Bytes of one gateway entry's payload within the array's bytes, and what the scan saw there. */
export interface PayloadSpan {
  readonly start: number;
  readonly end: number;
  readonly suspect: boolean;
  readonly ascii: boolean;
}

/**
 * Finds the payload of each entry of `{"messages":[{…,"payload":{…}}, …]}`, so that what came is kept as it came. The bytes must be
 * JSON that parsed. Answers undefined where the keys are written in a way it does not follow (escapes, twice the same key).
 */
export function payloadSpans(bytes: Uint8Array): PayloadSpan[] | undefined {
  const at: Scan = { end: 0, suspect: false, ascii: true };
  let spans: PayloadSpan[] | undefined;
  const odd = members(bytes, blanks(bytes, 0), at, (start, keyStart, keyEnd) => {
    if (!keyIs(bytes, keyStart, keyEnd, 'messages') || bytes[start] !== 0x5b) return 'pass';
    if (spans !== undefined) return 'odd';
    spans = [];
    let i = blanks(bytes, start + 1);
    while (bytes[i] !== 0x5d && i < bytes.length) {
      let span: PayloadSpan | undefined;
      if (bytes[i] !== 0x7b) return 'odd';
      const twice = members(bytes, i, at, (valueStart, innerStart, innerEnd) => {
        if (!keyIs(bytes, innerStart, innerEnd, 'payload')) return 'pass';
        if (span !== undefined) return 'odd';
        scanValue(bytes, valueStart, at);
        span = { start: valueStart, end: at.end, suspect: at.suspect, ascii: at.ascii };
        return 'taken';
      });
      if (twice || span === undefined) return 'odd';
      spans.push(span);
      i = blanks(bytes, at.end);
      if (bytes[i] === 0x2c) i = blanks(bytes, i + 1);
    }
    at.end = i + 1;
    return 'taken';
  });
  return odd ? undefined : spans;
}

/** `pass`: not looked at; `taken`: `at.end` is where the value ends; `odd`: stop, this is written in a way we do not follow. */
type Visit = 'pass' | 'taken' | 'odd';

/** Walks the members of the object at `from`; answers true where `visit` found it odd. `at.end` is left after the object. */
function members(
  bytes: Uint8Array,
  from: number,
  at: Scan,
  visit: (valueStart: number, keyStart: number, keyEnd: number) => Visit,
): boolean {
  let i = blanks(bytes, from + 1);
  while (bytes[i] === 0x22) {
    scanValue(bytes, i, at);
    const keyStart = i + 1;
    const keyEnd = at.end - 1;
    i = blanks(bytes, blanks(bytes, at.end) + 1);
    const visited = visit(i, keyStart, keyEnd);
    if (visited === 'odd') return true;
    if (visited === 'pass') scanValue(bytes, i, at);
    i = blanks(bytes, at.end);
    if (bytes[i] === 0x2c) i = blanks(bytes, i + 1);
  }
  at.end = i + 1;
  return false;
}

function blanks(bytes: Uint8Array, from: number): number {
  let i = from;
  for (let c = bytes[i]; c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09; c = bytes[i]) i++;
  return i;
}

function keyIs(bytes: Uint8Array, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word.charCodeAt(i)) return false;
  return true;
}
