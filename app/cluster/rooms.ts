import { hostname } from 'node:os';
import { TillwatchError } from '../../contract/errors.ts';
import { type Config, type ConfigKey, SETTINGS } from '../config.ts';

export const ROOMS = ['ingest', 'analytics', 'alerts', 'dashboards'] as const;
export type RoomName = (typeof ROOMS)[number];

interface Need {
  readonly key: ConfigKey;
  readonly rooms: ReadonlySet<RoomName>;
  readonly isServer: (value: string) => boolean;
  readonly give: string;
}

const all = new Set(ROOMS);
/** What rooms that run apart must share, and so cannot have in one process's files. */
const NEEDS: readonly Need[] = [
  { key: 'mqttUrl', rooms: new Set(['ingest', 'alerts']), isServer: (v) => v !== '', give: 'mqtt://host:1883' },
  { key: 'journal', rooms: all, isServer: (v) => v.startsWith('nats:'), give: 'nats://host:4222' },
  {
    key: 'telemetry',
    rooms: new Set(['ingest', 'alerts', 'dashboards']),
    isServer: (v) => !v.startsWith('duckdb:'),
    give: 'victoria:http://host:8428 or influx:http://host:8086',
  },
  { key: 'relational', rooms: all, isServer: (v) => v.startsWith('postgres'), give: 'postgres://user@host/database' },
];

/** Reads the names of rooms; throws `serve.unknown_room`. */
export function roomsOf(names: readonly string[]): ReadonlySet<RoomName> {
  const rooms = new Set<RoomName>();
  for (const name of names) {
    if (name === 'all') for (const room of ROOMS) rooms.add(room);
    else if ((ROOMS as readonly string[]).includes(name)) rooms.add(name as RoomName);
    else {
      throw new TillwatchError(
        'serve.unknown_room',
        `"${name}" is not a room: give ${ROOMS.join(', ')} (one or several) or all`,
        { status: 400 },
      );
    }
  }
  return rooms;
}

/** Refuses embedded engines for rooms that run apart; throws `serve.embedded` naming each setting to give. */
export function assertServers(config: Config, rooms: ReadonlySet<RoomName>): void {
  const faults = NEEDS.filter(
    ({ key, rooms: who, isServer }) => [...rooms].some((room) => who.has(room)) && !isServer(String(config[key])),
  ).map(({ key, give }) => {
    const given = String(config[key]);
    return `${SETTINGS[key].env} is ${given === '' ? 'not given' : `"${given}"`}: give ${give}`;
  });
  if (faults.length === 0) return;
  throw new TillwatchError(
    'serve.embedded',
    `Embedded engines belong to one process ("tillwatch up"); rooms that run apart need servers:\n  - ${faults.join('\n  - ')}`,
    { status: 400, context: { faults } },
  );
}

/** Name of this worker among those of its rooms: as given, or the machine's and the process's. */
export function workerOf(config: Config): string {
  return config.worker === '' ? `${hostname()}-${process.pid}` : config.worker;
}
