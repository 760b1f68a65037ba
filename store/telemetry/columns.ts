import { COUNTERS, GAUGES, type MetricDefinition, TEXTS } from '../../contract/metrics.ts';

/** A catalogue metric as a column: `battery.soc_pct` → `battery_soc_pct`. */
export interface Column {
  readonly key: string;
  readonly name: string;
  readonly group: string;
  readonly field: string;
}

/** A channel's fields by their group, in the order of the columns: what a row is filled from. */
export interface ColumnGroup {
  readonly group: string;
  readonly fields: readonly { readonly field: string; readonly index: number }[];
}

const columnsOf = (metrics: readonly MetricDefinition[]): readonly Column[] =>
  metrics.map(({ key, group, field }) => ({ key, name: key.replace('.', '_'), group, field }));

export const GAUGE_COLUMNS = columnsOf(GAUGES);
export const TEXT_COLUMNS = columnsOf(TEXTS);
export const COUNTER_COLUMNS = columnsOf(COUNTERS);

/** Groups columns so that a row is filled with one look at each group of the payload. */
export function groupsOf(columns: readonly Column[]): readonly ColumnGroup[] {
  const groups = new Map<string, { field: string; index: number }[]>();
  columns.forEach(({ group, field }, index) => {
    const fields = groups.get(group) ?? [];
    groups.set(group, fields);
    fields.push({ field, index });
  });
  return [...groups].map(([group, fields]) => ({ group, fields }));
}
