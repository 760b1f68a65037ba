import type { Role } from './principal.ts';

const ALL = ['operations', 'auditor', 'administrator'] as const;
const DESK = ['operations', 'administrator'] as const;
const WITH_PROVIDER = ['operations', 'provider', 'auditor', 'administrator'] as const;

/**
 * What a route asks for, and the roles that hold it. Every route declares one as `config: { right: '…' }`; a route without one does not
 * start. `…:write` changes something and is never an auditor's. A scope of an API token is one of these words, or `*:read`, or `*`.
 */
export const RIGHTS = {
  /** Nobody needs to sign in: health, the session itself, and the merchant's page, whose code is its credential. */
  public: null,
  /** Whoever is signed in, about themselves only. */
  own: ['operations', 'provider', 'merchant', 'auditor', 'administrator'],
  /** One terminal or site that the path names: a provider reads those of its sites and tickets. */
  'terminal:read': WITH_PROVIDER,
  /** Lists that the route narrows to the sites of `request.principal` by itself. */
  'fleet:list': WITH_PROVIDER,
  /** The tenant as a whole: overview, aggregates, stream, commands, dead letters. */
  'fleet:read': ALL,
  'fleet:write': DESK,
  'findings:read': ALL,
  'findings:write': DESK,
  /** The ticket desk narrows these to the tickets of a provider by itself. */
  'tickets:read': WITH_PROVIDER,
  'tickets:write': ['operations', 'provider', 'administrator'],
  /** Why a ticket was given to a provider, and whom its notices went to. */
  'tickets:explain': ALL,
  /** Faults, losses and deactivations told to the desk. */
  'reports:write': DESK,
  'incidents:read': ALL,
  'incidents:write': DESK,
  'plans:read': ALL,
  'plans:write': DESK,
  'rounds:read': WITH_PROVIDER,
  'rounds:write': DESK,
  'providers:read': WITH_PROVIDER,
  'providers:write': DESK,
  'assets:read': WITH_PROVIDER,
  /** A device that changes hands. */
  'assets:move': ['operations', 'provider', 'administrator'],
  'assets:write': DESK,
  'notices:read': ALL,
  'notices:write': DESK,
  'rollouts:read': ALL,
  'rollouts:write': DESK,
  'statistics:read': ALL,
  'files:read': ALL,
  'files:write': DESK,
  'devices:read': ALL,
  'devices:write': DESK,
  'audit:read': ['auditor', 'administrator'],
  'users:read': ['auditor', 'administrator'],
  'users:write': ['administrator'],
  /** Recordings of any tenant put through the line. */
  'platform:write': ['administrator'],
  /** The platform's own metrics, for Prometheus. */
  'platform:read': ALL,
} as const satisfies Readonly<Record<string, readonly Role[] | null>>;

export type Right = keyof typeof RIGHTS;

export function isRight(word: string): word is Right {
  return Object.hasOwn(RIGHTS, word);
}

/** True where the role holds the right; `public` is held by everybody. */
export function holds(role: Role, right: Right): boolean {
  const roles: readonly Role[] | null = RIGHTS[right];
  return roles === null || roles.includes(role);
}
