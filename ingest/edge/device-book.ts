import { TillwatchError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { DeviceCredential, DeviceCredentialRepository } from '../../contract/ports/devices.ts';
import { isTerminalId, type TenantId } from '../../contract/topics.ts';
import { hashDevicePassword } from './device-secrets.ts';

export interface DeviceBookDeps {
  readonly clock: Clock;
  readonly credentials: DeviceCredentialRepository;
  readonly randomBytes: (count: number) => Uint8Array;
}

export interface NewDevice {
  readonly tenant: TenantId;
  readonly name: string;
  readonly kind: DeviceCredential['kind'];
  /** Of a gateway. Default: all of its tenant. */
  readonly terminals?: DeviceCredential['terminals'];
  /** A client certificate of its name is taken. Default false. */
  readonly certificate?: boolean;
  /** Default true; false: by certificate only. */
  readonly password?: boolean;
}

export interface Issued {
  readonly credential: DeviceCredential;
  /** The password, said this once; null where it has none. */
  readonly secret: string | null;
}

/** Gives out, renews and takes back what devices prove themselves with. */
export class DeviceBook {
  readonly #deps: DeviceBookDeps;

  constructor(deps: DeviceBookDeps) {
    this.#deps = deps;
  }

  /** Errors: `device.bad` (400), `device.exists` (409). */
  async add(device: NewDevice): Promise<Issued> {
    const { tenant, name, kind, terminals = '*', certificate = false, password = true } = device;
    const bad = (why: string): TillwatchError => new TillwatchError('device.bad', why, { status: 400 });
    if (!isTerminalId(name)) throw bad(`"${name}" is no device's name: use 1–64 of A–Z, a–z, 0–9, "_" and "-"`);
    if (!password && !certificate) throw bad('a device needs a password or a certificate');
    const wrong = terminals === '*' ? undefined : terminals.find((one) => !isTerminalId(one));
    if (wrong !== undefined) throw bad(`"${wrong}" is no terminal id`);
    const known = await this.#deps.credentials.get(tenant, name);
    if (known && !known.revoked) {
      throw new TillwatchError('device.exists', `${tenant}/${name} has a credential: rotate it, or revoke it first`, {
        status: 409,
      });
    }
    const now = this.#deps.clock.now();
    const createdAt = known?.createdAt ?? now;
    const base = { tenant, name, kind, certificate, revoked: false, createdAt, updatedAt: now };
    return this.#put({ ...base, terminals: kind === 'gateway' ? terminals : [name], passwordHash: null }, password);
  }

  /** Gives a new password; the former stops working. Errors: `device.unknown` (404), `device.bad` (400). */
  async rotate(tenant: TenantId, name: string): Promise<Issued> {
    const known = await this.#deps.credentials.get(tenant, name);
    if (!known || known.revoked) throw unknown(tenant, name);
    if (known.passwordHash === null) {
      throw new TillwatchError(
        'device.bad',
        `${tenant}/${name} has no password: its certificate is renewed where it was made`,
        {
          status: 400,
        },
      );
    }
    return this.#put({ ...known, updatedAt: this.#deps.clock.now() }, true);
  }

  async revoke(tenant: TenantId, name: string): Promise<DeviceCredential> {
    return this.#deps.credentials.revoke(tenant, name, this.#deps.clock.now());
  }

  async #put(credential: DeviceCredential, password: boolean): Promise<Issued> {
    const secret = password ? Buffer.from(this.#deps.randomBytes(18)).toString('base64url') : null;
    const kept = { ...credential, passwordHash: secret === null ? null : await hashDevicePassword(secret) };
    await this.#deps.credentials.put(kept);
    return { credential: kept, secret };
  }
}

function unknown(tenant: TenantId, name: string): TillwatchError {
  return new TillwatchError('device.unknown', `${tenant}/${name} has no credential`, { status: 404 });
}
