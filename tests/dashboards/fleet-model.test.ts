import { describe, expect, it } from 'vitest';
import { FleetModel } from '../../dashboards/core/fleet-model.ts';
import { overview } from '../../dashboards/core/fleet-overview.ts';
import { TerminalLister, terminalRow } from '../../dashboards/core/terminal-list.ts';
import { DAY, finding, HOUR, NOW, site, terminal } from './fleet.ts';

const NO_TICKETS = { open: 0, critical: 0, warning: 0, watch: 0 };
const fresh = {
  link: { online: true, since: NOW, reason: 'birth' },
  freshness: { state: 'fresh', lastAt: NOW, excuse: null },
} as const;
const silent = {
  link: { online: false, since: NOW, reason: 'keepalive' },
  freshness: { state: 'silent', lastAt: NOW - HOUR, excuse: null },
} as const;

function fleetOf(...ids: string[]): FleetModel {
  const fleet = new FleetModel();
  fleet.putSite(site('s1'));
  for (const id of ids) {
    fleet.putTerminal(terminal(id));
    fleet.putPresence(id, fresh);
  }
  return fleet;
}
const healthOf = (fleet: FleetModel, id: string) => terminalRow(fleet, fleet.row(id)!).health;
const look = (fleet: FleetModel, at = NOW) => overview(fleet, new TerminalLister(fleet, 0), NO_TICKETS, at);

describe('a terminal is in exactly one condition', () => {
  it('healthy while it is heard and nothing is found', () => {
    expect(healthOf(fleetOf('a'), 'a')).toBe('healthy');
  });

  it('unknown when it was never heard', () => {
    const fleet = new FleetModel();
    fleet.putTerminal(terminal('a'));
    expect(healthOf(fleet, 'a')).toBe('unknown');
  });

  it('silent when it should be heard and is not, but not while its store is closed', () => {
    const fleet = fleetOf('a');
    fleet.putPresence('a', silent);
    expect(healthOf(fleet, 'a')).toBe('silent');
    fleet.putPresence('a', { ...silent, freshness: { ...silent.freshness, excuse: 'closed' } });
    expect(healthOf(fleet, 'a')).toBe('healthy');
  });

  it('its worst finding, and well again when that is cleared', () => {
    const fleet = fleetOf('a');
    const bad = finding('a', { severity: 'critical' });
    fleet.putFinding(finding('a', { component: 'battery', mode: 'capacity_fade', severity: 'watch' }));
    fleet.putFinding(bad);
    expect(healthOf(fleet, 'a')).toBe('critical');
    fleet.putFinding({ ...bad, state: 'cleared' });
    expect(healthOf(fleet, 'a')).toBe('watch');
  });

  it('that of a wider finding for each of its members, and for those only', () => {
    const fleet = fleetOf('a', 'b', 'c');
    const outage = finding(null, {
      scope: 'site',
      subject: 's1',
      members: ['a', 'b'],
      component: 'network',
      mode: 'offline',
    });
    fleet.putFinding(outage);
    expect([healthOf(fleet, 'a'), healthOf(fleet, 'b'), healthOf(fleet, 'c')]).toEqual([
      'warning',
      'warning',
      'healthy',
    ]);
    fleet.putFinding({ ...outage, members: ['b', 'c'], state: 'update' });
    expect([healthOf(fleet, 'a'), healthOf(fleet, 'b'), healthOf(fleet, 'c')]).toEqual([
      'healthy',
      'warning',
      'warning',
    ]);
  });

  it('told before the registry knew the terminal: the finding waits for its row', () => {
    const fleet = new FleetModel();
    fleet.putFinding(finding('late'));
    fleet.putTerminal(terminal('late'));
    expect(healthOf(fleet, 'late')).toBe('warning');
  });
});

describe('live values', () => {
  it('show the newest heartbeat; a late one changes nothing', () => {
    const fleet = fleetOf('a');
    fleet.observe('a', NOW + 1000, {
      ts: NOW,
      boot: 'b',
      seq: 2,
      battery: { soc_pct: 40.1 },
      network: { carrier: 'red' },
    });
    fleet.observe('a', NOW, { ts: NOW, boot: 'b', seq: 1, battery: { soc_pct: 90 } });
    expect(terminalRow(fleet, fleet.row('a')!)).toMatchObject({ batteryPct: 40.1, lastAt: NOW + 1000 });
  });

  it('of a heartbeat that came before the registry are kept for its row', () => {
    const fleet = new FleetModel();
    fleet.observe('new', NOW, { ts: NOW, boot: 'b', seq: 1, battery: { soc_pct: 77 } });
    fleet.putTerminal(terminal('new'));
    expect(terminalRow(fleet, fleet.row('new')!).batteryPct).toBe(77);
  });

  it('count as a change of values, not of condition', () => {
    const fleet = fleetOf('a');
    fleet.takeChanges();
    fleet.observe('a', NOW + 1, { ts: NOW, boot: 'b', seq: 1, battery: { soc_pct: 50 } });
    const changes = fleet.takeChanges();
    expect([changes.rows.size, changes.latest.size]).toEqual([0, 1]);
  });
});

describe('the fleet at a glance', () => {
  it('counts conditions, and retired terminals only as retired', () => {
    const fleet = fleetOf('a', 'b');
    fleet.putTerminal(terminal('old', { lifecycle: 'retired' }));
    fleet.putFinding(finding('a', { severity: 'critical' }));
    const view = look(fleet);
    expect(view.health).toMatchObject({ total: 2, critical: 1, healthy: 1 });
    expect(view.lifecycle).toEqual({ pending: 0, active: 2, locked: 0, retired: 1 });
  });

  it('says what got worse in a day, from what, and forgets it after', () => {
    const fleet = fleetOf('a', 'b');
    fleet.putFinding(finding('a', { severity: 'watch', openedAt: NOW - 3 * DAY, at: NOW - 3 * DAY }));
    fleet.putFinding(finding('a', { severity: 'warning', state: 'update', openedAt: NOW - 3 * DAY, at: NOW - HOUR }));
    fleet.putFinding(finding('b', { openedAt: NOW - 2 * DAY }));
    expect(look(fleet).gotWorse.items.map((one) => [one.row.terminal, one.before, one.at])).toEqual([
      ['a', 'watch', NOW - HOUR],
    ]);
    expect(look(fleet, NOW + DAY).gotWorse.total).toBe(0);
  });

  it('says what will fail within a week, soonest first', () => {
    const fleet = fleetOf('a', 'b', 'c');
    fleet.putFinding(finding('a', { failsAt: NOW + 6 * DAY }));
    fleet.putFinding(finding('b', { failsAt: NOW + DAY }));
    fleet.putFinding(finding('c', { failsAt: NOW + 9 * DAY }));
    expect(look(fleet).willFail.items.map((row) => row.terminal)).toEqual(['b', 'a']);
  });

  it('puts the group with the worst share first', () => {
    const fleet = fleetOf('a');
    for (const id of ['x', 'y', 'z']) fleet.putTerminal(terminal(id, { site: 's2', model: 'M2' }));
    fleet.putFinding(finding('a'));
    fleet.putFinding(finding('x'));
    expect(look(fleet).groups.site.map((group) => [group.key, group.name])).toEqual([
      ['s1', 'Shop s1'],
      ['s2', null],
    ]);
  });
});
