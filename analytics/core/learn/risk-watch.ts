import { TillwatchError } from '../../../contract/errors.ts';
import type { Evidence, Finding } from '../../../contract/findings.ts';
import { type Component, isComponent, LEARNED_RISK, type Mode } from '../../../contract/modes.ts';
import type { Opinion } from '../../../contract/ports/findings.ts';
import type { Reading } from '../../../contract/reading.ts';
import type { TenantId } from '../../../contract/topics.ts';
import { StandingBook, terminalKey } from '../standing.ts';
import { HOUR } from '../time.ts';
import { metricOfColumn, rowMaker } from './columns.ts';
import { DeviceFeatures, featuresOf } from './features.ts';
import { type FailureModel, type Reason, reasonsFor, riskOf, slim } from './model.ts';
import { LOOKS } from './train.ts';

const VERSION = 2;
/** Terminals followed at most; whoever is unheard longest gives way. */
const MOST = 200_000;
/** Looks on end at or over the alarm that make a finding, and share of the alarm's odds under which it ends. */
const HOLD = 2;
const EASED = 0.5;

interface Running {
  readonly version: number;
  readonly model: FailureModel;
  readonly row: ReturnType<typeof rowMaker>;
}

interface Followed {
  readonly features: DeviceFeatures;
  /** When it was last looked at, and what was seen. */
  at: number;
  risk: number;
  high: number;
  /** Component of the finding that stands on it. */
  component: Component | null;
}

/** What a learned model holds of a terminal now. */
export interface TerminalRisk {
  readonly version: number;
  readonly at: number;
  readonly horizonH: number;
  readonly risk: number;
  readonly alarmRisk: number;
  readonly alarm: boolean;
  readonly reasons: readonly Reason[];
}

export interface RiskWatchOptions {
  /** Whether the detectors hold a finding with a ticket on that component. */
  readonly holds: (tenant: string, terminal: string, component: Component) => boolean;
  readonly opinions: {
    muted(tenant: string, terminal: string, component: Component, mode: Mode, now: number): boolean;
    demand(tenant: string, terminal: string, model: string, component: Component, mode: Mode): number;
    calibrated(tenant: string, model: string, component: Component, mode: Mode, probability: number): number;
  };
  readonly facts: (tenant: TenantId, terminal: string) => { model: string | null; site: string | null } | undefined;
}

/**
 * Learned models beside the built-in detectors: each terminal's features are kept as its readings come, it is scored as often as in training
 * (fourteen times a horizon, in event time), and a risk at or over the model's alarm twice on end is a finding of mode `learned_risk` on the component
 * that made most of it. It neither opens nor ends while a detector's own finding stands on that component.
 */
export class RiskWatch {
  readonly #options: RiskWatchOptions;
  readonly #most: number;
  readonly #models = new Map<string, Running>();
  readonly #followed = new Map<string, Followed>();
  readonly #book = new StandingBook();

  constructor(options: RiskWatchOptions, most: number = MOST) {
    this.#options = options;
    this.#most = most;
  }

  get size(): number {
    return this.#followed.size;
  }

  /** The version that runs for a tenant. */
  version(tenant: string): number | undefined {
    return this.#models.get(tenant)?.version;
  }

  tenants(): string[] {
    return [...this.#models.keys()];
  }

  /** Runs a model for a tenant, or none (null). What another version held is over; answers the findings that end. */
  use(tenant: TenantId, running: { version: number; model: FailureModel } | null, now: number): Finding[] {
    const out: Finding[] = [];
    const before = this.#models.get(tenant);
    if (before && before.version === running?.version) return out;
    if (before) {
      for (const [key, one] of this.#followed) {
        if (!key.startsWith(`${tenant}/`)) continue;
        if (one.component) this.#book.clear(`${key}/${one.component}`, now, out);
        this.#followed.delete(key);
      }
    }
    if (!running) this.#models.delete(tenant);
    else {
      const model = slim(running.model);
      this.#models.set(tenant, { version: running.version, model, row: rowMaker(model) });
    }
    return out;
  }

  take(reading: Reading): readonly Finding[] {
    const running = this.#models.get(reading.tenant);
    if (!running) return [];
    const key = `${reading.tenant}/${reading.terminal}`;
    if (reading.channel === 'event' && reading.payload.type === 'part_replaced') {
      this.#followed.get(key)?.features.failed(reading.ts);
      return [];
    }
    const row = running.row(reading);
    if (!row) return [];
    const one = this.#follow(key, running);
    // What comes late would be learned out of its order.
    if (row.at <= one.features.at) return [];
    one.features.take(row);
    if (row.at - one.at < running.model.horizonMs / LOOKS) return [];
    one.at = row.at;
    return this.#look(reading, key, one, running);
  }

  #follow(key: string, running: Running): Followed {
    let one = this.#followed.get(key);
    if (!one) {
      const features = new DeviceFeatures(running.model);
      one = { features, at: Number.NEGATIVE_INFINITY, risk: 0, high: 0, component: null };
    } else this.#followed.delete(key);
    this.#followed.set(key, one);
    if (this.#followed.size > this.#most) {
      // One on which a finding stands is not forgotten.
      for (const [oldest, { component }] of this.#followed) {
        if (component !== null) continue;
        this.#followed.delete(oldest);
        break;
      }
    }
    return one;
  }

