import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import type { TicketSummary } from '../../contract/tickets.ts';
import type { Relational } from '../../store/relational/relational.ts';
import { createOutbox } from '../../store/relational/repositories/outbox.ts';
import { createTicketRepository } from '../../store/relational/repositories/tickets.ts';
import { createWorkerBoard } from '../../store/relational/repositories/workers.ts';
import {
  type AlertsRoom,
  DAY,
  facts,
  finding,
  HOUR,
  JumpClock,
  START,
  startAlertsRoom,
  TENANT,
} from '../support/alerts-room.ts';
import { describeEachRelational } from '../support/each-relational.ts';
import { Walk } from './ticket-world.ts';

type Page = { items: TicketSummary[] };
const LEAD_MS = 8_000;

/** Two processes' worth of the alerts room on one store and one clock. */
async function pair(relational: Relational): Promise<readonly [AlertsRoom, AlertsRoom, JumpClock]> {
  const clock = new JumpClock(START);
  const one = await startAlertsRoom(relational, { clock, over: { worker: 'one' } });
  const two = await startAlertsRoom(relational, { clock, over: { worker: 'two' } });
  for (const room of [one, two]) for (let i = 0; i < 40; i++) room.facts.set(`T-${i}`, facts());
  return [one, two, clock];
}

describeEachRelational('two processes serve the alerts room', (open) => {
  it('one leads and opens each ticket once; when it dies the other goes on where it stopped', async () => {
    const [one, two, clock] = await pair(await open());
    await one.deps.findings.state(Array.from({ length: 20 }, (_, i) => finding({ subject: `T-${i}` })));
    await Promise.all([one.room.pass(), two.room.pass()]);
    expect((await two.get<Page>('/tickets?limit=100')).items).toHaveLength(20);
    expect(two.room.health().checks).toContainEqual(
      expect.objectContaining({ name: 'answers', detail: 'another process leads' }),
    );
    // `one` is killed: it does nothing more and gives nothing back.
    clock.jump(LEAD_MS);
    await two.deps.findings.state([finding({ subject: 'T-30' }), finding({ subject: 'T-3', state: 'cleared' })]);
    await two.room.pass();
    expect((await two.get<Page>('/tickets?open=true&limit=100')).items).toHaveLength(21);
    await two.pass(31 * 60_000);
    expect((await two.get<Page>('/tickets?open=true&limit=100')).items).toHaveLength(20);
    await two.stop();
    await one.stop();
  });

  it('a leader that died while its clock was hours ahead keeps nobody waiting for hours', async () => {
    const [one, two, clock] = await pair(await open());
    clock.jump(4 * HOUR);
    await one.room.pass();
    clock.jump(-4 * HOUR);
    await two.deps.findings.state([finding({ subject: 'T-1' })]);
    await two.room.pass();
    expect((await two.get<Page>('/tickets?limit=100')).items).toHaveLength(1);
    await two.stop();
    await one.stop();
  });

  it('does every effect once, however many passes run at the same time', async () => {
    const heard: string[] = [];
    const server = createServer((request, response) => {
      heard.push(String(request.headers['webhook-id']));
      request.resume().on('end', () => response.writeHead(204).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const [one, two] = await pair(await open());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await one.call('PUT', '/notice-routes/ops', {
      audience: 'operator',
      templates: [],
      severities: [],
      sites: [],
      components: [],
      providers: [],
      channels: [
        { type: 'webhook', url, secret: `whsec_${Buffer.from('twenty-four secret bytes').toString('base64')}` },
      ],
      quiet: null,
      language: 'en',
      active: true,
    });
    await one.deps.findings.state(Array.from({ length: 30 }, (_, i) => finding({ subject: `T-${i}` })));
    for (let i = 0; i < 4; i++) await Promise.all([one.room.pass(), two.room.pass()]);
    expect(heard).toHaveLength(30);
    expect(new Set(heard).size).toBe(30);
    expect(one.sent.length + two.sent.length).toBe(30);
    await one.stop();
    await two.stop();
    await new Promise((resolve) => server.close(resolve));
  });

  it('a person served by one process and a finding read by the other agree on what is open', async () => {
    const [one, two, clock] = await pair(await open());
    await one.state(finding());
    // Ended by hand at the process that does not lead: only a worse fault opens another.
    const answer = await two.call('POST', '/tickets/TW-1/events', { event: { type: 'cancel', why: 'known' } });
    expect(answer.status).toBe(200);
    await one.state(finding({ at: START + HOUR, state: 'update', probability: 0.8 }));
    expect((await one.get<Page>('/tickets?open=true')).items).toEqual([]);
    clock.jump(1_000);
    await one.state(finding({ at: START + 2 * HOUR, state: 'update', severity: 'critical', probability: 0.9 }));
    expect((await two.get<Page>('/tickets?open=true')).items).toMatchObject([{ repeatOf: 'TW-1' }]);
    // A provider entered at one is known to the other, and so is a mute.
    await one.call('PUT', '/providers/fixit', {
      name: 'Fixit',
      regions: ['*'],
      skills: ['*'],
      capacity: 5,
      minutesPerDay: 480,
      hours: Array(7).fill({ opens: 0, closes: 1440 }),
      timezone: 'UTC',
      technicians: [],
      people: [],
      contact: null,
      active: true,
    });
    await two.call('POST', '/holds', {
      kind: 'mute',
      match: { terminal: 'T-2' },
      to: START + 5 * DAY,
      reason: 'moving',
    });
    await two.pass();
    expect((await two.get<{ items: { id: string }[] }>('/providers')).items).toMatchObject([{ id: 'fixit' }]);
    await one.state(finding({ subject: 'T-2' }));
    const seen = await one.get<{ items: { decision: { reason: string } }[] }>('/incidents?terminal=T-2');
    expect(seen.items[0]?.decision.reason).toBe('muted');
    await one.stop();
    await two.stop();
  });
});

describeEachRelational('the workers of an outbox', (open) => {
  it('claims: nobody else is given an effect, nor others of its ticket, until it is done or the time is over', async () => {
    const relational = await open();
    const tickets = createTicketRepository(relational);
    const outbox = createOutbox(relational);
    const walk = new Walk();
    const other = new Walk({ id: 'TW-2', fingerprint: 'f2' });
    for (const { ticket, history, effects } of [walk, other])
      await tickets.apply({ changes: [{ ticket, history, effects }] });
    const [first] = await outbox.claim('a', START, 1, 60_000);
    const mine = (await outbox.claim('b', START, 10, 60_000)).map((entry) => entry.ticket);
    expect(mine.length).toBeGreaterThan(0);
    expect(mine).not.toContain(first!.ticket);
    expect(await outbox.claim('c', START, 10, 60_000)).toEqual([]);
    await outbox.release('b');
    expect((await outbox.claim('c', START, 10, 60_000)).map((entry) => entry.ticket)).toEqual(mine);
    // What `a` did not do in its time is anybody's.
    await outbox.done([first!.key], START + 1);
    const late = await outbox.claim('d', START + 60_000, 10, 60_000);
    expect(new Set(late.map((entry) => entry.ticket))).toEqual(new Set(['TW-1', 'TW-2']));
    expect(late.map((entry) => entry.key)).not.toContain(first!.key);
  });

  it('the lead has one holder, who keeps it, gives it up, or loses it by silence', async () => {
    const board = createWorkerBoard(await open());
    expect(await board.lead('a', START, 10)).toBe(true);
    expect(await board.lead('b', START + 5, 10)).toBe(false);
    expect(await board.lead('a', START + 8, 10)).toBe(true);
    expect(await board.lead('b', START + 12, 10)).toBe(false);
    expect(await board.lead('b', START + 18, 10)).toBe(true);
    await board.leave('a');
    expect(await board.lead('a', START + 20, 10)).toBe(false);
    await board.leave('b');
    expect(await board.lead('a', START + 20, 10)).toBe(true);
    const both = await Promise.all(['x', 'y', 'z'].map((worker) => board.lead(worker, START + 100, 10)));
    expect(both.filter(Boolean)).toHaveLength(1);
  });

  it('faults written from stale knowledge are refused whole', async () => {
    const tickets = createTicketRepository(await open());
    const { ticket, history } = new Walk();
    const record = (at: number) =>
      ({ tenant: TENANT, fingerprint: 'f', standing: true, updatedAt: at, finding: finding() }) as never;
    expect(await tickets.apply({ changes: [], incidents: [record(1)], incidentsSeen: 0 })).toBe(1);
    const stale = tickets.apply({
      changes: [{ ticket, history, effects: [] }],
      incidents: [record(2)],
      incidentsSeen: 0,
    });
    await expect(stale).rejects.toMatchObject({ code: 'ticket.conflict', retryable: true });
    expect(await tickets.get(TENANT, 'TW-1')).toBeUndefined();
    expect(await tickets.incidentsSince(0)).toMatchObject({ rev: 1, records: [{ updatedAt: 1 }] });
    expect(await tickets.apply({ changes: [], incidents: [record(3)], incidentsSeen: 1 })).toBe(2);
    expect((await tickets.incidentsSince(1)).records).toHaveLength(1);
    expect(await tickets.incidentsSince(2)).toEqual({ rev: 2, records: [] });
  });
});
