import { metricOf } from '../../contract/metrics.ts';
import type { Limits } from './board.ts';

/** Units of the metric catalogue as Grafana calls them: https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts */
const UNITS: Readonly<Record<string, string>> = {
  '': 'short',
  '%': 'percent',
  mV: 'mvolt',
  mA: 'mamp',
  Cel: 'celsius',
  mAh: 'mamph',
  mOhm: 'mohm',
  Ohm: 'ohm',
  dBm: 'dBm',
  dB: 'dB',
  ms: 'ms',
  s: 's',
  MB: 'decmbytes',
  By: 'decbytes',
  mm: 'lengthmm',
};

/** Grafana's unit of a catalogue metric. */
export function unitOf(key: string): string {
  return UNITS[metricOf(key)?.unit ?? ''] ?? 'short';
}

/**
 * Where a gauge of the catalogue is worth a look and where it is bad: the figures that operators' handbooks give, not what findings are
 * made from (those look at each terminal's own past). Every key is in the catalogue and every figure within its range.
 */
export const LIMITS = {
  'battery.soc_pct': { warning: 25, critical: 10, falling: true },
  'battery.temp_c': { warning: 45, critical: 60 },
  'battery.resistance_mohm': { warning: 250, critical: 400 },
  'battery.cycles': { warning: 400, critical: 600 },
  'printer.head_temp_c': { warning: 60, critical: 75 },
  'printer.dead_dots': { warning: 1, critical: 5 },
  'network.rsrp_dbm': { warning: -105, critical: -115, falling: true },
  'network.rsrq_db': { warning: -12, critical: -16, falling: true },
  'network.sinr_db': { warning: 3, critical: 0, falling: true },
  'network.rtt_ms': { warning: 400, critical: 1500 },
  'network.loss_pct': { warning: 3, critical: 10 },
  'network.buffered': { warning: 50, critical: 500 },
  'system.cpu_pct': { warning: 80, critical: 95 },
  'system.mem_free_mb': { warning: 64, critical: 24, falling: true },
  'system.flash_free_mb': { warning: 200, critical: 50, falling: true },
  'system.temp_c': { warning: 65, critical: 80 },
} as const satisfies Readonly<Record<string, Limits>>;
