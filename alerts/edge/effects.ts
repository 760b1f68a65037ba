import type { Logger } from 'pino';
import { TillwatchError } from '../../contract/errors.ts';
import { COMMAND_NAMES, type CommandName } from '../../contract/payloads.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { CommandSender } from '../../contract/ports/commands.ts';
import type { Directory } from '../../contract/ports/directory.ts';
import type { OpinionStore } from '../../contract/ports/findings.ts';
import type { Notice, Notifier } from '../../contract/ports/notifier.ts';
import type { OutboxEntry } from '../../contract/ports/outbox.ts';
import type { OutcomeLog } from '../../contract/ports/outcomes.ts';
import type { RegistryRepository } from '../../contract/ports/registry.ts';
import type { TicketRepository } from '../../contract/ports/tickets.ts';
import type { Effect, Ticket } from '../../contract/tickets.ts';
import type { Policy } from '../core/policy.ts';
import { render } from '../core/templates.ts';
import type { AssetDesk } from './asset-desk.ts';
import type { Handler } from './outbox-runner.ts';
import type { OutsideDesk } from './outside-desk.ts';
import type { Prevention } from './prevention.ts';
import { commandId } from './self-tests.ts';
import type { Switchboard } from './switchboard.ts';
import { PLATFORM, type TicketDesk } from './ticket-desk.ts';

export interface EffectDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly tickets: TicketRepository;
  readonly desk: TicketDesk;
  readonly policy: Policy;
  readonly notifiers: readonly Notifier[];
  readonly commands: CommandSender;
  readonly registry: Pick<RegistryRepository, 'get' | 'change'>;
  readonly outcomes: OutcomeLog;
  readonly opinions: OpinionStore;
  readonly assets: AssetDesk;
  readonly prevention: Prevention;
  readonly switchboard: Switchboard;
  readonly outside: OutsideDesk;
  /** Address of the console, for links in notices; undefined: none are given. */
  readonly consoleUrl: string | undefined;
  readonly directory: Directory;
}

/** Notices that still say something when the ticket has ended meanwhile. */
const LATE_NEWS = new Set(['closed', 'cancelled', 'rate', 'outcome_wanted', 'clock_breach', 'bad_mark']);

function isCommand(text: unknown): text is CommandName {
  return (COMMAND_NAMES as readonly unknown[]).includes(text);
}

/** An answer may still be on its way when its command expires. */
const ANSWER_GRACE_MS = 60_000;

/** A self-test that nobody answers is noted as such when its time, counted from when it was sent, is over. */
function answerDue(entry: OutboxEntry, now: number, expiresAt: number): Effect {
  const { tenant, ticket, payload } = entry;
  const dueAt = expiresAt + ANSWER_GRACE_MS;
  return {
    key: `${entry.key}/answer`,
    tenant,
    ticket,
    kind: 'command',
    at: now,
    dueAt,
    payload: { ...payload, awaits: entry.key },
  };
}

function leadsNowhere(work: (entry: OutboxEntry) => Promise<void>): Handler {
  return async (entry) => {
    await work(entry);
    return [];
  };
}

