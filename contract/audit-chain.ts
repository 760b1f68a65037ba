import { createHash } from 'node:crypto';
import type { AuditEntry, AuditEvent } from './ports/audit.ts';

/**
 * The hash of an entry: SHA-256 over its number, the hash before it and its fields, as one JSON array (RFC 8259 without spaces), so that
 * no two different entries are written alike.
 */
export function seal(seq: number, previous: string, event: AuditEvent): string {
  const { at, who, via, action, tenant, subject, outcome, address } = event;
  const text = JSON.stringify([seq, previous, at, who, via, action, tenant, subject, outcome, address]);
  return createHash('sha256').update(text).digest('hex');
}

/** What is wrong with an entry that follows `last`; undefined where nothing is. */
export function brokenLink(
  last: { readonly seq: number; readonly hash: string },
  entry: AuditEntry,
): string | undefined {
  if (entry.seq !== last.seq + 1) return `entry ${last.seq + 1} is missing: entry ${entry.seq} follows ${last.seq}`;
  if (entry.previous !== last.hash)
    return `entry ${entry.seq} does not follow from entry ${last.seq}: that one was changed`;
  if (entry.hash !== seal(entry.seq, entry.previous, entry)) return `entry ${entry.seq} was changed`;
  return undefined;
}
