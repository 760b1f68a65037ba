import { TillwatchError } from './errors.ts';

/** A tenant's id, checked: `[a-z0-9-]{1,32}`. A query that needs a tenant takes this type, so a bare string does not compile. */
export type TenantId = string & { readonly __tenant: true };

/** Channels that terminals speak on, in the order of their wire and journal codes (append only). */
export const UP_CHANNELS = ['birth', 'state', 'heartbeat', 'counters', 'event', 'result'] as const;
export type UpChannel = (typeof UP_CHANNELS)[number];
export type Channel = UpChannel | 'command' | 'batch';

export const TOPIC_ROOT = 'pos/v1/';

const TENANT = /^[a-z0-9-]{1,32}$/;
const TERMINAL = /^[A-Za-z0-9_-]{1,64}$/;
const CHANNELS: ReadonlySet<string> = new Set([...UP_CHANNELS, 'command', 'batch']);

export interface Topic {
  readonly tenant: TenantId;
  /** The terminal, or for `batch` the gateway that speaks for a store. */
  readonly terminal: string;
  readonly channel: Channel;
}

export function isTenantId(text: string): text is TenantId {
  return TENANT.test(text);
}

export function isTerminalId(text: string): boolean {
  return TERMINAL.test(text);
}

/** Checks a tenant's id; throws `contract.bad_tenant` naming the rule. */
export function asTenantId(text: string): TenantId {
  if (isTenantId(text)) return text;
  throw new TillwatchError('contract.bad_tenant', `"${text}" is not a tenant id: use 1–32 of a–z, 0–9 and "-"`, {
    status: 400,
  });
}

/** Reads `pos/v1/{tenant}/{terminal}/{channel}`; undefined when the topic is not one of ours. */
export function parseTopic(topic: string): Topic | undefined {
  if (!topic.startsWith(TOPIC_ROOT)) return undefined;
  const a = topic.indexOf('/', TOPIC_ROOT.length);
  if (a < 0) return undefined;
  const b = topic.indexOf('/', a + 1);
  if (b < 0) return undefined;
  const tenant = topic.slice(TOPIC_ROOT.length, a);
  const terminal = topic.slice(a + 1, b);
  const channel = topic.slice(b + 1);
  if (!isTenantId(tenant) || !TERMINAL.test(terminal) || !CHANNELS.has(channel)) return undefined;
  return { tenant, terminal, channel: channel as Channel };
}

export function formatTopic(tenant: string, terminal: string, channel: Channel): string {
  return `${TOPIC_ROOT}${tenant}/${terminal}/${channel}`;
}
