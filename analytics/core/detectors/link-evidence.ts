import type { Evidence } from '../../../contract/findings.ts';
import { type ChannelVerdict, NO_PLACE, NO_PLACE_SURE } from '../channel-verdict.ts';
import { asLongAgain } from '../forecast.ts';
import { WAITED_MS } from './network-channels.ts';

/** Where a link's channels stand among the detector's: rates by their number, signal and round trips among the gauges. */
export interface LinkChannels {
  readonly signal: readonly number[];
  readonly rtt: number;
  readonly loss: number;
  readonly reconnects: number;
  readonly attaches: number;
  /** Rates that a connection which wears away raises together. */
  readonly losses: readonly number[];
  /** Those of them that count what was sent in vain. */
  readonly failed: readonly number[];
}

type Verdicts = readonly (ChannelVerdict | undefined)[];

/** What is known of a link beside its channels. */
export interface LinkState {
  /** Others of its shop, on the same line, are as ever; and it has a cable of its own to that line. */
  readonly isAlone: boolean;
  readonly hasOwnLine: boolean;
  /** Its signal is far from where a link does not hold. */
  readonly isSound: boolean;
  readonly travels: boolean;
  /** To the payment host, ms. */
  readonly roundTrip: number;
  /** How surely the network is lost for want of signal. */
  readonly faint: number;
  /** Minutes that its breaks last, on average. */
  readonly breakMinutes: number;
}

/** Nats by which sessions are lost more often than ever for that to be certain, and how many times as often, as a logarithm. */
const CERTAIN = 8;
const OFTEN = Math.log(3);
/** Log of the times that round trips take longer where packets are merely sent again; beyond it they stand in a queue. */
const RESENT = 0.75;
const QUEUED = 0.25;
/** Share of packets lost for each time (as a logarithm) that round trips take longer, from which losses explain them; at twice that they do. */
const LOSSY = 0.03;
/** dB below its habit at which a signal may be why packets are lost; at twice that it is. */
const FALLEN_DB = 3;
/** dB below its habit at which a signal has fallen as far as passing causes bring it, and over how many more it surely has farther. */
const DEEP_DB = 15;
const DEEP_SURE_DB = 5;
/** Log of the times that round trips take longer from which they are a witness of wear. */
const SLOWER = 0.35;
/** Days that a spell of bad air lasts, in which sessions and round trips suffer together: one witness, not two. */
const SPELL = 0.25;
/** Days in which a level that costs nothing comes back if it is but the air, and over how many more it is believed; longer for the ratio to noise, in which others' traffic shows. */
const WANDERS = { level: 0.35, ratio: 0.8 } as const;
const STAYS = { level: 0.5, ratio: 0.7 } as const;
/** Nats of losses from which a fall has cost something, and over how many more it surely has. */
const COST = 2;
const COST_SURE = 4;
/** Days that losses last in a shower or a crowd: what has not outlasted one counts by its share of it. */
const SHOWER = 0.06;
/** ms of a round trip from which a queue that came at once is no busy evening's, whose payments are slower and go through. */
const QUEUE_MS = 450;
/** Log of the times its usual round trip to which an evening comes: who has a slow line is used to it. */
const TREBLED = Math.log(3);
/** Days that an evening lasts, and over how many more what goes on filling, or stands where payments wait, is none. */
const EVENING = 0.25;
/** Over how much more than `QUEUE_MS`, or for what lasts `WAITED_MS`, (as a logarithm) a payment surely waits; and from which share of packets lost it does, and over how much more surely. */
const WAITED_SURE = 0.3;
const LOST = 0.04;
const LOST_SURE = 0.03;
/** Transmissions or look-ups that fail in an hour more than usual, from which somebody feels it, and over how many more it surely is so. */
const FAILED = 4;
const FAILED_SURE = 3;
/** Days for which a link that travels must have been bad, and over how many more it is believed: long enough for many a place. */
const TRAVELS = 1;
const TRAVELS_SURE = 0.5;
/** Days that a route takes at the most, and over how many more what was met on it is no longer its; nats of attaches up to which an afternoon's road may bring them, and over how many more it does not. */
const ROUTE = 0.5;
const ROUTE_SURE = 0.4;
const HOLES = 20;
const HOLES_SURE = 8;
/** Share for which attaches count that may be the road's: twice as many are needed. */
const ON_ROAD = 0.5;
/** Attaches for each session lost, both beyond their habit, up to which sessions break by themselves, and over how many more they are the SIM's for certain: a modem that loses its network opens a session for each attach, or as many as it always has. */
const BREAKS = 0.3;
const BREAKS_SURE = 0.2;
/** Attaches an hour that no weather brings. */
const ANY_HOUR = 1;
/** Share of what a SIM loses that stays its own where the signal is down each time. */
const HEARD = 0.35;
/** How much less of a rise matters where several agree. */
const SOONER = 1.6;

