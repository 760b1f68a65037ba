import { type Component, MODES, type Mode } from '../../contract/modes.ts';
import { asScenario, type Scenario } from '../../firmware-sim/core/scenario.ts';
import type { SimMessage } from '../../firmware-sim/core/terminal.ts';
import { createFleet, type Fleet } from '../../firmware-sim/service.ts';

export const DAY = 86_400_000;
export const FROM = Date.UTC(2026, 4, 4);

export type SceneOptions = Omit<Partial<Scenario>, 'fleet' | 'faults'> & {
  readonly fleet?: Partial<Scenario['fleet']>;
  readonly faults?: readonly object[];
};

/** A small fleet of sound terminals; give what should differ. */
export function scene(more: SceneOptions = {}): Scenario {
  const { fleet, ...rest } = more;
  return asScenario(
    {
      name: 'scene',
      describe: 'a test',
      tenant: 'shop',
      from: new Date(FROM).toISOString(),
      days: 6,
      seed: 5,
      faults: [],
      incidents: [],
      nuisances: 1,
      ...rest,
      fleet: { terminals: 12, stores: 3, chains: 2, heartbeatS: 300, countersS: 600, ...fleet },
    },
    'test',
  );
}

/** One terminal with each failure mode that a fault group can place (a regression comes with a rollout). */
export function everyMode(): Scenario {
  const faults = (Object.keys(MODES) as Component[]).flatMap((component) =>
    (MODES[component] as readonly Mode[])
      .filter((mode) => mode !== 'firmware_regression')
      .map((mode) => ({
        component,
        mode,
        count: 1,
        onsetDay: [0.4, 0.6] as [number, number],
        days: [3, 3.5] as [number, number],
      })),
  );
  return scene({
    days: 7,
    fleet: { terminals: 48, stores: 6 },
    faults,
    incidents: [
      {
        kind: 'firmware',
        models: ['android'],
        to: '9.2.0',
        day: 1.4,
        days: 0.5,
        share: 1,
        failShare: 0,
        regression: 0.6,
      },
    ],
  });
}

export function tell(fleet: Fleet, until: number, sliceMs?: number): SimMessage[] {
  return [...fleet.slices(until, sliceMs)].flat();
}

/** What went over the wire, in order of arrival. */
export function wire(fleet: Fleet, until: number, sliceMs?: number): SimMessage[] {
  return tell(fleet, until, sliceMs).filter((message) => message.kind === 'message' || message.kind === 'will');
}

export function fleetOf(scenario: Scenario, seed?: number): Fleet {
  return createFleet(seed === undefined ? { scenario } : { scenario, seed });
}
