import type { TerminalTable } from './terminal-table.ts';

/** Takes one of a terminal's tokens (a token bucket); false when it has none left. */
export function takeToken(
  table: TerminalTable,
  id: number,
  rate: { readonly perSecond: number; readonly burst: number },
  now: number,
  isNew: boolean,
): boolean {
  const c = table.columns;
  const passed = now - c.tokensAt[id]!;
  // A clock of ours that was set back must not stop a terminal.
  const gained = passed > 0 ? (passed / 1000) * rate.perSecond : 0;
  const has = isNew ? rate.burst : Math.min(rate.burst, c.tokens[id]! + gained);
  c.tokensAt[id] = now;
  c.tokens[id] = has < 1 ? has : has - 1;
  return has >= 1;
}
