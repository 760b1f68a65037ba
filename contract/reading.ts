import type { PayloadOf } from './payloads.ts';
import type { TenantId, UpChannel } from './topics.ts';

interface ReadingBase<C extends UpChannel> {
  readonly tenant: TenantId;
  readonly terminal: string;
  readonly channel: C;
  /** Event time, ms UTC: the device's `ts` corrected for its clock's offset as seen at arrival. */
  readonly ts: number;
  /** When the platform (or the recording) received it, ms UTC. */
  readonly receivedAt: number;
  readonly boot: string;
  readonly seq: number;
  /** Validated, known fields only; `payload.ts` is still the device's own clock. */
  readonly payload: PayloadOf[C];
  /** The payload as it came, UTF-8 JSON; kept so that the journal need not serialise it again. */
  readonly raw: Uint8Array;
}

/** One accepted message of one terminal: validated, deduplicated, at its corrected event time. What flows through every room. */
export type Reading = { [C in UpChannel]: ReadingBase<C> }[UpChannel];
export type ReadingOf<C extends UpChannel> = Extract<Reading, { channel: C }>;

/** Readings of one shard that share a journal position: the unit of durability, hand-over and checkpoints. */
export interface ReadingBatch {
  readonly shard: number;
  /** Position in the shard's journal, from 1, one a batch, rising by 1. */
  readonly position: number;
  readonly readings: readonly Reading[];
}
