import { expect, it } from 'vitest';
import type { TicketEvent } from '../../alerts/core/ticket-events.ts';
import type { Finding } from '../../contract/findings.ts';
import type { HistoryEntry, Ticket, TicketState } from '../../contract/tickets.ts';
import { openRelational } from '../../store/relational/open.ts';
import { type AlertsRoom, DAY, facts, finding, HOUR, START, startAlertsRoom, TENANT } from '../support/alerts-room.ts';

const STEP = 8 * HOUR;
const FAULTS = [
  ['printer', 'head_wear'],
  ['battery', 'capacity_fade'],
  ['network', 'sim_wear'],
  ['reader', 'tap_fault'],
  ['printer', 'paper_feed'],
] as const;
const METHODS = ['onsite', 'mail_in', 'replacement', 'remote', 'phone'] as const;

interface Move {
  readonly who: 'staff' | 'provider' | 'merchant';
  readonly event: TicketEvent;
}

/** What the people of a service desk would do next with a ticket: nothing clever, one step a visit. */
function nextMove(ticket: Ticket, history: readonly HistoryEntry[], now: number): Move | undefined {
  const n = Number(ticket.id.slice(3));
  const staff = (event: TicketEvent): Move => ({ who: 'staff', event });
  const provider = (event: TicketEvent): Move => ({ who: ticket.provider ? 'provider' : 'staff', event });
  const merchant = (event: TicketEvent): Move => ({ who: 'merchant', event });
  const data = { settings: true, transactionsUploaded: true };
  const method = ticket.decision?.method;
  const seen = (event: string): boolean => history.some((entry) => entry.event === event);
  switch (ticket.state) {
    case 'reported':
      return ticket.source === 'merchant'
        ? merchant({ type: 'start_first_aid' })
        : staff({
            type: 'start_diagnosis',
            ...(ticket.source === 'checklist' ? { why: 'a technician found it' } : {}),
          });
    case 'first_aid':
      if (ticket.firstAid.length === 0)
        return merchant({ type: 'first_aid_step', step: 'restart', result: 'no_change' });
      if (n % 4 === 0) return merchant({ type: 'first_aid_step', step: 'clean_head', result: 'helped' });
      return staff({ type: 'start_diagnosis' });
    case 'diagnosis':
      if (!ticket.terminal && !seen('diagnose')) return staff({ type: 'diagnose', causeClass: 'network' });
      return staff({ type: 'diagnose', causeClass: ticket.component === 'network' ? 'network' : 'hardware' });
    case 'decision':
      return staff({
        type: 'decide',
        method: ticket.terminal ? (seen('refuse_quote') ? 'phone' : METHODS[n % METHODS.length]!) : 'remote',
        ...(n % 3 === 0 && !seen('refuse_quote') ? { humanDamage: 'dropped' as const } : {}),
      });
    case 'quote':
      return staff({
        type: 'send_quote',
        amount: 12_000,
        currency: 'CNY',
        items: [{ text: 'part and work', amount: 12_000 }],
      });
    case 'consent':
      return merchant(n % 9 === 0 ? { type: 'refuse_quote', why: 'too dear' } : { type: 'consent' });
    case 'preparation': {
      if (ticket.kind === 'maintenance') return provider({ type: 'start_repair' });
      if ((method === 'mail_in' || method === 'replacement') && !ticket.backup)
        return merchant({ type: 'record_backup', ...data });
      if (method === 'onsite' && !ticket.appointment)
        return provider({ type: 'book', from: now + DAY, to: now + DAY + HOUR, place: 'store', technician: 'tom' });
      if (method === 'mail_in') {
        if (!ticket.loan) return staff({ type: 'reserve_loan', asset: `SP-${n}` });
        if (ticket.loan.state === 'reserved') return provider({ type: 'deliver_loan' });
        const leg = ticket.shipping[0];
        if (!leg)
          return merchant({
            type: 'ship',
            direction: 'to_service',
            carrier: 'SF',
            tracking: `SF-${n}`,
            accessories: ['charger'],
          });
        if (leg.receivedAt === null) return provider({ type: 'received', tracking: leg.tracking });
        if (ticket.orders.length === 0)
          return provider({ type: 'order_part', part: 'head-58', quantity: 1, expectedAt: now + DAY });
        if (ticket.orders[0]!.arrivedAt === null) return provider({ type: 'part_arrived', part: 'head-58' });
      }
      return provider({ type: 'start_repair' });
    }
    case 'repair': {
      const unchecked = ticket.checklist.find((item) => item.result === null);
      if (unchecked)
        return provider({
          type: 'check_item',
          item: unchecked.item,
          result: unchecked.item === 'battery' ? 'failed' : 'ok',
        });
      if (!seen('progress')) return provider({ type: 'progress', note: 'Taken apart and cleaned.' });
      if (method === 'replacement' && !ticket.replacement)
        return provider({ type: 'replace_device', asset: `NEW-${n}`, model: n % 2 ? 'P500' : 'P400' });
      if (ticket.parts.length === 0)
        return provider({ type: 'use_part', part: 'head-58', quantity: 1, serial: `H-${n}`, cost: 8_000 });
      if (ticket.labour.length === 0) return provider({ type: 'add_labour', minutes: 30, cost: 2_000 });
      return provider({ type: 'finish_repair' });
    }
    case 'handover':
      if (ticket.backup && !ticket.restore) return provider({ type: 'record_restore', ...data });
      if (ticket.training?.needed && ticket.training.at === null)
        return provider({ type: 'record_training', who: 'the cashier', what: 'the new menu' });
      if (ticket.loan?.state === 'delivered') return provider({ type: 'return_loan' });
      if (method === 'mail_in' && !ticket.shipping.some((leg) => leg.direction === 'to_store')) {
        return provider({ type: 'ship', direction: 'to_store', carrier: 'SF', tracking: `SF-${n}-back` });
      }
      if (ticket.shipping.some((leg) => leg.receivedAt === null))
        return merchant({ type: 'received', tracking: `SF-${n}-back` });
      if (!ticket.outcome)
        return provider({ type: 'record_outcome', wasFailing: n % 8 !== 0, part: 'head-58', action: 'replaced' });
      return merchant({ type: 'sign_acceptance', by: 'Mrs Li' });
    case 'closed':
      return ticket.outcome ? undefined : provider({ type: 'record_outcome', wasFailing: true, action: 'configured' });
    case 'follow_up':
      if (ticket.reopened === 0 && n % 10 === 3) return merchant({ type: 'rate', attitude: 4, speed: 1, result: 1 });
      return merchant({ type: 'rate', attitude: 5, speed: 4, result: 5 });
    case 'lost':
      if (!ticket.lost?.policeReport) return merchant({ type: 'police_report', number: 'P-77' });
      return ticket.lost.foundAt === null ? merchant({ type: 'found' }) : undefined;
    case 'review':
      return staff({ type: 'approve' });
    case 'approved':
      return ticket.backup ? undefined : merchant({ type: 'record_backup', ...data });
    case 'deactivated':
      return ticket.deactivation?.openSettlements == null
        ? staff({ type: 'watch', openSettlements: 0, openComplaints: 0 })
        : merchant({ type: 'request_reactivation' });
    case 'reactivation':
      if (!ticket.deactivation?.noticeAt) return staff({ type: 'give_notice' });
      if (!ticket.restore) return staff({ type: 'record_restore', ...data });
      return now > ticket.deactivation.noticeAt + DAY && ticket.selfTests.at(-1)?.result === 'pass'
        ? staff({ type: 'reactivate' })
        : undefined;
    default:
      return undefined;
  }
}

