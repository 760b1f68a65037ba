import type { Severity } from '../../contract/findings.ts';
import type { Policy } from './policy.ts';
import type { ServiceHours } from './service-hours.ts';

/** Times promised by a contract, for the sites and regions it is for. */
export interface ServiceContract {
  readonly id: string;
  readonly name: string;
  /** Named sites come before regions; both empty: every site that no other contract is for. */
  readonly sites: readonly string[];
  readonly regions: readonly string[];
  readonly levels: Readonly<Record<Severity, { readonly responseMinutes: number; readonly repairMinutes: number }>>;
  /** When these times count; null: day and night. */
  readonly hours: ServiceHours | null;
  readonly active: boolean;
}

const MINUTE = 60_000;

/** The contract that holds for a site: the one that names it, else one of its region, else one for all; undefined: the platform's own times. */
export function contractFor(
  contracts: readonly ServiceContract[],
  site: string | null,
  region: string | null,
): ServiceContract | undefined {
  const active = contracts.filter((contract) => contract.active);
  return (
    active.find((contract) => site !== null && contract.sites.includes(site)) ??
    active.find((contract) => region !== null && contract.regions.includes(region)) ??
    active.find((contract) => contract.sites.length === 0 && contract.regions.length === 0)
  );
}

/** The rules with a contract's times in place of the platform's own. */
export function withContract(policy: Policy, contract: ServiceContract | undefined): Policy {
  if (!contract) return policy;
  const level = (severity: Severity) => ({
    responseMs: contract.levels[severity].responseMinutes * MINUTE,
    repairMs: contract.levels[severity].repairMinutes * MINUTE,
  });
  return {
    ...policy,
    // Contracts entered before there were hours have none.
    serviceHours: contract.hours ?? null,
    serviceLevels: { watch: level('watch'), warning: level('warning'), critical: level('critical') },
  };
}
