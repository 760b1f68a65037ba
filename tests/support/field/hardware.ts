/** Dice and the hardware on sale: six terminals of two vendors, none of which reports all that contract.md knows. */

export class Dice {
  #a: number;
  constructor(seed: string) {
    let h = 2_166_136_261;
    for (let i = 0; i < seed.length; i++) h = Math.imul(h ^ seed.charCodeAt(i), 16_777_619);
    this.#a = h | 0;
    for (let i = 0; i < 8; i++) this.u();
  }
  u(): number {
    this.#a = (this.#a + 0x9e3779b9) | 0;
    let t = Math.imul(this.#a ^ (this.#a >>> 16), 0x21f0aaad);
    t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
    return ((t ^ (t >>> 15)) >>> 0) / 4_294_967_296;
  }
  between(low: number, high: number): number {
    return low + (high - low) * this.u();
  }
  int(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }
  chance(p: number): boolean {
    return this.u() < p;
  }
  normal(sd = 1): number {
    return sd * Math.sqrt(-2 * Math.log(this.u() + 1e-12)) * Math.cos(2 * Math.PI * this.u());
  }
  /** Lognormal about a median. */
  spread(median: number, sigma: number): number {
    return median * Math.exp(this.normal(sigma));
  }
  poisson(mean: number): number {
    if (mean <= 0) return 0;
    if (mean > 40) return Math.max(0, Math.round(mean + this.normal(Math.sqrt(mean))));
    let n = 0;
    for (let p = this.u(); p > Math.exp(-mean); p *= this.u()) n++;
    return n;
  }
  binomial(n: number, p: number): number {
    if (p <= 0 || n <= 0) return 0;
    if (n > 60) return Math.min(n, this.poisson(n * p));
    let k = 0;
    for (let i = 0; i < n; i++) if (this.u() < p) k++;
    return k;
  }
  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.u() * list.length)]!;
  }
  hex(length: number): string {
    let s = '';
    while (s.length < length) s += Math.floor(this.u() * 16).toString(16);
    return s;
  }
}

export interface Hardware {
  vendor: string;
  model: string;
  firmware: readonly [string, string];
  share: number;
  battery?: { design: number; cells: number; r: number; idle: number; tellsDesign: boolean; ratedCycles?: number };
  printer: { model: string; rated_mm?: number; rated_cuts?: number; ohm: number; supply: number; cutter: boolean };
  bearers: readonly ('lte' | 'wifi' | 'ethernet')[];
  memory: number;
  flash: number;
  /** Ten-minute steps between two counters messages. */
  countersEvery: number;
  /** Groups of counters that live in memory only. */
  volatile: readonly string[];
  /** Heartbeats kept while the link is away. */
  keeps: number;
  unattended?: true;
  gauges: ReadonlySet<string>;
  counters: ReadonlySet<string>;
}

const named = (text: string, suffix = ''): ReadonlySet<string> =>
  new Set(
    text.split(';').flatMap((part) => {
      const [group, fields = ''] = part.trim().split(':');
      return fields
        .trim()
        .split(/\s+/)
        .map((field) => `${group}.${field}${suffix}`);
    }),
  );

const READER = 'reader: chip_ok chip_fail swipe_ok swipe_fail tap_ok tap_fail; txn: ok declined tech_fail';

