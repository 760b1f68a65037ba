import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { step } from '../../alerts/core/machine.ts';
import type { ActorRole } from '../../alerts/core/row.ts';
import { EVENT_NAMES, type EventType, type TicketEvent } from '../../alerts/core/ticket-events.ts';
import { ROLES } from '../../contract/principal.ts';
import { isOpenState, TICKET_STATES, type Ticket, type TicketState } from '../../contract/tickets.ts';
import { context, DAY, SAMPLES, START, Walk } from './ticket-world.ts';

const ALWAYS = 'comment attach_file settle_complaint command_result external_state detach';
const WHILE_OPEN =
  'hand_over assign set_severity wait_for_merchant resume command clock_warning clock_breach attach_to';
const WHILE_ACTIVE = `${WHILE_OPEN} revise_estimate complain escalate report_lost finding_changed finding_cleared add_report link_finding`;

/** Written by hand from the procedure, not from the code: what each state listens to. */
const LISTENS: Record<TicketState, string> = {
  reported: `${ALWAYS} ${WHILE_ACTIVE} start_first_aid start_diagnosis diagnose self_test_result reserve_loan cancel`,
  first_aid: `${ALWAYS} ${WHILE_ACTIVE} first_aid_step start_diagnosis diagnose self_test_result reserve_loan cancel`,
  diagnosis: `${ALWAYS} ${WHILE_ACTIVE} diagnose self_test_result reserve_loan cancel`,
  decision: `${ALWAYS} ${WHILE_ACTIVE} diagnose decide self_test_result reserve_loan record_backup order_part part_arrived close cancel`,
  quote: `${ALWAYS} ${WHILE_ACTIVE} decide send_quote self_test_result reserve_loan record_backup order_part part_arrived cancel`,
  consent: `${ALWAYS} ${WHILE_ACTIVE} decide send_quote consent refuse_quote self_test_result reserve_loan record_backup order_part part_arrived cancel`,
  preparation: `${ALWAYS} ${WHILE_ACTIVE} diagnose decide self_test_result reserve_loan deliver_loan return_loan record_backup book order_part part_arrived ship received start_repair progress add_labour replace_device check_item finish_repair close cancel`,
  repair: `${ALWAYS} ${WHILE_ACTIVE} diagnose self_test_result reserve_loan deliver_loan return_loan record_backup book order_part part_arrived ship received progress use_part add_labour replace_device check_item finish_repair record_restore record_training record_outcome close`,
  testing: `${ALWAYS} ${WHILE_ACTIVE} self_test_result return_loan ship received add_labour telemetry_healthy telemetry_unhealthy sign_acceptance record_restore record_training record_outcome`,
  handover: `${ALWAYS} ${WHILE_ACTIVE} self_test_result return_loan ship received add_labour sign_acceptance record_restore record_training record_outcome close`,
  lost: `${ALWAYS} ${WHILE_OPEN} self_test_result replace_device police_report found close retire complain finding_changed finding_cleared`,
  review: `${ALWAYS} ${WHILE_OPEN} approve refuse cancel`,
  approved: `${ALWAYS} ${WHILE_OPEN} record_backup lock cancel`,
  deactivated: `${ALWAYS} ${WHILE_OPEN} watch request_reactivation close retire`,
  reactivation: `${ALWAYS} ${WHILE_OPEN} self_test_result record_restore give_notice reactivate close`,
  closed: `${ALWAYS} finding_changed record_training record_outcome plan_follow_up follow_up_due follow_up_done rate archive reopen complain police_report`,
  follow_up: `${ALWAYS} finding_changed record_training record_outcome follow_up_done rate archive reopen complain police_report`,
  archived: 'record_outcome detach',
  cancelled: `${ALWAYS} archive reopen`,
};

