import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { LevelSample } from '../../contract/ports/levels.ts';
import { createVictoriaLevels, expositionLine, protocolLine } from '../../store/telemetry/server/levels.ts';
import { describeServer } from '../support/servers.ts';
import { until } from '../support/until.ts';

const AT = Date.UTC(2026, 4, 1, 12);
const ODD: LevelSample = {
  name: 'tillwatch_tickets',
  labels: { tenant: 'acme', subject: 'a "b", c\\d e=f', site: '' },
  value: 2.5,
};

describe('a level as a line', () => {
  it('is escaped for either protocol, and an empty label is no label', () => {
    expect(expositionLine(ODD, AT)).toBe(`tillwatch_tickets{tenant="acme",subject="a \\"b\\", c\\\\d e=f"} 2.5 ${AT}`);
    expect(protocolLine(ODD, AT)).toBe(
      `tillwatch_tickets,tenant=acme,subject=a\\ "b"\\,\\ c_d\\ e\\=f value=2.5 ${AT}`,
    );
  });
});

describeServer('victoria-metrics', 'levels in VictoriaMetrics', (start) => {
  it('are found under their name, once however often they are written, and without what is not a number', async () => {
    const server = await start({ args: ['-dedup.minScrapeInterval=1ms', '-search.latencyOffset=0s'] });
    const sink = createVictoriaLevels({ url: server.url });
    const now = Date.now();
    for (let i = 0; i < 2; i++) await sink.write([ODD, { ...ODD, name: 'tillwatch_nothing', value: Number.NaN }], now);
    await fetch(`${server.url}/internal/force_flush`);
    const found = await until('the sample', async () => {
      const text = await (await fetch(`${server.url}/api/v1/export?match[]={__name__!=""}`)).text();
      return text.trim();
    });
    expect(JSON.parse(found)).toEqual({
      metric: { __name__: 'tillwatch_tickets', tenant: 'acme', subject: ODD.labels.subject },
      values: [2.5],
      timestamps: [now],
    });
    await sink.close();
  });
});

describe('a server that refuses or is away', () => {
  it('is told as an error that may pass, or as one that will not', async () => {
    const server = createServer((_, response) => response.writeHead(400).end('bad line'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(createVictoriaLevels({ url }).write([ODD], AT)).rejects.toMatchObject({
      code: 'telemetry.failed',
      retryable: false,
    });
    await new Promise((resolve) => server.close(resolve));
    await expect(createVictoriaLevels({ url }).write([ODD], AT)).rejects.toMatchObject({
      code: 'telemetry.unavailable',
      retryable: true,
    });
  });
});
