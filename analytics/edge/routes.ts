import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../contract/errors.ts';
import { EvidenceSchema } from '../../contract/finding-schema.ts';
import { ALL_MODES, COMPONENTS } from '../../contract/modes.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { Directory } from '../../contract/ports/directory.ts';
import type { FindingStore, Opinion, OpinionStore, StandingFinding } from '../../contract/ports/findings.ts';
import { asTenantId } from '../../contract/topics.ts';

export interface AnalyticsRouteDeps {
  readonly clock: Clock;
  readonly findings: FindingStore;
  readonly opinions: OpinionStore;
  readonly directory: Directory;
  /** Lets the engine take a new opinion in at once. */
  readonly heed: () => Promise<void>;
}

const HOUR = 3_600_000;
const SEVERITIES = ['watch', 'warning', 'critical'] as const;
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);

const FindingSchema = Type.Object({
  fingerprint: Type.String(),
  at: Type.Number({ description: 'when this was said, ms UTC' }),
  openedAt: Type.Number(),
  scope: Type.Enum(['terminal', 'site', 'cell', 'carrier', 'firmware', 'model']),
  subject: Type.String(),
  terminal: Nullable(Type.String()),
  members: Type.Optional(Type.Array(Type.String())),
  component: Type.Enum([...COMPONENTS]),
  mode: Type.Enum([...ALL_MODES]),
  standing: Type.Boolean(),
  severity: Type.Enum([...SEVERITIES]),
  probability: Type.Number({ description: 'of failure within horizonH' }),
  horizonH: Type.Number(),
  failsAt: Nullable(Type.Number()),
  failsAtP10: Nullable(Type.Number()),
  failsAtP90: Nullable(Type.Number()),
  evidence: Type.Array(EvidenceSchema),
});

const OpinionBody = {
  terminal: Type.String({ minLength: 1, maxLength: 64 }),
  component: Type.Enum([...COMPONENTS]),
  mode: Type.Optional(Type.Enum([...ALL_MODES])),
  note: Type.Optional(Type.String({ maxLength: 2000 })),
};

function view(f: StandingFinding) {
  const { tenant: _tenant, revision: _revision, state, members, site: _site, ...rest } = f;
  return {
    ...rest,
    ...(members ? { members: [...members] } : {}),
    evidence: [...f.evidence],
    standing: state !== 'cleared',
  };
}

/** Findings that stand, a terminal's past ones, and what people think of them. */
export function analyticsRoutes(root: FastifyInstance, deps: AnalyticsRouteDeps): void {
  const http = root.withTypeProvider<TypeBoxTypeProvider>();
  const { findings, opinions, directory, clock } = deps;
  const tags = ['findings'];
  const List = Type.Object({ items: Type.Array(FindingSchema), total: Type.Number() });

  http.get(
    '/tenants/:tenant/findings',
    {
      config: { right: 'findings:read' },
      schema: {
        tags,
        summary: 'Findings that stand, gravest first',
        operationId: 'listFindings',
        params: Type.Object({ tenant: Type.String() }),
        querystring: Type.Object({
          severity: Type.Optional(Type.Enum([...SEVERITIES], { description: 'this severity and graver' })),
          component: Type.Optional(Type.Enum([...COMPONENTS])),
          site: Type.Optional(Type.String()),
          offset: Type.Optional(Type.Integer({ minimum: 0 })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'default 200' })),
        }),
        response: { 200: List },
      },
    },
    async (request) => {
      const { severity, component, site, offset = 0, limit = 200 } = request.query;
      const all = await findings.standing(
        asTenantId(request.params.tenant),
        site === undefined ? {} : { site: [site] },
      );
      const least = severity === undefined ? 0 : SEVERITIES.indexOf(severity);
      const items = all.filter(
        (f) => SEVERITIES.indexOf(f.severity) >= least && (component === undefined || f.component === component),
      );
      return { items: items.slice(offset, offset + limit).map(view), total: items.length };
    },
  );

  http.get(
    '/tenants/:tenant/terminals/:id/findings',
    {
      config: { right: 'terminal:read' },
      schema: {
        tags,
        summary: 'Standing and past findings of a terminal, newest first',
        operationId: 'listTerminalFindings',
        params: Type.Object({ tenant: Type.String(), id: Type.String() }),
        querystring: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })) }),
        response: { 200: List },
      },
    },
    async (request) => {
      const items = await findings.history(
        asTenantId(request.params.tenant),
        request.params.id,
        request.query.limit ?? 100,
      );
      return { items: items.map(view), total: items.length };
    },
  );

  const opine = async (
    tenantText: string,
    kind: Opinion['kind'],
    by: string,
    body: { terminal: string; component: Opinion['component']; mode?: Opinion['mode']; note?: string },
    until: number | null,
  ) => {
    const tenant = asTenantId(tenantText);
    const facts = directory.facts(tenant, body.terminal);
    if (!facts) {
      throw new TillwatchError('analytics.unknown_terminal', `${body.terminal} is not a terminal of this tenant`, {
        status: 404,
      });
    }
    await opinions.add({
      tenant,
      terminal: body.terminal,
      component: body.component,
      mode: body.mode ?? null,
      kind,
      at: clock.now(),
      until,
      by,
      note: body.note ?? '',
      model: facts.model,
    });
    await deps.heed();
    return { ok: true };
  };
  const Done = Type.Object({ ok: Type.Boolean() });

  http.post(
    '/tenants/:tenant/findings/mute',
    {
      config: { right: 'findings:write' },
      schema: {
        tags,
        summary: "Silence a terminal's findings on a component for a while",
        operationId: 'muteFindings',
        params: Type.Object({ tenant: Type.String() }),
        body: Type.Object({ ...OpinionBody, hours: Type.Number({ exclusiveMinimum: 0, maximum: 8760 }) }),
        response: { 200: Done },
      },
    },
    async (request) =>
      opine(
        request.params.tenant,
        'mute',
        request.principal.name,
        request.body,
        clock.now() + request.body.hours * HOUR,
      ),
  );

  http.post(
    '/tenants/:tenant/findings/wrong',
    {
      config: { right: 'findings:write' },
      schema: {
        tags,
        summary: 'Say that a finding was wrong: it is cleared, and its kind must be surer in future',
        operationId: 'markFindingWrong',
        params: Type.Object({ tenant: Type.String() }),
        body: Type.Object(OpinionBody),
        response: { 200: Done },
      },
    },
    async (request) => opine(request.params.tenant, 'wrong', request.principal.name, request.body, null),
  );
}
