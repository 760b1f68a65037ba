import { messageOf, TillwatchError } from '../../contract/errors.ts';

// https://www.sqlite.org/rescode.html (primary code = low byte) and https://www.postgresql.org/docs/15/errcodes-appendix.html
const SQLITE_BUSY = 5;
const SQLITE_IOERR = 10;
const SQLITE_FULL = 13;
const SQLITE_CONSTRAINT = 19;
const SQLITE_UNIQUE = new Set([1555, 2067]);
const PG_UNAVAILABLE = /^(08|25P03|53|57P|40001|40P01)/;
const SOCKET_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

/** Gives an engine's error one of our codes: `relational.conflict` (a key exists), `.unavailable` (retryable), `.failed`. */
export function relationalError(error: unknown): TillwatchError {
  const given = error instanceof TillwatchError ? error : undefined;
  if (given && given.code !== 'relational.failed') return given;
  const { code, errcode } = (given ? given.context : (error ?? {})) as { code?: string; errcode?: number };
  const context = { ...(code ? { code } : {}), ...(errcode === undefined ? {} : { errcode }) };
  const message = messageOf(error);
  if ((errcode !== undefined && SQLITE_UNIQUE.has(errcode)) || code === '23505') {
    return new TillwatchError('relational.conflict', message, { context, status: 409, cause: error });
  }
  const primary = errcode === undefined ? 0 : errcode & 0xff;
  const unavailable =
    primary === SQLITE_BUSY ||
    primary === SQLITE_IOERR ||
    primary === SQLITE_FULL ||
    (code !== undefined && (PG_UNAVAILABLE.test(code) || SOCKET_CODES.has(code))) ||
    /Connection terminated|connection timeout|timeout exceeded|Query read timeout/i.test(message);
  if (unavailable && primary !== SQLITE_CONSTRAINT) {
    return new TillwatchError('relational.unavailable', message, {
      context,
      retryable: true,
      status: 503,
      cause: error,
    });
  }
  return new TillwatchError('relational.failed', message, { context, cause: error });
}
