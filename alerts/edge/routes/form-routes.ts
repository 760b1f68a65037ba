import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { TillwatchError } from '../../../contract/errors.ts';
import type { Clock } from '../../../contract/ports/clock.ts';
import type { TicketRepository } from '../../../contract/ports/tickets.ts';
import type { TenantId } from '../../../contract/topics.ts';
import { FORMS, formHtml, formOf } from '../../core/forms.ts';
import { FormPrinter } from '../form-pdf.ts';
import type { Person } from '../office.ts';
import { tenantOf, typed } from './http.ts';
import { mayRead } from './ticket-routes.ts';

export interface FormRouteDeps {
  readonly clock: Clock;
  readonly tickets: TicketRepository;
  readonly providerOf: (tenant: TenantId, person: Person) => string | null;
}

/** The five printed forms, filled in from the ticket. */
export function formRoutes(root: FastifyInstance, { clock, tickets, providerOf }: FormRouteDeps): void {
  const http = typed(root);
  const printer = new FormPrinter();

  http.get(
    '/tenants/:tenant/tickets/:id/forms/:form',
    {
      config: { right: 'tickets:read' },
      schema: {
        tags: ['tickets'],
        summary: 'A form of the ticket, printable: HTML or PDF, English or Chinese',
        operationId: 'getForm',
        params: Type.Object({
          tenant: Type.String(),
          id: Type.String({ pattern: '^TW-\\d{1,12}$' }),
          form: Type.Enum([...FORMS]),
        }),
        querystring: Type.Object({
          as: Type.Optional(Type.Enum(['html', 'pdf'])),
          language: Type.Optional(Type.Enum(['en', 'zh'])),
          timezone: Type.Optional(Type.String({ maxLength: 60, description: 'IANA zone, default UTC' })),
        }),
        produces: ['text/html', 'application/pdf'],
      },
    },
    async (request, reply) => {
      const { principal, params, query } = request;
      const tenant = tenantOf(params);
      const [ticket] = await tickets.load(tenant, [params.id]);
      const provider = principal.role === 'provider' ? providerOf(tenant, principal) : null;
      if (!ticket || !mayRead(principal, ticket, provider)) {
        throw new TillwatchError('ticket.unknown', `there is no ticket ${params.id}`, { status: 404 });
      }
      const form = formOf(
        params.form,
        ticket,
        query.language ?? ticket.report?.language ?? 'en',
        query.timezone ?? 'utc',
        clock.now(),
      );
      if (query.as !== 'pdf') return reply.type('text/html; charset=utf-8').send(formHtml(form));
      const pdf = await printer.pdf(form, clock.now());
      return reply
        .type('application/pdf')
        .header('content-disposition', `inline; filename="${params.id}-${params.form}.pdf"`)
        .send(pdf);
    },
  );
}
