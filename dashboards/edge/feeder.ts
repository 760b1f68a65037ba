import type { Logger } from 'pino';
import { messageOf } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { FindingStore } from '../../contract/ports/findings.ts';
import type { JournalFeed, Subscription } from '../../contract/ports/journal.ts';
import type { PresenceView } from '../../contract/ports/presence.ts';
import type { RegistryRepository } from '../../contract/ports/registry.ts';
import type { TelemetryStore } from '../../contract/ports/telemetry-store.ts';
import type { TicketReader } from '../../contract/ports/tickets.ts';
import type { ReadingBatch } from '../../contract/reading.ts';
import type { TenantId } from '../../contract/topics.ts';
import type { FleetModels } from '../core/fleet-models.ts';

const PAGE = 1000;
const RECALL = 500;
const POLL_MS = 500;
/** Presence is told as it changes; the whole is looked through this often for what time alone changed. */
const PRESENCE_MS = 30_000;

export interface FeederDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly feed: JournalFeed;
  readonly shards: number;
  readonly registry: Pick<RegistryRepository, 'changes' | 'tenants'>;
  readonly findings: Pick<FindingStore, 'changes'>;
  readonly tickets: Pick<TicketReader, 'list'>;
  readonly telemetry: Pick<TelemetryStore, 'latest'>;
  readonly presence: PresenceView;
  readonly models: FleetModels;
}

/** Keeps the read models level with the registry, presence, findings, tickets and the live feed. */
export class Feeder {
  readonly #deps: FeederDeps;
  readonly #stops: (() => void | Promise<void>)[] = [];
  /** Terminals whose stored values are still to be recalled. */
  #unheard: { readonly tenant: TenantId; readonly terminal: string }[] = [];
  #recalled = 0;
  #registryRevision = 0;
  #findingsRevision = 0;
  /** Event time up to which tickets of a tenant were read, and the versions read at just that time. */
  readonly #ticketsSeen = new Map<TenantId, { at: number; versions: Set<string> }>();
  #presenceAt = Number.NEGATIVE_INFINITY;
  #failure: string | null = null;
  #polledAt: number | null = null;

  constructor(deps: FeederDeps) {
    this.#deps = deps;
  }

  /** Why the models may be behind, or null; and when they were last level, ms. */
  get state(): { failure: string | null; at: number | null } {
    return { failure: this.#failure, at: this.#polledAt };
  }

  /** Loads everything, then follows. Resolves once the models are level. */
  async start(): Promise<void> {
    const { clock, feed, presence, shards } = this.#deps;
    this.#stops.push(presence.onChange((one) => this.#deps.models.of(one.tenant).putPresence(one.terminal, one)));
    const subscriptions: Subscription[] = await Promise.all(
      Array.from({ length: shards }, (_, shard) =>
        feed.consume({ consumer: 'dashboards', shard, after: 'end', handle: (batch) => this.#observe(batch) }),
      ),
    );
    for (const subscription of subscriptions) this.#stops.push(() => subscription.stop());
    await this.#poll();
    this.#stops.push(clock.every(POLL_MS, () => this.#poll()));
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
  }

  #observe(batch: ReadingBatch): void {
    for (const reading of batch.readings) {
      if (reading.channel === 'heartbeat') {
        this.#deps.models.of(reading.tenant).observe(reading.terminal, reading.ts, reading.payload);
      }
    }
  }

  async #poll(): Promise<void> {
    try {
      await this.#pollRegistry();
      await this.#pollFindings();
      const tenants = await this.#deps.registry.tenants();
      for (const tenant of tenants) await this.#pollTickets(tenant);
      this.#lookThroughPresence(tenants);
      await this.#recall();
      this.#failure = null;
      this.#polledAt = this.#deps.clock.now();
    } catch (error) {
      if (this.#failure === null) {
        this.#deps.log.warn(
          { err: error },
          `the read models could not be brought up to date and will retry: ${messageOf(error)}`,
        );
      }
      this.#failure = messageOf(error);
    }
  }

