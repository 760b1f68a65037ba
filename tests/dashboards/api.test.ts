import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACME, faultOf, type Stand, startStand } from '../support/stand.ts';
import { until } from '../support/until.ts';

interface Row {
  terminal: string;
  health: string;
  site: string;
  openTickets: number;
  batteryPct: number | null;
}
interface List {
  items: Row[];
  total: number;
  next?: string;
}

describe('the API that people look through', () => {
  let stand: Stand;
  const acme = <T>(path: string) => stand.get<T>(`/api/v1/tenants/acme/${path}`);
  beforeAll(async () => {
    stand = await startStand({ fleet: true });
  });
  afterAll(() => stand.stop());

  it('lists tenants with the size and state of their fleets', async () => {
    expect(await stand.get('/api/v1/tenants')).toEqual({
      items: [
        { tenant: 'acme', terminals: 12, critical: 1, warning: 1 },
        { tenant: 'other', terminals: 1, critical: 0, warning: 0 },
      ],
    });
  });

  it('shows the fleet worst first, with what will fail and where', async () => {
    const fleet = await acme<{ worst: Row[]; willFail: { items: Row[] }; groups: { site: { key: string }[] } }>(
      'fleet',
    );
    expect(fleet.worst.map((row) => [row.terminal, row.health])).toEqual([
      ['till-03', 'critical'],
      ['till-05', 'warning'],
      ['till-08', 'watch'],
    ]);
    expect(fleet.willFail.items.map((row) => row.terminal)).toEqual(['till-03', 'till-05']);
    expect(fleet.groups.site[0]?.key).toBe('shop-0');
  });

  it('pages through a list without repeating or skipping', async () => {
    const seen: string[] = [];
    let offset: string | undefined = '0';
    while (offset !== undefined) {
      const page: List = await acme<List>(`terminals?sort=terminal&limit=5&offset=${offset}`);
      expect(page.total).toBe(12);
      seen.push(...page.items.map((row) => row.terminal));
      offset = page.next;
    }
    expect(seen).toEqual(Array.from({ length: 12 }, (_, i) => `till-${String(i).padStart(2, '0')}`));
  });

  it('filters and searches; open tickets are counted on the rows', async () => {
    const open = await acme<List>('terminals?tickets=open');
    expect(open.items.map((row) => [row.terminal, row.openTickets])).toEqual([
      ['till-03', 1],
      ['till-05', 1],
    ]);
    expect((await acme<List>('terminals?search=sn-1007')).items.map((row) => row.terminal)).toEqual(['till-07']);
    expect((await acme<List>('terminals?site=shop-1&model=Orsa%20M3')).items.map((row) => row.terminal)).toEqual([
      'till-01',
      'till-07',
    ]);
  });

  it('refuses a filter word that it does not know, naming those it does', async () => {
    const answer = await fetch(`${stand.url}/api/v1/tenants/acme/terminals?health=sick`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'api.bad_filter', detail: expect.stringContaining('critical') });
  });

  it('exports the list as CSV, whole and safe to open', async () => {
    const text = await (await fetch(`${stand.url}/api/v1/tenants/acme/terminals.csv?sort=terminal`)).text();
    const lines = text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(13);
    expect(lines[0]).toContain('terminal,site,siteName,model');
    expect(lines[4]).toContain('till-03,shop-0');
  });

  it("shows a terminal's facts, latest values with units, findings with evidence, and tickets", async () => {
    const page = await acme<{
      facts: { serial: string };
      latest: { values: { metric: string; value: number; unit: string }[] };
      findings: { mode: string; evidence: { why: string }[] }[];
      tickets: { id: string; severity: string }[];
    }>('terminals/till-03');
    expect(page.facts.serial).toBe('SN-1003');
    expect(page.latest.values).toContainEqual({ metric: 'network.rsrp_dbm', value: -91, unit: 'dBm' });
    expect(page.findings).toMatchObject([{ mode: 'head_wear', evidence: [{ why: expect.stringContaining('10 %') }] }]);
    expect(page.findings[0]!.evidence[0]).toMatchObject({ unit: 'Ohm', threshold: 692, direction: 'above', slope: 30 });
    expect(page.tickets).toMatchObject([{ severity: 'critical' }]);
  });

  it('answers series in buckets that fit the points asked for', async () => {
    const answer = await acme<{ stepMs: number; series: { metric: string; unit: string; times: number[] }[] }>(
      `terminals/till-03/series?metrics=printer.head_ohm,network.rsrp_dbm&from=${Date.now() - 48 * 3_600_000}&points=50`,
    );
    expect(answer.stepMs).toBe(3_600_000);
    expect(answer.series.map((one) => [one.metric, one.unit])).toEqual([
      ['printer.head_ohm', 'Ohm'],
      ['network.rsrp_dbm', 'dBm'],
    ]);
    expect(answer.series[0]!.times.length).toBeGreaterThan(40);
    expect(answer.series[0]!.times.length).toBeLessThanOrEqual(50);
  });

  it('says 404 for what is not there, and 400 for a metric that does not exist', async () => {
    for (const [path, status] of [
      ['terminals/nobody', 404],
      ['sites/nowhere', 404],
      ['terminals/till-01/series?metrics=battery.colour', 400],
    ] as const) {
      expect([path, (await fetch(`${stand.url}/api/v1/tenants/acme/${path}`)).status]).toEqual([path, status]);
    }
  });

  it('tells events and sites', async () => {
    expect(await acme('terminals/till-03/events')).toMatchObject({
      items: [{ type: 'paper_loaded', component: 'printer' }],
    });
    const sites = await acme<{ items: { site: string; openTickets: number }[]; total: number }>('sites');
    expect(sites.items.map((site) => [site.site, site.openTickets])).toEqual([
      ['shop-0', 1],
      ['shop-2', 1],
      ['shop-1', 0],
    ]);
    expect(await acme('sites/shop-0')).toMatchObject({
      terminals: expect.arrayContaining([expect.objectContaining({ terminal: 'till-03' })]),
    });
  });

  it("keeps tenants apart: another's terminal is not there", async () => {
    expect((await fetch(`${stand.url}/api/v1/tenants/other/terminals/till-03`)).status).toBe(404);
    expect((await stand.get<List>('/api/v1/tenants/other/terminals')).items.map((row) => row.terminal)).toEqual([
      'solo',
    ]);
  });

  it('streams what moved, live values of the terminal watched, and what was missed', async () => {
    const first = openStream(`${stand.url}/api/v1/tenants/acme/stream?terminal=till-01`);
    await until('the stream to say hello', () => first.events.some((event) => event.name === 'hello'));
    const client = await mqtt.connectAsync(stand.mqtt);
    await client.publishAsync(
      'pos/v1/acme/till-01/heartbeat',
      JSON.stringify({ ts: Date.now(), boot: 'b2', seq: 0, battery: { soc_pct: 33 } }),
      { qos: 1 },
    );
    const latest = await until('the value to come', () => first.events.find((event) => event.name === 'latest'));
    expect(latest.data).toMatchObject({ terminal: 'till-01', values: { 'battery.soc_pct': 33 } });

    await stand.findings.state([
      faultOf(ACME, 'till-09', Date.now(), { severity: 'watch', component: 'reader', mode: 'tap_fault' }),
    ]);
    const change = await until('the finding to come', () =>
      first.events.find((event) => event.name === 'change' && (event.data.findings as string[]).length > 0),
    );
    expect(change.data.terminals).toContain('till-09');
    first.close();

    await stand.findings.state([
      faultOf(ACME, 'till-10', Date.now(), { severity: 'watch', component: 'reader', mode: 'tap_fault' }),
    ]);
    await until('the model to have it', async () => (await acme<List>('terminals?component=reader')).total === 2);
    const second = openStream(`${stand.url}/api/v1/tenants/acme/stream`, change.id);
    const missed = await until('what was missed', () => second.events.find((event) => event.name === 'change'));
    expect(missed.data.terminals).toContain('till-10');
    second.close();

    const third = openStream(`${stand.url}/api/v1/tenants/acme/stream`, 'another-run-5');
    await until('to be told to fetch anew', () => third.events.some((event) => event.name === 'reset'));
    third.close();
    await client.endAsync();
  });
});

interface Told {
  name: string;
  id: string;
  data: Record<string, unknown>;
}

function openStream(url: string, lastId?: string): { events: Told[]; close(): void } {
  const events: Told[] = [];
  const abort = new AbortController();
  void (async () => {
    const answer = await fetch(url, { signal: abort.signal, headers: lastId ? { 'last-event-id': lastId } : {} });
    let rest = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = new Map(
          block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        );
        if (fields.has('event')) {
          events.push({
            name: fields.get('event')!,
            id: fields.get('id') ?? '',
            data: JSON.parse(fields.get('data') ?? '{}') as Record<string, unknown>,
          });
        }
      }
    }
  })().catch(() => {});
  return { events, close: () => abort.abort() };
}
