import type { SelfTest } from '../../../contract/ticket-parts.ts';
import type { Ticket } from '../../../contract/tickets.ts';
import { beginTesting, sendBack, testPassed } from '../acceptance.ts';
import { ACTIVE, command, EVERYBODY, notify, type Rows, WORKERS, WORKERS_AND_SYSTEM } from '../row.ts';

type Events = 'add_report' | 'start_first_aid' | 'first_aid_step' | 'start_diagnosis' | 'self_test_result' | 'diagnose';

function describe(test: SelfTest): string {
  const failed = Object.entries(test.checks)
    .filter(([, result]) => result !== 'pass')
    .map(([name]) => name);
  if (test.result === 'no_answer') return 'The terminal did not answer the self-test.';
  if (test.result === 'pass') return 'The self-test passed.';
  return failed.length ? `The self-test failed: ${failed.join(', ')}.` : 'The self-test failed.';
}

/** Steps 1 to 3 of the procedure: report, first aid, remote diagnosis. */
export const REPORT_ROWS: Rows<Events> = {
  add_report: {
    from: ACTIVE,
    roles: EVERYBODY,
    guard: (ticket) =>
      (ticket.reports?.length ?? 0) >= 20 ? 'it has been reported twenty times: write a comment' : undefined,
    run: (ticket, event, { now, actor }) => {
      const first = (ticket.reports?.length ?? 0) === 0 && ticket.source === 'finding';
      const reports = [
        ...(ticket.reports ?? []),
        { at: now, by: actor.name, symptom: event.symptom, contact: event.contact ?? null },
      ];
      const { report } = ticket;
      const merged = report && {
        ...report,
        contact: event.contact ?? report.contact,
        stepsTried: [...new Set([...report.stepsTried, ...(event.stepsTried ?? [])])],
        // The platform's own report speaks English until it is known what the merchant speaks.
        language: first ? (event.language ?? report.language) : report.language,
      };
      return {
        patch: { reports, report: merged },
        text: `${actor.role === 'merchant' ? 'The merchant' : actor.name} reported it too: ${event.symptom}`,
        effects: [
          notify('reported_too', 'operator', { symptom: event.symptom }),
          ...(actor.role === 'merchant' ? [notify('report_received', 'merchant')] : []),
        ],
      };
    },
  },
  start_first_aid: {
    from: ['reported'],
    roles: [...WORKERS, 'merchant'],
    guard: (ticket) => (ticket.terminal ? undefined : 'first aid is for one terminal, not for a shared cause'),
    run: () => ({ to: 'first_aid', text: 'First aid began: the guided steps for the symptom.' }),
  },
  first_aid_step: {
    from: ['first_aid'],
    roles: [...WORKERS, 'merchant'],
    guard: (ticket, event) =>
      ticket.firstAid.some((done) => done.step === event.step) ? `"${event.step}" has been tried already` : undefined,
    run: (ticket, event, { now, actor, policy }) => {
      const firstAid = [
        ...ticket.firstAid,
        { step: event.step, result: event.result, note: event.note ?? null, at: now, by: actor.name },
      ];
      if (event.result !== 'helped') {
        const what = event.result === 'no_change' ? 'changed nothing' : 'could not be done';
        return { patch: { firstAid }, text: `First-aid step "${event.step}" ${what}.` };
      }
      return beginTesting(
        { ...ticket, firstAid },
        now,
        policy,
        {
          firstAid,
          decision: ticket.decision ?? {
            method: 'phone',
            humanDamage: 'none',
            charge: 'free',
            why: 'first aid helped',
            at: now,
            by: actor.name,
          },
        },
        `First-aid step "${event.step}" helped; the terminal is watched to see that it lasts.`,
      );
    },
  },
  start_diagnosis: {
    from: ['reported', 'first_aid'],
    roles: WORKERS_AND_SYSTEM,
    guard: (ticket, event) =>
      ticket.state === 'reported' && ticket.terminal && ticket.source !== 'finding' && !event.why
        ? 'first aid comes first: say why it is passed over'
        : undefined,
    run: (ticket) => ({
      to: 'diagnosis',
      text: ticket.terminal
        ? 'Remote diagnosis began: a self-test and the log were asked for.'
        : 'Remote diagnosis of the shared cause began.',
      effects: ticket.terminal ? [command('self_test'), command('collect_log')] : [],
    }),
  },
  self_test_result: {
    from: [
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
      'reactivation',
    ],
    roles: WORKERS_AND_SYSTEM,
    // An answer that is read twice from the journal is one answer.
    guard: (ticket, event) =>
      event.commandId &&
      ticket.selfTests.some((test) => test.commandId === event.commandId && test.result !== 'no_answer')
        ? 'this answer is recorded already'
        : undefined,
    run: (ticket, event, { now, policy }) => {
      const test: SelfTest = {
        at: event.at ?? now,
        result: event.result,
        checks: event.checks,
        commandId: event.commandId ?? null,
      };
      const selfTests = [...ticket.selfTests, test].slice(-20);
      const text = describe(test);
      if (ticket.state === 'testing' && ticket.acceptance) {
        const acceptance = { ...ticket.acceptance, selfTest: test };
        if (test.result === 'fail')
          return sendBack({ ...ticket, acceptance }, { selfTests }, `${text} Back to repair.`);
        return testPassed({ ...ticket, acceptance, selfTests }, now, policy, { selfTests }, text);
      }
      if (ticket.state === 'lost' && ticket.lost?.foundAt && test.result === 'pass') {
        return {
          to: 'handover',
          patch: { selfTests },
          text: `${text} The terminal that was found is unlocked.`,
          effects: [
            { kind: 'credentials', payload: { action: 'unlock' } },
            command('unlock'),
            notify('unlocked', 'merchant'),
          ],
        };
      }
      return { patch: { selfTests }, text };
    },
  },
  diagnose: {
    from: ['reported', 'first_aid', 'diagnosis', 'decision', 'preparation', 'repair'],
    roles: WORKERS_AND_SYSTEM,
    guard: (ticket) =>
      ticket.state === 'reported' && ticket.kind === 'fault'
        ? 'the diagnosis has not begun: start first aid or remote diagnosis'
        : undefined,
    run: (ticket, event, { now, actor }) => {
      const diagnosis = {
        causeClass: event.causeClass,
        component: event.component ?? ticket.component,
        mode: event.mode ?? ticket.mode,
        note: event.note ?? null,
        at: now,
        by: actor.name,
      };
      const part = diagnosis.component
        ? `, ${diagnosis.component}${diagnosis.mode ? ` (${diagnosis.mode.replaceAll('_', ' ')})` : ''}`
        : '';
      const later: readonly Ticket['state'][] = ['preparation', 'repair'];
      return {
        ...(later.includes(ticket.state) ? {} : { to: 'decision' as const }),
        patch: { diagnosis, component: diagnosis.component, mode: diagnosis.mode },
        text: `Cause: ${event.causeClass}${part}.`,
      };
    },
  },
};
