import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { type BadLine, isBadLine, linesOf, parseLine, type RecordedMessage } from '../recording.ts';

export interface ImportCounts {
  readonly accepted: number;
  readonly duplicates: number;
  /** Rejected messages and lines by reason. */
  readonly rejected: Readonly<Record<string, number>>;
}

/** Takes recorded messages as if they had arrived at their `receivedAt`; resolves once they are durable. */
export type ImportMessages = (messages: readonly RecordedMessage[]) => Promise<ImportCounts>;

const CountsSchema = Type.Object({
  lines: Type.Number(),
  accepted: Type.Number(),
  duplicates: Type.Number(),
  rejected: Type.Record(Type.String(), Type.Number()),
  firstFaults: Type.Array(Type.Object({ line: Type.Number(), reason: Type.String(), detail: Type.String() })),
});

const GROUP = 2000;
const GROUPS_AHEAD = 3;

/** `POST /import`: a recording as NDJSON goes through the pipeline with its own arrival times; lines that break the contract are counted. */
export function importRoutes(take: ImportMessages): (http: FastifyInstance) => void {
  return (http) => {
    http.addContentTypeParser('application/x-ndjson', (_request, payload, done) => done(null, payload));
    http.post(
      '/import',
      {
        config: { right: 'platform:write' },
        schema: {
          tags: ['platform'],
          operationId: 'importRecording',
          summary: 'Put a recording (NDJSON, contract.md) through the pipeline with its own arrival times',
          consumes: ['application/x-ndjson'],
          response: { 200: CountsSchema },
        },
      },
      async (request) => {
        let line = 0;
        let accepted = 0;
        let duplicates = 0;
        const rejected: Record<string, number> = {};
        const firstFaults: BadLine[] = [];
        let group: RecordedMessage[] = [];
        const underWay: Promise<void>[] = [];
        const absorb = async (messages: readonly RecordedMessage[]): Promise<void> => {
          const counts = await take(messages);
          accepted += counts.accepted;
          duplicates += counts.duplicates;
          for (const [reason, count] of Object.entries(counts.rejected))
            rejected[reason] = (rejected[reason] ?? 0) + count;
        };
        // Some groups are read while those before become durable.
        const flush = async (): Promise<void> => {
          const messages = group;
          group = [];
          if (underWay.length >= GROUPS_AHEAD) await underWay.shift();
          const taken = absorb(messages);
          taken.catch(() => undefined);
          underWay.push(taken);
        };
        for await (const lines of linesOf(request.body as Readable, 'the request body')) {
          for (const bytes of lines) {
            const message = parseLine(bytes, ++line);
            if (message === undefined) continue;
            if (isBadLine(message)) {
              rejected[`line_${message.reason}`] = (rejected[`line_${message.reason}`] ?? 0) + 1;
              if (firstFaults.length < 20) firstFaults.push(message);
              continue;
            }
            group.push(message);
            if (group.length >= GROUP) await flush();
          }
        }
        if (group.length > 0) await flush();
        await Promise.all(underWay);
        return { lines: line, accepted, duplicates, rejected, firstFaults };
      },
    );
  };
}
