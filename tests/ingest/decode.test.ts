import { describe, expect, it } from 'vitest';
import { createPipeline } from '../../ingest/core/pipeline.ts';
import { bytes, wireHeartbeat } from '../support/payloads.ts';

const NOW = Date.UTC(2026, 5, 1);
const HEARTBEAT = 'pos/v1/acme/T1/heartbeat';

function rejectionOf(topic: string, payload: Buffer) {
  const { rejections, readings } = createPipeline().accept(topic, payload, NOW);
  expect(readings).toEqual([]);
  expect(rejections).toHaveLength(1);
  return rejections[0]!;
}

describe('what a payload may hold', () => {
  it.each<[string, string, unknown, string, string | null, string]>([
    [
      'a value out of range',
      HEARTBEAT,
      { ts: NOW, boot: 'b', seq: 1, battery: { soc_pct: 101 } },
      'out_of_range',
      'battery.soc_pct',
      'battery.soc_pct is 101: it must be between 0 and 100 %',
    ],
    [
      'a wrong type',
      HEARTBEAT,
      { ts: NOW, boot: 'b', seq: 1, battery: { soc_pct: '50' } },
      'wrong_type',
      'battery.soc_pct',
      'battery.soc_pct is "50": it must be a number',
    ],
    [
      'a group that is null',
      HEARTBEAT,
      { ts: NOW, boot: 'b', seq: 1, battery: null },
      'wrong_type',
      'battery',
      'battery is null: it must be an object',
    ],
    [
      'an unknown word',
      HEARTBEAT,
      { ts: NOW, boot: 'b', seq: 1, printer: { state: 'fine' } },
      'unknown_word',
      'printer.state',
      'it must be one of ok, busy',
    ],
    [
      'no seq',
      HEARTBEAT,
      { ts: NOW, boot: 'b' },
      'missing_field',
      'seq',
      'seq is missing: every heartbeat must carry it',
    ],
    [
      'a fraction for ts',
      HEARTBEAT,
      { ts: 1.5, boot: 'b', seq: 1 },
      'wrong_type',
      'ts',
      'ts is 1.5: it must be an integer',
    ],
    [
      'a number that is not finite',
      HEARTBEAT,
      '{"ts":1,"boot":"b","seq":1,"custom":{"x":1e999}}',
      'wrong_type',
      'custom.x',
      'custom.x is Infinity',
    ],
    [
      'too many custom gauges',
      HEARTBEAT,
      { ts: NOW, boot: 'b', seq: 1, custom: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`g${i}`, i])) },
      'out_of_range',
      'custom',
      'custom is an object',
    ],
    ['an array', HEARTBEAT, [], 'not_object', null, 'one JSON object'],
    ['half an object', HEARTBEAT, '{"ts":1', 'not_json', null, 'not JSON'],
    ['nothing', HEARTBEAT, '', 'not_json', null, 'not JSON'],
    [
      'a birth without a site',
      'pos/v1/acme/T1/birth',
      { ts: NOW, boot: 'b', seq: 1, serial: 's', model: 'm', firmware: 'f' },
      'missing_field',
      'site',
      'site is missing',
    ],
    [
      'a detail without end',
      'pos/v1/acme/T1/event',
      `{"ts":1,"boot":"b","seq":1,"type":"fault","detail":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}`,
      'too_deep',
      'detail',
      'nests more than 8',
    ],
    [
      'a detail with thousands of values',
      'pos/v1/acme/T1/event',
      { ts: 1, boot: 'b', seq: 1, type: 'fault', detail: { a: new Array(2000).fill(0) } },
      'too_many_values',
      'detail',
      'more than 1024',
    ],
    ['more than 64 KiB', HEARTBEAT, `{"a":"${'x'.repeat(70_000)}"}`, 'too_large', null, 'at most 65536'],
    ['a topic of somebody else', 'weather/berlin', {}, 'bad_topic', null, 'pos/v1/'],
    ['a command from below', 'pos/v1/acme/T1/command', {}, 'bad_topic', null, 'pos/v1/'],
  ])('refuses %s, with the field and the fix', (_what, topic, payload, reason, field, detail) => {
    const rejection = rejectionOf(topic, bytes(payload));
    expect(rejection).toMatchObject({ reason, field });
    expect(rejection.detail).toContain(detail);
  });

  it('refuses bytes that are no UTF-8', () => {
    const payload = Buffer.concat([
      Buffer.from('{"ts":1,"boot":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('","seq":1}'),
    ]);
    expect(rejectionOf(HEARTBEAT, payload)).toMatchObject({ reason: 'not_utf8', replayable: false });
  });

  it('leaves out what it does not know, also keys that every object has', () => {
    const payload = bytes(
      `{"ts":${NOW},"boot":"b","seq":1,"__proto__":{"x":1},"constructor":{"prototype":1},"future":[[1]],"toString":1,"battery":{"soc_pct":5,"aura":1,"__proto__":2},"custom":{"ok":1,"not ok":2,"__proto__":3}}`,
    );
    const [reading] = createPipeline().accept(HEARTBEAT, payload, NOW).readings;
    expect(reading?.payload).toEqual({ ts: NOW, boot: 'b', seq: 1, battery: { soc_pct: 5 }, custom: { ok: 1 } });
    expect(Object.keys(reading?.payload ?? {})).toEqual(['ts', 'boot', 'seq', 'battery', 'custom']);
  });

  it('lets a will come without ts and seq', () => {
    const pipeline = createPipeline();
    pipeline.accept('pos/v1/acme/T1/state', bytes({ ts: NOW, boot: 'b', seq: 0, online: true }), NOW);
    const out = pipeline.accept('pos/v1/acme/T1/state', bytes({ boot: 'b', online: false }), NOW + 500);
    expect(out.readings).toMatchObject([{ channel: 'state', ts: NOW + 500, seq: -1 }]);
  });
});

