import type { FindingLine, TruthLine } from '../../analytics/core/score.ts';
import type { Evidence } from '../../contract/findings.ts';
import { metricOf } from '../../contract/metrics.ts';
import type { Reading } from '../../contract/reading.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WIDTH = 860;
const PANEL = 150;
const LEFT = 64;
const TOP = 46;
const GAP = 40;

/** A finding's line as it is written, with all that a picture shows of it. */
export interface Statement extends FindingLine {
  readonly evidence: readonly Evidence[];
  readonly probability: number;
  readonly horizon_h: number;
}

/** Hourly means of gauges and increases of counters over six hours, by terminal and metric. */
export class Samples {
  readonly #sums = new Map<string, Map<number, [sum: number, n: number]>>();
  readonly #totals = new Map<string, number>();

  see({ terminal, channel, ts, payload }: Reading): void {
    if (channel !== 'heartbeat' && channel !== 'counters') return;
    for (const [group, fields] of Object.entries(payload as unknown as Record<string, Record<string, unknown>>)) {
      if (typeof fields !== 'object') continue;
      for (const [field, value] of Object.entries(fields)) {
        if (typeof value !== 'number') continue;
        const key = `${terminal} ${group}.${field}`;
        if (channel === 'heartbeat') this.#add(key, Math.floor(ts / HOUR) * HOUR, value, 1);
        else {
          const last = this.#totals.get(key);
          this.#totals.set(key, value);
          const at = Math.floor(ts / (6 * HOUR)) * 6 * HOUR;
          if (last !== undefined && value >= last) this.#add(key, at, value - last, 0);
        }
      }
    }
  }

  #add(key: string, at: number, value: number, n: number): void {
    let series = this.#sums.get(key);
    if (!series) this.#sums.set(key, (series = new Map()));
    const cell = series.get(at) ?? [0, 0];
    series.set(at, [cell[0] + value, cell[1] + n]);
  }

  of(terminal: string, metric: string): { at: number; value: number }[] {
    const series = this.#sums.get(`${terminal} ${metric}`) ?? new Map<number, [number, number]>();
    return [...series].map(([at, [sum, n]]) => ({ at, value: n > 0 ? sum / n : sum })).sort((a, b) => a.at - b.at);
  }
}

export interface Picture {
  readonly title: string;
  readonly terminal: string;
  readonly metrics: readonly string[];
  readonly truth: TruthLine | undefined;
  /** The opening, and what was said after it, in order; empty where nothing was said. */
  readonly said: readonly Statement[];
  readonly from: number;
  readonly to: number;
}

/** Draws a terminal's metrics with the fault as it was, the finding as it opened, and the fan of its forecast to the failing level. */
export function draw(picture: Picture, samples: Samples): string {
  const { metrics, title } = picture;
  const height = TOP + metrics.length * (PANEL + GAP);
  const x = (at: number): number => LEFT + ((at - picture.from) / (picture.to - picture.from)) * (WIDTH - LEFT - 12);
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" fill="#fff"/><text x="12" y="20" font-size="14" font-weight="bold">${escaped(title)}</text>`,
    `<text x="12" y="37" fill="#555">grey: fault, onset to failure · red line: the finding that opened a ticket · fan or band: its forecast, p10 to p90 · dashed: failing level</text>`,
    ...metrics.map((metric, i) => panel(picture, metric, TOP + i * (PANEL + GAP) + 18, x, samples)),
    '</svg>',
  ];
  return `${out.join('\n')}\n`;
}