/** How each kind of effect is done. */
export function effectHandlers(deps: EffectDeps): {
  readonly handlers: Readonly<Record<Effect['kind'], Handler>>;
  readonly prepare: (entries: readonly OutboxEntry[]) => Promise<void>;
} {
  const { clock, desk, tickets, registry } = deps;
  /** Tickets of the batch under way, read in one query a tenant rather than one an effect. */
  let batch: ReadonlyMap<string, Ticket> = new Map();

  async function prepare(entries: readonly OutboxEntry[]): Promise<void> {
    const read = new Map<string, Ticket>();
    for (const [tenant, list] of Map.groupBy(entries, (entry) => entry.tenant)) {
      const ids = new Set(list.flatMap((entry) => entry.ticket ?? []));
      for (const ticket of await tickets.load(tenant, [...ids])) read.set(`${tenant}/${ticket.id}`, ticket);
    }
    batch = read;
  }

  async function ticketOf(entry: OutboxEntry): Promise<Ticket | undefined> {
    return entry.ticket === null ? undefined : batch.get(`${entry.tenant}/${entry.ticket}`);
  }

  async function notify(entry: OutboxEntry): Promise<void> {
    const ticket = await ticketOf(entry);
    if (!ticket) return;
    if (entry.payload.route !== undefined) return tell(entry, ticket);
    // One effect a channel: each is tried, retried and replayed by itself.
    const lines = deps.switchboard.fanOut(entry, ticket);
    if (lines.length > 0) await tickets.apply({ changes: [], effects: lines });
    const notice = noticeOf(entry, ticket, placeOf(deps, ticket));
    // One that is away must not keep the others from hearing; the whole is tried again, and the key lets the others drop it.
    const results = await Promise.allSettled(deps.notifiers.map((notifier) => notifier.send(notice)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async function tell(entry: OutboxEntry, ticket: Ticket): Promise<void> {
    // Held over its ticket's end, a notice of its beginning is no news any more.
    if (!ticket.open && entry.dueAt > entry.at && !LATE_NEWS.has(String(entry.payload.template))) return;
    const line = deps.switchboard.line(entry);
    await line?.notifier.send(noticeOf(entry, ticket, placeOf(deps, ticket), line.language));
  }

  async function command(entry: OutboxEntry): Promise<readonly Effect[]> {
    const { name, terminal, args, awaits, commandId: given } = entry.payload;
    if (!isCommand(name) || typeof terminal !== 'string') {
      throw new TillwatchError('command.unknown', `"${String(name)}" is no command for a terminal`);
    }
    if (typeof awaits === 'string') {
      await noAnswer(entry, awaits);
      return [];
    }
    const now = clock.now();
    const expiresAt = now + deps.policy.selfTestExpiresMs;
    await deps.commands.send(entry.tenant, terminal, {
      id: typeof given === 'string' ? given : commandId(entry.key, name),
      name,
      ...(typeof args === 'object' && args !== null ? { args: args as Record<string, unknown> } : {}),
      expires_at: expiresAt,
    });
    return name === 'self_test' && entry.ticket !== null ? [answerDue(entry, now, expiresAt)] : [];
  }

  /** A self-test that was not answered in time is recorded as such, so that nobody waits for it. */
  async function noAnswer(entry: OutboxEntry, key: string): Promise<void> {
    if (entry.ticket === null) return;
    // Read afresh: the answer may have come since the batch was read.
    const [ticket] = await tickets.load(entry.tenant, [entry.ticket]);
    if (!ticket) return;
    const id = commandId(key, 'self_test');
    if (ticket.selfTests.some((test) => test.commandId === id)) return;
    try {
      await desk.act(
        entry.tenant,
        ticket.id,
        { type: 'self_test_result', result: 'no_answer', checks: {}, commandId: id },
        PLATFORM,
      );
    } catch (error) {
      // A ticket that has ended meanwhile does not ask any more.
      if (!(error instanceof TillwatchError && error.code === 'ticket.state')) throw error;
    }
  }

  async function credentials(entry: OutboxEntry): Promise<void> {
    const { action, terminal } = entry.payload;
    if (typeof terminal !== 'string') return;
    const known = await registry.get(entry.tenant, terminal);
    const kind = action === 'lock' ? 'lock' : 'unlock';
    if (!known || known.lifecycle === (kind === 'lock' ? 'locked' : 'active')) return;
    await registry.change(entry.tenant, terminal, { kind }, clock.now(), entry.ticket ?? 'tillwatch');
  }

  async function outcome(entry: OutboxEntry): Promise<void> {
    const { fingerprint, wasFailing, part, action, at } = entry.payload;
    await deps.outcomes.record({
      tenant: entry.tenant,
      ticket: entry.ticket ?? '',
      fingerprint: String(fingerprint),
      wasFailing: typeof wasFailing === 'boolean' ? wasFailing : null,
      part: typeof part === 'string' ? part : null,
      action: String(action),
      at: Number(at),
    });
    await opine(entry);
  }

  /** Tells analytics whether its finding was right, where somebody could tell. */
  async function opine(entry: OutboxEntry): Promise<void> {
    const ticket = await ticketOf(entry);
    const { wasFailing, note, by, at } = entry.payload;
    if (!ticket?.terminal || !ticket.component || typeof wasFailing !== 'boolean') return;
    await deps.opinions.add({
      tenant: entry.tenant,
      terminal: ticket.terminal,
      component: ticket.component,
      mode: ticket.mode,
      kind: wasFailing ? 'confirmed' : 'wrong',
      at: Number(at),
      until: null,
      by: String(by),
      note: `${ticket.id}${typeof note === 'string' ? `: ${note}` : ''}`,
      model: ticket.report?.model ?? null,
    });
  }

  async function asset(entry: OutboxEntry): Promise<void> {
    const ticket = await ticketOf(entry);
    const news = await deps.assets.carryOut(entry, ticket);
    if (!news || !ticket) return;
    const told: OutboxEntry = { ...entry, key: `${entry.key}/reorder`, payload: { ...news, audience: 'operator' } };
    await notify(told);
  }

  async function openTicket(entry: OutboxEntry): Promise<void> {
    const parent = await ticketOf(entry);
    const { symptom, terminal, item } = entry.payload;
    if (!parent || typeof terminal !== 'string') return;
    const fingerprint = `${entry.tenant}/checklist/${terminal}/${String(item)}`;
    try {
      await desk.open(
        {
          tenant: entry.tenant,
          kind: 'fault',
          source: 'checklist',
          severity: 'warning',
          title: `${String(item)}: ${terminal}`,
          scope: 'terminal',
          subject: terminal,
          terminal,
          site: parent.site,
          fingerprint,
          report: parent.report ? { ...parent.report, symptom: String(symptom) } : undefined,
          repeatOf: null,
          why: `found by ${parent.id}`,
        },
        PLATFORM,
      );
    } catch (error) {
      // Opened already by the attempt before, or by an earlier check that found the same.
      if (!(error instanceof TillwatchError && error.code === 'ticket.duplicate')) throw error;
    }
  }

  async function external(entry: OutboxEntry): Promise<void> {
    const ticket = await ticketOf(entry);
    if (ticket) await deps.outside.tell(entry, ticket);
  }

  async function planDone(entry: OutboxEntry): Promise<void> {
    const ticket = await ticketOf(entry);
    if (ticket) await deps.prevention.finished(ticket, entry.at);
  }

  return {
    prepare,
    handlers: {
      plan_done: leadsNowhere(planDone),
      notify: leadsNowhere(notify),
      command,
      credentials: leadsNowhere(credentials),
      outcome: leadsNowhere(outcome),
      asset: leadsNowhere(asset),
      open_ticket: leadsNowhere(openTicket),
      external: leadsNowhere(external),
    },
  };
}

interface NoticePlace {
  readonly consoleUrl: string | undefined;
  /** Zone where the ticket's terminal stands; null: not known. */
  readonly zone: string | null;
}

function placeOf({ consoleUrl, directory }: EffectDeps, { tenant, terminal, members }: Ticket): NoticePlace {
  const one = terminal ?? members[0];
  return { consoleUrl, zone: one === undefined ? null : (directory.facts(tenant, one)?.timezone ?? null) };
}

/** A notice as a person reads it, in the language of the ticket's report. */
function noticeOf(entry: OutboxEntry, ticket: Ticket, { consoleUrl, zone }: NoticePlace, wanted?: 'en' | 'zh'): Notice {
  const template = String(entry.payload.template);
  const audience = String(entry.payload.audience);
  const language = wanted ?? (audience === 'merchant' ? (ticket.report?.language ?? 'en') : 'en');
  const { title, body } = render(template, ticket, entry.payload, language, zone);
  return {
    idempotencyKey: entry.key,
    tenant: entry.tenant,
    at: entry.at,
    kind: template,
    title,
    body,
    ...(consoleUrl ? { url: `${consoleUrl}/tickets/${ticket.id}` } : {}),
    data: {
      ticket: ticket.id,
      audience,
      state: ticket.state,
      severity: ticket.severity,
      terminal: ticket.terminal,
      site: ticket.site,
      subject: ticket.subject,
      scope: ticket.scope,
      component: ticket.component,
      mode: ticket.mode,
      provider: ticket.provider,
    },
  };
}
