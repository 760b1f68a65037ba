/**
 * The metric catalogue: every number and word a terminal may report, with unit and physical range.
 * Payload schemas, telemetry columns, units in the console and Grafana panels all derive from it.
 */
export interface MetricDefinition {
  /** `group.field`, e.g. `battery.soc_pct`: the metric's name everywhere. */
  readonly key: string;
  readonly group: string;
  readonly field: string;
  /** `gauge`: what is true now. `counter`: a cumulative total that may reset. `text`: a word or identifier. */
  readonly kind: 'gauge' | 'counter' | 'text';
  /** UCUM-like unit, '' for counts and words. */
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  /** The allowed words of a `text` metric; free text up to 64 characters where left out. */
  readonly words?: readonly string[];
  readonly describe: string;
}

const gauge = (key: string, unit: string, min: number, max: number, describe: string): MetricDefinition => {
  const [group = '', field = ''] = key.split('.');
  return { key, group, field, kind: 'gauge', unit, min, max, describe };
};
const text = (key: string, describe: string, words?: readonly string[]): MetricDefinition => {
  const [group = '', field = ''] = key.split('.');
  return { key, group, field, kind: 'text', unit: '', min: 0, max: 0, describe, ...(words ? { words } : {}) };
};
const counter = (key: string, unit: string, describe: string): MetricDefinition => {
  const [group = '', field = ''] = key.split('.');
  return { key, group, field, kind: 'counter', unit, min: 0, max: Number.MAX_SAFE_INTEGER, describe };
};

export const BATTERY_STATUS = ['charging', 'discharging', 'full', 'not_charging', 'absent'] as const;
export const PRINTER_STATE = [
  'ok',
  'busy',
  'paper_low',
  'paper_out',
  'cover_open',
  'overheat',
  'cutter_error',
  'low_voltage',
  'mech_error',
  'absent',
] as const;
export const BEARERS = ['lte', 'nr', 'wifi', 'ethernet', 'none'] as const;

/** Gauges of the `heartbeat` channel, in the order of their telemetry columns (append only). */
export const GAUGES: readonly MetricDefinition[] = [
  gauge('battery.soc_pct', '%', 0, 100, 'state of charge'),
  gauge('battery.voltage_mv', 'mV', 0, 20_000, 'terminal voltage of the pack'),
  gauge('battery.current_ma', 'mA', -20_000, 20_000, 'current, negative while discharging'),
  gauge('battery.temp_c', 'Cel', -40, 120, 'pack temperature'),
  gauge('battery.full_mah', 'mAh', 0, 100_000, 'full charge capacity as learned by the gauge'),
  gauge('battery.cycles', '', 0, 100_000, 'charge cycles counted by the gauge'),
  gauge('battery.resistance_mohm', 'mOhm', 0, 100_000, 'internal resistance'),
  gauge('printer.head_temp_c', 'Cel', -40, 200, 'print head temperature'),
  gauge('printer.head_mv', 'mV', 0, 40_000, 'print head supply voltage'),
  gauge('printer.head_ohm', 'Ohm', 0, 10_000, 'mean resistance of the heating elements'),
  gauge('printer.dead_dots', '', 0, 10_000, 'heating elements that are open'),
  gauge('network.rsrp_dbm', 'dBm', -160, 0, 'reference signal received power'),
  gauge('network.rsrq_db', 'dB', -40, 10, 'reference signal received quality'),
  gauge('network.sinr_db', 'dB', -30, 50, 'signal to interference and noise'),
  gauge('network.rssi_dbm', 'dBm', -120, 0, 'received signal strength (wifi)'),
  gauge('network.rtt_ms', 'ms', 0, 600_000, 'round trip to the payment host'),
  gauge('network.loss_pct', '%', 0, 100, 'probes lost'),
  gauge('network.buffered', '', 0, 10_000_000, 'messages waiting on the device'),
  gauge('system.uptime_s', 's', 0, 10_000_000_000, 'time since boot'),
  gauge('system.cpu_pct', '%', 0, 100, 'processor load'),
  gauge('system.mem_free_mb', 'MB', 0, 10_000_000, 'free memory'),
  gauge('system.flash_free_mb', 'MB', 0, 100_000_000, 'free flash storage'),
  gauge('system.temp_c', 'Cel', -60, 150, 'board temperature'),
];

/** Words and identifiers of the `heartbeat` channel. */
export const TEXTS: readonly MetricDefinition[] = [
  text('battery.status', 'charging state', BATTERY_STATUS),
  text('printer.state', 'printer state', PRINTER_STATE),
  text('network.bearer', 'kind of link', BEARERS),
  text('network.cell', 'serving cell'),
  text('network.carrier', 'mobile carrier'),
  text('network.bssid', 'wifi access point'),
];

/** Cumulative totals of the `counters` channel, in the order of their telemetry columns (append only). */
export const COUNTERS: readonly MetricDefinition[] = [
  counter('printer.printed_mm_total', 'mm', 'paper printed'),
  counter('printer.jobs_total', '', 'print jobs'),
  counter('printer.retries_total', '', 'print jobs tried again'),
  counter('printer.jams_total', '', 'paper jams'),
  counter('printer.overheats_total', '', 'stops for an overheated head'),
  counter('printer.cuts_total', '', 'cuts'),
  counter('printer.cutter_errors_total', '', 'failed cuts'),
  counter('printer.paper_outs_total', '', 'times out of paper'),
  counter('printer.low_voltage_stops_total', '', 'stops for low head voltage'),
  counter('battery.charge_sessions_total', '', 'charge sessions'),
  counter('battery.brownouts_total', '', 'brownouts under load'),
  counter('battery.over_temp_total', '', 'stops for pack temperature'),
  counter('network.reconnects_total', '', 'sessions opened again'),
  counter('network.reattaches_total', '', 'attaches to the mobile network'),
  counter('network.tx_fail_total', '', 'failed transmissions'),
  counter('network.dns_fail_total', '', 'failed name look-ups'),
  counter('network.bytes_up_total', 'By', 'bytes sent'),
  counter('network.bytes_down_total', 'By', 'bytes received'),
  counter('reader.chip_ok_total', '', 'chip reads'),
  counter('reader.chip_fail_total', '', 'failed chip reads'),
  counter('reader.swipe_ok_total', '', 'swipes read'),
  counter('reader.swipe_fail_total', '', 'failed swipes'),
  counter('reader.tap_ok_total', '', 'taps read'),
  counter('reader.tap_fail_total', '', 'failed taps'),
  counter('system.reboots_total', '', 'boots'),
  counter('system.crashes_total', '', 'crashes'),
  counter('system.flash_writes_mb_total', 'MB', 'data written to flash'),
  counter('txn.ok_total', '', 'approved transactions'),
  counter('txn.declined_total', '', 'declined transactions'),
  counter('txn.tech_fail_total', '', 'transactions that failed technically'),
];

export const METRICS: readonly MetricDefinition[] = [...GAUGES, ...TEXTS, ...COUNTERS];

const byKey: ReadonlyMap<string, MetricDefinition> = new Map(METRICS.map((m) => [m.key, m]));

/** Finds a metric by `group.field`; `custom.<name>` gauges are accepted and described as unbounded. */
export function metricOf(key: string): MetricDefinition | undefined {
  const known = byKey.get(key);
  if (known || !key.startsWith('custom.')) return known;
  return gauge(key, '', -Number.MAX_VALUE, Number.MAX_VALUE, "an operator's own gauge");
}
