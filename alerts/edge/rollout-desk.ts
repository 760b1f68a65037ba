import { DateTime } from 'luxon';
import type { Logger } from 'pino';
import { TillwatchError } from '../../contract/errors.ts';
import type { Finding } from '../../contract/findings.ts';
import type { Clock } from '../../contract/ports/clock.ts';
import type { Directory } from '../../contract/ports/directory.ts';
import type { FindingStore } from '../../contract/ports/findings.ts';
import type { HoldRepository } from '../../contract/ports/holds.ts';
import type { RegistryRepository } from '../../contract/ports/registry.ts';
import type { DocumentShelf } from '../../contract/ports/shelf.ts';
import type { TicketRepository } from '../../contract/ports/tickets.ts';
import type { Effect } from '../../contract/tickets.ts';
import type { TenantId } from '../../contract/topics.ts';
import { nextMove, type Rollout, type RolloutView } from '../core/rollouts.ts';
import { PLATFORM, type TicketDesk } from './ticket-desk.ts';
import { Turn } from './turn.ts';

export interface RolloutDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly shelf: DocumentShelf;
  readonly tickets: TicketRepository;
  readonly desk: TicketDesk;
  readonly findings: Pick<FindingStore, 'standing'>;
  readonly holds: HoldRepository;
  readonly directory: Directory;
  readonly registry: Pick<RegistryRepository, 'list'>;
  /** Called after holds were added. */
  readonly held: () => Promise<void>;
}

const KIND = 'rollout';
/** While a terminal updates and restarts, its alerts are held. */
const HOLD_MS = 3_600_000;

/** Runs staged firmware rollouts: sends the commands of a stage, watches it, goes on, or halts by itself and opens a ticket. */
export class RolloutDesk {
  readonly #deps: RolloutDeps;
  readonly #turn = new Turn();

  constructor(deps: RolloutDeps) {
    this.#deps = deps;
  }

