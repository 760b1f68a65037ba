/** The simulator as the composition root sees it: a library, since a fleet is not a room that serves others. */
export { createFleet, type Fleet, type FleetSnapshot, restoreFleet } from './core/fleet.ts';
export type { Scenario } from './core/scenario.ts';
export { createDemo, type Demo, type DemoReport, type DemoSettings } from './edge/demo.ts';
export { createLiveFleet, type LiveFleet } from './edge/live.ts';
export type { LoadOptions } from './edge/load/options.ts';
export { type LoadProgress, type LoadReport, runLoad } from './edge/load/run-load.ts';
export { loadScenario, scenarioNames } from './edge/scenario-files.ts';
export { runSimulation, type SimulationOptions, type SimulationSummary } from './edge/simulation.ts';
