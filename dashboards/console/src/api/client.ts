import type { Problem } from './types.ts';

/** A failed answer of the API: problem details (RFC 9457), or `status` 0 when nothing answered. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Path under `/api/v1` with its query; undefined and empty values are left out. */
export function apiUrl(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `/api/v1${path}${search ? `?${search}` : ''}`;
}

async function answerOf<T>(request: Promise<Response>): Promise<T> {
  let response: Response;
  try {
    response = await request;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'api.unreachable', 'the platform does not answer');
  }
  if (response.status === 204) return undefined as T;
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as T;
  const problem = (body ?? {}) as Partial<Problem>;
  throw new ApiError(response.status, problem.code ?? 'api.failed', problem.detail ?? response.statusText);
}

export function getJson<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return answerOf<T>(fetch(apiUrl(path, query), signal ? { signal } : {}));
}

export function sendJson<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
  return answerOf<T>(
    fetch(apiUrl(path), {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    }),
  );
}

/** A path segment, encoded. */
export function seg(text: string): string {
  return encodeURIComponent(text);
}
