import type { Logger } from 'pino';
import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Counter as PromCounter, Gauge as PromGauge, Histogram as PromHistogram } from 'prom-client';
import type { Clock } from '../../contract/ports/clock.ts';
import type { Directory } from '../../contract/ports/directory.ts';
import type { FindingStore, StandingFinding } from '../../contract/ports/findings.ts';
import type { Hold, HoldRepository } from '../../contract/ports/holds.ts';
import type { IncidentRecord } from '../../contract/ports/incidents.ts';
import type { TicketChange, TicketRepository } from '../../contract/ports/tickets.ts';
import type { Ticket } from '../../contract/tickets.ts';
import type { TenantId } from '../../contract/topics.ts';
import { faultTitle } from '../core/fault-title.ts';
import type { IncidentBook, Plan, PlannedAction, World } from '../core/incident-book.ts';
import { type Refused, step, type Taken } from '../core/machine.ts';
import { openTicket } from '../core/opening.ts';
import type { Policy } from '../core/policy.ts';
import { reportFrom, type TerminalNotes } from '../core/reports.ts';
import type { TicketEvent } from '../core/ticket-events.ts';
import { PLATFORM, type TicketDesk } from './ticket-desk.ts';

export interface ReconcilerDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly findings: Pick<FindingStore, 'changes' | 'revisions'>;
  readonly tickets: TicketRepository;
  readonly holds: HoldRepository;
  readonly directory: Directory;
  readonly book: IncidentBook;
  readonly desk: TicketDesk;
  readonly policyOf: (tenant: TenantId) => Policy;
  /** What is known of terminals for their fault reports, by id. */
  readonly notes: (tenant: TenantId, terminals: readonly string[]) => Promise<ReadonlyMap<string, TerminalNotes>>;
}

const PAGE = 5_000;
const LEVEL_PAGE = 25_000;

/** Keeps tickets level with findings: reads what changed, plans, and stores tickets, incidents and its place in one transaction. */
export class Reconciler {
  readonly #deps: ReconcilerDeps;
  readonly #actions: Counter;
  readonly #standing: Gauge;
  readonly #passes: Histogram;
  #cursor = 0;
  #holds: readonly Hold[] = [];

