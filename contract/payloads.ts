import Type, { type Static, type TProperties, type TSchema } from 'typebox';
import { COUNTERS, GAUGES, type MetricDefinition, TEXTS } from './metrics.ts';
import { COMPONENTS } from './modes.ts';

/** Payload schemas of contract.md, one per channel. Unknown fields are allowed here and left out by `cleanPayload`. */

const envelope = {
  ts: Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000, description: 'ms since 1970 UTC, device clock' }),
  boot: Type.String({ minLength: 1, maxLength: 36, description: 'id of this power-on' }),
  seq: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: "counts this boot's messages" }),
};

function fieldSchema(metric: MetricDefinition): TSchema {
  if (metric.kind === 'text') {
    return metric.words ? Type.Enum([...metric.words]) : Type.String({ minLength: 1, maxLength: 64 });
  }
  return Type.Number({ minimum: metric.min, maximum: metric.max });
}

function groupsOf(metrics: readonly MetricDefinition[]): TProperties {
  const groups = new Map<string, TProperties>();
  for (const metric of metrics) {
    const group = groups.get(metric.group) ?? {};
    group[metric.field] = Type.Optional(fieldSchema(metric));
    groups.set(metric.group, group);
  }
  return Object.fromEntries([...groups].map(([name, fields]) => [name, Type.Optional(Type.Object(fields))]));
}

const name = Type.String({ minLength: 1, maxLength: 64 });
const isoDate = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

export const BirthSchema = Type.Object({
  ...envelope,
  serial: name,
  vendor: Type.Optional(name),
  model: name,
  firmware: name,
  app: Type.Optional(name),
  site: name,
  timezone: Type.Optional(name),
  heartbeat_s: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
  bought_on: Type.Optional(isoDate),
  warranty_until: Type.Optional(isoDate),
  printer: Type.Optional(
    Type.Object({
      model: Type.Optional(name),
      rated_mm: Type.Optional(Type.Number({ minimum: 0 })),
      rated_cuts: Type.Optional(Type.Number({ minimum: 0 })),
    }),
  ),
  battery: Type.Optional(
    Type.Object({
      design_mah: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000 })),
      rated_cycles: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000 })),
    }),
  ),
  network: Type.Optional(
    Type.Object({
      bearers: Type.Optional(Type.Array(name, { maxItems: 8 })),
      carrier: Type.Optional(name),
      iccid: Type.Optional(name),
    }),
  ),
});

export const StateSchema = Type.Object({
  // A will is written before the session it ends, so only its boot is sure; the envelope's other fields may be missing.
  ts: Type.Optional(envelope.ts),
  boot: envelope.boot,
  seq: Type.Optional(envelope.seq),
  online: Type.Boolean(),
  reason: Type.Optional(Type.String({ maxLength: 200 })),
});

export const HeartbeatSchema = Type.Object({
  ...envelope,
  ...groupsOf([...GAUGES, ...TEXTS]),
  custom: Type.Optional(
    Type.Record(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_]{0,47}$' }), Type.Number(), { maxProperties: 16 }),
  ),
});

export const CountersSchema = Type.Object({ ...envelope, ...groupsOf(COUNTERS) });

export const EVENT_TYPES = [
  'boot',
  'shutdown',
  'paper_loaded',
  'part_replaced',
  'cleaned',
  'firmware_updated',
  'tamper',
  'fault',
  'self_test',
  'test_print',
] as const;
export const EVENT_COMPONENTS = [...COMPONENTS, 'display', 'keypad', 'scanner'] as const;

export const EventSchema = Type.Object({
  ...envelope,
  type: Type.Enum([...EVENT_TYPES]),
  component: Type.Optional(Type.Enum([...EVENT_COMPONENTS])),
  detail: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});

export const COMMAND_NAMES = [
  'self_test',
  'print_test_page',
  'reboot',
  'set_heartbeat',
  'collect_log',
  'lock',
  'unlock',
  'update_firmware',
] as const;

