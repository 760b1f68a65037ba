import { DateTime } from 'luxon';
import type { HistoryEntry, Ticket } from '../../contract/tickets.ts';

function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/** A ticket's history as a text that reads from report to archive: day by day, who did what and why. */
export function story(ticket: Ticket, history: readonly HistoryEntry[], timezone: string): string {
  const at = (ms: number): DateTime => {
    const local = DateTime.fromMillis(ms, { zone: timezone });
    return local.isValid ? local : DateTime.fromMillis(ms, { zone: 'utc' });
  };
  const lines: string[] = [
    `${ticket.id}  ${ticket.title}`,
    `${ticket.severity}, ${ticket.kind}, now ${ticket.state.replaceAll('_', ' ')}`,
    '',
  ];
  let day = '';
  for (const entry of history) {
    const time = at(entry.at);
    const today = time.toFormat('cccc, d LLLL yyyy');
    if (today !== day) {
      lines.push(today);
      day = today;
    }
    const who = entry.by.role === 'system' ? '' : `${entry.by.name}: `;
    const moved = entry.from !== null && entry.from !== entry.to ? ` → ${entry.to.replaceAll('_', ' ')}` : '';
    lines.push(`  ${time.toFormat('HH:mm')} ${who}${entry.text}${entry.why ? ` (${entry.why})` : ''}${moved}`);
  }
  if (ticket.closedAt !== null) lines.push('', `Open for ${duration(ticket.closedAt - ticket.openedAt)}.`);
  return lines.join('\n');
}
