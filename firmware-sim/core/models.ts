/** Hardware models as data: what each terminal is built of, what it reports of itself, and how oddly. */

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

const plain: Quirks = {
  socStep: 1,
  tempStep: 0.1,
  flush: 'ordered',
  bufferLimit: 4000,
  outlierRate: 0.0004,
  driftPpm: 20,
  syncHours: 12,
  coldClock: false,
  volatile: [],
  omitsLostProbe: false,
};
const everyRadio = { rsrp: true, rsrq: true, sinr: true, cell: true };
const allMethods = { chip: true, swipe: true, tap: true };

/** The eight models of the simulated fleets. Vendors and names are invented; figures are typical of their class. */
export const MODELS: readonly HardwareModel[] = [
  {
    key: 'countertop',
    vendor: 'Halden',
    model: 'Halden C20',
    app: 'till 7.2.1',
    firmware: '4.2.0',
    weight: 24,
    printer: {
      model: 'HP-58A',
      ratedMm: 100_000_000,
      ratedCuts: 1_000_000,
      headOhm: 176,
      headMv: 24_000,
      supply: 'mains',
      deadLimit: 28,
      rollMm: 50_000,
      reports: { headTemp: true, headMv: true, headOhm: true, deadDots: true },
    },
    battery: null,
    bearers: ['ethernet', 'lte'],
    radio: everyRadio,
    probes: true,
    reader: allMethods,
    system: { memMb: 256, flashMb: 512, reportsMem: true, reportsFlash: true, reportsTemp: true, reportsWrites: true },
    custom: [],
    offAtNight: 0.15,
    cutSilently: 0.2,
    quirks: plain,
  },
  {
    key: 'mobile',
    vendor: 'Orsa',
    model: 'Orsa M3',
    app: 'till 7.2.1',
    firmware: '3.9.4',
    weight: 20,
    printer: {
      model: 'OP-48',
      ratedMm: 50_000_000,
      ratedCuts: 0,
      headOhm: 182,
      headMv: 7_400,
      supply: 'battery',
      deadLimit: 24,
      rollMm: 12_000,
      reports: { headTemp: true, headMv: true, headOhm: false, deadDots: true },
    },
    battery: {
      designMah: 2600,
      cells: 2,
      ratedCycles: 500,
      resistanceMohm: 190,
      idleMa: 95,
      sleepMa: 12,
      saleMah: 1.9,
      peakMa: 2400,
      chargeMa: 1300,
      dock: 'night',
      reports: { voltage: true, current: true, temp: true, fullMah: true, cycles: true, resistance: false },
    },
    bearers: ['lte'],
    radio: everyRadio,
    probes: true,
    reader: allMethods,
    system: { memMb: 192, flashMb: 256, reportsMem: true, reportsFlash: true, reportsTemp: false, reportsWrites: true },
    custom: [],
    offAtNight: 0.35,
    cutSilently: 0.1,
    quirks: { ...plain, flush: 'reversed', driftPpm: 60 },
  },
  {
    key: 'android',
    vendor: 'Halden',
    model: 'Halden A9',
    app: 'till-droid 2.14.0',
    firmware: '9.1.3',
    weight: 22,
    printer: {
      model: 'HP-58M',
      ratedMm: 50_000_000,
      ratedCuts: 0,
      headOhm: 176,
      headMv: 8_500,
      supply: 'mains',
      deadLimit: 24,
      rollMm: 15_000,
      reports: { headTemp: true, headMv: true, headOhm: true, deadDots: true },
    },
    battery: {
      designMah: 5250,
      cells: 1,
      ratedCycles: 400,
      resistanceMohm: 62,
      idleMa: 270,
      sleepMa: 30,
      saleMah: 3.1,
      peakMa: 3000,
      chargeMa: 2000,
      dock: 'counter',
      reports: { voltage: true, current: true, temp: true, fullMah: true, cycles: true, resistance: true },
    },
    bearers: ['wifi', 'lte'],
    radio: everyRadio,
    probes: true,
    reader: allMethods,
    system: {
      memMb: 2048,
      flashMb: 9000,
      reportsMem: true,
      reportsFlash: true,
      reportsTemp: true,
      reportsWrites: true,
    },
    custom: [],
    offAtNight: 0.1,
    cutSilently: 0.3,
    quirks: { ...plain, volatile: ['network'] },
  },
  {
    key: 'wifi',
    vendor: 'Orsa',
    model: 'Orsa W1',
    app: 'till 7.0.8',
    firmware: '2.6.1',
    weight: 10,
    printer: {
      model: 'OP-48',
      ratedMm: 50_000_000,
      ratedCuts: 0,
      headOhm: 182,
      headMv: 7_400,
      supply: 'battery',
      deadLimit: 24,
      rollMm: 12_000,
      reports: { headTemp: true, headMv: false, headOhm: false, deadDots: true },
    },
    battery: {
      designMah: 2200,
      cells: 2,
      ratedCycles: 300,
      resistanceMohm: 205,
      idleMa: 85,
      sleepMa: 10,
      saleMah: 1.8,
      peakMa: 2300,
      chargeMa: 1100,
      dock: 'night',
      reports: { voltage: true, current: false, temp: true, fullMah: false, cycles: true, resistance: false },
    },
    bearers: ['wifi'],
    radio: { rsrp: false, rsrq: false, sinr: false, cell: false },
    probes: true,
    reader: { chip: true, swipe: false, tap: true },
    system: {
      memMb: 128,
      flashMb: 128,
      reportsMem: true,
      reportsFlash: false,
      reportsTemp: false,
      reportsWrites: false,
    },
    custom: [],
    offAtNight: 0.4,
    cutSilently: 0.1,
    quirks: { ...plain, flush: 'shuffled', tempStep: 0.5, omitsLostProbe: true },
  },
  {
    key: 'pinpad',
    vendor: 'Meridian',
    model: 'Meridian P2',
    app: 'till-go 1.9.2',
    firmware: '1.12.0',
    weight: 8,
    printer: null,
    battery: {
      designMah: 1100,
      cells: 1,
      ratedCycles: 400,
      resistanceMohm: 150,
      idleMa: 48,
      sleepMa: 4,
      saleMah: 0.6,
      peakMa: 1150,
      chargeMa: 500,
      dock: 'night',
      reports: { voltage: true, current: false, temp: true, fullMah: true, cycles: true, resistance: true },
    },
    bearers: ['wifi'],
    radio: { rsrp: false, rsrq: false, sinr: false, cell: false },
    probes: true,
    reader: { chip: true, swipe: false, tap: true },
    system: { memMb: 64, flashMb: 64, reportsMem: true, reportsFlash: true, reportsTemp: false, reportsWrites: true },
    custom: [],
    offAtNight: 0.3,
    cutSilently: 0,
    quirks: { ...plain, socStep: 5, bufferLimit: 600 },
  },
  {
    key: 'legacy',
    vendor: 'Halden',
    model: 'Halden C5',
    app: 'till 5.4.0',
    firmware: '1.8.2',
    weight: 6,
    printer: {
      model: 'HP-58',
      ratedMm: 50_000_000,
      ratedCuts: 500_000,
      headOhm: 510,
      headMv: 24_000,
      supply: 'mains',
      deadLimit: 32,
      rollMm: 50_000,
      reports: { headTemp: true, headMv: false, headOhm: false, deadDots: false },
    },
    battery: null,
    bearers: ['ethernet'],
    radio: { rsrp: false, rsrq: false, sinr: false, cell: false },
    probes: true,
    reader: { chip: true, swipe: true, tap: false },
    system: {
      memMb: 32,
      flashMb: 32,
      reportsMem: false,
      reportsFlash: false,
      reportsTemp: false,
      reportsWrites: false,
    },
    custom: [],
    offAtNight: 0.5,
    cutSilently: 0.6,
    quirks: {
      ...plain,
      tempStep: 1,
      outlierRate: 0.002,
      driftPpm: 120,
      syncHours: 24,
      coldClock: true,
      bufferLimit: 300,
      volatile: ['reader', 'txn'],
    },
  },
  {
    key: 'kiosk',
    vendor: 'Meridian',
    model: 'Meridian K7',
    app: 'kiosk 3.3.0',
    firmware: '3.3.0',
    weight: 5,
    printer: {
      model: 'MK-80',
      ratedMm: 150_000_000,
      ratedCuts: 2_000_000,
      headOhm: 650,
      headMv: 24_000,
      supply: 'mains',
      deadLimit: 40,
      rollMm: 180_000,
      reports: { headTemp: true, headMv: true, headOhm: true, deadDots: true },
    },
    battery: null,
    bearers: ['lte'],
    radio: everyRadio,
    probes: true,
    reader: allMethods,
    system: {
      memMb: 4096,
      flashMb: 16_000,
      reportsMem: true,
      reportsFlash: true,
      reportsTemp: true,
      reportsWrites: true,
    },
    custom: [
      { name: 'cabinet_humidity', mean: 46, swing: 6, noise: 1.5 },
      { name: 'fan_rpm', mean: 2400, swing: 260, noise: 35 },
    ],
    offAtNight: 0,
    cutSilently: 0,
    quirks: plain,
  },
  {
    key: 'android5g',
    vendor: 'Halden',
    model: 'Halden A11',
    app: 'till-droid 2.14.0',
    firmware: '11.0.2',
    weight: 5,
    printer: {
      model: 'HP-58M',
      ratedMm: 50_000_000,
      ratedCuts: 0,
      headOhm: 176,
      headMv: 8_500,
      supply: 'mains',
      deadLimit: 24,
      rollMm: 15_000,
      reports: { headTemp: true, headMv: true, headOhm: true, deadDots: true },
    },
    battery: {
      designMah: 4600,
      cells: 1,
      ratedCycles: 500,
      resistanceMohm: 58,
      idleMa: 290,
      sleepMa: 28,
      saleMah: 2.8,
      peakMa: 3000,
      chargeMa: 2500,
      dock: 'counter',
      reports: { voltage: true, current: true, temp: true, fullMah: true, cycles: true, resistance: true },
    },
    bearers: ['nr', 'wifi'],
    radio: everyRadio,
    probes: true,
    reader: { chip: true, swipe: false, tap: true },
    system: {
      memMb: 4096,
      flashMb: 24_000,
      reportsMem: true,
      reportsFlash: true,
      reportsTemp: true,
      reportsWrites: true,
    },
    custom: [],
    offAtNight: 0.1,
    cutSilently: 0.2,
    quirks: plain,
  },
];
