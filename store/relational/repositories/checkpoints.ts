import { TillwatchError } from '../../../contract/errors.ts';
import type { CheckpointStore } from '../../../contract/ports/findings.ts';
import type { Relational } from '../relational.ts';
import { excluded, json } from '../sql.ts';

/** Bytes of one piece: well under what either engine takes as one value, and small enough to pass between threads. */
const PIECE = 4 << 20;

/**
 * Checkpoints in pieces, on Kysely, for both engines: a new generation is written beside the old, each piece by itself, so that a large
 * state neither keeps other writers waiting nor fills the log; it takes over with its last step, and what was left by a crash goes with the old.
 */
export function createCheckpointStore(relational: Relational): CheckpointStore {
  const { db } = relational;
  return {
    async save({ worker, positions, state, at }) {
      const { last } = await db
        .selectFrom('analytics_checkpoint_part')
        .select((eb) => eb.fn.max('generation').as('last'))
        .where('worker', '=', worker)
        .executeTakeFirstOrThrow();
      const generation = Number(last ?? 0) + 1;
      let parts = 0;
      for (const bytes of piecesOf(state)) {
        const part = parts++;
        await relational.transaction((trx) =>
          trx.insertInto('analytics_checkpoint_part').values({ worker, generation, part, bytes }).execute(),
        );
      }
      await relational.transaction(async (trx) => {
        await trx
          .insertInto('analytics_checkpoint')
          .values({ worker, generation, at, positions: json.write(positions), parts })
          .onConflict((oc) => oc.column('worker').doUpdateSet(excluded(['generation', 'at', 'positions', 'parts'])))
          .execute();
      });
      const old = await db
        .selectFrom('analytics_checkpoint_part')
        .select(['generation', 'part'])
        .where('worker', '=', worker)
        .where('generation', '<', generation)
        .execute();
      for (const one of old) {
        await relational.transaction((trx) =>
          trx
            .deleteFrom('analytics_checkpoint_part')
            .where('worker', '=', worker)
            .where('generation', '=', one.generation)
            .where('part', '=', one.part)
            .execute(),
        );
      }
    },

    async load(worker) {
      const row = await db
        .selectFrom('analytics_checkpoint')
        .selectAll()
        .where('worker', '=', worker)
        .executeTakeFirst();
      if (!row) return undefined;
      let state = new Uint8Array(row.parts * PIECE);
      for (let part = 0; part < row.parts; part++) {
        const piece = await db
          .selectFrom('analytics_checkpoint_part')
          .select('bytes')
          .where('worker', '=', worker)
          .where('generation', '=', row.generation)
          .where('part', '=', part)
          .executeTakeFirst();
        if (!piece) {
          throw new TillwatchError('analytics.bad_checkpoint', 'a piece of the analytics checkpoint is missing', {
            context: { worker, part },
          });
        }
        state.set(piece.bytes, part * PIECE);
        if (part === row.parts - 1) state = state.subarray(0, part * PIECE + piece.bytes.byteLength);
      }
      return { worker, at: row.at, positions: json.read(row.positions), state };
    },
  };
}

/** The same bytes in pieces of one size, the last one excepted; one piece is in memory at a time. */
function* piecesOf(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  let piece = new Uint8Array(PIECE);
  let filled = 0;
  for (const part of parts) {
    for (let from = 0; from < part.byteLength; ) {
      const taken = part.subarray(from, from + PIECE - filled);
      piece.set(taken, filled);
      filled += taken.byteLength;
      from += taken.byteLength;
      if (filled < PIECE) continue;
      yield piece;
      piece = new Uint8Array(PIECE);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