export const CommandSchema = Type.Object({
  id: name,
  name: Type.Enum([...COMMAND_NAMES]),
  args: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  expires_at: Type.Integer({ minimum: 0 }),
});

export const ResultSchema = Type.Object({
  ...envelope,
  id: name,
  ok: Type.Boolean(),
  detail: Type.Optional(Type.String({ maxLength: 2000 })),
  data: Type.Optional(Type.Unknown()),
});

export type EventType = (typeof EVENT_TYPES)[number];
export type CommandName = (typeof COMMAND_NAMES)[number];
export type Birth = Static<typeof BirthSchema>;
export type State = Static<typeof StateSchema>;
export type Counters = Envelope & CounterGroups;
export type Heartbeat = Envelope & GaugeGroups;
export type TerminalEvent = Omit<Static<typeof EventSchema>, 'type' | 'component'> & {
  type: EventType;
  component?: (typeof EVENT_COMPONENTS)[number];
};
export type Command = Omit<Static<typeof CommandSchema>, 'name'> & { name: CommandName };
export type Result = Static<typeof ResultSchema>;

export interface Envelope {
  /** ms since 1970 UTC, device clock when measured. */
  ts: number;
  boot: string;
  seq: number;
}

type Numbers = Record<string, number | undefined>;
export interface GaugeGroups {
  battery?: {
    soc_pct?: number;
    voltage_mv?: number;
    current_ma?: number;
    temp_c?: number;
    full_mah?: number;
    cycles?: number;
    resistance_mohm?: number;
    status?: 'charging' | 'discharging' | 'full' | 'not_charging' | 'absent';
  };
  printer?: {
    state?:
      | 'ok'
      | 'busy'
      | 'paper_low'
      | 'paper_out'
      | 'cover_open'
      | 'overheat'
      | 'cutter_error'
      | 'low_voltage'
      | 'mech_error'
      | 'absent';
    head_temp_c?: number;
    head_mv?: number;
    head_ohm?: number;
    dead_dots?: number;
  };
  network?: {
    bearer?: 'lte' | 'nr' | 'wifi' | 'ethernet' | 'none';
    rsrp_dbm?: number;
    rsrq_db?: number;
    sinr_db?: number;
    rssi_dbm?: number;
    cell?: string;
    carrier?: string;
    bssid?: string;
    rtt_ms?: number;
    loss_pct?: number;
    buffered?: number;
  };
  system?: {
    uptime_s?: number;
    cpu_pct?: number;
    mem_free_mb?: number;
    flash_free_mb?: number;
    temp_c?: number;
  };
  custom?: Numbers;
}

export interface CounterGroups {
  printer?: {
    printed_mm_total?: number;
    jobs_total?: number;
    retries_total?: number;
    jams_total?: number;
    overheats_total?: number;
    cuts_total?: number;
    cutter_errors_total?: number;
    paper_outs_total?: number;
    low_voltage_stops_total?: number;
  };
  battery?: { charge_sessions_total?: number; brownouts_total?: number; over_temp_total?: number };
  network?: {
    reconnects_total?: number;
    reattaches_total?: number;
    tx_fail_total?: number;
    dns_fail_total?: number;
    bytes_up_total?: number;
    bytes_down_total?: number;
  };
  reader?: {
    chip_ok_total?: number;
    chip_fail_total?: number;
    swipe_ok_total?: number;
    swipe_fail_total?: number;
    tap_ok_total?: number;
    tap_fail_total?: number;
  };
  system?: { reboots_total?: number; crashes_total?: number; flash_writes_mb_total?: number };
  txn?: { ok_total?: number; declined_total?: number; tech_fail_total?: number };
}

export interface PayloadOf {
  birth: Birth;
  state: State;
  heartbeat: Heartbeat;
  counters: Counters;
  event: TerminalEvent;
  result: Result;
}
