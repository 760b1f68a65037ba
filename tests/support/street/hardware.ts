/** What a model is built of and which of the contract's fields its firmware sends. */
export interface Hardware {
  readonly vendor: string;
  readonly model: string;
  readonly firmware: string;
  readonly form: 'countertop' | 'portable' | 'unattended' | 'vehicle';
  readonly beatS: number;
  readonly countersMin: number;
  readonly printer?: { readonly model: string; readonly mv: number; readonly ohm: number; readonly cutter: boolean };
  readonly battery?: { readonly mah: number; readonly cells: number; readonly idleMa: number };
  readonly swipe: boolean;
  readonly bearers: readonly ('lte' | 'nr' | 'wifi' | 'ethernet')[];
  /** Messages kept while there is no link; what does not fit is lost, oldest first. */
  readonly buffer: number;
  readonly gateway?: boolean;
  /** `group: fields` of a heartbeat and of the counters. */
  readonly gauges: Readonly<Record<string, string>>;
  readonly counters: Readonly<Record<string, string>>;
  /** Chance that a field is left out of a message. */
  readonly drop: number;
  /** Finest step of every gauge (`*`) or of one; smoothing over beats (0: none, 0.9: slow). */
  readonly step: Readonly<Record<string, number>>;
  readonly smooth: Readonly<Record<string, number>>;
}

