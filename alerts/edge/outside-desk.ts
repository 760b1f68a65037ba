import { timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { TillwatchError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { OutboxEntry } from '../../contract/ports/outbox.ts';
import type { DocumentShelf } from '../../contract/ports/shelf.ts';
import type { Ticket } from '../../contract/tickets.ts';
import type { TenantId } from '../../contract/topics.ts';
import { mirroredEvent, type OutsideNews, type OutsideTool, outsideView } from '../core/outside-tools.ts';
import { post } from './notifiers/post.ts';
import { PLATFORM, type TicketDesk } from './ticket-desk.ts';

export interface OutsideDeskDeps {
  readonly clock: Clock;
  readonly shelf: DocumentShelf;
  readonly desk: TicketDesk;
  readonly consoleUrl: string | undefined;
}

/** A delivery as it came in: its headers and the bytes that were signed. */
export interface Delivery {
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly body: string;
}

/** What a delivery came to. */
export interface Mirrored {
  readonly ticket: string;
  /** False for a delivery that was taken before. */
  readonly taken: boolean;
  /** null where nothing was done. */
  readonly state: Ticket['state'] | null;
  /** Why a step that the tool's state stands for was not taken here; null: all were. */
  readonly refused: string | null;
}

const KIND = 'outside_tool';
const THEIRS = 'outside_ticket';
/** Standard Webhooks: older or younger than this may be a delivery played again. */
const TOLERANCE_MS = 5 * 60_000;

/** Hands tickets over to tools of other houses, and mirrors back what those say of them. */
export class OutsideDesk {
  readonly #deps: OutsideDeskDeps;

  constructor(deps: OutsideDeskDeps) {
    this.#deps = deps;
  }

  async tools(tenant: TenantId): Promise<readonly OutsideTool[]> {
    return (await this.#deps.shelf.list(tenant, KIND)).map((entry) => entry.body as OutsideTool);
  }

  put(tenant: TenantId, tool: OutsideTool): Promise<void> {
    return this.#deps.shelf.put(tenant, KIND, tool.id, tool, this.#deps.clock.now());
  }

  remove(tenant: TenantId, id: string): Promise<boolean> {
    return this.#deps.shelf.remove(tenant, KIND, id);
  }

  /** Errors: `outside.unknown_tool` (404). */
  async #tool(tenant: TenantId, id: string): Promise<OutsideTool> {
    const tool = (await this.#deps.shelf.get(tenant, KIND, id)) as OutsideTool | undefined;
    if (!tool?.active)
      throw new TillwatchError('outside.unknown_tool', `no outside tool "${id}" is set up`, { status: 404 });
    return tool;
  }

  /** Hands a ticket over, where nobody has yet; for routes that say so. */
  async handOver(tenant: TenantId, ticket: string, tool: string): Promise<void> {
    try {
      await this.#deps.desk.act(tenant, ticket, { type: 'hand_over', tool }, PLATFORM);
    } catch (error) {
      // Handed over already, or ended meanwhile: there is nothing left to hand over.
      const settled = error instanceof TillwatchError && ['ticket.condition', 'ticket.state'].includes(error.code);
      if (!settled) throw error;
    }
  }

  /** Tells the tool of a step; where it answers with an id and a state of its own, these are kept. */
  async tell(entry: OutboxEntry, ticket: Ticket): Promise<void> {
    const { clock, desk, consoleUrl } = this.#deps;
    const tool = await this.#tool(entry.tenant, String(entry.payload.tool));
    const event = String(entry.payload.event);
    const sentAt = new Date(clock.now());
    const body = JSON.stringify({
      type: event === 'hand_over' ? 'ticket.handed_over' : 'ticket.changed',
      timestamp: new Date(entry.at).toISOString(),
      data: { tenant: entry.tenant, ticket: outsideView(ticket, event, consoleUrl) },
    });
    const answer = await post(tool.id, tool.url, body, {
      'webhook-id': entry.key,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
      'webhook-signature': new Webhook(tool.secret).sign(entry.key, sentAt, body),
    });
    const said = newsOf(answer);
    if (!said || (said.id === ticket.external?.id && said.state === ticket.external.state)) return;
    await this.#keepId(entry.tenant, tool.id, said.id, ticket.id);
    await desk.act(entry.tenant, ticket.id, { type: 'external_state', tool: tool.id, ...said }, PLATFORM);
  }

  #keepId(tenant: TenantId, tool: string, theirs: string, ticket: string): Promise<void> {
    return this.#deps.shelf.put(tenant, THEIRS, `${tool}/${theirs}`, { ticket }, this.#deps.clock.now());
  }

  /**
   * Takes what a tool says of a ticket. Errors: `outside.unknown_tool` (404), `outside.bad_signature` (401), `outside.bad_body` (400),
   * `ticket.unknown` (404).
   */
  async mirror(tenant: TenantId, toolId: string, delivery: Delivery): Promise<Mirrored> {
    const { desk, shelf } = this.#deps;
    const tool = await this.#tool(tenant, toolId);
    this.#check(tool, delivery);
    const news = newsOf(delivery.body);
    if (!news)
      throw new TillwatchError(
        'outside.bad_body',
        'send {"id": "their id", "state": "their state", "ticket"?: "TW-1", "note"?: "…"}',
        {
          status: 400,
        },
      );
    const known = (await shelf.get(tenant, THEIRS, `${tool.id}/${news.id}`)) as { ticket: string } | undefined;
    const id = known?.ticket ?? news.ticket;
    if (!id) throw new TillwatchError('ticket.unknown', `no ticket was handed over as ${news.id}`, { status: 404 });
    if (!known) await this.#keepId(tenant, tool.id, news.id, id);
    const { ticket: _ticket, ...said } = news;
    let ticket: Ticket;
    try {
      ticket = await desk.act(
        tenant,
        id,
        { type: 'external_state', tool: tool.id, delivery: delivery.id, ...said },
        PLATFORM,
      );
    } catch (error) {
      // The guard knows deliveries that were taken before: a tool that tries again is told so, and nothing happens twice.
      if (!(error instanceof TillwatchError && error.code === 'ticket.condition')) throw error;
      return { ticket: id, taken: false, state: null, refused: null };
    }
    let refused: string | null = null;
    for (const step of tool.states[news.state] ?? []) {
      try {
        ticket = await desk.act(tenant, id, mirroredEvent(step, tool.id, said), { name: tool.id, role: 'operations' });
      } catch (error) {
        if (!(error instanceof TillwatchError) || error.retryable) throw error;
        // A step that does not fit any more is passed over; one that lacks something is told.
        if (error.code === 'ticket.condition') refused = error.message;
      }
    }
    if (refused)
      await desk.act(
        tenant,
        id,
        { type: 'comment', text: `${tool.id} says "${news.state}", but: ${refused}` },
        { name: tool.id, role: 'operations' },
      );
    return { ticket: id, taken: true, state: ticket.state, refused };
  }

  #check(tool: OutsideTool, { id, timestamp, signature, body }: Delivery): void {
    const sentAt = Number(timestamp) * 1000;
    const fresh = Number.isFinite(sentAt) && Math.abs(this.#deps.clock.now() - sentAt) <= TOLERANCE_MS;
    const wanted = fresh && id !== '' ? new Webhook(tool.inboundSecret).sign(id, new Date(sentAt), body) : '';
    const right = signature.split(' ').some((one) => {
      const [given, expected] = [Buffer.from(one), Buffer.from(wanted)];
      return wanted !== '' && given.length === expected.length && timingSafeEqual(given, expected);
    });
    if (right) return;
    throw new TillwatchError(
      'outside.bad_signature',
      fresh
        ? 'the signature does not fit: sign after Standard Webhooks with the secret of this tool'
        : 'webhook-timestamp is missing or more than five minutes off',
      { status: 401 },
    );
  }
}

/** Reads an id and a state out of a body or an answer; undefined where they are not in it. */
function newsOf(text: string): (OutsideNews & { readonly ticket?: string }) | undefined {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof said !== 'object' || said === null) return undefined;
  const { id, state, note, ticket } = said as Record<string, unknown>;
  const word = (value: unknown, most: number): value is string =>
    typeof value === 'string' && value.length > 0 && value.length <= most;
  if (!word(id, 200) || !word(state, 200)) return undefined;
  return {
    id,
    state,
    ...(word(note, 2_000) ? { note } : {}),
    ...(word(ticket, 20) && /^TW-\d{1,12}$/.test(ticket) ? { ticket } : {}),
  };
}
