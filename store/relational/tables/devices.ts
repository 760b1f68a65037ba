export interface DeviceCredentialRow {
  tenant: string;
  name: string;
  kind: string;
  password_hash: string | null;
  certificate: number;
  /** JSON: `"*"` or an array. */
  terminals: string;
  revoked: number;
  created_at: number;
  updated_at: number;
}

export interface DeviceTables {
  device_credential: DeviceCredentialRow;
}
