import type { Mode } from '../../contract/modes.ts';
import type { Method } from '../../contract/ticket-parts.ts';
import type { HistoryEntry, Ticket } from '../../contract/tickets.ts';
import { partOf, type StepEvent } from './field-steps.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Who acts next, and with what. */
export interface Move {
  readonly who: 'desk' | 'reviewer' | 'provider' | 'merchant';
  readonly event: StepEvent;
  /** The device is opened for it: what is found wrong is repaired. */
  readonly visit?: true;
}

/** What people see of a ticket and of the device before them. */
export interface Scene {
  readonly ticket: Ticket;
  readonly history: readonly HistoryEntry[];
  readonly now: number;
  /** What really is wrong with the part; looked at by whoever opens the device. */
  readonly wrong: readonly Mode[];
  /** A spare of the pool that can be lent or given, and another model to give; null: none. */
  readonly spare: string | null;
  readonly otherModel: string;
}

const BACKUP = { settings: true, transactionsUploaded: true } as const;

function numberOf(ticket: Ticket): number {
  return Number(ticket.id.slice(3));
}

function did(history: readonly HistoryEntry[], event: string): boolean {
  return history.some((entry) => entry.event === event);
}

/** How the desk has a fault dealt with: what can be done from afar is; few devices travel, fewer are replaced. */
function methodFor({ ticket, history }: Scene): Method {
  if (!ticket.terminal) return 'remote';
  if (did(history, 'refuse_quote')) return 'phone';
  const n = numberOf(ticket);
  if (ticket.kind === 'maintenance') return 'onsite';
  if (ticket.component === 'system') return 'remote';
  if (ticket.component === 'network' && ticket.mode !== 'sim_wear') return 'remote';
  if (ticket.component === 'battery') return n % 2 === 0 ? 'mail_in' : 'onsite';
  return n % 8 === 5 ? 'replacement' : 'onsite';
}

function causeOf({ ticket, wrong }: Scene): string {
  if (ticket.component === 'network') return ticket.mode === 'sim_wear' ? 'hardware' : 'network';
  if (ticket.component === 'system') return 'software';
  return wrong.length === 0 && ticket.source === 'merchant' ? 'maintenance' : 'hardware';
}

/**
 * The next thing that the people around a ticket do with it, one step at a time: the desk, a second pair of eyes, the service provider's
 * technician, the merchant. Nothing clever; undefined where they wait.
 */
export function nextMove(scene: Scene): Move | undefined {
  const { ticket, history, now } = scene;
  const desk = (event: StepEvent): Move => ({ who: 'desk', event });
  const merchant = (event: StepEvent): Move => ({ who: 'merchant', event });
  const complaint = complaintMove(scene);
  if (complaint) return complaint;
  if (ticket.awaitingMerchant) return merchant({ type: 'resume', why: 'the manager was asked: since Monday' });
  switch (ticket.state) {
    case 'reported':
      if (ticket.source === 'merchant') return merchant({ type: 'start_first_aid' });
      return desk({
        type: 'start_diagnosis',
        ...(ticket.source === 'finding' ? {} : { why: 'a technician saw it at the store' }),
      });
    case 'first_aid':
      return firstAidMove(scene);
    case 'diagnosis':
      if (numberOf(ticket) % 6 === 1 && ticket.terminal && !did(history, 'wait_for_merchant'))
        return desk({ type: 'wait_for_merchant', why: 'Since when, and does it happen with every receipt?' });
      return desk({ type: 'diagnose', causeClass: causeOf(scene) });
    case 'decision':
      return desk({
        type: 'decide',
        method: methodFor(scene),
        ...(ticket.report?.symptom.match(/dropped|摔/) && !did(history, 'refuse_quote')
          ? { humanDamage: 'dropped' }
          : {}),
      });
    case 'quote':
      return desk({
        type: 'send_quote',
        amount: 32_000,
        currency: 'CNY',
        items: [
          { text: 'part', amount: 21_000 },
          { text: 'work', amount: 11_000 },
        ],
      });
    case 'consent':
      return merchant(
        numberOf(ticket) % 4 === 3 && !did(history, 'refuse_quote')
          ? { type: 'refuse_quote', why: 'too dear for this old device' }
          : { type: 'consent' },
      );
    case 'preparation':
      return preparationMove(scene);
    case 'repair':
      return repairMove(scene);
    case 'testing':
      return undefined;
    case 'handover':
      return handoverMove(scene);
    case 'closed':
      return ticket.outcome || ticket.kind !== 'fault'
        ? undefined
        : provider(ticket, { type: 'record_outcome', wasFailing: scene.wrong.length > 0, action: 'checked' });
    case 'follow_up':
      if (ticket.followedUpAt === null && numberOf(ticket) % 3 === 0)
        return provider(ticket, { type: 'follow_up_done', note: 'Prints well; the staff are content.' });
      return merchant(
        ticket.kind === 'fault' && ticket.reopened === 0 && numberOf(ticket) % 11 === 4
          ? { type: 'rate', attitude: 4, speed: 2, result: 1, comment: 'It jams again.' }
          : { type: 'rate', attitude: 5, speed: 4, result: 5 },
      );
    case 'lost':
      return lostMove(scene);
    case 'review':
      return ticket.deactivation?.reason === 'breach'
        ? { who: 'reviewer', event: { type: 'refuse', why: 'the breach is not proven' } }
        : { who: 'reviewer', event: { type: 'approve' } };
    case 'approved':
      return ticket.backup ? undefined : merchant({ type: 'record_backup', ...BACKUP });
    case 'deactivated':
      if (ticket.deactivation?.openSettlements == null)
        return desk({ type: 'watch', openSettlements: 0, openComplaints: 0 });
      return now - ticket.stateSince > 4 * DAY ? merchant({ type: 'request_reactivation' }) : undefined;
    case 'reactivation':
      if (!ticket.deactivation?.noticeAt) return desk({ type: 'give_notice' });
      if (!ticket.restore) return desk({ type: 'record_restore', ...BACKUP });
      return now > ticket.deactivation.noticeAt + DAY && ticket.selfTests.at(-1)?.result === 'pass'
        ? desk({ type: 'reactivate' })
        : undefined;
    default:
      return undefined;
  }
}

