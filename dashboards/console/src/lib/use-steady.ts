import { useCallback, useEffect, useRef, useState } from 'react';

/** How long after the last sign of reading a list may be put in a new order. */
const READING_MS = 20_000;

export interface Steady<T> {
  readonly items: readonly T[];
  /** How many rows would come, go or move were the newest order shown. */
  readonly held: number;
  show(): void;
  /** To be set on the element that holds the rows. */
  readonly reading: {
    onPointerMove(): void;
    onKeyDown(): void;
    onFocus(): void;
    onScroll(): void;
    onTouchStart(): void;
  };
}

/**
 * Keeps rows where they are while somebody reads: values change in place, but rows come, go and move only when the list has not been
 * touched for a while, or when asked. `epoch` (the filters, say) puts a new question, whose answer is shown at once.
 */
export function useSteady<T>(fresh: readonly T[], idOf: (item: T) => string, epoch: string): Steady<T> {
  const shown = useRef<{ epoch: string; ids: string[]; items: Map<string, T> }>({
    epoch: '',
    ids: [],
    items: new Map(),
  });
  const touchedAt = useRef(0);
  const [, redraw] = useState(0);
  const freshIds = fresh.map(idOf);
  const state = shown.current;
  const isReading = Date.now() - touchedAt.current < READING_MS;
  const grew = freshIds.length > state.ids.length && state.ids.every((id, i) => freshIds[i] === id);
  if (state.epoch !== epoch || !isReading || grew || state.ids.length === 0) {
    shown.current = { epoch, ids: freshIds, items: new Map(fresh.map((item, i) => [freshIds[i]!, item])) };
  } else {
    for (let i = 0; i < fresh.length; i++) if (state.items.has(freshIds[i]!)) state.items.set(freshIds[i]!, fresh[i]!);
  }
  const now = shown.current;
  let held = 0;
  for (let i = 0; i < Math.max(freshIds.length, now.ids.length); i++) if (freshIds[i] !== now.ids[i]) held++;

  useEffect(() => {
    if (held === 0) return;
    const timer = setTimeout(() => redraw((n) => n + 1), READING_MS);
    return () => clearTimeout(timer);
  }, [held]);
  const touch = useCallback(() => {
    touchedAt.current = Date.now();
  }, []);
  const show = useCallback(() => {
    touchedAt.current = 0;
    redraw((n) => n + 1);
  }, []);
  return {
    items: now.ids.map((id) => now.items.get(id)!),
    held,
    show,
    reading: { onPointerMove: touch, onKeyDown: touch, onFocus: touch, onScroll: touch, onTouchStart: touch },
  };
}
