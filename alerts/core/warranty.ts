import { DateTime } from 'luxon';
import type { FaultReport, HumanDamage } from '../../contract/ticket-parts.ts';

export interface Charge {
  readonly charge: 'free' | 'quote';
  readonly why: string;
}

/** End of an ISO date in the last place on earth where it ends (UTC−12): the merchant gets the benefit of the doubt. */
function endOf(isoDate: string): number {
  return DateTime.fromISO(isoDate, { zone: 'utc' }).endOf('day').plus({ hours: 12 }).toMillis();
}

/** Step 4: in warranty and not human damage is free; anything else is quoted, and needs the merchant's consent before work. */
export function chargeOf(report: FaultReport | null, damage: HumanDamage, at: number): Charge {
  if (damage !== 'none') return { charge: 'quote', why: `human damage (${damage}) is not covered` };
  const until = report?.warrantyUntil;
  if (!until) return { charge: 'quote', why: 'no warranty is known for the terminal' };
  if (at <= endOf(until)) return { charge: 'free', why: `in warranty until ${until}` };
  return { charge: 'quote', why: `the warranty ended on ${until}` };
}
