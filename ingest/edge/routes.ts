import { randomUUID } from 'node:crypto';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../contract/errors.ts';
import type { Command } from '../../contract/payloads.ts';
import '../../contract/principal.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { CommandSender, CommandStatus } from '../../contract/ports/commands.ts';
import type { RegistryRepository, TerminalChange } from '../../contract/ports/registry.ts';
import type { Site } from '../../contract/registry.ts';
import type { Routes } from '../../contract/room.ts';
import { asTenantId, type TenantId } from '../../contract/topics.ts';
import type { RegistryDirectory } from './directory.ts';
import { mayOperate } from './may-operate.ts';
import {
  AcceptBody,
  CommandBody,
  CommandStatusSchema,
  HistorySchema,
  MoveBody,
  PlacementRulesBody,
  SiteBody,
  SiteParams,
  SiteSchema,
  SwapBody,
  TenantParams,
  TerminalParams,
  TerminalSchema,
} from './route-schemas.ts';

export interface IngestRouteDeps {
  readonly clock: Clock;
  readonly registry: RegistryRepository;
  readonly directory: RegistryDirectory;
  readonly commands: CommandSender;
  /** Told when a terminal's standing changed: a device that was locked or retired is shut out at once. */
  readonly noticed: () => void;
}

/** A lock or unlock is told to the terminal itself for this long. */
const LOCK_HOLDS_MS = 7 * 86_400_000;

