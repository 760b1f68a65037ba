import { useDocumentVisibility } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { apiUrl, seg } from './client.ts';
import { keys } from './queries.ts';
import type { TerminalPage } from './types.ts';

export type LiveState = 'connecting' | 'on' | 'off';
interface Live {
  readonly state: LiveState;
  /** When something was last heard, by the client's clock. */
  readonly heardAt: number | null;
  /** Asks for one terminal's values as they come; null ends it. */
  watch(terminal: string | null): void;
}

interface ChangeData {
  readonly terminals: readonly string[] | null;
  readonly findings: readonly string[] | null;
  readonly tickets: readonly string[] | null;
  readonly sites: boolean;
}

interface LatestData {
  readonly terminal: string;
  readonly ts: number;
  readonly values: Readonly<Record<string, number | string>>;
}

const LiveContext = createContext<Live>({ state: 'connecting', heardAt: null, watch: () => {} });

/** Fetching again what is shown costs the server: no kind of it more often than this. */
const THROTTLE_MS = 1000;
const ASK_AGAIN_MS = 10_000;

/** Keeps one event stream open for the tenant, and marks what is shown as stale when it moved. */
export function LiveProvider({
  tenant,
  streams,
  children,
}: {
  tenant: string;
  /** False for those who see part of the tenant only: they ask again every so often instead. */
  streams: boolean;
  children: ReactNode;
}) {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  const [heardAt, setHeardAt] = useState<number | null>(null);
  const [watched, setWatched] = useState<string | null>(null);
  const lastId = useRef('');
  const seen = useDocumentVisibility() === 'visible';

  useEffect(() => {
    // A browser keeps six connections to a server: tabs that nobody looks at leave theirs, and catch up when they are looked at.
    if (!seen) return;
    if (!streams) {
      const again = setInterval(() => void client.invalidateQueries({ queryKey: [tenant] }), ASK_AGAIN_MS);
      setState('on');
      return () => clearInterval(again);
    }
    const pending = new Map<string, readonly unknown[]>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      for (const key of pending.values()) void client.invalidateQueries({ queryKey: key });
      pending.clear();
    };
    const stale = (key: readonly unknown[]) => {
      pending.set(JSON.stringify(key), key);
      timer ??= setTimeout(flush, pending.size === 1 ? THROTTLE_MS / 4 : THROTTLE_MS);
    };
    const everything = () => stale([tenant]);

    const source = new EventSource(
      apiUrl(`/tenants/${seg(tenant)}/stream`, {
        ...(watched === null ? {} : { terminal: watched }),
        ...(lastId.current ? { since: lastId.current } : {}),
      }),
    );
    const heard = (event: MessageEvent) => {
      if (event.lastEventId) lastId.current = event.lastEventId;
    };
    source.addEventListener('hello', (event) => {
      // What moved between the first answers and this moment was told to nobody here.
      if (!lastId.current) everything();
      heard(event);
      setState('on');
    });
    source.addEventListener('reset', (event) => {
      heard(event);
      setHeardAt(Date.now());
      everything();
    });
    source.addEventListener('change', (event) => {
      heard(event);
      setHeardAt(Date.now());
      const change = JSON.parse(event.data as string) as ChangeData;
      stale(keys.fleet(tenant));
      if (change.terminals?.length !== 0 || change.findings?.length !== 0) stale(keys.terminals(tenant));
      if (change.sites || change.terminals?.length !== 0) {
        stale(keys.sites(tenant));
        stale([tenant, 'site']);
      }
      if (change.tickets?.length !== 0) {
        stale(keys.tickets(tenant));
        if (change.tickets === null) stale([tenant, 'ticket']);
        else for (const id of change.tickets) stale(keys.ticket(tenant, id));
      }
      if (change.terminals === null) stale([tenant, 'terminal']);
      else for (const id of change.terminals) stale(keys.terminal(tenant, id));
    });
    source.addEventListener('latest', (event) => {
      setHeardAt(Date.now());
      const latest = JSON.parse(event.data as string) as LatestData;
      client.setQueryData<TerminalPage>(
        keys.terminal(tenant, latest.terminal),
        (page) => page && withLatest(page, latest),
      );
    });
    source.onerror = () => setState(source.readyState === EventSource.CLOSED ? 'off' : 'connecting');
    // A stream that the server refused is not tried again by the browser.
    const retry = setInterval(() => {
      if (source.readyState === EventSource.CLOSED) setState('off');
    }, 5000);
    return () => {
      clearInterval(retry);
      clearTimeout(timer);
      source.close();
    };
  }, [client, tenant, watched, seen, streams]);

  const live = useMemo<Live>(() => ({ state, heardAt, watch: setWatched }), [state, heardAt]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLive(): Live {
  return useContext(LiveContext);
}

/** Receives a terminal's values as they come, for as long as the caller is shown. */
export function useWatch(terminal: string): void {
  const { watch } = useLive();
  useEffect(() => {
    watch(terminal);
    return () => watch(null);
  }, [watch, terminal]);
}

function withLatest(page: TerminalPage, latest: LatestData): TerminalPage {
  const values = new Map(page.latest.values.map((one) => [one.metric, one]));
  for (const [metric, value] of Object.entries(latest.values)) {
    values.set(metric, { metric, unit: values.get(metric)?.unit ?? '', value });
  }
  return {
    ...page,
    row: { ...page.row, lastAt: Math.max(page.row.lastAt ?? 0, latest.ts) },
    latest: { ts: Math.max(page.latest.ts ?? 0, latest.ts), values: [...values.values()] },
  };
}
