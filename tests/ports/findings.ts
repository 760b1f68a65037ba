import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contract/findings.ts';
import type { CheckpointStore, FindingStore, OpinionStore } from '../../contract/ports/findings.ts';
import { asTenantId } from '../../contract/topics.ts';

const ACME = asTenantId('acme');
const OTHER = asTenantId('other');
const T0 = Date.UTC(2026, 0, 5);

export function finding(change: Partial<Finding> = {}): Finding {
  return {
    at: T0,
    tenant: ACME,
    scope: 'terminal',
    subject: 'till-1',
    terminal: 'till-1',
    site: 'north',
    component: 'printer',
    mode: 'head_wear',
    state: 'open',
    severity: 'warning',
    probability: 0.7,
    horizonH: 168,
    failsAt: T0 + 5_000_000,
    failsAtP10: T0 + 4_000_000,
    failsAtP90: T0 + 9_000_000,
    evidence: [
      {
        metric: 'printer.dead_dots',
        value: 9,
        baseline: 1,
        why: 'It rose.',
        unit: '',
        threshold: 19,
        direction: 'above',
        slope: 2.5,
      },
    ],
    ...change,
  };
}

/** What every FindingStore, CheckpointStore and OpinionStore must do. `open` answers fresh, empty stores. */
export function findingStoreSuite(
  open: () => Promise<{ findings: FindingStore; checkpoints: CheckpointStore; opinions: OpinionStore }>,
): void {
  describe('findings', () => {
    it('keeps what stands by fingerprint, and tells each change once in order', async () => {
      const { findings } = await open();
      await findings.state([finding(), finding({ subject: 'till-2', terminal: 'till-2', severity: 'critical' })]);
      const first = await findings.changes(0, 10);
      expect(first.map((f) => f.subject)).toEqual(['till-1', 'till-2']);
      expect((await findings.standing(ACME)).map((f) => f.subject)).toEqual(['till-2', 'till-1']);
      // Where its forecast runs to comes back with each reason.
      for (const kept of [...first, ...(await findings.history(ACME, 'till-1', 5))]) {
        expect(kept.evidence).toEqual(finding().evidence);
      }

      await findings.state([finding({ state: 'update', at: T0 + 1000, severity: 'critical' })]);
      const next = await findings.changes(first.at(-1)!.revision, 10);
      expect(next).toHaveLength(1);
      expect(next[0]).toMatchObject({ subject: 'till-1', severity: 'critical', openedAt: T0 });
    });

    it('does not count the same statement made again as a change', async () => {
      const { findings } = await open();
      await findings.state([finding()]);
      const [{ revision } = { revision: 0 }] = await findings.changes(0, 10);
      await findings.state([finding({ at: T0 + 60_000, state: 'update' })]);
      expect(await findings.changes(revision, 10)).toEqual([]);
    });

    it('ignores a statement older than the one it keeps, as a replay after a restart makes', async () => {
      const { findings } = await open();
      await findings.state([finding()]);
      await findings.state([finding({ at: T0 + 60_000, state: 'cleared' })]);
      await findings.state([finding()]);
      expect(await findings.standing(ACME)).toEqual([]);
    });

    it('tells of clearing, keeps the past, and opens anew as another finding', async () => {
      const { findings } = await open();
      await findings.state([finding()]);
      await findings.state([finding({ at: T0 + 1000, state: 'cleared' })]);
      expect((await findings.changes(0, 10)).map((f) => f.state)).toEqual(['cleared']);
      await findings.state([finding({ at: T0 + 2000 })]);
      expect(await findings.standing(ACME)).toMatchObject([{ openedAt: T0 + 2000 }]);
      const history = await findings.history(ACME, 'till-1', 10);
      expect(history.map((f) => [f.state, f.openedAt])).toEqual([
        ['open', T0 + 2000],
        ['cleared', T0],
      ]);
    });

    it('takes several statements of one finding in one call, the last one winning', async () => {
      const { findings } = await open();
      await findings.state([finding(), finding({ at: T0 + 5, state: 'cleared' }), finding({ at: T0 + 9 })]);
      expect(await findings.standing(ACME)).toMatchObject([{ at: T0 + 9, openedAt: T0 + 9 }]);
    });

    it('finds wider findings by their members, and keeps tenants and sites apart', async () => {
      const { findings } = await open();
      await findings.state([
        finding({
          scope: 'site',
          subject: 'north',
          terminal: null,
          members: ['till-1', 'till-9'],
          component: 'network',
          mode: 'offline',
        }),
        finding({ subject: 'till-5', terminal: 'till-5', site: 'south' }),
        finding({ tenant: OTHER }),
      ]);
      expect((await findings.standing(ACME, { terminal: 'till-9' })).map((f) => f.subject)).toEqual(['north']);
      expect((await findings.standing(ACME, { site: ['south'] })).map((f) => f.subject)).toEqual(['till-5']);
      expect((await findings.standing(ACME, { site: [] })).map((f) => f.subject)).toEqual([]);
      expect(await findings.standing(OTHER)).toHaveLength(1);
    });
  });

  describe('claims', () => {
    it('keep what was said when a ticket was first asked for, and later only how it went', async () => {
      const { findings } = await open();
      await findings.state([finding({ severity: 'watch', probability: 0.2 })]);
      expect(await findings.claims(ACME, 0, T0 + 9e9)).toEqual([]);
      await findings.state([finding({ at: T0 + 1000, probability: 0.6 })]);
      await findings.state([finding({ at: T0 + 2000, state: 'update', probability: 0.9 })]);
      const [claim, ...others] = await findings.claims(ACME, 0, T0 + 9e9);
      expect(others).toEqual([]);
      expect(claim).toMatchObject({
        openedAt: T0,
        claimedAt: T0 + 1000,
        probability: 0.6,
        failedAt: null,
        endedAt: null,
      });

      const stopped = { severity: 'critical', probability: 1, horizonH: 0 } as const;
      await findings.state([finding({ at: T0 + 3000, state: 'update', ...stopped })]);
      await findings.state([finding({ at: T0 + 4000, state: 'update', ...stopped, failsAt: T0 + 4000 })]);
      await findings.state([finding({ at: T0 + 5000, state: 'cleared', probability: 0 })]);
      expect(await findings.claims(ACME, 0, T0 + 9e9)).toEqual([{ ...claim, failedAt: T0 + 3000, endedAt: T0 + 5000 }]);
    });

    it('are one a finding that opens anew, asked for by time, and kept apart by tenant', async () => {
      const { findings } = await open();
      await findings.state([finding(), finding({ tenant: OTHER })]);
      await findings.state([finding({ at: T0 + 1000, state: 'cleared' })]);
      await findings.state([finding({ at: T0 + 2000 })]);
      expect((await findings.claims(ACME, 0, T0 + 9e9)).map((c) => [c.claimedAt, c.endedAt])).toEqual([
        [T0, T0 + 1000],
        [T0 + 2000, null],
      ]);
      expect((await findings.claims(ACME, T0 + 1, T0 + 2001)).map((c) => c.claimedAt)).toEqual([T0 + 2000]);
      expect(await findings.claims(ACME, T0 + 1, T0 + 2000)).toEqual([]);
    });
  });

  describe('checkpoints', () => {
    it('cut short leave the last one, and the next is whole', async () => {
      const { checkpoints } = await open();
      const state = new Uint8Array(9_000_000).fill(1);
      await checkpoints.save({ worker: 'w', positions: { 0: 1 }, state: [state], at: T0 });
      const ends: readonly Uint8Array[] = [state];
      Object.defineProperty(ends, Symbol.iterator, {
        *value() {
          yield state.subarray(0, 6_000_000).fill(2);
          throw new RangeError('the process ends here');
        },
      });
      await expect(checkpoints.save({ worker: 'w', positions: { 0: 2 }, state: ends, at: T0 })).rejects.toThrow(
        RangeError,
      );
      const kept = await checkpoints.load('w');
      expect([kept!.positions, kept!.state.byteLength, new Set(kept!.state)]).toEqual([
        { 0: 1 },
        9_000_000,
        new Set([1]),
      ]);
      await checkpoints.save({ worker: 'w', positions: { 0: 3 }, state: [new Uint8Array(10).fill(3)], at: T0 });
      expect(await checkpoints.load('w')).toMatchObject({ positions: { 0: 3 }, state: new Uint8Array(10).fill(3) });
    });

    it('gives back the last state and its positions, large states included', async () => {
      const { checkpoints } = await open();
      expect(await checkpoints.load('w')).toBeUndefined();
      const state = new Uint8Array(9_000_000).map((_, i) => i % 251);
      await checkpoints.save({ worker: 'w', positions: { 0: 7, 3: 12 }, state: [state], at: T0 });
      await checkpoints.save({
        worker: 'w',
        positions: { 0: 8, 3: 12 },
        state: [state.subarray(0, 3), state.subarray(3, 4_999_990), state.subarray(4_999_990, 5_000_000)],
        at: T0 + 1,
      });
      const loaded = await checkpoints.load('w');
      expect(loaded).toMatchObject({ worker: 'w', positions: { 0: 8, 3: 12 }, at: T0 + 1 });
      expect(Buffer.compare(loaded!.state, state.subarray(0, 5_000_000))).toBe(0);
      expect(await checkpoints.load('other')).toBeUndefined();
    });
  });

  describe('opinions', () => {
    it('are read in the order they were given', async () => {
      const { opinions } = await open();
      const opinion = {
        tenant: ACME,
        terminal: 'till-1',
        component: 'printer',
        mode: null,
        at: T0,
        until: T0 + 1,
        by: 'ann',
        note: 'known',
        model: 'P1',
      } as const;
      await opinions.add({ ...opinion, kind: 'mute' });
      await opinions.add({ ...opinion, kind: 'wrong', mode: 'head_wear', until: null });
      const all = await opinions.after(0, 10);
      expect(all.map((o) => [o.kind, o.mode, o.until])).toEqual([
        ['mute', null, T0 + 1],
        ['wrong', 'head_wear', null],
      ]);
      expect(await opinions.after(all[0]!.id, 10)).toHaveLength(1);
      expect(await opinions.of(OTHER, 'till-1')).toEqual([]);
      expect((await opinions.judgements(ACME, T0)).map((o) => o.kind)).toEqual(['wrong']);
      expect(await opinions.judgements(ACME, T0 + 1)).toEqual([]);
      expect(await opinions.judgements(OTHER, 0)).toEqual([]);
    });
  });
}