  constructor(deps: ReconcilerDeps) {
    this.#deps = deps;
    const registers = [deps.metrics];
    this.#actions = new PromCounter({
      name: 'tillwatch_incident_actions_total',
      help: 'What findings did to tickets',
      labelNames: ['action'],
      registers,
    });
    this.#standing = new PromGauge({
      name: 'tillwatch_incidents',
      help: 'Faults the alerts room remembers',
      registers,
    });
    this.#passes = new PromHistogram({
      name: 'tillwatch_reconcile_seconds',
      help: 'Time of one reconcile pass with something to do',
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5],
      registers,
    });
  }

  /** Mutes and maintenance windows, as last read. */
  get holds(): readonly Hold[] {
    return this.#holds;
  }

  get cursor(): number {
    return this.#cursor;
  }

  async start(): Promise<void> {
    await this.#deps.desk.start();
    await this.lead();
    await this.refreshHolds();
  }

  /** Goes on where whoever had the lead before stopped. */
  async lead(): Promise<void> {
    this.#cursor = await this.#deps.tickets.findingsCursor();
  }

  async refreshHolds(): Promise<void> {
    this.#holds = await this.#deps.holds.current(this.#deps.clock.now());
  }

  /** Takes in what changed since the last pass, and what time made due; answers how many tickets were touched. */
  async poll(): Promise<number> {
    let touched = 0;
    for (;;) {
      const changes = await this.#deps.findings.changes(this.#cursor, PAGE);
      touched += await this.#pass(changes, changes.at(-1)?.revision);
      if (changes.length < PAGE) return touched;
    }
  }

  /** Goes through the whole level from its beginning: what a lost change left out is taken in now. */
  async full(): Promise<number> {
    const { findings, book } = this.#deps;
    let after = 0;
    let missed: number | undefined;
    for (;;) {
      const page = await findings.revisions(after, LEVEL_PAGE);
      missed ??= page.find(({ fingerprint, revision, standing }) => {
        const known = book.get(fingerprint);
        return known ? known.revision < revision : standing;
      })?.revision;
      if (page.length < LEVEL_PAGE || missed !== undefined) break;
      after = page.at(-1)!.revision;
    }
    if (missed === undefined) return 0;
    let touched = 0;
    after = missed - 1;
    for (;;) {
      const page = await findings.changes(after, PAGE);
      touched += await this.#pass(page, undefined);
      if (page.length < PAGE) return touched;
      after = page.at(-1)!.revision;
    }
  }

  /** Looks again at faults without a ticket, after holds were added or ended. */
  async again(): Promise<number> {
    await this.refreshHolds();
    return this.#deps.desk.exclusively(async () => this.#carryOut(this.#deps.book.planHolds(this.#world()), undefined));
  }

  /** Looks again at what a wider fault covered, once that is over. */
  async widerEnded(records: readonly IncidentRecord[]): Promise<void> {
    const wide = records.filter((record) => record.finding.scope !== 'terminal');
    if (wide.length === 0) return;
    await this.#deps.desk.exclusively(async () =>
      this.#carryOut(
        this.#deps.book.planMembers(
          wide.map((record) => record.finding),
          this.#world(),
        ),
        undefined,
      ),
    );
  }

  #world(): World {
    const { clock, policyOf, directory } = this.#deps;
    return {
      now: clock.now(),
      policyOf,
      facts: (tenant, terminal) => directory.facts(tenant, terminal),
      holds: this.#holds,
    };
  }

  async #pass(findings: readonly StandingFinding[], cursor: number | undefined): Promise<number> {
    const end = this.#passes.startTimer();
    const touched = await this.#deps.desk.exclusively(async () => {
      const plan = this.#deps.book.plan(findings, this.#world());
      return this.#carryOut(plan, cursor);
    });
    if (findings.length > 0 || touched > 0) end();
    this.#standing.set(this.#deps.book.size);
    return touched;
  }

  async #carryOut(plan: Plan, cursor: number | undefined): Promise<number> {
    if (plan.records.size === 0 && plan.actions.length === 0 && (cursor === undefined || cursor === this.#cursor))
      return 0;
    const { desk, book } = this.#deps;
    const records = new Map(plan.records);
    const changes = await this.#ticketsFor(plan, records);
    for (const { action } of plan.actions) this.#actions.inc({ action: action.kind });
    await desk.store(changes, PLATFORM, {
      incidents: [...records.values()],
      ...(cursor === undefined ? {} : { findingsCursor: cursor }),
    });
    if (cursor !== undefined) this.#cursor = cursor;
    const ended = changes.flatMap(({ ticket }) => {
      const record = ticket.fingerprint === null || ticket.open ? undefined : book.get(ticket.fingerprint);
      return record && record.finding.scope !== 'terminal' ? [record.finding] : [];
    });
    if (ended.length === 0) return changes.length;
    // What a wider fault covered stands on its own again.
    return changes.length + (await this.#carryOut(book.planMembers(ended, this.#world()), undefined));
  }

  /** Runs the plan's actions through the machine. Several steps of one ticket become one change. */
  async #ticketsFor(plan: Plan, records: Map<string, IncidentRecord>): Promise<readonly TicketChange[]> {
    const { book, tickets, desk, log } = this.#deps;
    const recordOf = (fingerprint: string): IncidentRecord => (records.get(fingerprint) ?? book.get(fingerprint))!;
    const loaded = await this.#load(plan, recordOf);
    const reopened = new Set<string>();
    const opened = plan.actions.filter(({ fingerprint, action }) => {
      if (action.kind !== 'open') return false;
      const last =
        action.repeatOf === null ? undefined : loaded.get(`${recordOf(fingerprint).tenant}/${action.repeatOf}`);
      if (last && (last.state === 'closed' || last.state === 'follow_up')) reopened.add(fingerprint);
      return !reopened.has(fingerprint);
    });
    const adopted = await this.#adopt(opened, recordOf, loaded);
    const ids = new Map<string, string>();
    const known = new Map<string, TerminalNotes>();
    for (const [tenant, list] of Map.groupBy(
      opened.filter(({ fingerprint }) => !adopted.has(fingerprint)),
      ({ fingerprint }) => recordOf(fingerprint).tenant,
    )) {
      const reserved = await tickets.reserveIds(tenant, list.length);
      for (const [i, { fingerprint }] of list.entries()) ids.set(fingerprint, reserved[i]!);
      const terminals = list.flatMap(({ fingerprint }) => recordOf(fingerprint).finding.terminal ?? []);
      for (const [terminal, notes] of await this.#deps.notes(tenant, terminals))
        known.set(`${tenant}/${terminal}`, notes);
    }
    const changes = new Map<string, TicketChange>();
    const keep = (taken: Taken): void => {
      const key = `${taken.ticket.tenant}/${taken.ticket.id}`;
      const before = changes.get(key);
      changes.set(key, {
        ticket: taken.ticket,
        history: [...(before?.history ?? []), taken.history],
        effects: [...(before?.effects ?? []), ...taken.effects],
      });
      loaded.set(key, taken.ticket);
    };
    for (const { fingerprint, action } of plan.actions) {
      const record = recordOf(fingerprint);
      const id = ids.get(fingerprint);
      if (id && action.kind === 'open') {
        keep(this.#open(record, id, action.repeatOf, known.get(`${record.tenant}/${record.finding.terminal}`)));
        continue;
      }
      const theirs = adopted.get(fingerprint) ?? record.ticket;
      const ticket = theirs === null ? undefined : loaded.get(`${record.tenant}/${theirs}`);
      const event =
        ticket &&
        (adopted.has(fingerprint) && action.kind === 'open'
          ? linkTo(record)
          : eventFor(record, action, (parent) => parentId(parent, ids, recordOf)));
      if (!ticket || !event) continue;
      const taken: Taken | Refused = step(ticket, event, desk.context(record.tenant, PLATFORM, ticket.site));
      if (taken.ok) keep(taken);
      // A refusal is a decision too: the ticket's state has nothing to learn from it (an archived one, say).
      else
        log.debug(
          { ticket: ticket.id, event: event.type, reason: taken.reason },
          'the ticket did not take what its finding said',
        );
    }
    return [...changes.values()];
  }

  async #load(plan: Plan, recordOf: (fingerprint: string) => IncidentRecord): Promise<Map<string, Ticket>> {
    const wanted = new Map<TenantId, Set<string>>();
    for (const { fingerprint } of plan.actions) {
      const record = recordOf(fingerprint);
      if (record.ticket === null) continue;
      const ids = wanted.get(record.tenant) ?? new Set();
      wanted.set(record.tenant, ids.add(record.ticket));
    }
    const loaded = new Map<string, Ticket>();
    for (const [tenant, ids] of wanted) {
      for (const ticket of await this.#deps.tickets.load(tenant, [...ids]))
        loaded.set(`${tenant}/${ticket.id}`, ticket);
    }
    return loaded;
  }

  /** Faults that a person has reported already: their ticket is the finding's too. Answers its id by fingerprint, and adds it to `loaded`. */
  async #adopt(
    opened: readonly PlannedAction[],
    recordOf: (fingerprint: string) => IncidentRecord,
    loaded: Map<string, Ticket>,
  ): Promise<ReadonlyMap<string, string>> {
    const adopted = new Map<string, string>();
    for (const [tenant, list] of Map.groupBy(opened, ({ fingerprint }) => recordOf(fingerprint).tenant)) {
      const terminals = new Set(list.flatMap(({ fingerprint }) => recordOf(fingerprint).finding.terminal ?? []));
      const told = await this.#deps.tickets.reported(tenant, [...terminals]);
      const free = new Map(told.map((ticket) => [`${ticket.terminal}/${ticket.component}`, ticket]));
      for (const { fingerprint } of list) {
        const { finding } = recordOf(fingerprint);
        const place = `${finding.terminal}/${finding.component}`;
        const ticket = free.get(place);
        if (
          !ticket ||
          !step(ticket, linkTo(recordOf(fingerprint)), this.#deps.desk.context(tenant, PLATFORM, ticket.site)).ok
        )
          continue;
        // One ticket stands for one finding: a second of the same part has its own.
        free.delete(place);
        adopted.set(fingerprint, ticket.id);
        loaded.set(`${tenant}/${ticket.id}`, ticket);
      }
    }
    return adopted;
  }

  #open(record: IncidentRecord, id: string, repeatOf: string | null, known: TerminalNotes | undefined): Taken {
    const { directory, desk } = this.#deps;
    const { finding } = record;
    const facts = finding.terminal ? directory.facts(finding.tenant, finding.terminal) : undefined;
    const site = finding.scope === 'site' ? finding.subject : (facts?.site ?? null);
    return openTicket(
      {
        tenant: finding.tenant,
        id,
        kind: 'fault',
        source: 'finding',
        severity: finding.severity,
        title: faultTitle(finding),
        scope: finding.scope,
        subject: finding.subject,
        terminal: finding.terminal,
        members: finding.members ?? [],
        site,
        component: finding.component,
        mode: finding.mode,
        fingerprint: record.fingerprint,
        finding,
        report: reportFrom(finding, record.openedAt, known),
        repeatOf,
      },
      desk.context(finding.tenant, PLATFORM, site),
    );
  }
}

function parentId(
  parent: string,
  ids: ReadonlyMap<string, string>,
  recordOf: (fingerprint: string) => IncidentRecord,
): string | null {
  if (!parent.startsWith('@')) return parent;
  const fingerprint = parent.slice(1);
  return ids.get(fingerprint) ?? recordOf(fingerprint).ticket;
}

function linkTo({ fingerprint, finding }: IncidentRecord): TicketEvent {
  return {
    type: 'link_finding',
    fingerprint,
    component: finding.component,
    mode: finding.mode,
    severity: finding.severity,
    at: finding.at,
    probability: finding.probability,
    horizonH: finding.horizonH,
    failsAt: finding.failsAt,
    failsAtP10: finding.failsAtP10,
    failsAtP90: finding.failsAtP90,
    evidence: [...finding.evidence],
  };
}

type ActionOf = Plan['actions'][number]['action'];

function eventFor(
  record: IncidentRecord,
  action: ActionOf,
  parent: (token: string) => string | null,
): TicketEvent | undefined {
  const { finding } = record;
  switch (action.kind) {
    case 'open': // its last ticket is reopened
    case 'tell':
      return {
        type: 'finding_changed',
        severity: finding.severity,
        at: finding.at,
        probability: finding.probability,
        horizonH: finding.horizonH,
        failsAt: finding.failsAt,
        failsAtP10: finding.failsAtP10,
        failsAtP90: finding.failsAtP90,
        evidence: [...finding.evidence],
        members: [...(finding.members ?? [])],
      };
    case 'resolve':
      return { type: 'finding_cleared', at: record.clearedAt ?? finding.at };
    case 'attach': {
      const id = parent(action.parent);
      return id === null ? undefined : { type: 'attach_to', parent: id };
    }
    case 'detach':
      return { type: 'detach' };
  }
}
