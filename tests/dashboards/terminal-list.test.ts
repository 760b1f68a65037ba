import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FleetModel } from '../../dashboards/core/fleet-model.ts';
import { TerminalLister, type TerminalQuery } from '../../dashboards/core/terminal-list.ts';
import { DAY, finding, HOUR, NOW, site, terminal } from './fleet.ts';

const ASK: TerminalQuery = { sort: 'worst', descending: false, offset: 0, limit: 50 };

function example(): FleetModel {
  const fleet = new FleetModel();
  fleet.putSite(site('s1', { name: 'Harbour Café' }));
  fleet.putSite(site('s2', { name: '老街店' }));
  fleet.putTerminal(terminal('T-1'));
  fleet.putTerminal(terminal('T-2', { model: 'M2', firmware: '2.0', carrier: 'blue' }));
  fleet.putTerminal(terminal('T-3', { site: 's2' }));
  fleet.putTerminal(terminal('T-4', { site: 's2', lifecycle: 'retired' }));
  fleet.putTerminal(terminal('T-5', { site: null, lifecycle: 'pending', serial: 'ZX81' }));
  fleet.putFinding(finding('T-2', { severity: 'warning', failsAt: NOW + DAY }));
  fleet.putFinding(finding('T-3', { severity: 'critical', component: 'network', mode: 'offline', failsAt: null }));
  fleet.putOpenTickets('T-3', 2);
  return fleet;
}

function ids(fleet: FleetModel, query: Partial<TerminalQuery>): string[] {
  return new TerminalLister(fleet, 0).list({ ...ASK, ...query }, NOW).rows.map((row) => fleet.id(row));
}

describe('a list of terminals', () => {
  it.each<[string, Partial<TerminalQuery>, string[]]>([
    ['puts the worst first and leaves retired ones out', {}, ['T-3', 'T-2', 'T-1', 'T-5']],
    ['finds by part of the id, in any case', { search: 't-1' }, ['T-1']],
    ['finds by serial', { search: 'zx8' }, ['T-5']],
    ["finds by the site's name, in any script", { search: '老街' }, ['T-3']],
    ['wants every word', { search: 'harbour m2' }, ['T-2']],
    ['shows retired ones when asked', { lifecycle: ['retired'] }, ['T-4']],
    ['narrows by condition', { health: ['critical', 'warning'] }, ['T-3', 'T-2']],
    ['narrows by component', { component: ['network'] }, ['T-3']],
    ['narrows by site and model together', { site: ['s1'], model: ['M2'] }, ['T-2']],
    ['finds nothing for a model never seen', { model: ['M9'] }, []],
    ['narrows by open tickets', { tickets: 'open' }, ['T-3']],
    ['sorts by the soonest failure, those without one last', { sort: 'failsAt' }, ['T-2', 'T-1', 'T-3', 'T-5']],
    [
      'keeps what has no value last when turned round',
      { sort: 'site', descending: true },
      ['T-3', 'T-1', 'T-2', 'T-5'],
    ],
    ['pages', { offset: 1, limit: 2 }, ['T-2', 'T-1']],
  ])('%s', (_, query, expected) => {
    expect(ids(example(), query)).toEqual(expected);
  });

  it('tells the total over all pages', () => {
    expect(new TerminalLister(example(), 0).list({ ...ASK, limit: 1 }, NOW)).toMatchObject({ total: 4 });
  });

  it('holds its order still for a moment, so that paging neither repeats nor skips', () => {
    const fleet = example();
    const lister = new TerminalLister(fleet, 1000);
    const first = lister.list({ ...ASK, limit: 2 }, NOW).rows;
    fleet.putFinding(finding('T-1', { severity: 'critical', failsAt: NOW + HOUR }));
    const second = lister.list({ ...ASK, offset: 2, limit: 2 }, NOW + 500).rows;
    expect(new Set([...first, ...second]).size).toBe(4);
    expect(fleet.id(lister.list({ ...ASK, limit: 1 }, NOW + 2000).rows[0]!)).toBe('T-1');
  });

  it('has pages that together are the whole list, for any filter and page size', () => {
    const fleet = example();
    fc.assert(
      fc.property(
        fc.constantFrom('worst', 'terminal', 'model', 'lastAt', 'battery', 'tickets'),
        fc.boolean(),
        fc.integer({ min: 1, max: 5 }),
        (sort, descending, limit) => {
          const query = { sort, descending } as Partial<TerminalQuery>;
          const all = ids(fleet, query);
          const paged: string[] = [];
          for (let offset = 0; offset < all.length; offset += limit)
            paged.push(...ids(fleet, { ...query, offset, limit }));
          expect(paged).toEqual(all);
        },
      ),
    );
  });
});
