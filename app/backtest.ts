import { Engine } from '../analytics/core/engine.ts';
import type { Finding } from '../contract/findings.ts';
import { createPipeline } from '../ingest/core/pipeline.ts';
import { isBadLine, linesOf, openRecording, parseLine } from './recording.ts';

export interface BacktestSummary {
  readonly lines: number;
  readonly readings: number;
  readonly duplicates: number;
  /** Lines and messages passed over, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly terminals: number;
  /** Σ over terminals of last − first event time, in days. */
  readonly terminalDays: number;
  readonly transitions: number;
  readonly standing: number;
}

/**
 * A recording through the platform's own pipeline and detectors, without broker, stores or waiting: the findings that a live run
 * would have stated, in order. Deterministic. Error: `recording.unreadable`.
 */
export async function backtest(
  file: string,
  onFinding: (finding: Finding) => void,
  onProgress: (lines: number, at: number) => void = () => {},
): Promise<BacktestSummary> {
  const pipeline = createPipeline();
  const engine = new Engine();
  const spans = new Map<string, { first: number; last: number }>();
  const rejected: Record<string, number> = {};
  let lines = 0;
  let readings = 0;
  let duplicates = 0;
  let transitions = 0;
  let now = 0;
  const reject = (reason: string): void => {
    rejected[reason] = (rejected[reason] ?? 0) + 1;
  };
  const state = (findings: readonly Finding[]): void => {
    for (const finding of findings) {
      transitions++;
      onFinding(finding);
    }
  };
  for await (const group of linesOf(openRecording(file), file)) {
    for (const bytes of group) {
      const message = parseLine(bytes, ++lines);
      if (message === undefined) continue;
      if (isBadLine(message)) {
        reject(`line_${message.reason}`);
        continue;
      }
      // Arrival order is the order of lines; a step back in a recording's own clock must not turn time back.
      now = Math.max(now, message.receivedAt);
      state(engine.advance(now));
      const out = pipeline.accept(message.topic, message.payload, now);
      duplicates += out.duplicates;
      for (const { reason } of out.rejections) reject(reason);
      for (const reading of out.readings) {
        readings++;
        const key = `${reading.tenant}/${reading.terminal}`;
        const span = spans.get(key);
        if (span === undefined) spans.set(key, { first: reading.ts, last: reading.ts });
        else {
          if (reading.ts > span.last) span.last = reading.ts;
          if (reading.ts < span.first) span.first = reading.ts;
        }
        state(engine.process(reading));
      }
    }
    onProgress(lines, now);
  }
  let spanMs = 0;
  for (const { first, last } of spans.values()) spanMs += last - first;
  return {
    lines,
    readings,
    duplicates,
    rejected,
    terminals: spans.size,
    terminalDays: spanMs / 86_400_000,
    transitions,
    standing: engine.standing().length,
  };
}
