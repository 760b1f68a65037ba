import type { Fleet } from '../core/fleet.ts';
import type { SimMessage } from '../core/terminal.ts';

/** What is drawn of each terminal, left to right; `rate` draws a counter's increase, `share` a failure's share of its tries. */
const PANELS: readonly {
  readonly title: string;
  readonly kind: 'gauge' | 'rate' | 'share';
  readonly keys: readonly string[];
}[] = [
  { title: 'head Ω', kind: 'gauge', keys: ['printer.head_ohm'] },
  { title: 'dead dots', kind: 'gauge', keys: ['printer.dead_dots'] },
  { title: 'head °C', kind: 'gauge', keys: ['printer.head_temp_c'] },
  { title: 'head mV', kind: 'gauge', keys: ['printer.head_mv'] },
  { title: 'retries/6h', kind: 'rate', keys: ['printer.retries_total'] },
  { title: 'jams/6h', kind: 'rate', keys: ['printer.jams_total'] },
  { title: 'cutter err/6h', kind: 'rate', keys: ['printer.cutter_errors_total'] },
  { title: 'overheats/6h', kind: 'rate', keys: ['printer.overheats_total'] },
  { title: 'low-V stops/6h', kind: 'rate', keys: ['printer.low_voltage_stops_total'] },
  { title: 'soc %', kind: 'gauge', keys: ['battery.soc_pct'] },
  { title: 'full mAh', kind: 'gauge', keys: ['battery.full_mah'] },
  { title: 'pack mΩ', kind: 'gauge', keys: ['battery.resistance_mohm'] },
  { title: 'pack mV', kind: 'gauge', keys: ['battery.voltage_mv'] },
  { title: 'pack °C', kind: 'gauge', keys: ['battery.temp_c'] },
  { title: 'brownouts/6h', kind: 'rate', keys: ['battery.brownouts_total'] },
  { title: 'charges/6h', kind: 'rate', keys: ['battery.charge_sessions_total'] },
  { title: 'rsrp|rssi dBm', kind: 'gauge', keys: ['network.rsrp_dbm', 'network.rssi_dbm'] },
  { title: 'sinr dB', kind: 'gauge', keys: ['network.sinr_db'] },
  { title: 'rsrq dB', kind: 'gauge', keys: ['network.rsrq_db'] },
  { title: 'rtt ms', kind: 'gauge', keys: ['network.rtt_ms'] },
  { title: 'loss %', kind: 'gauge', keys: ['network.loss_pct'] },
  { title: 'reattach/6h', kind: 'rate', keys: ['network.reattaches_total'] },
  { title: 'reconnects/6h', kind: 'rate', keys: ['network.reconnects_total'] },
  { title: 'chip fail', kind: 'share', keys: ['reader.chip_fail_total', 'reader.chip_ok_total'] },
  { title: 'tap fail', kind: 'share', keys: ['reader.tap_fail_total', 'reader.tap_ok_total'] },
  { title: 'mem MB', kind: 'gauge', keys: ['system.mem_free_mb'] },
  { title: 'flash MB', kind: 'gauge', keys: ['system.flash_free_mb'] },
  { title: 'crashes/6h', kind: 'rate', keys: ['system.crashes_total'] },
  { title: 'tx fail/6h', kind: 'rate', keys: ['txn.tech_fail_total'] },
];

const SAMPLE_MS = 3_600_000;
const BUCKET_MS = 6 * 3_600_000;
const ROWS = 30;
const WIDTH = 118;
const HEIGHT = 46;

interface Drawn {
  /** Sampled raw values by metric: time and value in turn. */
  readonly samples: Map<string, number[]>;
  readonly lastSample: Map<string, number>;
  /** Totals as they came, which may be out of order. */
  readonly counts: Map<string, [number, number][]>;
}

/** Watches the messages of some terminals and draws them as one self-contained page of small multiples. */
export class PlotCollector {
  private readonly fleet: Fleet;
  private readonly from: number;
  private readonly drawn = new Map<number, Drawn>();

  constructor(fleet: Fleet) {
    this.fleet = fleet;
    this.from = fleet.now;
    for (const index of chosen(fleet)) {
      this.drawn.set(index, { samples: new Map(), lastSample: new Map(), counts: new Map() });
    }
  }

  add(message: SimMessage): void {
    const drawn = this.drawn.get(message.terminal);
    if (!drawn || message.spoiled || (message.channel !== 'heartbeat' && message.channel !== 'counters')) return;
    const payload = JSON.parse(String(message.payload)) as Record<string, Record<string, unknown> | number | string>;
    const ts = Number(payload.ts);
    for (const [group, fields] of Object.entries(payload)) {
      if (typeof fields !== 'object') continue;
      for (const [field, value] of Object.entries(fields)) {
        if (typeof value !== 'number') continue;
        const key = `${group}.${field}`;
        if (message.channel === 'heartbeat') this.sample(drawn, key, ts, value);
        else this.count(drawn, key, ts, value);
      }
    }
  }

