import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { metricOf } from '../../../../contract/metrics.ts';
import type { EventView, FindingView } from '../api/types.ts';
import { locale } from '../i18n/index.ts';
import { measured, metricName, number, shortMoment, unitOf } from '../lib/format.ts';
import { useFaultName } from './finding.tsx';

export interface PlotProps {
  readonly metric: string;
  /** ms UTC, rising. */
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
  readonly from: number;
  readonly to: number;
  /** Findings to draw: a shade from their opening on, and the forecast where there is one. */
  readonly findings: readonly FindingView[];
  readonly events: readonly EventView[];
  /** Counters are drawn as bars of their increase. */
  readonly bars: boolean;
}

const HEIGHT = 170;

/** One metric over time with findings, events and the forecast drawn on it. Its numbers are told to those who cannot see it. */
export function Plot(props: PlotProps) {
  const { metric, times, values, from, to } = props;
  const { t, i18n } = useTranslation();
  const faultName = useFaultName();
  const scheme = useComputedColorScheme('light');
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const drawn = useRef(props);
  drawn.current = props;
  const horizon = horizonOf(props);
  // A new plot is only made when its look changes; new data is put into the one that stands, so that nothing flickers.
  const look = [metric, scheme, i18n.language, props.bars].join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: `look` stands for all that the plot is made of
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const text = colour('--muted');
    const grid = scheme === 'dark' ? '#ffffff14' : '#00000012';
    const line = scheme === 'dark' ? '#4fc3cf' : '#0b7285';
    const options: uPlot.Options = {
      width: Math.max(200, element.clientWidth),
      height: HEIGHT,
      legend: { show: false },
      cursor: { sync: { key: 'terminal' }, y: false, points: { size: 6 } },
      scales: { x: { time: true }, y: { range: (_u, min, max) => rangeOf(min, max, limitsOf(drawn.current)) } },
      axes: [
        {
          stroke: text,
          grid: { stroke: grid },
          ticks: { stroke: grid },
          values: (_u, splits) => splits.map((s) => tickOf(s, drawn.current)),
        },
        {
          stroke: text,
          grid: { stroke: grid },
          ticks: { stroke: grid },
          size: 58,
          values: (_u, splits, _axis, _space, step) => splits.map((v) => axisNumber(v, step)),
        },
      ],
      series: [
        {},
        {
          label: metricName(metric),
          stroke: line,
          width: 1.5,
          spanGaps: false,
          points: { show: false },
          ...(props.bars && uPlot.paths.bars
            ? { paths: uPlot.paths.bars({ size: [0.8, 24] }), fill: `${line}88`, width: 0 }
            : {}),
        },
      ],
      plugins: [markings(drawn, colour, faultName, t), readout(drawn)],
    };
    const made = new uPlot(options, dataOf(drawn.current), element);
    plot.current = made;
    const resize = new ResizeObserver(() =>
      made.setSize({ width: Math.max(200, element.clientWidth), height: HEIGHT }),
    );
    resize.observe(element);
    return () => {
      resize.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [look]);

  useEffect(() => {
    const made = plot.current;
    if (!made) return;
    made.batch(() => {
      made.setData(dataOf({ ...drawn.current, times, values }), false);
      made.setScale('x', { min: from / 1000, max: Math.max(to, horizon) / 1000 });
    });
  }, [times, values, from, to, horizon]);

  return <div ref={box} className="u-wrap" role="img" aria-label={labelOf(props, t)} style={{ minHeight: HEIGHT }} />;
}

type Translate = ReturnType<typeof useTranslation>['t'];

function dataOf(props: PlotProps): uPlot.AlignedData {
  return [props.times.map((at) => at / 1000), [...props.values]];
}

