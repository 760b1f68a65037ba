import { describe, expect, it } from 'vitest';
import { dueEvent } from '../../alerts/core/due.ts';
import { firstAidFor } from '../../alerts/core/first-aid.ts';
import { DEFAULT_POLICY } from '../../alerts/core/policy.ts';
import { reportTold } from '../../alerts/core/reports.ts';
import { story } from '../../alerts/core/story.ts';
import { DAY, HOUR, START, Walk } from './ticket-world.ts';

/** Walks to the acceptance test of a repair at the store. */
function repaired(): Walk {
  return new Walk()
    .take('start_diagnosis')
    .take('diagnose')
    .take({ type: 'decide', method: 'onsite' })
    .take('assign')
    .take('book', 'provider')
    .wait(2 * DAY)
    .take('start_repair', 'provider')
    .take('use_part', 'provider')
    .take('add_labour', 'provider')
    .take('finish_repair', 'provider');
}

function accepted(walk: Walk): Walk {
  return walk
    .take({ type: 'finding_cleared', at: walk.now }, 'system')
    .take('self_test_result', 'system')
    .wait(DAY)
    .take('telemetry_healthy', 'system');
}

describe('from fault to archive', () => {
  it('1. Report: the platform, the merchant or an operator reports; the fault report holds what is known', () => {
    const platform = new Walk();
    expect(platform.ticket).toMatchObject({
      state: 'reported',
      source: 'finding',
      report: { serial: 'A-100', model: 'P400', boughtOn: '2025-03-01' },
    });
    const told = reportTold(
      {
        symptom: '打印不清',
        beganAt: START,
        frequency: 'daily',
        stepsTried: ['restart'],
        contact: '138…',
        language: 'zh',
      },
      {
        vendor: 'Acme',
        model: 'P400',
        serial: 'A-100',
        boughtOn: '2025-03-01',
        warrantyUntil: '2027-03-01',
        merchant: 'Noodles',
        contact: null,
      },
    );
    expect(told).toEqual({
      merchant: 'Noodles',
      vendor: 'Acme',
      model: 'P400',
      serial: 'A-100',
      boughtOn: '2025-03-01',
      warrantyUntil: '2027-03-01',
      symptom: '打印不清',
      beganAt: START,
      frequency: 'daily',
      stepsTried: ['restart'],
      contact: '138…',
      language: 'zh',
    });
    const merchant = new Walk({ source: 'merchant', finding: undefined, fingerprint: null });
    merchant.take('attach_file', 'merchant');
    expect(merchant.ticket.attachments).toMatchObject([{ name: 'photo.jpg' }]);
    expect(merchant.notices()).toContain('report_received');
  });

  it('2. First aid: a guided list for the symptom, each step with its result, so that nobody repeats it', () => {
    const steps = firstAidFor({ component: null, mode: null, symptom: '小票打印不清楚' }, ['restart']);
    expect(steps.map((step) => step.step)).toEqual(['paper', 'jam', 'clean_head', 'update']);
    const walk = new Walk({ source: 'merchant' });
    expect(walk.refusal({ type: 'start_diagnosis' })).toMatch(/first aid comes first/);
    walk.take('start_first_aid', 'merchant').take('first_aid_step', 'merchant');
    expect(walk.refusal('first_aid_step')).toMatch(/tried already/);
    walk.take({ type: 'first_aid_step', step: 'clean_head', result: 'helped' }, 'merchant');
    expect(walk.ticket).toMatchObject({ state: 'testing', decision: { method: 'phone' } });
    expect(walk.ticket.firstAid.map((step) => [step.step, step.result])).toEqual([
      ['restart', 'no_change'],
      ['clean_head', 'helped'],
    ]);
  });

  it('3. Remote diagnosis: self-test and log are asked for and attached; cause class, component and mode are set', () => {
    const walk = new Walk().take('start_diagnosis');
    expect(walk.commands()).toEqual(['self_test', 'self_test', 'collect_log']);
    walk.take({ type: 'self_test_result', result: 'fail', checks: { print_head: 'fail' } }, 'system').take('diagnose');
    expect(walk.ticket).toMatchObject({
      state: 'decision',
      diagnosis: { causeClass: 'hardware', component: 'printer', mode: 'head_wear' },
      selfTests: [{ result: 'fail' }],
      finding: { evidence: [{ metric: 'printer.dead_dots' }] },
    });
  });

  it('4. Decision: in warranty and not human damage is free; human damage or out of warranty is quoted and needs consent before work', () => {
    const decide = (walk: Walk) => walk.take('start_diagnosis').take('diagnose');
    const free = decide(new Walk()).take({ type: 'decide', method: 'onsite' });
    expect(free.ticket).toMatchObject({ state: 'preparation', decision: { charge: 'free' } });
    const dropped = decide(new Walk()).take({ type: 'decide', method: 'mail_in', humanDamage: 'dropped' });
    expect(dropped.ticket).toMatchObject({
      state: 'quote',
      decision: { charge: 'quote', why: 'human damage (dropped) is not covered' },
    });
    expect(dropped.refusal('start_repair')).toMatch(/does not fit/);
    expect(
      dropped.refusal({ type: 'send_quote', amount: 5, currency: 'CNY', items: [{ text: 'a', amount: 4 }] }),
    ).toMatch(/add up/);
    dropped.take('send_quote');
    expect(dropped.ticket).toMatchObject({ state: 'consent', waitingFor: 'merchant' });
    expect(dropped.wait(15 * DAY).refusal('consent', 'merchant')).toMatch(/no longer valid/);
    dropped.take('send_quote').take('consent', 'merchant');
    expect(dropped.ticket).toMatchObject({ state: 'preparation', quote: { consent: { given: true, by: 'merchant' } } });
    const old = new Walk();
    old.ticket = { ...old.ticket, report: { ...old.ticket.report!, warrantyUntil: '2025-12-31' } };
    decide(old).take({ type: 'decide', method: 'onsite' });
    expect(old.ticket.decision).toMatchObject({ charge: 'quote', why: 'the warranty ended on 2025-12-31' });
    old.take('send_quote').take('refuse_quote', 'merchant');
    expect(old.ticket.state).toBe('decision');
  });

  it('5. Estimate: an ETA is promised at once, 1–2 days for simple faults and 3–7 for complex ones, and revised', () => {
    const complex = new Walk();
    expect(complex.ticket.eta).toMatchObject({ earliestAt: START + 3 * DAY, latestAt: START + 7 * DAY });
    const simple = new Walk({ mode: 'paper_feed' });
    expect(simple.ticket.eta).toMatchObject({ earliestAt: START + DAY, latestAt: START + 2 * DAY });
    simple.take('start_diagnosis').take('diagnose').take({ type: 'decide', method: 'mail_in' });
    expect(simple.ticket.eta!.reasons).toContain('shipping both ways');
    const before = simple.ticket.eta!.dueAt;
    simple.take({ type: 'order_part', part: 'roller', quantity: 1, expectedAt: START + 10 * DAY }, 'system');
    expect(simple.ticket.eta!.dueAt).toBeGreaterThan(before);
    expect(simple.ticket.estimates.length).toBeGreaterThan(2);
  });

  it('6. Spare terminal: a loaner is reserved, delivered, bound to the merchant for the loan, and taken back', () => {
    const walk = new Walk().take('start_diagnosis').take('diagnose').take({ type: 'decide', method: 'mail_in' });
    walk.take('reserve_loan');
    expect(walk.refusal({ type: 'reserve_loan', asset: 'SP-9' })).toMatch(/already set aside/);
    walk.take('deliver_loan').take('return_loan');
    expect(walk.assets()).toEqual(['reserve', 'lend', 'take_back']);
    expect(walk.ticket.loan).toMatchObject({ asset: 'SP-1', state: 'returned' });
  });

  it('7. Data: no device leaves the store before its backup is recorded; restore is recorded after', () => {
    const walk = new Walk().take('start_diagnosis').take('diagnose').take({ type: 'decide', method: 'mail_in' });
    expect(walk.refusal('ship')).toBe('no device leaves the store before its backup is recorded');
    expect(walk.refusal({ type: 'record_backup', settings: true, transactionsUploaded: false })).toMatch(
      /transactions uploaded/,
    );
    walk.take('record_backup').take('ship').take('received').take('start_repair').take('finish_repair');
    accepted(walk);
    expect(walk.ticket.state).toBe('handover');
    expect(walk.refusal('close')).toMatch(/restore of its data is not recorded/);
  });

  it('8. Repair: appointment, progress the merchant can follow, parts with serials, labour, cost, shipping legs with packing', () => {
    const walk = repaired();
    expect(walk.ticket.appointment).toMatchObject({ place: 'store', technician: 'tom' });
    expect(walk.ticket.parts).toMatchObject([{ part: 'head-58', serial: 'H-77', removedSerial: 'H-12', cost: 9_000 }]);
    expect(walk.ticket.labour).toMatchObject([{ minutes: 40 }]);
    expect(walk.notices()).toEqual(expect.arrayContaining(['appointment', 'repair_started']));
    const mail = new Walk()
      .take('start_diagnosis')
      .take('diagnose')
      .take({ type: 'decide', method: 'mail_in' })
      .take('record_backup');
    expect(mail.refusal('start_repair')).toMatch(/has not arrived/);
    mail.take('ship').take('progress');
    expect(mail.ticket.shipping).toMatchObject([{ tracking: 'SF100', accessories: ['charger'], receivedAt: null }]);
    expect(mail.notices()).toContain('progress');
  });

  it('9. Acceptance: a passed self-test and healthy telemetry over the set time, or back to repair by itself', () => {
    const failing = repaired().take(
      { type: 'self_test_result', result: 'fail', checks: { print_head: 'fail' } },
      'system',
    );
    expect(failing.ticket.state).toBe('repair');
    const returning = repaired().take('finding_cleared', 'system').take('finding_changed', 'system');
    expect(returning.ticket.state).toBe('repair');
    const standing = repaired().wait(DAY);
    // The finding never cleared: when the time is over the ticket goes back by itself.
    expect(dueEvent(standing.ticket, standing.now, DEFAULT_POLICY)).toEqual({ type: 'telemetry_unhealthy' });
    const well = repaired().take('finding_cleared', 'system').take('self_test_result', 'system');
    expect(well.refusal('telemetry_healthy', 'system')).toMatch(/not over yet/);
    well.wait(DAY).take('telemetry_healthy', 'system');
    expect(well.ticket.state).toBe('handover');
    well.take('sign_acceptance', 'merchant');
    expect(well.ticket).toMatchObject({ state: 'closed', acceptance: { signedBy: 'Mrs Li', attempts: 1 } });
  });

  it('11. Training: when a terminal of another model is handed over, a training record is asked for', () => {
    const walk = new Walk()
      .take('start_diagnosis')
      .take('diagnose')
      .take({ type: 'decide', method: 'replacement' })
      .take('record_backup');
    walk.take('start_repair').take('replace_device').take('finish_repair');
    accepted(walk).take('sign_acceptance').take('record_restore');
    expect(walk.refusal('close')).toMatch(/training record is missing/);
    walk.take('record_training');
    expect(walk.ticket).toMatchObject({ state: 'closed', training: { who: 'Mrs Li' } });
  });

  it('12. Follow-up: a return visit is scheduled after closing; the merchant rates; a bad mark reopens', () => {
    const walk = accepted(repaired()).take('sign_acceptance', 'merchant');
    expect(walk.ticket.followUpAt).toBe(walk.now + 7 * DAY);
    walk
      .wait(7 * DAY)
      .take('follow_up_due', 'system')
      .take('follow_up_done', 'operations');
    expect(walk.notices()).toContain('rate');
    walk.take({ type: 'rate', attitude: 5, speed: 2, result: 1 }, 'merchant');
    expect(walk.ticket).toMatchObject({ state: 'diagnosis', open: true, reopened: 1, feedback: null });
  });

  it('13. Archive: the whole history stays, and the outcome goes to the predictions', () => {
    const walk = accepted(repaired()).take('record_outcome', 'provider').take('sign_acceptance', 'merchant');
    walk
      .wait(7 * DAY)
      .take('follow_up_due', 'system')
      .take('rate', 'merchant');
    expect(walk.ticket.state).toBe('archived');
    expect(walk.effects.filter((effect) => effect.kind === 'outcome')).toMatchObject([
      { payload: { wasFailing: true, part: 'head-58', fingerprint: 'demo/terminal/T-1/printer/head_wear' } },
    ]);
    const text = story(walk.ticket, walk.history, 'Asia/Shanghai');
    expect(text.split('\n')[0]).toBe('TW-1  Print head wearing out: T-1');
    expect(text).toContain('Monday, 5 January 2026');
    expect(text).toContain('16:00 The platform reported Print head wearing out: T-1: 60 % within 72 hours.');
    expect(text).toMatch(/provider: 1 × head-58 fitted \(serial H-77\)/);
  });
});

