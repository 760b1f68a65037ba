import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { messageOf } from '../../contract/errors.ts';
import { MIGRATIONS } from '../../store/relational/migrations/index.ts';
import { type Config, SETTINGS } from '../config.ts';
import { type Examined, error, ok, warning } from './finding.ts';

const WAIT_MS = 3_000;
const SKEW_WARNING_MS = 2_000;
const SKEW_ERROR_MS = 60_000;
const LETTERS_PER_HOUR = 100;

/** Servers that the configuration names: do they answer, and do their clocks agree with this one. */
export async function examineServers(config: Config, now: () => number): Promise<readonly Examined[]> {
  const examined: Examined[] = [];
  if (config.mqttUrl !== '') examined.push(await reach('broker', config.mqttUrl, SETTINGS.mqttUrl.env, 1883));
  if (!config.journal.startsWith('sqlite:')) {
    for (const url of config.journal.split(',')) examined.push(await reach('journal', url, SETTINGS.journal.env, 4222));
  }
  const telemetry = /^(?:victoria|influx):(.*)$/.exec(config.telemetry)?.[1];
  if (telemetry) examined.push(...(await examineTelemetry(telemetry, now)));
  return examined;
}

async function reach(name: string, url: string, env: string, fallback: number): Promise<Examined> {
  const { hostname, port } = new URL(url);
  const at = { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? fallback : Number(port) };
  const failure = await new Promise<string | undefined>((resolve) => {
    const socket = connect({ ...at, timeout: WAIT_MS });
    const end = (why?: string): void => {
      socket.destroy();
      resolve(why);
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end(`no answer within ${WAIT_MS / 1000} s`));
    socket.once('error', (thrown: NodeJS.ErrnoException) => end(thrown.code ?? thrown.message));
  });
  if (failure === undefined) return ok(name, `${at.host}:${at.port} answers`);
  return error(
    name,
    `${at.host}:${at.port} does not answer: ${failure}`,
    `start it, open the way to it, or mend ${env}; until then nothing is acknowledged and nothing is lost`,
  );
}

async function examineTelemetry(url: string, now: () => number): Promise<readonly Examined[]> {
  const name = 'telemetry store';
  try {
    const answer = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(WAIT_MS) });
    const date = Date.parse(answer.headers.get('date') ?? '');
    const clock = Number.isNaN(date) ? [] : [examineSkew('clock of the telemetry store', date + 500, now())];
    if (answer.ok) return [ok(name, `${url} answers`), ...clock];
    return [
      error(name, `${url} answers ${answer.status}`, 'look at its log; the journal keeps what it has not taken'),
      ...clock,
    ];
  } catch (thrown) {
    const next = `start it, or mend ${SETTINGS.telemetry.env}; the journal keeps what it has not taken, as far as its budget reaches`;
    return [error(name, `${url} does not answer: ${messageOf(thrown)}`, next)];
  }
}

function examineSkew(name: string, theirs: number, ours: number): Examined {
  const apart = Math.abs(theirs - ours);
  const seen = `${(apart / 1000).toFixed(1)} s from this machine's`;
  const next =
    'let both machines keep time by NTP (timedatectl set-ntp true): event times of terminals are measured against it';
  if (apart > SKEW_ERROR_MS) return error(name, seen, next);
  return apart > SKEW_WARNING_MS ? warning(name, seen, next) : ok(name, seen);
}

interface TablesSeen {
  readonly steps: readonly string[];
  readonly letters: number;
  readonly clock?: number;
}

/** The tables: reachable, of which version, and whether messages that cannot be used pile up. */
export async function examineTables(config: Config, now: () => number): Promise<readonly Examined[]> {
  const name = 'tables';
  let seen: TablesSeen | undefined;
  try {
    seen =
      config.relational === 'sqlite:'
        ? ofFile(join(config.dataDir, 'tillwatch.db'), now())
        : await ofServer(config, now());
  } catch (thrown) {
    const next =
      config.relational === 'sqlite:'
        ? 'restore the last backup into a new directory (tillwatch restore), and keep this one to look at'
        : `start PostgreSQL, or mend ${SETTINGS.relational.env}; messages are taken meanwhile, findings and tickets wait`;
    return [error(name, `cannot be read: ${messageOf(thrown)}`, next)];
  }
  if (!seen) return [ok(name, 'none yet: the first start makes them')];
  const known = MIGRATIONS.map((step) => step.name);
  const newer = seen.steps.filter((step) => !known.includes(step));
  const missing = known.filter((step) => !seen.steps.includes(step));
  const schema =
    newer.length > 0
      ? error(
          'schema',
          `a newer Tillwatch has written it (${newer.join(', ')})`,
          'install that version again, or restore the backup made before it',
        )
      : missing.length > 0
        ? warning(
            'schema',
            `${missing.length} step(s) behind this program`,
            'make a backup (tillwatch backup); the next start brings it up to date',
          )
        : ok('schema', `up to date (${known.at(-1)})`);
  const piling = `${seen.letters} dead letters in the last hour`;
  return [
    ok(name, 'can be read'),
    schema,
    seen.letters > LETTERS_PER_HOUR
      ? warning(
          'dead letters',
          piling,
          'read their reasons (GET /api/v1/tenants/TENANT/dead-letters): a terminal or gateway speaks wrongly; replay them once that is mended',
        )
      : ok('dead letters', piling),
    ...(seen.clock === undefined ? [] : [examineSkew('clock of the database', seen.clock, now())]),
  ];
}

const STEPS = 'select name from kysely_migration order by name';
const HOUR = 3_600_000;

function ofFile(path: string, now: number): TablesSeen | undefined {
  if (!existsSync(path)) return undefined;
  const db = new DatabaseSync(path, { readOnly: true, timeout: WAIT_MS });
  try {
    const steps = db.prepare(STEPS).all() as { name: string }[];
    const letters = db.prepare('select count(*) as n from dead_letter where received_at > ?').get(now - HOUR) as {
      n: number;
    };
    return { steps: steps.map((row) => row.name), letters: letters.n };
  } finally {
    db.close();
  }
}

async function ofServer(config: Config, now: number): Promise<TablesSeen | undefined> {
  const client = new pg.Client({
    connectionString: config.relational,
    connectionTimeoutMillis: WAIT_MS,
    query_timeout: WAIT_MS,
  });
  client.on('error', () => {
    // Lost while it is asked: the query says so.
  });
  await client.connect();
  try {
    const clock = await client.query<{ at: string }>('select extract(epoch from clock_timestamp()) * 1000 as at');
    const made = await client.query<{ there: string | null }>("select to_regclass('kysely_migration') as there");
    if (made.rows[0]?.there === null) return undefined;
    const steps = await client.query<{ name: string }>(STEPS);
    const letters = await client.query<{ n: string }>('select count(*) as n from dead_letter where received_at > $1', [
      now - HOUR,
    ]);
    return {
      steps: steps.rows.map((row) => row.name),
      letters: Number(letters.rows[0]?.n ?? 0),
      clock: Number(clock.rows[0]?.at ?? now),
    };
  } finally {
    await client.end();
  }
}