/** Registry operations, sites and commands under `/tenants/:tenant`. */
export function ingestRoutes(deps: IngestRouteDeps): Routes {
  const { clock, registry, directory, commands } = deps;

  return (instance) => {
    const http = instance.withTypeProvider<TypeBoxTypeProvider>();

    async function change(request: FastifyRequest, tenant: string, terminal: string, what: TerminalChange) {
      mayOperate(request);
      const id = asTenantId(tenant);
      const changed = await registry.change(id, terminal, what, clock.now(), request.principal.name);
      await directory.refresh();
      deps.noticed();
      return { ...changed, hardware: { ...changed.hardware } };
    }

    /** The registry's word is what counts; a terminal out of reach is told when it comes back. */
    async function tell(tenant: TenantId, terminal: string, name: 'lock' | 'unlock'): Promise<void> {
      const command: Command = { id: randomUUID(), name, expires_at: clock.now() + LOCK_HOLDS_MS };
      await commands.send(tenant, terminal, command).catch((error: unknown) => {
        if (!(error instanceof TillwatchError)) throw error;
      });
    }

    const tags = ['registry'];
    const answer = { 200: TerminalSchema };
    http.post(
      '/tenants/:tenant/terminals/:terminal/accept',
      {
        config: { right: 'fleet:write' },
        schema: {
          tags,
          operationId: 'acceptTerminal',
          summary: 'Accept a pending terminal, at its place or another',
          params: TerminalParams,
          body: AcceptBody,
          response: answer,
        },
      },
      async (request) => {
        const { tenant, terminal } = request.params;
        return change(request, tenant, terminal, { kind: 'accept', ...request.body });
      },
    );
    http.post(
      '/tenants/:tenant/terminals/:terminal/move',
      {
        config: { right: 'fleet:write' },
        schema: {
          tags,
          operationId: 'moveTerminal',
          summary: 'Place a terminal at a site; births no longer move it',
          params: TerminalParams,
          body: MoveBody,
          response: answer,
        },
      },
      async (request) => {
        const { tenant, terminal } = request.params;
        return change(request, tenant, terminal, { kind: 'move', site: request.body.site });
      },
    );
    http.post(
      '/tenants/:tenant/terminals/:terminal/swap',
      {
        config: { right: 'fleet:write' },
        schema: {
          tags,
          operationId: 'swapTerminal',
          summary: 'Retire a terminal and let another take over its place',
          params: TerminalParams,
          body: SwapBody,
          response: answer,
        },
      },
      async (request) => {
        const { tenant, terminal } = request.params;
        return change(request, tenant, terminal, { kind: 'swap', replacement: request.body.replacement });
      },
    );
    for (const [kind, operationId, summary] of [
      ['retire', 'retireTerminal', 'Retire a terminal for good'],
      ['lock', 'lockTerminal', 'Lock a terminal: its credentials are refused and it is told to lock itself'],
      ['unlock', 'unlockTerminal', 'Unlock a terminal'],
    ] as const) {
      http.post(
        `/tenants/:tenant/terminals/:terminal/${kind}`,
        {
          config: { right: 'fleet:write' },
          schema: { tags, operationId, summary, params: TerminalParams, response: answer },
        },
        async (request) => {
          const { tenant, terminal } = request.params as { tenant: string; terminal: string };
          const changed = await change(request, tenant, terminal, { kind });
          if (kind !== 'retire') await tell(changed.tenant, terminal, kind);
          return changed;
        },
      );
    }
    http.get(
      '/tenants/:tenant/terminals/:terminal/history',
      {
        config: { right: 'terminal:read' },
        schema: {
          tags,
          operationId: 'terminalHistory',
          summary: 'What operators did to a terminal, newest first',
          params: TerminalParams,
          response: { 200: HistorySchema },
        },
      },
      async (request) => {
        const { tenant, terminal } = request.params;
        const events = await registry.history(asTenantId(tenant), terminal, 200);
        return { items: events.map((event) => ({ ...event, change: { ...event.change } })) };
      },
    );
    http.put(
      '/tenants/:tenant/sites/:site',
      {
        config: { right: 'fleet:write' },
        schema: {
          tags,
          operationId: 'putSite',
          summary: 'Make or change a site',
          params: SiteParams,
          body: SiteBody,
          response: { 200: SiteSchema },
        },
      },
      async (request) => {
        mayOperate(request);
        const { tenant, site } = request.params;
        const { timezone } = request.body;
        if (!isZone(timezone)) {
          throw new TillwatchError(
            'registry.bad_site',
            `timezone "${timezone}" is not an IANA zone, such as Europe/Berlin`,
            {
              status: 400,
            },
          );
        }
        const kept = await registry.putSite({ ...request.body, tenant: asTenantId(tenant), site } as Site, clock.now());
        await directory.refresh();
        const { hours, closedOn, ...facts } = kept;
        return { ...facts, ...(hours ? { hours: [...hours] } : {}), ...(closedOn ? { closedOn: [...closedOn] } : {}) };
      },
    );

    http.get(
      '/tenants/:tenant/placement-rules',
      {
        config: { right: 'fleet:read' },
        schema: {
          tags,
          operationId: 'listPlacementRules',
          summary: 'Rules by which new terminals find their place',
          params: TenantParams,
          response: { 200: PlacementRulesBody },
        },
      },
      async (request) => {
        const rules = await registry.placementRules(asTenantId(request.params.tenant));
        return { items: rules.map((rule) => ({ ...rule, when: { ...rule.when } })) };
      },
    );
    http.put(
      '/tenants/:tenant/placement-rules',
      {
        config: { right: 'fleet:write' },
        schema: {
          tags,
          operationId: 'putPlacementRules',
          summary: 'Replace the rules by which new terminals find their place',
          params: TenantParams,
          body: PlacementRulesBody,
          response: { 200: PlacementRulesBody },
        },
      },
      async (request) => {
        mayOperate(request);
        const { items } = request.body;
        const twice = items.find(({ rule }, i) => items.findIndex((other) => other.rule === rule) < i);
        if (twice) {
          throw new TillwatchError(
            'registry.bad_rules',
            `two rules are named "${twice.rule}": give each a name of its own`,
            { status: 400, context: { field: 'items.rule' } },
          );
        }
        await registry.putPlacementRules(asTenantId(request.params.tenant), items);
        return { items };
      },
    );

    http.post(
      '/tenants/:tenant/terminals/:terminal/commands',
      {
        config: { right: 'fleet:write' },
        schema: {
          tags: ['commands'],
          operationId: 'sendCommand',
          summary: 'Send a command; the same id again is sent again and done once',
          params: TerminalParams,
          body: CommandBody,
          response: { 202: CommandStatusSchema },
        },
      },
      async (request, reply) => {
        mayOperate(request);
        const { terminal } = request.params;
        const tenant = asTenantId(request.params.tenant);
        const { id = randomUUID(), name, args, validS = 3600 } = request.body;
        const now = clock.now();
        const command = { id, name, ...(args ? { args } : {}), expires_at: now + validS * 1000 } as Command;
        await commands.send(tenant, terminal, command);
        const status = (await commands.status(tenant, terminal)).find((s) => s.command.id === id);
        reply.code(202);
        return shown(status ?? { command, state: 'sent', sentAt: now, result: null, resultAt: null });
      },
    );
    http.get(
      '/tenants/:tenant/terminals/:terminal/commands',
      {
        config: { right: 'terminal:read' },
        schema: {
          tags: ['commands'],
          operationId: 'listCommands',
          summary: 'The last commands of a terminal and what became of them, newest first',
          params: TerminalParams,
          response: { 200: Type.Object({ items: Type.Array(CommandStatusSchema) }) },
        },
      },
      async (request) => {
        const { tenant, terminal } = request.params;
        return { items: (await commands.status(asTenantId(tenant), terminal)).map(shown) };
      },
    );
  };
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function shown({ command, state, sentAt, result, resultAt }: CommandStatus) {
  return {
    id: command.id,
    name: command.name,
    ...(command.args ? { args: { ...command.args } } : {}),
    state,
    sentAt,
    expiresAt: command.expires_at,
    resultAt,
    ...(result?.detail === undefined ? {} : { detail: result.detail }),
    ...(result?.data === undefined ? {} : { data: result.data }),
  };
}
