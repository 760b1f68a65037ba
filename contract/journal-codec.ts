import { cleanPayload } from './clean.ts';
import { TillwatchError } from './errors.ts';
import type { PayloadOf } from './payloads.ts';
import type { Reading } from './reading.ts';
import { type TenantId, UP_CHANNELS } from './topics.ts';

/**
 * A journal batch as bytes, little-endian: `TWJ1`, u32 count, then a frame a reading: u32 length of the rest, f64 receivedAt, f64 ts,
 * u8 channel (index in UP_CHANNELS), u8 tenant length, u8 terminal length, tenant, terminal (ASCII), payload as it came (UTF-8 JSON).
 */
const MAGIC = 0x314a5754;
const FRAME_HEAD = 4 + 8 + 8 + 3;

/** Encodes readings in order; the result owns its memory and may be transferred to another thread. */
export function encodeReadings(readings: readonly Reading[]): Uint8Array<ArrayBuffer> {
  let size = 8;
  for (const r of readings) size += FRAME_HEAD + r.tenant.length + r.terminal.length + r.raw.byteLength;
  const memory = new ArrayBuffer(size);
  const out = new Uint8Array(memory);
  const view = new DataView(memory);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, readings.length, true);
  let at = 8;
  for (const { tenant, terminal, raw, receivedAt, ts, channel } of readings) {
    view.setUint32(at, FRAME_HEAD - 4 + tenant.length + terminal.length + raw.byteLength, true);
    view.setFloat64(at + 4, receivedAt, true);
    view.setFloat64(at + 12, ts, true);
    out[at + 20] = UP_CHANNELS.indexOf(channel);
    out[at + 21] = tenant.length;
    out[at + 22] = terminal.length;
    at += FRAME_HEAD;
    // Names are short and ASCII: a loop is quicker than a call into the engine.
    for (let i = 0; i < tenant.length; i++) out[at++] = tenant.charCodeAt(i);
    for (let i = 0; i < terminal.length; i++) out[at++] = terminal.charCodeAt(i);
    out.set(raw, at);
    at += raw.byteLength;
  }
  return out;
}

/** Decodes a batch, or what some tenants have in it; throws `journal.corrupt` with the offset where the bytes are not one. */
export function decodeReadings(bytes: Uint8Array, tenants?: (tenant: TenantId) => boolean): Reading[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < 8 || buffer.readUInt32LE(0) !== MAGIC) throw corrupt(0, 'the batch does not begin with TWJ1');
  const count = buffer.readUInt32LE(4);
  const readings: Reading[] = [];
  let at = 8;
  for (let i = 0; i < count; i++) {
    if (at + FRAME_HEAD > buffer.length) throw corrupt(at, 'a frame is cut short');
    const end = at + 4 + buffer.readUInt32LE(at);
    const channel = UP_CHANNELS[buffer[at + 20] ?? 255];
    if (end > buffer.length || channel === undefined)
      throw corrupt(at, 'a frame is cut short or of an unknown channel');
    const tenantEnd = at + FRAME_HEAD + (buffer[at + 21] ?? 0);
    const terminalEnd = tenantEnd + (buffer[at + 22] ?? 0);
    const tenant = buffer.toString('latin1', at + FRAME_HEAD, tenantEnd) as TenantId;
    if (tenants && !tenants(tenant)) {
      at = end;
      continue;
    }
    const raw = buffer.subarray(terminalEnd, end);
    const payload = cleanPayload(channel, JSON.parse(raw.toString('utf8')) as PayloadOf[typeof channel]);
    readings.push({
      tenant,
      terminal: buffer.toString('latin1', tenantEnd, terminalEnd),
      channel,
      ts: buffer.readDoubleLE(at + 12),
      receivedAt: buffer.readDoubleLE(at + 4),
      boot: payload.boot,
      seq: payload.seq ?? -1,
      payload,
      raw,
    } as Reading);
    at = end;
  }
  return readings;
}

function corrupt(offset: number, why: string): TillwatchError {
  return new TillwatchError('journal.corrupt', `journal batch is damaged at byte ${offset}: ${why}`, {
    context: { offset },
  });
}