describe('special cases', () => {
  it('Lost or stolen: locked at once, credentials refused, police report kept, replacement started; found again → unlock after a test', () => {
    const walk = new Walk().take('report_lost', 'merchant');
    expect(walk.ticket).toMatchObject({
      state: 'lost',
      lost: { how: 'stolen', policeReport: 'P-1' },
      decision: { method: 'replacement' },
    });
    expect(walk.effects.filter((effect) => effect.kind === 'credentials')).toMatchObject([
      { payload: { action: 'lock' } },
    ]);
    expect(walk.commands()).toContain('lock');
    expect(walk.assets()).toContain('find_replacement');
    walk.take('police_report', 'merchant').take('found');
    walk.take({ type: 'self_test_result', result: 'fail', checks: {} }, 'system');
    expect(walk.commands()).not.toContain('unlock');
    walk.take('self_test_result', 'system');
    expect(walk.commands()).toContain('unlock');
    expect(walk.ticket).toMatchObject({ state: 'handover', lost: { policeReport: 'P-2' } });
  });

  it('Deactivation: application → review → approval or refusal with reason → backup → lock at the set time → watch → reactivation after a test and notice', () => {
    const deactivation = {
      reason: 'breach',
      applicant: 'olga',
      contact: null,
      plannedFrom: START + 3 * DAY,
      plannedTo: null,
      reviewedBy: null,
      refusal: null,
      lockedAt: null,
      openSettlements: null,
      openComplaints: null,
      noticeAt: null,
    } as const;
    const make = () => new Walk({ kind: 'deactivation', source: 'operator', finding: undefined, deactivation });
    const walk = make();
    expect(walk.refusal('approve', 'operations', 'olga')).toMatch(/of their own/);
    expect(make().refusal({ type: 'refuse' })).toMatch(/needs a reason/);
    expect(make().take('refuse').ticket).toMatchObject({
      state: 'cancelled',
      deactivation: { refusal: 'no ground for it' },
    });
    walk.take('approve');
    expect(walk.refusal('lock', 'system')).toMatch(/backup/);
    walk.take('record_backup');
    expect(walk.refusal('lock', 'system')).toMatch(/set time/);
    walk.wait(3 * DAY);
    expect(dueEvent(walk.ticket, walk.now, DEFAULT_POLICY)).toEqual({ type: 'lock' });
    walk.take('lock', 'system').take({ type: 'watch', openSettlements: 2, openComplaints: 1 });
    expect(walk.refusal('retire')).toMatch(/settlements are still open/);
    walk.take('request_reactivation', 'merchant');
    expect(walk.refusal('reactivate')).toMatch(/not passed its test/);
    walk.take('self_test_result', 'system');
    expect(walk.refusal('reactivate')).toMatch(/not been told/);
    walk.take('give_notice');
    expect(walk.refusal('reactivate')).toMatch(/too fresh/);
    walk.wait(DAY).take('record_restore').take('reactivate');
    expect(walk.ticket.state).toBe('closed');
    expect(walk.commands()).toEqual(['lock', 'self_test', 'unlock']);
  });

  it('Complaint or escalation: to another provider or to the operator, with the evidence', () => {
    const walk = repaired().take('complain', 'merchant').take('attach_file').take('escalate');
    expect(walk.ticket).toMatchObject({
      provider: 'bestfix',
      complaints: [{ text: 'Nobody came.', escalatedTo: 'bestfix' }],
    });
    expect(walk.effects.find((effect) => effect.payload.template === 'escalated')?.payload.evidence).toEqual(['f1']);
    walk.take({ type: 'escalate', to: 'operator', why: 'nor did they' });
    expect(walk.ticket).toMatchObject({ provider: null, waitingFor: 'platform' });
    walk.take('settle_complaint');
    expect(walk.ticket.complaints[0]?.settledAt).toBe(walk.now);
  });
});

