import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fluxLanguage from '@influxdata/flux-lsp-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { METRICS, metricOf } from '../../contract/metrics.ts';
import { BOARDS } from '../../dashboards/grafana/boards/index.ts';
import { grafanaFiles, LANGUAGES } from '../../dashboards/grafana/files.ts';
import { flux } from '../../dashboards/grafana/flux.ts';
import { LIMITS, unitOf } from '../../dashboards/grafana/limits.ts';
import { promql } from '../../dashboards/grafana/promql.ts';
import { prometheusRules, runbookOf } from '../../dashboards/grafana/provisioning.ts';
import { counter, gauge } from '../../dashboards/grafana/query.ts';
import { render, uidOf } from '../../dashboards/grafana/render.ts';
import { alertName, RULES } from '../../dashboards/grafana/rules.ts';
import { asGrafanaRuns, filled, panelsOf, targetsOf } from '../support/grafana-panels.ts';
import { binaryOf, describeServer } from '../support/servers.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const CHOSEN = { tenant: 'acme', site: 'S1', terminal: 'T-1', datasource: 'x' };
const SPAN = { bucket: 'b', from: Date.UTC(2026, 4, 1), to: Date.UTC(2026, 4, 2) };

describe('one question in two languages', () => {
  it('is the mean of each terminal in a step, then the median of each carrier', () => {
    const query = {
      source: gauge('network.rsrp_dbm'),
      scope: 'tenant',
      over: 'mean',
      fact: 'carrier',
      across: { how: 'p50', by: ['carrier'] },
    } as const;
    expect(promql(query, 'series')).toBe(
      'quantile by (carrier) (0.5, (avg_over_time(tw_hb_network_rsrp_dbm{tenant="$tenant"}[$__rate_interval]))' +
        ' * on (tenant, terminal) group_left (carrier)' +
        ' (topk by (tenant, terminal) (1, last_over_time(tillwatch_terminal_info{tenant="$tenant"}[10m])) > bool 0))',
    );
    expect(flux(query, 'series')).toMatchInlineSnapshot(`
      "import "date"
      import "join"
      facts = from(bucket: v.defaultBucket)
        |> range(start: date.sub(d: 10m, from: v.timeRangeStop), stop: v.timeRangeStop)
        |> filter(fn: (r) => r._measurement == "tillwatch_terminal_info" and r.tenant == "\${tenant}" and exists r.carrier)
        |> group(columns: ["tenant", "terminal"])
        |> max()
        |> keep(columns: ["tenant", "terminal", "carrier"])
        |> group()
      data = from(bucket: v.defaultBucket)
        |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
        |> filter(fn: (r) => r._measurement == "tw_hb" and r._field == "network_rsrp_dbm" and r.tenant == "\${tenant}")
        |> aggregateWindow(every: v.windowPeriod, fn: mean, createEmpty: false)
        |> group()
      join.inner(
        left: data,
        right: facts,
        on: (l, r) => l.tenant == r.tenant and l.terminal == r.terminal,
        as: (l, r) => ({l with carrier: r.carrier}),
      )
        |> group(columns: ["carrier", "_time"])
        |> quantile(q: 0.5, method: "exact_mean")
        |> group(columns: ["carrier"])
        |> sort(columns: ["_time"])"
    `);
  });

  it('is the growth of a counter within a day, the ten that grew most', () => {
    const query = {
      source: counter('printer.retries_total'),
      scope: 'tenant',
      over: 'increase',
      span: '24h',
      across: { how: 'sum', by: ['terminal'] },
      most: { count: 10 },
    } as const;
    expect(promql(query, 'now')).toBe(
      'topk(10, sum by (terminal) (increase(tw_ct_printer_retries_total{tenant="$tenant"}[24h])))',
    );
    expect(flux(query, 'now')).toMatchInlineSnapshot(`
      "import "date"
      from(bucket: v.defaultBucket)
        |> range(start: date.sub(d: 24h, from: v.timeRangeStop), stop: v.timeRangeStop)
        |> filter(fn: (r) => r._measurement == "tw_ct" and r._field == "printer_retries_total" and r.tenant == "\${tenant}")
        |> difference(nonNegative: true)
        |> sum()
        |> group(columns: ["terminal"])
        |> sum()
        |> group()
        |> top(n: 10)
        |> group(columns: ["terminal"])"
    `);
  });
});

