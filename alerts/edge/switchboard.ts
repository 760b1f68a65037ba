import { TillwatchError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { Hold } from '../../contract/ports/holds.ts';
import type { Notifier } from '../../contract/ports/notifier.ts';
import type { OutboxEntry } from '../../contract/ports/outbox.ts';
import type { DocumentShelf } from '../../contract/ports/shelf.ts';
import type { Effect, Ticket } from '../../contract/tickets.ts';
import type { TenantId } from '../../contract/topics.ts';
import { ticketHeldBy } from '../core/holds.ts';
import { type Channel, decideNotice, type NoticeDecision, type NoticeRoute } from '../core/notice-routes.ts';
import { createAlertmanagerNotifier } from './notifiers/alertmanager-notifier.ts';
import { createChatNotifier } from './notifiers/chat-notifier.ts';
import type { MailRoom } from './notifiers/email-notifier.ts';
import { createWebhookNotifier } from './notifiers/webhook-notifier.ts';

const KIND = 'notice_route';

export interface SwitchboardDeps {
  readonly clock: Clock;
  readonly shelf: DocumentShelf;
  readonly mail: MailRoom | undefined;
  readonly holds: () => readonly Hold[];
  readonly handOver: (tenant: TenantId, ticket: string, tool: string) => Promise<void>;
}

/** Knows who hears of what: routes by tenant, and the notifier behind each channel. */
export class Switchboard {
  readonly #deps: SwitchboardDeps;
  readonly #routes = new Map<TenantId, Map<string, NoticeRoute>>();

  constructor(deps: SwitchboardDeps) {
    this.#deps = deps;
  }

  /** Reads the routes, again where another process has changed some. */
  async start(): Promise<void> {
    const all = await this.#deps.shelf.all(KIND);
    this.#routes.clear();
    for (const { tenant, body } of all) this.#keep(tenant, body as NoticeRoute);
  }

  routes(tenant: TenantId): readonly NoticeRoute[] {
    return [...(this.#routes.get(tenant)?.values() ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Errors: `alerts.no_mail` (409) for an e-mail channel where no SMTP server is set. */
  async put(tenant: TenantId, route: NoticeRoute): Promise<void> {
    if (!this.#deps.mail && route.channels.some((channel) => channel.type === 'email')) {
      throw new TillwatchError('alerts.no_mail', 'no SMTP server is set: give TILLWATCH_SMTP_URL first', {
        status: 409,
      });
    }
    await this.#deps.shelf.put(tenant, KIND, route.id, route, this.#deps.clock.now());
    this.#keep(tenant, route);
  }

  async remove(tenant: TenantId, id: string): Promise<boolean> {
    this.#routes.get(tenant)?.delete(id);
    return this.#deps.shelf.remove(tenant, KIND, id);
  }

  #keep(tenant: TenantId, route: NoticeRoute): void {
    const known = this.#routes.get(tenant) ?? new Map<string, NoticeRoute>();
    this.#routes.set(tenant, known.set(route.id, route));
  }

  /** For each route, whether it hears of a notice and why. */
  decide(ticket: Ticket, notice: { template: string; audience: string }): readonly NoticeDecision[] {
    const now = this.#deps.clock.now();
    const held = ticketHeldBy(ticket, this.#deps.holds(), now);
    return this.routes(ticket.tenant).map((route) => decideNotice(route, notice, ticket, held, now));
  }

  /** One effect a channel, so that a channel that is away holds up nobody else; due when its route wants it. */
  fanOut(entry: OutboxEntry, ticket: Ticket): readonly Effect[] {
    const notice = { template: String(entry.payload.template), audience: String(entry.payload.audience) };
    return this.decide(ticket, notice).flatMap((decision) => {
      const route = decision.told ? this.#routes.get(ticket.tenant)?.get(decision.route) : undefined;
      return (route?.channels ?? []).map((channel, index) => ({
        key: `${entry.key}/${decision.route}/${index}`,
        tenant: entry.tenant,
        ticket: entry.ticket,
        kind: 'notify' as const,
        at: entry.at,
        dueAt: decision.at,
        payload: { ...entry.payload, route: decision.route, channel: channel.type, place: index, why: decision.why },
      }));
    });
  }

  /** The notifier and language of a fanned-out effect; undefined when its route is gone or has changed since. */
  line(entry: OutboxEntry): { notifier: Notifier; language: 'en' | 'zh' } | undefined {
    const route = this.#routes.get(entry.tenant)?.get(String(entry.payload.route));
    const channel = route?.channels[Number(entry.payload.place)];
    if (!route || !channel || channel.type !== entry.payload.channel) return undefined;
    return { notifier: this.#notifier(channel), language: route.language };
  }

  #notifier(channel: Channel): Notifier {
    const { clock, mail } = this.#deps;
    switch (channel.type) {
      case 'email':
        if (!mail) throw new TillwatchError('alerts.no_mail', 'no SMTP server is set: give TILLWATCH_SMTP_URL');
        return mail.to(channel.to);
      case 'webhook':
        return createWebhookNotifier({ url: channel.url, secret: channel.secret }, clock);
      case 'tool':
        return {
          name: channel.tool,
          send: (notice) => this.#deps.handOver(notice.tenant, String(notice.data.ticket), channel.tool),
        };
      case 'alertmanager':
        return createAlertmanagerNotifier(channel.url, clock);
      case 'chat':
        return createChatNotifier(channel, clock);
    }
  }
}
