import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../dashboards/core/change-log.ts';
import { StreamHub } from '../../dashboards/edge/stream-hub.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { until } from '../support/until.ts';
import { TENANT } from './fleet.ts';

const change = (terminals: string[]): Change => ({ terminals, findings: [], tickets: [], sites: false });

describe('event streams', () => {
  const clock = new ManualClock();
  let hub: StreamHub;
  let server: Server;
  let url: string;
  beforeEach(async () => {
    hub = new StreamHub({ clock, maxClients: 2, run: 'r' });
    server = createServer((_request, response) => {
      try {
        hub.open(TENANT, null, null, response, {});
      } catch {
        response.writeHead(503).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    hub.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const open = () => new Promise<IncomingMessage>((resolve, reject) => get(url, resolve).on('error', reject));

  it('tell a reader that fell behind to fetch anew, and keep its queue bounded', async () => {
    const slow = await open();
    slow.pause();
    const many = Array.from({ length: 150 }, (_, i) => `terminal-with-a-rather-long-name-${i}`);
    // Far more than socket buffers and the queue together: without a bound this would all stay in memory.
    for (let i = 0; i < 4000; i++) hub.publish(TENANT, change(many));
    let text = '';
    slow.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    slow.resume();
    await until('the reset', () => {
      hub.beat(clock.now());
      return text.includes('event: reset');
    });
    expect(text.split('event: change').length).toBeLessThan(4000);
    hub.publish(TENANT, change(['after']));
    await until('what comes after', () => text.includes('"after"'));
    slow.destroy();
  });

  it('keep idle connections open with comments', async () => {
    const reader = await open();
    let text = '';
    reader.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    await clock.advance(60_000);
    hub.beat(clock.now());
    await until('a comment', () => text.includes(': beat'));
    reader.destroy();
  });

  it('are refused beyond the number allowed, and given back when closed', async () => {
    const [one, two] = [await open(), await open()];
    expect((await open()).statusCode).toBe(503);
    one.destroy();
    await until('the place to be free', () => hub.size === 1);
    expect((await open()).statusCode).toBe(200);
    two.destroy();
  });
});
