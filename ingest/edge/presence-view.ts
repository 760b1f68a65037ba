import type { Clock } from '../../contract/ports/clock.ts';
import type { PresenceView } from '../../contract/ports/presence.ts';
import type { Presence } from '../../contract/registry.ts';
import type { TenantId } from '../../contract/topics.ts';
import { FRESHNESS, freshnessCode, isClosed, type LocalTime } from '../core/freshness.ts';
import { linkOf, SAID_SHUTDOWN, setLink } from '../core/link-state.ts';
import { BOOTS, type TerminalTable } from '../core/terminal-table.ts';
import type { RegistryDirectory } from './directory.ts';

/** Terminals looked at in one turn of a sweep, so that a million do not hold the loop. */
const SLICE = 50_000;

/** Presence answered from the pipeline's table; freshness changes are found by a sweep. */
export class TablePresence implements PresenceView {
  readonly #table: TerminalTable;
  readonly #directory: RegistryDirectory;
  readonly #clock: Clock;
  readonly #listeners = new Set<(presence: Presence) => void>();
  readonly #zones = new Map<string, Intl.DateTimeFormat>();
  readonly #localAt = new Map<string, { minute: number; local: LocalTime; date: string }>();
  /** When the broker that held all connections came back, ms; 0 where connections do not end in this process. */
  #resumedAt = 0;

  constructor(table: TerminalTable, directory: RegistryDirectory, clock: Clock) {
    this.#table = table;
    this.#directory = directory;
    this.#clock = clock;
  }

  of(tenant: TenantId, terminal: string): Presence | undefined {
    const id = this.#table.find(tenant, terminal);
    return id < 0 ? undefined : this.#presence(id, this.#clock.now());
  }

  *all(tenant: TenantId): Iterable<Presence> {
    const now = this.#clock.now();
    for (const id of this.#table.idsOf(tenant)) yield this.#presence(id, now);
  }

  onChange(listener: (presence: Presence) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Takes note that connections held before `at` are gone: who does not speak again within two heartbeats is offline since then. */
  resumed(at: number): void {
    this.#resumedAt = at;
  }

  /** Tells the listeners of terminals whose link changed. */
  changed(ids: readonly number[]): void {
    if (this.#listeners.size === 0) return;
    const now = this.#clock.now();
    for (const id of ids) this.#tell(id, now);
  }

  /** Looks through all terminals for those that fell silent or came back since the last sweep. */
  async sweep(): Promise<void> {
    const { columns } = this.#table;
    for (let from = 0; from < this.#table.size; from += SLICE) {
      const now = this.#clock.now();
      const to = Math.min(this.#table.size, from + SLICE);
      for (let id = from; id < to; id++) {
        const code = freshnessCode(columns.lastAt[id]!, columns.heartbeatS[id]!, now);
        const gone = columns.linkSince[id]! < this.#resumedAt && this.#stayedAway(id, now);
        const lost = gone && setLink(this.#table, id, false, 'keepalive', this.#resumedAt);
        if (lost || columns.told[id] !== code) {
          columns.told[id] = code;
          if (this.#listeners.size > 0) this.#tell(id, now);
        }
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #stayedAway(id: number, now: number): boolean {
    const { lastAt, heartbeatS } = this.#table.columns;
    return lastAt[id]! < this.#resumedAt && now - this.#resumedAt > heartbeatS[id]! * 2000;
  }

  #tell(id: number, now: number): void {
    const presence = this.#presence(id, now);
    for (const listener of this.#listeners) listener(presence);
  }

  #presence(id: number, now: number): Presence {
    const c = this.#table.columns;
    const tenant = this.#table.tenantOf(id);
    const terminal = this.#table.nameOf(id);
    const lastAt = c.lastAt[id]!;
    const state = FRESHNESS[freshnessCode(lastAt, c.heartbeatS[id]!, now)]!;
    const quiet = state === 'late' || state === 'silent';
    return {
      tenant,
      terminal,
      link: linkOf(this.#table, id),
      freshness: {
        state,
        lastAt: lastAt === 0 ? null : lastAt,
        excuse: quiet ? this.#excuse(id, tenant, terminal, now) : null,
      },
      clockOffsetMs: c.offset[id * BOOTS]!,
      gaps: c.gaps[id]!,
      duplicates: c.duplicates[id]!,
    };
  }

  #excuse(id: number, tenant: TenantId, terminal: string, now: number): 'shutdown' | 'closed' | null {
    if ((this.#table.columns.flags[id]! & SAID_SHUTDOWN) !== 0) return 'shutdown';
    const facts = this.#directory.facts(tenant, terminal);
    if (!facts?.hours) return null;
    const { local, date } = this.#local(facts.timezone ?? 'UTC', now);
    if (this.#directory.closedOn(tenant, facts.site).includes(date)) return 'closed';
    return isClosed(facts.hours, local) ? 'closed' : null;
  }

  #local(zone: string, now: number): { local: LocalTime; date: string } {
    const minute = Math.floor(now / 60_000);
    const known = this.#localAt.get(zone);
    if (known?.minute === minute) return known;
    const parts = new Map(
      this.#zone(zone)
        .formatToParts(now)
        .map((part) => [part.type, part.value]),
    );
    const local = {
      weekday: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(parts.get('weekday') ?? 'Mon'),
      minutes: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
    };
    const answer = { minute, local, date: `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}` };
    this.#localAt.set(zone, answer);
    return answer;
  }

  #zone(zone: string): Intl.DateTimeFormat {
    let format = this.#zones.get(zone);
    if (!format) {
      const options = {
        weekday: 'short',
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      } as const;
      try {
        format = new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone });
      } catch {
        // A birth may name a zone that nobody knows: its hours are then read as UTC.
        format = new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' });
      }
      this.#zones.set(zone, format);
    }
    return format;
  }
}
