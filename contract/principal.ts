/** Roles of people: operations (whole tenant), provider (sites and tickets given to them), merchant (own terminals), auditor (reads), administrator. */
export const ROLES = ['operations', 'provider', 'merchant', 'auditor', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

/** Who is asking, as the HTTP edge established it. */
export interface Principal {
  readonly name: string;
  readonly role: Role;
  /** Tenants it may see; `'*'` for the platform's own administrator. */
  readonly tenants: '*' | readonly string[];
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal;
  }
}
