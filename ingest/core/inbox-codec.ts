import { TillwatchError } from '../../contract/errors.ts';
import type { SourceMessage } from '../../contract/ports/telemetry-source.ts';

/**
 * Messages as they came, on their way to the worker that owns their terminals. Little-endian: `TWI1`, u32 count, then for each: u32
 * payload length, u16 topic length, u8 flags (QoS in two bits, 4: retained), f64 receivedAt, topic, payload.
 */
const MAGIC = 0x31495754;
const HEAD = 15;
const RETAINED = 4;

export interface InboxMessage extends SourceMessage {
  readonly receivedAt: number;
}

export function inboxBytes({ topic, payload }: SourceMessage): number {
  return HEAD + Buffer.byteLength(topic) + payload.byteLength;
}

export function encodeInbox(messages: readonly InboxMessage[]): Uint8Array<ArrayBuffer> {
  const size = messages.reduce((sum, message) => sum + inboxBytes(message), 8);
  const memory = new ArrayBuffer(size);
  const out = Buffer.from(memory);
  out.writeUInt32LE(MAGIC, 0);
  out.writeUInt32LE(messages.length, 4);
  let at = 8;
  for (const { topic, payload, qos, retained, receivedAt } of messages) {
    const length = Buffer.byteLength(topic);
    out.writeUInt32LE(payload.byteLength, at);
    out.writeUInt16LE(length, at + 4);
    out[at + 6] = qos | (retained ? RETAINED : 0);
    out.writeDoubleLE(receivedAt, at + 7);
    at += HEAD;
    out.write(topic, at);
    out.set(payload, at + length);
    at += length + payload.byteLength;
  }
  return new Uint8Array(memory);
}

/** Throws `ingest.bad_inbox` where the bytes are not an entry of the inbox. */
export function decodeInbox(bytes: Uint8Array): InboxMessage[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < 8 || buffer.readUInt32LE(0) !== MAGIC) throw bad(0);
  const messages: InboxMessage[] = [];
  let at = 8;
  for (let left = buffer.readUInt32LE(4); left > 0; left--) {
    if (at + HEAD > buffer.length) throw bad(at);
    const topicEnd = at + HEAD + buffer.readUInt16LE(at + 4);
    const end = topicEnd + buffer.readUInt32LE(at);
    if (end > buffer.length) throw bad(at);
    const flags = buffer[at + 6]!;
    messages.push({
      topic: buffer.toString('utf8', at + HEAD, topicEnd),
      payload: buffer.subarray(topicEnd, end),
      qos: (flags & 3) as 0 | 1 | 2,
      retained: (flags & RETAINED) !== 0,
      receivedAt: buffer.readDoubleLE(at + 7),
    });
    at = end;
  }
  return messages;
}

function bad(offset: number): TillwatchError {
  return new TillwatchError('ingest.bad_inbox', `an entry of the inbox is damaged at byte ${offset}`, {
    context: { offset },
  });
}
