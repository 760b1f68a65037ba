import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../app/system-clock.ts';
import { decodeReadings } from '../../contract/journal-codec.ts';
import { createSqliteJournal } from '../../store/journal/sqlite/journal.ts';
import { HeldClock } from '../support/held-clock.ts';
import { wireHeartbeat } from '../support/payloads.ts';
import { temporaryDir } from '../support/platform.ts';
import { until } from '../support/until.ts';
import { startWhole, type WholePlatform } from '../support/whole-platform.ts';

const HOUR = 3_600_000;
const TERMINALS = 6;
const SHARDS = 4;
interface Shown {
  readonly link: string;
  readonly freshness: string;
  readonly lastAt: number;
}

const JUMPS = [
  ['three hours ahead', 3 * HOUR],
  ['right again', 0],
  ['four hours behind', -4 * HOUR],
  ['right again', 0],
] as const;

/** The platform's own clock is set wrong and right again while terminals, whose clocks are right, go on talking. */
describe('the server’s clock jumps', () => {
  const clock = new HeldClock();
  const dir = temporaryDir('jump');
  const recovered: [string, number][] = [];
  const acknowledged = new Set<string>();
  let whole: WholePlatform;
  const devices: MqttClient[] = [];
  let stopped = false;
  let talking: Promise<unknown> = Promise.resolve();

  const at = (path: string): string => `/tenants/acme${path}`;
  const ask = (method: string, path: string, body?: unknown) =>
    whole.ask(method, path, { token: whole.admin, ...(body === undefined ? {} : { body }) });

  async function talk(device: MqttClient, terminal: string): Promise<void> {
    for (let seq = 1; !stopped; seq++) {
      const payload = wireHeartbeat(systemClock.now(), seq);
      await device.publishAsync(`pos/v1/acme/${terminal}/heartbeat`, payload, { qos: 1 });
      acknowledged.add(`${terminal}/${seq}`);
      await systemClock.sleep(50);
    }
  }
  const signIn = async (): Promise<string> => {
    const answer = await whole.platform.http.inject({
      method: 'POST',
      url: '/api/v1/session',
      headers: { host: 'localhost' },
      payload: { username: 'olga', password: 'a long enough sentence' },
    });
    expect(answer.statusCode).toBe(200);
    return String(answer.headers['set-cookie']).split(';', 1)[0] ?? '';
  };
  const signedIn = async (cookie: string): Promise<boolean> => {
    const answer = await whole.platform.http.inject({
      method: 'GET',
      url: '/api/v1/tenants/acme/sites',
      headers: { host: 'localhost', cookie },
    });
    return answer.statusCode === 200;
  };

  beforeAll(async () => {
    whole = await startWhole({ TILLWATCH_SHARDS: String(SHARDS), TILLWATCH_DATA_DIR: dir.path }, clock);
    const person = { username: 'olga', password: 'a long enough sentence', role: 'operations', tenants: ['acme'] };
    expect((await ask('POST', '/users', person)).status).toBe(201);
    for (let n = 0; n < TERMINALS; n++) {
      const made = await ask('POST', at('/devices'), { name: `T${n}` });
      const password = made.json().secret as string;
      devices.push(
        await connectAsync(whole.platform.mqttUrl, { username: `acme/T${n}`, password, reconnectPeriod: 0 }),
      );
    }
    talking = Promise.all(devices.map((device, n) => talk(device, `T${n}`)));
    await until('all of them to be there', async () => (await ask('GET', at('/terminals'))).json().total === TERMINALS);
    const report = await ask('POST', at('/reports'), { terminal: 'T0', symptom: 'does not print' });
    expect(report.status).toBeLessThan(300);
  });
  afterAll(async () => {
    stopped = true;
    await talking.catch(() => {});
    for (const device of devices) await device.endAsync(true);
    dir.remove();
  });

  for (const [name, ahead] of JUMPS) {
    it(`${name}: messages are taken, terminals are there, people can sign in, nobody is told of an outage`, async () => {
      const before = await signIn();
      const from = clock.ahead;
      const began = performance.now();
      const known = acknowledged.size;
      clock.ahead = ahead;
      await until('messages to be taken', () => acknowledged.size > known + 2 * TERMINALS, 30_000, 20);
      // Ahead: what terminals say seems hours old, and it takes a minute to know a slow clock from a backlog (ingest/core/device-clock.ts).
      const jumpedAt = clock.now();
      await until(
        'terminals to be there with what they say now',
        async () => {
          const { items } = (await ask('GET', at('/terminals'))).json() as { items: Shown[] };
          return items.every((one) => one.link === 'online' && one.freshness === 'fresh' && one.lastAt >= jumpedAt);
        },
        120_000,
        100,
      );
      await until(
        'all parts to be ready',
        async () => (await whole.platform.http.inject('/readyz')).statusCode === 200,
      );
      recovered.push([name, Number(((performance.now() - began) / 1000).toFixed(1))]);
      // A session ends where more than its time has passed, or where it would live longer than its time; a new one does not.
      const passed = clock.ahead - from;
      expect(await signedIn(before)).toBe(passed < HOUR && passed > -HOUR);
      expect(await signedIn(await signIn())).toBe(true);
      // Jobs and sweeps have had their turn.
      await systemClock.sleep(6_000);
      const tickets = (await ask('GET', at('/tickets'))).json().items as { kind: string; scope: string }[];
      expect(tickets.map(({ kind }) => kind)).toEqual(['fault']);
      expect((await ask('GET', at('/findings'))).json().items).toEqual([]);
    });
  }

  it('nothing acknowledged is lost, nothing is stored twice, and positions rise by one', async () => {
    stopped = true;
    await talking;
    await whole.stop();
    const journal = createSqliteJournal({ dir: join(dir.path, 'journal'), shards: SHARDS, budgetBytes: 2 ** 30 });
    await journal.start();
    const stored = new Map<string, number>();
    for (let shard = 0; shard < SHARDS; shard++) {
      for (let after = 0; ; ) {
        const entries = await journal.read(shard, after, 2 ** 20);
        if (entries.length === 0) break;
        for (const { position, bytes } of entries) {
          expect(position).toBe(after + 1);
          after = position;
          for (const { terminal, seq } of decodeReadings(bytes))
            stored.set(`${terminal}/${seq}`, (stored.get(`${terminal}/${seq}`) ?? 0) + 1);
        }
      }
    }
    await journal.stop();
    process.stdout.write(
      `  ${acknowledged.size} acknowledged; seconds until all was well: ${JSON.stringify(recovered)}\n`,
    );
    expect([...acknowledged].filter((key) => !stored.has(key))).toEqual([]);
    expect([...stored].filter(([, times]) => times > 1)).toEqual([]);
  });
});
