import type { Logger } from 'pino';
import { messageOf } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { DeviceCredential, DeviceCredentialRepository } from '../../contract/ports/devices.ts';
import type { Directory } from '../../contract/ports/directory.ts';
import type { DeviceAuthority, DeviceIdentity } from '../../contract/ports/telemetry-source.ts';
import type { TenantId } from '../../contract/topics.ts';
import { deviceUsername, parseDeviceUsername } from '../core/device-names.ts';
import { isDevicePassword } from './device-secrets.ts';

export interface DeviceAuthorityDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly credentials: DeviceCredentialRepository;
  readonly directory: () => Directory | undefined;
}

/** Clocks of processes that share the tables differ a little. */
const OVERLAP_MS = 10_000;

/** Lets devices in by the tables' credentials, and shuts out at once those that were revoked, locked or retired. */
export class CredentialAuthority implements DeviceAuthority {
  readonly #deps: DeviceAuthorityDeps;
  readonly #listeners = new Set<() => void>();
  /** Since when each credential that changed in this process's life stands as it does; null: revoked. */
  readonly #changed = new Map<string, number | null>();
  readonly #admittedAt = new WeakMap<DeviceIdentity, number>();
  readonly #gateways = new Map<string, '*' | ReadonlySet<string>>();
  #lookedAt = 0;

  constructor(deps: DeviceAuthorityDeps) {
    this.#deps = deps;
  }

  /** Reads the gateways, and from then on what changes. */
  async start(): Promise<void> {
    this.#lookedAt = this.#deps.clock.now();
    for (const gateway of await this.#deps.credentials.gateways()) this.#keepGateway(gateway);
  }

  async authenticate({
    username,
    password,
    certificate,
  }: Parameters<DeviceAuthority['authenticate']>[0]): Promise<DeviceIdentity | undefined> {
    // A certificate of the broker's authority is proof enough; a user name beside it must be the same.
    const named = parseDeviceUsername(certificate ?? username ?? '');
    if (!named || (certificate !== undefined && username !== undefined && username !== certificate)) return undefined;
    const { tenant, name } = named;
    const at = this.#deps.clock.now();
    const known = await this.#deps.credentials.get(tenant, name);
    if (!known || known.revoked) return undefined;
    const proven =
      certificate === undefined
        ? known.passwordHash !== null &&
          password !== undefined &&
          (await isDevicePassword(password, known.passwordHash))
        : known.certificate;
    if (!proven) return undefined;
    if (known.kind === 'gateway') this.#keepGateway(known);
    const identity: DeviceIdentity = {
      name,
      tenant,
      terminals: known.kind === 'gateway' ? known.terminals : [name],
      ...(known.kind === 'gateway' ? { gateway: true } : {}),
    };
    this.#admittedAt.set(identity, at);
    return this.admits(identity) ? identity : undefined;
  }

  admits(identity: DeviceIdentity): boolean {
    const { tenant, name } = identity;
    const changed = this.#changed.size === 0 ? undefined : this.#changed.get(deviceUsername(tenant, name));
    if (changed === null || (changed !== undefined && changed > (this.#admittedAt.get(identity) ?? 0))) return false;
    const lifecycle = this.#deps.directory()?.facts(tenant, name)?.lifecycle;
    return lifecycle !== 'locked' && lifecycle !== 'retired';
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Terminals that a gateway may speak for in its arrays; undefined: it has no credential, and so no bounds here. */
  speaksFor(tenant: TenantId, gateway: string): '*' | ReadonlySet<string> | undefined {
    return this.#gateways.size === 0 ? undefined : this.#gateways.get(deviceUsername(tenant, gateway));
  }

  /** Takes in what other processes and the command line changed, and what the directory says now. */
  async look(): Promise<void> {
    const { clock, credentials, log } = this.#deps;
    const from = this.#lookedAt - OVERLAP_MS;
    this.#lookedAt = clock.now();
    try {
      for (const credential of await credentials.changedSince(from)) this.took(credential);
    } catch (error) {
      // The next look begins where this one did.
      this.#lookedAt = from + OVERLAP_MS;
      log.warn({ reason: messageOf(error) }, 'changed credentials of devices could not be read');
    }
    this.noticed();
  }

  /** Has every connection looked at again: a terminal may have been locked or retired. */
  noticed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Takes note of a credential that was put or revoked. */
  took(credential: DeviceCredential): void {
    const key = deviceUsername(credential.tenant, credential.name);
    // Nobody can have come in by a credential before it was made.
    const isNew = !credential.revoked && credential.createdAt === credential.updatedAt;
    if (!isNew) this.#changed.set(key, credential.revoked ? null : credential.updatedAt);
    if (credential.kind === 'gateway') this.#keepGateway(credential);
  }

  #keepGateway({ tenant, name, terminals }: DeviceCredential): void {
    this.#gateways.set(deviceUsername(tenant, name), terminals === '*' ? '*' : new Set(terminals));
  }
}
