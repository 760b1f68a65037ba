import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, expect, it } from 'vitest';
import type { SimMessage } from '../../firmware-sim/core/terminal.ts';
import { Importer } from '../../firmware-sim/edge/importer.ts';

const bodies: string[] = [];
let refusal = 0;
const server = createServer((request, response) => {
  void text(request).then((body) => {
    bodies.push(body);
    response.writeHead(refusal || 200).end(refusal ? 'no room' : '{}');
  });
});
await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

afterEach(() => {
  bodies.length = 0;
  refusal = 0;
});

afterAll(() => {
  server.close();
});

const message = (at: number, payload: string | Uint8Array): SimMessage => ({
  kind: 'message',
  terminal: 0,
  channel: 'heartbeat',
  topic: 'pos/v1/demo/T-1/heartbeat',
  receivedAt: at,
  payload,
});

it('tells every message in order, a line each: text of any script, longer than a chunk, ropes of pieces', async () => {
  const importer = new Importer({ url });
  let rope = '{"seq":';
  for (const piece of ['7', ',"app":"', 'Kasse Süd 店', '"}']) rope += piece;
  const told = [...Array(3000).keys()].map((n) => message(n, `{"seq":${n},"note":"${'é€'.repeat(60)}"}`));
  told.splice(1500, 0, message(9000.4, `{"note":"${'x'.repeat(700_000)}"}`), message(9001, rope));
  for (const one of told) await importer.add(one);
  await importer.drained();
  expect(bodies).toHaveLength(1);
  const lines = bodies[0]!.split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    told.map(({ receivedAt, topic, payload }) => ({
      received_at: Math.round(receivedAt),
      topic,
      payload: JSON.parse(payload as string) as unknown,
    })),
  );
});

it('asks nothing of the platform where nothing was told, and leaves payloads out that are no text', async () => {
  const importer = new Importer({ url });
  await importer.add(message(1, new Uint8Array([0xff])));
  await importer.drained();
  expect(bodies).toEqual([]);
});

it('says what the platform answered where it refuses', async () => {
  refusal = 507;
  const importer = new Importer({ url });
  await importer.add(message(1, '{}'));
  await expect(importer.drained()).rejects.toMatchObject({
    code: 'simulator.import_refused',
    message: expect.stringContaining('507 no room'),
  });
});
