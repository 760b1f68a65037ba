import { beginTesting, closeIfReady, closing, physical } from '../acceptance.ts';
import { notify, type Rows, WORKERS, WORKERS_AND_SYSTEM, WORKING } from '../row.ts';

type Events =
  | 'record_backup'
  | 'book'
  | 'order_part'
  | 'part_arrived'
  | 'ship'
  | 'received'
  | 'start_repair'
  | 'progress'
  | 'use_part'
  | 'add_labour'
  | 'replace_device'
  | 'check_item'
  | 'finish_repair';

/** Steps 7 and 8: the merchant's data, the appointment, parts, shipping, and the work itself. */
export const REPAIR_ROWS: Rows<Events> = {
  record_backup: {
    from: ['decision', 'quote', 'consent', 'preparation', 'repair', 'approved'],
    roles: [...WORKERS, 'merchant'],
    guard: (_ticket, event) =>
      event.settings && event.transactionsUploaded
        ? undefined
        : 'a backup counts once the settings are saved and the transactions uploaded',
    run: (_ticket, event, { now, actor }) => ({
      patch: {
        backup: {
          settings: event.settings,
          transactionsUploaded: event.transactionsUploaded,
          note: event.note ?? null,
          at: now,
          by: actor.name,
        },
      },
      text: 'Backup recorded: settings saved, transactions uploaded.',
    }),
  },
  book: {
    from: ['preparation', 'repair'],
    roles: WORKERS_AND_SYSTEM,
    guard: (_ticket, event, { now }) => {
      if (event.to <= event.from) return 'the appointment ends before it begins';
      return event.to <= now ? 'the appointment lies in the past' : undefined;
    },
    run: (ticket, event, { now }) => ({
      patch: {
        appointment: {
          from: event.from,
          to: event.to,
          place: event.place,
          technician: event.technician ?? ticket.technician,
          at: now,
        },
        technician: event.technician ?? ticket.technician,
      },
      text: `An appointment was made${event.technician ? ` with ${event.technician}` : ''}, ${event.place === 'store' ? 'at the store' : 'at the service point'}.`,
      effects: [notify('appointment', 'merchant', { from: event.from, to: event.to })],
    }),
  },
  order_part: {
    from: ['decision', 'quote', 'consent', 'preparation', 'repair'],
    roles: WORKERS_AND_SYSTEM,
    run: (ticket, event, { now }) => ({
      patch: {
        orders: [
          ...ticket.orders,
          {
            part: event.part,
            quantity: event.quantity,
            expectedAt: event.expectedAt ?? null,
            orderedAt: now,
            arrivedAt: null,
          },
        ],
      },
      text: `${event.quantity} × ${event.part} ordered.`,
      effects: [{ kind: 'asset', payload: { action: 'order_part', part: event.part, quantity: event.quantity } }],
    }),
  },
  part_arrived: {
    from: ['decision', 'quote', 'consent', 'preparation', 'repair'],
    roles: WORKERS_AND_SYSTEM,
    guard: (ticket, event) =>
      ticket.orders.some((order) => order.part === event.part && order.arrivedAt === null)
        ? undefined
        : `no order of ${event.part} is open`,
    run: (ticket, event, { now }) => {
      const index = ticket.orders.findIndex((order) => order.part === event.part && order.arrivedAt === null);
      return {
        patch: { orders: ticket.orders.map((order, i) => (i === index ? { ...order, arrivedAt: now } : order)) },
        text: `${event.part} arrived.`,
        effects: [
          {
            kind: 'asset',
            payload: { action: 'part_arrived', part: event.part, quantity: ticket.orders[index]?.quantity ?? 1 },
          },
        ],
      };
    },
  },
  ship: {
    from: ['preparation', 'repair', 'testing', 'handover'],
    roles: [...WORKERS, 'merchant'],
    guard: (ticket, event) => {
      if (event.direction === 'to_service' && !ticket.backup)
        return 'no device leaves the store before its backup is recorded';
      if (event.direction === 'to_service' && ticket.state === 'handover')
        return 'the repair is done: the device goes to the store';
      if (ticket.shipping.some((leg) => leg.tracking === event.tracking))
        return `${event.tracking} is recorded already`;
      return undefined;
    },
    run: (ticket, event, { now }) => ({
      patch: {
        shipping: [
          ...ticket.shipping,
          {
            direction: event.direction,
            carrier: event.carrier,
            tracking: event.tracking,
            packing: event.packing ?? null,
            accessories: event.accessories ?? [],
            sentAt: now,
            receivedAt: null,
          },
        ],
      },
      text: `Sent ${event.direction === 'to_service' ? 'to the service point' : 'back to the store'} with ${event.carrier}, ${event.tracking}.`,
      effects: [
        notify('shipped', event.direction === 'to_store' ? 'merchant' : 'provider', { tracking: event.tracking }),
      ],
    }),
  },
  received: {
    from: ['preparation', 'repair', 'testing', 'handover'],
    roles: [...WORKERS, 'merchant'],
    guard: (ticket, event) =>
      ticket.shipping.some((leg) => leg.tracking === event.tracking && leg.receivedAt === null)
        ? undefined
        : `nothing with tracking number ${event.tracking} is on its way`,
    run: (ticket, event, { now, policy }) => {
      const shipping = ticket.shipping.map((leg) =>
        leg.tracking === event.tracking ? { ...leg, receivedAt: now } : leg,
      );
      return closeIfReady({ ...ticket, shipping }, now, policy, {
        patch: { shipping },
        text: `${event.tracking} arrived.`,
      });
    },
  },
  start_repair: {
    from: ['preparation'],
    roles: WORKERS_AND_SYSTEM,
    guard: (ticket) => {
      const method = ticket.decision?.method;
      if (ticket.decision?.charge === 'quote' && ticket.quote?.consent?.given !== true)
        return 'the merchant has not agreed to the quote';
      if (method === 'onsite' && ticket.kind === 'fault' && !ticket.appointment) return 'no appointment has been made';
      if ((method === 'mail_in' || method === 'replacement') && !ticket.backup) return 'the backup is not recorded';
      if (
        method === 'mail_in' &&
        !ticket.shipping.some((leg) => leg.direction === 'to_service' && leg.receivedAt !== null)
      ) {
        return 'the device has not arrived at the service point';
      }
      return undefined;
    },
    run: (ticket) => ({
      to: 'repair',
      text: ticket.kind === 'maintenance' ? 'The check began.' : 'The repair began.',
      effects: [notify('repair_started', 'merchant')],
    }),
  },
  progress: {
    from: ['preparation', 'repair'],
    roles: WORKERS_AND_SYSTEM,
    run: (_ticket, event) => ({ text: event.note, effects: [notify('progress', 'merchant', { note: event.note })] }),
  },
  use_part: {
    from: ['repair'],
    roles: WORKERS,
    run: (ticket, event, { now, actor }) => ({
      patch: {
        parts: [
          ...ticket.parts,
          {
            part: event.part,
            quantity: event.quantity,
            serial: event.serial ?? null,
            removedSerial: event.removedSerial ?? null,
            cost: event.cost,
            at: now,
            by: actor.name,
          },
        ],
      },
      text: `${event.quantity} × ${event.part} fitted${event.serial ? ` (serial ${event.serial})` : ''}.`,
      effects: [{ kind: 'asset', payload: { action: 'use_part', part: event.part, quantity: event.quantity } }],
    }),
  },
  add_labour: {
    from: WORKING,
    roles: WORKERS,
    run: (ticket, event, { now, actor }) => ({
      patch: {
        labour: [
          ...ticket.labour,
          { minutes: event.minutes, cost: event.cost, note: event.note ?? null, at: now, by: actor.name },
        ],
      },
      text: `${event.minutes} minutes of work recorded.`,
    }),
  },
  replace_device: {
    from: ['preparation', 'repair', 'lost'],
    roles: WORKERS,
    guard: (ticket) =>
      ticket.state !== 'lost' && !ticket.backup
        ? 'no device leaves the store before its backup is recorded'
        : undefined,
    run: (ticket, event) => {
      const other = event.model !== undefined && event.model !== ticket.report?.model;
      return {
        patch: {
          replacement: { asset: event.asset, model: event.model ?? null },
          ...(other ? { training: { needed: true, who: null, what: null, at: null } } : {}),
        },
        text: `Replaced by ${event.asset}${other ? ` of another model (${event.model}): training is asked for` : ''}.`,
        effects: [
          { kind: 'asset', payload: { action: 'replace', asset: event.asset } },
          ...(ticket.state === 'lost'
            ? []
            : [{ kind: 'asset' as const, payload: { action: 'seal', terminal: ticket.terminal } }]),
        ],
      };
    },
  },
  check_item: {
    from: ['preparation', 'repair'],
    roles: WORKERS,
    guard: (ticket, event) =>
      ticket.checklist.some((item) => item.item === event.item) ? undefined : `"${event.item}" is not on the checklist`,
    run: (ticket, event, { actor }) => ({
      patch: {
        checklist: ticket.checklist.map((item) =>
          item.item === event.item ? { ...item, result: event.result, note: event.note ?? null } : item,
        ),
      },
      text: `Checklist: ${event.item}, ${event.result.replaceAll('_', ' ')}.`,
      effects:
        event.result === 'failed'
          ? [
              {
                kind: 'open_ticket',
                payload: {
                  source: 'checklist',
                  terminal: ticket.terminal,
                  symptom: event.note ?? event.item,
                  item: event.item,
                  by: actor.name,
                },
              },
            ]
          : [],
    }),
  },
  finish_repair: {
    from: ['preparation', 'repair'],
    roles: WORKERS,
    guard: (ticket) => {
      const open = ticket.checklist.filter((item) => item.result === null);
      if (open.length > 0) return `the checklist is not finished: ${open.map((item) => item.item).join(', ')}`;
      if (ticket.state === 'preparation' && physical(ticket)) return 'the repair has not begun';
      return ticket.decision?.method === 'replacement' && !ticket.replacement
        ? 'no replacement device is recorded'
        : undefined;
    },
    run: (ticket, event, { now, policy }) => {
      const note = event.note ? ` ${event.note}` : '';
      if (ticket.kind === 'maintenance') {
        const ended = closing(ticket, now, policy);
        return {
          ...ended,
          text: `The check is done.${note} ${ended.text}`,
          effects: [...(ended.effects ?? []), { kind: 'plan_done', payload: {} }],
        };
      }
      return beginTesting(
        ticket,
        now,
        policy,
        {},
        `The repair is done.${note} Cleaned and tuned; the acceptance test began: a self-test, and healthy telemetry for the set time.`,
      );
    },
  },
};
