import type { Detector, GaugeSpec, RateSpec } from '../detector.ts';
import { battery } from './battery.ts';
import { network } from './network.ts';
import { printer } from './printer.ts';
import { reader } from './reader.ts';
import { system } from './system.ts';

type Blank<T> = { readonly [K in keyof Required<T>]: undefined };

/** Every field that a detector, a gauge or a rate may have, in one order. */
const DETECTOR: Blank<Detector> = {
  component: undefined,
  bucketMs: undefined,
  liveOnly: undefined,
  learnBuckets: undefined,
  holdDays: undefined,
  fullLevel: undefined,
  wellDays: undefined,
  horizonDays: undefined,
  gauges: undefined,
  rates: undefined,
  carried: undefined,
  totals: undefined,
  scratch: undefined,
  modes: undefined,
  birth: undefined,
  concerns: undefined,
  heartbeat: undefined,
  counters: undefined,
  event: undefined,
  weighed: undefined,
  weighedRates: undefined,
  weigh: undefined,
  fails: undefined,
  pace: undefined,
  openQuestion: undefined,
  booted: undefined,
  returned: undefined,
  failed: undefined,
  heat: undefined,
  warmed: undefined,
};
const GAUGE: Blank<GaugeSpec> = {
  metric: undefined,
  dir: undefined,
  reach: undefined,
  reachSd: undefined,
  floor: undefined,
  diurnal: undefined,
  least: undefined,
  full: undefined,
  holdDays: undefined,
  learn: undefined,
  suspect: undefined,
  steps: undefined,
  alone: undefined,
  infers: undefined,
  echoes: undefined,
  grave: undefined,
  beyond: undefined,
  costs: undefined,
  depletes: undefined,
  horizonDays: undefined,
  scaled: undefined,
  common: undefined,
  weather: undefined,
  describe: undefined,
  show: undefined,
  unit: undefined,
  metricOn: undefined,
};
const RATE: Blank<RateSpec> = {
  metric: undefined,
  per: undefined,
  reach: undefined,
  reachSd: undefined,
  prior: undefined,
  priorUnits: undefined,
  rise: undefined,
  matters: undefined,
  brief: undefined,
  absolute: undefined,
  allowance: undefined,
  renewDays: undefined,
  most: undefined,
  innocent: undefined,
  plain: undefined,
  plainErrors: undefined,
  passing: undefined,
  hurries: undefined,
  asked: undefined,
  times: undefined,
  pool: undefined,
  units: undefined,
  holdDays: undefined,
  steps: undefined,
  alone: undefined,
  describe: undefined,
};

/** Every built-in detector, in the order of their state in a snapshot (append only). */
export const DETECTORS: readonly Detector[] = [printer, battery, network, reader, system].map(alike);

/** The same detector with its fields in one order, those that it leaves out included: read for each message, objects of many shapes are searched each time. */
function alike(detector: Detector): Detector {
  return {
    ...DETECTOR,
    ...detector,
    gauges: detector.gauges.map((gauge) => ({ ...GAUGE, ...gauge })),
    rates: detector.rates.map((rate) => ({ ...RATE, ...rate })),
  };
}
