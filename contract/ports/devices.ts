import type { TenantId } from '../topics.ts';

/** What a terminal or store gateway proves itself with at a broker. Its user name, and its certificate's common name, is `{tenant}/{name}`. */
export interface DeviceCredential {
  readonly tenant: TenantId;
  /** The terminal's id, or the gateway's. */
  readonly name: string;
  readonly kind: 'terminal' | 'gateway';
  /** PBKDF2 as Mosquitto writes it (`$7$…`); null: no password, a client certificate only. */
  readonly passwordHash: string | null;
  /** True where a client certificate of the broker's authority with its name is taken. */
  readonly certificate: boolean;
  /** Of a gateway: the terminals it may speak for; `'*'`: all of its tenant. */
  readonly terminals: '*' | readonly string[];
  readonly revoked: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/**
 * Credentials of devices. Suite: `tests/ports/devices.test.ts`.
 * Error: `device.unknown` (404).
 */
export interface DeviceCredentialRepository {
  /** Makes or replaces a credential. */
  put(credential: DeviceCredential): Promise<void>;
  get(tenant: TenantId, name: string): Promise<DeviceCredential | undefined>;
  /** Of one tenant, sorted by name. */
  list(tenant: TenantId): Promise<readonly DeviceCredential[]>;
  /** Over all tenants on purpose: for a broker's files. Sorted by tenant and name. */
  all(): Promise<readonly DeviceCredential[]>;
  revoke(tenant: TenantId, name: string, at: number): Promise<DeviceCredential>;
  /** Over all tenants on purpose: credentials put or revoked at or after a time, for a broker that must notice. */
  changedSince(at: number): Promise<readonly DeviceCredential[]>;
  /** Gateways of all tenants, revoked ones too. */
  gateways(): Promise<readonly DeviceCredential[]>;
  /** True where there is a credential that is not revoked, of any tenant. */
  any(): Promise<boolean>;
  deleteTenant(tenant: TenantId): Promise<void>;
}
