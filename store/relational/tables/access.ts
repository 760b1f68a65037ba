export interface AccountRow {
  username: string;
  role: string;
  /** JSON: `"*"` or an array. */
  tenants: string;
  provider: string | null;
  /** JSON. */
  sites: string;
  password_hash: string | null;
  oidc_subject: string | null;
  locked: number;
  failures: number;
  failed_at: number;
  created_at: number;
  updated_at: number;
}

export interface SessionRow {
  id: string;
  username: string;
  created_at: number;
  seen_at: number;
}

export interface ApiTokenRow {
  id: string;
  username: string;
  name: string;
  secret_hash: string;
  /** JSON. */
  scopes: string;
  created_at: number;
  expires_at: number | null;
  used_at: number | null;
}

export interface AuditRow {
  seq: number;
  at: number;
  who: string;
  via: string;
  action: string;
  tenant: string | null;
  subject: string;
  outcome: string;
  address: string;
  previous: string;
  hash: string;
}

/** One row: where the chain ends. */
export interface AuditHeadRow {
  id: number;
  seq: number;
  hash: string;
}

export interface AccessTables {
  account: AccountRow;
  session: SessionRow;
  api_token: ApiTokenRow;
  audit: AuditRow;
  audit_head: AuditHeadRow;
}
