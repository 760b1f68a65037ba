import type { Evidence } from '../../contract/findings.ts';
import type { Mode } from '../../contract/modes.ts';
import type { Block } from './block.ts';
import type { GroupShift } from './channel.ts';
import { type ChannelVerdict, ENOUGH, farOf, judgeGauge, judgeRate, SURE } from './channel-verdict.ts';
import type { Detector, ModeSpec } from './detector.ts';
import type { Forecast } from './forecast.ts';
import { told } from './sentences.ts';

/** The judge's opinion of one component: the mode that its channels add up to, how surely, and when it fails. */
export interface Verdict {
  readonly mode: ModeSpec;
  /** 1 and over: enough for a finding that opens a ticket. */
  readonly strength: number;
  /** What its own channels alone amount to, without those that it shares with other modes. */
  readonly own: number;
  /** How far its own channels are from their habit on the way to failure, however late that is expected: what is told of them holds while they are. */
  readonly present: number;
  /** The same, whatever other mode explains it away; and by what they amount to. */
  readonly shows: number;
  /** What its own channels measure that are far from their habit and have held. */
  readonly ownMetrics: readonly string[];
  /** Nats by which its own errors speak of it. */
  readonly surprise: number;
  readonly level: number;
  readonly forecast: Forecast;
  /** What the channel that counts most in it measures; undefined where none speaks of it. */
  readonly metric: string | undefined;
  /** What it tells people, in words: put together where it is told, which few verdicts are. */
  evidence(): readonly Evidence[];
  /** The same without a word of the time that is left. */
  seen(): readonly Evidence[];
}

/** Share of the strongest shared evidence below which a mode's own is but a trace. */
const TRACE = 0.35;
/** What a mode's own channels show at the least where they show a trace, and where they show none. */
const PLAIN_TRACE = 0.1;
const FAINT = 0.02;
/** By how much more a gauge counts whose fall costs something that several modes share. */
const COSTLY = 0.6;
/** Nats of a mode's own errors that name it before another is named only because that part could not show anything. */
export const NAMED_BY = 8;
/** Nats of errors from which they back what a gauge shows, and how many more back it fully. */
const BACKS = 4;
const BACKS_FULLY = 3;
/** What the own channels of a mode that may only be backed must show for what it shares to count fully. */
const BACKED_FROM = 0.5;
/** How surely a channel must be far from its habit, and have held, to speak for what a mode is named by. */
const STANDS_OUT = 0.5;
/** What a mode's own channels must show for what was told of it to hold. */
export const TOLD_ON = 0.25;
/** Nats beyond which what is shared is no louder. */
const LOUD = 20;
/** Share of the way up to which a gauge stands, and from which it has come some of it. */
const STANDS = 0.08;
const COME = 0.2;
/** What evidence that no mode speaks for counts for at the most, once it goes on growing. */
const CARRIED_GROWN = 0.8;

interface Channels {
  readonly gauges: readonly ChannelVerdict[];
  readonly rates: readonly ChannelVerdict[];
}

/** What speaks for a mode: its own channels, and those that it shares with others; `voice` is what its own come to, with the least hint of them. */
interface Case {
  readonly mode: ModeSpec;
  readonly own: Channels;
  readonly shared: Channels;
  readonly voice: number;
}

function isSilent({ gauges, rates }: Channels): boolean {
  return gauges.length === 0 && rates.length === 0;
}

/** Nats below which rates add nothing to what gauges show. */
const LEAST_NATS = 4;

const unit = (x: number): number => (x < 0 ? 0 : Math.min(x, 1));

/** What a channel of another component says of a mode of this one. */
export interface Lent {
  readonly mode: Mode;
  readonly verdict: ChannelVerdict;
}

