import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DETECTORS } from '../../analytics/core/detectors/index.ts';
import type { FindingLine, TruthLine } from '../../analytics/core/score.ts';
import { metricOf } from '../../contract/metrics.ts';
import { draw, type Picture, Samples, type Statement } from '../support/fault-picture.ts';
import { type PredictRun, wildRun } from '../support/predict-runs.ts';
import { type Bench, row } from './bench.ts';

const DAY = 86_400_000;
const OUT = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));

/** Draws the worst miss, the worst false alarm and a good early find of a fleet of the second generator, on a validation seed, into docs/pictures. */
export const run: Bench = async ({ quick, say }) => {
  const samples = new Samples();
  const run = wildRun(
    { seed: 131, sites: quick ? 3 : 5, perSite: 8, days: 30, beatS: 600, nuisances: true, faulty: 0.5 },
    (_, reading) => samples.see(reading),
  );
  mkdirSync(OUT, { recursive: true });
  let drawn = 0;
  const keep = (name: string, picture: Picture | undefined): void => {
    if (!picture) return;
    writeFileSync(`${OUT}${name}.svg`, draw(picture, samples));
    say(`docs/pictures/${name}.svg: ${picture.title}`);
    drawn++;
  };
  keep('early-find', found(run));
  keep('worst-miss', missed(run));
  keep('worst-false-alarm', wrong(run));
  const { faults, falseAlarms, recall } = run.score;
  return {
    rows: [row('pictures.drawn', drawn, 'pictures', 'higher')],
    notes: [`${faults.length} announced, ${Math.round(recall * 100)} % in time, ${falseAlarms.length} false alarms`],
  };
};

/** Found by a metric that can be drawn to its failing level, with the failure inside the interval: the one with the most to go. */
function found(run: PredictRun): Picture | undefined {
  const good = run.score.faults
    .filter((f) => f.result === 'found' && f.covered === true)
    .flatMap((f) => {
      const said = saidOf(run, f.truth.terminal, f.truth.mode, f.truth.failed_at! - (f.leadH ?? 0) * 3_600_000);
      const drawable = said[0]?.evidence.some((e) => e.threshold !== undefined && e.unit === metricOf(e.metric)?.unit);
      return drawable ? [{ f, said }] : [];
    })
    .sort((a, b) => b.f.leadH! - a.f.leadH!)[0];
  if (!good) return undefined;
  const { truth, leadH } = good.f;
  return {
    title: `Found ${Math.round(leadH! / 24)} days ahead: ${nameOf(truth)} on ${truth.terminal}`,
    ...about(truth.terminal, metricsOf(good.said[0]!), truth, good.said, run),
  };
}

/** The failure that took longest and was not foretold at all. */
function missed(run: PredictRun): Picture | undefined {
  const worst = run.score.faults
    .filter((f) => f.result === 'missed' || f.result === 'late')
    .sort(
      (a, b) =>
        Number(b.result === 'missed') - Number(a.result === 'missed') ||
        b.truth.failed_at! - b.truth.onset_at - (a.truth.failed_at! - a.truth.onset_at),
    )[0];
  if (!worst) return undefined;
  const { truth, result } = worst;
  const said = result === 'late' ? saidOf(run, truth.terminal, truth.mode, truth.onset_at) : [];
  const days = Math.round((truth.failed_at! - truth.onset_at) / DAY);
  return {
    title: `${result === 'late' ? 'Told late' : 'Missed'}: ${nameOf(truth)} on ${truth.terminal}, ${days} days from onset to failure`,
    ...about(truth.terminal, ownMetrics(truth), truth, said, run),
  };
}

/** The false alarm that stood longest. */
function wrong(run: PredictRun): Picture | undefined {
  const worst = run.score.falseAlarms
    .filter((f): f is FindingLine & { terminal: string } => f.terminal !== null && f.mode !== 'offline')
    .map((f) => ({ f, said: saidOf(run, f.terminal, f.mode, f.at) }))
    .sort((a, b) => b.said.at(-1)!.at - b.f.at - (a.said.at(-1)!.at - a.f.at))[0];
  if (!worst) return undefined;
  const { f, said } = worst;
  return {
    title: `False alarm: ${f.component} ${f.mode.replaceAll('_', ' ')} on ${f.terminal}`,
    ...about(f.terminal, metricsOf(said[0]!), undefined, said, run),
  };
}

function about(
  terminal: string,
  metrics: readonly string[],
  truth: TruthLine | undefined,
  said: readonly Statement[],
  run: PredictRun,
): Omit<Picture, 'title'> {
  const middle = said[0]?.at ?? truth?.onset_at ?? 0;
  const end = Math.max(truth?.failed_at ?? 0, said.at(-1)?.at ?? 0, middle) + 2 * DAY;
  const last = Math.max(...run.findings.map((f) => f.at));
  const to = Math.min(Math.max(last, middle + DAY), end);
  return { terminal, metrics, truth, said, from: Math.min(truth?.onset_at ?? middle, middle) - 7 * DAY, to };
}

/** From the opening that asked for a ticket to what cleared it. */
function saidOf(run: PredictRun, terminal: string, mode: string, from: number): Statement[] {
  const all = (run.findings as readonly Statement[]).filter(
    (f) => f.terminal === terminal && f.mode === mode && f.at >= from,
  );
  const start = all.findIndex((f) => f.severity !== 'watch' && f.state !== 'cleared');
  const over = all.findIndex((f, i) => i > start && f.state === 'cleared');
  return start < 0 ? [] : all.slice(start, over < 0 ? undefined : over + 1);
}

function metricsOf(statement: Statement): string[] {
  const known = statement.evidence
    .map((e) => e.metric)
    .filter((m) => ['gauge', 'counter'].includes(metricOf(m)?.kind ?? ''));
  return [...new Set(known)].slice(0, 2);
}

/** What speaks for a mode, as its detector lists it. */
function ownMetrics({ component, mode }: TruthLine): string[] {
  const detector = DETECTORS.find((d) => d.component === component);
  const spec = detector?.modes.find((m) => m.mode === mode);
  if (!detector || !spec) return [];
  const all = [
    ...spec.gauges.map((i) => detector.gauges[i]!.metric),
    ...spec.rates.map((i) => detector.rates[i]!.metric),
    ...(spec.sharedRates ?? []).map((i) => detector.rates[i]!.metric),
  ];
  return [...new Set(all)].filter((m) => ['gauge', 'counter'].includes(metricOf(m)?.kind ?? '')).slice(0, 2);
}

function nameOf({ component, mode }: TruthLine): string {
  return `${component} ${mode.replaceAll('_', ' ')}`;
}