function labelOf({ metric, values, findings, from, to }: PlotProps, t: Translate): string {
  const known = values.filter((value): value is number => value !== null);
  if (known.length === 0) return `${metricName(metric)}: ${t('terminal.plotEmpty')}`;
  const told = t('terminal.plotLabel', {
    metric: metricName(metric),
    from: shortMoment(from),
    to: shortMoment(to),
    min: measured(metric, Math.min(...known)),
    max: measured(metric, Math.max(...known)),
    last: measured(metric, known.at(-1) ?? 0),
  });
  const forecasts = findings.flatMap((finding) => {
    const threshold = thresholdOf(finding, metric);
    if (threshold === null) return [];
    const limit = measured(metric, threshold);
    if (finding.failsAt === null || finding.failsAt < to) return [t('terminal.plotLimit', { limit })];
    return [
      t('terminal.plotFan', {
        limit,
        from: shortMoment(finding.failsAtP10 ?? finding.failsAt),
        middle: shortMoment(finding.failsAt),
        to: shortMoment(finding.failsAtP90 ?? finding.failsAt),
      }),
    ];
  });
  return [told, ...forecasts].join(' ');
}

/** The limit that a finding's forecast runs to, where its evidence names one in this metric's own unit: only then it can be drawn. */
function thresholdOf(finding: FindingView, metric: string): number | null {
  for (const { metric: of, unit, threshold } of finding.evidence) {
    if (of === metric && threshold !== undefined && (unit ?? '') === (metricOf(metric)?.unit ?? '')) return threshold;
  }
  return null;
}

/** True where a finding's evidence is this metric; evidence made of several is drawn on all of its component's plots. */
function speaksOf(finding: FindingView, metric: string): boolean {
  const plotted = finding.evidence.filter((one) => metricOf(one.metric) && metricOf(one.metric)?.kind !== 'text');
  return plotted.length > 0 ? plotted.some((one) => one.metric === metric) : metric.startsWith(`${finding.component}.`);
}

/** How far right a plot goes: to the forecast's end, but never past half the shown time again. */
function horizonOf({ findings, metric, from, to }: PlotProps): number {
  const most = to + (to - from) / 2;
  let horizon = to;
  for (const finding of findings) {
    if (!speaksOf(finding, metric) || finding.failsAt === null) continue;
    horizon = Math.max(horizon, Math.min(most, finding.failsAtP90 ?? finding.failsAt));
  }
  return horizon;
}

function limitsOf({ findings, metric }: PlotProps): number[] {
  return findings.flatMap((finding) => {
    const threshold = thresholdOf(finding, metric);
    return threshold === null ? [] : [threshold];
  });
}

function rangeOf(min: number | null, max: number | null, limits: readonly number[]): [number, number] {
  const low = Math.min(...limits, min ?? 0);
  const high = Math.max(...limits, max ?? 1);
  const pad = (high - low) * 0.1 || Math.abs(high) * 0.1 || 1;
  return [low >= 0 && low - pad < 0 ? 0 : low - pad, high + pad];
}

/** As many decimals as the steps of the axis need. */
function axisNumber(value: number, step: number): string {
  const digits = Math.max(0, Math.min(6, -Math.floor(Math.log10(step) + 1e-9)));
  return new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
    value,
  );
}

function tickOf(seconds: number, { from, to }: PlotProps): string {
  const day = to - from > 3 * 86_400_000;
  return new Intl.DateTimeFormat(
    locale(),
    day ? { month: 'short', day: 'numeric' } : { hour: '2-digit', minute: '2-digit' },
  ).format(seconds * 1000);
}