function panel(picture: Picture, metric: string, top: number, x: (at: number) => number, samples: Samples): string {
  const { terminal, from, to, truth, said } = picture;
  const points = samples.of(terminal, metric).filter(({ at }) => at >= from && at <= to);
  const unit = metricOf(metric)?.unit ?? '';
  const counted = metricOf(metric)?.kind === 'counter';
  const opening = said[0];
  const reason = opening?.evidence.find((e) => e.metric === metric && e.unit === unit && !counted);
  const values = [...points.map((p) => p.value), ...(reason?.threshold === undefined ? [] : [reason.threshold])];
  const least = values.length > 0 ? Math.min(...values) : 0;
  const low = counted ? 0 : least;
  const high = Math.max(low + 1e-9, ...values);
  const y = (v: number): number => top + PANEL - 6 - ((v - low) / (high - low)) * (PANEL - 12);
  const n = (v: number): string => v.toFixed(1);
  const out: string[] = [];
  if (truth) {
    const end = Math.min(to, truth.failed_at ?? to);
    out.push(
      `<rect x="${n(x(truth.onset_at))}" y="${top}" width="${n(Math.max(2, x(end) - x(truth.onset_at)))}" height="${PANEL}" fill="#0001"/>`,
    );
    if (truth.failed_at !== null && truth.failed_at <= to)
      out.push(`<path d="M${n(x(truth.failed_at))} ${top}v${PANEL}" stroke="#333" stroke-width="2"/>`);
  }
  if (counted) {
    const w = Math.max(1, x(from + 6 * HOUR) - x(from) - 1);
    const bar = ({ at, value }: { at: number; value: number }): string =>
      value > 0 ? `M${n(x(at))} ${n(y(0))}h${n(w)}V${n(y(value))}h-${n(w)}z` : '';
    out.push(`<path d="${points.map(bar).join('')}" fill="#0b7285"/>`);
  } else {
    const line = points.map(
      (p, i) => `${i > 0 && p.at - points[i - 1]!.at < 12 * HOUR ? 'L' : 'M'}${n(x(p.at))} ${n(y(p.value))}`,
    );
    out.push(`<path d="${line.join('')}" fill="none" stroke="#0b7285"/>`);
  }
  if (reason?.threshold !== undefined) {
    const level = n(y(reason.threshold));
    out.push(`<path d="M${LEFT} ${level}H${WIDTH - 12}" stroke="#c92a2a" stroke-dasharray="5 4"/>`);
    if (opening?.fails_at && opening.fails_at_p10 && opening.fails_at_p90) {
      const start = `${n(x(opening.at))} ${n(y(Number(reason.value)))}`;
      const cut = (at: number): string => n(Math.min(WIDTH - 12, x(at)));
      out.push(
        `<path d="M${start}L${cut(opening.fails_at_p10)} ${level}L${cut(opening.fails_at_p90)} ${level}z" fill="#c92a2a33"/>`,
        `<path d="M${start}L${cut(opening.fails_at)} ${level}" stroke="#c92a2a"/>`,
      );
    }
  } else if (opening?.fails_at_p10 && opening.fails_at_p90) {
    const start = x(opening.fails_at_p10);
    const end = Math.min(WIDTH - 12, x(opening.fails_at_p90));
    if (end > start)
      out.push(`<rect x="${n(start)}" y="${top}" width="${n(end - start)}" height="${PANEL}" fill="#c92a2a22"/>`);
  }
  if (opening) out.push(`<path d="M${n(x(opening.at))} ${top}v${PANEL}" stroke="#c92a2a" stroke-width="2"/>`);
  const short = (v: number): string => String(Number(v.toPrecision(3)));
  out.push(
    `<rect x="${LEFT}" y="${top}" width="${WIDTH - LEFT - 12}" height="${PANEL}" fill="none" stroke="#ccc"/>`,
    `<text x="${LEFT + 6}" y="${top - 5}">${escaped(metric)}${counted ? ', increase in six hours' : unit ? `, ${escaped(unit)}` : ''}</text>`,
    `<text x="${LEFT - 6}" y="${n(y(high) + 8)}" text-anchor="end" fill="#555">${short(high)}</text>`,
    `<text x="${LEFT - 6}" y="${n(y(low))}" text-anchor="end" fill="#555">${short(low)}</text>`,
  );
  for (let at = Math.ceil(from / (5 * DAY)) * 5 * DAY; at < to; at += 5 * DAY)
    out.push(
      `<text x="${n(x(at))}" y="${top + PANEL + 13}" text-anchor="middle" fill="#555">${new Date(at).toISOString().slice(5, 10)}</text>`,
    );
  return out.join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
