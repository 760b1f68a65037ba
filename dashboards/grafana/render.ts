import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import type { Board, Limits, PanelSpec } from './board.ts';
import { flux } from './flux.ts';
import { promql } from './promql.ts';
import { type Language, labelsOf, type Query, variable } from './query.ts';
import { variablesOf } from './variables.ts';

const COLUMNS = 24;
const DATASOURCE = { prometheus: 'prometheus', influx: 'influxdb' } as const;

/** A dashboard's uid: one a language, so that both sets can live in one Grafana. */
export function uidOf(name: string, language: Language): string {
  return `tillwatch-${name}${language === 'influx' ? '-influx' : ''}`;
}

/** A board as Grafana's dashboard JSON, asked in the words of its datasource. */
export function render(board: Board, language: Language): dashboard.Dashboard {
  const source = { type: DATASOURCE[language], uid: variable('datasource') };
  const builder = new dashboard.DashboardBuilder(board.title)
    .uid(uidOf(board.name, language))
    .description(board.describe)
    .tags(['tillwatch', language])
    .timezone('browser')
    .time({ from: board.from, to: 'now' })
    .refresh('1m')
    .readonly()
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .link(
      new dashboard.DashboardLinkBuilder('Tillwatch')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags(['tillwatch', language])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    );
  for (const variable of variablesOf(board, language)) builder.withVariable(variable);
  let id = 0;
  let y = 0;
  for (const section of board.sections) {
    builder.withRow(new dashboard.RowBuilder(section.title).id(++id).gridPos({ h: 1, w: COLUMNS, x: 0, y }));
    y++;
    let x = 0;
    let height = 0;
    for (const spec of section.panels) {
      if (x + spec.width > COLUMNS) {
        y += height;
        x = 0;
        height = 0;
      }
      const panel = panelOf(spec, language)
        .id(++id)
        .title(spec.title)
        .description(spec.describe)
        .datasource(source)
        .gridPos({ h: spec.height, w: spec.width, x, y });
      spec.queries.forEach(({ ask, name }, i) => {
        panel.withTarget(targetOf(spec, ask, name, refOf(i), language));
      });
      builder.withPanel(panel);
      x += spec.width;
      height = Math.max(height, spec.height);
    }
    y += height;
  }
  return builder.build();
}

type PanelBuilder = stat.PanelBuilder | timeseries.PanelBuilder | bargauge.PanelBuilder | table.PanelBuilder;

function panelOf(spec: PanelSpec, language: Language): PanelBuilder {
  const panel = plain(spec);
  panel.unit(spec.unit).thresholds(thresholdsOf(spec.limits)).noValue('no data');
  if (spec.decimals !== undefined) panel.decimals(spec.decimals);
  if (spec.max !== undefined) panel.min(0).max(spec.max);
  if (spec.step) panel.interval(spec.step);
  if (spec.words) panel.mappings([wordsOf(spec.words)]);
  if (spec.kind === 'table') return panel;
  const labels = labelsOf(spec.queries[0]!.ask);
  if (spec.queries.every(({ name }) => name === undefined) && labels.length > 0)
    panel.displayName(labels.map((label) => `\${__field.labels.${label}}`).join(' '));
  spec.queries.forEach(({ name }, i) => {
    if (name === undefined) return;
    panel.withOverride({
      matcher: { id: 'byFrameRefID', options: refOf(i) },
      properties: [{ id: 'displayName', value: name }],
    });
  });
  const link = linkOf(labels, language);
  if (link) panel.dataLinks([link]);
  return panel;
}

