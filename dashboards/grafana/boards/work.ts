import { LEVELS } from '../../core/level-names.ts';
import { BARS, type Board, SERIES, STACK, STAT, TABLE } from '../board.ts';
import { level, type Query } from '../query.ts';
import { FINDING_COLUMNS, findingRows, levelBy, TICKET_COLUMNS, ticketRows } from './questions.ts';

const SEVERITY_STATS = [
  { severity: 'critical', limits: { warning: 1, critical: 1 } },
  { severity: 'warning', limits: { warning: 1, critical: 25 } },
  { severity: 'watch', limits: undefined },
] as const;

const failing = (grouping: string): Query => ({
  ...levelBy(LEVELS.failing, ['member'], { grouping }),
  most: { count: 10 },
});

export const predictions: Board = {
  name: 'predictions',
  title: 'Tillwatch · Predictions',
  describe: 'What is held to be failing or about to: by component, with probabilities and expected times.',
  choose: [],
  from: 'now-7d',
  sections: [
    {
      title: 'Now',
      panels: [
        ...SEVERITY_STATS.map(({ severity, limits }) => ({
          ...STAT,
          title: `Findings: ${severity}`,
          describe: severity === 'watch' ? 'Watched only: they open no ticket.' : 'Each has or gets a ticket.',
          unit: 'short',
          ...(limits ? { limits } : {}),
          queries: [{ ask: levelBy(LEVELS.findings, [], { severity }) }],
        })),
        {
          ...STAT,
          width: 12,
          title: 'Terminals forecast to fail within a week',
          describe: 'By the middle of the forecast.',
          unit: 'short',
          limits: { warning: 1, critical: 25 },
          queries: [{ ask: levelBy(LEVELS.failing, [], { grouping: 'tenant' }) }],
        },
      ],
    },
    {
      title: 'Over time',
      panels: [
        {
          ...STACK,
          title: 'Findings by severity',
          describe: 'A saw-tooth means that findings come and go: see the flapping tickets.',
          unit: 'short',
          queries: [{ ask: levelBy(LEVELS.findings, ['severity']) }],
        },
        {
          ...STACK,
          title: 'Findings by component',
          describe: 'All severities.',
          unit: 'short',
          queries: [{ ask: levelBy(LEVELS.findings, ['component']) }],
        },
        {
          ...BARS,
          width: 12,
          title: 'Forecast to fail within a week, by site',
          describe: 'The ten sites with most: one visit can serve several.',
          unit: 'short',
          queries: [{ ask: failing('site') }],
        },
        {
          ...BARS,
          width: 12,
          title: 'Forecast to fail within a week, by model',
          describe: 'A model that leads for its number ages worse than the others.',
          unit: 'short',
          queries: [{ ask: failing('model') }],
        },
      ],
    },
    {
      title: 'One by one',
      panels: [
        {
          ...TABLE,
          title: 'How likely',
          describe: 'Standing findings with the probability that the component fails within the horizon.',
          unit: 'percentunit',
          columns: { ...FINDING_COLUMNS, value: 'Probability' },
          queries: [{ ask: findingRows('probability') }],
        },
        {
          ...TABLE,
          title: 'How soon',
          describe: 'Standing findings that have a forecast, with the hours until the middle of it.',
          unit: 'h',
          decimals: 0,
          columns: { ...FINDING_COLUMNS, value: 'Expected in' },
          queries: [{ ask: findingRows('hoursLeft') }],
        },
      ],
    },
  ],
};

const clocks = (kind: string): Query => levelBy(LEVELS.clocks, ['standing'], { kind });

export const tickets: Board = {
  name: 'tickets',
  title: 'Tillwatch · Tickets and service levels',
  describe: 'Open tickets, whose move it is, and how service levels stand.',
  choose: [],
  from: 'now-7d',
  sections: [
    {
      title: 'Now',
      panels: [
        ...SEVERITY_STATS.map(({ severity, limits }) => ({
          ...STAT,
          title: `Open: ${severity}`,
          describe: 'Tickets that are not closed.',
          unit: 'short',
          ...(limits ? { limits } : {}),
          queries: [{ ask: levelBy(LEVELS.tickets, [], { severity }) }],
        })),
        {
          ...STAT,
          title: 'Late',
          describe: 'The promised time has passed.',
          unit: 'short',
          limits: { warning: 1, critical: 5 },
          queries: [{ ask: levelBy(LEVELS.late, []) }],
        },
        {
          ...STAT,
          title: 'Response times breached',
          describe: 'Open tickets that nobody answered in time.',
          unit: 'short',
          limits: { warning: 1, critical: 5 },
          queries: [{ ask: levelBy(LEVELS.clocks, [], { kind: 'response', standing: 'breached' }) }],
        },
        {
          ...STAT,
          title: 'Repair times breached',
          describe: 'Open tickets that were not repaired in time.',
          unit: 'short',
          limits: { warning: 1, critical: 5 },
          queries: [{ ask: levelBy(LEVELS.clocks, [], { kind: 'repair', standing: 'breached' }) }],
        },
      ],
    },
    {
      title: 'Over time',
      panels: [
        {
          ...STACK,
          title: 'Open tickets by severity',
          describe: 'Tickets of all kinds.',
          unit: 'short',
          queries: [{ ask: levelBy(LEVELS.tickets, ['severity']) }],
        },
        {
          ...STACK,
          title: 'Whose move it is',
          describe: 'A heap at one party is where the work stands still.',
          unit: 'short',
          queries: [{ ask: levelBy(LEVELS.waiting, ['waiting_for']) }],
        },
        {
          ...STACK,
          title: 'Response clocks',
          describe: 'Of open tickets. Clocks pause while the merchant is waited for.',
          unit: 'short',
          queries: [{ ask: clocks('response') }],
        },
        {
          ...STACK,
          title: 'Repair clocks',
          describe: 'Of open tickets. Clocks pause while the merchant is waited for.',
          unit: 'short',
          queries: [{ ask: clocks('repair') }],
        },
        {
          ...SERIES,
          width: 24,
          title: 'Open tickets by kind',
          describe: 'Faults, lost terminals, deactivations, maintenance.',
          unit: 'short',
          queries: [{ ask: levelBy(LEVELS.tickets, ['kind']) }],
        },
      ],
    },
    {
      title: 'One by one',
      panels: [
        {
          ...TABLE,
          title: 'Open tickets',
          describe: 'With their age.',
          unit: 'h',
          decimals: 0,
          columns: TICKET_COLUMNS,
          queries: [{ ask: ticketRows() }],
        },
        {
          ...TABLE,
          title: 'Service levels that run out next',
          describe: 'Running clocks with the hours left; negative: breached.',
          unit: 'h',
          decimals: 1,
          columns: {
            ticket: 'Ticket',
            kind: 'Clock',
            severity: 'Severity',
            site: 'Site',
            provider: 'Provider',
            value: 'Left',
          },
          queries: [
            {
              ask: {
                source: level(LEVELS.clockLeft),
                scope: 'tenant',
                over: 'last',
                span: '3m',
                across: { how: 'min', by: ['ticket', 'kind', 'severity', 'site', 'provider'] },
                most: { count: 50, lowest: true },
              },
            },
          ],
        },
      ],
    },
  ],
};
