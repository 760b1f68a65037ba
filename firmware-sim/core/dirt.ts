import type { Random } from './random.ts';
import type { SimMessage } from './terminal.ts';

/** Ways in which a message may break the contract, or only look odd. */
const KINDS = [
  'truncated',
  'wrong_type',
  'out_of_range',
  'card_number',
  'bad_utf8',
  'bad_topic',
  'missing_envelope',
  'unknown_field',
  'twice',
  'array',
] as const;

/** Spoils a message; answers what goes out in its place (the message twice, for one kind). `unknown_field` and `twice` stay valid. */
export function spoil(message: SimMessage, random: Random): SimMessage[] {
  const text = String(message.payload);
  const kind = random.pick(KINDS);
  const as = (payload: string | Uint8Array, topic = message.topic): SimMessage[] => [
    { ...message, topic, payload, spoiled: true },
  ];
  switch (kind) {
    case 'truncated':
      return as(text.slice(0, Math.max(1, Math.floor(text.length * random.range(0.2, 0.95)))));
    case 'wrong_type':
      return as(text.replace(/"ts":\d+/, '"ts":"yesterday"'));
    case 'out_of_range':
      return as(text.replace(/"seq":\d+/, `"seq":-${1 + random.int(9)}`));
    case 'card_number':
      // A published test number of a card scheme, never a real one.
      return as(text.replace(/\}$/, ',"note":"card 4111111111111111 declined"}'));
    case 'bad_utf8': {
      const bytes = new TextEncoder().encode(text);
      bytes[Math.floor(bytes.length / 2)] = 0xff;
      return as(bytes);
    }
    case 'bad_topic':
      return as(text, message.topic.replace(/\/[a-z]+$/, '/telemetry'));
    case 'missing_envelope':
      return as(text.replace(/"boot":"[^"]*",/, ''));
    case 'unknown_field':
      return as(text.replace(/\}$/, ',"vendor_x":{"lamp":3}}'));
    case 'twice':
      return [message, { ...message, receivedAt: message.receivedAt + 1 + random.int(4000) }];
    case 'array':
      return as(`[${text}]`);
  }
}
