import type { Ticket } from '../../contract/tickets.ts';
import { meanOf, medianOf } from './summaries.ts';

const HOUR = 3_600_000;

export interface CauseRow {
  readonly cause: string;
  readonly component: string;
  readonly mode: string;
  readonly tickets: number;
  readonly repeats: number;
  readonly recovered: number;
  readonly falseAlarms: number;
  readonly medianHours: number | null;
}

export interface ProviderRow {
  readonly provider: string;
  readonly tickets: number;
  readonly medianHours: number | null;
  readonly responseKept: number | null;
  readonly repairKept: number | null;
  readonly reopened: number;
  readonly attitude: number | null;
  readonly speed: number | null;
  readonly result: number | null;
  readonly cost: number;
}

export interface PartRow {
  readonly part: string;
  readonly used: number;
  readonly cost: number;
  readonly tickets: number;
}

/** What prevention brought: failures that were repaired before they came, and the downtime that the others cost. */
export interface PreventionReport {
  /** Findings whose part really was failing and was mended before the forecast time. */
  readonly avoided: number;
  /** Hours saved: for each avoided failure, the middle downtime of like failures that did happen. */
  readonly savedHours: number;
  readonly falseAlarms: number;
  readonly judged: number;
  /** Share of judged findings that were right. */
  readonly precision: number | null;
}

function share(values: readonly boolean[]): number | null {
  return values.length === 0 ? null : values.filter(Boolean).length / values.length;
}

/** Hours from opening to repaired, waits for the merchant left out; null while it is open. */
export function hoursOf(ticket: Ticket): number | null {
  const repair = ticket.clocks.find((clock) => clock.kind === 'repair');
  const end = repair?.metAt ?? ticket.closedAt;
  return end === null ? null : (end - ticket.openedAt - (repair?.pausedMs ?? 0)) / HOUR;
}

/** Causes with repeats, false alarms and durations, most frequent first. */
export function causeReport(tickets: readonly Ticket[]): readonly CauseRow[] {
  const groups = Map.groupBy(
    tickets.filter((ticket) => ticket.kind === 'fault'),
    (ticket) =>
      `${ticket.diagnosis?.causeClass ?? 'unknown'}|${ticket.component ?? 'other'}|${ticket.mode ?? 'unknown'}`,
  );
  return [...groups]
    .map(([key, list]) => {
      const [cause = '', component = '', mode = ''] = key.split('|');
      return {
        cause,
        component,
        mode,
        tickets: list.length,
        repeats: list.filter((ticket) => ticket.repeatOf !== null || ticket.reopened > 0).length,
        recovered: list.filter((ticket) => ticket.outcome?.action === 'recovered').length,
        falseAlarms: list.filter((ticket) => ticket.outcome?.wasFailing === false).length,
        medianHours: medianOf(list.flatMap((ticket) => hoursOf(ticket) ?? [])),
      };
    })
    .sort((a, b) => b.tickets - a.tickets || (a.mode < b.mode ? -1 : 1));
}

/** Times, promises kept, marks and costs by provider. */
export function providerReport(tickets: readonly Ticket[]): readonly ProviderRow[] {
  const groups = Map.groupBy(
    tickets.filter((ticket) => ticket.provider !== null),
    (ticket) => ticket.provider!,
  );
  return [...groups]
    .map(([provider, list]) => {
      const kept = (kind: 'response' | 'repair'): number | null =>
        share(
          list.flatMap((ticket) =>
            ticket.clocks
              .filter((clock) => clock.kind === kind && clock.metAt !== null)
              .map((clock) => clock.breachedAt === null),
          ),
        );
      const marks = list.flatMap((ticket) => ticket.feedback ?? []);
      return {
        provider,
        tickets: list.length,
        medianHours: medianOf(list.flatMap((ticket) => hoursOf(ticket) ?? [])),
        responseKept: kept('response'),
        repairKept: kept('repair'),
        reopened: list.filter((ticket) => ticket.reopened > 0).length,
        attitude: meanOf(marks.map((one) => one.attitude)),
        speed: meanOf(marks.map((one) => one.speed)),
        result: meanOf(marks.map((one) => one.result)),
        cost: list.reduce(
          (sum, ticket) =>
            sum + ticket.parts.reduce((s, p) => s + p.cost, 0) + ticket.labour.reduce((s, l) => s + l.cost, 0),
          0,
        ),
      };
    })
    .sort((a, b) => (a.provider < b.provider ? -1 : 1));
}

/** Parts used, dearest first. */
export function partReport(tickets: readonly Ticket[]): readonly PartRow[] {
  const rows = new Map<string, { used: number; cost: number; tickets: Set<string> }>();
  for (const ticket of tickets) {
    for (const use of ticket.parts) {
      const known = rows.get(use.part) ?? { used: 0, cost: 0, tickets: new Set<string>() };
      known.used += use.quantity;
      known.cost += use.cost;
      known.tickets.add(ticket.id);
      rows.set(use.part, known);
    }
  }
  return [...rows]
    .map(([part, one]) => ({ part, used: one.used, cost: one.cost, tickets: one.tickets.size }))
    .sort((a, b) => b.cost - a.cost);
}

/** Failures avoided, downtime saved and false alarms, from the outcomes that people recorded. */
export function preventionReport(tickets: readonly Ticket[]): PreventionReport {
  const judged = tickets.filter(
    (ticket) => ticket.source === 'finding' && ticket.outcome && ticket.outcome.wasFailing !== null,
  );
  const right = judged.filter((ticket) => ticket.outcome!.wasFailing === true);
  const inTime = right.filter((ticket) => {
    const hours = hoursOf(ticket);
    const fails = ticket.finding?.failsAt ?? ticket.finding?.failsAtP90;
    return hours !== null && fails != null && ticket.openedAt + hours * HOUR <= fails;
  });
  const avoided = new Set(inTime.map((ticket) => ticket.id));
  const downtime = medianOf(
    right.filter((ticket) => !avoided.has(ticket.id)).flatMap((ticket) => hoursOf(ticket) ?? []),
  );
  // Where nothing of the kind ever failed there is nothing to compare with: the procedure's simple repair, a day and a half.
  const each = downtime ?? 36;
  return {
    avoided: inTime.length,
    savedHours: Math.round(inTime.length * each),
    falseAlarms: judged.length - right.length,
    judged: judged.length,
    precision: judged.length === 0 ? null : right.length / judged.length,
  };
}

/** Rows as CSV (RFC 4180), with a byte-order mark so that spreadsheets read Chinese. Cells that begin like a formula are defused. */
export function csv(rows: readonly object[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const cell = (value: unknown): string => {
    if (value === null || value === undefined) return '';
    const text = typeof value === 'number' ? String(Math.round(value * 1000) / 1000) : String(value);
    const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const lines = [
    columns.join(','),
    ...rows.map((row) => columns.map((column) => cell((row as Record<string, unknown>)[column])).join(',')),
  ];
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}