describe('card numbers', () => {
  const VISA = '4111111111111111';
  it.each([
    ['in a known field', { network: { cell: VISA } }, 'network.cell'],
    ['in a field nobody knows', { memo: { deep: [`x ${VISA} y`] } }, 'memo.deep.0'],
    ['as a key', { custom: {}, [VISA]: 1 }, '*'.repeat(16)],
    ['Mastercard of the 2-series', { note: '2223003122003222' }, 'note'],
    ['American Express', { note: '378282246310005' }, 'note'],
    ['UnionPay of 19 digits', { note: '6205500000000000004' }, 'note'],
    ['under iccid, where it is none', { network: { iccid: VISA } }, 'network.iccid'],
  ])('are refused %s and masked in what is kept', (_where, more, field) => {
    const rejection = rejectionOf(HEARTBEAT, wireHeartbeat(NOW, 1, more));
    expect(rejection).toMatchObject({ reason: 'card_number', field, replayable: false });
    expect(rejection.payload).not.toMatch(/\d{14,}/);
    expect(rejection.detail).not.toMatch(/\d{13,}/);
  });

  it('are seen through escapes', () => {
    const escaped = [...VISA].map((d) => `\\u003${d}`).join('');
    const rejection = rejectionOf(HEARTBEAT, bytes(`{"ts":1,"boot":"b","seq":1,"note":"${escaped}"}`));
    expect(rejection.reason).toBe('card_number');
    expect(rejection.payload).toContain('*'.repeat(16));
    expect(rejection.payload).not.toContain('\\u003');
  });

  it.each([
    ['an iccid', { network: { iccid: '89490200001234567890' } }],
    ['an IMEI that passes Luhn', { imei: '490154203237518' }],
    ['a number that is no string', { network: { buffered: 0 }, big: 4111111111111111 }],
    ['a run that fails Luhn', { note: '4111111111111112' }],
    ['a run that no scheme begins with', { note: '1111111111111117' }],
    ['a longer run', { note: `${VISA}00000` }],
  ])('are not mistaken: %s', (_what, more) => {
    expect(createPipeline().accept(HEARTBEAT, wireHeartbeat(NOW, 1, more), NOW).readings).toHaveLength(1);
  });
});

