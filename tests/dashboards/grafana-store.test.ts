import { InfluxDB } from '@influxdata/influxdb-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { promql } from '../../dashboards/grafana/promql.ts';
import { prometheusCondition } from '../../dashboards/grafana/provisioning.ts';
import { RULES } from '../../dashboards/grafana/rules.ts';
import { asGrafanaRuns, filled, targetsOf } from '../support/grafana-panels.ts';
import { describeInflux } from '../support/influx.ts';
import { describeServer } from '../support/servers.ts';
import { type ToldStore, tellStore } from '../support/told-store.ts';

const HOUR = 3600;

describeServer('victoria-metrics', 'every query of the Grafana dashboards, in PromQL', (start) => {
  let told: ToldStore;
  let url = '';

  beforeAll(async () => {
    const server = await start({ args: ['-dedup.minScrapeInterval=1ms', '-search.latencyOffset=0s'] });
    url = server.url;
    told = await tellStore({ TILLWATCH_TELEMETRY_URL: `victoria:${url}` });
    await fetch(`${url}/internal/force_flush`);
  }, 120_000);
  afterAll(async () => {
    await told?.stop();
  });

  /** Rows of a query for the first of the terminals that has any: hardware differs, no terminal reports everything. */
  async function rows(text: string, instant: boolean): Promise<number> {
    for (const terminal of told.terminals) {
      const found = await rowsOf(text, instant, terminal);
      if (found > 0 || !text.includes('$terminal')) return found;
    }
    return 0;
  }

  async function rowsOf(text: string, instant: boolean, terminal: string): Promise<number> {
    const now = told.now / 1000;
    const query = filled(text, {
      tenant: told.tenant,
      site: told.site,
      terminal,
      __rate_interval: '20m',
      __interval: '5m',
    });
    const parameters: Record<string, string> = instant
      ? { query, time: String(now) }
      : { query, start: String(now - 6 * HOUR), end: String(now), step: '300' };
    const answer = await fetch(`${url}/api/v1/${instant ? 'query' : 'query_range'}`, {
      method: 'POST',
      body: new URLSearchParams({ ...parameters, nocache: '1' }),
    });
    const body = (await answer.json()) as { status: string; error?: string; data: { result: unknown[] } };
    expect(body.status, `${query}: ${body.error}`).toBe('success');
    return body.data.result.length;
  }

  it('returns rows from a store that a demonstration fleet has filled', async () => {
    const empty: string[] = [];
    for (const { board, panel, ref, text, instant } of targetsOf('prometheus')) {
      if ((await rows(text, instant)) === 0) empty.push(`${board} / ${panel} ${ref}: ${text}`);
    }
    expect(empty).toEqual([]);
  });

  it('offers the tenant, the sites and the terminals as variables', async () => {
    const labels = async (label: string, match: string) =>
      (
        (await (
          await fetch(`${url}/api/v1/label/${label}/values?match[]=${encodeURIComponent(match)}&start=0`)
        ).json()) as { data: string[] }
      ).data;
    expect(await labels('tenant', 'tillwatch_fleet_terminals')).toEqual([told.tenant]);
    expect(await labels('site', `tillwatch_terminal_info{tenant=~"${told.tenant}"}`)).toContain(told.site);
    expect(await labels('terminal', `tillwatch_terminal_info{site=~"${told.site}"}`)).toContain(told.terminals[0]);
  });

  it('has an answer to what each alert rule asks; those fire that what was done to it should fire', async () => {
    const unanswered: string[] = [];
    const firing: string[] = [];
    for (const rule of RULES) {
      if ((await rows(promql(rule.ask, 'rule'), true)) === 0) unanswered.push(rule.name);
      if ((await rows(prometheusCondition(rule), true)) > 0 && rule.group === 'platform') firing.push(rule.name);
    }
    expect(unanswered).toEqual([]);
    // A broken message was imported. How late the recording around it became readable is up to the machine, and what the fleet's own
    // rules say to the simulated fleet.
    expect(firing.filter((name) => name !== 'queryable-late')).toEqual(['rejecting']);
  });
});

describeInflux('every query of the Grafana dashboards, in Flux', (server) => {
  let told: ToldStore;
  beforeAll(async () => {
    const { url, token, org, bucket } = server();
    told = await tellStore({
      TILLWATCH_TELEMETRY_URL: `influx:${url}`,
      TILLWATCH_INFLUX_TOKEN: token,
      TILLWATCH_INFLUX_ORG: org,
      TILLWATCH_INFLUX_BUCKET: bucket,
    });
  }, 180_000);
  afterAll(async () => {
    await told?.stop();
  });

  it('returns rows from a store that a demonstration fleet has filled', async () => {
    const { url, token, org, bucket } = server();
    const api = new InfluxDB({ url, token }).getQueryApi(org);
    const empty: string[] = [];
    for (const { board, panel, ref, text } of targetsOf('influx')) {
      let rows = 0;
      for (const terminal of told.terminals) {
        const query = filled(text, { tenant: told.tenant, site: told.site, terminal });
        rows = (await api.collectRows(asGrafanaRuns(query, { bucket, from: told.now - 6 * HOUR * 1000, to: told.now })))
          .length;
        if (rows > 0) break;
      }
      if (rows === 0) empty.push(`${board} / ${panel} ${ref}: ${text}`);
    }
    expect(empty).toEqual([]);
  });
});
