import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeReadings, encodeReadings } from '../../contract/journal-codec.ts';
import { createPipeline } from '../../ingest/core/pipeline.ts';
import { bytes, wireBirth, wireHeartbeat } from '../support/payloads.ts';

const NOW = Date.UTC(2026, 5, 1);
const PAYLOADS = 1_000_000;
const EACH = 200;

const heartbeat = {
  battery: { soc_pct: 50, voltage_mv: 7400, status: 'charging' },
  printer: { state: 'ok', head_ohm: 1203.5 },
  network: { bearer: 'lte', cell: '262-01-4711', rtt_ms: 81 },
  custom: { fan_rpm: 1200 },
};
const SEEDS: readonly (readonly [string, Buffer])[] = [
  ['heartbeat', wireHeartbeat(NOW, 7, heartbeat)],
  [
    'birth',
    wireBirth(NOW, 0, { network: { bearers: ['lte'], iccid: '8949020000123456789' }, imei: '490154203237518' }),
  ],
  [
    'counters',
    bytes({ ts: NOW, boot: 'b1', seq: 3, printer: { printed_mm_total: 9_000_000_000 }, txn: { ok_total: 5 } }),
  ],
  [
    'event',
    bytes({ ts: NOW, boot: 'b1', seq: 4, type: 'self_test', detail: { result: 'pass', checks: { a: 'pass' } } }),
  ],
  ['state', bytes({ boot: 'b1', online: false, reason: 'connection lost' })],
  ['result', bytes({ ts: NOW, boot: 'b1', seq: 5, id: 'c1', ok: true, data: [1, { a: null }], detail: 'Grüße' })],
  [
    'batch',
    bytes(
      `{"messages":[{"terminal":"T1","channel":"heartbeat","payload":${wireHeartbeat(NOW, 1, heartbeat)}},{"terminal":"T2","channel":"state","payload":{"boot":"b","online":true}}]}`,
    ),
  ],
];
const WORDS = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\\u0034',
  '1e999',
  '-',
  'null',
  '__proto__',
  '4111111111111111',
  '\0',
  '\ud800',
  '😀',
  '.5',
  'seq',
];

/** One damage to a payload, told by four bytes. */
function damaged(source: Buffer, [kind, where, which, value]: readonly [number, number, number, number]): Buffer {
  const at = Math.floor(((where * 256 + which) / 65_536) * source.length);
  switch (kind % 6) {
    case 0: {
      const copy = Buffer.from(source);
      if (copy.length > 0) copy[at] = value;
      return copy;
    }
    case 1:
      return source.subarray(0, at);
    case 2:
      return Buffer.concat([source.subarray(0, at), source.subarray(Math.min(source.length, at + 1 + (value % 8)))]);
    case 3:
      return Buffer.concat([source.subarray(0, at), Buffer.from(WORDS[value % WORDS.length]!), source.subarray(at)]);
    case 4:
      return Buffer.concat([source.subarray(0, at), source.subarray(Math.max(0, at - (value % 64)))]);
    default:
      return Buffer.concat([source.subarray(0, at), Buffer.from([value, which, where]), source.subarray(at)]);
  }
}

it('a million damaged payloads throw nothing, each ends one way, and what is taken can be read back', {
  timeout: 120_000,
}, () => {
  let taken = 0;
  let refused = 0;
  fc.assert(
    fc.property(fc.uint8Array({ minLength: EACH * 5, maxLength: EACH * 5 }), (dice) => {
      const pipeline = createPipeline();
      let [channel, payload] = SEEDS[dice[0]! % SEEDS.length]!;
      for (let i = 0; i < EACH; i++) {
        const [pick, a, b, c, d] = dice.subarray(i * 5, i * 5 + 5) as unknown as [
          number,
          number,
          number,
          number,
          number,
        ];
        // Damage adds up over a few steps, then begins with a sound payload again.
        if (pick < 100) [channel, payload] = SEEDS[pick % SEEDS.length]!;
        payload = damaged(payload, [a, b, c, d]);
        const out = pipeline.accept(`pos/v1/acme/T1/${channel}`, payload, NOW + i * 1000);
        const ends = out.readings.length + out.rejections.length + out.duplicates + out.stale;
        if (channel !== 'batch' && ends !== 1) throw new RangeError(`${ends} ends for ${payload.toString()}`);
        taken += out.readings.length;
        refused += out.rejections.length;
        if (out.readings.length > 0 && c < 32) {
          const back = decodeReadings(encodeReadings(out.readings));
          if (back.length !== out.readings.length) throw new RangeError('readings were lost on the way back');
          if (pick % 4 === 0) expect(back.map((r) => r.payload)).toEqual(out.readings.map((r) => r.payload));
        }
        for (const letter of out.rejections) {
          if (letter.reason === 'card_number' && /(?<!\d)4111111111111111(?!\d)/.test(letter.payload)) {
            throw new RangeError(`a card number is kept: ${letter.payload}`);
          }
        }
      }
    }),
    { numRuns: PAYLOADS / EACH, seed: 20_261_121 },
  );
  expect(taken).toBeGreaterThan(10_000);
  expect(refused).toBeGreaterThan(10_000);
});