/** Minutes without a link that are an outage by contract.md, those of a break that nobody waits for, and share of an outage in each hour that matters fully. */
const OUTAGE = 15;
const UNFELT = 1;
const COSTLY = 0.12;
/** Nats of sessions from which they break beyond chance for certain, and over how many more. */
const BREAKING = 14;
const BREAKING_SURE = 8;
/** Days from which it is no afternoon's disturbance, nor a handheld that was put aside, and over how many more; of a till with a cable of its own, which does neither; outages' worth of time that it has cost in all, a day of one each hour being 1, and over how much more it surely has. */
const ENDURED = 0.9;
const ENDURED_BY_CABLE = 0.25;
const ENDURED_SURE = 0.15;
const LOST_IN_ALL = 0.07;
const LOST_IN_ALL_SURE = 0.05;

const unit = (x: number): number => (x < 0 ? 0 : Math.min(x, 1));

/**
 * What the channels of a link say of each other. A connection that wears away (a cable, a port, an access point, a modem) loses sessions and packets at all hours, a little more every
 * day, and breaks while most still get through: how far the losses are from an outage says little of when. Where several of them have grown for a day and more to many times their
 * habit, none is waited for. And a link that opens its sessions again and again sends again what was lost meanwhile: round trips that are twice as long for it say nothing of a queue,
 * nor do those of one till that loses packets as it slows down, while others of its shop, on the same line, are as fast as ever (`isAlone`). By cable beside such others (`hasOwnLine`) what is slow or
 * lost is of this till's own connection, and no crowd nor bad hour is waited out. What they say of the connection itself is answered as one more gauge.
 */
