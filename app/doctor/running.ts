import { messageOf } from '../../contract/errors.ts';
import type { Check } from '../../contract/room.ts';
import { type Examined, error, ok, warning } from './finding.ts';

const WAIT_MS = 5_000;
const BEHIND = 200;
/** What to look at, by words in a failing check. */
const NEXT: readonly (readonly [RegExp, string])[] = [
  [/mqtt|broker/i, 'see that the broker runs and that its address and credentials are right'],
  [/inbox|journal/i, 'see that the journal has disk and budget left, and that its server answers'],
  [/telemetry/i, 'see that the telemetry store answers and has disk left; the journal keeps what it has not taken'],
  [/lease|registry|reconcile|read models|postgres/i, 'see that the database answers'],
  [/analytics/i, 'read the log for the reader that stopped; what it reads is kept; restart after its cause is mended'],
];

/** What a running process says of itself. */
export async function examineRunning(url: string, token: string | undefined): Promise<readonly Examined[]> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const get = (path: string) => fetch(url + path, { headers, signal: AbortSignal.timeout(WAIT_MS) });
  try {
    const ready = await get('/readyz');
    const { checks } = (await ready.json()) as { readonly checks: readonly Check[] };
    const failing = checks.filter((check) => !check.ok);
    const examined: Examined[] = failing.map(({ name, detail }) =>
      error(
        name,
        detail ?? 'not well',
        NEXT.find(([words]) => words.test(`${name} ${detail}`))?.[1] ?? 'read the log of this process',
      ),
    );
    if (failing.length === 0) {
      examined.push(
        ready.ok ? ok('running', `${url} is ready`) : warning('running', `${url} is starting`, 'wait, and look again'),
      );
    }
    const metrics = await get('/metrics');
    if (metrics.ok) return [...examined, ...examineMetrics(await metrics.text())];
    return [
      ...examined,
      warning('metrics', `${url}/metrics answers ${metrics.status}`, 'give --token of an administrator'),
    ];
  } catch (thrown) {
    return [
      error('running', `${url} does not answer: ${messageOf(thrown)}`, 'look at its log, and restart it if it hangs'),
    ];
  }
}

/** Lag of the journal's readers, and effects given up, out of Prometheus text. */
export function examineMetrics(text: string): readonly Examined[] {
  const samples = (name: string): { readonly labels: string; readonly value: number }[] =>
    [...text.matchAll(new RegExp(`^${name}(?:\\{([^}]*)\\})? ([^ \\n]+)`, 'gm'))].map((match) => ({
      labels: match[1] ?? '',
      value: Number(match[2]),
    }));
  const lags = new Map<string, number>();
  for (const { labels, value } of samples('tillwatch_journal_lag_batches')) {
    const consumer = /consumer="([^"]*)"/.exec(labels)?.[1] ?? '?';
    lags.set(consumer, (lags.get(consumer) ?? 0) + value);
  }
  const behind = [...lags].filter(([, lag]) => lag > BEHIND);
  const given = samples('tillwatch_effects_failed_total')
    .filter(({ labels }) => labels.includes('given_up="true"'))
    .reduce((sum, { value }) => sum + value, 0);
  return [
    behind.length === 0
      ? ok('lag', 'every reader of the journal keeps up')
      : warning(
          'lag',
          behind.map(([consumer, lag]) => `${consumer} is ${lag} batches behind`).join('; '),
          'see that what it writes to answers quickly; add a worker of that room; raise TILLWATCH_JOURNAL_BUDGET_MB meanwhile',
        ),
    given === 0
      ? ok('notices and commands', 'none was given up')
      : warning(
          'notices and commands',
          `${given} were given up`,
          'read them (GET /api/v1/tenants/TENANT/notices), mend the cause, replay them',
        ),
  ];
}
