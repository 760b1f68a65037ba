import { ACTIVE, command, EVERYBODY, notify, OPEN, type Rows, STAFF, WORKERS, WORKERS_AND_SYSTEM } from '../row.ts';

type Events =
  | 'assign'
  | 'comment'
  | 'attach_file'
  | 'set_severity'
  | 'wait_for_merchant'
  | 'resume'
  | 'command'
  | 'command_result'
  | 'complain'
  | 'escalate'
  | 'settle_complaint'
  | 'clock_warning'
  | 'clock_breach'
  | 'hand_over'
  | 'external_state';

const UNARCHIVED = [...OPEN, 'closed', 'follow_up', 'cancelled'] as const;

/** What can happen at (nearly) any time: assignment, talk, commands, complaints, service levels, the outside tool. */
export const RUNNING_ROWS: Rows<Events> = {
  assign: {
    from: OPEN,
    roles: [...STAFF, 'system'],
    guard: (ticket, event) =>
      ticket.provider === event.provider && (event.technician ?? null) === ticket.technician
        ? 'it is assigned to them already'
        : undefined,
    run: (ticket, event) => ({
      patch: {
        provider: event.provider,
        technician: event.technician ?? null,
        assignment: {
          provider: event.provider,
          technician: event.technician ?? null,
          why: event.why ?? 'chosen by hand',
        },
      },
      text: `Assigned to ${event.provider}${event.technician ? ` (${event.technician})` : ''}.`,
      effects: [
        notify('assigned', 'provider', { provider: event.provider }),
        ...(ticket.provider && ticket.provider !== event.provider
          ? [notify('taken_away', 'provider', { provider: ticket.provider })]
          : []),
      ],
    }),
  },
  comment: {
    from: UNARCHIVED,
    roles: EVERYBODY,
    run: (_ticket, event, { actor }) => ({
      text: event.text,
      effects: actor.role === 'merchant' ? [notify('comment', 'operator')] : [],
    }),
  },
  attach_file: {
    from: UNARCHIVED,
    roles: [...EVERYBODY, 'system'],
    guard: (ticket, event, { actor }) => {
      if (ticket.attachments.length >= 50) return 'a ticket holds 50 files at the most';
      if (ticket.attachments.some((file) => file.id === event.id)) return 'this file is attached already';
      const theirs = ticket.attachments.filter((file) => file.by === actor.name).length;
      return actor.role === 'merchant' && theirs >= 10 ? 'ten files are enough: the desk has what it needs' : undefined;
    },
    run: (ticket, event, { now, actor }) => ({
      patch: {
        attachments: [
          ...ticket.attachments,
          { id: event.id, name: event.name, type: event.mediaType, bytes: event.bytes, at: now, by: actor.name },
        ],
      },
      text: `File attached: ${event.name}.`,
    }),
  },
  set_severity: {
    from: OPEN,
    roles: STAFF,
    guard: (ticket, event) => (ticket.severity === event.severity ? `it is ${event.severity} already` : undefined),
    run: (_ticket, event) => ({ patch: { severity: event.severity }, text: `Severity set to ${event.severity}.` }),
  },
  wait_for_merchant: {
    from: OPEN,
    roles: WORKERS,
    guard: (ticket, event) =>
      ticket.awaitingMerchant
        ? 'it waits for the merchant already'
        : event.why
          ? undefined
          : 'say what the merchant is asked for',
    run: (_ticket, event) => ({
      patch: { awaitingMerchant: true },
      text: 'Waiting for the merchant; the service clocks stand still.',
      effects: [notify('merchant_asked', 'merchant', { question: event.why })],
    }),
  },
  resume: {
    from: OPEN,
    roles: [...EVERYBODY, 'system'],
    guard: (ticket) => (ticket.awaitingMerchant ? undefined : 'it does not wait for the merchant'),
    run: () => ({ patch: { awaitingMerchant: false }, text: 'The merchant answered; the service clocks run again.' }),
  },
  command: {
    from: OPEN,
    roles: WORKERS_AND_SYSTEM,
    guard: (ticket, event, { actor }) => {
      if (!ticket.terminal) return 'a command is for one terminal';
      return actor.role === 'provider' && (event.name === 'lock' || event.name === 'unlock')
        ? 'locking is for operations'
        : undefined;
    },
    run: (_ticket, event) => ({
      text: `Command sent: ${event.name.replaceAll('_', ' ')}.`,
      effects: [command(event.name)],
    }),
  },
  command_result: {
    from: UNARCHIVED,
    roles: ['system'],
    run: (_ticket, event) => ({
      text: `${event.name.replaceAll('_', ' ')}: ${event.ok ? 'done' : 'failed'}${event.detail ? ` (${event.detail})` : ''}.`,
    }),
  },
  complain: {
    from: [...ACTIVE, 'closed', 'follow_up', 'lost'],
    roles: ['merchant', ...STAFF],
    run: (ticket, event, { now, actor }) => ({
      patch: {
        complaints: [
          ...ticket.complaints,
          {
            text: event.text,
            by: actor.name,
            at: now,
            escalatedTo: null,
            evidence: event.evidence ?? [],
            settledAt: null,
          },
        ],
      },
      text: `Complaint: ${event.text}`,
      effects: [notify('complaint', 'operator', { text: event.text })],
    }),
  },
  escalate: {
    from: ACTIVE,
    roles: [...STAFF, 'system'],
    guard: (ticket, event) => {
      if (event.to === ticket.provider) return `${event.to} has it already`;
      return event.why ? undefined : 'a reason is needed';
    },
    run: (ticket, event) => {
      const toOperator = event.to === 'operator';
      const index = ticket.complaints.findLastIndex((complaint) => complaint.settledAt === null);
      return {
        patch: {
          complaints: ticket.complaints.map((complaint, i) =>
            i === index ? { ...complaint, escalatedTo: event.to } : complaint,
          ),
          provider: toOperator ? null : event.to,
          technician: null,
          assignment: toOperator ? null : { provider: event.to, technician: null, why: `escalated: ${event.why}` },
        },
        text: `Escalated to ${toOperator ? 'the operator' : event.to}, with the evidence.`,
        effects: [
          notify('escalated', toOperator ? 'operator' : 'provider', {
            provider: event.to,
            evidence: ticket.attachments.map((file) => file.id),
          }),
        ],
      };
    },
  },
  settle_complaint: {
    from: UNARCHIVED,
    roles: STAFF,
    guard: (ticket) =>
      ticket.complaints.some((complaint) => complaint.settledAt === null) ? undefined : 'no complaint is open',
    run: (ticket, _event, { now }) => ({
      patch: {
        complaints: ticket.complaints.map((complaint) => ({ ...complaint, settledAt: complaint.settledAt ?? now })),
      },
      text: 'The complaint was settled.',
      effects: [notify('complaint_settled', 'merchant')],
    }),
  },
  clock_warning: {
    from: OPEN,
    roles: ['system'],
    run: (ticket, event, { now }) => ({
      patch: {
        clocks: ticket.clocks.map((clock) => (clock.kind === event.clock ? { ...clock, warnedAt: now } : clock)),
      },
      text: `The ${event.clock} time runs out soon: escalated before the breach.`,
      effects: [
        notify('clock_warning', 'operator', { clock: event.clock }),
        ...(ticket.provider
          ? [notify('clock_warning', 'provider', { clock: event.clock, provider: ticket.provider })]
          : []),
      ],
    }),
  },
  clock_breach: {
    from: OPEN,
    roles: ['system'],
    run: (ticket, event, { now }) => ({
      patch: {
        clocks: ticket.clocks.map((clock) => (clock.kind === event.clock ? { ...clock, breachedAt: now } : clock)),
      },
      text: `The promised ${event.clock} time was missed.`,
      effects: [notify('clock_breach', 'operator', { clock: event.clock })],
    }),
  },
  hand_over: {
    from: OPEN,
    roles: [...STAFF, 'system'],
    guard: (ticket, event) => (ticket.external?.tool === event.tool ? `${event.tool} has it already` : undefined),
    run: (_ticket, event, { now }) => ({
      patch: { external: { tool: event.tool, id: null, state: 'sent', at: now } },
      text: `Handed over to ${event.tool}.`,
      effects: [{ kind: 'external', payload: { tool: event.tool, event: 'hand_over' } }],
    }),
  },
  external_state: {
    from: UNARCHIVED,
    roles: ['system', ...STAFF],
    guard: (ticket, event) =>
      event.delivery && ticket.external?.seen?.includes(event.delivery) ? 'this delivery was taken before' : undefined,
    run: (ticket, event, { now }) => {
      const seen = [...(ticket.external?.seen ?? []), ...(event.delivery ? [event.delivery] : [])].slice(-20);
      return {
        patch: { external: { tool: event.tool, id: event.id, state: event.state, at: now, seen } },
        text: `${event.tool} ${event.id}: ${event.state}.${event.note ? ` ${event.note}` : ''}`,
      };
    },
  },
};
