import { LEVELS } from '../../core/level-names.ts';
import { type Board, COUNTER_STEP, type PanelSpec, SERIES, STACK, STAT, TABLE } from '../board.ts';
import { LIMITS, unitOf } from '../limits.ts';
import { counter, gauge, level } from '../query.ts';
import { CONDITIONS, FINDING_COLUMNS, findingRows, wordsSaid } from './questions.ts';

const EIGHT = { ...SERIES, width: 8 } as const;

/** A gauge of the one terminal over time, with the catalogue's unit and limits. */
function plot(title: string, describe: string, ...keys: readonly string[]): PanelSpec {
  const limits = keys.length === 1 ? LIMITS[keys[0] as keyof typeof LIMITS] : undefined;
  return {
    ...EIGHT,
    title,
    describe,
    unit: unitOf(keys[0]!),
    ...(limits ? { limits } : {}),
    queries: keys.map((key) => ({
      ask: { source: gauge(key), scope: 'terminals', over: 'mean', across: { how: 'mean', by: ['terminal'] } },
      name: key,
    })),
  };
}

/** Counters of the one terminal, an hour. */
function rates(title: string, describe: string, ...keys: readonly string[]): PanelSpec {
  return {
    ...EIGHT,
    title,
    describe,
    unit: 'short',
    step: COUNTER_STEP,
    queries: keys.map((key) => ({
      ask: { source: counter(key), scope: 'terminals', over: 'per_hour', across: { how: 'sum', by: ['terminal'] } },
      name: key.replace(/_total$/, ''),
    })),
  };
}

function now(title: string, describe: string, key: keyof typeof LIMITS): PanelSpec {
  return {
    ...STAT,
    title,
    describe,
    unit: unitOf(key),
    limits: LIMITS[key],
    queries: [
      {
        ask: {
          source: gauge(key),
          scope: 'terminals',
          over: 'last',
          span: '1h',
          across: { how: 'mean', by: ['terminal'] },
        },
      },
    ],
  };
}

export const terminal: Board = {
  name: 'terminal',
  title: 'Tillwatch · Terminal',
  describe: 'One terminal with everything that it reports, component by component.',
  choose: ['sites', 'terminal'],
  from: 'now-7d',
  sections: [
    {
      title: 'Now',
      panels: [
        {
          ...STAT,
          title: 'Condition',
          describe: 'Its worst finding, else silent, never heard, or healthy.',
          unit: 'short',
          words: CONDITIONS,
          queries: [
            {
              ask: {
                source: level(LEVELS.condition),
                scope: 'terminals',
                over: 'last',
                across: { how: 'max', by: ['terminal'] },
              },
            },
          ],
        },
        now('Charge', 'State of charge, as last reported within an hour.', 'battery.soc_pct'),
        now('Signal', 'RSRP, as last reported within an hour.', 'network.rsrp_dbm'),
        now('Round trip', 'To the payment host, as last reported within an hour.', 'network.rtt_ms'),
        now('Print head', 'Temperature, as last reported within an hour.', 'printer.head_temp_c'),
        now('Free flash', 'As last reported within an hour.', 'system.flash_free_mb'),
        {
          ...TABLE,
          height: 6,
          title: 'Standing findings',
          describe: 'What is held to be true of it, with the probability of failure within the horizon.',
          unit: 'percentunit',
          columns: { ...FINDING_COLUMNS, value: 'Probability' },
          queries: [{ ask: findingRows('probability', { subject: '$terminal' }) }],
        },
      ],
    },
    {
      title: 'Battery',
      panels: [
        plot('Charge', 'State of charge.', 'battery.soc_pct'),
        plot('Voltage', 'A pack that sags under load has a high resistance.', 'battery.voltage_mv'),
        plot('Temperature', 'Over 45 °C the pack ages fast.', 'battery.temp_c'),
        plot('Learned capacity', 'Full charge as the gauge has learned it.', 'battery.full_mah'),
        plot(
          'Internal resistance',
          'Rises with age; shuts down under load when it is too high.',
          'battery.resistance_mohm',
        ),
        rates(
          'Events an hour',
          'Charge sessions, brownouts.',
          'battery.charge_sessions_total',
          'battery.brownouts_total',
        ),
      ],
    },
    {
      title: 'Printer',
      panels: [
        plot('Head temperature', 'Stops printing when too hot.', 'printer.head_temp_c'),
        plot('Head resistance', 'Mean of the elements: rises as they wear.', 'printer.head_ohm'),
        plot('Dead dots', 'Elements that are open: white lines on the paper.', 'printer.dead_dots'),
        rates('Work an hour', 'Jobs and cuts.', 'printer.jobs_total', 'printer.cuts_total'),
        rates(
          'Trouble an hour',
          'Jobs tried again, jams, failed cuts, stops for heat.',
          'printer.retries_total',
          'printer.jams_total',
          'printer.cutter_errors_total',
          'printer.overheats_total',
        ),
        {
          ...STACK,
          width: 8,
          title: 'What it said',
          describe: 'How many heartbeats named each state.',
          unit: 'short',
          queries: [{ ask: wordsSaid('printer.state', 'terminals') }],
        },
      ],
    },
    {
      title: 'Link',
      panels: [
        plot('Signal', 'RSRP: below −105 dBm is weak, below −115 dBm hardly usable.', 'network.rsrp_dbm'),
        plot('Interference', 'SINR: low with a good RSRP is a crowded cell.', 'network.sinr_db'),
        plot('Round trip', 'To the payment host.', 'network.rtt_ms'),
        plot('Loss', 'Probes lost.', 'network.loss_pct'),
        rates(
          'Trouble an hour',
          'Reconnects, new attaches, failed transmissions.',
          'network.reconnects_total',
          'network.reattaches_total',
          'network.tx_fail_total',
        ),
        {
          ...STACK,
          width: 8,
          title: 'Kind of link',
          describe: 'How many heartbeats named each.',
          unit: 'short',
          queries: [{ ask: wordsSaid('network.bearer', 'terminals') }],
        },
      ],
    },
    {
      title: 'Reader, system, transactions',
      panels: [
        rates(
          'Failed reads an hour',
          'Chip, swipe, tap.',
          'reader.chip_fail_total',
          'reader.swipe_fail_total',
          'reader.tap_fail_total',
        ),
        plot('Processor', 'Load of the processor.', 'system.cpu_pct'),
        plot(
          'Free memory and flash',
          'Flash that fills up ends in lost transactions.',
          'system.mem_free_mb',
          'system.flash_free_mb',
        ),
        rates(
          'Crashes and boots an hour',
          'More than a few a day is a crash loop.',
          'system.crashes_total',
          'system.reboots_total',
        ),
        rates(
          'Transactions an hour',
          'Approved, declined, failed technically.',
          'txn.ok_total',
          'txn.declined_total',
          'txn.tech_fail_total',
        ),
        plot('Time since boot', 'Falls to zero with each boot.', 'system.uptime_s'),
      ],
    },
  ],
};
