export interface HoldRow {
  tenant: string;
  id: string;
  kind: string;
  starts_at: number;
  ends_at: number;
  body: string;
}

export interface OutcomeRow {
  tenant: string;
  ticket: string;
  fingerprint: string;
  /** 1, 0 or null where nobody could tell. */
  was_failing: number | null;
  part: string | null;
  action: string;
  at: number;
}

export interface AssetRow {
  tenant: string;
  id: string;
  model: string;
  owner: string;
  state: string;
  terminal: string | null;
  updated_at: number;
  body: string;
}

export interface AssetCustodyRow {
  tenant: string;
  asset: string;
  key: string;
  at: number;
  body: string;
}

export interface AssetKeyRow {
  tenant: string;
  key: string;
  at: number;
}

export interface PartRow {
  tenant: string;
  part: string;
  updated_at: number;
  body: string;
}

export interface DocumentRow {
  tenant: string;
  kind: string;
  id: string;
  body: string;
  at: number;
}

/** Holds, outcomes, devices and parts: tables of the alerts room besides the tickets themselves. */
export interface AlertsStockTables {
  alerts_hold: HoldRow;
  ticket_outcome: OutcomeRow;
  asset: AssetRow;
  asset_custody: AssetCustodyRow;
  asset_key: AssetKeyRow;
  part_stock: PartRow;
  alerts_document: DocumentRow;
}
