import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../../contract/errors.ts';
import type { Clock } from '../../../contract/ports/clock.ts';
import type { DocumentShelf } from '../../../contract/ports/shelf.ts';
import type { TicketRepository } from '../../../contract/ports/tickets.ts';
import type { Actor } from '../../../contract/ticket-parts.ts';
import { TICKET_STATES } from '../../../contract/tickets.ts';
import type { TenantId } from '../../../contract/topics.ts';
import { componentHinted, firstAidFor } from '../../core/first-aid.ts';
import { allowed } from '../../core/machine.ts';
import { codeFrom, MERCHANT_EVENTS, merchantView, readCode } from '../../core/merchant-view.ts';
import { reportTold, type TerminalNotes } from '../../core/reports.ts';
import { EVENTS, type TicketEvent } from '../../core/ticket-events.ts';
import type { TicketDesk } from '../ticket-desk.ts';
import { need, tenantOf, typed } from './http.ts';
import { Nullable, Time } from './ticket-schemas.ts';

export interface MerchantRouteDeps {
  readonly clock: Clock;
  readonly shelf: DocumentShelf;
  readonly tickets: TicketRepository;
  readonly desk: TicketDesk;
  readonly site: (tenant: TenantId, terminal: string) => string | null;
  readonly notes: (tenant: TenantId, terminal: string) => Promise<TerminalNotes | undefined>;
  readonly randomBytes: (count: number) => Uint8Array;
}

const KIND = 'merchant_code';
const Text = Type.String();
const Short = Type.String({ minLength: 1, maxLength: 200 });
const CodeParams = Type.Object({ code: Type.String({ minLength: 8, maxLength: 20 }) });
const Step = Type.Object({ step: Text, en: Text, zh: Text });
const MerchantTicketSchema = Type.Object({
  id: Text,
  title: Text,
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
  firstAid: Type.Array(Step),
  story: Type.Array(Type.Object({ at: Time, text: Text })),
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

  async function view(who: Holder, id: string) {
    const found = await tickets.get(who.tenant, id);
    if (!found || found.ticket.terminal !== who.terminal) {
      throw new TillwatchError('ticket.unknown', `there is no ticket ${id} for this terminal`, { status: 404 });
    }
    const events = allowed(found.ticket, desk.context(who.tenant, actor(who)));
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
            contact: Type.Optional(Short),
            language: Type.Optional(Type.Enum(['en', 'zh'])),
          },
          { additionalProperties: false },
        ),
        response: { 201: Type.Object({ ticket: MerchantTicketSchema, firstAid: Type.Array(Step) }) },
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
      const component = componentHinted(told.symptom);
      const ticket = await desk.open(
        {
          tenant: who.tenant,
          kind: 'fault',
          source: 'merchant',
          severity: 'warning',
          title: `${told.symptom.slice(0, 80)}: ${who.terminal}`,
          scope: 'terminal',
          subject: who.terminal,
          terminal: who.terminal,
          site: deps.site(who.tenant, who.terminal),
          component,
          report: reportTold(told, await notes(who.tenant, who.terminal)),
        },
        actor(who),
      );
      const firstAid = firstAidFor({ component, mode: null, symptom: told.symptom }, told.stepsTried ?? []);
      return reply.code(201).send({ ticket: await view(who, ticket.id), firstAid } as never);
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
        params: Type.Object({
          code: Type.String({ minLength: 8, maxLength: 20 }),
          id: Type.String({ pattern: '^TW-\\d{1,12}$' }),
        }),
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
}
