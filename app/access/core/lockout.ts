export interface Attempts {
  /** Wrong passwords since the last right one. */
  readonly failures: number;
  /** When the last was given, ms. */
  readonly failedAt: number;
}

export interface LockoutRule {
  /** Wrong passwords that cost no wait. */
  readonly free: number;
  /** The wait after the first one more; it doubles with each, ms. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** Attempts older than this are forgotten, ms. */
  readonly forgetMs: number;
}

export const ACCOUNT_RULE: LockoutRule = { free: 5, firstMs: 30_000, longestMs: 15 * 60_000, forgetMs: 24 * 3_600_000 };
/** Higher: many people may stand behind one address. */
export const ADDRESS_RULE: LockoutRule = { free: 20, firstMs: 30_000, longestMs: 15 * 60_000, forgetMs: 3_600_000 };

/** How long this account or address has to wait before its next attempt, ms; 0: it may try now. */
export function waitMs({ failures, failedAt }: Attempts, rule: LockoutRule, now: number): number {
  const over = failures - rule.free;
  if (over < 0 || now - failedAt >= rule.forgetMs) return 0;
  // Our clock was set back since, by more than clocks of machines differ: hours of that must not become a wait of hours.
  if (failedAt - now > rule.longestMs) return 0;
  const wait = Math.min(rule.longestMs, rule.firstMs * 2 ** Math.min(over, 30));
  return Math.max(0, failedAt + wait - now);
}
