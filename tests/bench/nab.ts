import { AnomalyDetector, DEFAULT_THRESHOLD } from '../../analytics/core/anomaly/detector.ts';
import { type Bench, row } from './bench.ts';
import { halfOf, nabDirectory, readNab } from './nab-corpus.ts';
import { at, best, sweep } from './nab-scoring.ts';

/** The Numenta Anomaly Benchmark, standard profile: one default threshold for all files, and NAB's own sweep. */
export const run: Bench = ({ say }) => {
  const directory = nabDirectory();
  if (directory === null) {
    return Promise.resolve({ rows: [], notes: ['NAB is not here: name its directory with TILLWATCH_NAB_DIR'] });
  }
  const corpus = readNab(directory);
  let samples = 0;
  const began = performance.now();
  const scores = new Map(
    corpus.map((series) => {
      say(series.name);
      const detector = new AnomalyDetector();
      samples += series.values.length;
      return [series.name, Float64Array.from(series.values, (v, i) => detector.next(v, series.times[i]!).score)];
    }),
  );
  const micros = ((performance.now() - began) * 1000) / samples;
  const scored = (half: 'development' | 'held-out' | null) =>
    sweep(
      corpus.filter((series) => half === null || halfOf(series.name) === half),
      (series) => scores.get(series.name)!,
    );
  const whole = scored(null);
  const fixed = at(whole, DEFAULT_THRESHOLD);
  const swept = best(whole);
  const notes = (['development', 'held-out'] as const).map((half) => {
    const results = scored(half);
    const here = at(results, DEFAULT_THRESHOLD);
    return `${half} half: ${here.score.toFixed(2)} fixed, ${best(results).score.toFixed(2)} swept; ${here.windowsFound} of ${here.windows} windows, ${here.falseAlarms} false alarms`;
  });
  return Promise.resolve({
    rows: [
      row('nab.fixed', fixed.score, 'points', 'higher', { bar: 65 }),
      row('nab.swept', swept.score, 'points', 'higher', { bar: 72 }),
      row('nab.us_per_sample', micros, 'µs', 'lower'),
    ],
    notes: [
      `whole: ${fixed.windowsFound} of ${fixed.windows} windows found with ${fixed.falseAlarms} false alarms at the default threshold; best at ${swept.threshold.toFixed(3)}`,
      ...notes,
    ],
  });
};
