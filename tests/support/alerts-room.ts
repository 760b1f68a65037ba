import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import { type FastifyInstance, fastify } from 'fastify';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { type Alerts, type AlertsDeps, createAlerts } from '../../alerts/service.ts';
import { TillwatchError } from '../../contract/errors.ts';
import type { Finding } from '../../contract/findings.ts';
import type { Command } from '../../contract/payloads.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { TerminalFacts } from '../../contract/ports/directory.ts';
import type { Notice } from '../../contract/ports/notifier.ts';
import type { RegistryRepository } from '../../contract/ports/registry.ts';
import type { Principal } from '../../contract/principal.ts';
import type { Reading } from '../../contract/reading.ts';
import { asTenantId, type UpChannel } from '../../contract/topics.ts';
import { createJournalFeed } from '../../store/journal/feed.ts';
import { createSqliteJournal } from '../../store/journal/sqlite/journal.ts';
import type { Relational } from '../../store/relational/relational.ts';
import { createAssetRepository } from '../../store/relational/repositories/assets.ts';
import { createAttachmentStore } from '../../store/relational/repositories/attachments.ts';
import { createFindingStore } from '../../store/relational/repositories/findings.ts';
import { createHoldRepository } from '../../store/relational/repositories/holds.ts';
import { createOpinionStore } from '../../store/relational/repositories/opinions.ts';
import { createOutbox } from '../../store/relational/repositories/outbox.ts';
import { createOutcomeLog } from '../../store/relational/repositories/outcomes.ts';
import { createRegistryRepository } from '../../store/relational/repositories/registry.ts';
import { createDocumentShelf } from '../../store/relational/repositories/shelf.ts';
import { createTicketRepository } from '../../store/relational/repositories/tickets.ts';
import { createWorkerBoard } from '../../store/relational/repositories/workers.ts';
import { until } from './until.ts';

export const TENANT = asTenantId('demo');
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** A Monday, 08:00 UTC. */
export const START = Date.UTC(2026, 0, 5, 8);

/** A clock that jumps where the test puts it; the room's own ticks never come, as the test runs its passes itself. */
export class JumpClock implements Clock {
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }
  now(): number {
    return this.#now;
  }
  jump(ms: number): void {
    this.#now += ms;
  }
  sleep(_ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
    });
  }
  every(): () => void {
    return () => {};
  }
}

export interface SentCommand {
  readonly terminal: string;
  readonly command: Command;
}

/** The real alerts room on real embedded stores, with its clock in the test's hand; terminals answer only when the test says so. */
export interface AlertsRoom {
  readonly room: Alerts;
  readonly deps: AlertsDeps;
  readonly clock: JumpClock;
  readonly http: FastifyInstance;
  readonly notices: Notice[];
  readonly sent: SentCommand[];
  readonly facts: Map<string, TerminalFacts>;
  /** Newest values of metrics by terminal, as the telemetry store would answer them. */
  readonly uses: Map<string, Record<string, number>>;
  readonly registry: RegistryRepository;
  /** A terminal makes itself known at a time, at site S-1. */
  announce(terminal: string, at: number, birth?: object): Promise<void>;
  /** Runs one of the room's jobs by its name. */
  job(name: string): Promise<void>;
  /** States a finding as analytics would, and runs a pass of the room. */
  state(...findings: readonly Finding[]): Promise<void>;
  /** Puts a terminal's message through the journal. */
  say(channel: UpChannel, terminal: string, payload: object): Promise<void>;
  /** Moves time and runs a pass. */
  pass(ms?: number): Promise<void>;
  as(principal: Partial<Principal>): void;
  get<T>(path: string): Promise<T>;
  call<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<{ status: number; body: T }>;
  /** As `call`, by a path of its own below the API. */
  raw<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ status: number; body: T }>;
  stop(): Promise<void>;
}

export function finding(over: Partial<Finding> = {}): Finding {
  return {
    at: START,
    tenant: TENANT,
    scope: 'terminal',
    subject: 'T-1',
    terminal: over.scope && over.scope !== 'terminal' ? null : (over.subject ?? 'T-1'),
    component: 'printer',
    mode: 'head_wear',
    state: 'open',
    severity: 'warning',
    probability: 0.6,
    horizonH: 72,
    failsAt: START + 3 * DAY,
    failsAtP10: START + 2 * DAY,
    failsAtP90: START + 5 * DAY,
    evidence: [
      { metric: 'printer.dead_dots', value: 14, baseline: 2, why: 'Dead dots rose from 2 to 14 in six days.' },
    ],
    ...over,
  };
}

export function facts(over: Partial<TerminalFacts> = {}): TerminalFacts {
  return {
    site: 'S-1',
    model: 'P400',
    vendor: 'Acme',
    firmware: '1.0.0',
    carrier: null,
    heartbeatS: 60,
    lifecycle: 'active',
    timezone: 'Asia/Shanghai',
    hours: null,
    ...over,
  };
}

export interface AlertsRoomOptions {
  readonly over?: Partial<AlertsDeps>;
  readonly clock?: JumpClock;
  /** A journal directory to keep. */
  readonly dir?: string;
}

