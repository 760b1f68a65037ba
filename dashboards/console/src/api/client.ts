import createClient from 'openapi-fetch';
import type { paths } from './schema.gen.ts';

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

/** The client whose paths, parameters and answers are those of the OpenAPI document. */
export const api = createClient<paths>({ baseUrl: location.origin });

let csrf = '';

/** What a session's changes have to carry: a page of another site cannot know it. */
export function setCsrf(token: string): void {
  csrf = token;
}

/** Headers of whatever changes something. */
export function changing(): Record<string, string> {
  return csrf === '' ? {} : { 'x-csrf-token': csrf };
}

const listeners = new Set<() => void>();

/** Calls back when the platform no longer knows who is asking. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

api.use({
  onRequest({ request }) {
    if (request.method !== 'GET')
      for (const [name, value] of Object.entries(changing())) request.headers.set(name, value);
    return request;
  },
  onResponse({ request, response }) {
    if (response.status === 401 && !request.url.endsWith('/session')) for (const one of listeners) one();
  },
});

interface Fetched<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of an answer; anything else is thrown as `ApiError`. */
export async function answer<T>(request: Promise<Fetched<T>>): Promise<T> {
  let fetched: Fetched<T>;
  try {
    fetched = await request;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'api.unreachable', 'the platform does not answer');
  }
  const { data, error, response } = fetched;
  if (response.ok) return data as T;
  const problem = (typeof error === 'object' && error !== null ? error : {}) as { code?: string; detail?: string };
  throw new ApiError(response.status, problem.code ?? 'api.failed', problem.detail ?? response.statusText);
}

/** Puts a file's bytes somewhere. Errors: `ApiError`. */
export async function sendBytes(url: string, file: Blob): Promise<void> {
  const request = fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', ...changing() },
    body: file,
  });
  await answer(
    request.then(async (response) => {
      const body: unknown = await response.json();
      return response.ok ? { data: undefined, response } : { error: body, response };
    }),
  );
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** An address under `/api/v1` for what is not fetched but followed: downloads and the event stream. */
export function apiUrl(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `/api/v1${path}${search ? `?${search}` : ''}`;
}

/** A path segment, encoded. */
export function seg(text: string): string {
  return encodeURIComponent(text);
}
