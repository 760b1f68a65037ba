import type { Transaction } from 'kysely';
import { type Finding, fingerprintOf } from '../../../contract/findings.ts';
import type { FindingStore, StandingFinding } from '../../../contract/ports/findings.ts';
import type { TenantId } from '../../../contract/topics.ts';
import type { Database } from '../database.ts';
import type { Queries, Relational } from '../relational.ts';
import { excluded, flag, inPieces, json } from '../sql.ts';
import type { FindingRow } from '../tables/findings.ts';
import { type ClaimStep, claimStep, keepClaims, readClaims } from './claims.ts';

type Trx = Transaction<Database>;

const COLUMNS = 12;
/** Gravest first. */
const GRAVITY: Readonly<Record<string, number>> = { critical: 0, warning: 1, watch: 2 };

function findingOf(row: Pick<FindingRow, 'body' | 'fingerprint' | 'opened_at' | 'revision'>): StandingFinding {
  return {
    ...json.read<Finding>(row.body),
    fingerprint: row.fingerprint,
    openedAt: row.opened_at,
    revision: row.revision,
  };
}

/** What is said of the subject, without when it was said: two statements that agree in this are the same statement. */
function said(body: string): string {
  const { at: _at, state, ...rest } = json.read<Finding>(body);
  return JSON.stringify([state === 'cleared', rest]);
}

/** Findings as a level on Kysely, for both engines. */
export function createFindingStore(relational: Relational): FindingStore {
  const { db } = relational;
  return {
    async state(findings) {
      if (findings.length === 0) return;
      await relational.transaction(async (trx) => {
        // Taken first and held to the commit: revisions become visible in their order.
        let revision = await nextRevision(trx, findings.length, relational.engine === 'postgres');
        for (const piece of inPieces(findings, COLUMNS)) {
          const known = await knownRows(trx, piece);
          const batch: Batch = { rows: new Map(), members: [], past: [], claims: [] };
          for (const finding of piece) {
            const fingerprint = fingerprintOf(finding);
            const last = known.get(fingerprint);
            const row = rowOf(finding, fingerprint, last, revision);
            if (!row) continue;
            if (last && said(last.body) === said(row.body)) {
              const restated = { ...last, stated_at: row.stated_at };
              known.set(fingerprint, restated);
              batch.rows.set(fingerprint, restated);
              continue;
            }
            known.set(fingerprint, row);
            revision++;
            take(batch, row, finding, last);
          }
          await keep(trx, batch);
        }
      });
    },

    async changes(afterRevision, limit) {
      const rows = await db
        .selectFrom('finding')
        .select(['body', 'fingerprint', 'opened_at', 'revision'])
        .where('revision', '>', afterRevision)
        .orderBy('revision')
        .limit(limit)
        .execute();
      return rows.map(findingOf);
    },

    async revisions(afterRevision, limit) {
      const rows = await db
        .selectFrom('finding')
        .select(['fingerprint', 'revision', 'standing'])
        .where('revision', '>', afterRevision)
        .orderBy('revision')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        fingerprint: row.fingerprint,
        revision: row.revision,
        standing: flag.read(row.standing),
      }));
    },

    async standing(tenant, filter = {}) {
      const rows = await db
        .selectFrom('finding')
        .select(['body', 'fingerprint', 'opened_at', 'revision', 'severity'])
        .where('tenant', '=', tenant)
        .where('standing', '=', 1)
        .$if(filter.terminal !== undefined, (query) =>
          query.where((eb) =>
            eb.or([
              eb('terminal', '=', filter.terminal ?? ''),
              eb('fingerprint', 'in', memberships(db, tenant, filter.terminal ?? '')),
            ]),
          ),
        )
        .$if(filter.site !== undefined, (query) => query.where('site', 'in', [...(filter.site ?? []), '']))
        .orderBy('opened_at', 'desc')
        .execute();
      return rows.sort((a, b) => GRAVITY[a.severity]! - GRAVITY[b.severity]!).map(findingOf);
    },

    async history(tenant, terminal, limit) {
      const standing = await db
        .selectFrom('finding')
        .select(['body', 'fingerprint', 'opened_at', 'revision'])
        .where('tenant', '=', tenant)
        .where('standing', '=', 1)
        .where((eb) =>
          eb.or([eb('terminal', '=', terminal), eb('fingerprint', 'in', memberships(db, tenant, terminal))]),
        )
        .execute();
      const past = await db
        .selectFrom('finding_past')
        .select(['body', 'fingerprint', 'opened_at'])
        .where('tenant', '=', tenant)
        .where((eb) =>
          eb.or([eb('terminal', '=', terminal), eb('fingerprint', 'in', memberships(db, tenant, terminal))]),
        )
        .orderBy('ended_at', 'desc')
        .limit(limit)
        .execute();
      return [...standing, ...past.map((row) => ({ ...row, revision: 0 }))]
        .map(findingOf)
        .sort((a, b) => b.openedAt - a.openedAt)
        .slice(0, limit);
    },

    claims: (tenant, from, to) => readClaims(db, tenant, from, to),
  };
}