describe('service levels', () => {
  it('clocks pause while waiting for the merchant, and a breach is seen before it happens', () => {
    const walk = new Walk();
    expect(dueEvent(walk.ticket, START + 6 * HOUR, DEFAULT_POLICY)).toEqual({
      type: 'clock_warning',
      clock: 'response',
    });
    walk.wait(HOUR).take('start_diagnosis');
    expect(walk.ticket.clocks[0]).toMatchObject({ kind: 'response', metAt: START + HOUR });
    walk.take('wait_for_merchant');
    walk.wait(10 * DAY);
    expect(dueEvent(walk.ticket, walk.now, DEFAULT_POLICY)?.type).not.toBe('clock_breach');
    walk.take({ type: 'comment', text: 'counter two' }, 'merchant');
    expect(walk.ticket).toMatchObject({ awaitingMerchant: false });
    expect(walk.ticket.clocks[1]).toMatchObject({ kind: 'repair', pausedMs: 10 * DAY, pausedSince: null });
    // The estimate made at the beginning is long past: it is revised first.
    expect(dueEvent(walk.ticket, walk.now, DEFAULT_POLICY)?.type).toBe('revise_estimate');
    walk.take({ type: 'revise_estimate' }, 'system').wait(54 * HOUR);
    expect(dueEvent(walk.ticket, walk.now, DEFAULT_POLICY)).toEqual({ type: 'clock_warning', clock: 'repair' });
    walk.take({ type: 'clock_warning', clock: 'repair' }, 'system').wait(DAY);
    expect(walk.notices()).toContain('clock_warning');
    expect(dueEvent(walk.ticket, walk.now, DEFAULT_POLICY)).toEqual({ type: 'clock_breach', clock: 'repair' });
  });
});