export function weighLink(
  measured: Verdicts,
  counted: Verdicts,
  at: LinkChannels,
  { isAlone, isSound, travels, roundTrip, hasOwnLine, faint, breakMinutes }: LinkState,
): { gauges: Verdicts; rates: Verdicts } {
  const gauges = travels ? measured.map((v) => v && shareOf(v, outlasted(v))) : measured;
  const moved = Math.max(0, ...at.signal.map((i) => movedOf(measured[i])));
  // What is lost in weak country, and attached again, comes with a weaker signal; where it does not, the road is not to blame.
  const weak = travels ? Math.max(0, ...at.signal.map((i) => fallenOf(measured[i]))) : 0;
  const fallen = Math.max(0, ...at.signal.map((i) => fallenOf(gauges[i])));
  const failed = Math.max(0, ...at.failed.map((i) => counted[i]?.more ?? 0));
  const stands = hasOwnLine ? 0 : standsOf(gauges[at.rtt], counted[at.loss], roundTrip, failed);
  const rates = counted.map((v, i) => {
    // At the edge of its cell a link attaches anew now and then, too.
    if (v && i === at.attaches) {
      const place = isSound ? 0 : moved * (1 - Math.min(v.climbs, v.mounts));
      const road = travels ? (1 - weak * (1 - outlasted(v))) * (1 - (1 - ON_ROAD) * roadOf(v)) : 1;
      return fewer(v, (1 - place) * road * lostWith(v, counted[at.reconnects]) * (1 - weatherOf(v, fallen)));
    }
    if (!v || !at.losses.includes(i)) return v;
    const place = Math.max(moved, i === at.reconnects ? 0 : stands);
    return fewer(v, (1 - weak * (1 - outlasted(v))) * (1 - place * (1 - Math.min(v.climbs, v.mounts))));
  });
  const slower = gauges[at.rtt];
  const rtt = slower && stands > 0 ? strengthOf(slower, 1 - stands) : slower;
  const slow = rtt ? Math.min(rtt.answers.far, rtt.answers.held, unit(rtt.risen / SLOWER)) : 0;
  const raised = at.losses.map((i) => raisedOf(rates[i]));
  const agreeing = raised.reduce((sum, x) => sum + x, slow) - 1;
  // Counts of few events are too uneven to grow visibly: what is measured with each heartbeat shows that for all.
  const growth = Math.max(slow * (rtt?.wears ?? 0), ...at.losses.map((i, k) => raised[k]! * (rates[i]?.wears ?? 0)));
  const grown = growth * unit(agreeing);
  const since = Math.max(slow > 0 ? rtt!.since : 0, ...at.losses.map((i, k) => (raised[k]! > 0 ? rates[i]!.since : 0)));
  const lost = certaintyOf(rates[at.reconnects]);
  const witnessed = Math.max(slow, certaintyOf(rates[at.attaches]));
  const queued = rtt ? unit((rtt.risen - RESENT) / QUEUED) : 1;
  const deep = deepOf(gauges[at.signal[0]!]);
  const explained = isAlone ? lossyOf(rates[at.loss], rtt) : 0;
  const resent = Math.max(lost, explained) * (1 - queued) * (1 - fallen);
  // No neighbour's network and no air comes through a cable.
  const spell = hasOwnLine ? SHOWER : SPELL;
  const lasting = rtt ? unit(rtt.since / spell - 1) : 0;
  const cost = Math.max(slow, unit((at.losses.reduce((sum, i) => sum + (rates[i]?.nats ?? 0), 0) - COST) / COST_SURE));
  return {
    gauges: [
      ...gauges.map((v, i) => {
        if (rtt && i === at.rtt) return shareOf(rtt, 1 - resent);
        if (!v || !at.signal.includes(i)) return v;
        const what = v.echoes && fallenOf(gauges[at.signal[0]!]) < 0.5 ? 'ratio' : isSound ? 'level' : undefined;
        const kept = what ? strengthOf(v, Math.max(cost, deep, unit((v.lasted - WANDERS[what]) / STAYS[what]))) : v;
        return { ...kept, alone: Math.max(kept.alone, deep * v.goesOn * unit(v.lasted / SPELL)) };
      }),
      rtt && shareOf(rtt, resent * lasting),
    ],
    rates: [
      ...rates.map((v, i) => {
        if (i === at.attaches) return heardOf(v, faint);
        if (!v || !at.losses.includes(i)) return v;
        return i === at.reconnects
          ? broken(
              worn(v, grown, since, lost * (1 - fallen), unit(v.lasted / spell - 0.6), witnessed),
              breakMinutes,
              hasOwnLine ? ENDURED_BY_CABLE : ENDURED,
              (1 - fallen) * (1 - faint) * (1 - attachedWith(rates[at.attaches], v)),
            )
          : worn(v, grown, since, 0, 1, witnessed);
      }),
      unheardOf(rates[at.attaches], faint),
    ],
  };
}

/** Losses of the network as far as its signal is not why. A part of them stays: a SIM that was told of may have a day of weak signal, too. */
export function heardOf(losses: ChannelVerdict | undefined, faint: number): ChannelVerdict | undefined {
  return losses && fewer(losses, 1 - (1 - HEARD) * faint);
}

/** And as far as it is. */
export function unheardOf(losses: ChannelVerdict | undefined, faint: number): ChannelVerdict | undefined {
  if (!losses || faint === 0) return undefined;
  const said = (): Evidence => ({
    ...losses.evidence(),
    why: `${losses.evidence().why}, each time where its signal is down`,
  });
  return { ...fewer(losses, faint), evidence: said };
}

