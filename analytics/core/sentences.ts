import type { Evidence } from '../../contract/findings.ts';

/** What a channel's sentence is made of. */
interface Told {
  readonly forecast: { readonly p50: number };
  /** Whether its curve moves towards failure now. */
  readonly rising: boolean;
  /** Its sentence lacks its end: what it says of the time left depends on the channels beside it. */
  evidence(): Evidence;
}

/** Days over which nobody is told how many: that it rises is enough. */
const FAR_OFF = 60;
/** How many times the time of all together a channel's own may be off and still be the same in words. */
const SAME = 1.3;

/**
 * A channel's sentence with what it says of the time left. That which counts most leads, and gives the finding's own forecast; another that
 * alone would say something else says so, lest the two contradict each other.
 */
export function told(v: Told, leads: boolean, channels: number, together: number): Evidence {
  const alone = v.forecast.p50;
  const same = Math.max(alone, together) <= SAME * Math.min(alone, together);
  let end = '.';
  if (leads && v.rising) {
    if (together >= FAR_OFF) end = ', and still rising.';
    else if (channels === 1 || same) end = `, and at this pace fails in about ${spanText(together)}.`;
    else end = `, and with what else shows it fails in about ${spanText(together)}.`;
  } else if (v.rising && !same && alone < FAR_OFF) {
    end = `, and by this alone would fail in about ${spanText(alone)}.`;
  }
  const evidence = v.evidence();
  return { ...evidence, why: evidence.why + end };
}

export function spanText(days: number): string {
  if (days < 1 / 12) return `${Math.max(1, Math.round(days * 1440))} minutes`;
  if (days < 2) return `${Math.round(days * 24)} hours`;
  return `${Math.round(days)} days`;
}

export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function round(x: number): number {
  return Number(x.toPrecision(3));
}

/** A rate beside its usual one; a multiple of almost nothing tells nobody anything. */
export function usually(now: number, base: number): string {
  if (base <= 0 || now > base * 1000) return 'where there are hardly any';
  return now >= base * 1.5 ? `${round(now / base)} times the usual ${round(base)}` : `usually ${round(base)}`;
}