  async list(tenant: TenantId): Promise<readonly Rollout[]> {
    return (await this.#deps.shelf.list(tenant, KIND))
      .map((entry) => entry.body as Rollout)
      .sort((a, b) => b.startedAt - a.startedAt);
  }

  /** Errors: `rollout.name_taken`, `rollout.overlap` (409: one at a time a terminal), `rollout.nobody` (409), `rollout.bad_stages` (400). */
  start(
    tenant: TenantId,
    wanted: Omit<Rollout, 'terminals' | 'state' | 'stage' | 'stageSince' | 'sent' | 'why' | 'startedAt'> & {
      readonly model: string | null;
      readonly fromFirmware: string | null;
    },
  ): Promise<Rollout> {
    return this.#turn.run(async () => {
      const { clock, shelf } = this.#deps;
      const shares = wanted.stages.map((stage) => stage.share);
      if (shares.at(-1) !== 1 || shares.some((share, i) => i > 0 && share <= shares[i - 1]!)) {
        throw new TillwatchError('rollout.bad_stages', 'shares rise from stage to stage and end with 1', {
          status: 400,
        });
      }
      const known = await this.list(tenant);
      if (known.some((rollout) => rollout.id === wanted.id)) {
        throw new TillwatchError('rollout.name_taken', `there was a rollout ${wanted.id} before: choose another name`, {
          status: 409,
        });
      }
      const terminals = await this.#cohort(tenant, wanted.model, wanted.fromFirmware, wanted.version);
      if (terminals.length === 0)
        throw new TillwatchError('rollout.nobody', 'no active terminal fits, or all have this firmware', {
          status: 409,
        });
      refuseOverlap(known, terminals);
      const { model: _model, fromFirmware: _from, ...rest } = wanted;
      const now = clock.now();
      const rollout: Rollout = {
        ...rest,
        terminals,
        state: 'running',
        stage: 0,
        stageSince: now,
        sent: {},
        why: null,
        startedAt: now,
      };
      await shelf.put(tenant, KIND, rollout.id, rollout, now);
      return rollout;
    });
  }

  async #cohort(
    tenant: TenantId,
    model: string | null,
    firmware: string | null,
    version: string,
  ): Promise<readonly string[]> {
    const out: { id: string; site: string }[] = [];
    let after: string | undefined;
    do {
      const page = await this.#deps.registry.list(tenant, {
        lifecycle: ['active', 'pending'],
        limit: 1000,
        ...(model ? { model } : {}),
        ...(firmware ? { firmware } : {}),
        ...(after ? { after } : {}),
      });
      for (const one of page.items) if (one.firmware !== version) out.push({ id: one.terminal, site: one.site ?? '' });
      after = page.next;
    } while (after);
    return spread(out);
  }

  /** Stops it for good; what is updated stays updated. */
  cancel(tenant: TenantId, id: string, by: string): Promise<Rollout> {
    return this.#turn.run(async () => {
      const rollout = (await this.#deps.shelf.get(tenant, KIND, id)) as Rollout | undefined;
      if (!rollout) throw new TillwatchError('rollout.unknown', `there is no rollout ${id}`, { status: 404 });
      if (rollout.state !== 'running' && rollout.state !== 'halted') {
        throw new TillwatchError('rollout.ended', `the rollout is ${rollout.state}`, { status: 409 });
      }
      return this.#keep(tenant, { ...rollout, state: 'cancelled', why: `cancelled by ${by}` });
    });
  }

  /** Halts one by hand: nothing more is sent until it is resumed. */
  pause(tenant: TenantId, id: string, by: string): Promise<Rollout> {
    return this.#turn.run(async () => {
      const rollout = (await this.#deps.shelf.get(tenant, KIND, id)) as Rollout | undefined;
      if (rollout?.state !== 'running')
        throw new TillwatchError('rollout.not_running', `${id} is not running`, { status: 409 });
      return this.#keep(tenant, { ...rollout, state: 'halted', why: `paused by ${by}` });
    });
  }

  /** A halted one goes on where it stopped, after a person has looked. */
  resume(tenant: TenantId, id: string): Promise<Rollout> {
    return this.#turn.run(async () => {
      const rollout = (await this.#deps.shelf.get(tenant, KIND, id)) as Rollout | undefined;
      if (rollout?.state !== 'halted')
        throw new TillwatchError('rollout.not_halted', `${id} is not halted`, { status: 409 });
      return this.#keep(tenant, { ...rollout, state: 'running', why: null, stageSince: this.#deps.clock.now() });
    });
  }

  /** A terminal answered the command to update. */
  answered(tenant: TenantId, id: string, terminal: string, ok: boolean): Promise<void> {
    return this.#turn.run(async () => {
      const rollout = (await this.#deps.shelf.get(tenant, KIND, id)) as Rollout | undefined;
      const sent = rollout?.sent[terminal];
      if (!rollout || !sent) return;
      await this.#keep(tenant, {
        ...rollout,
        sent: { ...rollout.sent, [terminal]: { ...sent, result: ok ? 'ok' : 'failed' } },
      });
    });
  }

  /** One step of every running rollout. */
  async run(): Promise<void> {
    const all = await this.#deps.shelf.all(KIND);
    for (const { tenant, id } of all) {
      await this.#turn.run(async () => {
        const rollout = (await this.#deps.shelf.get(tenant, KIND, id)) as Rollout | undefined;
        if (rollout?.state === 'running') await this.#step(tenant, rollout);
      });
    }
  }

  async #step(tenant: TenantId, rollout: Rollout): Promise<void> {
    const now = this.#deps.clock.now();
    const move = nextMove(rollout, await this.#view(tenant, rollout, now));
    switch (move.kind) {
      case 'wait':
        return;
      case 'send':
        return this.#send(tenant, rollout, move.terminals, now);
      case 'advance':
        await this.#keep(tenant, { ...rollout, stage: rollout.stage + 1, stageSince: now });
        return;
      case 'finish':
        await this.#keep(tenant, { ...rollout, state: 'done' });
        return;
      case 'halt':
        await this.#halt(tenant, rollout, move.why);
    }
  }

  async #view(tenant: TenantId, rollout: Rollout, now: number): Promise<RolloutView> {
    const standing = await this.#deps.findings.standing(tenant);
    const worth = standing.filter((finding) => finding.severity !== 'watch');
    const regression = worth.find(
      (finding) =>
        finding.mode === 'firmware_regression' &&
        finding.scope === 'firmware' &&
        finding.subject.includes(rollout.version),
    );
    const zones = new Map<string, number>();
    const minuteIn = (zone: string): number => {
      const known = zones.get(zone);
      if (known !== undefined) return known;
      const local = DateTime.fromMillis(now, { zone });
      const utc = local.isValid ? local : DateTime.fromMillis(now, { zone: 'utc' });
      const minute = utc.hour * 60 + utc.minute;
      zones.set(zone, minute);
      return minute;
    };
    return {
      now,
      minuteAt: (terminal) => minuteIn(this.#deps.directory.facts(tenant, terminal)?.timezone ?? 'utc'),
      firmware: (terminal) => this.#deps.directory.facts(tenant, terminal)?.firmware ?? null,
      away: new Set(
        standing.filter(cutOff).flatMap((finding) => (finding.terminal ? [finding.terminal] : (finding.members ?? []))),
      ),
      ailing: new Set(worth.flatMap((finding) => finding.terminal ?? [])),
      regression: regression
        ? (regression.evidence[0]?.why ?? `firmware ${rollout.version} does worse than the one before`)
        : null,
    };
  }

  async #send(tenant: TenantId, rollout: Rollout, terminals: readonly string[], now: number): Promise<void> {
    const effects = terminals.map(
      (terminal): Effect => ({
        key: `${tenant}/rollout/${rollout.id}/${terminal}${rollout.sent[terminal] ? `/${now}` : ''}`,
        tenant,
        ticket: null,
        kind: 'command',
        at: now,
        dueAt: now,
        payload: {
          name: 'update_firmware',
          terminal,
          commandId: `ro-${rollout.id}-${rollout.terminals.indexOf(terminal)}`,
          args: { version: rollout.version, url: rollout.url, sha256: rollout.sha256 },
        },
      }),
    );
    for (const terminal of terminals) {
      await this.#deps.holds.add({
        tenant,
        id: `rollout-${rollout.id}-${terminal}${rollout.sent[terminal] ? `-${now}` : ''}`,
        kind: 'maintenance',
        match: { terminal },
        from: now,
        to: now + HOLD_MS,
        reason: `update to ${rollout.version}`,
        by: rollout.by,
        at: now,
      });
    }
    const sent = { ...rollout.sent };
    for (const terminal of terminals) {
      const before = sent[terminal];
      sent[terminal] = before ? { ...before, again: now } : { at: now, result: 'waiting' };
    }
    // The commands first: sent twice they carry the same id, and a terminal does the same id once.
    await this.#deps.tickets.apply({ changes: [], effects });
    await this.#keep(tenant, { ...rollout, sent });
    await this.#deps.held();
  }

  async #halt(tenant: TenantId, rollout: Rollout, why: string): Promise<void> {
    await this.#keep(tenant, { ...rollout, state: 'halted', why });
    this.#deps.log.warn(
      { tenant, rollout: rollout.id, version: rollout.version },
      `a rollout halted by itself: ${why}`,
    );
    const members = Object.keys(rollout.sent);
    try {
      await this.#deps.desk.open(
        {
          tenant,
          kind: 'fault',
          source: 'plan',
          severity: 'critical',
          title: `Rollout of ${rollout.version} halted: ${why}`,
          scope: 'firmware',
          subject: rollout.version,
          terminal: null,
          members,
          site: null,
          component: 'system',
          mode: 'firmware_regression',
          fingerprint: `${tenant}/rollout/${rollout.id}`,
          why: `risk plan: ${rollout.riskPlan}`,
        },
        PLATFORM,
      );
    } catch (error) {
      if (!(error instanceof TillwatchError && error.code === 'ticket.duplicate')) throw error;
    }
  }

  async #keep(tenant: TenantId, rollout: Rollout): Promise<Rollout> {
    await this.#deps.shelf.put(tenant, KIND, rollout.id, rollout, this.#deps.clock.now());
    return rollout;
  }
}

