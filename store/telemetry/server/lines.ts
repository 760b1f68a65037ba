import type { Reading, ReadingBatch } from '../../../contract/reading.ts';
import { UP_CHANNELS } from '../../../contract/topics.ts';
import { COUNTER_COLUMNS, type Column, GAUGE_COLUMNS, TEXT_COLUMNS } from '../columns.ts';

/** Measurements of the line protocol, which both servers take: heartbeats, counters, custom gauges, events, words. */
export const HEARTBEAT = 'tw_hb';
export const COUNTERS = 'tw_ct';
export const CUSTOM = 'tw_cu';
export const EVENT = 'tw_ev';
export const WORD = 'tw_word';

/**
 * Where words and payloads go: `fields` for a server that stores strings; `tags` for one that stores numbers only, where a word is the
 * label of a series whose samples say when it held.
 */
export type Strings = 'fields' | 'tags';

type Groups = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

// A label longer than this is cut by the server; a long payload is spread over several.
const LABEL_CHARS = 8000;

/** Lines for batches, ms precision: https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/ */
export function linesOf(batches: readonly ReadingBatch[], strings: Strings): string[] {
  const lines: string[] = [];
  for (const { readings } of batches) for (const reading of readings) add(lines, reading, strings);
  return lines;
}

function add(lines: string[], reading: Reading, strings: Strings): void {
  const tags = `tenant=${reading.tenant},terminal=${reading.terminal}`;
  const at = String(Math.round(reading.ts));
  if (reading.channel === 'heartbeat') {
    const payload = reading.payload as unknown as Groups;
    const fields = numbersOf(GAUGE_COLUMNS, payload);
    for (const { key, name, group, field } of TEXT_COLUMNS) {
      const word = payload[group]?.[field];
      if (typeof word !== 'string') continue;
      if (strings === 'fields') fields.push(`${name}="${quoted(word)}"`);
      else lines.push(`${WORD},${tags},metric=${key},word=${label(word)} v=1 ${at}`);
    }
    // An empty heartbeat is one too: that it came is what `n` keeps.
    fields.push('n=1');
    lines.push(`${HEARTBEAT},${tags} ${fields.join(',')} ${at}`);
    const custom = reading.payload.custom;
    for (const name in custom) lines.push(`${CUSTOM},${tags},name=${name} value=${custom[name]} ${at}`);
  } else if (reading.channel === 'counters') {
    const fields = numbersOf(COUNTER_COLUMNS, reading.payload as unknown as Groups);
    fields.push('n=1');
    lines.push(`${COUNTERS},${tags} ${fields.join(',')} ${at}`);
  } else {
    const channel = UP_CHANNELS.indexOf(reading.channel);
    const payload = JSON.stringify(reading.payload);
    if (strings === 'fields') {
      const kind = reading.channel === 'event' ? reading.payload.type : reading.channel;
      lines.push(
        `${EVENT},${tags},channel=${channel},kind=${kind} received_at=${reading.receivedAt},payload="${quoted(payload)}" ${at}`,
      );
    } else {
      // base64url: JSON's own escapes and a label's would have to be undone in two places.
      const encoded = Buffer.from(payload).toString('base64url');
      const parts: string[] = [];
      for (let i = 0; i * LABEL_CHARS < encoded.length; i++) {
        parts.push(`,p${i}=${encoded.slice(i * LABEL_CHARS, (i + 1) * LABEL_CHARS)}`);
      }
      lines.push(`${EVENT},${tags},channel=${channel}${parts.join('')} received_at=${reading.receivedAt} ${at}`);
    }
  }
}

/** The payload that `linesOf` spread over labels. */
export function payloadOf(labels: Readonly<Record<string, string>>): string {
  let encoded = '';
  for (let i = 0; labels[`p${i}`] !== undefined; i++) encoded += labels[`p${i}`];
  return Buffer.from(encoded, 'base64url').toString('utf8');
}

function numbersOf(columns: readonly Column[], payload: Groups): string[] {
  const fields: string[] = [];
  for (const { name, group, field } of columns) {
    const value = payload[group]?.[field];
    if (typeof value === 'number') fields.push(`${name}=${value}`);
  }
  return fields;
}

function quoted(text: string): string {
  return text.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n');
}

function label(text: string): string {
  // A backslash before one of the escaped characters would be read as an escape, and line breaks end the line.
  return text.replace(/[\\\n\r]/g, '_').replace(/[,= ]/g, '\\$&');
}
