import { LEVELS } from '../../core/level-names.ts';
import { BARS, type Board, COUNTER_STEP, SERIES, STACK, STAT, TABLE } from '../board.ts';
import { LIMITS, unitOf } from '../limits.ts';
import { level } from '../query.ts';
import {
  CONDITIONS,
  each,
  eachPerHour,
  FINDING_COLUMNS,
  findingRows,
  levelBy,
  TICKET_COLUMNS,
  ticketRows,
  wordsSaid,
} from './questions.ts';

const HERE = { grouping: 'site', member: '$site' } as const;

export const site: Board = {
  name: 'site',
  title: 'Tillwatch · Site',
  describe: 'One site: its terminals side by side, what was found there, and its tickets.',
  choose: ['site', 'terminals'],
  from: 'now-24h',
  sections: [
    {
      title: 'Now',
      panels: [
        {
          ...STAT,
          title: 'Terminals',
          describe: 'All but retired ones.',
          unit: 'short',
          queries: [{ ask: levelBy(LEVELS.terminals, [], HERE) }],
        },
        {
          ...STAT,
          title: 'In warning or critical',
          describe: 'Terminals with an open fault.',
          unit: 'short',
          limits: { warning: 1, critical: 3 },
          queries: [{ ask: levelBy(LEVELS.terminals, [], { ...HERE, condition: ['warning', 'critical'] }) }],
        },
        {
          ...STAT,
          title: 'Offline',
          describe: 'Terminals without a session; all at once is a fault of the site, not of its terminals.',
          unit: 'short',
          limits: { warning: 1, critical: 3 },
          queries: [{ ask: levelBy(LEVELS.offline, [], HERE) }],
        },
        {
          ...STAT,
          title: 'Will fail this week',
          describe: 'Terminals with a component forecast to fail within seven days.',
          unit: 'short',
          limits: { warning: 1, critical: 3 },
          queries: [{ ask: levelBy(LEVELS.failing, [], HERE) }],
        },
        {
          ...BARS,
          height: 8,
          title: 'Condition of each terminal',
          describe: 'As it was stated last, within five minutes.',
          unit: 'short',
          max: 5,
          words: CONDITIONS,
          queries: [
            {
              ask: {
                source: level(LEVELS.condition),
                scope: 'terminals',
                where: { site: '$site' },
                over: 'last',
                across: { how: 'max', by: ['terminal'] },
              },
            },
          ],
        },
      ],
    },
    {
      title: 'Side by side',
      panels: [
        {
          ...SERIES,
          title: 'Signal',
          describe:
            'RSRP of each terminal. All falling together: the site or its cell. One alone: its place or its antenna.',
          unit: unitOf('network.rsrp_dbm'),
          limits: LIMITS['network.rsrp_dbm'],
          queries: [{ ask: each('network.rsrp_dbm') }],
        },
        {
          ...SERIES,
          title: 'Round trip to the payment host',
          describe: 'Mean of each step.',
          unit: unitOf('network.rtt_ms'),
          limits: LIMITS['network.rtt_ms'],
          queries: [{ ask: each('network.rtt_ms') }],
        },
        {
          ...SERIES,
          title: 'State of charge',
          describe: 'Terminals that never charge fully, or fall fast, stand out.',
          unit: unitOf('battery.soc_pct'),
          limits: LIMITS['battery.soc_pct'],
          max: 100,
          queries: [{ ask: each('battery.soc_pct') }],
        },
        {
          ...SERIES,
          title: 'Print head temperature',
          describe:
            'A whole site that is hot is a hot site; one terminal that is hot prints much, or its head is failing.',
          unit: unitOf('printer.head_temp_c'),
          limits: LIMITS['printer.head_temp_c'],
          queries: [{ ask: each('printer.head_temp_c') }],
        },
        {
          ...SERIES,
          title: 'Transactions an hour',
          describe: 'Approved ones of each terminal.',
          unit: 'short',
          step: COUNTER_STEP,
          queries: [{ ask: eachPerHour('txn.ok_total') }],
        },
        {
          ...STACK,
          title: 'What printers said',
          describe: 'How many heartbeats named each printer state.',
          unit: 'short',
          queries: [{ ask: wordsSaid('printer.state', 'terminals') }],
        },
      ],
    },
    {
      title: 'Found here',
      panels: [
        {
          ...TABLE,
          title: 'Standing findings',
          describe: 'Probability that the component fails within its horizon.',
          unit: 'percentunit',
          columns: { ...FINDING_COLUMNS, value: 'Probability' },
          queries: [{ ask: findingRows('probability', { site: '$site' }) }],
        },
        {
          ...TABLE,
          title: 'Open tickets',
          describe: 'With their age.',
          unit: 'h',
          columns: TICKET_COLUMNS,
          queries: [{ ask: ticketRows({ site: '$site' }) }],
        },
      ],
    },
  ],
};
