import { AnomalyDetector } from '../core/anomaly/detector.ts';
import { readSeries } from './series.ts';

export interface DetectOptions {
  readonly path: string;
  /** Score from which a sample is an alarm; left out: the one default for every series. */
  readonly threshold?: number;
  readonly timeColumn?: string;
  readonly valueColumn?: string;
}

/** A sample with what was thought of it when it came. */
export interface Detection {
  /** As the file writes it. */
  readonly timestamp: string;
  readonly value: number | undefined;
  readonly score: number;
  readonly alarm: boolean;
}

/**
 * Judges a series in a CSV file sample by sample, in the file's order, none with knowledge of what comes after. A sample without a value is
 * passed on with score 0 and teaches nothing. Errors: those of `readSeries`.
 */
export async function* detect(options: DetectOptions): AsyncGenerator<Detection> {
  const detector = new AnomalyDetector(options.threshold);
  const columns = {
    kind: 'calendar',
    ...(options.timeColumn === undefined ? {} : { time: options.timeColumn }),
    ...(options.valueColumn === undefined ? {} : { value: options.valueColumn }),
  } as const;
  for await (const { text, at, value } of readSeries(options.path, columns)) {
    const judged = value === undefined ? { score: 0, alarm: false } : detector.next(value, at);
    yield { timestamp: text, value, ...judged };
  }
}
