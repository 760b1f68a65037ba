import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { TillwatchError } from '../../contract/errors.ts';
import type { LevelSample } from '../../contract/ports/levels.ts';
import type { TicketPage } from '../../contract/ports/tickets.ts';
import { FleetModels } from '../../dashboards/core/fleet-models.ts';
import { LevelTeller } from '../../dashboards/edge/level-teller.ts';
import { finding, HOUR, NOW, site, TENANT, terminal } from './fleet.ts';

const MINUTE = 60_000;

describe('the level of a fleet, as Grafana finds it', () => {
  let models: FleetModels;
  let told: LevelSample[];
  let down: boolean;
  let teller: LevelTeller;

  beforeEach(() => {
    models = new FleetModels(1000);
    told = [];
    down = false;
    const fleet = models.of(TENANT);
    fleet.putSite(site('s1'));
    for (let i = 0; i < 10; i++) fleet.putTerminal(terminal(`t${i}`, { model: i < 4 ? 'M1' : 'M2' }));
    teller = new LevelTeller({
      log: pino({ level: 'silent' }),
      models,
      tickets: { list: async (): Promise<TicketPage> => ({ items: [] }), load: async () => [] },
      sink: {
        write: async (samples) => {
          if (down) throw new TillwatchError('telemetry.unavailable', 'away', { retryable: true });
          told.push(...samples);
        },
        close: async () => {},
      },
    });
  });

  const tell = (at: number) => {
    told = [];
    return teller.tell(at);
  };
  const values = (name: string, labels: Record<string, string> = {}) =>
    told
      .filter((one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value))
      .map(({ value }) => value);

  it('counts the terminals of each model by condition, zeros included', async () => {
    models.of(TENANT).putFinding(finding('t1', { severity: 'critical' }));
    await tell(NOW);
    const of = (member: string, condition: string) =>
      values('tillwatch_fleet_terminals', { grouping: 'model', member, condition });
    expect(of('M1', 'critical')).toEqual([1]);
    expect(of('M2', 'critical')).toEqual([0]);
    expect(values('tillwatch_fleet_failing', { grouping: 'tenant' })).toEqual([1]);
  });

  it('leaves retired terminals out', async () => {
    models.of(TENANT).putTerminal(terminal('t0', { lifecycle: 'retired' }));
    await tell(NOW);
    const all = values('tillwatch_fleet_terminals', { grouping: 'tenant' }).reduce((a, b) => a + b, 0);
    expect(all).toBe(9);
    expect(values('tillwatch_terminal_info', { terminal: 't0' })).toEqual([]);
  });

  it('states every terminal at first, then each within five minutes, and at once when it changes', async () => {
    await tell(NOW);
    expect(values('tillwatch_terminal_condition')).toHaveLength(10);
    const seen = new Set<string>();
    for (let turn = 1; turn <= 5; turn++) {
      await tell(NOW + turn * MINUTE);
      const info = told.filter(({ name }) => name === 'tillwatch_terminal_info');
      expect(info).toHaveLength(2);
      for (const { labels } of info) seen.add(labels.terminal!);
    }
    expect(seen.size).toBe(10);
    models.of(TENANT).putFinding(finding('t7', { severity: 'warning' }));
    await tell(NOW + 6 * MINUTE);
    expect(values('tillwatch_terminal_condition', { terminal: 't7' })).toEqual([4]);
  });

  it('says 0 once of a finding that is over, and of one under its former severity', async () => {
    const fleet = models.of(TENANT);
    const first = finding('t1', { severity: 'warning', probability: 0.6 });
    fleet.putFinding(first);
    await tell(NOW);
    expect(values('tillwatch_finding_probability', { severity: 'warning' })).toEqual([0.6]);
    fleet.putFinding({ ...first, severity: 'critical', state: 'update' });
    await tell(NOW + MINUTE);
    expect(values('tillwatch_finding_probability', { severity: 'warning' })).toEqual([0]);
    expect(values('tillwatch_finding_probability', { severity: 'critical' })).toEqual([0.6]);
    fleet.putFinding({ ...first, state: 'cleared' });
    await tell(NOW + 2 * MINUTE);
    expect(values('tillwatch_finding_probability')).toEqual([0]);
    await tell(NOW + 3 * MINUTE);
    expect(values('tillwatch_finding_probability')).toEqual([]);
  });

  it('says the 0 later where the store was away when the finding ended', async () => {
    const fleet = models.of(TENANT);
    const first = finding('t1');
    fleet.putFinding(first);
    await tell(NOW);
    fleet.putFinding({ ...first, state: 'cleared' });
    down = true;
    await expect(tell(NOW + MINUTE)).rejects.toMatchObject({ retryable: true });
    down = false;
    await tell(NOW + 2 * MINUTE);
    expect(values('tillwatch_finding_probability')).toEqual([0]);
    expect(values('tillwatch_finding_hours_left')).toEqual([0]);
  });

  it('tells a fleet of 150,000 in slices', async () => {
    const fleet = models.of(TENANT);
    for (let i = 10; i < 150_000; i++) fleet.putTerminal(terminal(`t${i}`, { site: `s${i % 5000}` }));
    await tell(NOW);
    expect(values('tillwatch_terminal_info')).toHaveLength(150_000);
    expect(values('tillwatch_fleet_terminals', { grouping: 'site' }).reduce((a, b) => a + b, 0)).toBe(150_000);
  });

  it('keeps an overdue forecast apart from one that is over', async () => {
    models.of(TENANT).putFinding(finding('t1', { failsAt: NOW - HOUR }));
    await tell(NOW);
    expect(values('tillwatch_finding_hours_left')).toEqual([0.01]);
  });
});
