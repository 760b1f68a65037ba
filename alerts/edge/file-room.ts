import { createHash } from 'node:crypto';
import { holdsCard } from '../../contract/card-numbers.ts';
import { TillwatchError } from '../../contract/errors.ts';
import type { AttachmentStore, StoredFile } from '../../contract/ports/attachments.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { TicketRepository } from '../../contract/ports/tickets.ts';
import type { Actor, Attachment } from '../../contract/ticket-parts.ts';
import type { Ticket } from '../../contract/tickets.ts';
import type { TenantId } from '../../contract/topics.ts';
import { ACCEPTED, fileName, sniff } from '../core/file-type.ts';
import { allowed } from '../core/machine.ts';
import type { TicketDesk } from './ticket-desk.ts';

export interface FileRoomDeps {
  readonly clock: Clock;
  readonly files: AttachmentStore;
  readonly tickets: TicketRepository;
  readonly desk: TicketDesk;
}

export const MOST_BYTES = 10 * 2 ** 20;
const MOST_OF_TICKET = 100 * 2 ** 20;

/** Takes in files for tickets, and hands them out again. */
export class FileRoom {
  readonly #deps: FileRoomDeps;

  constructor(deps: FileRoomDeps) {
    this.#deps = deps;
  }

  /**
   * Keeps a file and attaches it. The same file twice is attached once. Errors: `file.empty` (400), `file.bad_type` (415, says what is
   * taken), `file.too_large` (413), `file.card_number` (422), and those of the ticket desk.
   */
  async attach(
    tenant: TenantId,
    id: string,
    name: string | undefined,
    bytes: Uint8Array,
    actor: Actor,
  ): Promise<Attachment> {
    const { clock, desk, tickets, files } = this.#deps;
    if (bytes.length === 0) throw new TillwatchError('file.empty', 'the file is empty', { status: 400 });
    const kind = sniff(bytes);
    if (!kind)
      throw new TillwatchError('file.bad_type', `this kind of file is not taken: send ${ACCEPTED}`, { status: 415 });
    if (kind.type === 'text/plain' && holdsCard(new TextDecoder().decode(bytes))) {
      throw new TillwatchError('file.card_number', 'the file holds what looks like a card number: take it out first', {
        status: 422,
      });
    }
    const [ticket] = await tickets.load(tenant, [id]);
    if (!ticket) throw new TillwatchError('ticket.unknown', `there is no ticket ${id}`, { status: 404 });
    const file = createHash('sha256').update(bytes).digest('hex');
    const known = ticket.attachments.find((one) => one.id === file);
    if (known) return known;
    this.#checkRoom(ticket, bytes.length);
    // Asked before the bytes are kept, so that a refusal leaves none behind.
    if (allowed(ticket, desk.context(tenant, actor, ticket.site)).includes('attach_file'))
      await files.put(tenant, { id: file, type: kind.type, bytes }, clock.now());
    const after = await desk.act(
      tenant,
      id,
      { type: 'attach_file', id: file, name: fileName(name, kind), mediaType: kind.type, bytes: bytes.length },
      actor,
    );
    return after.attachments.find((one) => one.id === file)!;
  }

  #checkRoom(ticket: Ticket, size: number): void {
    const held = ticket.attachments.reduce((sum, one) => sum + one.bytes, 0);
    if (held + size <= MOST_OF_TICKET) return;
    throw new TillwatchError(
      'file.too_large',
      `the files of a ticket may take ${MOST_OF_TICKET / 2 ** 20} MiB together`,
      {
        status: 413,
      },
    );
  }

  /** A file of a ticket. Errors: `file.unknown` (404), also for one that is not attached to this ticket. */
  async fetch(tenant: TenantId, ticket: Ticket, id: string): Promise<StoredFile & { readonly name: string }> {
    const attachment = ticket.attachments.find((one) => one.id === id);
    const file = attachment && (await this.#deps.files.get(tenant, id));
    if (!file) throw new TillwatchError('file.unknown', `${ticket.id} has no such file`, { status: 404 });
    return { ...file, name: attachment.name };
  }
}
