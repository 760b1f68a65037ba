import { TillwatchError } from '../../contract/errors.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { RegistryRepository } from '../../contract/ports/registry.ts';
import type { DocumentShelf } from '../../contract/ports/shelf.ts';
import type { TelemetryStore } from '../../contract/ports/telemetry-store.ts';
import type { TicketRepository } from '../../contract/ports/tickets.ts';
import type { Terminal } from '../../contract/registry.ts';
import type { Ticket, TicketSummary } from '../../contract/tickets.ts';
import type { TenantId } from '../../contract/topics.ts';
import { type DueCheck, dueChecks } from '../core/due-checks.ts';
import { moveStop, type StopMove } from '../core/move-stop.ts';
import { type Plan, type PlanDone, RuleDates, type UsePoint, YEARLY_CHECK } from '../core/plans.ts';
import { planRounds, type Round, type RoundPlan, type SitePlace, type Task } from '../core/rounds.ts';
import type { Office } from './office.ts';
import { PLATFORM, type TicketDesk } from './ticket-desk.ts';

export interface PreventionDeps {
  readonly clock: Clock;
  readonly shelf: DocumentShelf;
  readonly tickets: TicketRepository;
  readonly desk: TicketDesk;
  readonly office: Office;
  readonly registry: Pick<RegistryRepository, 'list' | 'sites' | 'tenants'>;
  readonly telemetry: Pick<TelemetryStore, 'latest'>;
}

const DAY = 86_400_000;
/** A check's ticket is opened this long before it is due. */
const AHEAD_MS = 14 * DAY;
const OPENED_AT_ONCE = 500;

/** Preventive plans, the checks they make due, and the rounds that put checks and predicted failures into visits. */
export class Prevention {
  readonly #deps: PreventionDeps;

  constructor(deps: PreventionDeps) {
    this.#deps = deps;
  }

