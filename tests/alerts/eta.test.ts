import { describe, expect, it } from 'vitest';
import { type EtaCase, etaAccuracy, learnEta, learnedEstimate } from '../../alerts/core/eta-model.ts';
import { DAY, HOUR, START, Walk } from './ticket-world.ts';

/** Deterministic normal numbers (Box–Muller over a small LCG), so that the truth is known. */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 1) / 4294967297;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

function cases(n: number, hours: number, over: Partial<EtaCase> = {}, sd = 0.3, seed = 1): EtaCase[] {
  const normal = normals(seed);
  return Array.from({ length: n }, () => ({
    complex: true,
    mode: 'printer.head_wear',
    cause: 'hardware',
    method: 'onsite',
    parts: false,
    region: 'east',
    provider: 'fixit',
    hours: hours * Math.exp(sd * normal()),
    ...over,
  }));
}

function decided(): Walk {
  return new Walk().take('start_diagnosis').take('diagnose').take({ type: 'decide', method: 'onsite' }).take('assign');
}

const hoursOf = (at: number): number => (at - START) / HOUR;

describe('the promise', () => {
  it("is the procedure's own until something has been learned", () => {
    const promise = learnedEstimate(undefined, new Walk().ticket, null, undefined, START)!;
    expect([hoursOf(promise.earliestAt), hoursOf(promise.latestAt)]).toEqual([72, 168]);
  });

  it('moves to what tickets like it really took, by method, parts and region', () => {
    const model = learnEta([
      ...cases(80, 20),
      ...cases(60, 60, { parts: true }, 0.3, 2),
      ...cases(60, 30, { region: 'north' }, 0.3, 3),
      ...cases(60, 5, { complex: false, mode: 'network.offline', cause: 'network', method: 'remote' }, 0.3, 4),
    ]);
    const { ticket } = decided();
    const plain = learnedEstimate(model, ticket, 'east', undefined, START)!;
    expect(hoursOf(plain.dueAt)).toBeGreaterThan(15);
    expect(hoursOf(plain.dueAt)).toBeLessThan(27);
    const withParts = learnedEstimate(
      model,
      decided().take({ type: 'order_part', part: 'head-58', quantity: 1 }).ticket,
      'east',
      undefined,
      START,
    )!;
    expect(hoursOf(withParts.dueAt)).toBeGreaterThan(45);
    expect(learnedEstimate(model, ticket, 'north', undefined, START)!.dueAt).toBeGreaterThan(plain.dueAt);
    expect(plain.reasons[0]).toMatch(/^\d+ tickets like it took \d+ h in the middle/);
  });

  it('holds the truth eight times in ten', () => {
    const model = learnEta(cases(300, 30, {}, 0.5, 5));
    const promise = learnedEstimate(model, decided().ticket, 'east', undefined, START)!;
    const fresh = cases(2_000, 30, {}, 0.5, 99).map((one) => one.hours);
    const held =
      fresh.filter((hours) => hours >= hoursOf(promise.earliestAt) && hours <= hoursOf(promise.latestAt)).length /
      fresh.length;
    expect(held).toBeGreaterThan(0.76);
    expect(held).toBeLessThan(0.84);
  });

  it('never lies in the past, and grows while the ticket takes longer than others did', () => {
    const model = learnEta(cases(100, 24));
    const { ticket } = decided();
    let before = 0;
    for (const days of [0, 1, 2, 5, 20]) {
      const now = START + days * DAY;
      const promise = learnedEstimate(model, ticket, 'east', undefined, now)!;
      expect(promise.dueAt).toBeGreaterThanOrEqual(now);
      expect(promise.latestAt).toBeGreaterThanOrEqual(promise.dueAt);
      expect(promise.dueAt).toBeGreaterThanOrEqual(before);
      before = promise.dueAt;
    }
  });

  it('waits for the parts on order and for the tickets before it', () => {
    const model = learnEta(cases(100, 10));
    const walk = decided().take({ type: 'order_part', part: 'head-58', quantity: 1, expectedAt: START + 6 * DAY });
    const promise = learnedEstimate(model, walk.ticket, 'east', { ahead: 14, perDay: 7 }, START)!;
    expect(promise.dueAt).toBeGreaterThan(START + 6 * DAY);
    expect(promise.reasons).toEqual(
      expect.arrayContaining(['parts on order: head-58', '14 tickets before it at its provider']),
    );
  });

  it('is held against the truth: share kept, share in the interval, middle error', () => {
    const walk = decided()
      .take('book')
      .wait(2 * DAY)
      .take('start_repair')
      .take('finish_repair')
      .take('finding_cleared', 'system')
      .take('self_test_result', 'system')
      .wait(DAY)
      .take('telemetry_healthy', 'system')
      .take('record_outcome')
      .take('sign_acceptance');
    const accuracy = etaAccuracy([walk.ticket]);
    // Promised 4.5 days (3–7), repaired after 3 with the acceptance test.
    expect(accuracy).toMatchObject({ tickets: 1, covered: 1, kept: 1, firstErrorH: 36 });
  });
});