/** Wider findings that a terminal is a member of. */
function memberships(db: Queries, tenant: TenantId, terminal: string) {
  return db
    .selectFrom('finding_member')
    .select('finding_member.fingerprint')
    .where('finding_member.tenant', '=', tenant)
    .where('finding_member.terminal', '=', terminal);
}

async function nextRevision(trx: Trx, count: number, lock: boolean): Promise<number> {
  const row = await trx
    .selectFrom('finding_revision')
    .select('last')
    .where('id', '=', 1)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
  const last = row?.last ?? 0;
  await trx
    .insertInto('finding_revision')
    .values({ id: 1, last: last + count })
    .onConflict((oc) => oc.column('id').doUpdateSet(excluded(['last'])))
    .execute();
  return last + 1;
}

async function knownRows(trx: Trx, findings: readonly Finding[]): Promise<Map<string, FindingRow>> {
  const rows = await trx
    .selectFrom('finding')
    .selectAll()
    .where('tenant', 'in', [...new Set(findings.map((f) => f.tenant))])
    .where('fingerprint', 'in', [...new Set(findings.map(fingerprintOf))])
    .execute();
  return new Map(rows.map((row) => [row.fingerprint, row]));
}

/** The row that a statement makes, or undefined where it is older than what is kept, or clears what never stood. */
function rowOf(
  finding: Finding,
  fingerprint: string,
  last: FindingRow | undefined,
  revision: number,
): FindingRow | undefined {
  if (last && finding.at < last.stated_at) return undefined;
  const cleared = finding.state === 'cleared';
  if (cleared && last?.standing !== 1) return undefined;
  return {
    tenant: finding.tenant,
    fingerprint,
    scope: finding.scope,
    subject: finding.subject,
    terminal: finding.terminal,
    site: finding.site ?? (finding.scope === 'site' ? finding.subject : null),
    severity: finding.severity,
    standing: flag.write(!cleared),
    opened_at: last?.standing === 1 ? last.opened_at : finding.at,
    stated_at: finding.at,
    revision,
    body: json.write(finding),
  };
}

/** What a piece of statements comes to; several of one finding leave one row, and each of its endings. */
interface Batch {
  readonly rows: Map<string, FindingRow>;
  readonly members: { readonly tenant: string; readonly fingerprint: string; readonly terminal: string }[];
  readonly past: Pick<FindingRow, 'tenant' | 'fingerprint' | 'opened_at' | 'terminal' | 'body' | 'stated_at'>[];
  readonly claims: ClaimStep[];
}

function take(batch: Batch, row: FindingRow, finding: Finding, last: FindingRow | undefined): void {
  const { tenant, fingerprint } = row;
  batch.rows.set(fingerprint, row);
  for (const terminal of finding.members ?? []) batch.members.push({ tenant, fingerprint, terminal });
  if (row.standing !== 1) batch.past.push(row);
  const step = claimStep(row, finding, last);
  if (step) batch.claims.push(step);
}

async function keep(trx: Trx, { rows, members, past, claims }: Batch): Promise<void> {
  for (const piece of inPieces([...rows.values()], COLUMNS)) {
    await trx
      .insertInto('finding')
      .values([...piece])
      .onConflict((oc) =>
        oc
          .columns(['tenant', 'fingerprint'])
          .doUpdateSet(
            excluded([
              'scope',
              'subject',
              'terminal',
              'site',
              'severity',
              'standing',
              'opened_at',
              'stated_at',
              'revision',
              'body',
            ]),
          ),
      )
      .execute();
  }
  for (const piece of inPieces(members, 3)) {
    await trx
      .insertInto('finding_member')
      .values([...piece])
      .onConflict((oc) => oc.columns(['tenant', 'terminal', 'fingerprint']).doNothing())
      .execute();
  }
  for (const piece of inPieces(past, 6)) {
    await trx
      .insertInto('finding_past')
      .values(
        piece.map(({ tenant, fingerprint, opened_at, stated_at, terminal, body }) => ({
          tenant,
          fingerprint,
          opened_at,
          ended_at: stated_at,
          terminal,
          body,
        })),
      )
      .onConflict((oc) => oc.columns(['tenant', 'fingerprint', 'opened_at']).doNothing())
      .execute();
  }
  await keepClaims(trx, claims);
}