/** How surely attaches are why sessions are lost: where many times as many are as the modem loses its network, it attaches now and then for what breaks beyond it. */
function lostWith(attaches: ChannelVerdict, sessions: ChannelVerdict | undefined): number {
  if (!sessions || sessions.more <= 0) return 1;
  return 1 - certaintyOf(sessions) * (1 - attachedWith(attaches, sessions));
}

/** How surely sessions are lost as the modem loses its network: so many attaches come with them. */
function attachedWith(attaches: ChannelVerdict | undefined, sessions: ChannelVerdict): number {
  return attaches === undefined || sessions.more <= 0
    ? 0
    : unit((attaches.more / sessions.more - BREAKS) / BREAKS_SURE);
}

/** Whether a rate of losses is known to be many times what it was. */
export function isLost(loss: ChannelVerdict | undefined): boolean {
  return certaintyOf(loss) > 0.5;
}

/** How surely round trips take longer for what is lost: a queue makes them longer first, and drops packets when it is full. */
function lossyOf(loss: ChannelVerdict | undefined, rtt: ChannelVerdict | undefined): number {
  if (!loss || !rtt || rtt.risen <= 0) return 0;
  return certaintyOf(loss) * unit((loss.more / rtt.risen - LOSSY) / LOSSY);
}

/** How surely a signal has fallen as far as losses can be of it. */
function fallenOf(v: ChannelVerdict | undefined): number {
  return v === undefined ? 0 : v.answers.far * unit((v.risen - FALLEN_DB) / FALLEN_DB);
}

/** How surely a signal has fallen farther than the air, a crowd or a lorry before the door takes it: it need not come back, nor have cost a packet yet. */
function deepOf(signal: ChannelVerdict | undefined): number {
  return signal === undefined ? 0 : unit((signal.risen - DEEP_DB) / DEEP_SURE_DB);
}

/** How surely a signal has fallen at once and stayed: what was carried elsewhere loses there from the same hour on, and as much ever after. */
function movedOf(v: ChannelVerdict | undefined): number {
  return v === undefined
    ? 0
    : fallenOf({ ...v, risen: Math.max(v.risen, v.off) }) *
        (1 - v.goesOn) *
        unit((NO_PLACE + NO_PLACE_SURE - v.level) / NO_PLACE_SURE);
}

/**
 * How surely a queue came at once and stands where nobody waits for it yet: a neighbour's new network, a fair beside the cell. What it loses is lost there
 * from the same hour on.
 */
function standsOf(
  rtt: ChannelVerdict | undefined,
  loss: ChannelVerdict | undefined,
  roundTrip: number,
  failed: number,
): number {
  if (rtt === undefined) return 0;
  const felt = Math.max(
    Math.min(unit(Math.log(roundTrip / QUEUE_MS) / WAITED_SURE), unit((rtt.risen - TREBLED) / WAITED_SURE)),
    Math.min(unit(Math.log(roundTrip / WAITED_MS) / WAITED_SURE), unit((rtt.lasted - EVENING) / EVENING)),
    unit(((loss?.more ?? 0) - LOST) / LOST_SURE),
    unit((failed - FAILED) / FAILED_SURE),
  );
  return rtt.answers.far * (1 - rtt.goesOn * Math.max(felt, unit((rtt.since - EVENING) / EVENING))) * (1 - felt);
}

/** How surely what was measured on the road has outlasted the places that it passed. */
function outlasted({ lasted }: ChannelVerdict): number {
  return unit((lasted - TRAVELS) / TRAVELS_SURE);
}

/**
 * How surely attaches are what a weaker signal brings anywhere for a day: a mast that is worked on, leaves in the rain, a lorry. That a link fails, it must
 * attach once an hour, or go on for longer.
 */
