/** A terminal as the registry keeps it. */
export interface TerminalRow {
  tenant: string;
  terminal: string;
  lifecycle: string;
  site: string | null;
  placed: number;
  serial: string | null;
  vendor: string | null;
  model: string | null;
  firmware: string | null;
  app: string | null;
  carrier: string | null;
  iccid: string | null;
  heartbeat_s: number;
  timezone: string | null;
  bought_on: string | null;
  warranty_until: string | null;
  /** JSON. */
  hardware: string;
  first_seen_at: number;
  updated_at: number;
  /** Event time of the birth that the row shows; 0 before one. */
  birth_at: number;
  /** Rises with every change over terminals and sites of all tenants. */
  revision: number;
}

export interface SiteRow {
  tenant: string;
  site: string;
  name: string;
  timezone: string;
  /** JSON, null where unknown. */
  hours: string | null;
  /** JSON. */
  closed_on: string | null;
  region: string | null;
  address: string | null;
  lat: number | null;
  lon: number | null;
  contact: string | null;
  updated_at: number;
  revision: number;
}

export interface TerminalHistoryRow {
  tenant: string;
  terminal: string;
  at: number;
  by_name: string;
  /** JSON of the change. */
  change: string;
  from_lifecycle: string;
  to_lifecycle: string;
  revision: number;
}

/** One row: the last revision given out. Locked first in every writing transaction, so that revisions become visible in order. */
export interface RegistryRevisionRow {
  id: number;
  value: number;
}

export interface PlacementRuleRow {
  tenant: string;
  /** From 0: the first that fits counts. */
  position: number;
  /** JSON of the rule. */
  body: string;
}

export interface RegistryTables {
  placement_rule: PlacementRuleRow;
  terminal: TerminalRow;
  site: SiteRow;
  terminal_history: TerminalHistoryRow;
  registry_revision: RegistryRevisionRow;
}
