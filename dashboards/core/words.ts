import type { Severity } from '../../contract/findings.ts';
import type { Freshness, Lifecycle } from '../../contract/registry.ts';

/** The words behind the small integers of the fleet model's columns; a word's place is its code. */
export const LIFECYCLES: readonly Lifecycle[] = ['pending', 'active', 'locked', 'retired'];
export const SEVERITIES: readonly (Severity | null)[] = [null, 'watch', 'warning', 'critical'];
export const LINKS = ['never', 'online', 'offline'] as const;
export const FRESHNESS: readonly Freshness['state'][] = ['never', 'fresh', 'late', 'silent'];
export const EXCUSES: readonly Freshness['excuse'][] = [null, 'shutdown', 'closed'];

/**
 * One word for a terminal's condition, each terminal in exactly one: the worst finding that touches it, else `silent` when it should be
 * heard and is not, `unknown` when it was never heard, else `healthy`.
 */
export const HEALTH = ['healthy', 'unknown', 'silent', 'watch', 'warning', 'critical'] as const;
export type HealthWord = (typeof HEALTH)[number];
export type LinkWord = (typeof LINKS)[number];
