import { HttpError, InfluxDB, type WriteApi } from '@influxdata/influxdb-client';
import { messageOf, TillwatchError } from '../../../contract/errors.ts';

export interface LineWriterOptions {
  readonly url: string;
  readonly token?: string;
  readonly org: string;
  readonly bucket: string;
  readonly timeoutMs: number;
}

/** Sends lines over `/api/v2/write`. The client's own buffering and retry are off: the journal is the retry, and knows what was stored. */
export class LineWriter {
  readonly #options: LineWriterOptions;
  #api: WriteApi | undefined;

  constructor(options: LineWriterOptions) {
    this.#options = options;
  }

  open(): void {
    const { url, token, org, bucket, timeoutMs } = this.#options;
    this.#api = new InfluxDB({ url, timeout: timeoutMs, ...(token ? { token } : {}) }).getWriteApi(org, bucket, 'ms', {
      batchSize: 100_000,
      maxBatchBytes: 2 ** 30,
      flushInterval: 0,
      maxRetries: 0,
      maxBufferLines: 0,
      gzipThreshold: 1000,
      // Hands the error to whoever waits for the flush, and keeps it off the console.
      writeFailed: (error) => Promise.reject(error),
    });
  }

  async send(lines: readonly string[]): Promise<void> {
    const api = this.#api;
    if (!api) throw new TillwatchError('telemetry.closed', 'the telemetry store is not open');
    if (lines.length === 0) return;
    try {
      // One record of many lines: nothing is counted or cut by the client.
      api.writeRecord(lines.join('\n'));
      await api.flush();
    } catch (error) {
      throw serverError(this.#options.url, error, error instanceof HttpError ? error.statusCode : undefined);
    }
  }

  async close(): Promise<void> {
    const api = this.#api;
    this.#api = undefined;
    await api?.close();
  }
}

/** A server's answer as one of our errors: anything but a refusal of the request itself may pass. */
export function serverError(url: string, error: unknown, status: number | undefined): TillwatchError {
  const passing = status === undefined || status === 429 || status >= 500;
  return new TillwatchError(passing ? 'telemetry.unavailable' : 'telemetry.failed', `${url}: ${messageOf(error)}`, {
    context: { url, status },
    retryable: passing,
    status: passing ? 503 : 500,
    cause: error,
  });
}
