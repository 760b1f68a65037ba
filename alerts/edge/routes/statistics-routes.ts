import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Clock } from '../../../contract/ports/clock.ts';
import type { RegistryRepository } from '../../../contract/ports/registry.ts';
import type { TicketRepository } from '../../../contract/ports/tickets.ts';
import type { Ticket } from '../../../contract/tickets.ts';
import type { TenantId } from '../../../contract/topics.ts';
import { etaAccuracy } from '../../core/eta-model.ts';
import { fleetReport, repeatReport, weekReport } from '../../core/review.ts';
import { causeReport, csv, partReport, preventionReport, providerReport } from '../../core/ticket-reports.ts';
import { need, tenantOf, typed } from './http.ts';
import { Nullable, Time } from './ticket-schemas.ts';

const DAY = 86_400_000;
/** A report reads this many tickets at the most, newest first; it says so when there were more. */
const MOST = 50_000;
const Text = Type.String();
const Count = Type.Integer();
const Ratio = Nullable(Type.Number());
const REPORTS = ['causes', 'providers', 'parts', 'models', 'firmware', 'repeats', 'weeks'] as const;
const FleetRow = Type.Object({
  name: Text,
  terminals: Count,
  tickets: Count,
  perTerminalYear: Ratio,
  repeats: Count,
  falseAlarms: Count,
  medianHours: Ratio,
  mostly: Nullable(Text),
});

/** Reports over tickets of a span: causes, providers, parts, what prevention brought; JSON for charts, CSV for spreadsheets. */
export function statisticsRoutes(
  root: FastifyInstance,
  { clock, tickets, registry }: { clock: Clock; tickets: TicketRepository; registry: Pick<RegistryRepository, 'list'> },
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

  /** Terminals in use by model and by firmware. */
  async function inUse(tenant: TenantId): Promise<{ models: Map<string, number>; firmware: Map<string, number> }> {
    const [models, firmware] = [new Map<string, number>(), new Map<string, number>()];
    let after: string | undefined;
    do {
      const page = await registry.list(tenant, {
        lifecycle: ['active', 'pending'],
        limit: 1_000,
        ...(after ? { after } : {}),
      });
      for (const one of page.items) {
        for (const [counts, name] of [
          [models, one.model],
          [firmware, one.firmware],
        ] as const)
          counts.set(name ?? 'unknown', (counts.get(name ?? 'unknown') ?? 0) + 1);
      }
      after = page.next;
    } while (after);
    return { models, firmware };
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
            models: Type.Array(FleetRow),
            firmware: Type.Array(FleetRow, { description: 'by what ran on the terminal when the fault was reported' }),
            repeats: Type.Array(
              Type.Object({
                ticket: Text,
                first: Text,
                terminal: Text,
                component: Text,
                mode: Text,
                openedAt: Time,
                provider: Nullable(Text),
                reopened: Count,
              }),
            ),
            weeks: Type.Array(
              Type.Object({
                week: Time,
                opened: Count,
                closed: Count,
                byPlatform: Count,
                breached: Count,
                medianHours: Ratio,
              }),
              { description: 'by Monday 00:00 UTC, without gaps' },
            ),
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
      const tenant = tenantOf(request.params);
      const days = request.query.days ?? 90;
      const { list, cut } = await read(tenant, days);
      const { models, firmware } = await inUse(tenant);
      return {
        tickets: list.length,
        cut,
        causes: [...causeReport(list)],
        providers: [...providerReport(list)],
        parts: [...partReport(list)],
        models: [...fleetReport(list, models, (ticket) => ticket.report?.model, days)],
        firmware: [...fleetReport(list, firmware, (ticket) => ticket.report?.firmware, days)],
        repeats: [...repeatReport(list)],
        weeks: [...weekReport(list)],
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
      const tenant = tenantOf(request.params);
      const days = request.query.days ?? 90;
      const { list } = await read(tenant, days);
      const { models, firmware } = await inUse(tenant);
      const build: Readonly<Record<(typeof REPORTS)[number], () => readonly object[]>> = {
        causes: () => causeReport(list),
        providers: () => providerReport(list),
        parts: () => partReport(list),
        models: () => fleetReport(list, models, (ticket) => ticket.report?.model, days),
        firmware: () => fleetReport(list, firmware, (ticket) => ticket.report?.firmware, days),
        repeats: () => repeatReport(list),
        weeks: () => weekReport(list),
      };
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${request.params.report}.csv"`)
        .send(csv(build[request.params.report]()));
    },
  );
}
