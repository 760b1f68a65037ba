import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';

export interface Column<T> {
  readonly key: string;
  readonly head: ReactNode;
  /** A CSS grid track, e.g. `minmax(120px, 1fr)`. */
  readonly width: string;
  readonly end?: boolean;
  cell(item: T): ReactNode;
}

export interface VirtualRowsProps<T> {
  readonly items: readonly T[];
  readonly columns: readonly Column<T>[];
  /** How many there are in all; more than `items` while pages are still to be loaded. */
  readonly total: number;
  readonly label: string;
  readonly rowHeight: number;
  /** On narrow screens a row is one block instead of columns. */
  readonly narrow: ((item: T) => ReactNode) | null;
  readonly narrowHeight: number;
  idOf(item: T): string;
  /** Wraps a row's cells in its link. */
  row(item: T, props: { className: string; style: React.CSSProperties; children: ReactNode }): ReactNode;
  more(): void;
  readonly reading?: object;
}

/** A long list of which only what is seen exists: a hundred thousand rows scroll like ten. */
export function VirtualRows<T>(props: VirtualRowsProps<T>) {
  const { items, columns, total, narrow } = props;
  const box = useRef<HTMLElement>(null);
  const height = narrow ? props.narrowHeight : props.rowHeight;
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: 12,
    getItemKey: (index) => props.idOf(items[index]!),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row height needs all measured anew
  useEffect(() => virtual.measure(), [height]);
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const { more } = props;
  useEffect(() => {
    if (items.length < total && last >= items.length - 30) more();
  }, [items.length, total, last, more]);
  const template = { gridTemplateColumns: columns.map((column) => column.width).join(' ') };
  return (
    <section
      ref={box}
      className="vtable"
      style={{ height: `min(${items.length * height + 40}px, calc(100dvh - var(--above, 230px)))`, minHeight: 160 }}
      aria-label={props.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      {...props.reading}
    >
      {!narrow && (
        <div className="vhead" style={template} aria-hidden>
          {columns.map((column) => (
            <span key={column.key} className={column.end ? 'cell num' : 'cell'}>
              {column.head}
            </span>
          ))}
        </div>
      )}
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {shown.map((one) => {
          const item = items[one.index]!;
          return props.row(item, {
            className: 'vrow',
            style: {
              height,
              transform: `translateY(${one.start}px)`,
              ...(narrow ? { display: 'block', padding: '8px 12px' } : template),
            },
            children: narrow
              ? narrow(item)
              : columns.map((column) => (
                  <span key={column.key} className={column.end ? 'cell num' : 'cell'}>
                    {column.cell(item)}
                  </span>
                )),
          });
        })}
      </div>
    </section>
  );
}
