import { isLoopbackName } from '../contract/loopback.ts';
import type { Clock } from '../contract/ports/clock.ts';
import type { TicketRepository } from '../contract/ports/tickets.ts';
import type { TenantId } from '../contract/topics.ts';
import type { GateRule } from './access/core/gate.ts';
import type { GuardDeps } from './access/edge/guard.ts';
import type { Config } from './config.ts';

/** How requests come in under this configuration: beyond loopback, or behind a public name, everybody signs in. */
export function gateOf(config: Pick<Config, 'httpHost' | 'consoleUrl' | 'signIn'>): GateRule {
  const beyond = !isLoopbackName(config.httpHost === '::1' ? '[::1]' : config.httpHost);
  const named = config.consoleUrl === '' ? undefined : new URL(config.consoleUrl).hostname;
  const isPublic = named !== undefined && !isLoopbackName(named);
  return {
    signIn: beyond || isPublic ? 'required' : config.signIn,
    names: beyond ? undefined : named === undefined ? [] : [named],
  };
}

const KEPT_MS = 5_000;

/** Sites and terminals of the open tickets that a provider has, looked up again every few seconds. */
export function givenTo(tickets: TicketRepository, clock: Clock): GuardDeps['given'] {
  const known = new Map<string, { readonly at: number; readonly given: ReturnType<GuardDeps['given']> }>();
  const look = async (tenant: TenantId, provider: string) => {
    const { items } = await tickets.list(tenant, { provider: [provider], open: true, limit: 1_000 });
    const sites = new Set(items.flatMap(({ site }) => (site === null ? [] : [site])));
    const terminals = new Set(items.flatMap(({ terminal }) => (terminal === null ? [] : [terminal])));
    return { sites, terminals };
  };
  return (tenant, provider) => {
    const key = `${tenant}/${provider}`;
    const at = clock.now();
    const held = known.get(key);
    if (held && at - held.at < KEPT_MS) return held.given;
    const given = look(tenant, provider);
    known.set(key, { at, given });
    given.catch(() => known.delete(key));
    return given;
  };
}
