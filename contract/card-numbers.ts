/**
 * Card numbers (PANs) in text: runs of 13–19 digits that begin as a scheme's numbers do (ISO/IEC 7812 ranges as the schemes publish
 * them) and pass the Luhn check (ISO/IEC 7812-1, annex B).
 */

interface Scheme {
  readonly digits: number;
  readonly from: number;
  readonly to: number;
  readonly lengths: ReadonlySet<number>;
}

const range = (from: number, to: number, ...lengths: number[]): Scheme => ({
  digits: String(from).length,
  from,
  to,
  lengths: new Set(lengths),
});

const SCHEMES: readonly Scheme[] = [
  range(4, 4, 13, 16, 18, 19), // Visa
  range(51, 55, 16), // Mastercard
  range(2221, 2720, 16), // Mastercard
  range(2200, 2204, 16, 17, 18, 19), // Mir
  range(34, 34, 15), // American Express
  range(37, 37, 15),
  range(300, 305, 14, 16, 17, 18, 19), // Diners Club
  range(3095, 3095, 14, 16, 17, 18, 19),
  range(36, 36, 14, 15, 16, 17, 18, 19),
  range(38, 39, 14, 16, 17, 18, 19),
  range(3528, 3589, 16, 17, 18, 19), // JCB
  range(60, 60, 16, 17, 18, 19), // Discover, RuPay
  range(644, 659, 16, 17, 18, 19), // Discover, Troy
  range(62, 62, 16, 17, 18, 19), // UnionPay
  range(81, 82, 16, 17, 18, 19), // UnionPay, RuPay
  range(508, 508, 16), // RuPay
  range(5018, 5018, 13, 14, 15, 16, 17, 18, 19), // Maestro and Dankort
  range(5019, 5020, 13, 14, 15, 16, 17, 18, 19),
  range(5038, 5038, 13, 14, 15, 16, 17, 18, 19),
  range(506099, 506198, 16, 18, 19), // Verve
  range(5893, 5893, 13, 14, 15, 16, 17, 18, 19),
  range(6304, 6304, 13, 14, 15, 16, 17, 18, 19),
  range(636, 636, 16, 17, 18, 19), // InterPayment
  range(6759, 6759, 13, 14, 15, 16, 17, 18, 19),
  range(6761, 6763, 13, 14, 15, 16, 17, 18, 19),
  range(9792, 9792, 16), // Troy
];

const RUN = /\d{13,}/g;

/** True for 13–19 digits that could be a card's number. `digits` holds digits only. */
export function looksLikeCard(digits: string): boolean {
  const length = digits.length;
  if (length < 13 || length > 19) return false;
  if (!SCHEMES.some((s) => s.lengths.has(length) && between(Number(digits.slice(0, s.digits)), s))) return false;
  let sum = 0;
  for (let i = 0; i < length; i++) {
    let d = digits.charCodeAt(length - 1 - i) - 48;
    if (i % 2 === 1) {
      d *= 2;
      if (d > 9) d -= 9;
    }
    sum += d;
  }
  return sum % 10 === 0;
}

function between(value: number, scheme: Scheme): boolean {
  return value >= scheme.from && value <= scheme.to;
}

/** True when one of the digit runs in `text` could be a card's number. */
export function holdsCard(text: string): boolean {
  if (text.length < 13) return false;
  for (const [run] of text.matchAll(RUN)) if (looksLikeCard(run)) return true;
  return false;
}

/** Puts `*` for every digit of what could be a card's number. */
export function maskCards(text: string): string {
  return text.replace(RUN, (run) => (looksLikeCard(run) ? '*'.repeat(run.length) : run));
}

const ICCID = /^89\d{17,18}$/;
const IMEI = /^\d{15}$/;

function exempt(key: string, text: string): boolean {
  return (key === 'iccid' && ICCID.test(text)) || (key === 'imei' && IMEI.test(text));
}

/** Dotted path of the first string (or key) in a parsed payload that could hold a card's number; undefined when none does. */
export function findCard(value: unknown): string | undefined {
  const stack: { path: string; key: string; value: unknown }[] = [{ path: '', key: '', value }];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (typeof at.value === 'string') {
      if (holdsCard(at.value) && !exempt(at.key, at.value)) return at.path;
    } else if (typeof at.value === 'object' && at.value !== null) {
      for (const [key, inner] of Object.entries(at.value)) {
        const shown = maskCards(key);
        const path = at.path === '' ? shown : `${at.path}.${shown}`;
        if (shown !== key) return path;
        stack.push({ path, key, value: inner });
      }
    }
  }
  return undefined;
}

/** A copy of a parsed payload in which card numbers are masked, in keys and strings; `depth` bounds how far down it looks. */
export function maskValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return maskCards(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.map((inner) => maskValue(inner, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [maskCards(key), maskValue(inner, depth - 1)]));
}
