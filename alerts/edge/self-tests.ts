import type { Logger } from 'pino';
import { maskCards } from '../../contract/card-numbers.ts';
import { TillwatchError } from '../../contract/errors.ts';
import type { JournalFeed, Subscription } from '../../contract/ports/journal.ts';
import type { ReadingBatch, ReadingOf } from '../../contract/reading.ts';
import type { TenantId } from '../../contract/topics.ts';
import type { TicketEvent } from '../core/ticket-events.ts';
import type { FileRoom } from './file-room.ts';
import { PLATFORM, type TicketDesk } from './ticket-desk.ts';

/** Id of a command that a ticket asked for; the answer names it, so that a restart forgets nothing. */
export function commandId(effectKey: string, name: string): string {
  const [, ticket, version, place] = effectKey.split('/');
  return `${ticket}.${version}.${place}.${name}`;
}

function parseCommandId(id: string): { ticket: string; name: string } | undefined {
  const match = /^(TW-\d+)\.\d+\.\d+\.([a-z_]+)$/.exec(id);
  return match ? { ticket: match[1]!, name: match[2]! } : undefined;
}

interface Checks {
  readonly at: number;
  readonly result: 'pass' | 'fail';
  readonly checks: Readonly<Record<string, string>>;
}

function checksOf(detail: unknown): { result?: 'pass' | 'fail'; checks: Record<string, string> } {
  if (typeof detail !== 'object' || detail === null) return { checks: {} };
  const { result, checks, pass } = detail as Record<string, unknown>;
  const list = typeof checks === 'object' && checks !== null ? Object.entries(checks).slice(0, 50) : [];
  const said = result === 'pass' || pass === true ? 'pass' : result === 'fail' || pass === false ? 'fail' : undefined;
  return {
    ...(said ? { result: said } : {}),
    checks: Object.fromEntries(list.map(([name, value]) => [name, String(value).slice(0, 40)])),
  };
}

/** Told when a terminal answers a rollout's command. */
export type Updated = (tenant: TenantId, rollout: string, terminal: string, ok: boolean) => Promise<void>;

export interface AnswerDeps {
  readonly feed: JournalFeed;
  readonly shards: number;
  readonly desk: TicketDesk;
  readonly files: FileRoom;
  readonly log: Logger;
  readonly updated: Updated;
}

/** What a terminal sent along, as text: lines as they are, anything else as JSON. */
function textOf(data: unknown): string {
  if (data === undefined || data === null) return '';
  if (typeof data === 'string') return data;
  const lines = typeof data === 'object' && 'lines' in data ? data.lines : data;
  if (Array.isArray(lines) && lines.every((line) => typeof line === 'string')) return lines.join('\n');
  return JSON.stringify(data, null, 2);
}

const KEEP_MS = 5 * 60_000;
const CONSUMER = 'alerts';

/** Attaches the answers of terminals to the tickets that asked: reads `result` and self-test events from the journal. */
export class AnswerListener {
  readonly #feed: JournalFeed;
  readonly #shards: number;
  readonly #desk: TicketDesk;
  readonly #log: Logger;
  #subscriptions: Subscription[] = [];
  /** The last self-test of each terminal: its checks come as an event shortly before the result that names the command. */
  readonly #recent = new Map<string, Checks>();

  readonly #updated: Updated;

  readonly #files: FileRoom;

  constructor(deps: AnswerDeps) {
    const { feed, shards, desk, files, log, updated } = deps;
    this.#files = files;
    this.#updated = updated;
    this.#feed = feed;
    this.#shards = shards;
    this.#desk = desk;
    this.#log = log;
  }

  async start(): Promise<void> {
    for (let shard = 0; shard < this.#shards; shard++) {
      this.#subscriptions.push(
        await this.#feed.consume({ consumer: CONSUMER, shard, handle: (batch) => this.#handle(batch) }),
      );
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#subscriptions.splice(0).map((subscription) => subscription.stop()));
  }

  get lag(): number {
    return this.#subscriptions.reduce((sum, subscription) => sum + subscription.lag, 0);
  }

  async #handle(batch: ReadingBatch): Promise<void> {
    for (const reading of batch.readings) {
      if (reading.channel === 'event' && reading.payload.type === 'self_test') this.#remember(reading);
      else if (reading.channel === 'result') await this.#result(reading);
    }
  }

  #remember(reading: ReadingOf<'event'>): void {
    const { result, checks } = checksOf(reading.payload.detail);
    if (!result) return;
    for (const [key, known] of this.#recent) {
      if (reading.receivedAt - known.at < KEEP_MS) break;
      this.#recent.delete(key);
    }
    const key = `${reading.tenant}/${reading.terminal}`;
    // Deleted first, so that the map stays in order of time and old entries are found at its beginning.
    this.#recent.delete(key);
    this.#recent.set(key, { at: reading.receivedAt, result, checks });
  }

  async #result(reading: ReadingOf<'result'>): Promise<void> {
    const rollout = /^ro-([a-z0-9-]+)-\d+$/.exec(reading.payload.id)?.[1];
    if (rollout) return this.#updated(reading.tenant, rollout, reading.terminal, reading.payload.ok);
    const asked = parseCommandId(reading.payload.id);
    if (!asked) return;
    await this.#tell(reading.tenant, asked.ticket, this.#eventOf(reading, asked.name));
    if (asked.name !== 'self_test') await this.#keep(reading, asked);
  }

  /** What a command brought (a log, say) is attached to the ticket that asked for it. */
  async #keep(reading: ReadingOf<'result'>, { ticket, name }: { ticket: string; name: string }): Promise<void> {
    const text = textOf(reading.payload.data);
    if (text === '') return;
    // Masked here as on the wire: a log may hold what a log should not.
    const bytes = new TextEncoder().encode(maskCards(text));
    const when = new Date(reading.ts).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
    await this.#quietly(ticket, 'attach_file', () =>
      this.#files.attach(reading.tenant, ticket, `${name}-${when}.txt`, bytes, PLATFORM),
    );
  }

  #eventOf(reading: ReadingOf<'result'>, name: string): TicketEvent {
    const { id, ok, detail, data } = reading.payload;
    if (name !== 'self_test') return { type: 'command_result', name, ok, commandId: id, ...(detail ? { detail } : {}) };
    const own = checksOf(data);
    const event = this.#recent.get(`${reading.tenant}/${reading.terminal}`);
    const recent = event && reading.receivedAt - event.at < KEEP_MS ? event : undefined;
    const result = own.result ?? recent?.result ?? (ok ? 'pass' : 'fail');
    const checks = Object.keys(own.checks).length > 0 ? own.checks : (recent?.checks ?? {});
    return { type: 'self_test_result', result, checks: { ...checks }, commandId: id, at: reading.ts };
  }

  #tell(tenant: TenantId, ticket: string, event: TicketEvent): Promise<void> {
    return this.#quietly(ticket, event.type, () => this.#desk.act(tenant, ticket, event, PLATFORM));
  }

  async #quietly(ticket: string, event: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // The ticket may have ended meanwhile, or the id be made up by a terminal; a database that is away is waited for.
      if (error instanceof TillwatchError && !error.retryable) {
        this.#log.debug({ ticket, event, code: error.code }, `an answer was not taken: ${error.message}`);
        return;
      }
      throw error;
    }
  }
}