  private sample(drawn: Drawn, key: string, ts: number, value: number): void {
    if (ts - (drawn.lastSample.get(key) ?? 0) < SAMPLE_MS) return;
    drawn.lastSample.set(key, ts);
    const list = drawn.samples.get(key);
    if (list) list.push(ts, value);
    else drawn.samples.set(key, [ts, value]);
  }

  private count(drawn: Drawn, key: string, ts: number, value: number): void {
    const list = drawn.counts.get(key);
    if (list) list.push([ts, value]);
    else drawn.counts.set(key, [[ts, value]]);
  }

  /** The page: a row a terminal, a column a metric; red dashes where a fault began, a red line where its part failed. */
  html(): string {
    const { scenario } = this.fleet;
    const to = this.fleet.now;
    const truth = this.fleet.truth();
    const panels = panelsFor(truth.map((row) => row.component));
    const rows = [...this.drawn].map(([index, drawn]) => {
      const terminal = this.fleet.terminals[index];
      if (!terminal) return '';
      const own = truth.filter((row) => row.terminal === terminal.config.id);
      const marks = own.map((row) => ({ onset: row.onset_at, failed: row.failed_at }));
      const label = own.length > 0 ? own.map((row) => `<b>${row.component} ${row.mode}</b>`).join('<br>') : 'sound';
      const cells = panels.map((panel) => `<td>${this.draw(drawn, panel, marks, to)}</td>`).join('');
      return `<tr><th>${terminal.config.id} ${terminal.config.model.key}<br>${label}</th>${cells}</tr>`;
    });
    const head = panels.map((panel) => `<th>${panel.title}</th>`).join('');
    const days = Math.round((to - this.from) / 86_400_000);
    return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${scenario.name}</title><style>
body{font:11px system-ui,sans-serif;margin:12px;color:#222;background:#fff}h1{font-size:16px;margin:0}table{border-collapse:collapse}
th{font-weight:normal;text-align:left;padding:1px 4px;white-space:nowrap;vertical-align:top}
tr>th:first-child{position:sticky;left:0;background:#fff}td{padding:1px;border-top:1px solid #eee}
svg{display:block}text{font:8px system-ui,sans-serif;fill:#888}.raw{stroke:#9bb7d4;fill:none;stroke-width:.6}.mean{stroke:#1f4e79;fill:none;stroke-width:1.2}
.bar{fill:#1f4e79}.onset{stroke:#c22;stroke-dasharray:2 2}.failed{stroke:#c22;stroke-width:1.4}</style></head><body>
<h1>${scenario.name}</h1><p>${scenario.describe} ${days} days, seed ${scenario.seed}, ${this.fleet.terminals.length} terminals (${rows.length} drawn).
Thin: a reading an hour; bold: six-hour means; bars: increase in six hours. Dashed red: onset of a fault; red: failure.</p>
<table><thead><tr><th></th>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></body></html>\n`;
  }

  private draw(
    drawn: Drawn,
    panel: (typeof PANELS)[number],
    marks: readonly { onset: number; failed: number | null }[],
    to: number,
  ): string {
    const x = (at: number): string => (((at - this.from) / (to - this.from)) * WIDTH).toFixed(1);
    const points = panel.kind === 'gauge' ? this.gauge(drawn, panel.keys) : this.bars(drawn, panel);
    if (points.length === 0) return '';
    const values = points.map(([, value]) => value);
    let low = Math.min(...values);
    let high = Math.max(...values);
    if (panel.kind !== 'gauge') low = 0;
    if (high - low < 1e-9) high = low + 1;
    const y = (value: number): string => (HEIGHT - 4 - ((value - low) / (high - low)) * (HEIGHT - 14)).toFixed(1);
    const lines = marks
      .map(({ onset, failed }) => {
        const line = (at: number, kind: string): string =>
          `<line class="${kind}" x1="${x(at)}" x2="${x(at)}" y1="8" y2="${HEIGHT}"/>`;
        return line(onset, 'onset') + (failed === null ? '' : line(failed, 'failed'));
      })
      .join('');
    const path = (list: readonly (readonly [number, number])[]): string =>
      list.map(([at, value]) => `${x(at)},${y(value)}`).join(' ');
    const body =
      panel.kind === 'gauge'
        ? `<polyline class="raw" points="${path(points)}"/><polyline class="mean" points="${path(means(points))}"/>`
        : points
            .map(
              ([at, value]) =>
                `<rect class="bar" x="${x(at)}" y="${y(value)}" width="1.3" height="${(HEIGHT - 4 - Number(y(value))).toFixed(1)}"/>`,
            )
            .join('');
    const show = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));
    return `<svg width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}"><text x="0" y="7">${show(low)} … ${show(high)}</text>${body}${lines}</svg>`;
  }

  private gauge(drawn: Drawn, keys: readonly string[]): [number, number][] {
    const list = keys.map((key) => drawn.samples.get(key)).find((found) => found !== undefined) ?? [];
    const points: [number, number][] = [];
    for (let i = 0; i < list.length; i += 2) points.push([list[i] as number, list[i + 1] as number]);
    return points.filter(([at]) => at >= this.from).sort((a, b) => a[0] - b[0]);
  }

  private bars(drawn: Drawn, panel: (typeof PANELS)[number]): [number, number][] {
    const [first, second] = panel.keys.map((key) => increases(drawn.counts.get(key)));
    if (!first) return [];
    return [...first]
      .map(([bucket, value]): [number, number] => {
        if (panel.kind === 'rate') return [bucket * BUCKET_MS, value];
        const tries = value + (second?.get(bucket) ?? 0);
        return [bucket * BUCKET_MS, tries >= 5 ? value / tries : 0];
      })
      .filter(([at]) => at >= this.from - BUCKET_MS)
      .sort((a, b) => a[0] - b[0]);
  }
}

function means(points: readonly (readonly [number, number])[]): [number, number][] {
  const buckets = new Map<number, [number, number]>();
  for (const [at, value] of points) {
    const bucket = Math.floor(at / BUCKET_MS);
    const sum = buckets.get(bucket) ?? [0, 0];
    buckets.set(bucket, [sum[0] + value, sum[1] + 1]);
  }
  return [...buckets].map(([bucket, [sum, n]]) => [(bucket + 0.5) * BUCKET_MS, sum / n]);
}

/** Increase by six-hour bucket, by event time; a fall is a new beginning. */
function increases(totals: [number, number][] | undefined): Map<number, number> | undefined {
  if (!totals) return undefined;
  const buckets = new Map<number, number>();
  let before: number | undefined;
  for (const [ts, value] of totals.sort((a, b) => a[0] - b[0])) {
    const bucket = Math.floor(ts / BUCKET_MS);
    if (before !== undefined && value > before) buckets.set(bucket, (buckets.get(bucket) ?? 0) + value - before);
    else if (!buckets.has(bucket)) buckets.set(bucket, 0);
    before = value;
  }
  return buckets;
}

/** The panels in reading order: those of the components that fail most come first, so that a link's page does not begin with printers. */
function panelsFor(failing: readonly string[]): (typeof PANELS)[number][] {
  const faults = new Map<string, number>();
  for (const component of failing) faults.set(component, (faults.get(component) ?? 0) + 1);
  const weight = (panel: (typeof PANELS)[number]): number => faults.get(panel.keys[0]?.split('.')[0] ?? '') ?? 0;
  return [...PANELS].sort((a, b) => weight(b) - weight(a));
}

/** Terminals worth drawing: of each kind of fault a few, those that updates and outages reach, and some sound ones. */
function chosen(fleet: Fleet): number[] {
  const kinds = new Map<string, number>();
  const picked = new Set<number>();
  const each = Math.max(
    1,
    Math.floor(
      ROWS / Math.max(1, new Set(fleet.terminals.flatMap((t) => t.state.faults.map((f) => f.mode + f.component))).size),
    ),
  );
  for (const { state, config } of fleet.terminals) {
    for (const fault of state.faults) {
      const kind = `${fault.component}/${fault.mode}/${fault.variant}/${fault.spanMs === 0}/${fault.ceiling < 1}`;
      const count = kinds.get(kind) ?? 0;
      if (count < Math.min(4, each) && picked.size < ROWS) {
        kinds.set(kind, count + 1);
        picked.add(config.index);
      }
    }
  }
  for (const { state, config } of fleet.terminals) {
    if (state.agenda.some((errand) => errand.what === 'update') && (kinds.get(`update/${config.model.key}`) ?? 0) < 3) {
      kinds.set(`update/${config.model.key}`, (kinds.get(`update/${config.model.key}`) ?? 0) + 1);
      picked.add(config.index);
    }
  }
  const wanted = picked.size > 0 ? 6 : 16;
  let sound = 0;
  const models = new Map<string, number>();
  for (const { state, config } of fleet.terminals) {
    if (picked.has(config.index) || state.faults.length > 0 || sound >= wanted) continue;
    if ((models.get(config.model.key) ?? 0) >= 2) continue;
    models.set(config.model.key, (models.get(config.model.key) ?? 0) + 1);
    sound++;
    picked.add(config.index);
  }
  return [...picked];
}