export const HARDWARE: readonly Hardware[] = [
  {
    vendor: 'Quayle',
    model: 'Verano 200',
    firmware: '4.12.0',
    form: 'countertop',
    beatS: 60,
    countersMin: 5,
    printer: { model: 'QP-58', mv: 8_500, ohm: 182, cutter: false },
    swipe: true,
    bearers: ['ethernet', 'ethernet', 'wifi'],
    buffer: 2_000,
    gauges: {
      printer: 'state head_temp_c head_mv dead_dots',
      network: 'bearer rssi_dbm bssid rtt_ms loss_pct buffered',
      system: 'uptime_s cpu_pct mem_free_mb',
    },
    counters: {
      printer: 'printed_mm_total jobs_total retries_total jams_total overheats_total low_voltage_stops_total',
      network: 'reconnects_total tx_fail_total dns_fail_total',
      reader: 'chip_ok_total chip_fail_total swipe_ok_total swipe_fail_total tap_ok_total tap_fail_total',
      system: 'reboots_total crashes_total',
      txn: 'ok_total declined_total tech_fail_total',
    },
    drop: 0,
    step: {},
    smooth: {},
  },
  {
    vendor: 'Quayle',
    model: 'Q9 Portable',
    firmware: '2.7.3',
    form: 'portable',
    beatS: 120,
    countersMin: 10,
    printer: { model: 'QP-30', mv: 7_400, ohm: 160, cutter: false },
    battery: { mah: 2_600, cells: 2, idleMa: 170 },
    swipe: true,
    bearers: ['lte', 'wifi'],
    buffer: 400,
    gauges: {
      battery: 'soc_pct voltage_mv current_ma temp_c full_mah cycles status',
      printer: 'state head_temp_c',
      network: 'bearer rsrp_dbm rsrq_db sinr_db rssi_dbm cell carrier rtt_ms',
      system: 'uptime_s',
    },
    counters: {
      printer: 'printed_mm_total jobs_total retries_total overheats_total',
      battery: 'charge_sessions_total brownouts_total over_temp_total',
      network: 'reconnects_total reattaches_total tx_fail_total',
      reader: 'chip_ok_total chip_fail_total swipe_ok_total swipe_fail_total tap_ok_total tap_fail_total',
      system: 'reboots_total crashes_total',
    },
    drop: 0.01,
    step: {},
    smooth: { full_mah: 0.6 },
  },
  {
    vendor: 'Norden',
    model: 'Kiosk K2',
    firmware: '1.19.4',
    form: 'unattended',
    beatS: 300,
    countersMin: 15,
    printer: { model: 'NP-80C', mv: 24_000, ohm: 640, cutter: true },
    swipe: false,
    bearers: ['lte', 'lte', 'ethernet'],
    buffer: 5_000,
    gauges: {
      printer: 'state head_temp_c head_mv head_ohm',
      network: 'bearer rsrp_dbm rsrq_db sinr_db cell rtt_ms loss_pct buffered',
      system: 'uptime_s cpu_pct flash_free_mb temp_c',
    },
    counters: {
      printer:
        'printed_mm_total jobs_total retries_total jams_total overheats_total cuts_total cutter_errors_total paper_outs_total low_voltage_stops_total',
      network: 'reconnects_total reattaches_total tx_fail_total bytes_up_total bytes_down_total',
      reader: 'chip_ok_total chip_fail_total tap_ok_total tap_fail_total',
      system: 'reboots_total crashes_total flash_writes_mb_total',
      txn: 'ok_total declined_total tech_fail_total',
    },
    drop: 0,
    step: { head_ohm: 1 },
    smooth: { temp_c: 0.8 },
  },
  {
    vendor: 'Norden',
    model: 'Go M1',
    firmware: '6.0.8',
    form: 'vehicle',
    beatS: 180,
    countersMin: 15,
    battery: { mah: 1_800, cells: 1, idleMa: 120 },
    swipe: false,
    bearers: ['lte'],
    buffer: 300,
    gauges: {
      battery: 'soc_pct voltage_mv current_ma temp_c resistance_mohm status',
      network: 'bearer rsrp_dbm sinr_db cell carrier rtt_ms loss_pct',
      system: 'uptime_s mem_free_mb',
    },
    counters: {
      battery: 'charge_sessions_total brownouts_total over_temp_total',
      network: 'reconnects_total reattaches_total tx_fail_total',
      reader: 'chip_ok_total chip_fail_total tap_ok_total tap_fail_total',
      system: 'reboots_total crashes_total',
      txn: 'ok_total tech_fail_total',
    },
    drop: 0,
    step: { '*': 1 },
    smooth: {},
  },
  {
    vendor: 'Saber',
    model: 'S1',
    firmware: '0.98.11',
    form: 'countertop',
    beatS: 600,
    countersMin: 30,
    printer: { model: 'thermal-58', mv: 5_000, ohm: 130, cutter: false },
    swipe: true,
    bearers: ['wifi', 'ethernet'],
    buffer: 20,
    gauges: {
      printer: 'state',
      network: 'bearer rssi_dbm rtt_ms loss_pct',
      system: 'uptime_s mem_free_mb flash_free_mb',
    },
    counters: {
      printer: 'jobs_total retries_total jams_total overheats_total low_voltage_stops_total',
      network: 'reconnects_total tx_fail_total',
      reader: 'chip_ok_total chip_fail_total swipe_ok_total swipe_fail_total tap_ok_total tap_fail_total',
      system: 'reboots_total crashes_total',
    },
    drop: 0.06,
    step: { '*': 1, flash_free_mb: 5 },
    smooth: {},
  },
  {
    vendor: 'Saber',
    model: 'S3 Move',
    firmware: '1.4.2',
    form: 'portable',
    beatS: 300,
    countersMin: 20,
    printer: { model: 'thermal-58', mv: 7_400, ohm: 130, cutter: false },
    battery: { mah: 2_000, cells: 2, idleMa: 130 },
    swipe: true,
    bearers: ['wifi', 'wifi', 'lte'],
    buffer: 60,
    gauges: {
      battery: 'soc_pct voltage_mv temp_c status',
      printer: 'state',
      network: 'bearer rssi_dbm rsrp_dbm rtt_ms bssid',
      system: 'uptime_s mem_free_mb',
    },
    counters: {
      printer: 'jobs_total printed_mm_total retries_total jams_total',
      battery: 'charge_sessions_total brownouts_total over_temp_total',
      network: 'reconnects_total reattaches_total tx_fail_total',
      reader: 'chip_ok_total chip_fail_total swipe_ok_total swipe_fail_total tap_ok_total tap_fail_total',
      system: 'reboots_total crashes_total',
    },
    drop: 0.03,
    step: { soc_pct: 1, voltage_mv: 50, temp_c: 1 },
    smooth: { temp_c: 0.7 },
  },
  {
    vendor: 'Tamar',
    model: 'Lane T7',
    firmware: '11.3',
    form: 'countertop',
    beatS: 60,
    countersMin: 5,
    printer: { model: 'TM-80', mv: 24_000, ohm: 720, cutter: true },
    swipe: true,
    bearers: ['ethernet'],
    buffer: 1_000,
    gateway: true,
    gauges: {
      printer: 'state head_temp_c head_mv head_ohm dead_dots',
      network: 'bearer rtt_ms loss_pct',
      system: 'uptime_s cpu_pct mem_free_mb temp_c flash_free_mb',
    },
    counters: {
      printer:
        'printed_mm_total jobs_total retries_total jams_total overheats_total cuts_total cutter_errors_total paper_outs_total low_voltage_stops_total',
      network: 'reconnects_total tx_fail_total',
      reader: 'chip_ok_total chip_fail_total swipe_ok_total swipe_fail_total tap_ok_total tap_fail_total',
      system: 'reboots_total crashes_total flash_writes_mb_total',
      txn: 'ok_total declined_total tech_fail_total',
    },
    drop: 0,
    step: { head_mv: 100 },
    smooth: {},
  },
  {
    vendor: 'Tamar',
    model: 'Mobile T5',
    firmware: '5.5.1',
    form: 'portable',
    beatS: 240,
    countersMin: 10,
    printer: { model: 'TM-20', mv: 7_400, ohm: 170, cutter: false },
    battery: { mah: 3_200, cells: 2, idleMa: 190 },
    swipe: true,
    bearers: ['nr', 'lte'],
    buffer: 1_000,
    gauges: {
      battery: 'soc_pct voltage_mv current_ma temp_c full_mah resistance_mohm cycles status',
      printer: 'state head_temp_c dead_dots',
      network: 'bearer rsrp_dbm rsrq_db sinr_db cell carrier rtt_ms loss_pct buffered',
      system: 'uptime_s mem_free_mb flash_free_mb',
    },
    counters: {
      printer: 'printed_mm_total jobs_total retries_total jams_total overheats_total',
      battery: 'charge_sessions_total brownouts_total over_temp_total',
      network: 'reconnects_total reattaches_total tx_fail_total bytes_up_total bytes_down_total',
      reader: 'chip_ok_total chip_fail_total swipe_ok_total swipe_fail_total tap_ok_total tap_fail_total',
      system: 'reboots_total crashes_total flash_writes_mb_total',
      txn: 'ok_total declined_total tech_fail_total',
    },
    drop: 0,
    step: { full_mah: 10 },
    smooth: { full_mah: 0.5, resistance_mohm: 0.9 },
  },
  {
    vendor: 'Ostrea',
    model: 'O5 Smart',
    firmware: '13.2.0-r4',
    form: 'portable',
    beatS: 90,
    countersMin: 10,
    printer: { model: 'OP-58', mv: 7_400, ohm: 150, cutter: false },
    battery: { mah: 5_000, cells: 1, idleMa: 420 },
    swipe: false,
    bearers: ['wifi', 'lte'],
    buffer: 3_000,
    gauges: {
      battery: 'soc_pct voltage_mv temp_c full_mah status',
      printer: 'state head_temp_c',
      network: 'bearer rssi_dbm rsrp_dbm rsrq_db sinr_db cell bssid rtt_ms loss_pct',
      system: 'uptime_s cpu_pct mem_free_mb flash_free_mb temp_c',
      custom: 'screen_on_pct',
    },
    counters: {
      printer: 'jobs_total printed_mm_total retries_total overheats_total',
      battery: 'charge_sessions_total over_temp_total brownouts_total',
      network: 'reconnects_total reattaches_total tx_fail_total dns_fail_total bytes_up_total bytes_down_total',
      reader: 'chip_ok_total chip_fail_total tap_ok_total tap_fail_total',
      system: 'reboots_total crashes_total flash_writes_mb_total',
      txn: 'ok_total declined_total tech_fail_total',
    },
    drop: 0.03,
    step: { temp_c: 0.1 },
    smooth: { temp_c: 0.5 },
  },
];
