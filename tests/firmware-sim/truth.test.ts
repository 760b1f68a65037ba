import { beforeAll, describe, expect, it } from 'vitest';
import type { TruthRow } from '../../firmware-sim/core/faults.ts';
import type { Fleet } from '../../firmware-sim/core/fleet.ts';
import type { SimMessage } from '../../firmware-sim/core/terminal.ts';
import { DAY, everyMode, FROM, fleetOf, scene, tell, wire } from './scenes.ts';

describe('truth', () => {
  let fleet: Fleet;
  let messages: SimMessage[];
  let truth: TruthRow[];
  beforeAll(() => {
    fleet = fleetOf(everyMode());
    messages = wire(fleet, FROM + 7 * DAY);
    truth = fleet.truth();
  });

  it('has one row for every fault that began, with its failure after its onset', () => {
    const single = truth.filter((row) => row.mode !== 'firmware_regression');
    expect(single.map((row) => `${row.component} ${row.mode}`).sort()).toEqual(
      everyMode()
        .faults.map((fault) => `${fault.component} ${fault.mode}`)
        .sort(),
    );
    for (const row of truth) {
      expect(row.onset_at).toBeGreaterThan(FROM);
      expect(row.failed_at ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(row.onset_at);
    }
  });

  it('sees most of those whose time is up fail, and a regression never', () => {
    const due = truth.filter((row) => row.mode !== 'firmware_regression');
    expect(due.filter((row) => row.failed_at !== null).length).toBeGreaterThanOrEqual(due.length * 0.7);
    const regressions = truth.filter((row) => row.mode === 'firmware_regression');
    expect(regressions.length).toBeGreaterThan(0);
    expect(regressions.every((row) => row.failed_at === null)).toBe(true);
  });

  it('never travels', () => {
    const words = /onset|failed_at|truth|head_wear|progress/;
    expect(messages.filter(({ payload }) => words.test(String(payload))).slice(0, 3)).toEqual([]);
  });

  it('is empty for a fleet in which only life goes on', () => {
    const quiet = fleetOf(scene({ nuisances: 2, fleet: { terminals: 40, stores: 5 } }));
    tell(quiet, FROM + 6 * DAY);
    expect(quiet.truth()).toEqual([]);
  });

  it('ends a fault that stays below its ceiling without a failure', () => {
    const faults = [
      {
        component: 'printer',
        mode: 'head_wear',
        count: 3,
        onsetDay: [0.1, 0.2] as [number, number],
        days: [1, 1] as [number, number],
        ceiling: 0.5,
      },
    ];
    const fading = fleetOf(scene({ faults }));
    tell(fading, FROM + 6 * DAY);
    expect(fading.truth().map((row) => row.failed_at)).toEqual([null, null, null]);
  });

  it('keeps the rows of faults that were repaired, and the part is well again', () => {
    const faults = [
      {
        component: 'printer',
        mode: 'head_wear',
        count: 1,
        onsetDay: [0.1, 0.2] as [number, number],
        days: [1.5, 1.5] as [number, number],
      },
    ];
    const fleet = fleetOf(scene({ faults, fleet: { models: { countertop: 1 } } }));
    tell(fleet, FROM + 4 * DAY);
    const [row] = fleet.truth();
    expect(row?.failed_at).not.toBeNull();
    const index = fleet.terminals.findIndex((terminal) => terminal.config.id === row?.terminal);
    expect(fleet.repair(index, 'printer', null, fleet.now)).toBe(true);
    const after = wire(fleet, FROM + 4.5 * DAY).filter((message) => message.terminal === index);
    const events = after
      .filter(({ topic }) => topic.endsWith('/event'))
      .map(({ payload }) => JSON.parse(String(payload)) as Record<string, unknown>);
    expect(events).toContainEqual(expect.objectContaining({ type: 'part_replaced', component: 'printer' }));
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'self_test', detail: expect.objectContaining({ result: 'pass' }) }),
    );
    expect(fleet.truth()).toEqual([row]);
    const last = after.filter(({ topic }) => topic.endsWith('/heartbeat')).at(-1);
    expect(JSON.parse(String(last?.payload))).toMatchObject({ printer: { dead_dots: 0 } });
  });

  it('tells an outage of a chain as one link fault for each of its terminals, with the same onset', () => {
    const chain = fleetOf(
      scene({
        incidents: [{ kind: 'outage', chain: 0, day: 2.5, hours: 2 }],
        fleet: { stores: 4, chains: 2 },
        nuisances: 0,
      }),
    );
    tell(chain, FROM + 4 * DAY);
    const rows = chain.truth();
    expect(rows.length).toBe(6);
    expect(new Set(rows.map((row) => `${row.component} ${row.mode} ${row.onset_at}`)).size).toBe(1);
  });

  it('keeps a second outage of the same terminals apart from the first', () => {
    const incidents = [
      { kind: 'outage' as const, chain: 0, day: 1.5, hours: 2 },
      { kind: 'outage' as const, chain: 0, day: 3.5, hours: 2 },
    ];
    const chain = fleetOf(scene({ incidents, fleet: { stores: 4, chains: 2 }, nuisances: 0 }));
    tell(chain, FROM + 5 * DAY);
    expect(chain.truth().map((row) => (row.onset_at - FROM) / DAY)).toEqual([
      1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5,
    ]);
  });
});
