import { expect, it } from 'vitest';
import type { MerchantTicket } from '../../alerts/core/merchant-view.ts';
import type { HistoryEntry, Ticket, TicketSummary } from '../../contract/tickets.ts';
import { type AlertsRoom, DAY, facts, finding, START, startAlertsRoom } from '../support/alerts-room.ts';
import { describeEachRelational } from '../support/each-relational.ts';

type One = { ticket: Ticket; history: HistoryEntry[] };
type Page = { items: TicketSummary[] };
type Reported = { ticket: MerchantTicket; joined: boolean; firstAid: { step: string }[] };

describeEachRelational('reports and findings meet in one ticket', (open) => {
  async function shop(): Promise<{ room: AlertsRoom; report: (symptom: string, more?: object) => Promise<Reported> }> {
    const room = await startAlertsRoom(await open());
    for (const terminal of ['T-1', 'T-2']) {
      room.facts.set(terminal, facts());
      await room.announce(terminal, START - DAY);
    }
    const { body } = await room.call<{ code: string }>('POST', '/terminals/T-1/merchant-code');
    const report = async (symptom: string, more: object = {}) =>
      (await room.raw<Reported>('POST', `/merchant/${body.code}/reports`, { symptom, ...more })).body;
    return { room, report };
  }

  it('a merchant who reports what the platform has seen is answered with that ticket, in their language', async () => {
    const { room, report } = await shop();
    await room.state(finding());
    const told = await report('小票打印不清楚', { language: 'zh', contact: '138', stepsTried: ['restart'] });
    expect(told).toMatchObject({ joined: true, ticket: { id: 'TW-1' } });
    expect(told.firstAid.map((step) => step.step)).toEqual(['clean_head', 'paper']);
    await room.pass();
    expect((await room.get<Page>('/tickets')).items).toHaveLength(1);
    const { ticket, history } = await room.get<One>('/tickets/TW-1');
    expect(ticket).toMatchObject({
      reports: [{ symptom: '小票打印不清楚', by: 'merchant of T-1' }],
      report: { language: 'zh', contact: '138', stepsTried: ['restart'] },
    });
    expect(history.at(-1)?.text).toBe('The merchant reported it too: 小票打印不清楚');
    expect(room.notices.map((notice) => notice.kind)).toEqual(['opened', 'reported_too', 'report_received']);
    // Another part is another fault.
    expect(await report('网络断了')).toMatchObject({ joined: false, ticket: { id: 'TW-2' } });
    // What a person reported is not closed over their head when the telemetry looks well.
    await room.state(finding({ at: room.clock.now(), state: 'cleared' }));
    await room.pass(31 * 60_000);
    expect((await room.get<One>('/tickets/TW-1')).ticket).toMatchObject({ open: true, finding: { standing: false } });
    await room.stop();
  });

  it('a finding on what a merchant has reported joins their ticket, and raises it', async () => {
    const { room, report } = await shop();
    await report('the print is pale', { firstAid: [{ step: 'restart', result: 'no_change' }] });
    await room.state(finding({ severity: 'critical' }), finding({ component: 'battery', mode: 'capacity_fade' }));
    const { items } = await room.get<Page>('/tickets?order=newest');
    expect(items.map((ticket) => [ticket.id, ticket.source, ticket.component, ticket.severity])).toEqual([
      ['TW-2', 'finding', 'battery', 'warning'],
      ['TW-1', 'merchant', 'printer', 'critical'],
    ]);
    const { ticket, history } = await room.get<One>('/tickets/TW-1');
    expect(ticket).toMatchObject({
      mode: 'head_wear',
      fingerprint: 'demo/terminal/T-1/printer/head_wear',
      firstAid: [{ step: 'restart', result: 'no_change' }],
    });
    expect(history.at(-1)?.text).toMatch(/^The platform sees it too: printer head wear, 60 %/);
    // Restated it is the same ticket, and a restart does not change that.
    await room.state(finding({ severity: 'critical', at: START + 1, probability: 0.9, state: 'update' }));
    expect((await room.get<Page>('/tickets')).items).toHaveLength(2);
    await room.stop();
  });

  it('what a learned model foresaw is one ticket with what a detector then names, and ends with it', async () => {
    const { room } = await shop();
    const foreseen = { mode: 'learned_risk', failsAt: null, failsAtP10: null, failsAtP90: null } as const;
    await room.state(finding(foreseen));
    expect((await room.get<One>('/tickets/TW-1')).ticket.title).toContain('Learned model foresees a failure: printer');
    await room.state(finding({ at: START + 5, severity: 'critical' }), finding({ ...foreseen, at: START + 5 }));
    expect((await room.get<Page>('/tickets')).items).toHaveLength(1);
    const { ticket } = await room.get<One>('/tickets/TW-1');
    expect(ticket).toMatchObject({ mode: 'head_wear', severity: 'critical', finding: { probability: 0.6 } });
    // The other way round a second finding of one part has a ticket of its own, as ever.
    await room.state(
      finding({ at: START + 9, subject: 'T-2' }),
      finding({ at: START + 9, subject: 'T-2', mode: 'power' }),
    );
    expect((await room.get<Page>('/tickets')).items).toHaveLength(3);
    await room.stop();
  });

  it('a report of what a whole site suffers is worked on there, and a repeat names its first', async () => {
    const { room, report } = await shop();
    const offline = { component: 'network', mode: 'offline' } as const;
    await room.state(
      finding({ scope: 'site', subject: 'S-1', ...offline, members: ['T-1', 'T-2'], severity: 'critical' }),
    );
    const told = await report('no network since nine');
    expect((await room.get<One>(`/tickets/${told.ticket.id}`)).ticket.parent).toBe('TW-1');
    const event = { type: 'cancel', why: 'the cable was out', outcome: 'none' };
    await room.call('POST', `/tickets/${told.ticket.id}/events`, { event });
    await room.call('POST', '/tickets/TW-1/events', { event });
    await room.pass(3 * DAY);
    const again = await report('no network again');
    expect((await room.get<One>(`/tickets/${again.ticket.id}`)).ticket.repeatOf).toBe(told.ticket.id);
    const causes = await room.get<{ causes: { repeats: number }[] }>('/statistics');
    expect(causes.causes.reduce((sum, row) => sum + row.repeats, 0)).toBe(1);
    await room.stop();
  });

  it('a terminal is reported stolen from its page, and is locked', async () => {
    const { room } = await shop();
    const { body } = await room.call<{ code: string }>('POST', '/terminals/T-2/merchant-code');
    const lost = await room.raw<MerchantTicket>('POST', `/merchant/${body.code}/loss`, {
      how: 'stolen',
      language: 'zh',
    });
    expect(lost).toMatchObject({ status: 201, body: { state: 'lost' } });
    await room.pass();
    expect(room.sent.map(({ command }) => command.name)).toEqual(['lock']);
    expect((await room.registry.get('demo' as never, 'T-2'))?.lifecycle).toBe('locked');
    expect((await room.raw('POST', `/merchant/${body.code}/loss`, { how: 'lost' })).status).toBe(409);
    await room.stop();
  });
});

it('first aid is asked for before anything is reported', async () => {
  const { openRelational } = await import('../../store/relational/open.ts');
  const relational = await openRelational({ url: 'sqlite::memory:' });
  await relational.migrate();
  const room = await startAlertsRoom(relational);
  await room.announce('T-1', START);
  const { body } = await room.call<{ code: string }>('POST', '/terminals/T-1/merchant-code');
  const aid = await room.raw<{ component: string; firstAid: { step: string; zh: string }[] }>(
    'GET',
    `/merchant/${body.code}/first-aid?symptom=${encodeURIComponent('刷卡没反应')}&tried=restart`,
  );
  expect(aid.body).toMatchObject({ component: 'reader', firstAid: [{ step: 'clean_reader' }, { step: 'update' }] });
  await room.stop();
  await relational.close();
});
