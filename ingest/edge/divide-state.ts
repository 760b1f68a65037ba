import { shardOf } from '../../contract/shard.ts';
import { TerminalTable } from '../core/terminal-table.ts';

export interface DividedState {
  /** Journal positions that the state stood at, by shard of the journal it came from. */
  readonly positions: readonly number[];
  /** What each of the new shards is to begin with, at the beginning of a new journal. */
  readonly shards: readonly (readonly Uint8Array[])[];
}

/** What one process's ingest remembers of all terminals (`ingest.state`), as the states of so many shards. Error: `ingest.bad_snapshot`. */
export function divideState(bytes: Uint8Array, shards: number): DividedState {
  const whole = new TerminalTable();
  const { positions } = whole.restore(bytes) as { readonly positions: readonly number[] };
  return {
    positions,
    shards: Array.from({ length: shards }, (_, shard) => {
      const share = whole.share((tenant, terminal) => shardOf(tenant, terminal, shards) === shard);
      return [...share.snapshot({ positions: [0] })];
    }),
  };
}