/** Shades findings, draws the fan to the threshold, and marks events at the top edge. */
function markings(
  drawn: { current: PlotProps },
  colour: (name: string) => string,
  faultName: (component: string, mode: string) => string,
  t: Translate,
): uPlot.Plugin {
  const draw = (u: uPlot) => {
    const { ctx } = u;
    const { left, top, width, height } = u.bbox;
    const px = devicePixelRatio;
    const { findings, events, metric, times, values, to } = drawn.current;
    const x = (at: number) => Math.min(left + width, Math.max(left, u.valToPos(at / 1000, 'x', true)));
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    ctx.font = `${11 * px}px system-ui, sans-serif`;
    ctx.textAlign = 'left';
    const last = lastOf(times, values);
    for (const finding of findings.filter((one) => speaksOf(one, metric))) {
      const stroke = colour(`--bar-${finding.severity}`);
      const start = x(finding.openedAt);
      ctx.fillStyle = `${stroke}1f`;
      ctx.fillRect(start, top, x(to) - start, height);
      ctx.fillStyle = stroke;
      ctx.fillRect(start, top, 2 * px, height);
      const threshold = thresholdOf(finding, metric);
      if (threshold !== null) {
        const y = u.valToPos(threshold, 'y', true);
        ctx.strokeStyle = stroke;
        ctx.lineWidth = px;
        ctx.setLineDash([5 * px, 4 * px]);
        line(ctx, left, y, left + width, y);
        ctx.setLineDash([]);
        ctx.fillStyle = stroke;
        const above = y - 16 * px > top;
        ctx.fillText(
          `${t('terminal.threshold')} ${measured(metric, threshold)}`,
          left + 6 * px,
          y + (above ? -4 : 12) * px,
        );
      }
      if (finding.failsAt !== null && last) {
        const from = { x: x(last.at), y: u.valToPos(last.value, 'y', true) };
        const early = u.valToPos((finding.failsAtP10 ?? finding.failsAt) / 1000, 'x', true);
        const late = u.valToPos((finding.failsAtP90 ?? finding.failsAt) / 1000, 'x', true);
        const middle = u.valToPos(finding.failsAt / 1000, 'x', true);
        ctx.fillStyle = `${stroke}33`;
        if (threshold !== null) {
          const y = u.valToPos(threshold, 'y', true);
          ctx.beginPath();
          ctx.moveTo(from.x, from.y);
          ctx.lineTo(early, y);
          ctx.lineTo(late, y);
          ctx.fill();
          ctx.strokeStyle = stroke;
          ctx.lineWidth = 1.5 * px;
          line(ctx, from.x, from.y, middle, y);
        } else {
          ctx.fillRect(Math.max(early, from.x), top, late - Math.max(early, from.x), height);
          ctx.strokeStyle = stroke;
          ctx.lineWidth = 1.5 * px;
          ctx.setLineDash([3 * px, 3 * px]);
          line(ctx, middle, top, middle, top + height);
          ctx.setLineDash([]);
        }
      }
      const name = faultName(finding.component, finding.mode);
      const fits = start + 6 * px + ctx.measureText(name).width < left + width;
      ctx.textAlign = fits ? 'left' : 'right';
      ctx.fillStyle = stroke;
      ctx.fillText(name, start + (fits ? 6 : -6) * px, top + 24 * px);
      ctx.textAlign = 'left';
    }
    for (const event of events) {
      const at = u.valToPos(event.at / 1000, 'x', true);
      if (at < left || at > left + width) continue;
      ctx.fillStyle = event.type === 'tamper' || event.type === 'fault' ? colour('--bar-critical') : colour('--muted');
      ctx.beginPath();
      ctx.moveTo(at - 4 * px, top);
      ctx.lineTo(at + 4 * px, top);
      ctx.lineTo(at, top + 7 * px);
      ctx.fill();
    }
    ctx.restore();
  };
  return { hooks: { drawClear: [], draw: [draw] } };
}

function line(ctx: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}

function lastOf(times: readonly number[], values: readonly (number | null)[]): { at: number; value: number } | null {
  for (let i = values.length - 1; i >= 0; i--) {
    const value = values[i];
    if (typeof value === 'number') return { at: times[i]!, value };
  }
  return null;
}

/** Value and time under the cursor, in the plot's corner. */
function readout(drawn: { current: PlotProps }): uPlot.Plugin {
  let label: HTMLDivElement;
  return {
    hooks: {
      init: (u) => {
        label = document.createElement('div');
        label.className = 'u-readout';
        u.over.appendChild(label);
      },
      setCursor: (u) => {
        const { idx } = u.cursor;
        const value = typeof idx === 'number' ? u.data[1]?.[idx] : undefined;
        const at = typeof idx === 'number' ? u.data[0][idx] : undefined;
        label.textContent =
          value === undefined || value === null || at === undefined
            ? ''
            : `${shortMoment(at * 1000)} · ${number(value)} ${unitOf(drawn.current.metric)}${nearEvent(drawn.current, at * 1000)}`;
      },
    },
  };
}

function nearEvent({ events, from, to }: PlotProps, at: number): string {
  const near = events.find((event) => Math.abs(event.at - at) < (to - from) / 150);
  return near ? ` · ${near.type.replaceAll('_', ' ')}` : '';
}
