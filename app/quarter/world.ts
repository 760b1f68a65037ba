import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import { type FastifyInstance, fastify } from 'fastify';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { type Alerts, createAlerts } from '../../alerts/service.ts';
import { Engine } from '../../analytics/core/engine.ts';
import { TillwatchError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { TerminalFacts } from '../../contract/ports/directory.ts';
import type { JournalFeed, Subscription } from '../../contract/ports/journal.ts';
import type { Notice } from '../../contract/ports/notifier.ts';
import type { TicketRepository } from '../../contract/ports/tickets.ts';
import type { Principal } from '../../contract/principal.ts';
import type { Reading, ReadingBatch } from '../../contract/reading.ts';
import { asTenantId, type TenantId } from '../../contract/topics.ts';
import type { Fleet } from '../../firmware-sim/service.ts';
import { createPipeline } from '../../ingest/core/pipeline.ts';
import { openRelational } from '../../store/relational/open.ts';
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

/** A clock that is moved by hand: months pass as fast as the machine can live them. */
class StepClock implements Clock {
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }
  now(): number {
    return this.#now;
  }
  set(now: number): void {
    this.#now = now;
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

/** A person who signs in. */
export type Who = Pick<Principal, 'name' | 'role'>;

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** A fleet and the platform around it, living in virtual time: terminals → readings → findings → tickets → commands → terminals. */
export interface World {
  readonly tenant: TenantId;
  readonly fleet: Fleet;
  readonly tickets: TicketRepository;
  readonly notices: readonly Notice[];
  readonly messages: number;
  now(): number;
  /** Lives on until a time, in steps. */
  live(until: number): Promise<void>;
  /** Lets go out what has been decided, and terminals answer. */
  settle(): Promise<void>;
  /** Calls the platform's own API as somebody; paths begin after `/api/v1`. */
  call<T>(who: Who, method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<Answer<T>>;
  /** As `call` for bytes. */
  send(who: Who, path: string, bytes: Uint8Array): Promise<Answer<unknown>>;
  /** Runs a job of the alerts room by its name. */
  job(name: string): Promise<void>;
  close(): Promise<void>;
}

const STEP_MS = 30 * 60_000;
/** Terminals answer commands within this time. */
const ANSWER_MS = 2 * 60_000;
const DAY = 86_400_000;
const HOUR = 3_600_000;

/** A feed that hands each batch on at once: nothing here outlives the process. */
function handOver(): JournalFeed & { readonly readers: ((batch: ReadingBatch) => Promise<void> | void)[] } {
  const readers: ((batch: ReadingBatch) => Promise<void> | void)[] = [];
  let position = 0;
  return {
    readers,
    async publish(shard, readings) {
      position += 1;
      for (const read of readers) await read({ shard, position, readings });
      return position;
    },
    async consume({ handle }): Promise<Subscription> {
      readers.push(handle);
      return {
        get position() {
          return position;
        },
        lag: 0,
        failure: undefined,
        acknowledge: async () => {},
        stop: async () => {
          readers.splice(readers.indexOf(handle), 1);
        },
      };
    },
    stop: async () => {},
  };
}

/** Builds the world at the fleet's beginning, on a relational store in memory. */
export async function createWorld(fleet: Fleet, random: () => number): Promise<World> {
  const tenant = asTenantId(fleet.scenario.tenant);
  const clock = new StepClock(fleet.now);
  const relational = await openRelational({ url: 'sqlite::memory:' });
  await relational.migrate();
  const registry = createRegistryRepository(relational);
  const findings = createFindingStore(relational);
  const tickets = createTicketRepository(relational);
  const feed = handOver();
  const notices: Notice[] = [];
  const facts = new Map<string, TerminalFacts>();
  const used = new Map<string, Record<string, number>>();
  const places = new Map(fleet.sites().map((site) => [site.site, site]));
  const indexOf = new Map(fleet.terminals.map((terminal, index) => [terminal.config.id, index]));
  const pipeline = createPipeline();
  const engine = new Engine({ siteOf: (_tenant, terminal) => facts.get(terminal)?.site ?? undefined });
  for (const site of places.values()) await registry.putSite(site, clock.now());
  // They have been in use for most of a year, so that their yearly checks fall due one after another.
  await registry.announce(
    fleet.terminals.map(({ config }, i) => {
      const at = clock.now() - (270 + ((i * 37) % 95)) * DAY;
      return { tenant, terminal: config.id, at, receivedAt: at, birth: null };
    }),
  );
  let ids = 0;
  let sent = 0;
  const alerts: Alerts = createAlerts({
    clock,
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
    feed,
    shards: 1,
    findings,
    opinions: createOpinionStore(relational),
    tickets,
    outbox: createOutbox(relational),
    holds: createHoldRepository(relational),
    outcomes: createOutcomeLog(relational),
    assets: createAssetRepository(relational),
    shelf: createDocumentShelf(relational),
    files: createAttachmentStore(relational),
    telemetry: {
      latest: async (_tenant, terminals) =>
        terminals.flatMap((terminal) => {
          const values = used.get(terminal);
          return values ? [{ terminal, ts: clock.now(), values }] : [];
        }),
    },
    registry,
    directory: { facts: (_tenant, terminal) => facts.get(terminal) },
    commands: {
      async send(_tenant, terminal, command) {
        const index = indexOf.get(terminal);
        sent += 1;
        if (index !== undefined) fleet.command(index, JSON.stringify(command), clock.now());
      },
      status: async () => [],
    },
    worker: 'main',
    workers: createWorkerBoard(relational),
    notifiers: [{ name: 'people', send: async (notice) => void notices.push(notice) }],
    random,
    newId: () => `id-${++ids}`,
    randomBytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(random() * 256)),
  });
  await alerts.start();
  const http = await serve(alerts);
  let messages = 0;
  let hourly = clock.now();

  function learn(reading: Reading): void {
    if (reading.channel === 'birth') {
      const { site = null, model, vendor = null, firmware, network, heartbeat_s, timezone } = reading.payload;
      const place = site === null ? undefined : places.get(site);
      facts.set(reading.terminal, {
        site,
        model,
        vendor,
        firmware,
        carrier: network?.carrier ?? null,
        heartbeatS: heartbeat_s ?? 60,
        lifecycle: 'active',
        timezone: place?.timezone ?? timezone ?? null,
        hours: place?.hours ?? null,
      });
    } else if (reading.channel === 'counters') {
      const values = used.get(reading.terminal) ?? {};
      for (const [group, counters] of Object.entries(reading.payload)) {
        if (typeof counters !== 'object' || counters === null) continue;
        for (const [name, value] of Object.entries(counters))
          if (typeof value === 'number') values[`${group}.${name}`] = value;
      }
      used.set(reading.terminal, values);
    }
  }

  async function step(until: number): Promise<void> {
    const answers: Reading[] = [];
    for (const slice of fleet.slices(until)) {
      for (const message of slice) {
        if (message.kind !== 'message' && message.kind !== 'will') continue;
        messages += 1;
        const due = engine.advance(message.receivedAt);
        if (due.length > 0) await findings.state(due);
        const bytes = typeof message.payload === 'string' ? new TextEncoder().encode(message.payload) : message.payload;
        const out = pipeline.accept(message.topic, bytes, message.receivedAt, { recorded: true });
        if (out.announcements.length > 0) {
          for (const { terminal } of await registry.announce(out.announcements)) {
            const known = await registry.get(tenant, terminal);
            if (known?.lifecycle === 'pending')
              await registry.change(tenant, terminal, { kind: 'accept' }, clock.now(), 'desk');
          }
        }
        for (const reading of out.readings) {
          learn(reading);
          const stated = engine.process(reading);
          if (stated.length > 0) await findings.state(stated);
          const told =
            reading.channel === 'result' || (reading.channel === 'event' && reading.payload.type === 'self_test');
          if (told) answers.push(reading);
        }
      }
    }
    clock.set(until);
    await findings.state(engine.advance(until));
    if (answers.length > 0) await feed.publish(0, answers);
    await alerts.pass();
    await job('alerts: rollouts');
    if (until - hourly < HOUR) return;
    hourly = until;
    await job('alerts: learn from ended tickets');
    await job('alerts: open checks that are due');
  }

  async function job(name: string): Promise<void> {
    const found = alerts.jobs?.find((one) => one.name === name);
    if (!found) throw new TillwatchError('quarter.no_job', `the alerts room has no job "${name}"`);
    await found.run(clock.now(), new AbortController().signal);
  }

  async function inject<T>(
    who: Who,
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    payload: unknown,
    type: string,
  ): Promise<Answer<T>> {
    const answer = await http.inject({
      method,
      url: `/api/v1${path}`,
      headers: {
        'x-name': encodeURIComponent(who.name),
        'x-role': who.role,
        ...(payload === undefined ? {} : { 'content-type': type }),
      },
      ...(payload === undefined ? {} : { payload: payload as object }),
    });
    const json = answer.headers['content-type']?.toString().includes('json');
    return { status: answer.statusCode, body: (json ? answer.json() : answer.body) as T };
  }

  return {
    tenant,
    fleet,
    tickets,
    notices,
    get messages() {
      return messages;
    },
    now: () => clock.now(),
    async live(until) {
      while (clock.now() < until) {
        const before = sent;
        await step(Math.min(until, clock.now() + STEP_MS));
        if (sent > before) await step(clock.now() + ANSWER_MS);
      }
    },
    async settle() {
      await alerts.pass();
      await step(clock.now() + ANSWER_MS);
    },
    call: (who, method, path, body) => inject(who, method, path, body, 'application/json'),
    send: (who, path, bytes) => inject(who, 'POST', path, Buffer.from(bytes), 'application/octet-stream'),
    job,
    async close() {
      await http.close();
      await alerts.stop();
      await relational.close();
    },
  };
}

/** The room's own routes, without a socket: the caller's name and role come with each request. */
async function serve(alerts: Alerts): Promise<FastifyInstance> {
  const http = fastify().setValidatorCompiler(TypeBoxValidatorCompiler);
  http.decorateRequest('principal', null as unknown as Principal);
  http.addHook('onRequest', async (request) => {
    request.principal = {
      ...request.principal,
      name: decodeURIComponent(String(request.headers['x-name'])),
      role: request.headers['x-role'] as Principal['role'],
      tenants: '*',
    };
  });
  http.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error instanceof TillwatchError ? error.status : (error.statusCode ?? 500);
    return reply.code(status).send({ detail: error.message });
  });
  await http.register(
    async (api) => {
      await alerts.routes?.(api as unknown as FastifyInstance);
    },
    { prefix: '/api/v1' },
  );
  return http as unknown as FastifyInstance;
}
