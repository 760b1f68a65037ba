import type { LevelSample, LevelSink } from '../../../contract/ports/levels.ts';
import type { InfluxOptions } from './influx-client.ts';
import type { VictoriaOptions } from './victoria-client.ts';
import { LineWriter, serverError } from './writer.ts';

/** Samples in one request: some 10 MB of text. */
const CHUNK = 50_000;
const TIMEOUT_MS = 30_000;

/**
 * Levels into VictoriaMetrics in the Prometheus text format, so that a series is called as if it had been scraped:
 * https://docs.victoriametrics.com/#how-to-import-data-in-prometheus-exposition-format
 */
export function createVictoriaLevels(options: VictoriaOptions): LevelSink {
  const url = `${options.url.replace(/\/$/, '')}/api/v1/import/prometheus`;
  return {
    async write(samples, at) {
      for (const chunk of chunksOf(samples)) {
        let response: Response;
        try {
          response = await fetch(url, {
            method: 'POST',
            body: chunk.map((sample) => expositionLine(sample, at)).join('\n'),
            signal: AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS),
            ...(options.token ? { headers: { authorization: `Bearer ${options.token}` } } : {}),
          });
        } catch (error) {
          throw serverError(url, error, undefined);
        }
        const text = await response.text();
        if (!response.ok) throw serverError(url, text.slice(0, 500), response.status);
      }
    },
    close: async () => {},
  };
}

/** Levels into InfluxDB 2: a measurement a name, the number in the field `value`, labels as tags. */
export function createInfluxLevels(options: InfluxOptions): LevelSink {
  const writer = new LineWriter({ ...options, url: options.url.replace(/\/$/, ''), timeoutMs: TIMEOUT_MS });
  writer.open();
  return {
    async write(samples, at) {
      for (const chunk of chunksOf(samples)) await writer.send(chunk.map((sample) => protocolLine(sample, at)));
    },
    close: () => writer.close(),
  };
}

/** https://github.com/prometheus/docs/blob/main/content/docs/instrumenting/exposition_formats.md */
export function expositionLine({ name, labels, value }: LevelSample, at: number): string {
  const list = labelsOf(labels).map(
    ([key, text]) => `${key}="${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`,
  );
  return `${name}{${list.join(',')}} ${value} ${Math.round(at)}`;
}

/** https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/ */
export function protocolLine({ name, labels, value }: LevelSample, at: number): string {
  const tags = labelsOf(labels).map(
    ([key, text]) => `,${key}=${text.replace(/[\\\n\r]/g, '_').replace(/[,= ]/g, '\\$&')}`,
  );
  return `${name}${tags.join('')} value=${value} ${Math.round(at)}`;
}

function labelsOf(labels: LevelSample['labels']): (readonly [string, string])[] {
  return Object.entries(labels).filter(([, text]) => text !== '');
}

function* chunksOf(samples: readonly LevelSample[]): Generator<readonly LevelSample[]> {
  // What is not a number has no line in either protocol.
  const finite = samples.filter(({ value }) => Number.isFinite(value));
  for (let i = 0; i < finite.length; i += CHUNK) yield finite.slice(i, i + CHUNK);
}