/** Weighs all channels under suspicion, with what another component lends, and attributes them to modes. */
export function judge(block: Block, group: GroupShift, lent?: Lent): Verdict[] {
  const { detector } = block;
  const seen = {
    gauges: detector.gauges.map((_, i) => judgeGauge(block, i)),
    rates: detector.rates.map((_, i) => judgeRate(block, i, group)),
  };
  const { gauges, rates } = detector.weigh?.(block, seen.gauges, seen.rates, group) ?? seen;
  const modes = detector.modes.filter(({ mode }) => detector.fails?.(block, mode) ?? true);
  const cases: Case[] = [];
  for (const mode of modes) {
    const named = mode.addsUp ? agreeing(gauges, mode.gauges) : pick(gauges, mode.gauges);
    const own = {
      gauges: lent?.mode === mode.mode ? [...named, lent.verdict] : named,
      rates: pick(rates, mode.rates),
    };
    const shared = { gauges: pick(gauges, mode.sharedGauges), rates: pick(rates, mode.sharedRates) };
    // Of most modes nothing speaks at all.
    if (isSilent(own) && isSilent(shared)) continue;
    cases.push({ mode, own, shared, voice: amount(own.gauges, own.rates) + hint(own) });
  }
  // What several modes share counts for the one that speaks most for itself; where none does, for the likeliest.
  const heard = cases.filter((c) => c.voice > 0.06 && !outshone(c.own, c.shared)).sort((a, b) => b.voice - a.voice);
  const loudest = (heard.find((c) => !c.mode.remainder) ?? heard[0])?.mode;
  const carrier =
    loudest ??
    tracedOf(cases.map((c) => ({ mode: c.mode, trace: hint(c.own) }))) ??
    (detector.liveOnly ? undefined : cases.find((c) => surpriseOf(c.own) >= NAMED_BY)?.mode) ??
    carrierOf(block, group, modes);
  const verdicts: Verdict[] = [];
  for (const { mode, own, shared } of cases) {
    const yielded = (mode.yieldsTo ?? []).reduce((left, name) => {
      const other = cases.find((c) => c.mode.mode === name);
      return left * (1 - 0.8 * unit((other?.voice ?? 0) * 1.6));
    }, 1);
    const carried = detector.carried + Math.max(0, CARRIED_GROWN - detector.carried) * growthOf(shared.rates);
    const alone = amount(own.gauges, own.rates);
    // What a break of a link loses comes with it: beside one, however many counters it moves, there is no second witness.
    const borne = mode.backedOnly && detector.liveOnly ? unit(alone / BACKED_FROM) : 1;
    const share = borne * (mode !== carrier ? 0.25 : loudest === mode ? 0.8 : carried);
    const backing = mode.corroborates ? backingOf([...own.rates, ...shared.rates]) : 0;
    const strength = yielded * amount(own.gauges, own.rates, shared.gauges, shared.rates, share, backing);
    const its = [...own.gauges, ...own.rates];
    const held = Math.max(0, ...its.map(presenceOf));
    const present = yielded * held;
    if (strength < 0.05 && present < TOLD_ON) continue;
    const all = unlike(
      [...own.gauges, ...own.rates, ...shared.gauges, ...shared.rates].sort((a, b) => sway(b) - sway(a)),
    );
    const together = blend(all);
    verdicts.push({
      mode,
      strength,
      own: yielded * alone,
      present,
      shows: Math.max(alone, held),
      ownMetrics: its.filter(({ answers: { far, held } }) => Math.min(far, held) >= STANDS_OUT).map((v) => v.metric),
      surprise: surpriseOf(own),
      level: Math.max(...all.map((v) => v.level)),
      forecast: together,
      metric: all[0]?.metric,
      evidence: () => all.slice(0, 4).map((v, i) => told(v, i === 0, all.length, together.p50)),
      seen: () =>
        all.slice(0, 3).map((v) => {
          const evidence = v.evidence();
          return { ...evidence, why: `${evidence.why}.` };
        }),
    });
  }
  return verdicts.sort((a, b) => b.strength - a.strength);
}

/** What a channel shows of failing, whenever that will be. */
function presenceOf({ answers: { far, held, magnitude } }: ChannelVerdict): number {
  return Math.min(far, held) * Math.min(1, magnitude);
}

/** What channels add up to: gauges by their strength, rates by their nats; each makes the other easier to believe. */
function amount(
  gauges: readonly ChannelVerdict[],
  rates: readonly ChannelVerdict[],
  sharedGauges: readonly ChannelVerdict[] = [],
  sharedRates: readonly ChannelVerdict[] = [],
  share = 0,
  backing = 0,
): number {
  const seen = witnesses(gauges);
  const single = seen.length + rates.length === 1;
  const grown = growthOf(sharedRates);
  const backed = unit((sumOf(sharedRates.map((v) => v.nats)) - 1) / 3);
  const alone = (v: ChannelVerdict): number => {
    const cost = v.costs ? costOf(sharedRates) : 0;
    const corroborated = backing > 0 ? backedBy(v, backing) : 0;
    const strength = Math.max(grownBy(v, Math.max(grown, cost * v.slopes)), corroborated) * (1 + COSTLY * cost);
    if (!single) return strength;
    return (
      strength *
      (v.alone +
        (1 - v.alone) *
          // How far it has gone proves nothing of what is believed by less than half: that it goes on does, or another witness.
          Math.max(backed, v.climbs, v.alone < 0.5 ? 0 : Math.max(unit((v.level - 0.45) / 0.3), v.runs, v.beyond)))
    );
  };
  const shown = combine(seen.map(alone)) + share * combine(sharedGauges.map((v) => v.strength));
  const nats = sumOf(rates.map((v) => v.nats)) + share * sumOf(sharedRates.map((v) => v.nats));
  if (nats < LEAST_NATS) return shown;
  const weight = Math.max(...rates.map((v) => v.weight), ...sharedRates.map((v) => v.weight * share));
  const cap = rates.length === 1 && gauges.length === 0 ? rates[0]!.alone : 1;
  return shown + Math.min(cap, unit((nats + 5 * unit(shown) - ENOUGH) / SURE)) * weight;
}

