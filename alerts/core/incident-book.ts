import type { Finding } from '../../contract/findings.ts';
import type { TerminalFacts } from '../../contract/ports/directory.ts';
import type { StandingFinding } from '../../contract/ports/findings.ts';
import type { Hold } from '../../contract/ports/holds.ts';
import type { IncidentRecord } from '../../contract/ports/incidents.ts';
import type { TenantId } from '../../contract/topics.ts';
import { heldBy } from './holds.ts';
import { type Action, firstRecord, hear, judge, type Statement, type Surroundings } from './judge.ts';
import type { Policy } from './policy.ts';

/** What the book looks at while it plans. */
export interface World {
  readonly now: number;
  readonly policyOf: (tenant: TenantId) => Policy;
  readonly facts: (tenant: TenantId, terminal: string) => TerminalFacts | undefined;
  readonly holds: readonly Hold[];
}

export interface PlannedAction {
  readonly fingerprint: string;
  readonly action: Exclude<Action, { kind: 'none' }>;
}

/** What a pass over findings comes to: changed records, and what to do about their tickets, wider faults first. */
export interface Plan {
  readonly records: ReadonlyMap<string, IncidentRecord>;
  readonly actions: readonly PlannedAction[];
}

/**
 * All faults known, in memory, with an index of which wider faults cover which terminals. `plan` changes nothing: what it answers is
 * stored first and then taken in by `commit`, so that memory never runs ahead of the store.
 */
export class IncidentBook {
  readonly #records = new Map<string, IncidentRecord>();
  /** tenant/terminal/component → fingerprints of standing wider faults. */
  readonly #cover = new Map<string, Set<string>>();
  readonly #rechecks = new Set<string>();
  readonly #ofTerminal = new Map<string, Set<string>>();

  get size(): number {
    return this.#records.size;
  }

  get(fingerprint: string): IncidentRecord | undefined {
    return this.#records.get(fingerprint);
  }

