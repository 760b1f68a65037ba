import { expect, it } from 'vitest';
import { openTicket } from '../../alerts/core/opening.ts';
import type { Outbox } from '../../contract/ports/outbox.ts';
import type { TicketChange, TicketRepository } from '../../contract/ports/tickets.ts';
import type { Ticket } from '../../contract/tickets.ts';
import { asTenantId } from '../../contract/topics.ts';
import { context, DAY, opening, START, Walk } from '../alerts/ticket-world.ts';
import { TENANT } from '../support/alerts-room.ts';

const OTHER = asTenantId('other');

function fresh(over: Parameters<typeof opening>[0] = {}): TicketChange {
  const opened = openTicket(opening(over), context(START, 'system'));
  return { ticket: opened.ticket, history: [opened.history], effects: opened.effects };
}

/** What every ticket repository and outbox must do. */
export function ticketSuite(make: () => Promise<{ tickets: TicketRepository; outbox: Outbox }>): void {
  it('gives ids in a row, each once, by tenant', async () => {
    const { tickets } = await make();
    expect(await tickets.reserveIds(TENANT, 3)).toEqual(['TW-1', 'TW-2', 'TW-3']);
    expect(await tickets.reserveIds(TENANT, 1)).toEqual(['TW-4']);
    expect(await tickets.reserveIds(OTHER, 1)).toEqual(['TW-1']);
    const many = (await Promise.all(Array.from({ length: 10 }, () => tickets.reserveIds(TENANT, 5)))).flat();
    expect(new Set(many).size).toBe(50);
  });

  it('keeps a ticket with its history as it was written', async () => {
    const { tickets } = await make();
    const walk = new Walk().take('start_diagnosis').take('diagnose').take('decide');
    await tickets.apply({ changes: [{ ticket: walk.ticket, history: walk.history, effects: walk.effects }] });
    const kept = await tickets.get(TENANT, 'TW-1');
    expect(kept?.ticket).toEqual(walk.ticket);
    expect(kept?.history).toEqual(walk.history);
    expect(await tickets.get(OTHER, 'TW-1')).toBeUndefined();
  });

  it('refuses a second open ticket of a fault, and with it the whole write', async () => {
    const { tickets } = await make();
    await tickets.apply({ changes: [fresh()] });
    const both = { changes: [fresh({ id: 'TW-2', fingerprint: 'another' }), fresh({ id: 'TW-3' })], findingsCursor: 9 };
    await expect(tickets.apply(both)).rejects.toMatchObject({ code: 'ticket.duplicate', status: 409 });
    expect(await tickets.get(TENANT, 'TW-2')).toBeUndefined();
    expect(await tickets.findingsCursor()).toBe(0);
    // Another tenant's fault is another fault.
    await tickets.apply({ changes: [fresh({ tenant: OTHER })] });
  });

  it('takes a change only on the version it was made from', async () => {
    const { tickets } = await make();
    const walk = new Walk();
    await tickets.apply({ changes: [fresh()] });
    const mine = walk.try('start_diagnosis');
    const yours = walk.try('comment');
    if (!mine.ok || !yours.ok) throw new Error('both fit');
    await tickets.apply({ changes: [{ ...mine, history: [mine.history] }] });
    await expect(tickets.apply({ changes: [{ ...yours, history: [yours.history] }] })).rejects.toMatchObject({
      code: 'ticket.conflict',
      retryable: true,
    });
    expect((await tickets.get(TENANT, 'TW-1'))?.history.map((entry) => entry.event)).toEqual([
      'opened',
      'start_diagnosis',
    ]);
  });

  it('sorts worst first: wider, critical, soonest failure, open before ended; pages without losing or repeating one', async () => {
    const { tickets } = await make();
    const make1 = (n: number, over: Partial<Ticket>): TicketChange => {
      const change = fresh({ id: `TW-${n}`, fingerprint: `f${n}` });
      return { ...change, ticket: { ...change.ticket, ...over } };
    };
    await tickets.apply({
      changes: [
        make1(1, { severity: 'warning', failsAt: START + 5 * DAY }),
        make1(2, { severity: 'critical', failsAt: START + 2 * DAY }),
        make1(3, { severity: 'critical', failsAt: START + DAY }),
        make1(4, { severity: 'warning', scope: 'site', terminal: null, members: ['T-7', 'T-8'] }),
        make1(5, { severity: 'critical', open: false, state: 'closed' }),
        make1(6, { severity: 'critical', parent: 'TW-4' }),
        make1(7, { severity: 'warning', failsAt: null }),
      ],
    });
    const worst = ['TW-4', 'TW-3', 'TW-2', 'TW-1', 'TW-7', 'TW-6', 'TW-5'];
    expect((await tickets.list(TENANT, {})).items.map((ticket) => ticket.id)).toEqual(worst);
    for (const order of ['worst', 'newest', 'updated'] as const) {
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await tickets.list(TENANT, { order, limit: 2, ...(after ? { after } : {}) });
        seen.push(...page.items.map((ticket) => ticket.id));
        after = page.next;
      } while (after);
      expect([...seen].sort()).toEqual([...worst].sort());
    }
    expect((await tickets.list(TENANT, { open: true, attached: false, count: true })).total).toBe(5);
    expect((await tickets.list(TENANT, { terminal: ['T-8'] })).items.map((ticket) => ticket.id)).toEqual(['TW-4']);
    expect((await tickets.openOf(TENANT, ['T-8'])).map((ticket) => ticket.id)).toEqual(['TW-4']);
    expect(await tickets.countOpen(TENANT)).toEqual({ watch: 0, warning: 3, critical: 3 });
    expect((await tickets.list(OTHER, {})).items).toEqual([]);
    await expect(tickets.list(TENANT, { after: 'nonsense' })).rejects.toMatchObject({
      code: 'ticket.bad_cursor',
      status: 400,
    });
  });

  it('searches words of any language, prefixes and filters together, and never another tenant', async () => {
    const { tickets } = await make();
    const report = (symptom: string) => ({ ...opening().report!, symptom });
    await tickets.apply({
      changes: [
        fresh({ id: 'TW-1', fingerprint: 'a', report: report('打印机卡纸') }),
        fresh({ id: 'TW-2', fingerprint: 'b', report: report('Paper jams at noon'), site: 'S 2/ü' }),
        fresh({ id: 'TW-1', fingerprint: 'c', tenant: OTHER, report: report('Paper jams') }),
      ],
    });
    const find = async (query: Parameters<TicketRepository['list']>[1]) =>
      (await tickets.list(TENANT, query)).items.map((ticket) => ticket.id);
    expect(await find({ search: '卡纸' })).toEqual(['TW-1']);
    expect(await find({ search: 'NOON pap' })).toEqual(['TW-2']);
    expect(await find({ search: 'tw-1' })).toEqual(['TW-1']);
    expect(await find({ search: 't-1' })).toEqual(['TW-2', 'TW-1']);
    expect(await find({ search: 'P400打印' })).toEqual(['TW-1']);
    expect(await find({ search: 'jams', site: ['S 2/ü'] })).toEqual(['TW-2']);
    expect(await find({ search: 'jams', site: ['S-1'] })).toEqual([]);
    expect(await find({ search: 'head wear', open: true })).toEqual(['TW-2', 'TW-1']);
    // Nothing but signs is no search: everything is there.
    expect(await find({ search: `'"*:&|()!` })).toHaveLength(2);
    expect((await tickets.list(TENANT, { search: 'print', count: true })).total).toBe(2);
  });

  it('finds what time acts on next, the newest ticket of a fault, and who has what', async () => {
    const { tickets } = await make();
    const one = fresh({ id: 'TW-1' });
    await tickets.apply({
      changes: [{ ...one, ticket: { ...one.ticket, dueAt: START + 5, provider: 'fixit', technician: 'tom' } }],
    });
    expect(await tickets.due(START, 10)).toEqual([]);
    expect((await tickets.due(START + 5, 10)).map((ticket) => ticket.id)).toEqual(['TW-1']);
    expect((await tickets.latestOf(TENANT, one.ticket.fingerprint!))?.id).toBe('TW-1');
    expect(await tickets.assigned()).toEqual([{ tenant: TENANT, id: 'TW-1', provider: 'fixit', technician: 'tom' }]);
  });

  it('the outbox keeps effects until they are done, each once, and gives one up when told to', async () => {
    const { tickets, outbox } = await make();
    const change = fresh();
    await tickets.apply({ changes: [change] });
    await tickets.apply({ changes: [], effects: change.effects });
    const due = await outbox.claim('w', START, 10, DAY);
    expect(due.map((entry) => [entry.kind, entry.attempts])).toEqual([
      ['command', 0],
      ['notify', 0],
    ]);
    await outbox.done([due[0]!.key], START + 1);
    await outbox.failed(due[1]!.key, 'away', START + 1, START + 100);
    expect(await outbox.claim('w', START + 50, 10, 1)).toEqual([]);
    expect(await outbox.claim('w', START + 100, 10, 1)).toMatchObject([
      { key: due[1]!.key, attempts: 1, lastError: 'away' },
    ]);
    await outbox.failed(due[1]!.key, 'refused', START + 101, null);
    expect(await outbox.claim('w', START + DAY, 10, 1)).toEqual([]);
    expect((await outbox.log(TENANT, { state: 'failed' })).map((entry) => entry.key)).toEqual([due[1]!.key]);
    expect(await outbox.replay(OTHER, due[1]!.key, START)).toBe(false);
    expect(await outbox.replay(TENANT, due[1]!.key, START)).toBe(true);
    expect(await outbox.trim(START + 2)).toBe(1);
  });
}
