import { messageOf, TillwatchError } from '../../contract/errors.ts';
import type { SimMessage } from '../core/terminal.ts';

/** Where a platform's public API is. */
export interface ApiTarget {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const CHUNK_CHARS = 256 * 1024;
/** Chunks made ahead of the platform, so that neither waits for the other's every breath. */
const CHUNKS_AHEAD = 8;

/**
 * Tells a platform of the past: messages go as recording lines with their own times of arrival, in one request that streams at the
 * platform's pace. Errors: `simulator.import_refused`, `simulator.no_platform` (retryable).
 */
export class Importer {
  private readonly target: ApiTarget;
  private readonly encoder = new TextEncoder();
  private lines: string[] = [];
  private chars = 0;
  private writer: WritableStreamDefaultWriter<Uint8Array> | undefined;
  private answer: Promise<void> | undefined;

  constructor(target: ApiTarget) {
    this.target = target;
  }

  /** Adds a message; resolves when there is room for another. Spoiled payloads that are no text are left out. */
  async add(message: SimMessage): Promise<void> {
    if (typeof message.payload !== 'string') return;
    const line = `{"received_at":${Math.round(message.receivedAt)},"topic":"${message.topic}","payload":${message.payload}}\n`;
    this.lines.push(line);
    this.chars += line.length;
    if (this.chars >= CHUNK_CHARS) await this.send();
  }

  /** Resolves once everything added is durable. */
  async drained(): Promise<void> {
    await this.send();
    const { writer, answer } = this;
    this.writer = undefined;
    this.answer = undefined;
    await Promise.all([writer?.close(), answer]);
  }

  private async send(): Promise<void> {
    if (this.lines.length === 0) return;
    const chunk = this.encoder.encode(this.lines.join(''));
    this.lines = [];
    this.chars = 0;
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
