import { LEVELS } from '../../core/level-names.ts';
import { BARS, type Board, COUNTER_STEP, SERIES, STACK, STAT } from '../board.ts';
import { gauge } from '../query.ts';
import { levelBy, perHour, shareIn, terminalsIn } from './questions.ts';

const SMALL = { ...STAT, width: 3 } as const;
const BAD = { warning: 1, critical: 10 } as const;

export const fleet: Board = {
  name: 'fleet',
  title: 'Tillwatch · Fleet',
  describe: 'The whole fleet of a tenant: how many terminals are in which condition, where, and what they do.',
  choose: [],
  from: 'now-24h',
  sections: [
    {
      title: 'Now',
      panels: [
        {
          ...SMALL,
          title: 'Terminals',
          describe: 'All but retired ones.',
          unit: 'short',
          queries: [{ ask: terminalsIn() }],
        },
        {
          ...SMALL,
          title: 'Critical',
          describe: 'Terminals whose worst finding is critical: an outage is near or there.',
          unit: 'short',
          limits: { warning: 1, critical: 1 },
          queries: [{ ask: terminalsIn('critical') }],
        },
        {
          ...SMALL,
          title: 'Warning',
          describe: 'Terminals whose worst finding is a warning: a ticket is open for it.',
          unit: 'short',
          limits: BAD,
          queries: [{ ask: terminalsIn('warning') }],
        },
        {
          ...SMALL,
          title: 'Silent',
          describe: 'Terminals that should have been heard by now and were not.',
          unit: 'short',
          limits: BAD,
          queries: [{ ask: terminalsIn('silent') }],
        },
        {
          ...SMALL,
          title: 'Offline',
          describe: 'Terminals without a session, closed shops included.',
          unit: 'short',
          queries: [{ ask: levelBy(LEVELS.offline, [], { grouping: 'tenant' }) }],
        },
        {
          ...SMALL,
          title: 'Will fail this week',
          describe: 'Terminals with a component that is forecast to fail within seven days.',
          unit: 'short',
          limits: BAD,
          queries: [{ ask: levelBy(LEVELS.failing, [], { grouping: 'tenant' }) }],
        },
        {
          ...SMALL,
          title: 'Open tickets',
          describe: 'All kinds, those that wait for the merchant included.',
          unit: 'short',
          queries: [{ ask: levelBy(LEVELS.tickets, []) }],
        },
        {
          ...SMALL,
          title: 'Late tickets',
          describe: 'Open tickets whose promised time has passed.',
          unit: 'short',
          limits: { warning: 1, critical: 5 },
          queries: [{ ask: levelBy(LEVELS.late, []) }],
        },
      ],
    },
    {
      title: 'Over time',
      panels: [
        {
          ...STACK,
          title: 'Terminals by condition',
          describe: 'Each terminal is in exactly one: its worst finding, else silent, never heard, or healthy.',
          unit: 'short',
          queries: [{ ask: levelBy(LEVELS.terminals, ['condition'], { grouping: 'tenant' }) }],
        },
        {
          ...SERIES,
          title: 'Standing findings by component',
          describe: 'All severities. A jump of one component in the whole fleet points at a cause they share.',
          unit: 'short',
          queries: [{ ask: levelBy(LEVELS.findings, ['component']) }],
        },
        {
          ...SERIES,
          title: 'Transactions an hour',
          describe: 'Approved, declined, and failed technically.',
          unit: 'short',
          step: COUNTER_STEP,
          queries: [
            { ask: perHour('txn.ok_total'), name: 'approved' },
            { ask: perHour('txn.declined_total'), name: 'declined' },
            { ask: perHour('txn.tech_fail_total'), name: 'failed technically' },
          ],
        },
        {
          ...SERIES,
          title: 'Terminals that sent a heartbeat',
          describe:
            'In each step. A dip of the whole fleet is a network or broker fault, not a hundred terminal faults.',
          unit: 'short',
          queries: [
            {
              ask: { source: gauge('n'), scope: 'tenant', over: 'count', across: { how: 'count', by: ['tenant'] } },
              name: 'terminals',
            },
          ],
        },
      ],
    },
    {
      title: 'Where it is worst: share of terminals in warning or critical',
      panels: (['site', 'model', 'firmware', 'carrier'] as const).map((grouping) => ({
        ...BARS,
        width: 6,
        title: `By ${grouping}`,
        describe: `The ten worst of each ${grouping}.`,
        unit: 'percentunit',
        max: 1,
        limits: { warning: 0.05, critical: 0.2 },
        queries: [{ ask: shareIn(grouping, 'warning', 'critical') }],
      })),
    },
  ],
};
