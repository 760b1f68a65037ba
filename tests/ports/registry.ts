import { expect, it } from 'vitest';
import type { Birth } from '../../contract/payloads.ts';
import type { Announcement, RegistryRepository } from '../../contract/ports/registry.ts';
import { asTenantId } from '../../contract/topics.ts';

const ACME = asTenantId('acme');
const OTHER = asTenantId('other');
const NOW = Date.UTC(2026, 5, 1);

function birth(more: Partial<Birth> = {}): Birth {
  return { ts: NOW, boot: 'b1', seq: 0, serial: 'S1', model: 'M1', firmware: '1.0', site: 'berlin-1', ...more };
}

function announcement(terminal: string, more: Partial<Announcement> = {}): Announcement {
  return { tenant: ACME, terminal, at: NOW, receivedAt: NOW, birth: birth(), ...more };
}

/** What every RegistryRepository must do; `open` answers an empty one. */
export function registrySuite(open: () => Promise<RegistryRepository>): void {
  it('shows a new terminal as pending where its birth says, and makes the site', async () => {
    const registry = await open();
    const more = {
      timezone: 'Europe/Berlin',
      heartbeat_s: 30,
      network: { carrier: 'Blau', iccid: '8949020000123456789' },
    };
    const [made] = await registry.announce([announcement('T1', { birth: birth(more) })]);
    expect(made).toMatchObject({
      lifecycle: 'pending',
      site: 'berlin-1',
      placed: false,
      carrier: 'Blau',
      heartbeatS: 30,
    });
    expect(await registry.get(ACME, 'T1')).toEqual(made);
    expect(await registry.get(OTHER, 'T1')).toBeUndefined();
    expect(await registry.sites(ACME)).toEqual([
      { tenant: ACME, site: 'berlin-1', name: 'berlin-1', timezone: 'Europe/Berlin' },
    ]);
    expect(await registry.tenants()).toEqual([ACME]);
  });

  it('places new terminals by the first rule that fits, and says so in their history', async () => {
    const registry = await open();
    await registry.putPlacementRules(ACME, [
      { rule: 'lab', when: { terminal: 'lab-*' }, site: 'laboratory', accept: false },
      { rule: 'kiosks', when: { model: 'k?', serial: 'K*9' }, site: 'kiosks', accept: true },
      { rule: 'trusted', when: { site: 'berlin-*' }, site: null, accept: true },
    ]);
    expect((await registry.placementRules(ACME)).map(({ rule }) => rule)).toEqual(['lab', 'kiosks', 'trusted']);
    await registry.announce([
      announcement('LAB-1'),
      announcement('T1', { birth: birth({ model: 'K2', serial: 'K-009', site: 'paris-1', timezone: 'Europe/Paris' }) }),
      announcement('T2'),
      announcement('T3', { birth: birth({ site: 'paris-1' }) }),
      announcement('T4', { birth: null }),
      { ...announcement('lab-1'), tenant: OTHER },
    ]);
    expect(await registry.get(ACME, 'LAB-1')).toMatchObject({ site: 'laboratory', placed: true, lifecycle: 'pending' });
    expect(await registry.get(ACME, 'T1')).toMatchObject({ site: 'kiosks', placed: true, lifecycle: 'active' });
    expect(await registry.site(ACME, 'kiosks')).toMatchObject({ timezone: 'Europe/Paris' });
    expect(await registry.get(ACME, 'T2')).toMatchObject({ site: 'berlin-1', placed: false, lifecycle: 'active' });
    expect(await registry.get(ACME, 'T3')).toMatchObject({ site: 'paris-1', lifecycle: 'pending' });
    expect(await registry.get(ACME, 'T4')).toMatchObject({ site: null, lifecycle: 'pending' });
    expect(await registry.get(OTHER, 'lab-1')).toMatchObject({ site: 'berlin-1', lifecycle: 'pending' });
    expect(await registry.history(ACME, 'T1', 10)).toMatchObject([
      { by: 'rule kiosks', from: 'pending', to: 'active', change: { kind: 'accept', site: 'kiosks' } },
    ]);
    await registry.change(ACME, 'T1', { kind: 'move', site: 'paris-1' }, NOW + 1, 'anna');
    await registry.announce([
      announcement('T1', { at: NOW + 2, birth: birth({ model: 'K2', serial: 'K-009', firmware: '2' }) }),
    ]);
    expect(await registry.get(ACME, 'T1')).toMatchObject({ site: 'paris-1', firmware: '2' });
    await registry.putPlacementRules(ACME, []);
    await registry.announce([announcement('lab-2')]);
    expect(await registry.get(ACME, 'lab-2')).toMatchObject({ site: 'berlin-1' });
  });

  it('knows a terminal that was heard before its birth, and fills in the rest when it comes', async () => {
    const registry = await open();
    await registry.announce([announcement('T1', { birth: null }), announcement('T1', { birth: null })]);
    expect(await registry.get(ACME, 'T1')).toMatchObject({ site: null, model: null, lifecycle: 'pending' });
    await registry.announce([announcement('T1')]);
    expect(await registry.get(ACME, 'T1')).toMatchObject({ site: 'berlin-1', model: 'M1' });
    expect(await registry.announce([announcement('T1', { birth: null })])).toEqual([]);
  });

  it('lets a late birth change nothing, and the same birth neither', async () => {
    const registry = await open();
    await registry.announce([announcement('T1', { at: NOW, birth: birth({ firmware: '2.0' }) })]);
    expect(await registry.announce([announcement('T1', { at: NOW - 1, birth: birth({ firmware: '1.0' }) })])).toEqual(
      [],
    );
    expect(await registry.announce([announcement('T1', { at: NOW + 1, birth: birth({ firmware: '2.0' }) })])).toEqual(
      [],
    );
    expect((await registry.get(ACME, 'T1'))?.firmware).toBe('2.0');
  });

  it("holds an operator's word on the place over what births say", async () => {
    const registry = await open();
    await registry.announce([announcement('T1')]);
    await registry.putSite({ tenant: ACME, site: 'paris-1', name: 'Paris', timezone: 'Europe/Paris' }, NOW);
    await registry.change(ACME, 'T1', { kind: 'accept', site: 'paris-1' }, NOW, 'ada');
    await registry.announce([announcement('T1', { at: NOW + 5, birth: birth({ firmware: '3' }) })]);
    expect(await registry.get(ACME, 'T1')).toMatchObject({
      site: 'paris-1',
      placed: true,
      lifecycle: 'active',
      firmware: '3',
    });
  });

  it('lets operators accept, move, lock, unlock, retire, and keeps the history', async () => {
    const registry = await open();
    await registry.announce([announcement('T1')]);
    await registry.putSite({ tenant: ACME, site: 'b2', name: 'B2', timezone: 'UTC' }, NOW);
    const steps = [
      [{ kind: 'accept' }, 'active'],
      [{ kind: 'move', site: 'b2' }, 'active'],
      [{ kind: 'lock' }, 'locked'],
      [{ kind: 'unlock' }, 'active'],
      [{ kind: 'retire' }, 'retired'],
    ] as const;
    for (const [i, [change, lifecycle]] of steps.entries()) {
      expect((await registry.change(ACME, 'T1', change, NOW + i, 'ada')).lifecycle).toBe(lifecycle);
    }
    const history = await registry.history(ACME, 'T1', 10);
    expect(history.map(({ change, by, to }) => [change.kind, by, to])).toEqual(
      steps.toReversed().map(([change, lifecycle]) => [change.kind, 'ada', lifecycle]),
    );
  });

  it('refuses what does not fit, and says what would', async () => {
    const registry = await open();
    await registry.announce([announcement('T1')]);
    const change = (terminal: string, what: Parameters<RegistryRepository['change']>[2]) =>
      registry.change(ACME, terminal, what, NOW, 'ada');
    await expect(change('T1', { kind: 'unlock' })).rejects.toMatchObject({ code: 'registry.wrong_state', status: 409 });
    await expect(change('T2', { kind: 'accept' })).rejects.toMatchObject({
      code: 'registry.unknown_terminal',
      status: 404,
    });
    await expect(change('T1', { kind: 'move', site: 'nowhere' })).rejects.toMatchObject({
      code: 'registry.unknown_site',
    });
    expect(await registry.get(ACME, 'T1')).toMatchObject({ lifecycle: 'pending', placed: false });
    expect(await registry.history(ACME, 'T1', 10)).toEqual([]);
  });

  it('swaps a terminal for another, which takes over its place', async () => {
    const registry = await open();
    await registry.announce([
      announcement('T1'),
      announcement('T2', { birth: birth({ site: 'stock', serial: 'S2' }) }),
    ]);
    await registry.change(ACME, 'T1', { kind: 'accept' }, NOW, 'ada');
    const now = await registry.change(ACME, 'T1', { kind: 'swap', replacement: 'T2' }, NOW, 'ada');
    expect(now).toMatchObject({ terminal: 'T2', site: 'berlin-1', lifecycle: 'active', placed: true, serial: 'S2' });
    expect(await registry.get(ACME, 'T1')).toMatchObject({ lifecycle: 'retired' });
    await registry.announce([announcement('T3')]);
    await registry.change(ACME, 'T3', { kind: 'retire' }, NOW, 'ada');
    const onto = registry.change(ACME, 'T2', { kind: 'swap', replacement: 'T3' }, NOW, 'ada');
    await expect(onto).rejects.toMatchObject({ code: 'registry.wrong_state' });
    expect(await registry.get(ACME, 'T2')).toMatchObject({ lifecycle: 'active' });
  });

  it('lists a tenant page by page, by words and by filters', async () => {
    const registry = await open();
    const many = Array.from({ length: 25 }, (_, i) =>
      announcement(`T${String(i).padStart(2, '0')}`, {
        birth: birth({ site: `s${i % 3}`, serial: `X_${i}%`, model: i % 2 ? 'Alpha' : 'Beta' }),
      }),
    );
    await registry.announce([...many, announcement('T00', { tenant: OTHER })]);
    const first = await registry.list(ACME, { limit: 10 });
    expect(first).toMatchObject({ total: 25, next: 'T09' });
    const second = await registry.list(ACME, { limit: 10, after: first.next ?? '' });
    const third = await registry.list(ACME, { limit: 10, after: second.next ?? '' });
    expect([...first.items, ...second.items, ...third.items].map((t) => t.terminal)).toEqual(
      many.map((a) => a.terminal),
    );
    expect(third.next).toBeUndefined();
    expect((await registry.list(ACME, { search: 'ALPH' })).total).toBe(12);
    expect((await registry.list(ACME, { search: '_7%' })).items.map((t) => t.terminal)).toEqual(['T07']);
    expect((await registry.list(ACME, { sites: ['s1'], model: 'Beta' })).total).toBe(4);
    expect((await registry.list(ACME, { sites: [] })).total).toBe(0);
    expect((await registry.list(ACME, { lifecycle: ['active'] })).total).toBe(0);
    expect((await registry.list(OTHER)).items.map((t) => t.tenant)).toEqual([OTHER]);
  });

  it('tells what changed since, each once at its newest, sites before what stands on them', async () => {
    const registry = await open();
    const many = Array.from({ length: 30 }, (_, i) => announcement(`T${i}`, { birth: birth({ site: `s${i % 4}` }) }));
    await registry.announce(many);
    const terminals = new Set<string>();
    const sites = new Set<string>();
    let revision = 0;
    for (;;) {
      const page = await registry.changes(revision, 7);
      if (page.revision === revision) break;
      revision = page.revision;
      for (const { terminal } of page.terminals) terminals.add(terminal);
      for (const { site } of page.sites) sites.add(site);
    }
    expect([terminals.size, sites.size]).toEqual([30, 4]);
    await registry.change(ACME, 'T3', { kind: 'accept' }, NOW, 'ada');
    await registry.change(ACME, 'T3', { kind: 'lock' }, NOW, 'ada');
    const { terminals: changed } = await registry.changes(revision, 100);
    expect(changed.map((t) => [t.terminal, t.lifecycle])).toEqual([['T3', 'locked']]);
  });

  it('keeps all of a site', async () => {
    const registry = await open();
    const hours = [...Array.from({ length: 6 }, () => ({ opens: 480, closes: 1500 })), null];
    const site = {
      tenant: ACME,
      site: 's1',
      name: 'Süd',
      timezone: 'Asia/Shanghai',
      hours,
      closedOn: ['2026-12-25'],
      region: 'EU',
      address: 'Weg 1',
      lat: 52.5,
      lon: 13.25,
      contact: '+49',
    };
    await registry.putSite(site, NOW);
    expect(await registry.site(ACME, 's1')).toEqual(site);
    await registry.putSite({ tenant: ACME, site: 's1', name: 'Nord', timezone: 'UTC' }, NOW);
    expect(await registry.site(ACME, 's1')).toEqual({ tenant: ACME, site: 's1', name: 'Nord', timezone: 'UTC' });
    expect(await registry.site(OTHER, 's1')).toBeUndefined();
  });

  it('takes thousands of births at once, and two writers at a time', async () => {
    const registry = await open();
    const half = (from: number) => Array.from({ length: 1500 }, (_, i) => announcement(`T${from + i}`));
    await Promise.all([registry.announce(half(0)), registry.announce(half(1000))]);
    expect((await registry.list(ACME, { limit: 1 })).total).toBe(2500);
    const { terminals } = await registry.changes(0, 10_000);
    expect(terminals).toHaveLength(2500);
  });

  it('forgets a tenant and no other', async () => {
    const registry = await open();
    await registry.announce([announcement('T1'), announcement('T1', { tenant: OTHER })]);
    await registry.deleteTenant(ACME);
    expect(await registry.tenants()).toEqual([OTHER]);
    expect(await registry.sites(ACME)).toEqual([]);
  });
}
