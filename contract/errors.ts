/** An error's name in logs, metrics and API answers: `room.what_went_wrong`. */
export type ErrorCode = `${string}.${string}`;

export interface ErrorDetails {
  /** Facts that help a person: ids, field names, limits. Never secrets or card data. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** True when the same call may succeed later without anybody changing anything. */
  readonly retryable?: boolean;
  /** HTTP status to answer with where the error reaches an API caller; 500 when left out. */
  readonly status?: number;
  readonly cause?: unknown;
}

/** The one error class that Tillwatch throws on purpose: a code to switch on, a sentence for people, and whether to retry. */
export class TillwatchError extends Error {
  readonly code: ErrorCode;
  readonly context: Readonly<Record<string, unknown>>;
  readonly retryable: boolean;
  readonly status: number;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'TillwatchError';
    this.code = code;
    this.context = details.context ?? {};
    this.retryable = details.retryable ?? false;
    this.status = details.status ?? 500;
  }
}

/** Turns whatever was thrown into a sentence, for a log line or an operator. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
