/** Places where simulated stores stand. Climate figures are yearly mean, half of the seasons' and of the day's swing, °C (rounded climate normals). */
export interface Region {
  readonly name: string;
  readonly timezone: string;
  readonly lat: number;
  readonly lon: number;
  readonly climate: { readonly mean: number; readonly season: number; readonly day: number };
  readonly carriers: readonly string[];
  readonly iccidPrefix: string;
  readonly opens: number;
  readonly closes: number;
  readonly sundays: boolean;
  /** MM-DD on which shops stay closed. */
  readonly holidays: readonly string[];
}

export const REGIONS: readonly Region[] = [
  {
    name: 'Lisbon',
    timezone: 'Europe/Lisbon',
    lat: 38.72,
    lon: -9.14,
    climate: { mean: 17.5, season: 6, day: 4.5 },
    carriers: ['Atlantel', 'Meo Norte'],
    iccidPrefix: '89351',
    opens: 9,
    closes: 21,
    sundays: true,
    holidays: ['12-25', '01-01'],
  },
  {
    name: 'Hamburg',
    timezone: 'Europe/Berlin',
    lat: 53.55,
    lon: 9.99,
    climate: { mean: 10, season: 8.5, day: 4 },
    carriers: ['Nordfunk', 'Hansatel'],
    iccidPrefix: '89490',
    opens: 8,
    closes: 20,
    sundays: false,
    holidays: ['12-25', '12-26', '01-01', '10-03', '05-01'],
  },
  {
    name: 'Leeds',
    timezone: 'Europe/London',
    lat: 53.8,
    lon: -1.55,
    climate: { mean: 10, season: 6, day: 3.5 },
    carriers: ['Penline', 'Airewave'],
    iccidPrefix: '89440',
    opens: 8,
    closes: 21,
    sundays: true,
    holidays: ['12-25', '12-26', '01-01'],
  },
  {
    name: 'Chicago',
    timezone: 'America/Chicago',
    lat: 41.88,
    lon: -87.63,
    climate: { mean: 11, season: 13.5, day: 5 },
    carriers: ['Prairie Mobile', 'Lakeshore'],
    iccidPrefix: '89014',
    opens: 7,
    closes: 22,
    sundays: true,
    holidays: ['12-25'],
  },
  {
    name: 'Denver',
    timezone: 'America/Denver',
    lat: 39.74,
    lon: -104.99,
    climate: { mean: 10.5, season: 12, day: 8 },
    carriers: ['Prairie Mobile', 'Summit'],
    iccidPrefix: '89014',
    opens: 8,
    closes: 21,
    sundays: true,
    holidays: ['12-25'],
  },
  {
    name: 'Singapore',
    timezone: 'Asia/Singapore',
    lat: 1.29,
    lon: 103.85,
    climate: { mean: 28, season: 0.6, day: 3.5 },
    carriers: ['Straits', 'Merlion'],
    iccidPrefix: '89650',
    opens: 10,
    closes: 22,
    sundays: true,
    holidays: ['01-29'],
  },
];

export const CHAIN_NAMES = ['Fernhill', 'Koto Market', 'Bellweather', 'Nine Oaks', 'Tidewater', 'Larkspur'] as const;
