import type { Finding } from '../../contract/findings.ts';
import type { Component, Mode } from '../../contract/modes.ts';
import type { TenantId } from '../../contract/topics.ts';
import { type Groups, nameOf } from './groups.ts';
import { BETWEEN_FALSE_ALARMS, Odds, type SavedOdds } from './odds.ts';
import type { StandingBook } from './standing.ts';
import { MODEL, SEEN_AT, SITE, type Terminals } from './terminals.ts';
import { DAY } from './time.ts';

/** Parts that a maker answers for. A link is the place's, restarts are the software's, which has its own trial. */
const OF_THE_MODEL: readonly Mode[] = [
  'head_wear',
  'paper_feed',
  'cutter_wear',
  'overheat',
  'power',
  'capacity_fade',
  'resistance_rise',
  'charging_fault',
  'contact_wear',
  'tap_fault',
  'storage_wear',
];
/** ms for which a site counts once: bad power or a hot window hits all of its terminals, whatever their model. */
const SITE_ONCE = 60 * DAY;
/** Terminals at risk that each side of a comparison needs, and members that a finding needs. */
const LEAST = 8;
const LEAST_MEMBERS = 3;
/** Times its due that a model's faults must be, beyond any doubt that they are more. */
const WORSE = 2;
/** ms without a word after which a terminal is not at risk. */
const GONE = 2 * DAY;
/** ms for which counts of those at risk are kept, a terminal: large fleets change little between two faults. */
const COUNT_KEEPS = 2000;

interface Risk {
  readonly at: number;
  readonly byModel: ReadonlyMap<number, number>;
  readonly total: number;
}

interface Watch {
  readonly tenant: TenantId;
  readonly component: Component;
  readonly mode: Mode;
  readonly odds: Map<number, Odds>;
  /** When a site last had such a fault. */
  readonly sites: Map<string, number>;
  readonly standing: Set<number>;
  risk: Risk | undefined;
}

/**
 * Models whose part fails more often than others' that would show it as well: one finding about the model, with the terminals on which it
 * stands as members; whoever makes tickets attaches theirs to it. Each terminal's own finding and forecast go on.
 */
export class ModelWatch {
  readonly #terminals: Terminals;
  readonly #groups: Groups;
  readonly #book: StandingBook;
  /** Whether a terminal's part is known well enough for this mode to be seen on it. */
  readonly #shows: (index: number, component: Component, mode: Mode) => boolean;
  readonly #watches = new Map<string, Watch>();

  constructor(
    terminals: Terminals,
    groups: Groups,
    book: StandingBook,
    shows: (index: number, component: Component, mode: Mode) => boolean,
  ) {
    this.#terminals = terminals;
    this.#groups = groups;
    this.#book = book;
    this.#shows = shows;
  }

  /** Takes transitions in; answers them with what they make true of models. */
  heard(said: readonly Finding[], now: number): readonly Finding[] {
    const own = said.filter((f) => f.scope === 'terminal' && f.severity !== 'watch' && OF_THE_MODEL.includes(f.mode));
    if (own.length === 0) return said;
    const out = [...said];
    for (const finding of own) {
      const index = this.#terminals.find(finding.tenant, finding.subject);
      const model = this.#terminals.int(index, MODEL);
      if (model === 0) continue;
      const watch = this.#watchOf(finding);
      if (finding.state === 'open') this.#fault(watch, index, model, finding.at);
      this.#judge(watch, model, now, out);
      // A part's finding may have become one of another mode: it is no member of what stands under its old name any more.
      for (const other of this.#watches.values()) {
        if (other === watch || other.tenant !== watch.tenant || other.component !== watch.component) continue;
        if (other.standing.has(model)) this.#judge(other, model, now, out);
      }
    }
    return out;
  }

