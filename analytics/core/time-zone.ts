import { HOUR } from './time.ts';

/** Formats that name a zone's offset: to make one takes a hundred times as long as to ask it, and zones are few. */
const OFFSETS = new Map<string, Intl.DateTimeFormat>();

/** ms that a time zone is east of Greenwich at a moment; undefined where it is none. */
export function offsetOf(timezone: string, at: number): number | undefined {
  try {
    let format = OFFSETS.get(timezone);
    if (!format) {
      format = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, timeZoneName: 'longOffset' });
      OFFSETS.set(timezone, format);
    }
    const text = format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
    const [, sign, hours = '0', minutes = '0'] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(text) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * 60_000);
  } catch {
    // The zone is no IANA name: the shop's hours are learned without it.
    return undefined;
  }
}
