const TENANT = 'tillwatch-tenant';

/** The tenant looked at last, in this browser. */
export function keptTenant(): string | null {
  return localStorage.getItem(TENANT);
}

export function keepTenant(tenant: string): void {
  localStorage.setItem(TENANT, tenant);
}
