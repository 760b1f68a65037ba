import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../../contract/errors.ts';
import { COMPONENTS } from '../../../contract/modes.ts';
import type { Clock } from '../../../contract/ports/clock.ts';
import type { DocumentShelf } from '../../../contract/ports/shelf.ts';
import type { TicketRepository } from '../../../contract/ports/tickets.ts';
import type { Actor } from '../../../contract/ticket-parts.ts';
import { TICKET_STATES } from '../../../contract/tickets.ts';
import type { TenantId } from '../../../contract/topics.ts';
import { componentHinted, firstAidFor } from '../../core/first-aid.ts';
import { allowed } from '../../core/machine.ts';
import { codeFrom, MERCHANT_EVENTS, merchantFiles, merchantView, readCode } from '../../core/merchant-view.ts';
import type { TerminalNotes } from '../../core/reports.ts';
import { EVENTS, type TicketEvent } from '../../core/ticket-events.ts';
import { type FileRoom, MOST_BYTES } from '../file-room.ts';
import type { Intake } from '../intake.ts';
import type { Losses } from '../losses.ts';
import type { EmergencyPlan } from '../site-care.ts';
import type { TicketDesk } from '../ticket-desk.ts';
import { FileId, FileName } from './attachment-routes.ts';
import { list, need, tenantOf, typed } from './http.ts';
import { BytesBody, besidesBody, sendFile, withRawBodies } from './raw-bodies.ts';
import { EmergencySchema } from './site-care-routes.ts';
import { Nullable, Time } from './ticket-schemas.ts';

export interface MerchantRouteDeps {
  readonly clock: Clock;
  readonly shelf: DocumentShelf;
  readonly tickets: TicketRepository;
  readonly desk: TicketDesk;
  readonly intake: Intake;
  readonly files: FileRoom;
  readonly losses: Losses;
  /** The emergency plan of a terminal's site: who to call, how to sell meanwhile. */
  readonly emergency: (tenant: TenantId, terminal: string) => Promise<EmergencyPlan | null>;
  readonly notes: (tenant: TenantId, terminal: string) => Promise<TerminalNotes | undefined>;
  readonly randomBytes: (count: number) => Uint8Array;
}

const KIND = 'merchant_code';
const Text = Type.String();
const Short = Type.String({ minLength: 1, maxLength: 200 });
const CodeParams = Type.Object({ code: Type.String({ minLength: 8, maxLength: 20 }) });
const TicketParams = Type.Object({
  code: Type.String({ minLength: 8, maxLength: 20 }),
  id: Type.String({ pattern: '^TW-\\d{1,12}$' }),
});
const Step = Type.Object({ step: Text, en: Text, zh: Text });
const MerchantTicketSchema = Type.Object({
  id: Text,
  title: Text,
  fault: Nullable(Type.Object({ component: Type.Enum([...COMPONENTS]), mode: Text })),
  state: Type.Enum([...TICKET_STATES]),
  openedAt: Time,
  closedAt: Nullable(Time),
  eta: Nullable(Type.Object({ dueAt: Time, earliestAt: Time, latestAt: Time })),
  appointment: Nullable(
    Type.Object({ from: Time, to: Time, place: Type.Enum(['store', 'service_point']), technician: Nullable(Text) }),
  ),
  quote: Nullable(
    Type.Object({
      amount: Type.Integer(),
      currency: Text,
      items: Type.Array(Type.Object({ text: Text, amount: Type.Integer() })),
      validUntil: Nullable(Time),
      answered: Type.Boolean(),
    }),
  ),
  waitsForYou: Type.Boolean(),
  question: Nullable(Text),
  firstAid: Type.Array(Step, { description: 'steps still to try, least trouble first' }),
  firstAidDone: Type.Array(
    Type.Object({ step: Text, result: Type.Enum(['helped', 'no_change', 'not_possible']), at: Time }),
  ),
  shipping: Type.Array(
    Type.Object({
      direction: Type.Enum(['to_service', 'to_store']),
      carrier: Text,
      tracking: Text,
      sentAt: Time,
      receivedAt: Nullable(Time),
    }),
  ),
  loan: Nullable(Type.Object({ asset: Text, state: Type.Enum(['reserved', 'delivered', 'returned', 'cancelled']) })),
  acceptance: Nullable(
    Type.Object({
      selfTest: Nullable(Type.Enum(['pass', 'fail', 'no_answer'])),
      healthyAfter: Time,
      signedBy: Nullable(Text),
    }),
  ),
  attachments: Type.Array(Type.Object({ id: Text, name: Text, type: Text, bytes: Type.Integer() })),
  rating: Nullable(Type.Object({ attitude: Type.Integer(), speed: Type.Integer(), result: Type.Integer() })),
  story: Type.Array(Type.Object({ at: Time, event: Text, text: Text, zh: Text }), {
    description: 'what has happened, oldest first; `text` is English',
  }),
  allowed: Type.Array(Type.Enum([...MERCHANT_EVENTS])),
});
const MerchantEvent = Type.Union(MERCHANT_EVENTS.map((type) => EVENTS[type]));
/** Reports that one terminal may have open at a time by its code: whoever reads the sticker must not flood the desk. */
const OPEN_AT_ONCE = 5;