export const HARDWARE: readonly Hardware[] = [
  {
    // A smart portable: a good fuel gauge, a printer that says little.
    vendor: 'Veridian',
    model: 'A80',
    firmware: ['5.12.0', '5.13.1'],
    share: 0.26,
    battery: { design: 5200, cells: 1, r: 85, idle: 210, tellsDesign: true, ratedCycles: 500 },
    printer: { model: 'VP-58', rated_mm: 50_000_000, ohm: 176, supply: 0, cutter: false },
    bearers: ['lte', 'wifi'],
    memory: 2048,
    flash: 16_000,
    countersEvery: 2,
    volatile: [],
    keeps: 2000,
    gauges: named(
      'battery: soc_pct voltage_mv current_ma temp_c full_mah cycles status; printer: state head_temp_c; network: bearer rsrp_dbm rsrq_db sinr_db rssi_dbm cell carrier bssid rtt_ms loss_pct buffered; system: uptime_s cpu_pct mem_free_mb flash_free_mb temp_c',
    ),
    counters: named(
      `printer: printed_mm jobs retries overheats paper_outs; battery: charge_sessions brownouts over_temp; network: reconnects reattaches tx_fail bytes_up bytes_down; ${READER}; system: reboots crashes flash_writes_mb`,
      '_total',
    ),
  },
  {
    // Its small sister: no capacity, a modem that knows CSQ only (told as rssi), the head fed straight from the cell.
    vendor: 'Veridian',
    model: 'A35',
    firmware: ['3.4.7', '3.5.0'],
    share: 0.2,
    battery: { design: 2600, cells: 1, r: 140, idle: 120, tellsDesign: true },
    printer: { model: 'VP-40', ohm: 125, supply: 0, cutter: false },
    bearers: ['lte'],
    memory: 512,
    flash: 4000,
    countersEvery: 3,
    volatile: ['network'],
    keeps: 300,
    gauges: named(
      'battery: soc_pct voltage_mv temp_c status; printer: state head_temp_c head_mv; network: bearer rssi_dbm cell carrier rtt_ms loss_pct; system: uptime_s mem_free_mb flash_free_mb',
    ),
    counters: named(
      `printer: printed_mm jobs retries jams paper_outs low_voltage_stops; battery: charge_sessions brownouts; network: reconnects reattaches tx_fail; ${READER}; system: reboots crashes`,
      '_total',
    ),
  },
  {
    vendor: 'Veridian',
    model: 'C20',
    firmware: ['2.0.9', '2.1.0'],
    share: 0.16,
    printer: { model: 'VP-80C', rated_mm: 100_000_000, rated_cuts: 1_000_000, ohm: 1250, supply: 24_000, cutter: true },
    bearers: ['ethernet', 'wifi'],
    memory: 1024,
    flash: 8000,
    countersEvery: 2,
    volatile: [],
    keeps: 2000,
    gauges: named(
      'printer: state head_temp_c head_mv head_ohm dead_dots; network: bearer rssi_dbm bssid rtt_ms loss_pct; system: uptime_s cpu_pct mem_free_mb flash_free_mb temp_c',
    ),
    counters: named(
      `printer: printed_mm jobs retries jams overheats cuts cutter_errors paper_outs low_voltage_stops; network: reconnects tx_fail dns_fail bytes_up bytes_down; ${READER}; system: reboots crashes flash_writes_mb`,
      '_total',
    ),
  },
  {
    // An old countertop on a small real-time system.
    vendor: 'Nordpay',
    model: 'P400',
    firmware: ['1.88', '1.90'],
    share: 0.14,
    printer: { model: 'N2', ohm: 650, supply: 9000, cutter: false },
    bearers: ['ethernet', 'lte'],
    memory: 64,
    flash: 128,
    countersEvery: 3,
    volatile: ['network', 'system'],
    keeps: 40,
    gauges: named('printer: state; network: bearer rsrp_dbm cell rtt_ms loss_pct; system: uptime_s mem_free_mb'),
    counters: named(
      `printer: printed_mm jobs retries jams paper_outs low_voltage_stops; network: reconnects reattaches tx_fail; ${READER}; system: reboots crashes`,
      '_total',
    ),
  },
  {
    vendor: 'Nordpay',
    model: 'M12',
    firmware: ['4.2.1', '4.3.0'],
    share: 0.16,
    battery: { design: 2600, cells: 2, r: 190, idle: 105, tellsDesign: false, ratedCycles: 400 },
    printer: { model: 'N3', rated_mm: 50_000_000, ohm: 176, supply: 0, cutter: false },
    bearers: ['lte'],
    memory: 256,
    flash: 1000,
    countersEvery: 3,
    volatile: ['network'],
    keeps: 200,
    gauges: named(
      'battery: soc_pct voltage_mv current_ma temp_c cycles resistance_mohm status; printer: state head_temp_c head_mv dead_dots; network: bearer rsrp_dbm sinr_db cell carrier rtt_ms; system: uptime_s cpu_pct mem_free_mb temp_c',
    ),
    counters: named(
      `printer: printed_mm jobs jams overheats paper_outs; battery: charge_sessions brownouts over_temp; network: reconnects reattaches tx_fail; ${READER}; system: reboots crashes flash_writes_mb`,
      '_total',
    ),
  },
  {
    // An unattended pay station, out of doors and open all night.
    vendor: 'Nordpay',
    model: 'K7',
    firmware: ['6.0.2', '6.0.3'],
    share: 0.08,
    printer: { model: 'NK-60', rated_cuts: 500_000, ohm: 800, supply: 24_000, cutter: true },
    bearers: ['lte'],
    memory: 1024,
    flash: 8000,
    countersEvery: 2,
    volatile: [],
    keeps: 2000,
    unattended: true,
    gauges: named(
      'printer: state head_temp_c head_mv head_ohm; network: bearer rsrp_dbm rsrq_db sinr_db cell carrier rtt_ms loss_pct buffered; system: uptime_s cpu_pct mem_free_mb flash_free_mb temp_c',
    ),
    counters: named(
      `printer: printed_mm jobs retries jams overheats cuts cutter_errors paper_outs; network: reconnects reattaches tx_fail dns_fail bytes_up bytes_down; ${READER}; system: reboots crashes flash_writes_mb`,
      '_total',
    ),
  },
];