function provider(ticket: Ticket, event: StepEvent, visit?: true): Move {
  return { who: ticket.provider ? 'provider' : 'desk', event, ...(visit ? { visit } : {}) };
}

function firstAidMove({ ticket, wrong }: Scene): Move {
  const steps = ['restart', 'clean_head', 'paper'];
  const next = steps.find((step) => !ticket.firstAid.some((done) => done.step === step));
  const tried = ticket.firstAid.length;
  if (next && tried < 2)
    return {
      who: 'merchant',
      event: { type: 'first_aid_step', step: next, result: tried === 1 && wrong.length === 0 ? 'helped' : 'no_change' },
    };
  return { who: 'desk', event: { type: 'start_diagnosis', why: 'first aid changed nothing' } };
}

/** A ticket that is late: the merchant complains, the desk takes it away from the provider and settles the complaint. */
function complaintMove({ ticket, history }: Scene): Move | undefined {
  const open = ticket.complaints.find((complaint) => complaint.settledAt === null);
  if (open?.escalatedTo)
    return { who: 'desk', event: { type: 'settle_complaint', why: 'apologised, another technician comes' } };
  if (open)
    return {
      who: 'desk',
      event: {
        type: 'escalate',
        to: ticket.provider === 'quayside' ? 'operator' : 'quayside',
        why: 'nobody came in the time promised',
      },
    };
  const late = ticket.clocks.some((clock) => clock.kind === 'repair' && clock.breachedAt !== null);
  const working = ticket.state === 'preparation' || ticket.state === 'repair';
  return late && working && ticket.terminal && !did(history, 'complain')
    ? {
        who: 'merchant',
        event: { type: 'complain', text: 'Nobody has come for days.', evidence: ['photo of the queue'] },
      }
    : undefined;
}

function preparationMove({ ticket, history, now, spare }: Scene): Move | undefined {
  const method = ticket.decision?.method;
  if (ticket.kind === 'maintenance') {
    // Checks wait for the round that goes there; one that no round takes is made by itself.
    const from = ticket.appointment?.from ?? ticket.openedAt + 12 * DAY;
    return now < from ? undefined : provider(ticket, { type: 'start_repair' });
  }
  if ((method === 'mail_in' || method === 'replacement') && !ticket.backup)
    return { who: 'merchant', event: { type: 'record_backup', ...BACKUP } };
  if (method === 'onsite') {
    const { appointment } = ticket;
    if (!appointment) {
      // What will not fail for days is left for the next round, which goes there anyway.
      if (ticket.source === 'finding' && (ticket.failsAt ?? 0) > now + 3 * DAY && now - ticket.stateSince < 6 * DAY)
        return undefined;
      const from = now + (4 + (numberOf(ticket) % 5) * 7) * HOUR;
      return provider(ticket, { type: 'book', from, to: from + 2 * HOUR, place: 'store' });
    }
    return now < appointment.from ? undefined : provider(ticket, { type: 'start_repair' });
  }
  if (method !== 'mail_in') return provider(ticket, { type: 'start_repair' });
  if (!ticket.loan && spare) return { who: 'desk', event: { type: 'reserve_loan', asset: spare } };
  if (ticket.loan?.state === 'reserved') return provider(ticket, { type: 'deliver_loan' });
  const [leg] = ticket.shipping;
  if (!leg)
    return {
      who: 'merchant',
      event: {
        type: 'ship',
        direction: 'to_service',
        carrier: 'SF Express',
        tracking: `SF${ticket.id.slice(3)}1`,
        packing: 'bubble wrap, own box',
        accessories: ['charger'],
      },
    };
  if (leg.receivedAt === null)
    return now - leg.sentAt > 30 * HOUR ? provider(ticket, { type: 'received', tracking: leg.tracking }) : undefined;
  const part = partOf(ticket.mode ?? 'capacity_fade');
  const [order] = ticket.orders;
  if (!order && numberOf(ticket) % 4 === 0)
    return provider(ticket, { type: 'order_part', part, quantity: 1, expectedAt: now + 2 * DAY });
  if (order && order.arrivedAt === null)
    return now - order.orderedAt > 40 * HOUR ? provider(ticket, { type: 'part_arrived', part }) : undefined;
  return did(history, 'start_repair') ? undefined : provider(ticket, { type: 'start_repair' });
}

