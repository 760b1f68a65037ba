import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import mqtt from 'mqtt';
import { CONSOLE_DIST } from '../../dashboards/console/build.ts';
import { FleetModel } from '../../dashboards/core/fleet-model.ts';
import { TerminalLister } from '../../dashboards/core/terminal-list.ts';
import { startBrowser } from '../support/browser.ts';
import { type Stand, startStand } from '../support/stand.ts';
import { type Bench, median, percentile, row } from './bench.ts';

const TERMINALS = 10_000;
const BIG = 100_000;

/** The console as a person meets it, at ten thousand terminals, in Debian's Chromium; and the read model alone at a hundred thousand. */
export const run: Bench = async ({ quick, say }) => {
  const rounds = quick ? 3 : 7;
  const stand = await startStand({ fleet: false });
  say(`announcing ${TERMINALS} terminals`);
  await announce(stand, TERMINALS);
  const browser = await startBrowser();
  const firstViews: number[] = [];
  const changes: number[] = [];
  const lives: number[] = [];
  let script = 0;
  try {
    for (let i = 0; i < rounds; i++) {
      // A first view is one with nothing cached: each round has a browser of its own.
      const fresh = i === 0 ? browser : await startBrowser();
      const page = await fresh.open('about:blank');
      const client = await page.context().newCDPSession(page);
      await client.send('Network.enable');
      let bytes = 0;
      const scripts = new Set<string>();
      client.on('Network.responseReceived', ({ requestId, type }) => type === 'Script' && scripts.add(requestId));
      client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
        if (scripts.has(requestId)) bytes += encodedDataLength;
      });
      const begun = performance.now();
      await page.goto(`${stand.url}/t/bench`);
      await page.getByRole('region', { name: 'Worst first' }).waitFor();
      firstViews.push(performance.now() - begun);
      await page.waitForLoadState('networkidle').catch(() => {});
      script = Math.max(script, bytes / 1000);
      for (const [name, heading] of [
        ['Terminals', 'Terminals'],
        ['Sites', 'Sites'],
        ['Tickets', 'Tickets'],
        ['Fleet', 'Fleet'],
      ] as const) {
        const from = performance.now();
        await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
        await page.getByRole('heading', { level: 1, name: heading }).waitFor();
        changes.push(performance.now() - from);
      }
      if (fresh !== browser) await fresh.close();
      say(`round ${i + 1} of ${rounds}: first view ${Math.round(firstViews.at(-1)!)} ms`);
    }
    lives.push(...(await measureLive(stand, browser, rounds)));
  } finally {
    await browser.close();
    await stand.stop();
  }
  const { list, order } = bigList(rounds);
  return {
    rows: [
      row('console.first_view_ms', median(firstViews), 'ms', 'lower', { bar: 1500 }),
      row('console.page_change_ms', percentile(changes, 95), 'ms', 'lower', { bar: 300 }),
      row('console.live_ms', percentile(lives, 95), 'ms', 'lower', { bar: 2000 }),
      row('console.script_kb', script, 'kB', 'lower', { bar: 300 }),
      row('console.list_100k_ms', list, 'ms', 'lower'),
      row('console.order_100k_ms', order, 'ms', 'lower'),
    ],
    notes: [
      `${TERMINALS} terminals; ${rounds} browsers with nothing cached; page changes and live updates: 95th percentile.`,
      'live: from publish() over MQTT to the value on the open page.',
      `script: all compressed script of the first view and what it fetches ahead; the built chunks together are ${builtKb()} kB (brotli).`,
      `list: filter and first page of ${BIG} terminals in their kept order; order: sorting them worst first.`,
    ],
  };
};