export async function startAlertsRoom(relational: Relational, options: AlertsRoomOptions = {}): Promise<AlertsRoom> {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'tillwatch-alerts-'));
  const clock = options.clock ?? new JumpClock(START);
  const log = pino({ level: process.env.TILLWATCH_TEST_LOG ?? 'silent' });
  const metrics = new Registry();
  const journal = createSqliteJournal({ dir, shards: 1, budgetBytes: 2 ** 28 });
  await journal.start();
  const feed = createJournalFeed({ journal, clock, log, metrics });
  const notices: Notice[] = [];
  const sent: SentCommand[] = [];
  const known = new Map<string, TerminalFacts>();
  const registry = createRegistryRepository(relational);
  const uses = new Map<string, Record<string, number>>();
  const findings = createFindingStore(relational);
  const deps: AlertsDeps = {
    clock,
    log,
    metrics,
    feed,
    shards: 1,
    findings,
    opinions: createOpinionStore(relational),
    tickets: createTicketRepository(relational),
    outbox: createOutbox(relational),
    holds: createHoldRepository(relational),
    outcomes: createOutcomeLog(relational),
    assets: createAssetRepository(relational),
    shelf: createDocumentShelf(relational),
    files: createAttachmentStore(relational),
    telemetry: {
      latest: async (_tenant, ids) =>
        ids.flatMap((terminal) =>
          uses.has(terminal) ? [{ terminal, ts: clock.now(), values: uses.get(terminal)! }] : [],
        ),
    },
    registry,
    directory: { facts: (_tenant, terminal) => known.get(terminal) },
    commands: {
      async send(_tenant, terminal, command) {
        sent.push({ terminal, command });
      },
      status: async () => [],
    },
    notifiers: [
      {
        name: 'test',
        async send(notice) {
          notices.push(notice);
        },
      },
    ],
    worker: 'main',
    workers: createWorkerBoard(relational),
    random: () => 0.5,
    newId: counter(),
    randomBytes: (count) => randomBytes(count),
    ...options.over,
  };
  const room = createAlerts(deps);
  await room.start();
  let principal: Principal = { name: 'olga', role: 'operations', tenants: '*' };
  const http = fastify().setValidatorCompiler(TypeBoxValidatorCompiler);
  http.decorateRequest('principal', null as unknown as Principal);
  http.addHook('onRequest', async (request) => {
    request.principal = principal;
  });
  http.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error instanceof TillwatchError ? error.status : (error.statusCode ?? 500);
    return reply
      .code(status)
      .send({ code: error instanceof TillwatchError ? error.code : 'error', detail: error.message });
  });
  await http.register(
    async (api) => {
      await room.routes?.(api);
    },
    { prefix: '/api/v1' },
  );
  let seq = 0;
  const self: AlertsRoom = {
    room,
    deps,
    clock,
    http,
    notices,
    sent,
    facts: known,
    uses,
    registry,
    async announce(terminal, at, birth = {}) {
      const full = {
        ts: at,
        boot: 'b0',
        seq: 0,
        serial: `A-${terminal}`,
        model: 'P400',
        firmware: '1.0.0',
        site: 'S-1',
        ...birth,
      };
      await registry.announce([{ tenant: TENANT, terminal, at, receivedAt: at, birth: full }]);
    },
    async job(name) {
      const job = room.jobs?.find((one) => one.name === name);
      if (!job) throw new TillwatchError('test.no_job', `there is no job "${name}"`);
      await job.run(clock.now(), new AbortController().signal);
      await room.pass();
    },
    async state(...list) {
      await findings.state(list);
      await self.pass();
    },
    async say(channel, terminal, payload) {
      const full = { ts: clock.now(), boot: 'b1', seq: seq++, ...payload };
      const reading = {
        tenant: TENANT,
        terminal,
        channel,
        ts: clock.now(),
        receivedAt: clock.now(),
        boot: 'b1',
        seq,
        payload: full,
        raw: new TextEncoder().encode(JSON.stringify(full)),
      } as unknown as Reading;
      await feed.publish(0, [reading]);
      await until('the alerts room to read its journal', () =>
        room.health().checks.every((check) => !check.detail?.match(/^[1-9]\d* journal/)),
      );
      await room.pass();
    },
    async pass(ms = 1_000) {
      clock.jump(ms);
      await room.pass();
    },
    as(over) {
      principal = { name: 'olga', role: 'operations', tenants: '*', ...over };
    },
    async get<T>(path: string) {
      const answer = await http.inject({ method: 'GET', url: `/api/v1/tenants/demo${path}` });
      if (answer.statusCode !== 200)
        throw new TillwatchError('test.status', `${path}: ${answer.statusCode} ${answer.body}`);
      return (answer.headers['content-type']?.toString().includes('json') ? answer.json() : answer.body) as T;
    },
    async call<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) {
      const answer = await http.inject({
        method,
        url: `/api/v1/tenants/demo${path}`,
        ...(body === undefined ? {} : { payload: body as object }),
      });
      return { status: answer.statusCode, body: (answer.body ? answer.json() : undefined) as T };
    },
    async raw<T>(method: 'GET' | 'POST', path: string, body?: unknown) {
      const answer = await http.inject({
        method,
        url: `/api/v1${path}`,
        ...(body === undefined ? {} : { payload: body as object }),
      });
      return { status: answer.statusCode, body: answer.json() as T };
    },
    async stop() {
      await http.close();
      await room.stop();
      await feed.stop();
      await journal.stop();
      if (!options.dir) rmSync(dir, { recursive: true, force: true });
    },
  };
  return self;
}

function counter(): () => string {
  let n = 0;
  return () => `id-${++n}`;
}
