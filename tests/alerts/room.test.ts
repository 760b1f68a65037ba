import { expect, it } from 'vitest';
import type { Ticket, TicketSummary } from '../../contract/tickets.ts';
import { type AlertsRoom, DAY, facts, finding, HOUR, START, startAlertsRoom } from '../support/alerts-room.ts';
import { describeEachRelational } from '../support/each-relational.ts';

type Page = { items: TicketSummary[]; total?: number; next?: string };
type One = { ticket: Ticket; history: { event: string; text: string }[]; allowed: string[] };

describeEachRelational('the alerts room', (open) => {
  async function withRoom(work: (room: AlertsRoom) => Promise<void>): Promise<void> {
    const room = await startAlertsRoom(await open());
    room.facts.set('T-1', facts());
    try {
      await work(room);
    } finally {
      await room.stop();
    }
  }

  it('opens one ticket for a finding, tells the operator once and asks the terminal for a self-test', () =>
    withRoom(async (room) => {
      await room.state(finding());
      await room.state(finding({ at: START + HOUR, state: 'update', probability: 0.62 }));
      const page = await room.get<Page>('/tickets');
      expect(page.items).toHaveLength(1);
      expect(page.items[0]).toMatchObject({
        id: 'TW-1',
        state: 'reported',
        severity: 'warning',
        site: 'S-1',
        mode: 'head_wear',
      });
      expect(room.notices.map((notice) => notice.title)).toEqual(['New warning ticket: Print head wearing out: T-1']);
      expect(room.sent.map(({ terminal, command }) => [terminal, command.name])).toEqual([['T-1', 'self_test']]);
    }));

  it('attaches the result of the self-test to the ticket that asked for it', () =>
    withRoom(async (room) => {
      await room.state(finding());
      const { id } = room.sent[0]!.command;
      await room.say('event', 'T-1', {
        type: 'self_test',
        detail: { result: 'fail', checks: { print_head: 'fail', cutter: 'pass' } },
      });
      await room.say('result', 'T-1', { id, ok: false });
      const { ticket, history } = await room.get<One>('/tickets/TW-1');
      expect(ticket.selfTests).toMatchObject([
        { result: 'fail', checks: { print_head: 'fail', cutter: 'pass' }, commandId: id },
      ]);
      expect(history.at(-1)?.text).toBe('The self-test failed: print_head.');
    }));

  it('notes a self-test that nobody answers', () =>
    withRoom(async (room) => {
      await room.state(finding());
      await room.pass(12 * 60_000);
      const { ticket } = await room.get<One>('/tickets/TW-1');
      expect(ticket.selfTests).toMatchObject([{ result: 'no_answer' }]);
    }));

  it('resolves a ticket by itself once the part has been well for the set time', () =>
    withRoom(async (room) => {
      await room.state(finding());
      const cleared = finding({ at: room.clock.now(), state: 'cleared', probability: 0 });
      await room.state(cleared);
      expect((await room.get<One>('/tickets/TW-1')).ticket.state).toBe('reported');
      await room.pass(31 * 60_000);
      const { ticket, history } = await room.get<One>('/tickets/TW-1');
      expect(ticket).toMatchObject({ state: 'closed', open: false, outcome: { action: 'recovered' } });
      expect(history.at(-1)?.text).toContain('resolved by itself');
    }));

  it('reopens the same ticket when the fault comes back soon, and opens a linked one when it comes back after the archive', () =>
    withRoom(async (room) => {
      await room.state(finding());
      await room.state(finding({ at: room.clock.now(), state: 'cleared' }));
      await room.pass(31 * 60_000);
      await room.state(finding({ at: room.clock.now() }));
      expect((await room.get<One>('/tickets/TW-1')).ticket).toMatchObject({ state: 'diagnosis', reopened: 1 });
      await room.state(finding({ at: room.clock.now(), state: 'cleared' }));
      await room.pass(31 * 60_000);
      await room.pass(8 * DAY);
      await room.pass(15 * DAY);
      expect((await room.get<One>('/tickets/TW-1')).ticket.state).toBe('archived');
      await room.state(finding({ at: room.clock.now() }));
      expect((await room.get<Page>('/tickets?open=true')).items).toMatchObject([{ id: 'TW-2', repeatOf: 'TW-1' }]);
    }));

  it('raises the severity of the open ticket, and never opens one for a finding that is only watched', () =>
    withRoom(async (room) => {
      await room.state(finding({ subject: 'T-2', severity: 'watch' }), finding());
      await room.state(finding({ at: START + HOUR, state: 'update', severity: 'critical', probability: 0.95 }));
      const page = await room.get<Page>('/tickets?count=true');
      expect(page.total).toBe(1);
      expect(page.items[0]?.severity).toBe('critical');
      const incidents = await room.get<{ items: { subject: string; decision: { reason: string } }[] }>(
        '/incidents?terminal=T-2',
      );
      expect(incidents.items[0]?.decision.reason).toBe('watch_only');
    }));

  it('makes one ticket of many terminals that fail together, and attaches the tickets that were open already', () =>
    withRoom(async (room) => {
      for (const terminal of ['T-1', 'T-2', 'T-3']) room.facts.set(terminal, facts());
      const offline = { component: 'network', mode: 'offline' } as const;
      await room.state(finding({ subject: 'T-1', ...offline }));
      await room.state(
        finding({ subject: 'T-2', ...offline, at: START + 1 }),
        finding({
          scope: 'site',
          subject: 'S-1',
          ...offline,
          members: ['T-1', 'T-2', 'T-3'],
          severity: 'critical',
          at: START + 1,
        }),
        finding({ subject: 'T-3', ...offline, at: START + 1 }),
      );
      const { items } = await room.get<Page>('/tickets?open=true');
      expect(items.map((ticket) => [ticket.scope, ticket.subject, ticket.parent])).toEqual([
        ['site', 'S-1', null],
        ['terminal', 'T-1', items[0]!.id],
      ]);
      // The shared cause ends; T-3 alone stays down and gets its own ticket.
      await room.state(
        finding({
          scope: 'site',
          subject: 'S-1',
          ...offline,
          members: ['T-1', 'T-2', 'T-3'],
          state: 'cleared',
          at: START + HOUR,
        }),
        finding({ subject: 'T-1', ...offline, state: 'cleared', at: START + HOUR }),
        finding({ subject: 'T-2', ...offline, state: 'cleared', at: START + HOUR }),
      );
      await room.pass(2 * HOUR);
      await room.pass();
      const after = await room.get<Page>('/tickets?open=true');
      expect(after.items.map((ticket) => [ticket.subject, ticket.parent])).toEqual([['T-3', null]]);
    }));

  it('finds tickets by any words, Chinese too, and pages through them', () =>
    withRoom(async (room) => {
      await room.deps.registry.get(finding().tenant, 'T-1');
      await room.state(...Array.from({ length: 7 }, (_, i) => finding({ subject: `T-${i + 10}` })));
      const first = await room.get<Page>('/tickets?search=print%20wear&limit=4');
      expect(first.items).toHaveLength(4);
      const second = await room.get<Page>(`/tickets?search=print%20wear&limit=4&after=${first.next}`);
      expect(second.items).toHaveLength(3);
      expect(second.next).toBeUndefined();
      expect(new Set([...first.items, ...second.items].map((ticket) => ticket.id)).size).toBe(7);
      await room.call('POST', '/tickets/TW-3/events', { event: { type: 'comment', text: '打印机卡纸，字迹模糊' } });
      expect(
        (await room.get<Page>(`/tickets?search=${encodeURIComponent('卡纸')}`)).items.map((ticket) => ticket.id),
      ).toEqual(['TW-3']);
      const worst = await room.get<Page>('/tickets?limit=3');
      const rest = await room.get<Page>(`/tickets?limit=10&after=${worst.next}`);
      expect(worst.items.length + rest.items.length).toBe(7);
    }));

  it('goes on where it stopped after a restart: nothing twice, nothing lost', async () => {
    const relational = await open();
    const first = await startAlertsRoom(relational);
    await first.state(finding());
    await first.deps.findings.state([finding({ subject: 'T-9' })]);
    await first.stop();
    const second = await startAlertsRoom(relational);
    await second.pass();
    const page = await second.get<Page>('/tickets?order=newest');
    expect(page.items.map((ticket) => ticket.subject)).toEqual(['T-9', 'T-1']);
    expect(second.notices).toHaveLength(1);
    await second.stop();
  });
});