/** How surely rates that several modes share go on growing: what a step of a gauge, which may be innocent, brings with it is no longer so then. */
function growthOf(shared: readonly ChannelVerdict[]): number {
  return Math.max(0, ...shared.map((v) => v.climbs * unit((v.nats - ENOUGH) / SURE)));
}

/** A gauge's strength once what it brings about grows as much. */
function grownBy({ strength, answers: { far, held, grows, near, magnitude } }: ChannelVerdict, grown: number): number {
  return grown <= grows ? strength : Math.min(far, held, grown, near) * magnitude;
}

/** A gauge's strength beside errors of the same part: where nothing innocent brings both, it need not have held, nor grown, for as long. */
function backedBy({ answers: { far, held, grows, near, magnitude } }: ChannelVerdict, backing: number): number {
  return Math.min(far, Math.max(held, backing), Math.max(grows, backing), near) * magnitude;
}

/** How surely a part errs, for what its gauges show to be believed sooner. */
function backingOf(rates: readonly ChannelVerdict[]): number {
  return unit((sumOf(rates.map((v) => v.nats)) - BACKS) / BACKS_FULLY);
}

/** How surely packets are lost meanwhile. What falls and costs some from then on needs to have fallen less far than what costs none: of the two together there is no innocent cause. */
function costOf(sharedRates: readonly ChannelVerdict[]): number {
  return unit((sumOf(sharedRates.map((v) => v.nats)) - ENOUGH) / SURE);
}

/** A gauge that moves with another of its mode, whatever moves that, is no second witness: the stronger of them counts. */
function witnesses(gauges: readonly ChannelVerdict[]): readonly ChannelVerdict[] {
  if (!gauges.some((v) => v.echoes)) return gauges;
  const strongest = gauges.reduce((best, v) => (v.strength > best.strength ? v : best));
  return gauges.length <= 2 ? [strongest] : gauges.filter((v) => !v.echoes);
}

/**
 * Witnesses of one cause add up: two that have left their habits by three spreads each are as far apart together as one by four. What else
 * each must answer (how long, how near, does it grow) it answers alone.
 */
function agreeing(verdicts: readonly (ChannelVerdict | undefined)[], at: readonly number[]): ChannelVerdict[] {
  const seen = at.map((i) => verdicts[i]).filter((v) => v !== undefined);
  const together = farOf(Math.sqrt(sumOf(seen.map((v) => v.apart ** 2))));
  const raised = seen.map((v) => {
    const { far, held, grows, near, magnitude } = v.answers;
    return { ...v, strength: Math.min(Math.max(far, together), held, grows, near) * magnitude };
  });
  return pick(
    raised,
    raised.map((_, i) => i),
  );
}

/** True where a mode's own evidence is but a trace beside what it shares: another cause brings both. */
function outshone(own: Channels, shared: Channels): boolean {
  const grown = growthOf(shared.rates);
  const gauges = Math.max(0, ...own.gauges.map((v) => grownBy(v, grown) + v.level)) * (ENOUGH + SURE);
  const loudest = Math.max(0, ...shared.rates.map((v) => v.nats));
  return sumOf(own.rates.map((v) => v.nats)) + gauges < TRACE * Math.min(LOUD, loudest);
}

/** Share of the way to failure that the farthest of a mode's own gauges has come now, whether or not that is beyond its scatter. */
function come(block: Block, { gauges }: ModeSpec): number {
  const { length } = block.detector.gauges;
  return Math.max(0, ...gauges.filter((i) => i < length).map((i) => block.viewGauge(i).level));
}

/** The one mode of which its own channels show a trace, where no other's show any. */
function tracedOf(traces: readonly { readonly mode: ModeSpec; readonly trace: number }[]): ModeSpec | undefined {
  const shown = traces.filter(({ mode, trace }) => trace > FAINT && !mode.remainder);
  const [only] = shown;
  return only && shown.length === 1 && only.trace > (only.mode.namedFrom ?? PLAIN_TRACE) ? only.mode : undefined;
}

