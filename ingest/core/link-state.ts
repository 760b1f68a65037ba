import type { LinkState } from '../../contract/registry.ts';
import type { TerminalTable } from './terminal-table.ts';

type LinkReason = LinkState['reason'];

/** Codes of the `link` column: reason, plus 8 while online. 0: nothing was ever heard. */
const REASONS: readonly LinkReason[] = ['never', 'birth', 'state', 'message', 'will', 'shutdown', 'keepalive'];
const ONLINE = 8;

/** Bits of the `flags` column. */
export const SAID_SHUTDOWN = 1;

export function linkOf(table: TerminalTable, id: number): LinkState {
  const code = table.columns.link[id]!;
  return {
    online: (code & ONLINE) !== 0,
    since: table.columns.linkSince[id]!,
    reason: REASONS[code & 7] ?? 'never',
  };
}

/** Sets the link; true when online turned offline or the other way. An equal state keeps its `since`. */
export function setLink(table: TerminalTable, id: number, online: boolean, reason: LinkReason, at: number): boolean {
  const c = table.columns;
  const before = c.link[id]!;
  const wasOnline = (before & ONLINE) !== 0;
  if (wasOnline === online && before !== 0) return false;
  c.link[id] = REASONS.indexOf(reason) | (online ? ONLINE : 0);
  c.linkSince[id] = at;
  if (online) c.flags[id] = c.flags[id]! & ~SAID_SHUTDOWN;
  return true;
}

/**
 * Why a terminal went offline, from its `state`: what it publishes itself on a clean shutdown carries a `seq`; a will was written
 * before the session it ends, so it has none, or says in its reason that the connection was lost.
 */
export function offlineReason(seq: number | undefined, reason: string | undefined): 'will' | 'shutdown' {
  if (reason !== undefined && /shut|power[ _-]?off|clean|closing|reboot|update/i.test(reason)) return 'shutdown';
  if (seq === undefined || (reason !== undefined && /will|lost|connection|timeout/i.test(reason))) return 'will';
  return 'shutdown';
}
