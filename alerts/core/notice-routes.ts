import { DateTime } from 'luxon';
import type { Severity } from '../../contract/findings.ts';
import type { Component } from '../../contract/modes.ts';
import type { Ticket } from '../../contract/tickets.ts';
import type { Language } from './words.ts';

export const CHAT_FLAVOURS = ['slack', 'teams', 'wecom', 'dingtalk', 'feishu'] as const;
export type ChatFlavour = (typeof CHAT_FLAVOURS)[number];

export type Channel =
  | { readonly type: 'email'; readonly to: readonly string[] }
  | { readonly type: 'webhook'; readonly url: string; readonly secret: string }
  | { readonly type: 'alertmanager'; readonly url: string }
  /** The ticket is handed over to an outside ticket tool. */
  | { readonly type: 'tool'; readonly tool: string }
  | { readonly type: 'chat'; readonly flavour: ChatFlavour; readonly url: string; readonly secret?: string | null };

/** Who hears of what, by which channels, and when not. */
export interface NoticeRoute {
  readonly id: string;
  readonly audience: 'operator' | 'provider' | 'merchant';
  /** Empty lists fit everything. */
  readonly templates: readonly string[];
  readonly severities: readonly Severity[];
  readonly sites: readonly string[];
  readonly components: readonly Component[];
  readonly providers: readonly string[];
  readonly channels: readonly Channel[];
  /** Minutes after midnight in its own zone; `from` after `to` goes over midnight. Critical tickets come through where said so. */
  readonly quiet: {
    readonly timezone: string;
    readonly from: number;
    readonly to: number;
    readonly exceptCritical: boolean;
  } | null;
  readonly language: Language;
  readonly active: boolean;
}

export interface NoticeDecision {
  readonly route: string;
  readonly told: boolean;
  /** When it goes out: now, or at the end of what holds it. */
  readonly at: number;
  readonly why: string;
}

function clockText(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** End of the quiet hours that `now` lies in, ms; null: none. Wall-clock times, so that a night stays a night when the clocks change. */
export function quietUntil(quiet: NonNullable<NoticeRoute['quiet']>, now: number): number | null {
  const local = DateTime.fromMillis(now, { zone: quiet.timezone });
  if (!local.isValid || quiet.from === quiet.to) return null;
  const minute = local.hour * 60 + local.minute;
  const over = quiet.from > quiet.to;
  const inside = over ? minute >= quiet.from || minute < quiet.to : minute >= quiet.from && minute < quiet.to;
  if (!inside) return null;
  const day = over && minute >= quiet.from ? local.plus({ days: 1 }) : local;
  return day
    .startOf('day')
    .set({ hour: Math.floor(quiet.to / 60), minute: quiet.to % 60 })
    .toMillis();
}

/** Whether a route hears of a notice now, later or not at all; always with the reason. */
export function decideNotice(
  route: NoticeRoute,
  notice: { readonly template: string; readonly audience: string },
  ticket: Ticket,
  held: { readonly text: string; readonly until: number } | undefined,
  now: number,
): NoticeDecision {
  const no = (why: string): NoticeDecision => ({ route: route.id, told: false, at: now, why });
  if (!route.active) return no('the route is switched off');
  if (route.audience !== notice.audience)
    return no(`it is for the ${notice.audience}, the route for the ${route.audience}`);
  if (route.templates.length > 0 && !route.templates.includes(notice.template))
    return no(`the route does not want "${notice.template}"`);
  if (route.severities.length > 0 && !route.severities.includes(ticket.severity))
    return no(`the ticket is ${ticket.severity} only`);
  if (route.sites.length > 0 && (ticket.site === null || !route.sites.includes(ticket.site)))
    return no('the site is another');
  if (route.components.length > 0 && (ticket.component === null || !route.components.includes(ticket.component)))
    return no('the component is another');
  if (route.providers.length > 0 && (ticket.provider === null || !route.providers.includes(ticket.provider)))
    return no('the provider is another');
  if (ticket.parent && route.audience === 'operator') return no(`it is worked on in ${ticket.parent}`);
  if (held) return { route: route.id, told: true, at: held.until, why: held.text };
  const critical = ticket.severity === 'critical' && route.quiet?.exceptCritical;
  const until = route.quiet && !critical ? quietUntil(route.quiet, now) : null;
  if (until !== null && route.quiet) {
    return {
      route: route.id,
      told: true,
      at: until,
      why: `quiet hours until ${clockText(route.quiet.to)} (${route.quiet.timezone})`,
    };
  }
  return {
    route: route.id,
    told: true,
    at: now,
    why: critical && route.quiet ? 'critical: quiet hours do not hold it' : 'it fits the route',
  };
}
