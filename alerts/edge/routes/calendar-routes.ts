import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../../contract/errors.ts';
import type { Clock } from '../../../contract/ports/clock.ts';
import type { DocumentShelf } from '../../../contract/ports/shelf.ts';
import type { TicketRepository } from '../../../contract/ports/tickets.ts';
import type { TenantId } from '../../../contract/topics.ts';
import { type CalendarEntry, calendar } from '../../core/calendar.ts';
import type { Office } from '../office.ts';
import type { Prevention } from '../prevention.ts';
import { need, tenantOf, typed } from './http.ts';

export interface CalendarRouteDeps {
  readonly clock: Clock;
  readonly shelf: DocumentShelf;
  readonly tickets: TicketRepository;
  readonly prevention: Prevention;
  readonly office: Office;
  readonly randomBytes: (count: number) => Uint8Array;
}

const TOKEN = 'calendar';
const OF_PROVIDER = 'calendar_of';
const Text = Type.String();
const Params = Type.Object({ tenant: Text, provider: Type.String({ minLength: 1, maxLength: 100 }) });

/** Rounds and appointments of a provider as an iCalendar feed, for those signed in and for calendars that only know an address. */
export function calendarRoutes(root: FastifyInstance, deps: CalendarRouteDeps): void {
  const http = typed(root);
  const { clock, shelf, tickets, prevention, office } = deps;

  async function feed(tenant: TenantId, provider: string): Promise<string> {
    const rounds = await prevention.rounds(tenant, provider);
    const inRounds = new Set(
      rounds.flatMap((round) => round.stops.flatMap((stop) => stop.tasks.flatMap((task) => task.ticket ?? []))),
    );
    const entries = rounds.flatMap((round) =>
      round.stops.map(
        (stop): CalendarEntry => ({
          uid: `${round.id}/${stop.site}@${tenant}.tillwatch`,
          from: stop.from,
          to: stop.to,
          title: `${stop.name}: ${stop.tasks.length} ${stop.tasks.length === 1 ? 'task' : 'tasks'}${round.technician ? ` (${round.technician})` : ''}`,
          description: stop.tasks
            .map((task) => `${task.terminal}: ${task.title}${task.ticket ? ` (${task.ticket})` : ''}`)
            .join('\n'),
          location: stop.address,
          changedAt: round.plannedAt,
        }),
      ),
    );
    const page = await tickets.list(tenant, { provider: [provider], open: true, order: 'newest', limit: 500 });
    const open = await tickets.load(
      tenant,
      page.items.map((ticket) => ticket.id).filter((id) => !inRounds.has(id)),
    );
    for (const { id, title, site, appointment } of open) {
      if (!appointment) continue;
      entries.push({
        uid: `${id}@${tenant}.tillwatch`,
        from: appointment.from,
        to: appointment.to,
        title: `${title}${appointment.technician ? ` (${appointment.technician})` : ''}`,
        description: `${id}, ${appointment.place === 'store' ? 'at the store' : 'at the service point'}`,
        location: site,
        changedAt: appointment.at,
      });
    }
    return calendar(`Visits of ${provider}`, entries);
  }

  http.get(
    '/tenants/:tenant/providers/:provider/calendar.ics',
    {
      config: { right: 'rounds:read' },
      schema: {
        tags: ['prevention'],
        summary: "A provider's rounds and appointments as an iCalendar feed",
        operationId: 'roundCalendar',
        params: Params,
        produces: ['text/calendar'],
        response: { 200: Text },
      },
    },
    async (request, reply) => {
      const { principal, params } = request;
      need(principal, 'operations', 'administrator', 'auditor', 'provider');
      const tenant = tenantOf(params);
      const own = principal.role === 'provider' ? office.providerOf(tenant, principal) : params.provider;
      return reply.type('text/calendar; charset=utf-8').send(await feed(tenant, own ?? ''));
    },
  );

  http.post(
    '/tenants/:tenant/providers/:provider/calendar-token',
    {
      config: { right: 'rounds:write' },
      schema: {
        tags: ['prevention'],
        summary:
          'A (new) address of the feed that a calendar can subscribe to without signing in; the former one stops working',
        operationId: 'giveCalendarToken',
        params: Params,
        response: {
          201: Type.Object({ path: Type.String({ description: 'secret: whoever has it reads the visits' }) }),
        },
      },
    },
    async (request, reply) => {
      const { principal, params } = request;
      need(principal, 'operations', 'administrator');
      const tenant = tenantOf(params);
      if (!office.providers(tenant).some((provider) => provider.id === params.provider))
        throw new TillwatchError('provider.unknown', `there is no provider ${params.provider}`, { status: 404 });
      const former = (await shelf.get(tenant, OF_PROVIDER, params.provider)) as { token: string } | undefined;
      const token = Buffer.from(deps.randomBytes(24)).toString('base64url');
      await shelf.put(tenant, TOKEN, token, { provider: params.provider }, clock.now());
      await shelf.put(tenant, OF_PROVIDER, params.provider, { token }, clock.now());
      if (former) await shelf.remove(tenant, TOKEN, former.token);
      return reply.code(201).send({ path: `/api/v1/calendars/${token}.ics` });
    },
  );

  http.get(
    '/calendars/:token.ics',
    {
      config: { right: 'public' },
      schema: {
        tags: ['prevention'],
        summary: 'The feed by its secret address',
        operationId: 'calendarByToken',
        params: Type.Object({ token: Type.String({ pattern: '^[A-Za-z0-9_-]{32}$' }) }),
        produces: ['text/calendar'],
        response: { 200: Text },
      },
    },
    async (request, reply) => {
      const [found] = await shelf.find(TOKEN, request.params.token);
      const provider = (found?.body as { provider?: string } | undefined)?.provider;
      if (!found || !provider)
        throw new TillwatchError('calendar.unknown', 'this address is not known any more', { status: 404 });
      return reply
        .type('text/calendar; charset=utf-8')
        .header('cache-control', 'private, max-age=300')
        .send(await feed(found.tenant, provider));
    },
  );
}
