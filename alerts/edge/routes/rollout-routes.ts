import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Rollout } from '../../core/rollouts.ts';
import type { RolloutDesk } from '../rollout-desk.ts';
import { need, TenantParams, tenantOf, typed } from './http.ts';
import { Nullable, Time } from './ticket-schemas.ts';

const Text = Type.String();
const Word = Type.String({ minLength: 1, maxLength: 64 });
const Share = Type.Number({ exclusiveMinimum: 0, maximum: 1 });
const Stage = Type.Object({ share: Share, watchMs: Type.Integer({ minimum: 60_000, maximum: 30 * 86_400_000 }) });
const Window = Nullable(
  Type.Object({ from: Type.Integer({ minimum: 0, maximum: 1439 }), to: Type.Integer({ minimum: 0, maximum: 1439 }) }),
);
const Shown = Type.Object({
  id: Text,
  version: Text,
  state: Type.Enum(['running', 'halted', 'done', 'cancelled']),
  stage: Type.Integer(),
  stages: Type.Array(Stage),
  window: Window,
  terminals: Type.Integer(),
  sent: Type.Integer(),
  answered: Type.Integer(),
  failed: Type.Integer(),
  why: Nullable(Text),
  riskPlan: Text,
  by: Text,
  startedAt: Time,
});
const Params = Type.Object({ tenant: Text, rollout: Type.String({ pattern: '^[a-z0-9-]{1,30}$' }) });

const SUMMARIES = {
  pause: 'Halt a running rollout by hand',
  resume: 'Let a halted rollout go on',
  cancel: 'Stop a rollout for good',
} as const;

function shown(rollout: Rollout) {
  const sent = Object.values(rollout.sent);
  return {
    ...rollout,
    stages: [...rollout.stages],
    terminals: rollout.terminals.length,
    sent: sent.length,
    answered: sent.filter((one) => one.result === 'ok').length,
    failed: sent.filter((one) => one.result === 'failed').length,
  };
}

/** Staged firmware rollouts. */
export function rolloutRoutes(root: FastifyInstance, { rollouts }: { rollouts: RolloutDesk }): void {
  const http = typed(root);

  http.get(
    '/tenants/:tenant/rollouts',
    {
      config: { right: 'rollouts:read' },
      schema: {
        tags: ['rollouts'],
        summary: 'Firmware rollouts, newest first',
        operationId: 'listRollouts',
        params: TenantParams,
        response: { 200: Type.Object({ items: Type.Array(Shown) }) },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'auditor');
      return { items: (await rollouts.list(tenantOf(request.params))).map(shown) };
    },
  );

  http.put(
    '/tenants/:tenant/rollouts/:rollout',
    {
      config: { right: 'rollouts:write' },
      schema: {
        tags: ['rollouts'],
        summary: 'Start a rollout: stages by share, a window, thresholds at which it halts by itself, and a risk plan',
        operationId: 'startRollout',
        params: Params,
        body: Type.Object(
          {
            version: Word,
            url: Type.String({ pattern: '^https?://', maxLength: 500 }),
            sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
            model: Type.Optional(Word),
            fromFirmware: Type.Optional(Word),
            stages: Type.Array(Stage, { minItems: 1, maxItems: 10 }),
            window: Type.Optional(Window),
            maxFailed: Type.Number({ minimum: 0, maximum: 1 }),
            maxWorse: Type.Number({ minimum: 1, maximum: 20 }),
            riskPlan: Type.String({ minLength: 10, maxLength: 2_000, description: 'what is done when it goes wrong' }),
          },
          { additionalProperties: false },
        ),
        response: { 201: Shown },
      },
    },
    async (request, reply) => {
      need(request.principal, 'operations', 'administrator');
      const { model = null, fromFirmware = null, window = null, ...rest } = request.body;
      const rollout = await rollouts.start(tenantOf(request.params), {
        id: request.params.rollout,
        ...rest,
        window,
        model,
        fromFirmware,
        by: request.principal.name,
      });
      return reply.code(201).send(shown(rollout));
    },
  );

  for (const action of ['pause', 'resume', 'cancel'] as const) {
    http.post(
      `/tenants/:tenant/rollouts/:rollout/${action}`,
      {
        config: { right: 'rollouts:write' },
        schema: {
          tags: ['rollouts'],
          summary: SUMMARIES[action],
          operationId: `${action}Rollout`,
          params: Params,
          response: { 200: Shown },
        },
      },
      async (request) => {
        need(request.principal, 'operations', 'administrator');
        const tenant = tenantOf(request.params as { tenant: string });
        const { rollout } = request.params as { rollout: string };
        const { name } = request.principal;
        if (action === 'resume') return shown(await rollouts.resume(tenant, rollout));
        return shown(await rollouts[action](tenant, rollout, name));
      },
    );
  }
}
