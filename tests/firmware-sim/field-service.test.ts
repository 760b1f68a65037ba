import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ticket } from '../../contract/tickets.ts';
import { createFieldService, type FieldService } from '../../firmware-sim/edge/field-service.ts';
import type { Fleet } from '../../firmware-sim/service.ts';
import { openRelational } from '../../store/relational/open.ts';
import type { Relational } from '../../store/relational/relational.ts';
import { type AlertsRoom, DAY, facts, finding, JumpClock, startAlertsRoom } from '../support/alerts-room.ts';
import { FROM, fleetOf, scene, tell, wire } from './scenes.ts';

type One = { ticket: Ticket; history: { event: string }[] };

describe('the simulated field service', () => {
  let fleet: Fleet;
  let relational: Relational;
  let room: AlertsRoom;
  let service: FieldService;
  beforeEach(async () => {
    const faults = [{ component: 'printer', mode: 'head_wear', count: 1, onsetDay: [0.1, 0.2], days: [1.5, 1.5] }];
    fleet = fleetOf(
      scene({ tenant: 'demo', faults, nuisances: 0, fleet: { terminals: 2, stores: 1, models: { countertop: 1 } } }),
    );
    tell(fleet, FROM + 4 * DAY);
    relational = await openRelational({ url: 'sqlite::memory:' });
    await relational.migrate();
    const clock = new JumpClock(fleet.now);
    room = await startAlertsRoom(relational, { clock });
    for (const terminal of fleet.terminals) room.facts.set(terminal.config.id, facts());
    const url = await room.http.listen({ port: 0, host: '127.0.0.1' });
    service = createFieldService({ fleet, clock, log: pino({ level: 'silent' }), tenant: 'demo', url, dayMs: 600_000 });
  });
  afterEach(async () => {
    await service.stop();
    await room.stop();
    await relational.close();
  });

  const worn = (): string => fleet.truth()[0]?.terminal ?? '';
  const sound = (): string => fleet.terminals.find(({ config }) => config.id !== worn())?.config.id ?? '';

  async function workUntil(state: string): Promise<One> {
    for (let i = 0; i < 90; i++) {
      await service.round();
      const one = await room.get<One>('/tickets/TW-1');
      if (one.ticket.state === state) return one;
      await room.pass(60_000);
    }
    return room.get<One>('/tickets/TW-1');
  }

  it('works a ticket from its report to the acceptance test, and the worn part is replaced', async () => {
    await room.state(finding({ subject: worn(), at: room.clock.now() }));
    const { ticket, history } = await workUntil('testing');
    expect(ticket).toMatchObject({
      state: 'testing',
      decision: { method: 'onsite' },
      outcome: { wasFailing: true, action: 'replaced', part: 'print head' },
      parts: [expect.objectContaining({ part: 'print head' })],
    });
    expect(history.map(({ event }) => event)).toEqual(
      expect.arrayContaining([
        'assign',
        'start_diagnosis',
        'diagnose',
        'decide',
        'book',
        'start_repair',
        'finish_repair',
      ]),
    );
    expect(service.visits).toBe(1);
    expect(fleet.terminals.flatMap(({ state }) => state.faults)).toEqual([]);
    const said = wire(fleet, fleet.now + 3_600_000).map(({ payload }) => String(payload));
    expect(said.some((payload) => payload.includes('"part_replaced","component":"printer"'))).toBe(true);
  });

  it('finds nothing wrong with a sound terminal, cleans it and says so', async () => {
    await room.state(finding({ subject: sound(), at: room.clock.now() }));
    const { ticket } = await workUntil('testing');
    expect(ticket.outcome).toMatchObject({ wasFailing: false, action: 'cleaned' });
    expect(ticket.parts).toEqual([]);
    expect(fleet.truth()).toHaveLength(1);
    expect(fleet.terminals.flatMap(({ state }) => state.faults)).toHaveLength(1);
  });

  it('signs and closes once the platform is satisfied', async () => {
    await room.state(finding({ subject: worn(), at: room.clock.now() }));
    await workUntil('testing');
    await room.state(finding({ subject: worn(), at: room.clock.now(), state: 'cleared', probability: 0 }));
    const { command } = room.sent.findLast(({ command: sent }) => sent.name === 'self_test') ?? { command: { id: '' } };
    await room.say('event', worn(), { type: 'self_test', detail: { result: 'pass', checks: { print_head: 'pass' } } });
    await room.say('result', worn(), { id: command.id, ok: true });
    await room.pass(1.2 * DAY);
    const { ticket } = await workUntil('closed');
    expect(ticket.state).toBe('closed');
    expect(ticket.acceptance?.signedBy).toBe('Shift manager');
  });
});
