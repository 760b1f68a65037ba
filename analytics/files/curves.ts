import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { median } from 'simple-statistics';
import { messageOf, TillwatchError } from '../../contract/errors.ts';
import { type CurveForecast, completedOf, forecastCurve } from '../core/curves/forecast.ts';
import { withoutGaps } from '../core/curves/gaps.ts';
import { type Curve, type Limit, progressOf, startOf } from '../core/curves/progress.ts';
import { numberOf } from './csv.ts';
import { readSeries } from './series.ts';

export interface ForecastOptions extends Limit {
  readonly path: string;
  /** A directory of completed curves of the same kind; the curve itself, should it lie there, is left out. */
  readonly fleet?: string;
  readonly timeColumn?: string;
  readonly valueColumn?: string;
}

export interface FileForecast extends CurveForecast {
  /** Last place on the curve's axis. */
  readonly last: number;
  /** Files of the fleet that never reach the limit, hold too little, or are of another scale or kind of axis. */
  readonly leftOut: readonly string[];
  /** Readings near zero between normal ones, left out as not measured. */
  readonly missing: number;
  /** The axis is of moments: places on it are days since 1970-01-01 UTC. */
  readonly calendar: boolean;
}

interface FileCurve extends Curve {
  readonly calendar: boolean;
}

const LEAST = 5;
/** A completed curve that has so many times as far to go to the limit, or so many times the curve's spacing of samples, is in another unit. */
const OTHER_UNIT = 20;
const OTHER_AXIS = 500;

/**
 * Foretells where the curve in a CSV file (columns time or cycle, value) reaches its limit. Errors: those of `readSeries`,
 * `files.too_short`, `files.beyond_limit`, `files.no_fleet`, `files.order`.
 */
export async function forecastFile(options: ForecastOptions): Promise<FileForecast> {
  const limit: Limit = { threshold: options.threshold, direction: options.direction };
  const { curve, missing } = withoutGaps(await readCurve(options.path, options), limit);
  if (curve.x.length < LEAST) {
    throw new TillwatchError(
      'files.too_short',
      `${options.path} has ${curve.x.length} samples: at least ${LEAST} are needed`,
      { status: 400 },
    );
  }
  if (!(curve.x[curve.x.length - 1]! > curve.x[0]!)) {
    throw new TillwatchError(
      'files.order',
      `${options.path} has all its samples at ${curve.x[0]}: its column of times or cycles must rise; name it with --time-column`,
      { status: 400 },
    );
  }
  if (!progressOf(curve, limit)) throw beyondLimit(options, curve);
  const files = options.fleet === undefined ? [] : fleetFiles(options.fleet, options.path);
  const leftOut: string[] = [];
  const fleet = [];
  for (const file of files) {
    const { curve: other } = withoutGaps(await readCurve(file, options), limit);
    const [completed] = completedOf([other], limit);
    if (completed && sameScale(curve, other, limit)) fleet.push(completed);
    else leftOut.push(file);
  }
  if (options.fleet !== undefined && fleet.length === 0) {
    throw new TillwatchError(
      'files.no_fleet',
      `no CSV file in ${options.fleet} reaches ${limit.threshold} from ${limit.direction === 'below' ? 'above' : 'below'} in the units of ${options.path}: completed curves are expected there`,
      { status: 400 },
    );
  }
  const forecast = forecastCurve(curve, limit, fleet);
  if (!forecast) throw beyondLimit(options, curve);
  return { ...forecast, last: curve.x[curve.x.length - 1]!, leftOut, missing, calendar: curve.calendar };
}

function beyondLimit({ path, threshold, direction }: ForecastOptions, curve: Curve): TillwatchError {
  const start = startOf(curve);
  const where = start === threshold ? 'at' : direction;
  return new TillwatchError(
    'files.beyond_limit',
    `${path} begins at ${start}, which is ${where} ${threshold} already: look at --threshold and --direction`,
    { status: 400 },
  );
}

/**
 * Whether a completed curve can be in the units of this one: mAh beside Ah, seconds beside cycles, or dates beside either cannot. The
 * axis is told by the spacing of its samples and not by lives, for a curve may be young.
 */
function sameScale(curve: FileCurve, other: FileCurve, { threshold }: Limit): boolean {
  if (curve.calendar !== other.calendar) return false;
  const way = (startOf(other) - threshold) / (startOf(curve) - threshold);
  return within(way, OTHER_UNIT) && within(spacingOf(other) / spacingOf(curve), OTHER_AXIS);
}

function within(ratio: number, factor: number): boolean {
  return ratio < factor && ratio > 1 / factor;
}

/** The usual step between samples that are not at one place. */
function spacingOf({ x }: Curve): number {
  return median(
    x
      .slice(1)
      .map((v, i) => v - x[i]!)
      .filter((step) => step > 0),
  );
}

async function readCurve(path: string, { timeColumn, valueColumn }: Partial<ForecastOptions>): Promise<FileCurve> {
  let calendar = false;
  const x: number[] = [];
  const y: number[] = [];
  const columns = {
    kind: 'number',
    ...(timeColumn === undefined ? {} : { time: timeColumn }),
    ...(valueColumn === undefined ? {} : { value: valueColumn }),
  } as const;
  for await (const { line, text, at, value } of readSeries(path, columns)) {
    if (value === undefined) continue;
    if (x.length > 0 && at < x[x.length - 1]!) {
      throw new TillwatchError(
        'files.order',
        `${path}, line ${line}: rows must be in rising order of time, and "${text}" is before the row above: sort them, or give each part a file`,
        {
          status: 400,
        },
      );
    }
    calendar = Number.isNaN(numberOf(text));
    x.push(at);
    y.push(value);
  }
  return { x, y, calendar };
}

function fleetFiles(directory: string, own: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => /\.csv(\.gz)?$/i.test(name))
      .map((name) => join(directory, name))
      .filter((path) => join(path) !== join(own))
      .sort();
  } catch (error) {
    throw new TillwatchError(
      'files.no_fleet',
      `${directory} cannot be read: ${messageOf(error)}; --fleet is a directory of completed curves`,
      { status: 400 },
    );
  }
}