/** True where a finding says that what it is about cannot be reached. */
function cutOff({ component, mode, severity }: Finding): boolean {
  return mode === 'offline' || (component === 'network' && severity === 'critical');
}

/** Two rollouts never want different firmware of one terminal. */
function refuseOverlap(known: readonly Rollout[], terminals: readonly string[]): void {
  const wanted = new Set(terminals);
  for (const { id, state, version, terminals: theirs } of known) {
    if (state !== 'running' && state !== 'halted') continue;
    const both = theirs.filter((terminal) => wanted.has(terminal));
    if (both.length === 0) continue;
    const some = both.slice(0, 3).join(', ');
    throw new TillwatchError(
      'rollout.overlap',
      `${both.length} of these terminals (${some}${both.length > 3 ? ', …' : ''}) are in the rollout ${id} of ${version}, which is ${state}: let it end, cancel it, or name another model or firmware`,
      { status: 409, context: { rollout: id } },
    );
  }
}

/** An order in which each early share holds terminals of as many shops as can be: one of each shop, then the next of each. */
function spread(terminals: readonly { id: string; site: string }[]): readonly string[] {
  const shops = [...Map.groupBy(terminals, (one) => one.site).values()];
  const out: string[] = [];
  for (let i = 0; out.length < terminals.length; i++) {
    for (const shop of shops) {
      const one = shop[i];
      if (one) out.push(one.id);
    }
  }
  return out;
}