async function announce(stand: Stand, count: number): Promise<void> {
  const now = Date.now();
  for (let from = 0; from < count; from += 2000) {
    const lines: string[] = [];
    for (let i = from; i < Math.min(count, from + 2000); i++) {
      const topic = `pos/v1/bench/t${String(i).padStart(5, '0')}`;
      const birth = {
        ts: now,
        boot: 'b',
        seq: 0,
        serial: `S${i}`,
        model: `M${i % 7}`,
        firmware: `1.${i % 5}`,
        site: `s${i % 400}`,
      };
      const beat = {
        ts: now,
        boot: 'b',
        seq: 1,
        battery: { soc_pct: i % 100 },
        network: { rsrp_dbm: -80 - (i % 30) },
        printer: { state: 'ok' },
      };
      lines.push(JSON.stringify({ received_at: now, topic: `${topic}/birth`, payload: birth }));
      lines.push(JSON.stringify({ received_at: now, topic: `${topic}/heartbeat`, payload: beat }));
    }
    await fetch(`${stand.url}/api/v1/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: `${lines.join('\n')}\n`,
    });
  }
  for (;;) {
    const { health } = await stand.get<{ health: { total: number } }>('/api/v1/tenants/bench/fleet');
    if (health.total >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function measureLive(
  stand: Stand,
  browser: Awaited<ReturnType<typeof startBrowser>>,
  rounds: number,
): Promise<number[]> {
  const page = await browser.open(`${stand.url}/t/bench/terminals/t00042`);
  await page.getByText('Open tickets').first().waitFor();
  await page.waitForTimeout(1500);
  const client = await mqtt.connectAsync(stand.mqtt);
  const lives: number[] = [];
  for (let i = 0; i < rounds * 2; i++) {
    const value = 1000 + i * 7;
    const from = performance.now();
    await client.publishAsync(
      'pos/v1/bench/t00042/heartbeat',
      JSON.stringify({ ts: Date.now(), boot: 'live', seq: i, network: { rtt_ms: value } }),
      { qos: 1 },
    );
    await page
      .getByText(`${new Intl.NumberFormat('en-GB').format(value)} ms`)
      .first()
      .waitFor();
    lives.push(performance.now() - from);
  }
  await client.endAsync();
  return lives;
}

/** The list that answers a search over a hundred thousand terminals, without a server or a browser around it. */
function bigList(rounds: number): { list: number; order: number } {
  const now = Date.now();
  const fleet = new FleetModel();
  for (let i = 0; i < BIG; i++) {
    fleet.putTerminal({
      tenant: 'bench' as never,
      terminal: `t${String(i).padStart(6, '0')}`,
      lifecycle: 'active',
      site: `s${i % 4000}`,
      placed: false,
      serial: `S${i}`,
      vendor: 'V',
      model: `M${i % 12}`,
      firmware: `1.${i % 9}`,
      app: null,
      carrier: `c${i % 4}`,
      iccid: null,
      heartbeatS: 60,
      timezone: null,
      boughtOn: null,
      warrantyUntil: null,
      hardware: {},
      firstSeenAt: now,
      updatedAt: now,
    });
  }
  const lister = new TerminalLister(fleet, 60_000);
  const query = { sort: 'worst', descending: false, offset: 0, limit: 50 } as const;
  const orders: number[] = [];
  const lists: number[] = [];
  for (let i = 0; i < rounds; i++) {
    let from = performance.now();
    new TerminalLister(fleet, 0).list(query, now);
    orders.push(performance.now() - from);
    lister.list({ ...query, search: 'warm' }, now);
    from = performance.now();
    lister.list({ ...query, search: '4242', model: ['M2', 'M3'] }, now);
    lists.push(performance.now() - from);
  }
  return { list: median(lists), order: median(orders) };
}

function builtKb(): number {
  const folder = join(CONSOLE_DIST, 'assets');
  const sizes = readdirSync(folder).filter((file) => file.endsWith('.js.br'));
  return Math.round(
    sizes.reduce((sum, file) => sum + statSync(new URL(file, `${pathToFileURL(folder).href}/`)).size, 0) / 1000,
  );
}
