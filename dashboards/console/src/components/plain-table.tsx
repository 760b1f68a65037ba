import { Button, UnstyledButton } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import {
  createSortedRowModel,
  type Header,
  rowSortingFeature,
  sortFn_alphanumeric,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Sideways } from './sideways.tsx';

export interface ExportColumn<T> {
  readonly head: string;
  /** What the export says; left out: the column is not exported. */
  text?(item: T): string | number | null;
}

export interface PlainColumn<T> extends ExportColumn<T> {
  readonly end?: boolean;
  cell(item: T): ReactNode;
}

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric },
});

/** A short list as a table that scrolls sideways where it must, sorted by whichever column's head is pressed. */
export function PlainTable<T extends object>({
  items,
  columns,
  idOf,
  label,
  minWidth = 560,
}: {
  items: readonly T[];
  columns: readonly PlainColumn<T>[];
  idOf(item: T): string;
  label?: string;
  minWidth?: number;
}) {
  const { t } = useTranslation();
  const table = useTable<typeof features, T>({
    features,
    data: items as T[],
    columns: columns.map((column, i) => ({
      id: String(i),
      header: column.head,
      accessorFn: (item: T) => column.text?.(item) ?? undefined,
      enableSorting: column.text !== undefined,
      sortFn: 'alphanumeric' as const,
      sortUndefined: 'last' as const,
    })),
    getRowId: (item) => idOf(item),
  });
  return (
    <Sideways label={label ?? t('list.table')}>
      <table className="table" style={{ minWidth }}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header, i) => (
                <Head key={header.id} header={header} end={columns[i]?.end ?? false} />
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id}>
              {columns.map((column) => (
                <td key={column.head} className={column.end ? 'end' : undefined}>
                  {column.cell(row.original)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  );
}

const ARROWS = { asc: '↑', desc: '↓' } as const;

function Head<T extends object>({ header, end }: { header: Header<typeof features, T>; end: boolean }) {
  const { column } = header;
  const sorted = column.getIsSorted();
  const name = String(column.columnDef.header);
  return (
    <th
      className={end ? 'end' : undefined}
      aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : undefined}
    >
      {column.getCanSort() && name !== '' ? (
        <UnstyledButton className="sorter" onClick={column.getToggleSortingHandler()}>
          {name} <span aria-hidden>{sorted === false ? '' : ARROWS[sorted]}</span>
        </UnstyledButton>
      ) : (
        name
      )}
    </th>
  );
}

/** Saves what a list shows as CSV. */
export function ExportButton<T>({
  name,
  items,
  columns,
}: {
  name: string;
  items: readonly T[];
  columns: readonly ExportColumn<T>[];
}) {
  const { t } = useTranslation();
  const save = () => {
    const told = columns.filter((column) => column.text);
    const lines = [
      told.map((column) => csv(column.head)),
      ...items.map((item) => told.map((c) => csv(c.text?.(item)))),
    ];
    const blob = new Blob([`\ufeff${lines.map((line) => line.join(',')).join('\r\n')}\r\n`], { type: 'text/csv' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `${name}-${new Date().toISOString().slice(0, 10)}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <Button
      size="xs"
      variant="default"
      disabled={items.length === 0}
      leftSection={<IconDownload size={15} aria-hidden />}
      onClick={save}
    >
      {t('list.export')}
    </Button>
  );
}

/** Quotes where needed, and defuses what a spreadsheet would run as a formula. */
function csv(value: string | number | null | undefined): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
