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
    const samples: LevelSample[] = [];
    for (const tenant of models.tenants()) {
      const fleet = models.of(tenant);
      samples.push(...countLevels(tenant, fleet, now), ...this.#terminals(tenant, fleet, now));
      samples.push(...findingLevels(tenant, fleet.standing(), now));
      samples.push(...ticketLevels(tenant, models.tickets(tenant).open(), now));
      samples.push(...clockLevels(tenant, await this.#openTickets(tenant), now));
    }
    const standing = new Map<string, LevelSample>();
    for (const sample of samples) if (ENDING.has(sample.name)) standing.set(keyOf(sample), sample);
    for (const [key, sample] of this.#standing) if (!standing.has(key)) samples.push({ ...sample, value: 0 });
    await sink.write(samples, now);
    this.#standing = standing;
    this.#turn++;
  }

  /** A fifth of the fleet at each turn, and whoever changed. */
  #terminals(tenant: TenantId, fleet: FleetModel, now: number): LevelSample[] {
    const before = this.#told.get(tenant) ?? new Uint8Array(0);
    const told = new Uint8Array(fleet.size).fill(UNTOLD);
    told.set(before);
    this.#told.set(tenant, told);
    const samples: LevelSample[] = [];
    for (let row = 0; row < fleet.size; row++) {
      const health = fleet.columns.health[row]!;
      if (!isStated(fleet, row) || (told[row] === health && row % TURNS !== this.#turn % TURNS)) continue;
      told[row] = health;
      samples.push(...terminalLevels(tenant, fleet, row, now));
    }
    return samples;
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