  /** Standing records of a tenant, for "why was I (not) told". */
  *ofTenant(tenant: TenantId): Generator<IncidentRecord> {
    for (const record of this.#records.values()) if (record.tenant === tenant) yield record;
  }

  commit(records: Iterable<IncidentRecord>): void {
    for (const record of records) {
      const before = this.#records.get(record.fingerprint);
      if (before) this.#unindex(before);
      // A fault that is over, has no open ticket and no recent openings needs no memory.
      if (!record.standing && !record.ticketOpen && record.openings.length === 0) {
        this.#records.delete(record.fingerprint);
        this.#rechecks.delete(record.fingerprint);
        continue;
      }
      this.#records.set(record.fingerprint, record);
      this.#index(record);
      if (record.recheckAt === null) this.#rechecks.delete(record.fingerprint);
      else this.#rechecks.add(record.fingerprint);
    }
  }

  #index(record: IncidentRecord): void {
    const { finding } = record;
    if (finding.scope === 'terminal') {
      add(this.#ofTerminal, coverKey(finding, finding.subject), record.fingerprint);
    } else if (covers(record)) {
      for (const member of finding.members ?? []) add(this.#cover, coverKey(finding, member), record.fingerprint);
    }
  }

  #unindex(record: IncidentRecord): void {
    const { finding } = record;
    if (finding.scope === 'terminal') remove(this.#ofTerminal, coverKey(finding, finding.subject), record.fingerprint);
    else for (const member of finding.members ?? []) remove(this.#cover, coverKey(finding, member), record.fingerprint);
  }

  /** Plans for statements (changes of findings, or the whole level), and for what time alone makes due. */
  plan(findings: readonly StandingFinding[], world: World): Plan {
    const records = new Map<string, IncidentRecord>();
    const actions: PlannedAction[] = [];
    const again = new Set<string>();
    // Wider faults first: what they cover is then held back rather than opened and attached a moment later.
    const wide = findings.filter((finding) => finding.scope !== 'terminal');
    const single = findings.filter((finding) => finding.scope === 'terminal');
    const wideNow = new Map<string, Set<string>>();
    for (const finding of wide) {
      const before = this.#records.get(finding.fingerprint);
      const record = this.#hear(finding, records, actions, world, wideNow);
      if (!record) continue;
      const members = new Set([...(before?.finding.members ?? []), ...(record.finding.members ?? [])]);
      for (const member of members) {
        for (const fingerprint of this.#ofTerminal.get(coverKey(record.finding, member)) ?? []) again.add(fingerprint);
      }
      if (covers(record))
        for (const member of members) add(wideNow, coverKey(record.finding, member), record.fingerprint);
    }
    for (const fingerprint of this.#rechecks) {
      const record = this.#records.get(fingerprint);
      if (record?.recheckAt == null || record.recheckAt > world.now || records.has(fingerprint)) continue;
      if (record.finding.scope === 'terminal') {
        again.add(fingerprint);
        continue;
      }
      const judged = this.#judge(record, record, records, actions, world, wideNow);
      for (const member of judged.finding.members ?? []) {
        for (const covered of this.#ofTerminal.get(coverKey(judged.finding, member)) ?? []) again.add(covered);
        if (covers(judged)) add(wideNow, coverKey(judged.finding, member), fingerprint);
      }
    }
    for (const finding of single) {
      again.delete(finding.fingerprint);
      this.#hear(finding, records, actions, world, wideNow);
    }
    for (const fingerprint of again) {
      const record = this.#records.get(fingerprint);
      if (record && !records.has(fingerprint)) this.#judge(record, record, records, actions, world, wideNow);
    }
    return { records, actions };
  }

  /** Looks again at all standing faults that have no ticket, after holds were added or ended. */
  planHolds(world: World): Plan {
    const records = new Map<string, IncidentRecord>();
    const actions: PlannedAction[] = [];
    for (const record of this.#records.values()) {
      if (record.standing && !record.ticketOpen) this.#judge(record, record, records, actions, world, new Map());
    }
    return { records, actions };
  }

  /** Looks again at the members of wider faults. */
  planMembers(wide: readonly Finding[], world: World): Plan {
    const records = new Map<string, IncidentRecord>();
    const actions: PlannedAction[] = [];
    for (const finding of wide) {
      for (const member of finding.members ?? []) {
        for (const fingerprint of this.#ofTerminal.get(coverKey(finding, member)) ?? []) {
          const record = this.#records.get(fingerprint);
          if (record && !records.has(fingerprint)) this.#judge(record, record, records, actions, world, new Map());
        }
      }
    }
    return { records, actions };
  }

  #hear(
    finding: StandingFinding,
    records: Map<string, IncidentRecord>,
    actions: PlannedAction[],
    world: World,
    wideNow: ReadonlyMap<string, ReadonlySet<string>>,
  ): IncidentRecord | undefined {
    const before = records.get(finding.fingerprint) ?? this.#records.get(finding.fingerprint);
    if (before && before.revision >= finding.revision) return undefined;
    const standing = finding.state !== 'cleared';
    // What was over before it was heard of, and has nothing open, is history and not an incident.
    if (!before && !standing) return undefined;
    const said: Statement = {
      finding: plain(finding),
      revision: finding.revision,
      standing,
      openedAt: finding.openedAt,
      clearedAt: standing ? null : finding.at,
    };
    const heard = hear(
      before ?? firstRecord(finding.fingerprint, said, world.now),
      said,
      world.now,
      world.policyOf(finding.tenant),
    );
    return this.#judge(heard, before, records, actions, world, wideNow);
  }

  #judge(
    record: IncidentRecord,
    before: IncidentRecord | undefined,
    records: Map<string, IncidentRecord>,
    actions: PlannedAction[],
    world: World,
    wideNow: ReadonlyMap<string, ReadonlySet<string>>,
  ): IncidentRecord {
    const { finding } = record;
    const facts = finding.terminal ? world.facts(finding.tenant, finding.terminal) : undefined;
    const around: Surroundings = {
      now: world.now,
      policy: world.policyOf(finding.tenant),
      wider: finding.scope === 'terminal' ? this.#widerOf(finding, records, wideNow) : undefined,
      held:
        record.standing && !record.ticketOpen
          ? heldBy(record.fingerprint, finding, facts, world.holds, world.now)
          : undefined,
    };
    const judged = judge(record, around);
    if (judged.incident !== before) records.set(record.fingerprint, judged.incident);
    for (const action of judged.actions) {
      if (action.kind !== 'none') actions.push({ fingerprint: record.fingerprint, action });
    }
    return judged.incident;
  }

  #widerOf(
    finding: Finding,
    records: ReadonlyMap<string, IncidentRecord>,
    wideNow: ReadonlyMap<string, ReadonlySet<string>>,
  ): Surroundings['wider'] {
    const key = coverKey(finding, finding.subject);
    const candidates = new Set([...(this.#cover.get(key) ?? []), ...(wideNow.get(key) ?? [])]);
    for (const fingerprint of candidates) {
      const record = records.get(fingerprint) ?? this.#records.get(fingerprint);
      if (!record || !covers(record) || !record.finding.members?.includes(finding.subject)) continue;
      // A wider ticket opened in this very pass has no id yet: its fingerprint stands in for it.
      const ticket = record.ticketOpen ? record.ticket : `@${fingerprint}`;
      return {
        fingerprint,
        subject: record.finding.subject,
        scope: record.finding.scope,
        ticket: opens(record) ? ticket : null,
      };
    }
    return undefined;
  }
}

function opens(record: IncidentRecord): boolean {
  return record.ticketOpen || record.decision.action === 'open';
}

/** A wider fault covers its members while it stands and is worth a ticket, and until its ticket has ended: one that flaps lets go of nothing. */
function covers(record: IncidentRecord): boolean {
  if (!record.standing) return record.ticketOpen;
  return (
    record.finding.severity !== 'watch' && record.dismissed === null && record.decision.reason !== 'below_threshold'
  );
}

function coverKey(finding: Finding, terminal: string): string {
  return `${finding.tenant}/${terminal}/${finding.component}`;
}

function plain(finding: StandingFinding): Finding {
  const { fingerprint: _f, openedAt: _o, revision: _r, ...rest } = finding;
  return rest;
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}

function remove(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (!set) return;
  set.delete(value);
  if (set.size === 0) map.delete(key);
}
