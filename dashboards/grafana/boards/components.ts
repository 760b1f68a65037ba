import { LEVELS } from '../../core/level-names.ts';
import { BARS, type Board, COUNTER_STEP, SERIES, STACK } from '../board.ts';
import { LIMITS, unitOf } from '../limits.ts';
import { counter } from '../query.ts';
import { extremes, grewMost, levelBy, medianBy, perHour, spread, wordsSaid } from './questions.ts';

const SPREAD = [
  ['p05', 'lowest twentieth'],
  ['p50', 'median'],
  ['p95', 'highest twentieth'],
] as const;
const band = (key: string) => SPREAD.map(([how, name]) => ({ ask: spread(key, how), name }));

export const printers: Board = {
  name: 'printers',
  title: 'Tillwatch · Printers',
  describe: 'Print heads, cutters and paper feeds of the fleet, and the terminals whose printers do worst.',
  choose: [],
  from: 'now-7d',
  sections: [
    {
      title: 'Fleet',
      panels: [
        {
          ...SERIES,
          title: 'Head temperature',
          describe: 'A rise of the whole band is weather; of its upper edge alone, heads that stay on.',
          unit: unitOf('printer.head_temp_c'),
          limits: LIMITS['printer.head_temp_c'],
          queries: band('printer.head_temp_c'),
        },
        {
          ...SERIES,
          title: 'Head resistance by model',
          describe: 'Median terminal of each model; rises as heads wear.',
          unit: unitOf('printer.head_ohm'),
          queries: [{ ask: medianBy('printer.head_ohm', 'model') }],
        },
        {
          ...SERIES,
          title: 'Paper printed an hour',
          describe: 'Over the fleet.',
          unit: 'lengthm',
          step: COUNTER_STEP,
          queries: [{ ask: perHour('printer.printed_mm_total', 0.001), name: 'metres' }],
        },
        {
          ...SERIES,
          title: 'Trouble an hour',
          describe: 'Over the fleet.',
          unit: 'short',
          step: COUNTER_STEP,
          queries: [
            { ask: perHour('printer.retries_total'), name: 'jobs tried again' },
            { ask: perHour('printer.jams_total'), name: 'jams' },
            { ask: perHour('printer.cutter_errors_total'), name: 'failed cuts' },
            { ask: perHour('printer.overheats_total'), name: 'stops for heat' },
          ],
        },
        {
          ...STACK,
          width: 24,
          title: 'What printers said',
          describe: 'How many heartbeats named each state.',
          unit: 'short',
          queries: [{ ask: wordsSaid('printer.state') }],
        },
      ],
    },
    {
      title: 'Terminals that stand out',
      panels: [
        {
          ...BARS,
          title: 'Most dead dots',
          describe: 'Heads to replace.',
          unit: 'short',
          limits: LIMITS['printer.dead_dots'],
          queries: [{ ask: extremes('printer.dead_dots') }],
        },
        {
          ...BARS,
          title: 'Most jobs tried again in a day',
          describe: 'Feeds and heads in trouble.',
          unit: 'short',
          limits: { warning: 10, critical: 50 },
          queries: [{ ask: grewMost('printer.retries_total') }],
        },
        {
          ...BARS,
          title: 'Most failed cuts in a day',
          describe: 'Blades at the end of their life.',
          unit: 'short',
          limits: { warning: 3, critical: 10 },
          queries: [{ ask: grewMost('printer.cutter_errors_total') }],
        },
      ],
    },
  ],
};

