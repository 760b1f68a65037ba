import { isIP } from 'node:net';
import { TillwatchError } from '../../../contract/errors.ts';
import { isTenantId } from '../../../contract/topics.ts';

/** A load on a broker. Rates are messages a second over all connections. */
export interface LoadOptions {
  /** `mqtt://` or `mqtts://`. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM of the authority behind the broker's certificate. */
  readonly ca?: string;
  /** Accept any certificate. */
  readonly insecure?: boolean;
  readonly tenant: string;
  readonly terminals: number;
  /** 0: a connection a terminal; otherwise the terminals speak through this many gateways. */
  readonly gateways: number;
  /** Messages in one gateway publish. */
  readonly batch: number;
  /** `max`: as fast as the broker takes them. */
  readonly rate: number | 'max';
  readonly qos: 0 | 1;
  /** Seconds over which connections are opened. */
  readonly rampS: number;
  /** Seconds of publishing after the ramp. */
  readonly durationS: number;
  /** Unacknowledged publishes a connection may have. */
  readonly window: number;
  /** Half-way, all connections are cut; after `outageS` all come back at once and flush `backlog` messages a terminal. */
  readonly storm?: { readonly outageS: number; readonly backlog: number };
  /** Processes to spread connections over; 0: as many as the limit of open files asks for. */
  readonly processes: number;
  /** Allow a broker that is not on this machine. */
  readonly allowRemote: boolean;
}

const LIMITS = {
  terminals: 2_000_000,
  gateways: 20_000,
  durationS: 86_400,
  rate: 5_000_000,
  connections: 200_000,
} as const;

/** Checks a load whole; throws `load.bad_options` that lists every fault. */
export function checkLoad(options: LoadOptions): void {
  const faults: string[] = [];
  const within = (name: string, value: number, low: number, high: number): void => {
    if (!Number.isFinite(value) || value < low || value > high) faults.push(`${name} must be from ${low} to ${high}`);
  };
  let url: URL | undefined;
  try {
    url = new URL(options.url);
  } catch {
    faults.push(`"${options.url}" is not a URL`);
  }
  if (url && url.protocol !== 'mqtt:' && url.protocol !== 'mqtts:')
    faults.push('the URL must begin with mqtt:// or mqtts://');
  if (url && !options.allowRemote && !isLoopback(url.hostname)) {
    faults.push(`${url.hostname} is not this machine: say --allow-remote if the broker is yours to load`);
  }
  if (!isTenantId(options.tenant)) faults.push(`"${options.tenant}" is not a tenant id`);
  within('terminals', options.terminals, 1, LIMITS.terminals);
  within('gateways', options.gateways, 0, LIMITS.gateways);
  within('batch', options.batch, 1, 2000);
  if (options.rate !== 'max') within('rate', options.rate, 0.01, LIMITS.rate);
  within('ramp', options.rampS, 0, 3600);
  within('duration', options.durationS, 0.5, LIMITS.durationS);
  within('window', options.window, 1, 60_000);
  if (options.gateways === 0) within('terminals with a connection each', options.terminals, 1, LIMITS.connections);
  if (options.gateways > options.terminals) faults.push('there are more gateways than terminals');
  if (options.storm) {
    within('outage', options.storm.outageS, 0, 600);
    within('backlog', options.storm.backlog, 0, 10_000);
    if (options.gateways > 0) faults.push('a storm is of terminals: leave gateways out');
  }
  if (faults.length > 0)
    throw new TillwatchError('load.bad_options', faults.join('; '), { status: 400, context: { faults } });
}

function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

/** Number of connections that a load opens. */
export function connectionsOf(options: LoadOptions): number {
  return options.gateways > 0 ? options.gateways : options.terminals;
}