function repairMove({ ticket, history, wrong, spare, otherModel }: Scene): Move | undefined {
  const unchecked = ticket.checklist.find((item) => item.result === null);
  if (unchecked) {
    const failed = unchecked.item === 'clean the roller' && numberOf(ticket) % 5 === 0;
    return provider(ticket, {
      type: 'check_item',
      item: unchecked.item,
      result: failed ? 'failed' : unchecked.item.startsWith('clean') ? 'done' : 'ok',
      ...(failed ? { note: 'the roller is torn' } : {}),
    });
  }
  if (ticket.kind === 'maintenance')
    return provider(ticket, { type: 'finish_repair', note: 'All items gone through.' }, true);
  const software = ticket.component === 'system' || ticket.component === 'network';
  const part = partOf(wrong[0] ?? ticket.mode ?? 'head_wear');
  if (!did(history, 'progress')) {
    const found =
      wrong.length > 0
        ? `Opened: ${wrong.join(', ').replaceAll('_', ' ')}.`
        : 'Opened: nothing worn was found; cleaned.';
    return provider(ticket, {
      type: 'progress',
      note: ticket.terminal ? found : 'The cause is away from the terminals; it is being put right.',
    });
  }
  if (ticket.decision?.method === 'replacement' && !ticket.replacement)
    return provider(ticket, {
      type: 'replace_device',
      asset: spare ?? `NEW-${ticket.id.slice(3)}`,
      model: numberOf(ticket) % 2 === 1 ? otherModel : (ticket.report?.model ?? otherModel),
    });
  if (wrong.length > 0 && !software && ticket.parts.length === 0)
    return provider(ticket, { type: 'use_part', part, quantity: 1, serial: `P${ticket.id.slice(3)}`, cost: 9_000 });
  if (ticket.labour.length === 0) return provider(ticket, { type: 'add_labour', minutes: 35, cost: 5_000 });
  if (!ticket.outcome)
    return provider(ticket, {
      type: 'record_outcome',
      wasFailing: wrong.length > 0,
      action: wrong.length === 0 ? 'cleaned' : software ? 'configured' : 'replaced',
      ...(wrong.length > 0 && !software ? { part } : {}),
    });
  return provider(ticket, { type: 'finish_repair' }, true);
}

function handoverMove({ ticket, now }: Scene): Move | undefined {
  if (ticket.backup && !ticket.restore) return provider(ticket, { type: 'record_restore', ...BACKUP });
  if (ticket.training?.needed && ticket.training.at === null)
    return provider(ticket, {
      type: 'record_training',
      who: 'Mrs Li and two cashiers',
      what: 'receipts and refunds on the new model',
    });
  if (ticket.loan?.state === 'delivered') return provider(ticket, { type: 'return_loan' });
  const sent = ticket.shipping.some((leg) => leg.direction === 'to_service');
  const back = ticket.shipping.find((leg) => leg.direction === 'to_store');
  if (sent && !back && !ticket.replacement)
    return provider(ticket, {
      type: 'ship',
      direction: 'to_store',
      carrier: 'SF Express',
      tracking: `SF${ticket.id.slice(3)}2`,
      accessories: ['charger'],
    });
  if (back && back.receivedAt === null)
    return now - back.sentAt > 24 * HOUR
      ? { who: 'merchant', event: { type: 'received', tracking: back.tracking } }
      : undefined;
  return ticket.acceptance?.signedBy || ticket.kind === 'lost'
    ? { who: 'desk', event: { type: 'close', why: 'everything is recorded' } }
    : { who: 'merchant', event: { type: 'sign_acceptance', by: 'Mrs Li' } };
}

/** Every second terminal that was lost is found again; for the others a replacement is handed over. */
function lostMove({ ticket, now, spare }: Scene): Move | undefined {
  if (!ticket.lost?.policeReport)
    return { who: 'merchant', event: { type: 'police_report', number: `PR-${ticket.id.slice(3)}` } };
  if (ticket.lost.how === 'lost' && ticket.lost.foundAt === null)
    return now - ticket.openedAt > 30 * HOUR ? { who: 'merchant', event: { type: 'found' } } : undefined;
  if (ticket.lost.foundAt !== null) return undefined;
  if (!ticket.replacement)
    return { who: 'desk', event: { type: 'replace_device', asset: spare ?? `NEW-${ticket.id.slice(3)}` } };
  return { who: 'desk', event: { type: 'close', why: 'the replacement is in use' } };
}
