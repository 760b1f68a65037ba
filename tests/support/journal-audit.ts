import { decodeReadings } from '../../contract/journal-codec.ts';
import type { Journal } from '../../contract/ports/journal.ts';
import { createNatsJournal } from '../../store/journal/nats/journal.ts';

/** Reads all that a cluster's journal ever held: who stored what, and how often. */
export interface JournalAudit {
  /** `terminal/seq` → how often it is stored; what was appended since the last call is taken in. */
  stored(): Promise<ReadonlyMap<string, number>>;
  stop(): Promise<void>;
}

/** Opens the journal before any worker does; as a reader that finishes nothing, it keeps the journal whole. */
export async function auditJournal(url: string, shards: number): Promise<JournalAudit> {
  const journal: Journal = createNatsJournal({ url, shards, budgetBytes: 128 * 2 ** 20 });
  await journal.start();
  for (let shard = 0; shard < shards; shard++) await journal.commit('audit', shard, 0);
  const counts = new Map<string, number>();
  const read = new Array<number>(shards).fill(0);
  return {
    async stored() {
      for (let shard = 0; shard < shards; shard++) {
        for (;;) {
          const entries = await journal.read(shard, read[shard]!, 4 * 2 ** 20);
          if (entries.length === 0) break;
          for (const { bytes, position } of entries) {
            read[shard] = position;
            for (const { terminal, seq } of decodeReadings(bytes)) {
              counts.set(`${terminal}/${seq}`, (counts.get(`${terminal}/${seq}`) ?? 0) + 1);
            }
          }
        }
      }
      return counts;
    },
    stop: () => journal.stop(),
  };
}
