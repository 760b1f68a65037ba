import { expect, it } from 'vitest';
import type { DeviceCredential } from '../../contract/ports/devices.ts';
import { asTenantId } from '../../contract/topics.ts';
import { createDeviceCredentialRepository } from '../../store/relational/repositories/devices.ts';
import { describeEachRelational } from '../support/each-relational.ts';

const [ACME, OTHER] = [asTenantId('acme'), asTenantId('other')];
const t1: DeviceCredential = {
  tenant: ACME,
  name: 'T1',
  kind: 'terminal',
  passwordHash: '$7$101$x$y',
  certificate: false,
  terminals: ['T1'],
  revoked: false,
  createdAt: 100,
  updatedAt: 100,
};

describeEachRelational('DeviceCredentialRepository', (open) => {
  it('keeps credentials by tenant and name, and says what changed', async () => {
    const devices = createDeviceCredentialRepository(await open());
    expect(await devices.any()).toBe(false);
    const gateway: DeviceCredential = {
      ...t1,
      tenant: OTHER,
      name: 'G1',
      kind: 'gateway',
      terminals: '*',
      updatedAt: 300,
      certificate: true,
    };
    await devices.put(t1);
    await devices.put({ ...t1, tenant: OTHER });
    await devices.put(gateway);
    expect(await devices.get(ACME, 'T1')).toEqual(t1);
    expect(await devices.get(ACME, 'G1')).toBeUndefined();
    expect((await devices.list(OTHER)).map((one) => one.name)).toEqual(['G1', 'T1']);
    expect((await devices.all()).map((one) => `${one.tenant}/${one.name}`)).toEqual([
      'acme/T1',
      'other/G1',
      'other/T1',
    ]);
    expect(await devices.gateways()).toEqual([gateway]);
    expect(await devices.changedSince(300)).toEqual([gateway]);
    await devices.put({ ...t1, passwordHash: '$7$101$a$b', updatedAt: 400, createdAt: 400 });
    expect(await devices.get(ACME, 'T1')).toEqual({ ...t1, passwordHash: '$7$101$a$b', updatedAt: 400 });
  });

  it('a revoked one stays to be seen, and is nobody’s any more', async () => {
    const devices = createDeviceCredentialRepository(await open());
    await devices.put(t1);
    expect(await devices.any()).toBe(true);
    expect(await devices.revoke(ACME, 'T1', 500)).toEqual({ ...t1, revoked: true, updatedAt: 500 });
    await expect(devices.revoke(OTHER, 'T1', 500)).rejects.toMatchObject({ code: 'device.unknown', status: 404 });
    expect(await devices.any()).toBe(false);
    await devices.deleteTenant(ACME);
    expect(await devices.all()).toEqual([]);
  });
});
