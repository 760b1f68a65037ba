import { messageOf, TillwatchError } from '../../contract/errors.ts';
import type { SimMessage } from '../core/terminal.ts';

/** Where a platform's public API is. */
export interface ApiTarget {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const CHUNK_BYTES = 256 * 1024;
/** Most bytes that UTF-8 takes for one UTF-16 unit. */
const BYTES_A_UNIT = 3;
const LINE_END = '}\n';
/** Chunks made ahead of the platform, so that neither waits for the other's every breath. */
const CHUNKS_AHEAD = 8;

/**
 * Tells a platform of the past: messages go as recording lines with their own times of arrival, in one request that streams at the
 * platform's pace. Errors: `simulator.import_refused`, `simulator.no_platform` (retryable).
 */
export class Importer {
  private readonly target: ApiTarget;
  private chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  private filled = 0;
  private writer: WritableStreamDefaultWriter<Uint8Array> | undefined;
  private answer: Promise<void> | undefined;

  constructor(target: ApiTarget) {
    this.target = target;
  }

  /** Adds a message; resolves when there is room for another. Spoiled payloads that are no text are left out. */
  async add(message: SimMessage): Promise<void> {
    if (typeof message.payload !== 'string') return;
    const head = `{"received_at":${Math.round(message.receivedAt)},"topic":"${message.topic}","payload":`;
    const most = BYTES_A_UNIT * (head.length + message.payload.length + LINE_END.length);
    if (this.filled + most > this.chunk.length) await this.send(most);
    // Written piece by piece: a payload is a rope of a hundred pieces, and joining ropes first costs as much as the physics.
    for (const piece of [head, message.payload, LINE_END]) {
      this.filled += this.chunk.write(piece, this.filled);
    }
  }

  /** Resolves once everything added is durable. */
  async drained(): Promise<void> {
    await this.send();
    const { writer, answer } = this;
    this.writer = undefined;
    this.answer = undefined;
    await Promise.all([writer?.close(), answer]);
  }

  /** Sends what is there; the next chunk has room for `room` bytes at least. A chunk that was handed over is not written again. */
  private async send(room = 0): Promise<void> {
    const chunk = this.chunk.subarray(0, this.filled);
    this.chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, room));
    this.filled = 0;
    if (chunk.length === 0) return;
    const writer = (this.writer ??= this.open());
    // Whichever comes first: room for the chunk, or the platform's refusal.
    await Promise.race([writer.ready.then(() => writer.write(chunk)), this.answer]);
  }

  private open(): WritableStreamDefaultWriter<Uint8Array> {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(
      undefined,
      { highWaterMark: CHUNKS_AHEAD },
      { highWaterMark: CHUNKS_AHEAD },
    );
    this.answer = this.post(readable);
    // It is awaited by `send` and `drained`; until then its failure must not count as nobody's.
    this.answer.catch(() => undefined);
    return writable.getWriter();
  }

  private async post(body: ReadableStream<Uint8Array>): Promise<void> {
    let response: Response;
    try {
      response = await fetch(new URL('/api/v1/import', this.target.url), {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson', ...this.target.headers },
        body,
        duplex: 'half',
      } as RequestInit);
    } catch (cause) {
      throw new TillwatchError(
        'simulator.no_platform',
        `the platform at ${this.target.url} broke off: ${messageOf(cause)}`,
        {
          cause,
          retryable: true,
        },
      );
    }
    if (!response.ok) {
      throw new TillwatchError(
        'simulator.import_refused',
        `the platform refused the past: ${response.status} ${await response.text()}`,
      );
    }
    await response.arrayBuffer();
  }
}