describe('Flux, by the language’s own parser and type checker', () => {
  it('knows every function, argument and column type of every panel', () => {
    const wrong = targetsOf('influx')
      .map(({ board, panel, text }) => ({ board, panel, text: asGrafanaRuns(filled(text, CHOSEN), SPAN) }))
      .filter(({ text }) => !fluxLanguage.is_valid_flux(text));
    expect(wrong).toEqual([]);
  });

  it('knows those of every alert rule and variable', () => {
    const rules = RULES.map((rule) => flux(rule.ask, 'rule'));
    const variables = BOARDS.flatMap((board) => render(board, 'influx').templating?.list ?? [])
      .filter(({ type }) => type === 'query')
      .map(({ query }) => String(query));
    const wrong = [...rules, ...variables]
      .map((text) => asGrafanaRuns(filled(text, CHOSEN), SPAN))
      .filter((text) => !fluxLanguage.is_valid_flux(text));
    expect(variables.length).toBeGreaterThan(10);
    expect(wrong).toEqual([]);
  });

  it('would not pass a misspelt function', () => {
    const text = asGrafanaRuns('from(bucket: v.defaultBucket) |> rnage(start: v.timeRangeStart)', SPAN);
    expect(fluxLanguage.is_valid_flux(text)).toBe(false);
  });
});

describe.each(LANGUAGES)('the dashboards for %s', (language) => {
  const boards = BOARDS.map((board) => render(board, language));

  it('have panels that neither overlap nor stick out', () => {
    for (const board of boards) {
      const taken = new Map<string, string>();
      for (const panel of board.panels ?? []) {
        const { x, y, w, h } = panel.gridPos!;
        const name = `${board.title} / ${panel.title}`;
        expect(x + w, name).toBeLessThanOrEqual(24);
        for (let i = x; i < x + w; i++) {
          for (let j = y; j < y + h; j++) {
            expect(taken.get(`${i},${j}`), `${name} lies on it`).toBeUndefined();
            taken.set(`${i},${j}`, name);
          }
        }
      }
    }
  });

  it('give every panel an id of its own, a title, what it means, a unit and a datasource', () => {
    for (const board of boards) {
      const panels = panelsOf(board);
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      for (const panel of panels) {
        const name = `${board.title} / ${panel.title}`;
        expect(panel.title, name).toBeTruthy();
        expect(panel.description?.length, name).toBeGreaterThan(10);
        expect(panel.fieldConfig?.defaults.unit, name).toBeTruthy();
        expect(panel.datasource?.uid, name).toBe(`\${${'datasource'}}`);
        expect(panel.targets?.length, name).toBeGreaterThan(0);
      }
    }
  });

  it('ask only for variables that they have', () => {
    for (const board of boards) {
      const has = (board.templating?.list ?? []).map(({ name }) => name);
      const asked = panelsOf(board).flatMap((panel) =>
        (panel.targets ?? []).flatMap((target) => {
          const { expr, query } = target as unknown as Record<string, unknown>;
          return [...String(expr ?? query).matchAll(/\$\{?([a-z]\w*)/g)].map((match) => match[1]!);
        }),
      );
      expect(has).toContain('datasource');
      expect(asked.filter((name) => !has.includes(name))).toEqual([]);
    }
  });

  it('lead from each to all others, and from a terminal or a site to its own dashboard', () => {
    const uids = boards.map(({ uid }) => uid);
    for (const board of boards) {
      expect(board.tags).toEqual(['tillwatch', language]);
      expect(board.links?.[0]).toMatchObject({ type: 'dashboards', tags: ['tillwatch', language], includeVars: true });
      for (const panel of panelsOf(board)) {
        for (const link of panel.fieldConfig?.defaults.links ?? []) {
          expect(uids).toContain(/^\/d\/([^?]+)/.exec((link as { url: string }).url)?.[1]);
        }
      }
    }
    expect(JSON.stringify(boards)).toContain(`/d/${uidOf('terminal', language)}?var-tenant`);
  });

  it('keep uids within the 40 characters that Grafana takes', () => {
    for (const { uid } of boards) expect(uid).toMatch(/^[a-z-]{1,40}$/);
  });
});

describe('units and limits', () => {
  it('come from the catalogue: every unit has its Grafana name, every limit lies within its metric’s range', () => {
    for (const { key, unit } of METRICS) if (unit !== '') expect(unitOf(key), key).not.toBe('short');
    for (const [key, limits] of Object.entries(LIMITS)) {
      const metric = metricOf(key)!;
      for (const limit of [limits.warning, limits.critical]) {
        expect(limit, key).toBeGreaterThanOrEqual(metric.min);
        expect(limit, key).toBeLessThanOrEqual(metric.max);
      }
      const falling = 'falling' in limits;
      expect(falling ? limits.critical < limits.warning : limits.critical > limits.warning, key).toBe(true);
    }
  });
});

describeServer('promtool', 'alert rules', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tillwatch-rules-'));
  const promtool = (...args: string[]) => execFileSync(binaryOf('promtool')!, args, { encoding: 'utf8', cwd: dir });
  beforeAll(() => writeFileSync(join(dir, 'rules.yml'), prometheusRules()));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('are taken by promtool', () => {
    expect(promtool('check', 'rules', 'rules.yml')).toContain(`SUCCESS: ${RULES.length} rules found`);
  });

  it('fire when what they watch goes wrong for long enough, and name it', () => {
    const alert = (alertname: string, eval_time: string, exp_alerts: object[]) => ({
      alertname,
      eval_time,
      exp_alerts,
    });
    const expected = (rule: string, labels: Record<string, string>, summary: string) => ({
      exp_labels: { severity: RULES.find(({ name }) => name === rule)!.severity, ...labels },
      exp_annotations: { summary, runbook: `docs/runbooks/${rule}.md` },
    });
    const fleet = (condition: string, values: string) => ({
      series: `tillwatch_fleet_terminals{tenant="acme", grouping="site", member="s1", condition="${condition}"}`,
      values,
    });
    const behind = 'The reader telemetry is 9000 batches behind the journal.';
    writeFileSync(
      join(dir, 'tests.yml'),
      stringify({
        rule_files: ['rules.yml'],
        evaluation_interval: '1m',
        tests: [
          {
            interval: '1m',
            input_series: [
              { series: 'tillwatch_ready{instance="w1"}', values: '1x10 0x30' },
              { series: 'tillwatch_journal_lag_batches{consumer="telemetry", shard="0"}', values: '0x5 9000x35' },
              { series: 'tillwatch_journal_lag_batches{consumer="analytics", shard="0"}', values: '0x40' },
              { series: 'tillwatch_disk_free_bytes{instance="w1"}', values: '50x40' },
              { series: 'tillwatch_disk_size_bytes{instance="w1"}', values: '100x40' },
              fleet('silent', '0x5 5x35'),
              fleet('healthy', '5x5 0x35'),
            ],
            alert_rule_test: [
              alert('TillwatchNotReady', '12m', []),
              alert('TillwatchNotReady', '20m', [
                expected('not-ready', { instance: 'w1' }, 'w1 cannot do its work: see its /readyz.'),
              ]),
              alert('TillwatchReaderBehind', '10m', []),
              alert('TillwatchReaderBehind', '20m', [expected('reader-behind', { consumer: 'telemetry' }, behind)]),
              alert('TillwatchSiteSilent', '20m', [
                expected('site-silent', { tenant: 'acme', member: 's1' }, 'Nothing is heard from the site s1 of acme.'),
              ]),
              alert('TillwatchDiskLow', '30m', []),
              alert('TillwatchGone', '30m', []),
            ],
          },
          {
            interval: '1m',
            input_series: [{ series: 'tillwatch_ready{instance="w1"}', values: '1x5 _x30' }],
            alert_rule_test: [
              alert('TillwatchGone', '10m', []),
              alert('TillwatchGone', '30m', [
                expected('gone', {}, 'No Tillwatch process has said anything for ten minutes.'),
              ]),
            ],
          },
        ],
      }),
    );
    expect(promtool('test', 'rules', 'tests.yml')).toContain('SUCCESS');
  });
});

