import type { Birth, PayloadOf } from '../../contract/payloads.ts';
import type { NewDeadLetter } from '../../contract/ports/dead-letters.ts';
import { UNPLACED_TENANT } from '../../contract/ports/dead-letters.ts';
import type { Announcement } from '../../contract/ports/registry.ts';
import type { LinkChange } from '../../contract/ports/telemetry-source.ts';
import type { Reading } from '../../contract/reading.ts';
import { formatTopic, isTenantId, parseTopic, type TenantId, type UpChannel } from '../../contract/topics.ts';
import { letterPayload } from './dead-letter.ts';
import { DEFAULT_LIMITS, decodePayload, type PayloadLimits, refused } from './decode.ts';
import { BEHIND_TOLERANCE_MS, firstOffset, observeClock } from './device-clock.ts';
import { decodeBatch } from './gateway-batch.ts';
import { offlineReason, SAID_SHUTDOWN, setLink } from './link-state.ts';
import { takeToken } from './rate-limit.ts';
import { bootHash, markSeen, placeBoot, slotOf } from './sequence.ts';
import { BOOTS, TerminalTable } from './terminal-table.ts';
import type { Fault } from './validate.ts';

export interface PipelineOptions {
  readonly limits?: PayloadLimits;
  /** Messages a terminal may send: `perSecond` in the long run, `burst` at once. Left out: no limit (recordings). */
  readonly rate?: { readonly perSecond: number; readonly burst: number };
  /** Terminals remembered at the most: names out of thin air must not fill the memory. Default 4 million. */
  readonly maxTerminals?: number;
  /** Heartbeat interval of a terminal whose birth was not seen; default 60 s. */
  readonly heartbeatS?: number;
  /** Terminals that a gateway may speak for; undefined: no bounds are known. */
  readonly speaksFor?: (tenant: TenantId, gateway: string) => '*' | ReadonlySet<string> | undefined;
  /** State of an earlier run, from `snapshot`. */
  readonly table?: TerminalTable;
}

/** The dead letter of a message at which our own code failed: it is kept, and goes through again once that is mended. */
export function faultLetter(topic: string, payload: Uint8Array, receivedAt: number, why: string): NewDeadLetter {
  const parsed = parseTopic(topic);
  const fault = refused('internal_fault', `Tillwatch itself failed at this message: ${why}`).fault;
  return letter(topic, parsed?.tenant ?? null, parsed?.terminal ?? null, fault, payload, receivedAt);
}

/** What became of one MQTT message (of each entry, for a gateway's array). */
export interface Accepted {
  readonly readings: Reading[];
  readonly rejections: NewDeadLetter[];
  /** New terminals and births newer than what was known. */
  readonly announcements: Announcement[];
  /** Ids (of the table) whose link changed. */
  readonly linkChanges: number[];
  /** Redeliveries of what was already accepted. */
  duplicates: number;
  /** Wills that ended no session of today. */
  stale: number;
}

/** What is known of how a message came. */
export interface Delivery {
  /** A copy that a broker kept: it says nothing of the link now. */
  readonly retained?: boolean;
  /** Read from a recording: rate limits are for senders. */
  readonly recorded?: boolean;
}

/**
 * From bytes to readings: decode, validate, card-number check, identity, clock correction, gaps, presence. Pure: time comes with the
 * messages. One pipeline takes all of a process's messages in order of arrival; usable alone for recordings.
 */
export interface Pipeline {
  readonly table: TerminalTable;
  accept(topic: string, payload: Uint8Array, receivedAt: number, delivery?: Delivery): Accepted;
  /** Brings the state up to a reading that was committed elsewhere; answers what the registry may not have been told, and links that changed. */
  recover(reading: Reading): Pick<Accepted, 'announcements' | 'linkChanges'>;
  /** Takes note of a terminal's own connection; true when its link changed. */
  link(change: LinkChange, at: number): boolean;
}

const LIVE: Delivery = {};
const RECORDED: Delivery = { recorded: true };

