import { messageOf, TillwatchError } from '../../../contract/errors.ts';

const TIMEOUT_MS = 10_000;

/** Posts a body and throws `notifier.refused` or `notifier.unavailable` (retryable: no answer, 408, 429, 5xx) unless the answer is 2xx. */
export async function post(
  name: string,
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause ? ` (${messageOf(error.cause)})` : '';
    throw new TillwatchError('notifier.unavailable', `${name} cannot be reached: ${messageOf(error)}${cause}`, {
      retryable: true,
      cause: error,
    });
  }
  const text = (await response.text()).slice(0, 2_000);
  if (response.ok) return text;
  const retryable = response.status >= 500 || response.status === 429 || response.status === 408;
  throw new TillwatchError(
    retryable ? 'notifier.unavailable' : 'notifier.refused',
    `${name} answered ${response.status}${text ? `: ${text.slice(0, 200)}` : ''}`,
    { retryable, context: { status: response.status } },
  );
}
