import type { Counters, Heartbeat, TerminalEvent } from '../../contract/payloads.ts';
import type { Reading } from '../../contract/reading.ts';
import { asTenantId, type TenantId } from '../../contract/topics.ts';

export const ACME: TenantId = asTenantId('acme');
export const OTHER: TenantId = asTenantId('other');

export interface ReadingOptions {
  readonly tenant?: TenantId;
  readonly boot?: string;
  readonly seq?: number;
  readonly receivedAt?: number;
}

type Body<T> = Omit<T, 'ts' | 'boot' | 'seq'>;

function reading(
  channel: Reading['channel'],
  terminal: string,
  ts: number,
  body: object,
  options: ReadingOptions,
): Reading {
  const { tenant = ACME, boot = 'b1', seq = 0, receivedAt = ts + 250 } = options;
  const payload = { ts, boot, seq, ...body };
  return {
    tenant,
    terminal,
    channel,
    ts,
    receivedAt,
    boot,
    seq,
    payload,
    raw: Buffer.from(JSON.stringify(payload)),
  } as unknown as Reading;
}

/** An accepted heartbeat, as ingest would hand it on. */
export function heartbeat(
  terminal: string,
  ts: number,
  body: Body<Heartbeat> = {},
  options: ReadingOptions = {},
): Reading {
  return reading('heartbeat', terminal, ts, body, options);
}

export function counters(
  terminal: string,
  ts: number,
  body: Body<Counters> = {},
  options: ReadingOptions = {},
): Reading {
  return reading('counters', terminal, ts, body, options);
}

export function event(terminal: string, ts: number, body: Body<TerminalEvent>, options: ReadingOptions = {}): Reading {
  return reading('event', terminal, ts, body, options);
}