export function createPipeline(options: PipelineOptions = {}): Pipeline {
  const limits = options.limits ?? DEFAULT_LIMITS;
  const rate = options.rate;
  const defaultBeat = options.heartbeatS ?? 60;
  const maxTerminals = options.maxTerminals ?? 4_000_000;
  const table = options.table ?? new TerminalTable();

  function accept(topic: string, payload: Uint8Array, receivedAt: number, delivery: Delivery = LIVE): Accepted {
    const out = emptyAccepted();
    const parsed = parseTopic(topic);
    if (parsed === undefined || parsed.channel === 'command') {
      const detail = 'the topic must be pos/v1/{tenant}/{terminal}/{channel}, with a channel that terminals speak on';
      out.rejections.push(letter(topic, null, null, refused('bad_topic', detail).fault, payload, receivedAt));
      return out;
    }
    const { tenant, terminal, channel } = parsed;
    if (channel !== 'batch') {
      const decoded = decodePayload(channel, payload, limits);
      if (decoded.ok) {
        admit(out, tenant, terminal, channel, decoded.payload, payload, receivedAt, delivery, topic);
      } else {
        out.rejections.push(letter(topic, tenant, terminal, decoded.fault, payload, receivedAt));
      }
      return out;
    }
    const batch = decodeBatch(payload, limits);
    if (!batch.ok) {
      out.rejections.push(letter(topic, tenant, terminal, batch.fault, payload, receivedAt));
      return out;
    }
    const allowed = delivery.recorded ? undefined : options.speaksFor?.(tenant, terminal);
    for (const entry of batch.payload) {
      if (entry.ok && allowed !== undefined && allowed !== '*' && !allowed.has(entry.terminal)) {
        const { fault } = refused('not_allowed', `gateway ${terminal} may not speak for ${entry.terminal}`);
        const as = formatTopic(tenant, entry.terminal, entry.channel);
        out.rejections.push(letter(as, tenant, entry.terminal, fault, entry.raw, receivedAt));
      } else if (entry.ok) {
        admit(out, tenant, entry.terminal, entry.channel, entry.payload, entry.raw, receivedAt, delivery, topic);
      } else {
        const own = entry.terminal !== null && entry.channel !== 'batch';
        const as = own ? formatTopic(tenant, entry.terminal!, entry.channel as UpChannel) : topic;
        const kept = letter(as, tenant, entry.terminal ?? terminal, entry.fault, entry.raw, receivedAt);
        // Without its terminal or channel, what is kept of an entry says too little to be sent again.
        out.rejections.push(own ? kept : { ...kept, replayable: false });
      }
    }
    return out;
  }

  function admit(
    out: Accepted,
    tenant: TenantId,
    terminal: string,
    channel: UpChannel,
    payload: PayloadOf[UpChannel],
    raw: Uint8Array,
    receivedAt: number,
    delivery: Delivery,
    topic: string,
  ): void {
    const before = table.size;
    if (before >= maxTerminals && table.find(tenant, terminal) < 0) {
      const detail = `${maxTerminals} terminals are known already: a new one is not taken`;
      const as = topic.endsWith('/batch') ? formatTopic(tenant, terminal, channel) : topic;
      out.rejections.push(letter(as, tenant, terminal, refused('too_many_terminals', detail).fault, raw, receivedAt));
      return;
    }
    const id = table.findOrAdd(tenant, terminal);
    const c = table.columns;
    const isNew = id === before;
    if (isNew) {
      c.heartbeatS[id] = defaultBeat;
      if (channel !== 'birth') out.announcements.push({ tenant, terminal, at: receivedAt, receivedAt, birth: null });
    }
    if (rate && !delivery.recorded && !takeToken(table, id, rate, receivedAt, isNew)) {
      const detail = `the terminal sends more than ${rate.perSecond} messages a second`;
      const as = topic.endsWith('/batch') ? formatTopic(tenant, terminal, channel) : topic;
      out.rejections.push(letter(as, tenant, terminal, refused('rate_limited', detail).fault, raw, receivedAt));
      return;
    }
    const ts = timed(out, id, channel, payload, receivedAt);
    if (ts === undefined) return;
    const slot0 = c.boot[id * BOOTS] === bootHash(payload.boot);
    if (slot0 && noteLink(id, channel, payload, ts, receivedAt, delivery)) out.linkChanges.push(id);
    // A clock that is minutes slow, or a gateway that sends every few minutes, still brings what is true now.
    const asOf = receivedAt - ts <= BEHIND_TOLERANCE_MS ? receivedAt : ts;
    if (channel !== 'state' && asOf > c.lastAt[id]!) {
      c.lastAt[id] = asOf;
      const stops = channel === 'event' && (payload as PayloadOf['event']).type === 'shutdown';
      c.flags[id] = stops ? c.flags[id]! | SAID_SHUTDOWN : c.flags[id]! & ~SAID_SHUTDOWN;
    }
    if (channel === 'birth' && ts >= c.birthAt[id]!) {
      const birth = payload as Birth;
      c.birthAt[id] = ts;
      c.heartbeatS[id] = birth.heartbeat_s ?? defaultBeat;
      out.announcements.push({ tenant, terminal, at: ts, receivedAt, birth });
    }
    const { boot, seq = -1 } = payload;
    out.readings.push({ tenant, terminal, channel, ts, receivedAt, boot, seq, payload, raw } as Reading);
  }

  /** Event time of a message not seen before; undefined where it is a repeat or a will that ends nothing. */
  function timed(
    out: Accepted,
    id: number,
    channel: UpChannel,
    payload: PayloadOf[UpChannel],
    receivedAt: number,
  ): number | undefined {
    const c = table.columns;
    const boot = bootHash(payload.boot);
    let slot = slotOf(table, id, boot);
    const { seq, ts: deviceTs } = payload;
    if (seq === undefined || deviceTs === undefined) {
      // Only `state` may lack them. A will was written before the session it ends, so arrival is when it holds.
      const { online } = payload as PayloadOf['state'];
      const isOnline = (c.link[id]! & 8) !== 0;
      if (slot > 0 || (slot < 0 && !online && c.boot[id * BOOTS] !== 0)) {
        out.stale++;
        return undefined;
      }
      if (slot === 0 && isOnline === online && c.link[id] !== 0) {
        out.duplicates++;
        return undefined;
      }
      if (slot < 0) placeBoot(table, id, boot, receivedAt, 0);
      return receivedAt;
    }
    let offset: number;
    if (slot < 0) {
      offset = firstOffset(table, id, deviceTs, receivedAt);
      slot = placeBoot(table, id, boot, deviceTs - offset, offset);
      markSeen(table, id, slot, seq);
    } else {
      if (!markSeen(table, id, slot, seq)) {
        out.duplicates++;
        if (c.duplicates[id]! < 0xffffffff) c.duplicates[id] = c.duplicates[id]! + 1;
        return undefined;
      }
      // A will that a device gave a seq carries the time at which the session began: it says nothing of the clock.
      const will = channel === 'state' && isWill(payload as PayloadOf['state']);
      offset = will ? c.offset[id * BOOTS + slot]! : observeClock(table, id, slot, deviceTs, receivedAt);
    }
    const ts = Math.max(0, deviceTs - offset);
    if (ts > c.bootTs[id * BOOTS + slot]!) c.bootTs[id * BOOTS + slot] = ts;
    return ts;
  }

  function noteLink(
    id: number,
    channel: UpChannel,
    payload: PayloadOf[UpChannel],
    ts: number,
    receivedAt: number,
    delivery: Delivery,
  ): boolean {
    const c = table.columns;
    if (channel === 'state') {
      const { online, reason, seq } = payload as PayloadOf['state'];
      if (online) return setLink(table, id, true, 'state', ts);
      const why = offlineReason(seq, reason);
      const changed = setLink(table, id, false, why, why === 'will' ? receivedAt : ts);
      if (why === 'shutdown') c.flags[id] = c.flags[id]! | SAID_SHUTDOWN;
      return changed;
    }
    // A message proves the link unless it is a kept copy, or was measured before the link was lost, or is too old to tell.
    if (delivery.retained || (c.link[id]! & 8) !== 0) return false;
    if (ts <= c.linkSince[id]! || receivedAt - ts > c.heartbeatS[id]! * 10_000) return false;
    return setLink(table, id, true, channel === 'birth' ? 'birth' : 'message', ts);
  }

  return {
    table,
    accept,
    recover(reading) {
      const { tenant, terminal, channel, payload, raw, receivedAt } = reading;
      const before = table.size;
      const id = table.findOrAdd(tenant, terminal);
      if (id === before) table.columns.heartbeatS[id] = defaultBeat;
      const duplicates = table.columns.duplicates[id]!;
      const out = emptyAccepted();
      // Committed means that it passed the rate limit once: it is not to be held against the terminal again.
      admit(out, tenant, terminal, channel, payload, raw, receivedAt, RECORDED, '');
      table.columns.duplicates[id] = duplicates;
      if (id === before && channel !== 'birth') {
        out.announcements.push({ tenant, terminal, at: receivedAt, receivedAt, birth: null });
      }
      return out;
    },
    link({ tenant, terminal, online, reason }, at) {
      const id = table.find(tenant, terminal);
      if (id < 0) return false;
      if (!online && table.columns.link[id] === 0) return false;
      return setLink(table, id, online, reason, at);
    },
  };
}

function isWill(state: PayloadOf['state']): boolean {
  return !state.online && offlineReason(state.seq, state.reason) === 'will';
}

export function emptyAccepted(): Accepted {
  return { readings: [], rejections: [], announcements: [], linkChanges: [], duplicates: 0, stale: 0 };
}

function letter(
  topic: string,
  tenant: TenantId | null,
  terminal: string | null,
  fault: Fault,
  payload: Uint8Array,
  receivedAt: number,
): NewDeadLetter {
  const named = topic.split('/')[2] ?? '';
  return {
    tenant: tenant ?? (topic.startsWith('pos/v1/') && isTenantId(named) ? named : UNPLACED_TENANT),
    terminal,
    topic: topic.slice(0, 200),
    reason: fault.reason,
    field: fault.field,
    detail: fault.detail,
    ...letterPayload(payload, fault.reason),
    receivedAt,
  };
}
