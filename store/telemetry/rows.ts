import type { ReadingBatch } from '../../contract/reading.ts';
import { UP_CHANNELS } from '../../contract/topics.ts';
import { COUNTER_COLUMNS, type ColumnGroup, GAUGE_COLUMNS, groupsOf, TEXT_COLUMNS } from './columns.ts';

/** Rows of one table as columns of equal length; missing numbers are NaN, which the wire contract excludes as values. */
export interface NumberRows {
  readonly count: number;
  /** `tenant/terminal` of each row, joined by newlines: one string crosses threads far cheaper than many. */
  readonly names: string;
  readonly ts: Float64Array<ArrayBuffer>;
  /** Index into `RowSet.positions` of the batch that each row came with. */
  readonly batch: Int32Array<ArrayBuffer>;
  /** All columns one after another, each `count` long. */
  readonly values: Float64Array<ArrayBuffer>;
}

export interface HeartbeatRows extends NumberRows {
  /** Codes of the words, column after column: index into `RowSet.words` plus one, 0 for none. */
  readonly words: Int32Array<ArrayBuffer>;
}

export interface CustomRows extends NumberRows {
  /** Code of the gauge's name, as for words. */
  readonly name: Int32Array<ArrayBuffer>;
}

export interface EventRows {
  readonly count: number;
  readonly names: string;
  readonly ts: Float64Array<ArrayBuffer>;
  readonly receivedAt: Float64Array<ArrayBuffer>;
  readonly batch: Int32Array<ArrayBuffer>;
  /** Index in UP_CHANNELS. */
  readonly channel: Uint8Array<ArrayBuffer>;
  readonly payloads: readonly string[];
}

/** Consecutive batches of one shard, turned into columns on the main thread and handed to a store's worker without copying. */
export interface RowSet {
  readonly shard: number;
  readonly positions: Float64Array<ArrayBuffer>;
  readonly words: readonly string[];
  readonly heartbeats: HeartbeatRows;
  readonly counters: NumberRows;
  readonly custom: CustomRows;
  readonly events: EventRows;
}

const GAUGE_GROUPS = groupsOf(GAUGE_COLUMNS);
const TEXT_GROUPS = groupsOf(TEXT_COLUMNS);
const COUNTER_GROUPS = groupsOf(COUNTER_COLUMNS);

type Groups = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

function fill(values: Float64Array, count: number, row: number, groups: readonly ColumnGroup[], payload: Groups): void {
  for (const { group, fields } of groups) {
    const source = payload[group];
    if (source === undefined) {
      for (const { index } of fields) values[index * count + row] = Number.NaN;
    } else {
      for (const { field, index } of fields) {
        const value = source[field];
        values[index * count + row] = typeof value === 'number' ? value : Number.NaN;
      }
    }
  }
}

/** Turns batches of one shard into columns. */
export function rowsOf(batches: readonly ReadingBatch[]): RowSet {
  let heartbeats = 0;
  let counters = 0;
  let custom = 0;
  let events = 0;
  for (const { readings } of batches) {
    for (const reading of readings) {
      if (reading.channel === 'heartbeat') {
        heartbeats++;
        if (reading.payload.custom) for (const _ in reading.payload.custom) custom++;
      } else if (reading.channel === 'counters') counters++;
      else events++;
    }
  }
  const codes = new Map<string, number>();
  const words: string[] = [];
  const codeOf = (word: string): number => {
    let code = codes.get(word);
    if (code === undefined) {
      code = words.push(word);
      codes.set(word, code);
    }
    return code;
  };
  const hb = { ...numbers(heartbeats, GAUGE_COLUMNS.length), words: new Int32Array(heartbeats * TEXT_COLUMNS.length) };
  const ct = numbers(counters, COUNTER_COLUMNS.length);
  const cu = { ...numbers(custom, 1), name: new Int32Array(custom) };
  const ev = {
    ts: new Float64Array(events),
    receivedAt: new Float64Array(events),
    batch: new Int32Array(events),
    channel: new Uint8Array(events),
    payloads: new Array<string>(events),
  };
  const names = { hb: [] as string[], ct: [] as string[], cu: [] as string[], ev: [] as string[] };
  batches.forEach(({ readings }, batch) => {
    for (const reading of readings) {
      const name = `${reading.tenant}/${reading.terminal}`;
      if (reading.channel === 'heartbeat') {
        const row = names.hb.push(name) - 1;
        hb.ts[row] = reading.ts;
        hb.batch[row] = batch;
        const payload = reading.payload as unknown as Groups;
        fill(hb.values, heartbeats, row, GAUGE_GROUPS, payload);
        for (const { group, fields } of TEXT_GROUPS) {
          const source = payload[group];
          if (source === undefined) continue;
          for (const { field, index } of fields) {
            const word = source[field];
            if (typeof word === 'string') hb.words[index * heartbeats + row] = codeOf(word);
          }
        }
        const own = reading.payload.custom;
        for (const key in own) {
          const at = names.cu.push(name) - 1;
          cu.ts[at] = reading.ts;
          cu.batch[at] = batch;
          cu.name[at] = codeOf(key);
          cu.values[at] = own[key] ?? Number.NaN;
        }
      } else if (reading.channel === 'counters') {
        const row = names.ct.push(name) - 1;
        ct.ts[row] = reading.ts;
        ct.batch[row] = batch;
        fill(ct.values, counters, row, COUNTER_GROUPS, reading.payload as unknown as Groups);
      } else {
        const row = names.ev.push(name) - 1;
        ev.ts[row] = reading.ts;
        ev.receivedAt[row] = reading.receivedAt;
        ev.batch[row] = batch;
        ev.channel[row] = UP_CHANNELS.indexOf(reading.channel);
        ev.payloads[row] = JSON.stringify(reading.payload);
      }
    }
  });
  return {
    shard: batches[0]?.shard ?? 0,
    positions: Float64Array.from(batches, (b) => b.position),
    words,
    heartbeats: { count: heartbeats, names: names.hb.join('\n'), ...hb },
    counters: { count: counters, names: names.ct.join('\n'), ...ct },
    custom: { count: custom, names: names.cu.join('\n'), ...cu },
    events: { count: events, names: names.ev.join('\n'), ...ev },
  };
}

function numbers(count: number, columns: number) {
  return {
    ts: new Float64Array(count),
    batch: new Int32Array(count),
    values: new Float64Array(count * columns),
  };
}

/** The buffers of a row set, for handing over. */
export function buffersOf({ positions, heartbeats, counters, custom, events }: RowSet): ArrayBuffer[] {
  const views = [
    positions,
    heartbeats.ts,
    heartbeats.batch,
    heartbeats.values,
    heartbeats.words,
    counters.ts,
    counters.batch,
    counters.values,
    custom.ts,
    custom.batch,
    custom.values,
    custom.name,
    events.ts,
    events.receivedAt,
    events.batch,
    events.channel,
  ];
  return views.map((view) => view.buffer);
}