  async plans(tenant: TenantId): Promise<readonly Plan[]> {
    const kept = (await this.#deps.shelf.list(tenant, 'plan')).map((entry) => entry.body as Plan);
    // Every terminal gets a full check a year at the least, also where nobody has entered a plan.
    return kept.some((plan) => plan.id === YEARLY_CHECK.id) ? kept : [YEARLY_CHECK, ...kept];
  }

  /** Errors: `plan.bad_rule`, `plan.bad_metric` (400), `plan.yearly` (409). */
  async putPlan(tenant: TenantId, plan: Plan, knownMetric: (metric: string) => boolean): Promise<void> {
    if (plan.use && !knownMetric(plan.use.metric)) {
      throw new TillwatchError('plan.bad_metric', `"${plan.use.metric}" is not in the metric catalogue`, {
        status: 400,
      });
    }
    new RuleDates().next(plan.rrule, this.#deps.clock.now());
    if (plan.id === YEARLY_CHECK.id && !plan.active) {
      throw new TillwatchError('plan.yearly', 'the yearly full check may be changed, but not switched off', {
        status: 409,
      });
    }
    await this.#deps.shelf.put(tenant, 'plan', plan.id, plan, this.#deps.clock.now());
  }

  /** Checks due by `until`, soonest first. */
  async due(tenant: TenantId, until: number): Promise<readonly DueCheck[]> {
    const { clock, shelf } = this.#deps;
    const plans = (await this.plans(tenant)).filter((plan) => plan.active);
    const terminals = await this.#terminals(tenant);
    const done = new Map((await shelf.list(tenant, 'plan_done')).map((entry) => [entry.id, entry.body as PlanDone]));
    const use = await this.#use(tenant, plans, terminals, done);
    return dueChecks(plans, terminals, done, use, until, clock.now());
  }

  async #terminals(tenant: TenantId): Promise<readonly Terminal[]> {
    const all: Terminal[] = [];
    let after: string | undefined;
    do {
      const page = await this.#deps.registry.list(tenant, {
        lifecycle: ['active', 'pending'],
        limit: 1000,
        ...(after ? { after } : {}),
      });
      all.push(...page.items);
      after = page.next;
    } while (after);
    return all;
  }

  async #use(
    tenant: TenantId,
    plans: readonly Plan[],
    terminals: readonly Terminal[],
    done: ReadonlyMap<string, PlanDone>,
  ): Promise<ReadonlyMap<string, UsePoint>> {
    const metered = plans.filter((plan) => plan.use);
    const out = new Map<string, UsePoint>();
    if (metered.length === 0) return out;
    const { clock, shelf, telemetry } = this.#deps;
    const now = clock.now();
    const bases = new Map((await shelf.list(tenant, 'plan_base')).map((entry) => [entry.id, entry.body as PlanDone]));
    const fresh: { id: string; body: PlanDone }[] = [];
    const ids = terminals.map((terminal) => terminal.terminal);
    for (let i = 0; i < ids.length; i += 1_000) {
      for (const latest of await telemetry.latest(tenant, ids.slice(i, i + 1_000))) {
        for (const plan of metered) {
          const value = latest.values[plan.use!.metric];
          if (typeof value !== 'number') continue;
          const key = `${plan.id}/${latest.terminal}`;
          let base = bases.get(key);
          if (!base) {
            base = { at: now, use: value };
            fresh.push({ id: key, body: base });
          }
          const last = done.get(key) ?? base;
          const days = Math.max(1, (now - last.at) / DAY);
          const from = last.use ?? base.use ?? 0;
          out.set(key, { value, perDay: Math.max(0, value - from) / days, base: base.use ?? 0 });
        }
      }
    }
    if (fresh.length > 0) await shelf.putAll(tenant, 'plan_base', fresh, now);
    return out;
  }

  /** Opens tickets for checks that are due soon and have none; answers how many. */
  async open(tenant: TenantId): Promise<number> {
    const { clock, desk, tickets } = this.#deps;
    const due = await this.due(tenant, clock.now() + AHEAD_MS);
    const plans = new Map((await this.plans(tenant)).map((plan) => [plan.id, plan]));
    const open = await openChecks(tickets, tenant);
    let opened = 0;
    for (const check of due) {
      if (opened >= OPENED_AT_ONCE) break;
      if (open.has(checkFingerprint(tenant, check.plan, check.terminal))) continue;
      await openCheck(desk, tenant, check, plans.get(check.plan)!);
      opened += 1;
    }
    return opened;
  }

  async openAll(): Promise<void> {
    for (const tenant of await this.#deps.registry.tenants()) await this.open(tenant);
  }

  /** A check was finished: its plan counts from now on. */
  async finished(ticket: Ticket, at: number): Promise<void> {
    const parsed = /\/plan\/([^/]+)\/(.+)$/.exec(ticket.fingerprint ?? '');
    if (!parsed || !ticket.terminal) return;
    const [, planId] = parsed;
    const plan = (await this.plans(ticket.tenant)).find((one) => one.id === planId);
    const [latest] = plan?.use ? await this.#deps.telemetry.latest(ticket.tenant, [ticket.terminal]) : [];
    const value = plan?.use ? latest?.values[plan.use.metric] : undefined;
    const done: PlanDone = { at, use: typeof value === 'number' ? value : null };
    await this.#deps.shelf.put(ticket.tenant, 'plan_done', `${planId}/${ticket.terminal}`, done, at);
  }

  /** Plans rounds of the coming days and keeps them; the former plan is replaced, but for visits that a person moved. */
  async planRounds(tenant: TenantId, days: number): Promise<RoundPlan> {
    const { clock, shelf, office } = this.#deps;
    const now = clock.now();
    const tasks = [...(await this.#checkTasks(tenant, now + days * DAY)), ...(await this.#repairTasks(tenant))];
    const places = await this.#places(tenant);
    const before = await shelf.list(tenant, 'round');
    const standing = before.map(({ body }) => body as Round);
    const plan = planRounds(tasks, places, office.providers(tenant), { from: now, days, standing });
    const kept = new Set(plan.rounds.map((round) => round.id));
    for (const { id, body } of before) {
      // Past rounds stay as they were; those to come that are planned no more go.
      if (!kept.has(id) && (body as Round).day >= now) await shelf.remove(tenant, 'round', id);
    }
    await shelf.putAll(
      tenant,
      'round',
      plan.rounds.map((round) => ({ id: round.id, body: round })),
      now,
    );
    return plan;
  }

  async rounds(tenant: TenantId, provider?: string): Promise<readonly (Round & { readonly plannedAt: number })[]> {
    const all = (await this.#deps.shelf.list(tenant, 'round')).map((entry) => ({
      ...(entry.body as Round),
      plannedAt: entry.at,
    }));
    return all.filter((round) => provider === undefined || round.provider === provider).sort((a, b) => a.day - b.day);
  }

  /** Puts a visit into another day or another provider's round, by hand. Errors: `round.does_not_fit` (409). */
  async moveStop(tenant: TenantId, move: StopMove): Promise<void> {
    const { clock, shelf, office } = this.#deps;
    const moved = moveStop(move, await this.rounds(tenant), office.providers(tenant), await this.#places(tenant));
    if (!moved.ok) throw new TillwatchError('round.does_not_fit', moved.why, { status: 409 });
    await shelf.putAll(
      tenant,
      'round',
      moved.put.map((round) => ({ id: round.id, body: round })),
      clock.now(),
    );
    for (const id of moved.gone) await shelf.remove(tenant, 'round', id);
  }

  /** Makes a round binding: tickets are opened where checks have none, given to the provider, and get their appointment. */
  async book(tenant: TenantId, id: string): Promise<number> {
    const { desk, shelf, tickets } = this.#deps;
    const round = (await shelf.get(tenant, 'round', id)) as Round | undefined;
    if (!round) throw new TillwatchError('round.unknown', `there is no round ${id}`, { status: 404 });
    const plans = new Map((await this.plans(tenant)).map((plan) => [plan.id, plan]));
    let booked = 0;
    for (const stop of round.stops) {
      for (const task of stop.tasks) {
        const plan = task.plan === null ? undefined : plans.get(task.plan);
        const ticketId = task.ticket ?? (plan ? await this.#ticketFor(tenant, task, plan) : null);
        if (!ticketId) continue;
        const [ticket] = await tickets.load(tenant, [ticketId]);
        if (!ticket || (ticket.state !== 'preparation' && ticket.state !== 'repair')) continue;
        if (ticket.provider !== round.provider) {
          await desk.act(
            tenant,
            ticketId,
            {
              type: 'assign',
              provider: round.provider,
              ...(round.technician ? { technician: round.technician } : {}),
              why: `round ${round.id}`,
            },
            PLATFORM,
          );
        }
        await desk.act(
          tenant,
          ticketId,
          {
            type: 'book',
            from: stop.from,
            to: stop.to,
            place: 'store',
            ...(round.technician ? { technician: round.technician } : {}),
            why: `round ${round.id}`,
          },
          PLATFORM,
        );
        booked += 1;
      }
    }
    return booked;
  }

  async #ticketFor(tenant: TenantId, task: Task, plan: Plan): Promise<string> {
    const open = await openChecks(this.#deps.tickets, tenant);
    const known = open.get(checkFingerprint(tenant, plan.id, task.terminal));
    if (known) return known.id;
    const ticket = await openCheck(
      this.#deps.desk,
      tenant,
      {
        plan: plan.id,
        name: plan.name,
        terminal: task.terminal,
        site: task.site,
        minutes: plan.minutes,
        dueAt: task.dueAt,
        by: 'date',
        why: task.title,
      },
      plan,
    );
    return ticket.id;
  }

  async #checkTasks(tenant: TenantId, until: number): Promise<readonly Task[]> {
    const open = await openChecks(this.#deps.tickets, tenant);
    return (await this.due(tenant, until)).flatMap((check) => {
      if (!check.site) return [];
      const ticket = open.get(checkFingerprint(tenant, check.plan, check.terminal));
      return [
        {
          kind: 'check' as const,
          terminal: check.terminal,
          site: check.site,
          title: check.name,
          dueAt: check.dueAt,
          minutes: check.minutes,
          ticket: ticket?.id ?? null,
          plan: check.plan,
          component: null,
        },
      ];
    });
  }

  async #repairTasks(tenant: TenantId): Promise<readonly Task[]> {
    const page = await this.#deps.tickets.list(tenant, {
      open: true,
      kind: ['fault'],
      attached: false,
      order: 'worst',
      limit: 500,
    });
    const full = await this.#deps.tickets.load(
      tenant,
      page.items
        .filter((ticket) => ticket.terminal && ticket.site && ticket.failsAt !== null)
        .map((ticket) => ticket.id),
    );
    return full
      .filter((ticket) => !ticket.appointment && (ticket.decision === null || ticket.decision.method === 'onsite'))
      .map((ticket) => ({
        kind: 'repair' as const,
        terminal: ticket.terminal!,
        site: ticket.site!,
        title: ticket.title,
        dueAt: ticket.finding?.failsAtP10 ?? ticket.failsAt!,
        minutes: 45,
        ticket: ticket.id,
        plan: null,
        component: ticket.component,
      }));
  }

  async #places(tenant: TenantId): Promise<ReadonlyMap<string, SitePlace>> {
    const sites = await this.#deps.registry.sites(tenant);
    return new Map(
      sites.map((site) => [
        site.site,
        {
          site: site.site,
          name: site.name,
          region: site.region ?? null,
          lat: site.lat ?? null,
          lon: site.lon ?? null,
          address: site.address ?? null,
        },
      ]),
    );
  }
}

