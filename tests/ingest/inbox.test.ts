import { expect, it } from 'vitest';
import { shardOf } from '../../contract/shard.ts';
import { decodeInbox, encodeInbox } from '../../ingest/core/inbox-codec.ts';
import { sortByShard } from '../../ingest/core/sort-by-shard.ts';

const message = (topic: string, payload: string) => ({
  topic,
  payload: Buffer.from(payload),
  qos: 1 as const,
  retained: false,
  receivedAt: 1_700_000_000_123,
});

it('messages cross the inbox as they came', () => {
  const messages = [
    message('pos/v1/acme/T-1/heartbeat', '{"ts":1}'),
    { ...message('pos/v1/acme/Tü/state', ''), qos: 2 as const, retained: true },
  ];
  expect(decodeInbox(encodeInbox(messages))).toEqual(messages);
});

it('an entry that is cut short is told as damaged', () => {
  const bytes = encodeInbox([message('pos/v1/acme/T-1/heartbeat', '{"ts":1}')]);
  expect(() => decodeInbox(bytes.subarray(0, bytes.length - 3))).toThrow(/damaged at byte 8/);
});

it('all that a terminal says goes to one shard, by itself or through a gateway, byte for byte', () => {
  const shards = 4;
  const raw = '{"ts": 1.0, "boot":"b","seq":12345678901234567890}';
  const terminals = Array.from({ length: 12 }, (_, i) => `T-${i}`);
  const entries = terminals.map((terminal) => `{"terminal":"${terminal}","channel":"heartbeat","payload":${raw}}`);
  const parts = sortByShard(message('pos/v1/acme/gw/batch', `{"messages":[${entries.join(',')}]}`), shards);
  expect(parts.length).toBeGreaterThan(1);
  const seen = parts.flatMap(([shard, part]) => {
    expect(Buffer.from(part.payload).toString()).toContain(raw);
    const { messages } = JSON.parse(Buffer.from(part.payload).toString()) as { messages: { terminal: string }[] };
    return messages.map(({ terminal }) => {
      expect(shard).toBe(shardOf('acme', terminal, shards));
      expect(sortByShard(message(`pos/v1/acme/${terminal}/heartbeat`, raw), shards)[0]![0]).toBe(shard);
      return terminal;
    });
  });
  expect(seen.sort()).toEqual([...terminals].sort());
});

it('what names no terminal of ours is passed on whole, to be refused', () => {
  for (const [topic, payload] of [
    ['elsewhere', '{}'],
    ['pos/v1/acme/gw/batch', 'no json'],
    ['pos/v1/acme/gw/batch', '{"messages":7}'],
  ] as const) {
    const parts = sortByShard(message(topic, payload), 4);
    expect(parts).toHaveLength(1);
    expect(Buffer.from(parts[0]![1].payload).toString()).toBe(payload);
  }
});
