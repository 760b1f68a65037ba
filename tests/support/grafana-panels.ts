import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { BOARDS } from '../../dashboards/grafana/boards/index.ts';
import type { Language } from '../../dashboards/grafana/query.ts';
import { render } from '../../dashboards/grafana/render.ts';

export interface Target {
  readonly board: string;
  readonly panel: string;
  readonly ref: string;
  /** PromQL or Flux as Grafana would be given it, variables and all. */
  readonly text: string;
  readonly instant: boolean;
}

/** Panels of a dashboard, rows left out. */
export function panelsOf(board: Dashboard): Panel[] {
  return (board.panels ?? []).filter((panel): panel is Panel => panel.type !== 'row');
}

/** Every query of every panel of every dashboard. */
export function targetsOf(language: Language): Target[] {
  return BOARDS.flatMap((board) =>
    panelsOf(render(board, language)).flatMap((panel) =>
      (panel.targets ?? []).map((target) => {
        const { refId, expr, query, instant } = target as unknown as Record<string, unknown>;
        return {
          board: board.name,
          panel: String(panel.title),
          ref: String(refId),
          text: String(expr ?? query),
          instant: instant === true,
        };
      }),
    ),
  );
}

/** Puts in what Grafana puts in for variables: `$x`, `${x}` and `${x:regex}`. */
export function filled(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+)(?::regex)?\}|\$(\w+)/g, (whole, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    return variables[name] ?? whole;
  });
}

/** A Flux query with the `v` that Grafana defines before it: imports must come first. */
export function asGrafanaRuns(
  query: string,
  { bucket, from, to }: { readonly bucket: string; readonly from: number; readonly to: number },
): string {
  const lines = query.split('\n');
  const imports = lines.filter((line) => line.startsWith('import '));
  const at = (ms: number) => new Date(ms).toISOString();
  return [
    ...imports,
    `v = {defaultBucket: "${bucket}", timeRangeStart: ${at(from)}, timeRangeStop: ${at(to)}, windowPeriod: 5m}`,
    ...lines.filter((line) => !line.startsWith('import ')),
  ].join('\n');
}
