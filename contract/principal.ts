import type { Right } from './rights.ts';

/** Roles of people: operations (whole tenant), provider (sites and tickets given to them), merchant (own terminals), auditor (reads), administrator. */
export const ROLES = ['operations', 'provider', 'merchant', 'auditor', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

/** Who is asking, as the HTTP edge established it. */
export interface Principal {
  readonly name: string;
  readonly role: Role;
  /** Tenants it may see; `'*'` for the platform's own administrator. */
  readonly tenants: '*' | readonly string[];
  /** The service provider (contract/assets) that it works for, where its account says so. */
  readonly provider?: string | null;
  /** Sites that a provider's person may see; left out: all of the tenant's. */
  readonly sites?: readonly string[];
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal;
  }
  interface FastifyContextConfig {
    /** What the asker must hold (contract/rights.ts). Without one the platform does not start. */
    right?: Right;
    /** Left out: whatever is not a GET is written into the audit trail. `self`: the route writes its own entries. */
    audited?: 'self';
  }
}
