import { randomBytes } from 'node:crypto';
import { CredentialAuthority, type DeviceAuthorityDeps } from '../ingest/edge/device-authority.ts';
import { DeviceBook } from '../ingest/edge/device-book.ts';
import type { DeviceRouteDeps } from '../ingest/edge/device-routes.ts';
import type { Relational } from '../store/relational/relational.ts';
import { createDeviceCredentialRepository } from '../store/relational/repositories/devices.ts';

/** What a process knows of devices' credentials. */
export function devicesOf(relational: Relational, deps: Omit<DeviceAuthorityDeps, 'credentials'>): DeviceRouteDeps {
  const credentials = createDeviceCredentialRepository(relational);
  return {
    credentials,
    authority: new CredentialAuthority({ ...deps, credentials }),
    book: new DeviceBook({ clock: deps.clock, credentials, randomBytes }),
  };
}
