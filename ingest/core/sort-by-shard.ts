import type { SourceMessage } from '../../contract/ports/telemetry-source.ts';
import { shardOf } from '../../contract/shard.ts';
import { isTerminalId, parseTopic } from '../../contract/topics.ts';
import { payloadSpans } from './json-scan.ts';

/**
 * Which shard takes a message: that of its terminal, so that one worker sees all that a terminal says. A gateway's array is cut into
 * one for each shard (payloads byte for byte); what names no terminal goes where its topic points, to be refused there.
 */
export function sortByShard<M extends SourceMessage>(message: M, shards: number): readonly [shard: number, part: M][] {
  const topic = parseTopic(message.topic);
  if (!topic) return [[0, message]];
  const own = shardOf(topic.tenant, topic.terminal, shards);
  if (topic.channel !== 'batch' || shards === 1) return [[own, message]];
  const entries = entriesOf(message.payload);
  if (!entries) return [[own, message]];
  const byShard = Map.groupBy(entries, ({ terminal }) =>
    typeof terminal === 'string' && isTerminalId(terminal) ? shardOf(topic.tenant, terminal, shards) : own,
  );
  if (byShard.size <= 1) return [[byShard.keys().next().value ?? own, message]];
  return [...byShard].map(([shard, parts]) => [
    shard,
    {
      ...message,
      payload: Buffer.concat([
        OPEN,
        ...parts.flatMap((part, i) => (i === 0 ? part.json : [COMMA, ...part.json])),
        CLOSE,
      ]),
    },
  ]);
}

interface Entry {
  readonly terminal: unknown;
  /** The entry as JSON, in pieces: its payload is the sender's own bytes. */
  readonly json: readonly Uint8Array[];
}

const OPEN = Buffer.from('{"messages":[');
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from(']}');
const END = Buffer.from('}');

function entriesOf(payload: Uint8Array): readonly Entry[] | undefined {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
  const messages =
    typeof parsed === 'object' && parsed !== null ? (parsed as { messages?: unknown }).messages : undefined;
  if (!Array.isArray(messages)) return undefined;
  const spans = payloadSpans(bytes);
  const exact = spans?.length === messages.length ? spans : undefined;
  return messages.map((entry: unknown, i) => {
    const { terminal, channel } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
    const span = exact?.[i];
    if (!span || span.end <= span.start) return { terminal, json: [Buffer.from(JSON.stringify(entry))] };
    const head = JSON.stringify({ terminal, channel }).slice(0, -1);
    const key = `${head}${head.length > 1 ? ',' : ''}"payload":`;
    return { terminal, json: [Buffer.from(key), bytes.subarray(span.start, span.end), END] };
  });
}