describe('alert rules', () => {
  it('are the same in each of Grafana’s provisioning files, with the datasource that is provisioned beside them', () => {
    const files = new Map(grafanaFiles().map(({ path, text }) => [path, text]));
    for (const language of LANGUAGES) {
      const alerting = parse(files.get(`${language}/provisioning/alerting/tillwatch.yml`)!) as {
        groups: { rules: { uid: string; title: string; data: { datasourceUid: string }[] }[] }[];
      };
      const { datasources } = parse(files.get(`${language}/provisioning/datasources/tillwatch.yml`)!) as {
        datasources: { uid: string }[];
      };
      const rules = alerting.groups.flatMap((group) => group.rules);
      expect(rules.map(({ title }) => title).sort()).toEqual(RULES.map(alertName).sort());
      expect(new Set(rules.map(({ data }) => data[0]!.datasourceUid))).toEqual(new Set([datasources[0]!.uid]));
      for (const { uid } of rules) expect(uid.length).toBeLessThanOrEqual(40);
    }
  });

  it('each have a runbook that says what it means and what to do, and no runbook is without its rule', () => {
    const written = readdirSync(join(root, 'docs/runbooks')).filter((file) => file !== 'README.md');
    expect(written.sort()).toEqual(RULES.map(({ name }) => `${name}.md`).sort());
    for (const rule of RULES) {
      const text = readFileSync(join(root, runbookOf(rule)), 'utf8');
      expect(text, rule.name).toContain(`# ${alertName(rule)}`);
      for (const part of ['## What it means', '## Look first', '## Mend']) expect(text, rule.name).toContain(part);
    }
  });
});
