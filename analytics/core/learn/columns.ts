import { COUNTERS, GAUGES, TEXTS } from '../../../contract/metrics.ts';
import type { Reading } from '../../../contract/reading.ts';
import type { FeatureSpec, ReadingRow } from './features.ts';

/** `battery.voltage_mv`, `battery_voltage_mv` and `Battery Voltage (mV)`-like names are the same column. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');

const NUMBERS = new Map([...GAUGES, ...COUNTERS].map((m) => [plain(m.key), m]));
const WORDS = new Map(TEXTS.map((m) => [plain(m.key), m]));
/** Words that the platform knows of a reading besides what its message holds. */
const OWN = ['channel', 'tenant'] as const;

/** Columns of a model that terminals send, and those that they do not: there it goes by what it does with unknown values. */
export function matched(spec: FeatureSpec): { known: string[]; unknown: string[] } {
  const of = (column: string, words: boolean): boolean => {
    const name = plain(column);
    return words ? WORDS.has(name) || (OWN as readonly string[]).includes(name) : NUMBERS.has(name);
  };
  const all = [
    ...spec.numbers.map((column) => ({ column, known: of(column, false) })),
    ...spec.words.map(({ column }) => ({ column, known: of(column, true) })),
  ];
  return {
    known: all.filter((c) => c.known).map((c) => c.column),
    unknown: all.filter((c) => !c.known).map((c) => c.column),
  };
}

type Groups = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/** Makes rows of readings, as the export of telemetry does: a row a heartbeat or counters message, what the other holds unknown. */
export function rowMaker(spec: FeatureSpec): (reading: Reading) => ReadingRow | undefined {
  const numbers = spec.numbers.map((column) => NUMBERS.get(plain(column)));
  const words = spec.words.map(({ column }) => ({ metric: WORDS.get(plain(column)), own: plain(column) }));
  return (reading) => {
    if (reading.channel !== 'heartbeat' && reading.channel !== 'counters') return undefined;
    const groups = reading.payload as unknown as Groups;
    const kind = reading.channel === 'heartbeat' ? 'gauge' : 'counter';
    return {
      at: reading.ts,
      numbers: numbers.map((m) => {
        const value = m?.kind === kind ? groups[m.group]?.[m.field] : undefined;
        return typeof value === 'number' ? value : Number.NaN;
      }),
      words: words.map(({ metric, own }) => {
        if (!metric) return own === 'channel' ? reading.channel : own === 'tenant' ? reading.tenant : undefined;
        const word = groups[metric.group]?.[metric.field];
        return typeof word === 'string' ? word : undefined;
      }),
    };
  };
}

/** The metric that a model's column is, where it is one. */
export function metricOfColumn(column: string): string | undefined {
  const name = plain(column);
  return (NUMBERS.get(name) ?? WORDS.get(name))?.key;
}