export const batteries: Board = {
  name: 'batteries',
  title: 'Tillwatch · Batteries',
  describe: 'Charge, age and temperature of the packs, and the terminals whose packs do worst.',
  choose: [],
  from: 'now-7d',
  sections: [
    {
      title: 'Fleet',
      panels: [
        {
          ...SERIES,
          title: 'State of charge',
          describe: 'The lowest twentieth that reaches red every evening has packs or chargers to look at.',
          unit: unitOf('battery.soc_pct'),
          limits: LIMITS['battery.soc_pct'],
          max: 100,
          queries: band('battery.soc_pct'),
        },
        {
          ...SERIES,
          title: 'Temperature',
          describe: 'Over 45 °C packs age fast.',
          unit: unitOf('battery.temp_c'),
          limits: LIMITS['battery.temp_c'],
          queries: band('battery.temp_c'),
        },
        {
          ...SERIES,
          title: 'Learned capacity by model',
          describe: 'Median terminal of each model.',
          unit: unitOf('battery.full_mah'),
          queries: [{ ask: medianBy('battery.full_mah', 'model') }],
        },
        {
          ...SERIES,
          title: 'Internal resistance by model',
          describe: 'Median terminal of each model.',
          unit: unitOf('battery.resistance_mohm'),
          limits: LIMITS['battery.resistance_mohm'],
          queries: [{ ask: medianBy('battery.resistance_mohm', 'model') }],
        },
        {
          ...STACK,
          title: 'Charging',
          describe: 'How many heartbeats named each charging state.',
          unit: 'short',
          queries: [{ ask: wordsSaid('battery.status') }],
        },
        {
          ...SERIES,
          title: 'Brownouts and charge sessions an hour',
          describe: 'Over the fleet.',
          unit: 'short',
          step: COUNTER_STEP,
          queries: [
            { ask: perHour('battery.brownouts_total'), name: 'brownouts' },
            { ask: perHour('battery.charge_sessions_total'), name: 'charge sessions' },
          ],
        },
      ],
    },
    {
      title: 'Terminals that stand out',
      panels: [
        {
          ...BARS,
          title: 'Highest resistance',
          describe: 'Packs that shut down under load next.',
          unit: unitOf('battery.resistance_mohm'),
          limits: LIMITS['battery.resistance_mohm'],
          queries: [{ ask: extremes('battery.resistance_mohm') }],
        },
        {
          ...BARS,
          title: 'Most cycles',
          describe: 'Packs near their rated life.',
          unit: 'short',
          limits: LIMITS['battery.cycles'],
          queries: [{ ask: extremes('battery.cycles') }],
        },
        {
          ...BARS,
          title: 'Most brownouts in a day',
          describe: 'The voltage fell under load.',
          unit: 'short',
          limits: { warning: 1, critical: 5 },
          queries: [{ ask: grewMost('battery.brownouts_total') }],
        },
      ],
    },
  ],
};

export const links: Board = {
  name: 'links',
  title: 'Tillwatch · Links',
  describe: 'Signal, delay and losses of the links by carrier, and the terminals that are worst connected.',
  choose: [],
  from: 'now-24h',
  sections: [
    {
      title: 'Fleet',
      panels: [
        {
          ...SERIES,
          title: 'Signal by carrier',
          describe: 'RSRP of the median terminal of each carrier.',
          unit: unitOf('network.rsrp_dbm'),
          limits: LIMITS['network.rsrp_dbm'],
          queries: [{ ask: medianBy('network.rsrp_dbm', 'carrier') }],
        },
        {
          ...SERIES,
          title: 'Round trip to the payment host',
          describe: 'The highest twentieth shows congestion first.',
          unit: unitOf('network.rtt_ms'),
          limits: LIMITS['network.rtt_ms'],
          queries: band('network.rtt_ms'),
        },
        {
          ...SERIES,
          title: 'Loss by carrier',
          describe: 'Probes lost by the median terminal of each carrier.',
          unit: unitOf('network.loss_pct'),
          limits: LIMITS['network.loss_pct'],
          queries: [{ ask: medianBy('network.loss_pct', 'carrier') }],
        },
        {
          ...SERIES,
          title: 'Reconnects an hour by carrier',
          describe: 'One carrier alone: its network. All at once: this side of it.',
          unit: 'short',
          step: COUNTER_STEP,
          queries: [
            {
              ask: {
                source: counter('network.reconnects_total'),
                scope: 'tenant',
                over: 'per_hour',
                fact: 'carrier',
                across: { how: 'sum', by: ['carrier'] },
              },
            },
          ],
        },
        {
          ...STACK,
          title: 'Kind of link',
          describe: 'How many heartbeats named each.',
          unit: 'short',
          queries: [{ ask: wordsSaid('network.bearer') }],
        },
        {
          ...SERIES,
          title: 'Offline terminals by carrier',
          describe: 'Terminals without a session.',
          unit: 'short',
          queries: [{ ask: levelBy(LEVELS.offline, ['member'], { grouping: 'carrier' }) }],
        },
      ],
    },
    {
      title: 'Terminals that stand out',
      panels: [
        {
          ...BARS,
          title: 'Weakest signal',
          describe: 'RSRP as last reported.',
          unit: unitOf('network.rsrp_dbm'),
          limits: LIMITS['network.rsrp_dbm'],
          queries: [{ ask: extremes('network.rsrp_dbm', true) }],
        },
        {
          ...BARS,
          title: 'Most messages waiting',
          describe: 'They could not be sent: the link is down or slow.',
          unit: 'short',
          limits: LIMITS['network.buffered'],
          queries: [{ ask: extremes('network.buffered') }],
        },
        {
          ...BARS,
          title: 'Most failed transmissions in a day',
          describe: 'Payments that had to be tried again.',
          unit: 'short',
          limits: { warning: 20, critical: 100 },
          queries: [{ ask: grewMost('network.tx_fail_total') }],
        },
      ],
    },
  ],
};