interface Holder {
  readonly tenant: TenantId;
  readonly terminal: string;
}

/** The merchant's page by the terminal's code: no account, only this terminal. */
export function merchantRoutes(root: FastifyInstance, deps: MerchantRouteDeps): void {
  const http = typed(root);
  const { clock, shelf, tickets, desk, notes } = deps;

  async function holder(typedCode: string): Promise<Holder> {
    const [found] = await shelf.find(KIND, readCode(typedCode));
    const terminal = (found?.body as { terminal?: string } | undefined)?.terminal;
    if (!found || !terminal)
      throw new TillwatchError('merchant.unknown_code', 'this code is not known: check the sticker', { status: 404 });
    return { tenant: found.tenant, terminal };
  }

  function actor({ terminal }: Holder): Actor {
    return { name: `merchant of ${terminal}`, role: 'merchant' };
  }

  async function own(who: Holder, id: string) {
    const found = await tickets.get(who.tenant, id);
    if (!found || found.ticket.terminal !== who.terminal) {
      throw new TillwatchError('ticket.unknown', `there is no ticket ${id} for this terminal`, { status: 404 });
    }
    return found;
  }

  async function view(who: Holder, id: string) {
    const found = await own(who, id);
    const events = allowed(found.ticket, desk.context(who.tenant, actor(who), found.ticket.site));
    return merchantView(found.ticket, found.history, events);
  }

  http.post(
    '/tenants/:tenant/terminals/:terminal/merchant-code',
    {
      config: { right: 'fleet:write' },
      schema: {
        tags: ['merchant'],
        summary: "Give a terminal a (new) code for its merchant's page; the former one stops working",
        operationId: 'giveMerchantCode',
        params: Type.Object({ tenant: Text, terminal: Text }),
        response: { 201: Type.Object({ code: Text }) },
      },
    },
    async (request, reply) => {
      need(request.principal, 'operations', 'administrator');
      const tenant = tenantOf(request.params);
      const { terminal } = request.params;
      if (!(await notes(tenant, terminal)))
        throw new TillwatchError('registry.unknown_terminal', `there is no terminal ${terminal}`, { status: 404 });
      const former = (await shelf.get(tenant, 'merchant_terminal', terminal)) as { code: string } | undefined;
      const code = codeFrom(deps.randomBytes(10));
      await shelf.put(tenant, KIND, code, { terminal }, clock.now());
      await shelf.put(tenant, 'merchant_terminal', terminal, { code }, clock.now());
      if (former) await shelf.remove(tenant, KIND, former.code);
      return reply.code(201).send({ code });
    },
  );

  http.get(
    '/merchant/:code',
    {
      config: { right: 'public' },
      schema: {
        tags: ['merchant'],
        summary: "A merchant's page: the terminal and its tickets, newest first",
        operationId: 'merchantPage',
        params: CodeParams,
        response: {
          200: Type.Object({
            terminal: Text,
            model: Nullable(Text),
            merchant: Nullable(Text),
            tickets: Type.Array(MerchantTicketSchema),
            emergency: Nullable(EmergencySchema),
          }),
        },
      },
    },
    async (request) => {
      const who = await holder(request.params.code);
      const known = await notes(who.tenant, who.terminal);
      const page = await tickets.list(who.tenant, { terminal: [who.terminal], order: 'newest', limit: 20 });
      const own = page.items.filter((ticket) => ticket.terminal === who.terminal && ticket.kind !== 'maintenance');
      return {
        terminal: who.terminal,
        model: known?.model ?? null,
        merchant: known?.merchant ?? null,
        emergency: await deps.emergency(who.tenant, who.terminal),
        tickets: await Promise.all(own.map((ticket) => view(who, ticket.id))),
      } as never;
    },
  );

  http.post(
    '/merchant/:code/reports',
    {
      config: { right: 'public' },
      schema: {
        tags: ['merchant'],
        summary: 'Report a fault of this terminal',
        operationId: 'merchantReport',
        params: CodeParams,
        body: Type.Object(
          {
            symptom: Type.String({ minLength: 3, maxLength: 2_000 }),
            beganAt: Type.Optional(Time),
            frequency: Type.Optional(Short),
            stepsTried: Type.Optional(Type.Array(Short, { maxItems: 20 })),
            firstAid: Type.Optional(
              Type.Array(
                Type.Object({
                  step: Short,
                  result: Type.Enum(['no_change', 'not_possible']),
                  note: Type.Optional(Short),
                }),
                {
                  maxItems: 20,
                  description: 'steps of `merchantFirstAid` gone through before the report, with results',
                },
              ),
            ),
            contact: Type.Optional(Short),
            language: Type.Optional(Type.Enum(['en', 'zh'])),
          },
          { additionalProperties: false },
        ),
        response: {
          201: Type.Object({
            ticket: MerchantTicketSchema,
            firstAid: Type.Array(Step),
            joined: Type.Boolean({ description: 'the fault had an open ticket already, which took the report in' }),
          }),
        },
      },
    },
    async (request, reply) => {
      const who = await holder(request.params.code);
      const open = await tickets.list(who.tenant, { terminal: [who.terminal], open: true, limit: 50 });
      if (open.items.filter((ticket) => ticket.source === 'merchant').length >= OPEN_AT_ONCE) {
        throw new TillwatchError('merchant.too_many', 'there are reports open already: add to one of them', {
          status: 429,
        });
      }
      const told = request.body;
      const { ticket, joined } = await deps.intake.report(
        who.tenant,
        { ...told, terminal: who.terminal },
        await notes(who.tenant, who.terminal),
        actor(who),
      );
      const shown = await view(who, ticket.id);
      const firstAid = firstAidFor(
        { component: componentHinted(told.symptom), mode: ticket.mode, symptom: told.symptom },
        [...(told.stepsTried ?? []), ...(told.firstAid ?? []).map((done) => done.step)],
      );
      return reply.code(201).send({ ticket: shown, firstAid, joined } as never);
    },
  );

  http.post(
    '/merchant/:code/tickets/:id/events',
    {
      config: { right: 'public' },
      schema: {
        tags: ['merchant'],
        summary: 'Answer a quote, note a first-aid step, sign the acceptance, rate, write',
        operationId: 'merchantEvent',
        params: TicketParams,
        body: Type.Object({ event: MerchantEvent }, { additionalProperties: false }),
        response: { 200: MerchantTicketSchema },
      },
    },
    async (request) => {
      const who = await holder(request.params.code);
      await view(who, request.params.id);
      await desk.act(who.tenant, request.params.id, request.body.event as TicketEvent, actor(who));
      return (await view(who, request.params.id)) as never;
    },
  );

  http.get(
    '/merchant/:code/first-aid',
    {
      config: { right: 'public' },
      schema: {
        tags: ['merchant'],
        summary: 'First-aid steps that fit a symptom, before it is reported',
        operationId: 'merchantFirstAid',
        params: CodeParams,
        querystring: Type.Object({
          symptom: Type.String({ minLength: 1, maxLength: 500 }),
          tried: Type.Optional(Type.String({ maxLength: 500, description: 'steps tried already, by comma' })),
        }),
        response: {
          200: Type.Object({ component: Nullable(Type.Enum([...COMPONENTS])), firstAid: Type.Array(Step) }),
        },
      },
    },
    async (request) => {
      await holder(request.params.code);
      const { symptom } = request.query;
      const component = componentHinted(symptom);
      return {
        component,
        firstAid: [...firstAidFor({ component, mode: null, symptom }, list(request.query.tried) ?? [])],
      };
    },
  );

  http.post(
    '/merchant/:code/loss',
    {
      config: { right: 'public' },
      schema: {
        tags: ['merchant'],
        summary: 'Report this terminal lost or stolen: it is locked at once',
        operationId: 'merchantLoss',
        params: CodeParams,
        body: Type.Object(
          {
            how: Type.Enum(['lost', 'stolen']),
            policeReport: Type.Optional(Short),
            contact: Type.Optional(Short),
            language: Type.Optional(Type.Enum(['en', 'zh'])),
          },
          { additionalProperties: false },
        ),
        response: { 201: MerchantTicketSchema },
      },
    },
    async (request, reply) => {
      const who = await holder(request.params.code);
      const known = await notes(who.tenant, who.terminal);
      const ticket = await deps.losses.report(
        who.tenant,
        { terminal: who.terminal, ...request.body },
        known,
        actor(who),
      );
      return reply.code(201).send((await view(who, ticket.id)) as never);
    },
  );

  withRawBodies(root, (scope) => {
    typed(scope).post(
      '/merchant/:code/tickets/:id/attachments',
      {
        config: { right: 'public' },
        bodyLimit: MOST_BYTES,
        validatorCompiler: besidesBody,
        schema: {
          tags: ['merchant'],
          summary: 'Add a photo or file to a report: the body is its bytes, 10 MiB at the most, ten files a ticket',
          operationId: 'merchantAttach',
          consumes: ['application/octet-stream'],
          params: TicketParams,
          querystring: FileName,
          body: BytesBody,
          response: { 201: MerchantTicketSchema },
        },
      },
      async (request, reply) => {
        const who = await holder(request.params.code);
        const { ticket } = await own(who, request.params.id);
        await deps.files.attach(who.tenant, ticket.id, request.query.name, request.body, actor(who));
        return reply.code(201).send((await view(who, ticket.id)) as never);
      },
    );
  });

  http.get(
    '/merchant/:code/tickets/:id/attachments/:file',
    {
      config: { right: 'public' },
      schema: {
        tags: ['merchant'],
        summary: 'A file that the merchant sent',
        operationId: 'merchantAttachment',
        params: Type.Object({ ...TicketParams.properties, file: FileId }),
        produces: ['application/octet-stream'],
      },
    },
    async (request, reply) => {
      const who = await holder(request.params.code);
      const { ticket, history } = await own(who, request.params.id);
      const theirs = { ...ticket, attachments: merchantFiles(ticket, history) };
      return sendFile(reply, await deps.files.fetch(who.tenant, theirs, request.params.file));
    },
  );
}
