/** What a hardware model is described by. */

export interface PrinterHardware {
  readonly model: string;
  /**
   * Rated abrasion life of the head, mm. Makers of 2- and 3-inch mechanisms state 50–150 km and 50–150 million pulses a dot
   * (BOCA FSP user guide §7: 60 km, 100 million activations).
   */
  readonly ratedMm: number;
  /** Rated cuts; 0: a tear bar. Autocutters of receipt printers are rated 0.5–2 million cuts by their makers. */
  readonly ratedCuts: number;
  /** Mean resistance of the heating elements when new, Ω. */
  readonly headOhm: number;
  /** Head supply, mV. */
  readonly headMv: number;
  /** `battery`: the head hangs on the pack, so that a tired pack sags under it. */
  readonly supply: 'mains' | 'battery';
  /** Open elements at which the firmware's head check refuses to print. */
  readonly deadLimit: number;
  readonly rollMm: number;
  readonly reports: {
    readonly headTemp: boolean;
    readonly headMv: boolean;
    readonly headOhm: boolean;
    readonly deadDots: boolean;
  };
}

export interface BatteryHardware {
  readonly designMah: number;
  /** Cells in series: 1 → 3.7 V, 2 → 7.4 V. */
  readonly cells: 1 | 2;
  /** Full cycles to 80 % of design charge: 300–500 for cobalt chemistry (Battery University BU-808, table 2). */
  readonly ratedCycles: number;
  readonly resistanceMohm: number;
  readonly idleMa: number;
  readonly sleepMa: number;
  /** Charge spent by one transaction with its receipt, mAh. */
  readonly saleMah: number;
  /** Peak while printing and transmitting, mA. */
  readonly peakMa: number;
  readonly chargeMa: number;
  /** `night`: docked after hours and when low. `counter`: lives on its dock, lifted for service at the table. */
  readonly dock: 'night' | 'counter';
  readonly reports: {
    readonly voltage: boolean;
    readonly current: boolean;
    readonly temp: boolean;
    readonly fullMah: boolean;
    readonly cycles: boolean;
    readonly resistance: boolean;
  };
}

export interface Quirks {
  /** Charge is shown in steps of this many %. */
  readonly socStep: number;
  /** Temperatures are shown in steps of this many °C. */
  readonly tempStep: number;
  /** Buffered messages are flushed oldest first, newest first, or as they happen to lie. */
  readonly flush: 'ordered' | 'reversed' | 'shuffled';
  readonly bufferLimit: number;
  /** Share of gauge readings that are nonsense (a sensor read during a bus fault), still within physical range. */
  readonly outlierRate: number;
  /** Clock error grows by up to this many ppm between synchronisations. */
  readonly driftPpm: number;
  /** Hours between clock synchronisations. */
  readonly syncHours: number;
  /** Without its coin cell the clock starts at its factory date after a cold start, until it is synchronised. */
  readonly coldClock: boolean;
  /** Groups of totals that live in memory and start at zero with every boot. */
  readonly volatile: readonly ('network' | 'reader' | 'txn')[];
  /** `rtt_ms` is −1 in the firmware when a probe is lost and is then left out of the message. */
  readonly omitsLostProbe: boolean;
}

export interface HardwareModel {
  readonly key: string;
  readonly vendor: string;
  readonly model: string;
  readonly app: string;
  readonly firmware: string;
  /** Share in a fleet that does not say otherwise. */
  readonly weight: number;
  readonly printer: PrinterHardware | null;
  readonly battery: BatteryHardware | null;
  readonly bearers: readonly ('ethernet' | 'wifi' | 'lte' | 'nr')[];
  /** Which of the radio's figures it reports. */
  readonly radio: { readonly rsrp: boolean; readonly rsrq: boolean; readonly sinr: boolean; readonly cell: boolean };
  readonly probes: boolean;
  readonly reader: { readonly chip: boolean; readonly swipe: boolean; readonly tap: boolean };
  readonly system: {
    readonly memMb: number;
    readonly flashMb: number;
    readonly reportsMem: boolean;
    readonly reportsFlash: boolean;
    readonly reportsTemp: boolean;
    readonly reportsWrites: boolean;
  };
  /** Gauges of the operator's own: a mean, a daily swing and noise. */
  readonly custom: readonly {
    readonly name: string;
    readonly mean: number;
    readonly swing: number;
    readonly noise: number;
  }[];
  /** Share of these that is switched off when the store closes, and of those the share that is cut without a goodbye. */
  readonly offAtNight: number;
  readonly cutSilently: number;
  readonly quirks: Quirks;
}
