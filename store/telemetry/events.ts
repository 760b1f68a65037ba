import type { TerminalEvent } from '../../contract/payloads.ts';
import type { Reading } from '../../contract/reading.ts';
import type { TenantId } from '../../contract/topics.ts';

/** A stored event as the reading it was. */
export function eventReading(
  tenant: TenantId,
  terminal: string,
  row: { readonly ts: number; readonly receivedAt: number; readonly payload: string },
): Reading {
  const payload = JSON.parse(row.payload) as TerminalEvent;
  return {
    tenant,
    terminal,
    channel: 'event',
    ts: row.ts,
    receivedAt: row.receivedAt,
    boot: payload.boot,
    seq: payload.seq,
    payload,
    raw: Buffer.from(row.payload),
  };
}