  async #pollRegistry(): Promise<void> {
    for (;;) {
      const changes = await this.#deps.registry.changes(this.#registryRevision, PAGE);
      for (const site of changes.sites) this.#deps.models.of(site.tenant).putSite(site);
      for (const terminal of changes.terminals) {
        const model = this.#deps.models.of(terminal.tenant);
        const isNew = model.row(terminal.terminal) === undefined;
        model.putTerminal(terminal);
        const presence = this.#deps.presence.of(terminal.tenant, terminal.terminal);
        if (presence) model.putPresence(terminal.terminal, presence);
        if (!isNew) continue;
        model.putOpenTickets(terminal.terminal, this.#deps.models.tickets(terminal.tenant).openOf(terminal.terminal));
        this.#unheard.push({ tenant: terminal.tenant, terminal: terminal.terminal });
      }
      if (changes.revision <= this.#registryRevision) return;
      this.#registryRevision = changes.revision;
    }
  }

  async #pollFindings(): Promise<void> {
    for (;;) {
      const changes = await this.#deps.findings.changes(this.#findingsRevision, PAGE);
      for (const finding of changes) this.#deps.models.of(finding.tenant).putFinding(finding);
      const last = changes.at(-1);
      if (!last) return;
      this.#findingsRevision = last.revision;
      if (changes.length < PAGE) return;
    }
  }

  /**
   * Asks the store for the last values of some terminals that are new here, a page at each turn so that lists are up at once. Who has
   * spoken meanwhile needs no recalling.
   */
  async #recall(): Promise<void> {
    const pages = new Map<TenantId, string[]>();
    let asked = 0;
    let next = this.#recalled;
    for (; next < this.#unheard.length && asked < RECALL; next++) {
      const { tenant, terminal } = this.#unheard[next]!;
      const model = this.#deps.models.of(tenant);
      const row = model.row(terminal);
      if (row !== undefined && model.gauges.ts(row) > 0) continue;
      const page = pages.get(tenant) ?? [];
      pages.set(tenant, page);
      page.push(terminal);
      asked++;
    }
    for (const [tenant, page] of pages) {
      const model = this.#deps.models.of(tenant);
      for (const latest of await this.#deps.telemetry.latest(tenant, page)) {
        model.recall(latest.terminal, latest.ts, latest.values);
      }
    }
    // Only now: what the store could not answer is asked again at the next turn.
    this.#recalled = next;
    if (next < this.#unheard.length) return;
    this.#unheard = [];
    this.#recalled = 0;
  }

  /** First all open tickets, then those updated since: newest first, until one that was seen. */
  async #pollTickets(tenant: TenantId): Promise<void> {
    const book = this.#deps.models.tickets(tenant);
    const seen = this.#ticketsSeen.get(tenant);
    const fresh = { at: seen?.at ?? 0, versions: new Set(seen?.versions) };
    let after: string | undefined;
    for (let more = true; more; ) {
      const page = await this.#deps.tickets.list(tenant, {
        ...(seen ? {} : { open: true }),
        order: 'updated',
        limit: seen ? 50 : 500,
        ...(after === undefined ? {} : { after }),
      });
      more = page.next !== undefined;
      after = page.next;
      for (const ticket of page.items) {
        if (seen && ticket.updatedAt < seen.at) {
          more = false;
          break;
        }
        const version = `${ticket.id}@${ticket.version}`;
        if (ticket.updatedAt > fresh.at) {
          fresh.at = ticket.updatedAt;
          fresh.versions = new Set();
        }
        if (ticket.updatedAt === fresh.at) fresh.versions.add(version);
        if (!seen?.versions.has(version)) book.put(ticket);
      }
    }
    this.#ticketsSeen.set(tenant, fresh);
  }

  #lookThroughPresence(tenants: readonly TenantId[]): void {
    const now = this.#deps.clock.now();
    if (now - this.#presenceAt < PRESENCE_MS) return;
    this.#presenceAt = now;
    for (const tenant of tenants) {
      const model = this.#deps.models.of(tenant);
      for (const one of this.#deps.presence.all(tenant)) model.putPresence(one.terminal, one);
    }
  }
}