function weatherOf(v: ChannelVerdict, fallen: number): number {
  return fallen * (1 - Math.max(outlasted(v), unit((v.more - ANY_HOUR / 2) / (ANY_HOUR / 2))));
}

/** How surely attaches may be those of an afternoon's holes in the network: where a route leads through some, the modem attaches again behind each. */
function roadOf({ since, surprise }: ChannelVerdict): number {
  return 1 - Math.max(unit((since - ROUTE) / ROUTE_SURE), unit((surprise - HOLES) / HOLES_SURE));
}

/** A rate whose errors are but in part its own. */
function fewer(v: ChannelVerdict, share: number): ChannelVerdict {
  return share === 1
    ? v
    : {
        ...v,
        strength: v.strength * share,
        nats: v.nats * share,
        score: v.score * share,
        surprise: v.surprise * share,
      };
}

function strengthOf(v: ChannelVerdict, share: number): ChannelVerdict {
  return { ...v, strength: v.strength * share };
}

function shareOf(v: ChannelVerdict, share: number): ChannelVerdict {
  return { ...v, strength: v.strength * share, level: v.level * share };
}

/** How surely a rate is many times what it was, and by as much as matters. */
function raisedOf(v: ChannelVerdict | undefined): number {
  return v === undefined ? 0 : certaintyOf(v) * unit(v.risen * SOONER);
}

function certaintyOf(v: ChannelVerdict | undefined): number {
  if (v === undefined) return 0;
  return unit((v.surprise - CERTAIN / 2) / (CERTAIN / 2)) * unit(v.times / OFTEN);
}

/** A rate as it counts once those beside it have grown as long as it has; what no round trip and no attach bears witness to must outlast a shower. */
function worn(
  v: ChannelVerdict,
  grown: number,
  since: number,
  lost: number,
  held: number,
  witnessed: number,
): ChannelVerdict {
  const magnitude = Math.max(v.answers.magnitude, grown * certaintyOf(v) * Math.min(1.2, v.risen * SOONER));
  const near = Math.max(v.answers.near, grown);
  const weight = Math.min(Math.max(v.answers.grows, grown), near, held) * magnitude;
  const nats =
    Math.max(witnessed, unit(v.lasted / SHOWER)) *
    Math.max(v.score, lost * Math.min(v.surprise, CERTAIN), grown * Math.min(v.surprise, 2 * CERTAIN));
  return {
    ...v,
    weight,
    nats: nats * unit(weight * 4),
    forecast: near > v.answers.near && v.forecast.p50 > since ? asLongAgain(Math.max(0.3, since)) : v.forecast,
    answers: { ...v.answers, magnitude, near },
  };
}

/**
 * Sessions whose breaks take a good part of each hour from the shop: a connection that comes back by itself after eight minutes, ten times a day, is failing, whether or not that
 * grows. How often it breaks says little of it: what it costs is the time that it is gone. `own` is how surely neither signal nor SIM is why.
 */
function broken(v: ChannelVerdict, minutes: number, endured: number, own: number): ChannelVerdict {
  const share = (v.more * Math.max(0, minutes - UNFELT)) / OUTAGE;
  const sure =
    own *
    unit((v.surprise - BREAKING) / BREAKING_SURE) *
    unit((v.since - endured) / ENDURED_SURE) *
    unit((v.since * share - LOST_IN_ALL) / LOST_IN_ALL_SURE);
  if (sure === 0) return v;
  const magnitude = Math.max(v.answers.magnitude, sure * Math.min(1.2, share / COSTLY));
  const weight = Math.max(v.weight, sure * magnitude);
  const said = (): Evidence => {
    const sessions = v.evidence();
    return { ...sessions, why: `${sessions.why}, each time for about ${Math.round(minutes)} minutes` };
  };
  return {
    ...v,
    weight,
    nats: Math.max(v.nats, sure * v.score * unit(weight * 4)),
    answers: { ...v.answers, magnitude, near: Math.max(v.answers.near, sure), grows: Math.max(v.answers.grows, sure) },
    evidence: said,
  };
}
