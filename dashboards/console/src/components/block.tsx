import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { ExportButton, type PlainColumn, PlainTable } from './plain-table.tsx';
import { Empty, Failed, Loading } from './state.tsx';

interface BlockProps<T extends object> {
  readonly title: string;
  readonly help?: string;
  readonly none: string;
  /** Name of the exported file. */
  readonly name: string;
  /** Buttons beside the export. */
  readonly action?: ReactNode;
  readonly query: { readonly data?: { readonly items: readonly T[] } | undefined; readonly error: unknown };
  readonly columns: readonly PlainColumn<T>[];
  idOf(item: T): string;
}

/** A titled list with its export, its empty sentence and its fault. */
export function Block<T extends object>({ title, help, none, name, action, query, columns, idOf }: BlockProps<T>) {
  const items = query.data?.items ?? [];
  return (
    <section className="card" aria-label={title}>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: '6px 10px', alignItems: 'center' }}>
        <Title order={2}>{title}</Title>
        <span className="pushed noprint" style={{ display: 'flex', gap: 8 }}>
          {action}
          <ExportButton name={name} items={items} columns={columns} />
        </span>
      </div>
      {help && (
        <Text size="sm" className="muted">
          {help}
        </Text>
      )}
      {Boolean(query.error) && !query.data && <Failed error={query.error} />}
      {!query.data && !query.error && <Loading />}
      {query.data && items.length === 0 && <Empty>{none}</Empty>}
      {items.length > 0 && <PlainTable items={items} columns={columns} idOf={idOf} label={title} minWidth={720} />}
    </section>
  );
}
