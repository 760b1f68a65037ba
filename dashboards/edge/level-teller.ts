import type { Logger } from 'pino';
import type { LevelSample, LevelSink } from '../../contract/ports/levels.ts';
import type { TicketReader, TicketRepository } from '../../contract/ports/tickets.ts';
import type { Ticket } from '../../contract/tickets.ts';
import type { TenantId } from '../../contract/topics.ts';
import { countLevels, findingLevels, isStated, terminalLevels } from '../core/fleet-levels.ts';
import type { FleetModel } from '../core/fleet-model.ts';
import type { FleetModels } from '../core/fleet-models.ts';
import { LEVELS } from '../core/level-names.ts';
import { clockLevels, ticketLevels } from '../core/ticket-levels.ts';

/** Every terminal is stated anew within this many turns, and at once when its condition changes. */
const TURNS = 5;
const PAGE = 500;
/** Service levels are read for this many open tickets, the newest. */
const MOST = 20_000;
/** Series that end with a zero: what they spoke of may stand under other labels a moment later. */
const ENDING: ReadonlySet<string> = new Set([LEVELS.probability, LEVELS.hoursLeft, LEVELS.age]);
const UNTOLD = 255;
/** Samples in one write. */
const SLICE = 20_000;

export interface LevelTellerDeps {
  readonly log: Logger;
  readonly models: FleetModels;
  readonly tickets: Pick<TicketReader, 'list'> & Pick<TicketRepository, 'load'>;
  readonly sink: LevelSink;
}

/** States the level of every fleet (counts, facts, findings, tickets, service levels) to the telemetry server, turn by turn. */
export class LevelTeller {
  readonly #deps: LevelTellerDeps;
  readonly #told = new Map<TenantId, Uint8Array>();
  /** Series that stood at the last turn and are to end with a zero. */
  #standing = new Map<string, LevelSample>();
  #turn = 0;

  constructor(deps: LevelTellerDeps) {
    this.#deps = deps;
  }

  async tell(now: number): Promise<void> {
    const { models, sink } = this.#deps;
    const standing = new Map<string, LevelSample>();
    for (const tenant of models.tenants()) {
      const fleet = models.of(tenant);
      await sink.write(countLevels(tenant, fleet, now), now);
      await this.#tellTerminals(tenant, fleet, now);
      const one = [
        findingLevels(tenant, fleet.standing(), now),
        ticketLevels(tenant, models.tickets(tenant).open(), now),
        clockLevels(tenant, await this.#openTickets(tenant), now),
      ].flat();
      for (const sample of one) if (ENDING.has(sample.name)) standing.set(keyOf(sample), sample);
      await sink.write(one, now);
    }
    const ended = [...this.#standing].filter(([key]) => !standing.has(key)).map(([, one]) => ({ ...one, value: 0 }));
    await sink.write(ended, now);
    this.#standing = standing;
    this.#turn++;
  }

  /** A fifth of the fleet at each turn, and whoever changed; in slices, so that a large fleet holds up nobody else. */
  async #tellTerminals(tenant: TenantId, fleet: FleetModel, now: number): Promise<void> {
    const told = new Uint8Array(fleet.size).fill(UNTOLD);
    told.set(this.#told.get(tenant) ?? new Uint8Array(0));
    let slice: LevelSample[] = [];
    for (let row = 0; row < told.length; row++) {
      const health = fleet.columns.health[row]!;
      if (!isStated(fleet, row) || (told[row] === health && row % TURNS !== this.#turn % TURNS)) continue;
      told[row] = health;
      slice.push(...terminalLevels(tenant, fleet, row, now));
      if (slice.length < SLICE) continue;
      await this.#deps.sink.write(slice, now);
      slice = [];
    }
    await this.#deps.sink.write(slice, now);
    // Only now: what could not be written is stated at the next turn.
    this.#told.set(tenant, told);
  }

  async #openTickets(tenant: TenantId): Promise<Ticket[]> {
    const { log, tickets } = this.#deps;
    const open: Ticket[] = [];
    let after: string | undefined;
    do {
      const page = await tickets.list(tenant, {
        open: true,
        order: 'newest',
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      });
      const ids = page.items.map((ticket) => ticket.id);
      open.push(...(await tickets.load(tenant, ids)));
      after = page.next;
    } while (after !== undefined && open.length < MOST);
    if (after !== undefined)
      log.warn({ tenant, read: open.length }, 'there are more open tickets than service levels are counted for');
    return open;
  }
}

function keyOf({ name, labels }: LevelSample): string {
  return `${name}\n${Object.values(labels).join('\n')}`;
}