async function answerCommands(room: AlertsRoom, answered: Set<string>): Promise<void> {
  for (const { terminal, command } of room.sent) {
    if (answered.has(command.id)) continue;
    answered.add(command.id);
    const pass = Number(terminal.slice(2)) % 7 !== 5 || answered.size % 2 === 0;
    await room.deps.feed.publish(0, [
      (() => {
        const payload = {
          ts: room.clock.now(),
          boot: 'b',
          seq: answered.size,
          id: command.id,
          ok: pass,
          data: { pass, checks: { print_head: pass ? 'pass' : 'fail' } },
        };
        return {
          tenant: TENANT,
          terminal,
          channel: 'result' as const,
          ts: room.clock.now(),
          receivedAt: room.clock.now(),
          boot: 'b',
          seq: answered.size,
          payload,
          raw: Buffer.from(JSON.stringify(payload)),
        };
      })(),
    ]);
  }
}

it('a quarter of a small fleet runs from prediction to archived ticket, every step of the procedure seen happening', {
  timeout: 300_000,
}, async () => {
  const relational = await openRelational({ url: 'sqlite::memory:' });
  await relational.migrate();
  const room = await startAlertsRoom(relational);
  await room.registry.putSite(
    { tenant: TENANT, site: 'S-1', name: 'Noodles', timezone: 'Asia/Shanghai', region: 'east' },
    START,
  );
  await room.call('PUT', '/providers/fixit', {
    name: 'Fixit',
    regions: ['east'],
    skills: ['*'],
    capacity: 50,
    minutesPerDay: 480,
    hours: Array(7).fill({ opens: 540, closes: 1080 }),
    timezone: 'Asia/Shanghai',
    technicians: [{ name: 'tom', skills: ['*'] }],
    people: ['tom'],
    contact: null,
    active: true,
  });
  const codes = new Map<string, string>();
  for (let i = 1; i <= 24; i++) {
    const terminal = `T-${i}`;
    room.facts.set(terminal, facts());
    // T-24 is due for its yearly check within the quarter.
    await room.announce(terminal, i === 24 ? START - 330 * DAY : START, {
      warranty_until: i % 5 === 0 ? '2025-06-01' : '2028-01-01',
    });
    codes.set(terminal, (await room.call<{ code: string }>('POST', `/terminals/${terminal}/merchant-code`)).body.code);
  }
  await room.job('alerts: learn from ended tickets');
  const standing = new Map<string, Finding>();
  const answered = new Set<string>();
  const events = new Set<string>();
  const states = new Set<TicketState>();
  const refused: string[] = [];
  let done = 0;
  for (let at = 0; at < 100 * DAY; at += STEP) {
    const tick = at / STEP;
    const now = room.clock.now();
    const news: Finding[] = [];
    if (tick % 6 === 0 && tick / 6 < 20) {
      const k = tick / 6;
      const [component, mode] = FAULTS[k % FAULTS.length]!;
      const fault = finding({
        subject: `T-${k + 1}`,
        component,
        mode,
        at: now,
        severity: k % 4 === 0 ? 'critical' : 'warning',
        failsAt: now + 9 * DAY,
      });
      standing.set(`T-${k + 1}`, fault);
      news.push(fault);
    }
    if (tick === 9) {
      const { body } = await room.raw<{ ticket: { id: string } }>('POST', `/merchant/${codes.get('T-21')}/reports`, {
        symptom: '打印不清楚',
        language: 'zh',
      });
      expect(body.ticket.id).toMatch(/^TW-/);
      await room.call('POST', '/reports/loss', { terminal: 'T-22', how: 'stolen' });
      await room.call('POST', '/reports/deactivation', {
        terminal: 'T-23',
        reason: 'upgrade',
        plannedFrom: now + 2 * DAY,
      });
    }
    if (tick % 30 === 9) await room.job('alerts: open checks that are due');
    if (news.length > 0) await room.deps.findings.state(news);
    await room.pass(STEP);
    await answerCommands(room, answered);
    const open = [
      ...(await room.deps.tickets.list(TENANT, { open: true, limit: 500 })).items,
      ...(await room.deps.tickets.list(TENANT, { state: ['closed', 'follow_up'], limit: 500 })).items,
    ];
    for (const { id } of open) {
      const found = (await room.deps.tickets.get(TENANT, id))!;
      states.add(found.ticket.state);
      const move = nextMove(found.ticket, found.history, room.clock.now());
      if (!move) continue;
      // The one who applied does not review; everybody else signs in as who they are.
      room.as(
        move.who === 'provider'
          ? { name: 'tom', role: 'provider' }
          : { name: move.event.type === 'approve' ? 'ann' : 'olga', role: 'operations' },
      );
      const answer =
        move.who === 'merchant' && found.ticket.terminal
          ? await room.raw<{ detail?: string }>(
              'POST',
              `/merchant/${codes.get(found.ticket.terminal)}/tickets/${id}/events`,
              { event: move.event },
            )
          : await room.call<{ detail?: string }>('POST', `/tickets/${id}/events`, { event: move.event });
      if (answer.status !== 200) refused.push(`${id} ${found.ticket.state} ${move.event.type}: ${answer.body.detail}`);
      // The part is changed: what the platform saw of it goes away.
      if (move.event.type === 'finish_repair' && found.ticket.terminal && standing.has(found.ticket.terminal)) {
        await room.deps.findings.state([
          { ...standing.get(found.ticket.terminal)!, at: room.clock.now(), state: 'cleared', probability: 0 },
        ]);
        standing.delete(found.ticket.terminal);
      }
    }
    room.as({});
  }
  const all = await room.deps.tickets.list(TENANT, { limit: 500, order: 'newest' });
  for (const { id } of all.items) {
    const { ticket, history } = (await room.deps.tickets.get(TENANT, id))!;
    for (const entry of history) {
      events.add(entry.event);
      states.add(entry.to);
    }
    expect(history.map((entry) => entry.index)).toEqual(history.map((_, i) => i + 1));
    if (ticket.state === 'archived') done += 1;
  }
  expect(refused).toEqual([]);
  expect(done).toBeGreaterThanOrEqual(20);
  const wanted =
    'opened start_first_aid first_aid_step start_diagnosis self_test_result diagnose decide send_quote consent refuse_quote reserve_loan deliver_loan return_loan record_backup book order_part part_arrived ship received start_repair progress use_part add_labour replace_device check_item finish_repair telemetry_healthy sign_acceptance record_restore record_training record_outcome follow_up_due rate assign finding_cleared police_report found approve lock watch request_reactivation give_notice reactivate clock_warning';
  expect(wanted.split(' ').filter((event) => !events.has(event))).toEqual([]);
  const ways: readonly TicketState[] = [
    'reported',
    'first_aid',
    'diagnosis',
    'decision',
    'quote',
    'consent',
    'preparation',
    'repair',
    'testing',
    'handover',
    'lost',
    'review',
    'approved',
    'deactivated',
    'reactivation',
    'closed',
    'follow_up',
    'archived',
  ];
  expect(ways.filter((state) => !states.has(state))).toEqual([]);
  const statistics = await room.get<{
    prevention: { avoided: number; judged: number };
    promises: { tickets: number };
    providers: { provider: string }[];
  }>('/statistics?days=120');
  expect(statistics.prevention.avoided).toBeGreaterThan(0);
  expect(statistics.promises.tickets).toBeGreaterThan(5);
  expect(statistics.providers).toMatchObject([{ provider: 'fixit' }]);
  const told = await Promise.all(
    all.items.map((ticket) => room.get<string>(`/tickets/${ticket.id}/story?timezone=Asia/Shanghai`)),
  );
  const longest = told
    .filter((text) => text.includes('The platform reported'))
    .toSorted((a, b) => b.length - a.length)[0]!;
  for (const words of ['The platform reported', 'Decided:', 'the acceptance test began', 'rated', 'Archived.'])
    expect(longest).toContain(words);
  await room.stop();
  await relational.close();
});
