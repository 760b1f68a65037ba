import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { ALL_MODES, COMPONENTS } from '../../contract/modes.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { Directory } from '../../contract/ports/directory.ts';
import type { FindingStore, OpinionStore } from '../../contract/ports/findings.ts';
import { asTenantId, type TenantId } from '../../contract/topics.ts';
import type { Learned } from '../core/calibration.ts';
import { quality } from '../core/quality.ts';
import { DAY } from '../core/time.ts';

export interface QualityRouteDeps {
  readonly clock: Clock;
  readonly findings: Pick<FindingStore, 'claims'>;
  readonly opinions: Pick<OpinionStore, 'judgements'>;
  readonly directory: Directory;
  readonly learned: (tenant: TenantId) => readonly Learned[];
}

const DAYS = 90;
const OrNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

const figures = {
  raised: Type.Integer({ description: 'findings that asked for a ticket (warning or critical)' }),
  standing: Type.Integer({ description: 'of these, still standing' }),
  right: Type.Integer({
    description: 'the part was really failing (closed ticket, or it stopped while the finding stood)',
  }),
  wrong: Type.Integer({ description: 'a person or a closed ticket said that it was not failing' }),
  unjudged: Type.Integer({ description: 'raised, and nobody has said yet' }),
  precision: OrNull('right / (right + wrong); null: none judged'),
  precisionLow: OrNull('90 % Wilson interval, lower end'),
  precisionHigh: OrNull('90 % Wilson interval, upper end'),
  failed: Type.Integer({ description: 'whose part stopped while the finding stood' }),
  leadMedianH: OrNull('hours from asking for a ticket to the failure, median over the failed'),
  leadP10H: OrNull('one in ten had less lead than this, hours'),
  insideInterval: OrNull('share of failures inside the [p10, p90] first stated; 0.8 is perfect'),
};

/** How good findings were: what they promised, held against closed tickets and failures. */
export function qualityRoutes(root: FastifyInstance, deps: QualityRouteDeps): void {
  const http = root.withTypeProvider<TypeBoxTypeProvider>();
  const identity = {
    component: Type.Enum([...COMPONENTS]),
    mode: Type.Enum([...ALL_MODES]),
    model: Type.Union([Type.String(), Type.Null()], {
      description: 'hardware model; null: unknown, or a wider finding',
    }),
  };
  http.get(
    '/tenants/:tenant/model-quality',
    {
      config: { right: 'statistics:read' },
      schema: {
        tags: ['findings'],
        summary: 'How good findings were: precision, lead time and calibration, by component, mode and model',
        operationId: 'getModelQuality',
        params: Type.Object({ tenant: Type.String() }),
        querystring: Type.Object({
          from: Type.Optional(Type.Integer({ minimum: 0, description: `ms UTC; default ${DAYS} days before \`to\`` })),
          to: Type.Optional(Type.Integer({ minimum: 0, description: 'ms UTC, exclusive; default now' })),
        }),
        response: {
          200: Type.Object({
            from: Type.Number(),
            to: Type.Number(),
            total: Type.Object(figures),
            groups: Type.Array(Type.Object({ ...identity, ...figures }), { description: 'most findings first' }),
            calibration: Type.Array(
              Type.Object({
                from: Type.Number(),
                to: Type.Number(),
                n: Type.Integer({ description: 'judged findings whose stated probability lies in [from, to)' }),
                stated: OrNull('mean probability first stated (failure within the horizon)'),
                observed: OrNull('share that was right'),
              }),
              { description: 'five bins of the probability first stated' },
            ),
            learned: Type.Array(
              Type.Object({
                component: identity.component,
                mode: identity.mode,
                model: identity.model,
                right: Type.Integer(),
                wrong: Type.Integer(),
                precision: Type.Number({ description: "posterior mean, shrunk to the mode's own over the fleet" }),
                demand: Type.Number({
                  description: 'factor on the strength that this kind of finding now needs: above 1 it must be surer',
                }),
              }),
              { description: 'what outcomes have taught the engine, of all time' },
            ),
          }),
        },
      },
    },
    async (request) => {
      const tenant = asTenantId(request.params.tenant);
      const to = request.query.to ?? deps.clock.now() + 1;
      const from = request.query.from ?? Math.max(0, to - DAYS * DAY);
      const [claims, opinions] = await Promise.all([
        deps.findings.claims(tenant, from, to),
        deps.opinions.judgements(tenant, from),
      ]);
      const report = quality(claims, opinions, (terminal) => deps.directory.facts(tenant, terminal)?.model ?? null);
      return {
        from,
        to,
        total: report.total,
        groups: [...report.groups],
        calibration: [...report.calibration],
        learned: deps.learned(tenant).map(({ component, mode, model, right, wrong, precision, demand }) => ({
          component,
          mode,
          model: model === '' ? null : model,
          right,
          wrong,
          precision,
          demand,
        })),
      };
    },
  );
}