describe("a gateway's array", () => {
  const TOPIC = 'pos/v1/acme/gw-1/batch';
  const entry = (terminal: unknown, payload: unknown, channel: unknown = 'heartbeat') => ({
    terminal,
    channel,
    payload,
  });
  const good = (seq: number) => ({ ts: NOW, boot: 'b', seq });

  it('handles each entry as if it had come by itself', () => {
    const messages = [
      entry('T1', good(1)),
      entry('T 2', good(1)),
      entry('T3', good(1), 'batch'),
      entry('T4', { ...good(1), battery: { soc_pct: -1 } }),
      entry('T5', 'text'),
      entry('T6', undefined),
      null,
      entry('T1', good(1)),
      entry('T7', { ...good(1), network: { cell: 'Zürich' } }),
    ];
    const out = createPipeline().accept(TOPIC, bytes({ messages }), NOW);
    expect(out.readings.map((r) => [r.terminal, r.raw.toString()])).toEqual([
      ['T1', bytes(good(1)).toString()],
      ['T7', bytes(messages[8]!.payload).toString()],
    ]);
    expect(out.duplicates).toBe(1);
    expect(out.rejections.map((r) => [r.terminal, r.reason, r.topic.split('/').at(-1)])).toEqual([
      ['gw-1', 'bad_batch', 'batch'],
      ['T3', 'bad_batch', 'batch'],
      ['T4', 'out_of_range', 'heartbeat'],
      ['T5', 'not_object', 'heartbeat'],
      ['T6', 'bad_batch', 'heartbeat'],
      ['gw-1', 'bad_batch', 'batch'],
    ]);
  });

  it('keeps the bytes of each payload as they came, blanks, order and escapes alike', () => {
    const raw = '{ "seq" : 1 ,\n"boot":"b\\u0041","ts":1780272000000, "x":[{"payload":"}]"}] }';
    const array = `{"v":[1,{"messages":2}],"messages" : [ {"channel":"heartbeat","note":{"payload":0}, "payload":${raw} ,"terminal":"T1"} ] }`;
    const [reading] = createPipeline().accept(TOPIC, bytes(array), NOW).readings;
    expect(reading?.raw.toString()).toBe(raw);
  });

  it('writes a payload anew where its own bytes cannot be told apart', () => {
    const array = `{"messages":[{"terminal":"T1","channel":"heartbeat","pay\\u006coad":{"ts":${NOW},"boot":"b","seq":3}}]}`;
    const [reading] = createPipeline().accept(TOPIC, bytes(array), NOW).readings;
    expect(reading?.raw.toString()).toBe(JSON.stringify(good(3)));
  });

  it.each([
    ['no array', { messages: {} }, 'bad_batch'],
    ['too many entries', { messages: new Array(9000).fill(0) }, 'bad_batch'],
    ['no JSON', '{"messages":[', 'not_json'],
    ['more than 1 MiB', `{"messages":["${'x'.repeat(1_100_000)}"]}`, 'too_large'],
  ])('is refused whole only where it cannot be read: %s', (_what, payload, reason) => {
    expect(rejectionOf(TOPIC, bytes(payload)).reason).toBe(reason);
  });

  it('finds a card number in one entry and takes its neighbours', () => {
    const messages = [entry('T1', good(1)), entry('T2', { ...good(1), x: '4111111111111111' }), entry('T3', good(1))];
    const out = createPipeline().accept(TOPIC, bytes({ messages }), NOW);
    expect(out.readings.map((r) => r.terminal)).toEqual(['T1', 'T3']);
    expect(out.rejections).toMatchObject([{ terminal: 'T2', reason: 'card_number' }]);
  });
});