function checkFingerprint(tenant: TenantId, plan: string, terminal: string): string {
  return `${tenant}/plan/${plan}/${terminal}`;
}

async function openChecks(tickets: TicketRepository, tenant: TenantId): Promise<ReadonlyMap<string, TicketSummary>> {
  const open = new Map<string, TicketSummary>();
  let after: string | undefined;
  do {
    const page = await tickets.list(tenant, {
      open: true,
      kind: ['maintenance'],
      order: 'newest',
      limit: 500,
      ...(after ? { after } : {}),
    });
    for (const ticket of page.items) if (ticket.fingerprint) open.set(ticket.fingerprint, ticket);
    after = page.next;
  } while (after);
  return open;
}

function openCheck(desk: TicketDesk, tenant: TenantId, check: DueCheck, plan: Plan): Promise<Ticket> {
  return desk.open(
    {
      tenant,
      kind: 'maintenance',
      source: 'plan',
      severity: 'watch',
      title: `${plan.name}: ${check.terminal}`,
      scope: 'terminal',
      subject: check.terminal,
      terminal: check.terminal,
      site: check.site,
      fingerprint: checkFingerprint(tenant, plan.id, check.terminal),
      checklist: plan.checklist.map((item) => ({ item, result: null, note: null })),
      why: `due ${new Date(check.dueAt).toISOString().slice(0, 10)} by ${check.by}: ${check.why}`,
    },
    PLATFORM,
  );
}
