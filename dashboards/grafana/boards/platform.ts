import { type Board, SERIES, STAT } from '../board.ts';
import { buckets, level, type Query, total } from '../query.ts';

const own = (name: string, by: readonly string[], how: 'sum' | 'max' | 'min' = 'max'): Query => ({
  source: level(name),
  scope: 'everything',
  over: 'last',
  across: { how, by },
});
const rate = (name: string, by: readonly string[]): Query => ({
  source: total(name),
  scope: 'everything',
  over: 'per_second',
  across: { how: 'sum', by },
});
const p99 = (name: string): Query => ({
  source: buckets(name),
  scope: 'everything',
  over: 'p99',
  across: { how: 'sum', by: ['instance'] },
});

export const platform: Board = {
  name: 'platform',
  title: 'Tillwatch · The platform itself',
  describe: 'Whether Tillwatch keeps up: messages in, lag of each reader, disk, and its processes.',
  choose: [],
  tenantless: true,
  from: 'now-6h',
  sections: [
    {
      title: 'Now',
      panels: [
        {
          ...STAT,
          title: 'Ready',
          describe: '1: every part of the process can do its work. See /readyz for which cannot.',
          unit: 'short',
          limits: { warning: 1, critical: 1, falling: true },
          queries: [{ ask: own('tillwatch_ready', ['instance'], 'min') }],
        },
        {
          ...STAT,
          title: 'Furthest behind',
          describe: 'Journal batches that the slowest reader has not finished.',
          unit: 'short',
          limits: { warning: 500, critical: 5000 },
          queries: [{ ask: own('tillwatch_journal_lag_batches', ['instance']) }],
        },
        {
          ...STAT,
          title: 'Journal used',
          describe: 'Of its budget. Full: senders are not acknowledged until readers have caught up.',
          unit: 'percentunit',
          limits: { warning: 0.5, critical: 0.8 },
          queries: [
            {
              ask: {
                ...own('tillwatch_journal_bytes', ['instance']),
                per: own('tillwatch_journal_budget_bytes', ['instance']),
              },
            },
          ],
        },
        {
          ...STAT,
          title: 'Disk free',
          describe: 'Where the data directory lies.',
          unit: 'percentunit',
          limits: { warning: 0.2, critical: 0.1, falling: true },
          queries: [
            {
              ask: {
                ...own('tillwatch_disk_free_bytes', ['instance']),
                per: own('tillwatch_disk_size_bytes', ['instance']),
              },
            },
          ],
        },
        {
          ...STAT,
          title: 'Missing messages',
          describe: 'Gaps in the terminals’ own counting that were never filled.',
          unit: 'short',
          queries: [{ ask: own('tillwatch_ingest_missing', ['instance'], 'sum') }],
        },
        {
          ...STAT,
          title: 'Effects waiting',
          describe: 'Notices, commands and other effects of tickets that were due at the last look.',
          unit: 'short',
          limits: { warning: 100, critical: 1000 },
          queries: [{ ask: own('tillwatch_effects_due', ['instance'], 'sum') }],
        },
      ],
    },
    {
      title: 'Messages',
      panels: [
        {
          ...SERIES,
          title: 'Messages a second',
          describe: 'Arrived, accepted, dropped as repeats.',
          unit: 'short',
          queries: [
            { ask: rate('tillwatch_ingest_received_total', ['instance']), name: 'arrived' },
            { ask: rate('tillwatch_ingest_accepted_total', ['instance']), name: 'readings accepted' },
            { ask: rate('tillwatch_ingest_duplicates_total', ['instance']), name: 'repeats' },
          ],
        },
        {
          ...SERIES,
          title: 'Rejected a second, by reason',
          describe: 'The messages themselves are in the dead letters.',
          unit: 'short',
          queries: [{ ask: rate('tillwatch_ingest_rejected_total', ['reason']) }],
        },
        {
          ...SERIES,
          title: 'Arrival to durable and to queryable, 99th percentile',
          describe: 'Of the oldest message of each batch.',
          unit: 's',
          limits: { warning: 2, critical: 10 },
          queries: [
            { ask: p99('tillwatch_ingest_durable_seconds'), name: 'durable' },
            { ask: p99('tillwatch_ingest_queryable_seconds'), name: 'queryable' },
            { ask: p99('tillwatch_ingest_commit_seconds'), name: 'the commit itself' },
          ],
        },
        {
          ...SERIES,
          title: 'In flight',
          describe: 'Accepted and not yet durable. Near its bound senders are held back.',
          unit: 'bytes',
          queries: [{ ask: own('tillwatch_ingest_in_flight_bytes', ['instance']) }],
        },
      ],
    },
    {
      title: 'Readers',
      panels: [
        {
          ...SERIES,
          title: 'Lag by reader',
          describe: 'Journal batches not yet finished. One reader that climbs alone: its store is slow or down.',
          unit: 'short',
          limits: { warning: 500, critical: 5000 },
          queries: [{ ask: own('tillwatch_journal_lag_batches', ['consumer']) }],
        },
        {
          ...SERIES,
          title: 'Evaluated a second, and lag of the analysis',
          describe: 'Readings that went through the detectors; batches that have not.',
          unit: 'short',
          queries: [
            { ask: rate('tillwatch_analytics_readings_total', ['instance']), name: 'readings a second' },
            { ask: own('tillwatch_analytics_lag_batches', ['instance']), name: 'batches behind' },
          ],
        },
        {
          ...SERIES,
          title: 'Findings that stand, streams that are open',
          describe: 'Over all tenants.',
          unit: 'short',
          queries: [
            { ask: own('tillwatch_analytics_findings', ['instance'], 'sum'), name: 'findings' },
            { ask: own('tillwatch_dashboards_streams', ['instance'], 'sum'), name: 'streams' },
          ],
        },
        {
          ...SERIES,
          title: 'Disk',
          describe: 'Of the journal and the telemetry store.',
          unit: 'bytes',
          queries: [
            { ask: own('tillwatch_journal_bytes', ['instance']), name: 'journal' },
            { ask: own('tillwatch_telemetry_bytes', ['instance']), name: 'telemetry' },
          ],
        },
      ],
    },
    {
      title: 'Processes',
      panels: [
        {
          ...SERIES,
          title: 'Memory',
          describe: 'Resident memory, and within it the heap, the embedded telemetry store and the detectors’ state.',
          unit: 'bytes',
          queries: [
            { ask: own('tillwatch_process_resident_memory_bytes', ['instance']), name: 'resident' },
            { ask: own('tillwatch_nodejs_heap_size_total_bytes', ['instance']), name: 'heap' },
            { ask: own('tillwatch_telemetry_memory_bytes', ['instance']), name: 'telemetry store' },
            { ask: own('tillwatch_analytics_state_bytes', ['instance']), name: 'detector state' },
          ],
        },
        {
          ...SERIES,
          title: 'Processor',
          describe: 'Cores in use by each process.',
          unit: 'short',
          queries: [{ ask: rate('tillwatch_process_cpu_seconds_total', ['instance']) }],
        },
        {
          ...SERIES,
          width: 24,
          title: 'Event loop lag, 99th percentile',
          describe: 'Above a second, answers and acknowledgements come late.',
          unit: 's',
          limits: { warning: 0.5, critical: 2 },
          queries: [{ ask: own('tillwatch_nodejs_eventloop_lag_p99_seconds', ['instance']) }],
        },
      ],
    },
  ],
};