/** Who may send it: o operations, a administrator, p provider, m merchant, s the platform. Auditors send nothing. */
const MAY: Record<EventType, string> = {
  start_first_aid: 'oapm',
  first_aid_step: 'oapm',
  start_diagnosis: 'oaps',
  self_test_result: 'oaps',
  diagnose: 'oaps',
  decide: 'oa',
  send_quote: 'oap',
  consent: 'oam',
  refuse_quote: 'oam',
  revise_estimate: 'oaps',
  reserve_loan: 'oa',
  deliver_loan: 'oap',
  return_loan: 'oap',
  record_backup: 'oapm',
  book: 'oaps',
  order_part: 'oaps',
  part_arrived: 'oaps',
  ship: 'oapm',
  received: 'oapm',
  start_repair: 'oaps',
  progress: 'oaps',
  use_part: 'oap',
  add_labour: 'oap',
  replace_device: 'oap',
  check_item: 'oap',
  finish_repair: 'oap',
  telemetry_healthy: 's',
  telemetry_unhealthy: 's',
  sign_acceptance: 'oapm',
  record_restore: 'oapm',
  record_training: 'oap',
  record_outcome: 'oaps',
  close: 'oa',
  plan_follow_up: 'oap',
  follow_up_due: 's',
  follow_up_done: 'oap',
  rate: 'oam',
  archive: 'oas',
  cancel: 'oam',
  reopen: 'oams',
  finding_changed: 's',
  finding_cleared: 's',
  add_report: 'oapm',
  link_finding: 's',
  attach_to: 'oas',
  detach: 'oas',
  assign: 'oas',
  comment: 'oapm',
  attach_file: 'oapms',
  set_severity: 'oa',
  wait_for_merchant: 'oap',
  resume: 'oapms',
  command: 'oaps',
  command_result: 's',
  complain: 'oam',
  escalate: 'oas',
  settle_complaint: 'oa',
  clock_warning: 's',
  clock_breach: 's',
  hand_over: 'oas',
  external_state: 'oas',
  report_lost: 'oam',
  police_report: 'oam',
  found: 'oam',
  approve: 'oa',
  refuse: 'oa',
  lock: 'oas',
  watch: 'oaps',
  request_reactivation: 'oam',
  give_notice: 'oa',
  reactivate: 'oa',
  retire: 'oa',
};

const LETTER: Record<ActorRole, string> = {
  operations: 'o',
  administrator: 'a',
  provider: 'p',
  merchant: 'm',
  auditor: '-',
  system: 's',
};
const ALL_ROLES: readonly ActorRole[] = [...ROLES, 'system'];

function ticketIn(state: TicketState): Ticket {
  const base = new Walk().ticket;
  return {
    ...base,
    state,
    open: isOpenState(state),
    provider: 'fixit',
    closedAt: isOpenState(state) ? null : START,
    followUpAt: isOpenState(state) ? null : START + 7 * DAY,
    finding: base.finding && { ...base.finding, standing: false },
    acceptance:
      state === 'testing' || state === 'handover'
        ? {
            startedAt: START,
            healthyForMs: DAY,
            healthyAt: null,
            selfTest: null,
            signedBy: null,
            signedAt: null,
            attempts: 1,
          }
        : null,
  };
}

function roleFor(event: EventType): ActorRole {
  return ALL_ROLES.find((role) => MAY[event].includes(LETTER[role]))!;
}

describe('the ticket machine, every state × every event', () => {
  for (const state of TICKET_STATES) {
    it(`${state} listens to what the procedure says, and to nothing else`, () => {
      const heard = EVENT_NAMES.filter((event) => {
        const result = step(ticketIn(state), SAMPLES[event] as TicketEvent, context(START + DAY, roleFor(event)));
        return result.ok || result.code !== 'state';
      });
      expect(heard.toSorted()).toEqual([...new Set(LISTENS[state].split(' '))].toSorted());
    });
  }
});

describe('who may do what', () => {
  for (const event of EVENT_NAMES) {
    it(`${event}: ${MAY[event]}`, () => {
      const allowed = ALL_ROLES.filter((role) =>
        TICKET_STATES.some((state) => {
          const result = step(ticketIn(state), SAMPLES[event] as TicketEvent, context(START + DAY, role));
          return result.ok || result.code !== 'role';
        }),
      );
      expect(allowed.map((role) => LETTER[role]).toSorted()).toEqual([...MAY[event]].toSorted());
    });
  }

  it("a provider's person may do nothing on a ticket of another organisation", () => {
    const ticket = { ...ticketIn('repair'), provider: 'bestfix' };
    expect(step(ticket, SAMPLES.progress, context(START, 'provider'))).toMatchObject({ ok: false, code: 'role' });
  });
});

describe('whatever happens to a ticket', () => {
  const anyStep = fc.record({
    event: fc.constantFrom(...EVENT_NAMES),
    wait: fc.integer({ min: 0, max: 3 * DAY }),
  });

  it('its version rises by one, its history has no hole, its effects have keys of their own, and an end is an end', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const walk = new Walk();
        for (const { event, wait } of steps) {
          walk.wait(wait);
          const before = walk.ticket;
          const result = walk.try(event, roleFor(event));
          if (!result.ok) continue;
          walk.take(event, roleFor(event));
          expect(walk.ticket.version).toBe(before.version + 1);
          expect(walk.ticket.open).toBe(isOpenState(walk.ticket.state));
          expect(walk.ticket.closedAt === null || !walk.ticket.open || walk.ticket.reopened > 0).toBe(true);
          expect(before.state === 'archived' && walk.ticket.state !== 'archived').toBe(false);
          for (const clock of walk.ticket.clocks) expect(clock.pausedMs).toBeGreaterThanOrEqual(0);
        }
        expect(walk.history.map((entry) => entry.index)).toEqual(walk.history.map((_, i) => i + 1));
        const keys = walk.effects.map((effect) => effect.key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});
