import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { TillwatchError } from '../../contract/errors.ts';
import { MODES } from '../../contract/modes.ts';
import { MODELS } from './models.ts';
import { REGIONS } from './regions.ts';

const strict = { additionalProperties: false } as const;
const span = Type.Tuple([Type.Number({ minimum: 0 }), Type.Number({ minimum: 0 })], {
  description: 'drawn evenly between the two',
});
const share = Type.Number({ minimum: 0, maximum: 1 });
const day = Type.Number({ minimum: 0, description: 'days after the start' });

export const FaultGroupSchema = Type.Object(
  {
    component: Type.Enum(Object.keys(MODES)),
    mode: Type.Enum([...new Set(Object.values(MODES).flat())]),
    variant: Type.Optional(Type.String({ minLength: 1, description: 'a kind within the mode, e.g. interference' })),
    count: Type.Integer({ minimum: 1, description: 'terminals, or stores where the scope is wider' }),
    scope: Type.Optional(Type.Enum(['terminal', 'store', 'cell'])),
    onsetDay: span,
    days: span,
    ceiling: Type.Optional(
      Type.Number({ minimum: 0.05, maximum: 2, description: 'below 1: degrades and never fails' }),
    ),
    repairAfterDays: Type.Optional(span),
    models: Type.Optional(Type.Array(Type.String())),
  },
  strict,
);

const place = {
  chain: Type.Optional(Type.Integer({ minimum: 0 })),
  store: Type.Optional(Type.Integer({ minimum: 0 })),
  carrier: Type.Optional(Type.Integer({ minimum: 0 })),
  region: Type.Optional(Type.String()),
};

export const IncidentSchema = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('outage', { description: 'host of a chain, line of a store or a carrier is away' }),
      ...place,
      day,
      hours: Type.Number({ minimum: 0.1 }),
    },
    strict,
  ),
  Type.Object(
    { kind: Type.Literal('heat_wave'), ...place, day, days: Type.Number({ minimum: 0.5 }), degrees: Type.Number() },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('surge'),
      ...place,
      day,
      days: Type.Number({ minimum: 0.5 }),
      factor: Type.Number({ minimum: 0 }),
    },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('firmware'),
      models: Type.Array(Type.String(), { minItems: 1 }),
      to: Type.String({ minLength: 1, maxLength: 64 }),
      day,
      days: Type.Number({ minimum: 0, description: 'the rollout takes this long' }),
      share,
      failShare: share,
      regression: share,
      /** Days after the start of the rollout at which a repaired version follows. */
      fixAfterDays: Type.Optional(Type.Number({ minimum: 0 })),
    },
    strict,
  ),
]);

/** A fleet, its faults and its weather. Written as JSON under `firmware-sim/scenarios/`. */
export const ScenarioSchema = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }),
    describe: Type.String(),
    tenant: Type.String({ pattern: '^[a-z0-9-]{1,32}$' }),
    from: Type.String({ format: 'date-time' }),
    days: Type.Number({ minimum: 0.01, maximum: 800 }),
    seed: Type.Integer(),
    fleet: Type.Object(
      {
        terminals: Type.Integer({ minimum: 1, maximum: 100_000 }),
        stores: Type.Integer({ minimum: 1, maximum: 20_000 }),
        chains: Type.Integer({ minimum: 1 }),
        heartbeatS: Type.Integer({ minimum: 5, maximum: 3600 }),
        countersS: Type.Integer({ minimum: 30, maximum: 7200 }),
        regions: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
        models: Type.Optional(Type.Record(Type.String(), Type.Number({ minimum: 0 }))),
        wrongClocks: Type.Optional(share),
        coldClocks: Type.Optional(
          Type.Boolean({
            description:
              'false: clocks without a coin cell keep time all the same; their past told late would be beyond repair',
          }),
        ),
      },
      strict,
    ),
    faults: Type.Array(FaultGroupSchema),
    incidents: Type.Array(IncidentSchema),
    /** New faults that begin as time goes on, each terminal and day. */
    ongoing: Type.Optional(
      Type.Object({ perTerminalDay: Type.Number({ minimum: 0 }), days: span, fromDay: Type.Optional(day) }, strict),
    ),
    /** 1: the usual bad rolls, swaps, moves and mistakes; 0: none. */
    nuisances: Type.Number({ minimum: 0 }),
    /** Share of messages that break the contract. */
    dirt: Type.Optional(share),
  },
  strict,
);

export type Scenario = Static<typeof ScenarioSchema>;
export type FaultGroup = Scenario['faults'][number];
export type Incident = Scenario['incidents'][number];

const check = Compile(ScenarioSchema);

/** Checks a scenario whole; throws `simulator.bad_scenario` listing every fault. */
export function asScenario(value: unknown, source: string): Scenario {
  const problems: string[] = [];
  if (!check.Check(value)) {
    for (const error of check.Errors(value)) problems.push(`${error.instancePath || '/'} ${error.message}`);
  } else {
    const keys = new Set(MODELS.map((model) => model.key));
    const named = [
      ...Object.keys(value.fleet.models ?? {}),
      ...value.faults.flatMap((fault) => fault.models ?? []),
      ...value.incidents.flatMap((incident) => (incident.kind === 'firmware' ? incident.models : [])),
    ];
    for (const key of named) if (!keys.has(key)) problems.push(`model "${key}" is not one of ${[...keys].join(', ')}`);
    for (const region of value.fleet.regions ?? []) {
      if (!REGIONS.some((known) => known.name === region)) problems.push(`region "${region}" is unknown`);
    }
    for (const fault of value.faults) {
      const modes: readonly string[] = MODES[fault.component as keyof typeof MODES];
      if (!modes.includes(fault.mode)) problems.push(`${fault.component} has no mode "${fault.mode}"`);
    }
    if (problems.length === 0) return value;
  }
  throw new TillwatchError('simulator.bad_scenario', `${source}: ${problems.join('; ')}`, {
    context: { source, problems },
  });
}
