/** Waits until `probe` answers something truthy, asking again every `everyMs`; throws with `what` after `timeoutMs`. For real processes only. */
export async function until<T>(
  what: string,
  probe: () => T | undefined | false | null | Promise<T | undefined | false | null>,
  timeoutMs = 30_000,
  everyMs = 25,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await probe();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}; last answer: ${String(last)}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
