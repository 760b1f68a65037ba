import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { LEVELS } from '../core/level-names.ts';
import type { Board } from './board.ts';
import { variable as grafanaVariable, type Language } from './query.ts';

type Variable = Builder<dashboard.VariableModel>;
const SOURCE = { prometheus: 'prometheus', influx: 'influxdb' } as const;

/** A dashboard's variables: datasource, tenant, and the sites and terminals that it lets one choose. */
export function variablesOf(board: Board, language: Language): Variable[] {
  const variables: Variable[] = [
    new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type(SOURCE[language]),
  ];
  if (board.tenantless) return variables;
  variables.push(asking('tenant', 'Tenant', language, { label: 'tenant', level: LEVELS.terminals, where: {} }));
  for (const choice of board.choose) {
    const many = choice.endsWith('s');
    const name = many ? choice.slice(0, -1) : choice;
    const under: Record<string, string> = { tenant: 'tenant' };
    if (name === 'terminal' && board.choose.some((one) => one.startsWith('site'))) under.site = 'site';
    const variable = asking(name, name === 'site' ? 'Site' : 'Terminal', language, {
      label: name,
      level: LEVELS.info,
      where: under,
    });
    if (many) {
      variable.multi(true).includeAll(true);
      // Of a site that is chosen, "all" must mean its own terminals: they are listed. Of a whole fleet it means no filter.
      if (!board.choose.includes('site')) variable.allValue('.+');
    }
    variables.push(variable);
  }
  return variables;
}

function asking(
  name: string,
  title: string,
  language: Language,
  of: { readonly label: string; readonly level: string; readonly where: Readonly<Record<string, string>> },
): dashboard.QueryVariableBuilder {
  return new dashboard.QueryVariableBuilder(name)
    .label(title)
    .datasource({ type: SOURCE[language], uid: grafanaVariable('datasource') })
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.NaturalAsc)
    .query(language === 'prometheus' ? labelValues(of) : tagValues(of));
}

function labelValues({ label, level, where }: Parameters<typeof asking>[3]): string {
  const matchers = Object.entries(where).map(([key, variable]) => `${key}=~"$${variable}"`);
  return `label_values(${level}{${matchers.join(', ')}}, ${label})`;
}

/** https://docs.influxdata.com/flux/v0/stdlib/influxdata/influxdb/schema/tagvalues/ */
function tagValues({ label, level, where }: Parameters<typeof asking>[3]): string {
  const conditions = [
    `r._measurement == "${level}"`,
    ...Object.entries(where).map(([key, variable]) => `r.${key} =~ /^${grafanaVariable(variable, 'regex')}$/`),
  ];
  return [
    'import "influxdata/influxdb/schema"',
    `schema.tagValues(bucket: v.defaultBucket, tag: "${label}", predicate: (r) => ${conditions.join(' and ')}, start: v.timeRangeStart, stop: v.timeRangeStop)`,
  ].join('\n');
}
