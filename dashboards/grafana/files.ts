import { BOARDS } from './boards/index.ts';
import { grafanaDashboards, grafanaDatasources, grafanaRules, prometheusRules } from './provisioning.ts';
import type { Language } from './query.ts';
import { render } from './render.ts';

export const LANGUAGES: readonly Language[] = ['prometheus', 'influx'];

export interface GrafanaFile {
  /** Within `dashboards/grafana/generated`. */
  readonly path: string;
  readonly text: string;
}

/** Every file that Grafana and Prometheus are given, made from the boards and the rules. */
export function grafanaFiles(): readonly GrafanaFile[] {
  return [
    { path: 'prometheus/rules.yml', text: prometheusRules() },
    ...LANGUAGES.flatMap((language) => [
      ...BOARDS.map((board) => ({
        path: `${language}/dashboards/${board.name}.json`,
        text: `${JSON.stringify(render(board, language), null, 2)}\n`,
      })),
      { path: `${language}/provisioning/alerting/tillwatch.yml`, text: grafanaRules(language) },
      { path: `${language}/provisioning/dashboards/tillwatch.yml`, text: grafanaDashboards() },
      { path: `${language}/provisioning/datasources/tillwatch.yml`, text: grafanaDatasources(language) },
    ]),
  ];
}