function plain(spec: PanelSpec): PanelBuilder {
  const last = new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']);
  switch (spec.kind) {
    case 'stat':
      return new stat.PanelBuilder()
        .reduceOptions(last)
        .colorMode(spec.limits || spec.words ? common.BigValueColorMode.Value : common.BigValueColorMode.None)
        .graphMode(common.BigValueGraphMode.None);
    case 'bars':
      return new bargauge.PanelBuilder()
        .reduceOptions(last)
        .orientation(common.VizOrientation.Horizontal)
        .displayMode(common.BarGaugeDisplayMode.Basic)
        .min(0);
    case 'table':
      return new table.PanelBuilder().transformations(tableTransformations(spec)).filterable(true);
    case 'series':
    case 'stack': {
      const panel = new timeseries.PanelBuilder()
        .lineWidth(1)
        .fillOpacity(spec.kind === 'stack' ? 40 : 5)
        .showPoints(common.VisibilityMode.Never)
        .spanNulls(900_000)
        .legend(
          new common.VizLegendOptionsBuilder()
            .displayMode(common.LegendDisplayMode.List)
            .placement(common.LegendPlacement.Bottom)
            .showLegend(true),
        )
        .tooltip(
          new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
        );
      if (spec.kind === 'stack') panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal));
      if (spec.limits)
        panel.thresholdsStyle(
          new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed),
        );
      return panel;
    }
  }
}

function thresholdsOf(limits: Limits | undefined): dashboard.ThresholdsConfigBuilder {
  const steps = !limits
    ? [{ value: null, color: 'blue' }]
    : limits.falling
      ? [
          { value: null, color: 'red' },
          { value: limits.critical, color: 'orange' },
          { value: limits.warning, color: 'green' },
        ]
      : [
          { value: null, color: 'green' },
          { value: limits.warning, color: 'orange' },
          { value: limits.critical, color: 'red' },
        ];
  return new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps(steps);
}

function wordsOf(words: NonNullable<PanelSpec['words']>): dashboard.ValueMapping {
  return {
    type: dashboard.MappingType.ValueToText,
    options: Object.fromEntries(words.map(({ value, text, color }, index) => [String(value), { text, color, index }])),
  };
}

/** One language answers with `Value`, the other with `_value`; columns beside the asked labels are left out. */
function tableTransformations(spec: PanelSpec): dashboard.DataTransformerConfig[] {
  const labels = labelsOf(spec.queries[0]!.ask);
  const { value = 'Value', ...heads } = spec.columns ?? {};
  return [
    { id: 'merge', options: {} },
    { id: 'filterFieldsByName', options: { include: { names: [...labels, 'Value', '_value'] } } },
    {
      id: 'organize',
      options: {
        excludeByName: {},
        indexByName: Object.fromEntries([...labels, 'Value', '_value'].map((name, i) => [name, i])),
        renameByName: { ...heads, Value: value, _value: value },
      },
    },
  ];
}

/** What names a terminal or a site leads to its dashboard, with the dashboard's span and tenant. */
function linkOf(labels: readonly string[], language: Language): dashboard.DashboardLinkBuilder | undefined {
  const name = labels.includes('terminal') ? 'terminal' : labels.includes('site') ? 'site' : undefined;
  if (!name) return undefined;
  const value = `\${__field.labels.${name}}`;
  return new dashboard.DashboardLinkBuilder(`Open the ${name}`)
    .type(dashboard.DashboardLinkType.Link)
    .url(`/d/${uidOf(name, language)}?var-tenant=\${tenant}&var-${name}=${value}&\${__url_time_range}`);
}

function targetOf(
  spec: PanelSpec,
  query: Query,
  name: string | undefined,
  ref: string,
  language: Language,
): Builder<Dataquery> {
  const shape = spec.kind === 'series' || spec.kind === 'stack' ? 'series' : 'now';
  if (language === 'influx') {
    const text = flux(query, shape);
    // As a table the groups are rows of one frame.
    return raw(ref, spec.kind === 'table' ? `${text}\n  |> group()` : text);
  }
  const target = new prometheus.DataqueryBuilder()
    .refId(ref)
    .expr(promql(query, shape))
    .legendFormat(name ?? '__auto')
    .editorMode(prometheus.QueryEditorMode.Code);
  if (shape === 'series') return target.range();
  return target
    .instant()
    .format(spec.kind === 'table' ? prometheus.PromQueryFormat.Table : prometheus.PromQueryFormat.TimeSeries);
}

/** The SDK has no builder for InfluxDB: what one would make. */
function raw(refId: string, query: string): Builder<Dataquery> {
  const target = { refId, query, _implementsDataqueryVariant: () => {}, dataqueryType: () => 'influxdb' };
  return { build: () => target as unknown as Dataquery };
}

function refOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}
