import { DateTime } from 'luxon';
import type { Finding } from '../../contract/findings.ts';
import type { TerminalFacts } from '../../contract/ports/directory.ts';
import type { Hold, HoldMatch } from '../../contract/ports/holds.ts';
import type { DayHours } from '../../contract/registry.ts';
import type { Ticket } from '../../contract/tickets.ts';

/** Why a fault is held for now, and until when. */
export interface Held {
  readonly reason: 'maintenance' | 'muted' | 'closed_store';
  readonly text: string;
  readonly until: number;
}

function fits(match: HoldMatch, fingerprint: string, finding: Finding, facts: TerminalFacts | undefined): boolean {
  if (match.fingerprint !== undefined && match.fingerprint !== fingerprint) return false;
  if (match.terminal !== undefined && match.terminal !== finding.terminal) return false;
  if (match.site !== undefined) {
    const site = finding.scope === 'site' ? finding.subject : (facts?.site ?? null);
    if (match.site !== site) return false;
  }
  if (match.model !== undefined && match.model !== (finding.scope === 'model' ? finding.subject : facts?.model))
    return false;
  if (
    match.firmware !== undefined &&
    match.firmware !== (finding.scope === 'firmware' ? finding.subject : facts?.firmware)
  ) {
    return false;
  }
  if (match.component !== undefined && match.component !== finding.component) return false;
  return match.mode === undefined || match.mode === finding.mode;
}

/** When a closed store opens next (within two weeks), ms; null: it is open, or its hours are not known. */
export function opensAt(
  hours: readonly (DayHours | null)[] | null,
  timezone: string | null,
  now: number,
): number | null {
  if (!hours || hours.every((day) => day === null)) return null;
  const local = DateTime.fromMillis(now, { zone: timezone ?? 'utc' });
  if (!local.isValid) return null;
  for (let ahead = -1; ahead <= 14; ahead++) {
    const day = local.startOf('day').plus({ days: ahead });
    const open = hours[day.weekday - 1];
    if (!open) continue;
    // Minutes are added as wall time, so that a store opens at nine on the day the clocks change too.
    const from = day.set({ hour: Math.floor(open.opens / 60), minute: open.opens % 60 }).toMillis();
    const to = day
      .plus({ days: Math.floor(open.closes / 1440) })
      .set({ hour: Math.floor((open.closes % 1440) / 60), minute: open.closes % 60 })
      .toMillis();
    if (now >= from && now < to) return null;
    if (from > now) return from;
  }
  return null;
}

function minutes(at: number): string {
  return DateTime.fromMillis(at, { zone: 'utc' }).toFormat("yyyy-MM-dd HH:mm 'UTC'");
}

/**
 * Whether a fault is held for now. Mutes and maintenance windows hold whatever they fit. A closed store holds what can wait for its
 * opening: everything but a critical fault, and a critical loss of the link too, as a shop that is shut may have switched it off.
 */
export function heldBy(
  fingerprint: string,
  finding: Finding,
  facts: TerminalFacts | undefined,
  holds: readonly Hold[],
  now: number,
): Held | undefined {
  let held: Held | undefined;
  for (const hold of holds) {
    if (hold.tenant !== finding.tenant || hold.from > now || hold.to <= now) continue;
    if (!fits(hold.match, fingerprint, finding, facts)) continue;
    if (held && held.until >= hold.to) continue;
    const what = hold.kind === 'mute' ? 'Muted' : 'Maintenance window';
    held = {
      reason: hold.kind === 'mute' ? 'muted' : 'maintenance',
      text: `${what} until ${minutes(hold.to)} (${hold.reason}, by ${hold.by}).`,
      until: hold.to,
    };
  }
  if (held) return held;
  if (!facts || finding.scope !== 'terminal') return undefined;
  if (finding.severity === 'critical' && finding.mode !== 'offline') return undefined;
  const opens = opensAt(facts.hours, facts.timezone, now);
  if (opens === null) return undefined;
  return {
    reason: 'closed_store',
    text: `The store is closed; held until it opens (${minutes(opens)}).`,
    until: opens,
  };
}

/** Whether notices of a ticket are held by a mute or a maintenance window, and until when. */
export function ticketHeldBy(
  ticket: Ticket,
  holds: readonly Hold[],
  now: number,
): { text: string; until: number } | undefined {
  let held: { text: string; until: number } | undefined;
  for (const hold of holds) {
    const { match } = hold;
    if (hold.tenant !== ticket.tenant || hold.from > now || hold.to <= now) continue;
    // A ticket does not know its terminal's model and firmware of today: such holds act on its finding, before there is a ticket.
    if (match.model !== undefined || match.firmware !== undefined) continue;
    if (match.fingerprint !== undefined && match.fingerprint !== ticket.fingerprint) continue;
    if (match.terminal !== undefined && match.terminal !== ticket.terminal) continue;
    if (match.site !== undefined && match.site !== ticket.site) continue;
    if (match.component !== undefined && match.component !== ticket.component) continue;
    if (match.mode !== undefined && match.mode !== ticket.mode) continue;
    if (!held || held.until < hold.to) {
      held = {
        until: hold.to,
        text: `${hold.kind === 'mute' ? 'muted' : 'maintenance'} until ${minutes(hold.to)} (${hold.reason}, by ${hold.by})`,
      };
    }
  }
  return held;
}