  #fault(watch: Watch, index: number, model: number, at: number): void {
    const site = this.#siteOf(index);
    const last = watch.sites.get(site);
    if (last !== undefined && at - last < SITE_ONCE) return;
    const risk = this.#riskOf(watch, at);
    watch.sites.set(site, at);
    const mine = risk.byModel.get(model) ?? 0;
    if (mine < LEAST || risk.total - mine < LEAST) return;
    for (const [one, count] of risk.byModel) {
      if (count < LEAST || risk.total - count < LEAST) continue;
      let odds = watch.odds.get(one);
      if (!odds) watch.odds.set(one, (odds = new Odds()));
      odds.take(one === model, count / risk.total);
    }
  }

  #judge(watch: Watch, model: number, now: number, out: Finding[]): void {
    const odds = watch.odds.get(model);
    if (!odds) return;
    const key = this.#key(watch, model);
    const stands = watch.standing.has(model);
    // Members are looked for among all that stands: only where there may be something to say.
    if (!stands && (odds.value < BETWEEN_FALSE_ALARMS * watch.odds.size || odds.hits < WORSE * odds.due)) return;
    const members = this.#membersOf(watch, model);
    if (stands && members.length === 0) {
      watch.standing.delete(model);
      watch.odds.delete(model);
      this.#book.clear(key, now, out);
      return;
    }
    if (!stands && members.length < LEAST_MEMBERS) return;
    watch.standing.add(model);
    const name = nameOf(this.#groups.nameOf(model));
    const share = Number((odds.due / odds.seen).toPrecision(2));
    this.#book.hold(
      key,
      {
        at: now,
        tenant: watch.tenant,
        scope: 'model',
        subject: name,
        terminal: null,
        members,
        site: null,
        component: watch.component,
        mode: watch.mode,
        severity: 'warning',
        // How sure it is that the model is worse; each member's own finding foretells its own failure.
        probability: 0.99,
        horizonH: 0,
        failsAt: null,
        failsAtP10: null,
        failsAtP90: null,
        evidence: [
          {
            metric: 'share of such faults',
            value: Number((odds.hits / odds.seen).toPrecision(2)),
            baseline: share,
            why: `${odds.hits} of the last ${odds.seen} such faults at different sites were on ${name}, which is ${Math.round(share * 100)} % of the terminals that would show one: its ${watch.component} fails more often than other models' (by chance once in ${BETWEEN_FALSE_ALARMS.toLocaleString('en')} faults). ${members.length} of its terminals show it now. Take it up with the maker, and plan the exchange as one.`,
          },
        ],
      },
      out,
    );
  }

  /** Terminals at risk by model: heard of lately, at sites that have not had such a fault lately, with the part known well enough. */
  #riskOf(watch: Watch, at: number): Risk {
    const t = this.#terminals;
    if (watch.risk && at - watch.risk.at < Math.min(DAY, t.count * COUNT_KEEPS)) return watch.risk;
    for (const [site, last] of watch.sites) if (at - last >= SITE_ONCE) watch.sites.delete(site);
    const byModel = new Map<number, number>();
    let total = 0;
    for (let i = 0; i < t.count; i++) {
      const model = t.int(i, MODEL);
      if (t.tenant(i) !== watch.tenant || model === 0 || at - t.time(i, SEEN_AT) > GONE) continue;
      if (watch.sites.has(this.#siteOf(i)) || !this.#shows(i, watch.component, watch.mode)) continue;
      byModel.set(model, (byModel.get(model) ?? 0) + 1);
      total++;
    }
    watch.risk = { at, byModel, total };
    return watch.risk;
  }

  #membersOf(watch: Watch, model: number): string[] {
    const names: string[] = [];
    for (const { finding } of this.#book.values()) {
      if (finding.scope !== 'terminal' || finding.mode !== watch.mode || finding.component !== watch.component)
        continue;
      if (finding.tenant !== watch.tenant || finding.severity === 'watch') continue;
      if (this.#terminals.int(this.#terminals.find(watch.tenant, finding.subject), MODEL) === model) {
        names.push(finding.subject);
      }
    }
    return names.sort();
  }

  #siteOf(index: number): string {
    const site = this.#terminals.int(index, SITE);
    return site === 0 ? `terminal ${this.#terminals.name(index)}` : String(site);
  }

  #watchOf({ tenant, component, mode }: Pick<Finding, 'tenant' | 'component' | 'mode'>): Watch {
    const key = `${tenant}/${component}/${mode}`;
    let watch = this.#watches.get(key);
    if (!watch) {
      watch = { tenant, component, mode, odds: new Map(), sites: new Map(), standing: new Set(), risk: undefined };
      this.#watches.set(key, watch);
    }
    return watch;
  }

  #key(watch: Watch, model: number): string {
    return `${this.#groups.nameOf(model)}/${watch.component}/${watch.mode}`;
  }

  save(): SavedModels {
    return [...this.#watches.values()].map(({ odds, sites, standing, risk, ...rest }) => ({
      ...rest,
      odds: [...odds].map(([model, one]) => [model, one.save()] as const),
      sites: [...sites],
      standing: [...standing],
      risk: risk ? { ...risk, byModel: [...risk.byModel] } : null,
    }));
  }

  load(saved: SavedModels): void {
    this.#watches.clear();
    for (const { tenant, component, mode, odds, sites, standing, risk } of saved) {
      this.#watches.set(`${tenant}/${component}/${mode}`, {
        tenant,
        component,
        mode,
        odds: new Map(odds.map(([model, one]) => [model, new Odds(one)])),
        sites: new Map(sites),
        standing: new Set(standing),
        risk: risk ? { ...risk, byModel: new Map(risk.byModel) } : undefined,
      });
    }
  }
}

export type SavedModels = readonly {
  readonly tenant: TenantId;
  readonly component: Component;
  readonly mode: Mode;
  readonly odds: readonly (readonly [model: number, odds: SavedOdds])[];
  readonly sites: readonly (readonly [site: string, at: number])[];
  readonly standing: readonly number[];
  readonly risk: {
    readonly at: number;
    readonly byModel: readonly (readonly [model: number, terminals: number])[];
    readonly total: number;
  } | null;
}[];