/** What a mode's own channels say of which part it is while they do not say yet that it fails. */
function hint({ gauges, rates }: Channels): number {
  const come = Math.max(0, ...gauges.map((v) => v.level * Math.min(v.answers.far, v.answers.held)));
  return come + (0.3 * sumOf(rates.map((v) => v.nats))) / (ENOUGH + SURE);
}

/** Nats by which a mode's own errors speak of it, whatever the allowance that they share with others leaves them. */
function surpriseOf({ rates }: Channels): number {
  return Math.max(0, ...rates.map((v) => v.surprise));
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, x) => sum + x, 0);
}

/**
 * The mode that shared evidence alone points at: the usual one, unless another cannot be shown by this model in any other way, and the evidence
 * comes no faster than that other brings it.
 */
function carrierOf(block: Block, group: GroupShift, modes: readonly ModeSpec[]): ModeSpec | undefined {
  const sharing = modes.filter((m) => !m.backedOnly && (m.sharedGauges !== undefined || m.sharedRates !== undefined));
  const usual = sharing.find((m) => m.usual);
  if (!usual) return sharing.find((m) => m.remainder);
  const { rates, liveOnly } = block.detector;
  // A signal that stands as it ever did carries nothing while round trips take longer whenever it is looked at.
  const slower = liveOnly && come(block, usual) < STANDS ? sharing.find((m) => come(block, m) > COME) : undefined;
  if (slower) return slower;
  const outright = (usual.sharedRates ?? []).some((i) => block.viewRate(i, group).now >= (rates[i]!.plain ?? Infinity));
  if (outright) return usual;
  const shows = (m: ModeSpec): boolean =>
    m.gauges.some((i) => block.viewGauge(i).ready) ||
    m.rates.some((i) => i < rates.length && block.viewRate(i, group).ready);
  return shows(usual) ? (sharing.find((m) => m !== usual && !shows(m)) ?? usual) : usual;
}

function pick(verdicts: readonly (ChannelVerdict | undefined)[], at: readonly number[] = []): ChannelVerdict[] {
  const picked: ChannelVerdict[] = [];
  for (const i of at) {
    const v = verdicts[i];
    if (v && (v.strength > 0.05 || v.nats > 0 || v.answers.far > (v.level > 0.25 ? 0.2 : 0.5))) picked.push(v);
  }
  return picked;
}

/** The strongest counts whole, the next half, the third a quarter: two weak witnesses make one fair one. */
function combine(strengths: readonly number[]): number {
  const sorted = [...strengths].sort((a, b) => b - a);
  return (sorted[0] ?? 0) + (sorted[1] ?? 0) * 0.5 + (sorted[2] ?? 0) * 0.25;
}

/** Of a metric that counts in two ways, that in which it counts for more. */
function unlike(sorted: readonly ChannelVerdict[]): readonly ChannelVerdict[] {
  return sorted.filter((v, i) => sorted.findIndex((other) => other.metric === v.metric) === i);
}

/** What a channel counts for in the forecast of all. */
function sway(v: ChannelVerdict): number {
  return (v.strength + v.nats / 28) ** 2 * (0.2 + v.level) ** 2 + 1e-9;
}

/** Averages forecasts in log time, by strength and nearness: what is surest and soonest says most. */
function blend(verdicts: readonly ChannelVerdict[]): Forecast {
  if (verdicts.length === 1) return verdicts[0]!.forecast;
  let total = 0;
  const sum = { p10: 0, p50: 0, p90: 0, within1: 0, within3: 0, within7: 0 };
  for (const v of verdicts) {
    const weight = sway(v);
    total += weight;
    sum.p10 += weight * Math.log(v.forecast.p10);
    sum.p50 += weight * Math.log(v.forecast.p50);
    sum.p90 += weight * Math.log(v.forecast.p90);
    sum.within1 += weight * v.forecast.within1;
    sum.within3 += weight * v.forecast.within3;
    sum.within7 += weight * v.forecast.within7;
  }
  return {
    p10: Math.exp(sum.p10 / total),
    p50: Math.exp(sum.p50 / total),
    p90: Math.exp(sum.p90 / total),
    within1: sum.within1 / total,
    within3: sum.within3 / total,
    within7: sum.within7 / total,
  };
}

/** Modes of a detector, for lookups by name. */
export function modeSpec(detector: Detector, mode: Mode): ModeSpec {
  return detector.modes.find((m) => m.mode === mode) ?? detector.modes[0]!;
}