  #look(reading: Reading, key: string, one: Followed, running: Running): Finding[] {
    const { tenant, terminal, receivedAt: now } = reading;
    const { holds, opinions, facts } = this.#options;
    const { model } = running;
    const out: Finding[] = [];
    const values = one.features.now();
    one.risk = riskOf(model, values);
    const kind = facts(tenant, terminal);
    const reasons = reasonsFor(model, values, 4);
    const component = one.component ?? componentOf(model, reasons);
    if (holds(tenant, terminal, component)) {
      one.high = 0;
      return out;
    }
    const name = kind?.model ?? '';
    const bar = odds(model.alarmRisk) * opinions.demand(tenant, terminal, name, component, LEARNED_RISK) ** 2;
    one.high = odds(one.risk) >= bar ? one.high + 1 : 0;
    const bookKey = `${key}/${component}`;
    if (one.component === null) {
      if (one.high < HOLD || opinions.muted(tenant, terminal, component, LEARNED_RISK, now)) return out;
      one.component = component;
    } else if (odds(one.risk) < bar * EASED) {
      this.#book.clear(bookKey, now, out);
      one.component = null;
      return out;
    }
    this.#book.hold(
      bookKey,
      {
        at: now,
        tenant,
        scope: 'terminal',
        subject: terminal,
        terminal,
        site: kind?.site ?? null,
        component,
        mode: LEARNED_RISK,
        severity: 'warning',
        probability: Number(opinions.calibrated(tenant, name, component, LEARNED_RISK, one.risk).toFixed(3)),
        horizonH: model.horizonMs / HOUR,
        failsAt: null,
        failsAtP10: null,
        failsAtP90: null,
        evidence: reasons.map((reason, i) => evidenceOf(model, reason, one, running.version, i === 0)),
      },
      out,
    );
    return out;
  }

  /** What the model that runs holds of a terminal; undefined where none runs, or it was not looked at yet. */
  of(tenant: string, terminal: string): TerminalRisk | undefined {
    const running = this.#models.get(tenant);
    const one = this.#followed.get(`${tenant}/${terminal}`);
    if (!running || !one || !Number.isFinite(one.at)) return undefined;
    const { model, version } = running;
    return {
      version,
      at: one.at,
      horizonH: model.horizonMs / HOUR,
      risk: one.risk,
      alarmRisk: model.alarmRisk,
      alarm: one.risk >= model.alarmRisk,
      reasons: reasonsFor(model, one.features.now()),
    };
  }

  /** A person called it wrong: the finding ends. Muted and taught it is through `opinions`. */
  heed({ tenant, terminal, component, mode, kind, at }: Opinion): Finding[] {
    const one = this.#followed.get(`${tenant}/${terminal}`);
    const out: Finding[] = [];
    if (kind === 'confirmed' || one?.component !== component || (mode !== null && mode !== LEARNED_RISK)) return out;
    this.#book.clear(terminalKey(tenant, terminal, component), at, out);
    one.component = null;
    one.high = 0;
    return out;
  }

  standing(): Finding[] {
    return [...this.#book.values()].map((s) => s.finding);
  }

  snapshot(): Uint8Array {
    const head = new TextEncoder().encode(
      JSON.stringify({
        version: VERSION,
        models: [...this.#models].map(([tenant, { version }]) => [tenant, version]),
        book: this.#book.save(),
        followed: [...this.#followed].map(([key, { at, risk, high, component, features }]) => [
          key,
          [Number.isFinite(at) ? at : null, risk, high, component, features.state.length],
        ]),
      }),
    );
    const states = [...this.#followed.values()].map(({ features }) => new Uint8Array(features.state.buffer));
    return new Uint8Array(Buffer.concat([new Uint8Array(Uint32Array.of(head.byteLength).buffer), head, ...states]));
  }

  /**
   * Takes a snapshot back, for the versions that are running again (`use` comes first); the rest of it is left. Throws
   * `analytics.bad_snapshot` where it is damaged or of another version, and has taken nothing then.
   */
  restore(saved: Uint8Array): void {
    const { head, states } = readSaved(saved);
    const same = new Set(head.models.filter(([tenant, v]) => this.version(tenant) === v).map(([tenant]) => tenant));
    this.#book.load({
      ...head.book,
      standing: head.book.standing.filter(([, { finding }]) => same.has(finding.tenant)),
    });
    head.followed.forEach(([key, [at, risk, high, component]], i) => {
      const tenant = key.slice(0, key.indexOf('/'));
      const running = this.#models.get(tenant);
      if (!running || !same.has(tenant)) return;
      const features = new DeviceFeatures(running.model, states[i]!);
      this.#followed.set(key, { features, at: at ?? Number.NEGATIVE_INFINITY, risk, high, component });
    });
  }
}

