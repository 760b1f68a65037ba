import { type ErrorCode, TillwatchError } from '../../contract/errors.ts';

/** What crosses between a store's client and its worker thread. */
export interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: ErrorRecord;
}

/** An error as plain data: class instances do not survive the crossing. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  readonly message: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly retryable: boolean;
  readonly status: number;
}

/** Flattens a thrown value; what is not ours keeps its own code in `context` and goes by `fallback`. */
export function errorToRecord(error: unknown, fallback: ErrorCode): ErrorRecord {
  if (error instanceof TillwatchError) {
    return {
      code: error.code,
      message: error.message,
      context: error.context,
      retryable: error.retryable,
      status: error.status,
    };
  }
  const { message, code, errcode } = (error ?? {}) as { message?: unknown; code?: unknown; errcode?: unknown };
  return {
    code: fallback,
    message: typeof message === 'string' ? message : String(error),
    context: { ...(code === undefined ? {} : { code }), ...(errcode === undefined ? {} : { errcode }) },
    retryable: false,
    status: 500,
  };
}

/** The error again, as an instance. */
export function recordToError(record: ErrorRecord): TillwatchError {
  const { code, message, ...details } = record;
  return new TillwatchError(code, message, details);
}
