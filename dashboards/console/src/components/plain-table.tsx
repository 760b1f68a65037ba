import { Button, Table } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export interface ExportColumn<T> {
  readonly head: string;
  /** What the export says; left out: the column is not exported. */
  text?(item: T): string | number | null;
}

export interface PlainColumn<T> extends ExportColumn<T> {
  readonly end?: boolean;
  cell(item: T): ReactNode;
}

/** A short list as a table that scrolls sideways where it must. */
export function PlainTable<T>({
  items,
  columns,
  idOf,
  minWidth = 560,
}: {
  items: readonly T[];
  columns: readonly PlainColumn<T>[];
  idOf(item: T): string;
  minWidth?: number;
}) {
  return (
    <Table.ScrollContainer minWidth={minWidth} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column.head} ta={column.end ? 'end' : undefined}>
                {column.head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={idOf(item)}>
              {columns.map((column) => (
                <Table.Td key={column.head} ta={column.end ? 'end' : undefined}>
                  {column.cell(item)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
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