/** A snapshot's head and the features of each terminal in it. */
function readSaved(saved: Uint8Array): { head: SavedRisks; states: Float64Array[] } {
  const bytes = new Uint8Array(saved);
  const end = bytes.length < 4 ? 4 : 4 + new Uint32Array(bytes.slice(0, 4).buffer)[0]!;
  if (end > bytes.length) throw cutShort();
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, end))) as SavedRisks;
  if (head.version !== VERSION) {
    throw new TillwatchError('analytics.bad_snapshot', 'the state of learned models is of another version', {
      context: { version: head.version, expected: VERSION },
    });
  }
  let offset = end;
  const states = head.followed.map(([, [, , , , length]]) => {
    const from = offset;
    offset += length * 8;
    if (offset > bytes.length) throw cutShort();
    return new Float64Array(bytes.slice(from, offset).buffer);
  });
  return { head, states };
}

function cutShort(): TillwatchError {
  return new TillwatchError('analytics.bad_snapshot', 'the state of learned models is cut short');
}

interface SavedRisks {
  readonly version: number;
  readonly models: readonly (readonly [tenant: string, version: number])[];
  readonly book: ReturnType<StandingBook['save']>;
  readonly followed: readonly (readonly [
    key: string,
    state: readonly [at: number | null, risk: number, high: number, component: Component | null, length: number],
  ])[];
}

const odds = (p: number): number => p / Math.max(1e-9, 1 - p);

/** The component whose metrics added most to a risk; the system, where none did. */
function componentOf(model: FailureModel, reasons: readonly Reason[]): Component {
  const added = new Map<Component, number>();
  for (const reason of reasons) {
    const group = metricOf(model, reason)?.split('.')[0] ?? '';
    if (isComponent(group)) added.set(group, (added.get(group) ?? 0) + reason.added);
  }
  return [...added].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'system';
}

function metricOf(model: FailureModel, { at }: Reason): string | undefined {
  const column = featuresOf(model)[at];
  if (column?.number !== undefined) return metricOfColumn(model.numbers[column.number]!);
  return column?.word === undefined ? undefined : metricOfColumn(model.words[column.word]!.column);
}

function evidenceOf(model: FailureModel, reason: Reason, one: Followed, version: number, first: boolean): Evidence {
  const number = featuresOf(model)[reason.at]?.number;
  const usual = number === undefined ? null : one.features.usual(number);
  const baseline = usual === null ? null : Number(usual.toPrecision(4));
  const value = reason.value ?? 'unknown';
  const days = Math.round((model.horizonMs / HOUR / 24) * 10) / 10;
  const lead = first
    ? `Model ${version}, learned from past failures, gives ${Math.round(one.risk * 100)} % within ${days} days (its alarm: ${Math.round(model.alarmRisk * 100)} %). Most of it: `
    : '';
  const than = baseline === null ? '' : `, its column usually ${baseline} here`;
  return {
    metric: metricOf(model, reason) ?? reason.feature,
    value,
    baseline,
    why: `${lead}${reason.feature} is ${value}${than}, which multiplies the odds by ${Number(Math.exp(reason.added).toPrecision(2))}.`,
  };
}
