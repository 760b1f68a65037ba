import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Clock } from '../../../contract/ports/clock.ts';
import type { TicketRepository } from '../../../contract/ports/tickets.ts';
import type { Ticket } from '../../../contract/tickets.ts';
import type { TenantId } from '../../../contract/topics.ts';
import { etaAccuracy } from '../../core/eta-model.ts';
import { causeReport, csv, partReport, preventionReport, providerReport } from '../../core/ticket-reports.ts';
import { need, tenantOf, typed } from './http.ts';
import { Nullable } from './ticket-schemas.ts';

const DAY = 86_400_000;
/** A report reads this many tickets at the most, newest first; it says so when there were more. */
const MOST = 50_000;
const Text = Type.String();
const Count = Type.Integer();
const Ratio = Nullable(Type.Number());
const REPORTS = ['causes', 'providers', 'parts'] as const;

/** Reports over tickets of a span: causes, providers, parts, what prevention brought; JSON for charts, CSV for spreadsheets. */
export function statisticsRoutes(
  root: FastifyInstance,
  { clock, tickets }: { clock: Clock; tickets: TicketRepository },
): void {
  const http = typed(root);

  async function read(tenant: TenantId, days: number): Promise<{ list: readonly Ticket[]; cut: boolean }> {
    const list: Ticket[] = [];
    let after: string | undefined;
    do {
      const page = await tickets.list(tenant, {
        order: 'newest',
        openedFrom: clock.now() - days * DAY,
        limit: 500,
        ...(after ? { after } : {}),
      });
      list.push(
        ...(await tickets.load(
          tenant,
          page.items.map((ticket) => ticket.id),
        )),
      );
      after = page.next;
    } while (after && list.length < MOST);
    return { list, cut: after !== undefined };
  }

  const query = Type.Object({
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_650, description: 'tickets opened within, default 90' })),
  });

  http.get(
    '/tenants/:tenant/statistics',
    {
      config: { right: 'statistics:read' },
      schema: {
        tags: ['reports'],
        summary: 'Causes, repeat faults, providers, parts, false alarms, failures avoided, and how good promises were',
        operationId: 'getStatistics',
        params: Type.Object({ tenant: Text }),
        querystring: query,
        response: {
          200: Type.Object({
            tickets: Count,
            cut: Type.Boolean({ description: 'there were more tickets than a report reads' }),
            causes: Type.Array(
              Type.Object({
                cause: Text,
                component: Text,
                mode: Text,
                tickets: Count,
                repeats: Count,
                recovered: Count,
                falseAlarms: Count,
                medianHours: Ratio,
              }),
            ),
            providers: Type.Array(
              Type.Object({
                provider: Text,
                tickets: Count,
                medianHours: Ratio,
                responseKept: Ratio,
                repairKept: Ratio,
                reopened: Count,
                attitude: Ratio,
                speed: Ratio,
                result: Ratio,
                cost: Count,
              }),
            ),
            parts: Type.Array(Type.Object({ part: Text, used: Count, cost: Count, tickets: Count })),
            prevention: Type.Object({
              avoided: Count,
              savedHours: Count,
              falseAlarms: Count,
              judged: Count,
              precision: Ratio,
            }),
            promises: Type.Object({
              tickets: Count,
              covered: Ratio,
              firstErrorH: Ratio,
              decidedErrorH: Ratio,
              kept: Ratio,
            }),
          }),
        },
      },
    },
    async (request) => {
      need(request.principal, 'operations', 'administrator', 'auditor');
      const { list, cut } = await read(tenantOf(request.params), request.query.days ?? 90);
      return {
        tickets: list.length,
        cut,
        causes: [...causeReport(list)],
        providers: [...providerReport(list)],
        parts: [...partReport(list)],
        prevention: preventionReport(list),
        promises: etaAccuracy(list),
      };
    },
  );

  http.get(
    '/tenants/:tenant/statistics/:report.csv',
    {
      config: { right: 'statistics:read' },
      schema: {
        tags: ['reports'],
        summary: 'One of the reports as CSV',
        operationId: 'getStatisticsCsv',
        params: Type.Object({ tenant: Text, report: Type.Enum([...REPORTS]) }),
        querystring: query,
        produces: ['text/csv'],
        response: { 200: Text },
      },
    },
    async (request, reply) => {
      need(request.principal, 'operations', 'administrator', 'auditor');
      const { list } = await read(tenantOf(request.params), request.query.days ?? 90);
      const build = { causes: causeReport, providers: providerReport, parts: partReport }[request.params.report];
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${request.params.report}.csv"`)
        .send(csv(build(list)));
    },
  );
}
