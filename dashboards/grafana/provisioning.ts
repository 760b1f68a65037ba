import { stringify } from 'yaml';
import { flux } from './flux.ts';
import { promql } from './promql.ts';
import { DEFAULT_SPAN, type Language, variable } from './query.ts';
import { alertName, RULES, type Rule } from './rules.ts';

const GROUPS = ['platform', 'fleet'] as const;
export const DATASOURCE_UID = { prometheus: 'tillwatch-metrics', influx: 'tillwatch-influx' } as const;
/** Where the dashboards' JSON is expected in Grafana's container. */
export const DASHBOARD_PATH = '/var/lib/grafana/dashboards';

/** A Prometheus rule file, which vmalert takes too: https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ */
export function prometheusRules(): string {
  return stringify(
    {
      groups: GROUPS.map((group) => ({
        name: `tillwatch-${group}`,
        interval: '1m',
        rules: RULES.filter((rule) => rule.group === group).map((rule) => ({
          alert: alertName(rule),
          expr: prometheusCondition(rule),
          ...(rule.holds === '0s' ? {} : { for: rule.holds }),
          labels: { severity: rule.severity },
          annotations: { summary: rule.summary, runbook: runbookOf(rule) },
        })),
      })),
    },
    { lineWidth: 0 },
  );
}

/** The whole condition of a rule as PromQL. */
export function prometheusCondition(rule: Rule): string {
  const asked = promql(rule.ask, 'rule');
  if (rule.when === 'gone') return `absent(${asked})`;
  return 'above' in rule.when ? `${asked} > ${rule.when.above}` : `${asked} < ${rule.when.below}`;
}

/** Where a rule's runbook is, from the root of the project. */
export function runbookOf(rule: Rule): string {
  return `docs/runbooks/${rule.name}.md`;
}

/** Alert rules as a provisioning file: https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/ */
export function grafanaRules(language: Language): string {
  const groups = grafanaRuleGroups(language, DATASOURCE_UID[language]).map(({ name, rules }) => ({
    orgId: 1,
    name,
    folder: 'Tillwatch',
    interval: '1m',
    rules,
  }));
  return stringify({ apiVersion: 1, groups }, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Alert rules by group, asking the datasource of that uid. */
export function grafanaRuleGroups(
  language: Language,
  datasourceUid: string,
): readonly { readonly name: string; readonly rules: readonly Record<string, unknown>[] }[] {
  return GROUPS.map((group) => ({
    name: `tillwatch-${group}`,
    rules: RULES.filter((rule) => rule.group === group).map((rule) => grafanaRule(rule, language, datasourceUid)),
  }));
}

function grafanaRule(rule: Rule, language: Language, datasourceUid: string): Record<string, unknown> {
  const asked =
    language === 'prometheus'
      ? { expr: promql(rule.ask, 'rule'), instant: true, range: false }
      : { query: flux(rule.ask, 'rule') };
  const threshold =
    rule.when === 'gone'
      ? // With an answer there is nothing wrong; without one the state for no data alerts.
        { type: 'lt', params: [0] }
      : 'above' in rule.when
        ? { type: 'gt', params: [rule.when.above] }
        : { type: 'lt', params: [rule.when.below] };
  return {
    uid: `tillwatch-${rule.name}`,
    title: alertName(rule),
    condition: 'C',
    data: [
      {
        refId: 'A',
        datasourceUid,
        relativeTimeRange: { from: secondsOf(rule.ask.span ?? DEFAULT_SPAN), to: 0 },
        model: { refId: 'A', ...asked },
      },
      expression('B', { type: 'reduce', expression: 'A', reducer: 'last' }),
      expression('C', { type: 'threshold', expression: 'B', conditions: [{ evaluator: threshold }] }),
    ],
    noDataState: rule.when === 'gone' ? 'Alerting' : 'OK',
    execErrState: 'Error',
    for: rule.holds,
    labels: { severity: rule.severity },
    annotations: { summary: rule.summary.replace('$value ', '$values.B.Value '), runbook: runbookOf(rule) },
  };
}

function expression(refId: string, model: Record<string, unknown>): Record<string, unknown> {
  return { refId, datasourceUid: '__expr__', model: { refId, ...model } };
}

function secondsOf(span: string): number {
  return Number(span.slice(0, -1)) * { s: 1, m: 60, h: 3600 }[span.at(-1) as 's' | 'm' | 'h'];
}

/** Datasources as a provisioning file; addresses and secrets come from Grafana's own environment. */
export function grafanaDatasources(language: Language): string {
  const common = { uid: DATASOURCE_UID[language], access: 'proxy', isDefault: true, editable: false };
  const datasource =
    language === 'prometheus'
      ? {
          name: 'Tillwatch metrics',
          type: 'prometheus',
          url: variable('TILLWATCH_GRAFANA_METRICS_URL'),
          ...common,
          // Heartbeats come every minute: the least span that a rate looks over is made from it.
          jsonData: { timeInterval: '60s', httpMethod: 'POST' },
        }
      : {
          name: 'Tillwatch InfluxDB',
          type: 'influxdb',
          url: variable('TILLWATCH_GRAFANA_INFLUX_URL'),
          ...common,
          jsonData: {
            version: 'Flux',
            organization: variable('TILLWATCH_INFLUX_ORG'),
            defaultBucket: variable('TILLWATCH_INFLUX_BUCKET'),
            timeInterval: '60s',
          },
          secureJsonData: { token: variable('TILLWATCH_GRAFANA_INFLUX_TOKEN') },
        };
  return stringify({ apiVersion: 1, datasources: [datasource] }, { lineWidth: 0 });
}

/** Where Grafana finds the dashboards. */
export function grafanaDashboards(): string {
  return stringify({
    apiVersion: 1,
    providers: [
      {
        name: 'tillwatch',
        folder: 'Tillwatch',
        type: 'file',
        disableDeletion: true,
        allowUiUpdates: false,
        options: { path: DASHBOARD_PATH },
      },
    ],
  });
}
