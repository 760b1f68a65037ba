import { COUNTERS, GAUGES, TEXTS } from './metrics.ts';
import type { PayloadOf } from './payloads.ts';
import { UP_CHANNELS, type UpChannel } from './topics.ts';

/** The names that an operator's own gauges may have; others in `custom` are unknown fields. */
export const CUSTOM_NAME = /^[A-Za-z][A-Za-z0-9_]{0,47}$/;

/** Known fields of each channel: a leaf, or a group with its own fields. `*` keeps every key of a group as it is. */
type Shape = { readonly [field: string]: true | '*' | readonly string[] };

function grouped(metrics: readonly { group: string; field: string }[]): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const m of metrics) (groups[m.group] ??= []).push(m.field);
  return groups;
}

const envelope = { ts: true, boot: true, seq: true } as const;
const SHAPES: Record<UpChannel, Shape> = {
  birth: {
    ...envelope,
    serial: true,
    vendor: true,
    model: true,
    firmware: true,
    app: true,
    site: true,
    timezone: true,
    heartbeat_s: true,
    bought_on: true,
    warranty_until: true,
    printer: ['model', 'rated_mm', 'rated_cuts'],
    battery: ['design_mah', 'rated_cycles'],
    network: ['bearers', 'carrier', 'iccid'],
  },
  state: { ...envelope, online: true, reason: true },
  heartbeat: { ...envelope, ...grouped([...GAUGES, ...TEXTS]), custom: '*' },
  counters: { ...envelope, ...grouped(COUNTERS) },
  event: { ...envelope, type: true, component: true, detail: '*' },
  result: { ...envelope, id: true, ok: true, detail: true, data: '*' },
};

const KNOWN = new Map<UpChannel, ReadonlyMap<string, ReadonlySet<string>>>(
  UP_CHANNELS.map((channel) => [
    channel,
    new Map(
      Object.entries(SHAPES[channel]).map(([key, fields]) => [key, new Set(typeof fields === 'object' ? fields : [])]),
    ),
  ]),
);

/** Leaves unknown fields out of a validated payload. Answers the same object where there are none, which is the usual case. */
export function cleanPayload<C extends UpChannel>(channel: C, payload: PayloadOf[C]): PayloadOf[C] {
  const shape = SHAPES[channel];
  const known = KNOWN.get(channel)!;
  const source = payload as unknown as Record<string, unknown>;
  let clean: Record<string, unknown> | undefined;
  for (const key in source) {
    // `hasOwn`: JSON may hold keys such as "__proto__" and "constructor", which every object knows.
    const fields = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (fields === undefined) {
      clean ??= { ...source };
      delete clean[key];
    } else if (key === 'custom') {
      const gauges = source[key] as Record<string, unknown>;
      for (const gauge in gauges) {
        if (!CUSTOM_NAME.test(gauge)) {
          clean ??= { ...source };
          clean[key] = Object.fromEntries(Object.entries(gauges).filter(([name]) => CUSTOM_NAME.test(name)));
          break;
        }
      }
    } else if (typeof fields === 'object') {
      const group = source[key] as Record<string, unknown>;
      const knownFields = known.get(key)!;
      let cleanGroup: Record<string, unknown> | undefined;
      for (const field in group) {
        if (!knownFields.has(field)) {
          cleanGroup ??= { ...group };
          delete cleanGroup[field];
        }
      }
      if (cleanGroup) {
        clean ??= { ...source };
        clean[key] = cleanGroup;
      }
    }
  }
  return (clean ?? source) as unknown as PayloadOf[C];
}
