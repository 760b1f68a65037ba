import { describe, expect, it } from 'vitest';
import { Engine } from '../../analytics/core/engine.ts';
import type { Finding } from '../../contract/findings.ts';
import type { Heartbeat } from '../../contract/payloads.ts';
import type { Reading } from '../../contract/reading.ts';
import { counters, heartbeat } from '../support/readings.ts';

// A Monday.
const T0 = Date.UTC(2026, 0, 5);
const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

interface Shop {
  readonly site: string;
  readonly tills: number;
  readonly beat: number;
  /** Hours (UTC) between which its tills are on; always where left out. */
  readonly hours?: readonly [number, number];
  /** Tills go without a goodbye, and the broker says so. */
  readonly wills?: boolean;
  /** Heartbeats of all tills come within seconds. */
  readonly oneClock?: true;
  /** Hours (UTC) in which something is sold, and told of. */
  readonly sells?: readonly [number, number];
  /** Every other till goes over this cell, the rest over the shop's own line. */
  readonly cell?: string;
  /** A till's storage falls by 7 % of all a day, from a moment on. */
  readonly wears?: { readonly till: string; readonly from: number };
  /** One of its tills loses some packets, a few more than ever, from a moment on. */
  readonly losses?: { readonly till: string; readonly from: number };
  /** The carrier of those tills that go over a cell. */
  readonly carrier?: string;
  /** Its tills go over their line, and on a day of the run over the mobile network for six hours. */
  readonly fellBack?: number;
  /** A gateway sends what its tills have measured, all at once, every so many ms. */
  readonly gateway?: number;
}

interface Silence {
  readonly who: (till: string, site: string) => boolean;
  readonly from: number;
  readonly to: number;
  /** The last that is heard of them is that they start again. */
  readonly restarts?: true;
}

/** What a till says of itself as it is first switched on. */
function born(till: string, site: string, beat: number): Reading {
  const payload = { ts: T0, boot: 'b1', seq: 0, serial: till, model: 'P1', firmware: '1', site, heartbeat_s: beat };
  return { ...heartbeat(till, T0), channel: 'birth', payload } as Reading;
}

/** Runs a few shops through the engine, minute by minute; answers what was said of links, or of another component. */
function run(
  shops: readonly Shop[],
  days: number,
  silences: readonly Silence[] = [],
  component: Finding['component'] = 'network',
): Finding[] {
  const engine = new Engine();
  const said: Finding[] = [];
  const messages: { at: number; reading: Reading }[] = [];
  const tell = (at: number, reading: Reading) => messages.push({ at, reading });
  for (const [
    s,
    { site, tills, beat, hours, wills, oneClock, sells, cell, carrier, fellBack, losses, wears, gateway },
  ] of shops.entries()) {
    for (let k = 0; k < tills; k++) {
      const till = `${site}-${k}`;
      const birth = { serial: till, model: 'P1', firmware: '1', site, heartbeat_s: beat, timezone: 'Europe/London' };
      tell(T0, {
        ...heartbeat(till, T0, {}),
        channel: 'birth',
        payload: { ts: T0, boot: 'b1', seq: 0, ...birth },
      } as Reading);
      const network =
        cell === undefined ? {} : { network: k % 2 === 0 ? { bearer: 'lte', cell, carrier } : { bearer: 'ethernet' } };
      const net = (at: number): Partial<Heartbeat> => {
        if (wears?.till === till)
          return { system: { flash_free_mb: 900 - 60 * Math.max(0, Math.floor((at - wears.from) / (DAY / 4)) / 4) } };
        if (fellBack !== undefined)
          return { network: { bearer: Math.floor((4 * (at - T0)) / DAY) === 4 * fellBack + 2 ? 'lte' : 'ethernet' } };
        if (!losses) return network as Partial<Heartbeat>;
        const isLossy = losses.till === till && at >= losses.from;
        return { network: { bearer: 'ethernet', rtt_ms: 40, loss_pct: isLossy ? 5 : 0 } };
      };
      let was = false;
      const phase = oneClock ? 9000 - k * 1000 : (s * 7919 + k * 104_729) % (beat * 1000);
      for (let at = T0 + phase + 1; at < T0 + days * DAY; at += beat * 1000) {
        const hour = (at % DAY) / HOUR;
        const silence = silences.find((one) => at >= one.from && at < one.to && one.who(till, site));
        const on = (!hours || (hour >= hours[0] && hour < hours[1])) && !silence;
        if (was && silence?.restarts) {
          const payload = { ts: at, boot: 'b2', seq: 0, type: 'boot' };
          tell(at, { ...heartbeat(till, at, {}, { receivedAt: at }), channel: 'event', payload } as Reading);
        }
        if (on && sells) {
          const hoursSold = Math.min(Math.max(hour, sells[0]), sells[1]) - sells[0];
          const ok = Math.floor(4 * (Math.floor((at - T0) / DAY) * (sells[1] - sells[0]) + hoursSold));
          tell(at, counters(till, at, { txn: { ok_total: ok, tech_fail_total: 0 } }, { receivedAt: at }));
        }
        const came = gateway === undefined ? at : Math.ceil(at / gateway) * gateway;
        if (on) tell(came, heartbeat(till, at, net(at), { receivedAt: came }));
        else if (was && wills) {
          const lost = at - beat * 1000 + 80_000;
          tell(lost, {
            ...heartbeat(till, lost, {}, { receivedAt: lost }),
            channel: 'state',
            payload: { boot: 'b1', online: false },
          } as Reading);
        }
        was = on;
      }
    }
  }
  messages.sort((a, b) => a.at - b.at);
  for (const { reading } of messages) said.push(...engine.process(reading));
  return said.filter((f) => f.component === component);
}

const opened = (said: readonly Finding[]) => said.filter((f) => f.state === 'open' && f.severity !== 'watch');
const chain = (beat: number, wills: boolean): Shop[] => [
  ...['a1', 'a2', 'a3', 'a4'].map((site) => ({ site, tills: 6, beat, wills })),
  ...['b1', 'b2', 'b3'].map((site) => ({ site, tills: 6, beat, wills })),
];

describe('many terminals silent at once', () => {
  const from = T0 + DAY + 13 * HOUR;
  const ofChain = { who: (_: string, site: string) => site.startsWith('a'), from, to: from + HOUR };

  it.each([false, true])(
    'are one incident where works on the line cut it three times within two hours (wills: %s)',
    (wills) => {
      const cuts = [0, 40, 80].map((min) => ({ ...ofChain, from: from + min * MIN, to: from + (min + 25) * MIN }));
      const said = run(chain(60, wills), 1.8, cuts);
      expect(opened(said)).toHaveLength(1);
      // It is over half an hour after the last of them.
      expect(
        said.filter((f) => f.state === 'cleared').map((f) => f.at > from + 130 * MIN && f.at < from + 142 * MIN),
      ).toEqual([true]);
    },
  );

  it.each([
    ['heartbeats of a minute, no wills', 60, false],
    ['heartbeats of a minute, and wills', 60, true],
  ])('are one incident within two minutes: %s', (_, beat, wills) => {
    const said = run(chain(beat, wills), 1.7, [ofChain]);
    const raised = opened(said);
    expect(raised.map((f) => [f.scope, f.terminal, f.mode])).toEqual([['site', null, 'offline']]);
    expect(said.at(-1)!.state).toBe('cleared');
    expect(said.at(-1)!.members).toHaveLength(24);
    expect(raised[0]!.at - from).toBeLessThanOrEqual(2 * MIN);
  });

  it.each([
    ['wills', true],
    ['no wills', false],
  ])('are one incident within two minutes where the chain is all there is: %s', (_, wills) => {
    const raised = opened(run(chain(60, wills).slice(0, 4), 1.7, [ofChain]));
    expect(raised.map((f) => [f.scope, f.mode])).toEqual([['site', 'offline']]);
    expect(raised[0]!.at - from).toBeLessThanOrEqual(2 * MIN);
  });

  it('are an incident on the very first day too, while the sun is up', () => {
    const early = { ...ofChain, from: T0 + 11 * HOUR, to: T0 + 12 * HOUR };
    expect(opened(run(chain(60, true), 0.6, [early]))).toHaveLength(1);
  });

  it('are nothing at closing time, however abruptly they are switched off, on the first evening or later', () => {
    const shops = ['c1', 'c2', 'c3', 'c4'].map((site) => ({
      site,
      tills: 5,
      beat: 60,
      hours: [8, 20] as const,
      wills: true,
    }));
    expect(run(shops, 9)).toEqual([]);
  });

  it('are nothing at closing time where other tills of the shop run on by night, all by one clock', () => {
    // Eight tills told of every ten minutes; three of them are switched off at eight.
    const nights = Array.from({ length: 13 }, (_, day) => ({
      who: (till: string, site: string) => site === 'g1' && Number(till.slice(-1)) < 3,
      from: T0 + day * DAY + 20 * HOUR,
      to: T0 + (day + 1) * DAY + 8 * HOUR,
    }));
    const shops = [
      { site: 'g1', tills: 8, beat: 600, oneClock: true as const },
      { site: 'g2', tills: 3, beat: 120 },
    ];
    expect(run(shops, 13, nights)).toEqual([]);
  });

  it('are told once at the most where three of ten tills are cut off by a clock each night, sooner on Sundays', () => {
    // Seven tills run on, so that the shop is there by night; the broker sees the sessions of the others break.
    const nights = Array.from({ length: 20 }, (_, day) => ({
      who: (till: string, site: string) => site === 'n1' && Number(till.slice(-1)) < 3,
      from: T0 + day * DAY + (day % 7 === 6 ? 18 : 20) * HOUR + 20 * MIN,
      to: T0 + (day + 1) * DAY + 8 * HOUR,
    }));
    const shops = [
      { site: 'n1', tills: 10, beat: 300, oneClock: true as const, wills: true },
      { site: 'n2', tills: 3, beat: 60 },
    ];
    const said = run(shops, 20, nights);
    expect(said.filter((f) => f.state === 'open' && f.severity !== 'watch').length).toBeLessThanOrEqual(1);
  });

  it('of two shops that go at once by night are watched until one of them should sell', () => {
    const shops = ['h1', 'h2', 'h3'].map((site) => ({ site, tills: 5, beat: 120, sells: [9, 19] as const }));
    const from = T0 + 8 * DAY + 2 * HOUR;
    const who: Silence['who'] = (_, site) => site !== 'h3';
    const gone = (hours: number) => run(shops, 9, [{ who, from, to: from + hours * HOUR }]);
    expect(opened(gone(2))).toEqual([]);
    const late = gone(10).filter((f) => f.severity === 'critical');
    expect((late[0]!.at - from) / HOUR).toBeGreaterThan(6);
    expect((late[0]!.at - from) / HOUR).toBeLessThan(7.5);
    // What was told by day stays told by night.
    const noon = { who, from: T0 + 8 * DAY + 12 * HOUR, to: T0 + 9 * DAY };
    const last = run(shops, 9, [
      { ...noon, who: (till, site) => who(till, site) && till !== 'h1-0' },
      { ...noon, from: noon.from + 9 * HOUR, who: (till) => till === 'h1-0' },
    ]);
    expect(last.filter((f) => f.state === 'update').every((f) => f.severity === 'critical')).toBe(true);
  });

  it('are told on where a second cut, that lasts, follows the first, and again hours later', () => {
    const cuts = [
      [0, 2],
      [6, 180],
      [420, 540],
    ].map(([a, b]) => ({ ...ofChain, from: from + a! * MIN, to: from + b! * MIN }));
    const said = run(chain(60, true), 2.2, cuts).map((f) => [Math.round((f.at - from) / MIN), f.state, f.severity]);
    const cleared = said.filter(([, state]) => state === 'cleared').map(([at]) => Number(at));
    expect(said.filter(([, state]) => state === 'open')).toHaveLength(2);
    expect(cleared[0]).toBeGreaterThan(205);
    expect(cleared[0]).toBeLessThan(220);
    expect(Number(said.filter(([, state]) => state === 'open')[1]![0])).toBeLessThan(423);
    // That it is back, and that it has gone again, is said.
    const then = said.filter(([at]) => Number(at) > 1 && Number(at) < 10).map(([, , severity]) => severity);
    expect(then.slice(0, 2)).toEqual(['warning', 'critical']);
  });

  it('of a cell in the evening are told within a quarter of an hour though its shops are shut', () => {
    const shops = ['h1', 'h2', 'h3', 'h4'].map((site) => ({
      ...{ site, tills: 6, beat: 60, wills: true, sells: [9, 19] as const },
      ...(site === 'h4' ? {} : { cell: 'c7' }),
    }));
    const at = T0 + 8 * DAY + 20 * HOUR;
    const who: Silence['who'] = (till, site) => site !== 'h4' && Number(till.split('-')[1]) % 2 === 0;
    const [told] = opened(run(shops, 9.3, [{ who, from: at, to: at + 12 * HOUR }]));
    expect((told!.at - at) / MIN).toBeLessThan(16);
  });

  it('of many shops by night are watched for the minutes that works on their carrier take, and told when they last', () => {
    const sites = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];
    const shops = sites.map((site) => ({ site, tills: 3, beat: 60, wills: true, sells: [9, 19] as const }));
    const from = T0 + 8 * DAY + 2 * HOUR;
    const gone = (minutes: number) =>
      run(shops, 8.3, [{ who: (_, site) => site !== 'h6', from, to: from + minutes * MIN }]);
    const brief = gone(10);
    expect(brief.map((f) => f.state).filter((state) => state !== 'update')).toEqual(['open', 'cleared']);
    expect(brief.every((f) => f.severity === 'watch')).toBe(true);
    const [told] = opened(gone(40));
    expect((told!.at - from) / MIN).toBeGreaterThan(10);
    expect((told!.at - from) / MIN).toBeLessThan(16);
  });

  it('are only watched where one shop goes at an hour at which it never sells, and told where it does', () => {
    const shops = [{ site: 'h1', tills: 5, beat: 120, sells: [9, 19] as const }];
    const shut = (hour: number) => {
      const at = T0 + 8 * DAY + hour * HOUR;
      return run(shops, 9, [{ who: () => true, from: at, to: at + 3 * HOUR }]).map((f) => [
        f.state,
        f.scope,
        f.severity,
      ]);
    };
    expect(shut(2)).toEqual([
      ['open', 'site', 'watch'],
      ['cleared', 'site', 'watch'],
    ]);
    expect(shut(13).slice(0, 2)).toEqual([
      ['open', 'site', 'watch'],
      ['open', 'site', 'critical'],
    ]);
  });

  it('are told the first time, and only watched where one shop goes at the same hour day after day', () => {
    const shops = [{ site: 'r1', tills: 5, beat: 120 }];
    const gone = [7, 8, 9].map((day) => ({
      who: () => true,
      from: T0 + day * DAY + 14 * HOUR,
      to: T0 + day * DAY + 18 * HOUR,
    }));
    const tickets = (silences: readonly Silence[]) =>
      opened(run(shops, 11, silences)).map((f) => Math.floor((f.at - T0) / DAY));
    expect(tickets(gone)).toEqual([7]);
    const otherHours = gone.map((one, i) => ({ ...one, from: one.from + i * 2 * HOUR, to: one.to + i * 2 * HOUR }));
    expect(tickets(otherHours)).toEqual([7, 8, 9]);
  });

  it('are watched at once where it is one shop, and told once a router that restarts would be back', () => {
    const shops = [
      { site: 'q1', tills: 5, beat: 60, wills: true },
      { site: 'q2', tills: 5, beat: 60, wills: true },
    ];
    const from = T0 + 8 * DAY + 13 * HOUR;
    const gone = (minutes: number, who: Silence['who'] = (_, site) => site === 'q1') =>
      run(shops, 9, [{ who, from, to: from + minutes * MIN }]);
    // A router, or a mains cut as long as most: neither is the quarter of an hour that makes an outage.
    const restart = gone(11);
    expect(restart.filter((f) => f.state !== 'update').map((f) => [f.state, f.severity])).toEqual([
      ['open', 'watch'],
      ['cleared', 'watch'],
    ]);
    expect(restart[0]!.at - from).toBeLessThanOrEqual(2 * MIN);
    const cut = opened(gone(60));
    expect(cut.map((f) => [f.scope, f.subject, f.severity])).toEqual([['site', 'q1', 'critical']]);
    expect(cut[0]!.at - from).toBeLessThanOrEqual(15 * MIN);
    // What takes two shops at once is no router.
    expect(opened(gone(60, () => true))[0]!.at - from).toBeLessThanOrEqual(2 * MIN);
  });

  it('of a few terminals of several shops are watched for as long as weak links flap, and told when it lasts', () => {
    const shops = ['v1', 'v2', 'v3', 'v4'].map((site) => ({
      site,
      tills: site > 'v2' ? 6 : 2,
      beat: 60,
      wills: true,
    }));
    const from = T0 + 8 * DAY + 13 * HOUR;
    const gone = (minutes: number) =>
      run(shops, 8.7, [{ who: (_, site) => site < 'v3', from, to: from + minutes * MIN }]);
    const brief = gone(9);
    expect(brief.some((f) => f.members?.length === 4)).toBe(true);
    expect(opened(brief)).toEqual([]);
    const told = opened(gone(40)).map((f) => Math.round((f.at - from) / MIN));
    expect(told).toHaveLength(1);
    expect(told[0]).toBeLessThan(16);
  });

  it('of many shops that sell by night are watched for as long as routers take that restart by the clock, and told at once by day', () => {
    const sites = ['p1', 'p2', 'p3', 'p4'];
    const shops = sites.map((site) => ({ site, tills: 3, beat: 60, wills: true, sells: [0, 24] as const }));
    const gone = (hour: number, minutes: number) => {
      const from = T0 + 8 * DAY + hour * HOUR;
      const silences = [{ who: (_: string, site: string) => site !== 'p4', from, to: from + minutes * MIN }];
      return opened(run(shops, 8.8, silences)).map((f) => Math.round((f.at - from) / MIN));
    };
    expect(gone(3.5, 5)).toEqual([]);
    const [told] = gone(3.5, 40);
    expect(told).toBeLessThan(16);
    expect(gone(13, 5)[0]).toBeLessThanOrEqual(2);
  });

  it('of one shop are watched anew where mains that are back restart its router, and told where its line flaps on', () => {
    const shops = ['q1', 'q2'].map((site) => ({ site, tills: 5, beat: 60, wills: true }));
    const from = T0 + 8 * DAY + 13 * HOUR;
    const cut = (minutes: readonly (readonly [from: number, to: number])[]) =>
      opened(
        run(
          shops,
          8.7,
          minutes.map(([a, b]) => ({ who: (_, site) => site === 'q1', from: from + a * MIN, to: from + b * MIN })),
        ),
      ).map((f) => Math.round((f.at - from) / MIN));
    expect(
      cut([
        [0, 10],
        [11, 16],
      ]),
    ).toEqual([]);
    const flaps = Array.from({ length: 8 }, (_, k) => [k * 11, k * 11 + 10] as const);
    expect(cut(flaps)[0]).toBeLessThan(46);
  });

  it('are only watched where one shop goes on its own line and on the mobile network at once, with no session seen to break', () => {
    const gone = { from: T0 + 8 * DAY + 13 * HOUR, to: T0 + 8 * DAY + 17 * HOUR };
    const told = (who: Silence['who'], wills = false) =>
      run(
        [
          { site: 'm1', tills: 8, beat: 600, cell: 'c1', wills },
          { site: 'm2', tills: 6, beat: 600, cell: 'c1', wills },
        ],
        9,
        [{ who, ...gone }],
      )
        .filter((f) => f.state === 'open' && f.scope === 'site' && f.severity !== 'watch')
        .map((f) => [f.subject, f.severity]);
    expect(told((_, site) => site === 'm1')).toEqual([]);
    // Where those on the mobile network go on, the shop's line is cut.
    expect(told((till, site) => site === 'm1' && Number(till.slice(-1)) % 2 === 1)).toEqual([['m1', 'critical']]);
    // A shop that is shut says goodbye where it has a session to end.
    expect(told((_, site) => site === 'm1', true)).toEqual([['m1', 'critical']]);
  });

  it('are only watched where one shop goes whose tills have gone on over the mobile network before, as its line alone does not silence them', () => {
    const from = T0 + 8 * DAY + 13 * HOUR;
    const told = (fellBack: number) =>
      opened(
        run(
          ['s1', 's2'].map((site) => ({ site, tills: 5, beat: 60, wills: true, fellBack })),
          8.7,
          [{ who: (_, site) => site === 's1', from, to: from + HOUR }],
        ),
      ).map((f) => [f.subject, f.severity]);
    expect(told(3)).toEqual([]);
    // They have only one way.
    expect(told(30)).toEqual([['s1', 'critical']]);
  });

  it('are nothing where each says why it goes, in whatever words; a will of the same words, written before the session, is a loss', () => {
    const told = (writtenAt: (at: number) => number, reason: string) => {
      const engine = new Engine();
      const said: Finding[] = [];
      const tills = ['f1-0', 'f1-1', 'f1-2'];
      for (const till of tills) engine.process(born(till, 'f1', 600));
      const gone = T0 + DAY + 12 * HOUR;
      for (let at = T0; at < T0 + 1.6 * DAY; at += MIN) {
        said.push(...engine.process(heartbeat('g1-0', at)));
        for (const till of tills) {
          const payload = { ts: writtenAt(at), boot: 'b1', seq: 900, online: false, reason };
          if (at === gone)
            said.push(...engine.process({ ...heartbeat(till, at), channel: 'state', payload } as Reading));
          const isUp = at < gone - 5 * MIN || at > gone + 25 * MIN;
          if (at % (10 * MIN) === 0 && isUp) said.push(...engine.process(heartbeat(till, at)));
        }
      }
      return opened(said).map((f) => [f.scope, f.mode]);
    };
    expect(told((at) => at, 'user')).toEqual([]);
    expect(told(() => T0, 'user')).toEqual([['site', 'offline']]);
    expect(told((at) => at, 'lost')).toEqual([['site', 'offline']]);
  });

  it('are told though all of them once said goodbye by clocks that were a week ahead', () => {
    const engine = new Engine();
    const said: Finding[] = [];
    const tills = ['f1-0', 'f1-1', 'f1-2'];
    const leave = (till: string, at: number, ts: number, reason: string): readonly Finding[] =>
      engine.process({
        ...heartbeat(till, at),
        channel: 'state',
        payload: { ts, boot: 'b1', online: false, reason },
      } as Reading);
    for (const till of tills) engine.process(born(till, 'f1', 120));
    const [night, cut] = [T0 + 20 * HOUR, T0 + DAY + 12 * HOUR];
    for (let at = T0; at < T0 + 1.6 * DAY; at += MIN) {
      said.push(...engine.process(heartbeat('g1-0', at)));
      for (const till of tills) {
        if (at === night) leave(till, at, at + 7 * DAY, 'shutdown');
        if (at === cut) said.push(...leave(till, at, T0, 'lost'));
        const asleep = at >= night && at < T0 + DAY + 6 * HOUR;
        if (!asleep && at < cut && at % (2 * MIN) === 0) said.push(...engine.process(heartbeat(till, at)));
      }
    }
    expect(opened(said).map((f) => [f.scope, f.mode])).toEqual([['site', 'offline']]);
  });

  it('are nothing where what they measured before they said goodbye is held up on the way', () => {
    const engine = new Engine();
    const said: Finding[] = [];
    const tills = ['f1-0', 'f1-1', 'f1-2'];
    const gone = T0 + DAY + 12 * HOUR;
    for (let at = T0; at < T0 + 1.6 * DAY; at += MIN) {
      said.push(...engine.process(heartbeat('g1-0', at)));
      for (const till of tills) {
        const payload = { ts: at, boot: 'b1', seq: 900, online: false, reason: 'shutdown' };
        if (at === T0) engine.process(born(till, 'f1', 60));
        if (at === gone) said.push(...engine.process({ ...heartbeat(till, at), channel: 'state', payload } as Reading));
        if (at < gone) said.push(...engine.process(heartbeat(till, at)));
        if (at === gone + 3 * MIN) said.push(...engine.process(heartbeat(till, gone - 20_000, {}, { receivedAt: at })));
      }
    }
    expect(opened(said)).toEqual([]);
  });

  it('are nothing on a Saturday that ends at noon', () => {
    const saturday = T0 + 5 * DAY + 12 * HOUR;
    const shops = [{ site: 'd1', tills: 6, beat: 60, hours: [8, 20] as const, wills: true }];
    expect(run(shops, 6, [{ who: () => true, from: saturday, to: saturday + 8 * HOUR }])).toEqual([]);
  });
});

describe('one terminal silent by itself', () => {
  const shop = [{ site: 'e1', tills: 4, beat: 300, hours: [8, 20] as const }];
  const from = T0 + 8 * DAY + 10 * HOUR;
  const alone = (to: number) => ({ who: (till: string) => till === 'e1-2', from, to });

  it('is watched after a quarter of an hour, and opens a ticket after ten of its usual hours', () => {
    const said = run(shop, 9.5, [alone(from + 2 * DAY)]);
    expect(said.map((f) => [f.state, f.scope, f.terminal, f.mode, f.severity])).toEqual([
      ['open', 'terminal', 'e1-2', 'offline', 'watch'],
      ['open', 'terminal', 'e1-2', 'offline', 'warning'],
    ]);
    expect(said[0]!.at - from).toBeLessThanOrEqual(30 * MIN);
    expect(said[1]!.at - from).toBeLessThanOrEqual(25 * HOUR);
  });

  it('opens that of its storage where that was watched as it wore away', () => {
    const wears = { till: 'e1-2', from: from - 4 * DAY };
    const told = (component: Finding['component']) =>
      opened(run([{ ...shop[0]!, wears }], 9.5, [alone(from + 2 * DAY)], component)).map((f) => [
        f.mode,
        f.evidence[0]!.metric,
      ]);
    expect(told('system')).toEqual([['storage_wear', 'network.silence']]);
    expect(told('network')).toEqual([]);
    // It is over once it is heard of: how its storage does is watched as before.
    const back = run([{ ...shop[0]!, wears }], 12, [alone(from + 2 * DAY)], 'system');
    const [sent] = opened(back);
    expect(back.find((f) => f.state === 'cleared' && f.at > sent!.at)!.at - (from + 2 * DAY)).toBeLessThanOrEqual(
      30 * MIN,
    );
  });

  it('opens a ticket within an hour and a half where its link had begun to lose packets and its shop goes on selling', () => {
    const sells = [{ ...shop[0]!, sells: [9, 19] as const, losses: { till: 'e1-2', from: from - 8 * HOUR } }];
    const toldAfter = (shops: readonly Shop[], silences: readonly Silence[]) =>
      opened(run(shops, 9.8, silences))
        .filter((f) => f.evidence[0]!.metric === 'network.silence')
        .map((f) => f.at - from);
    const cut = alone(T0 + 11 * DAY);
    const [soon] = toldAfter(sells, [cut]);
    expect(soon).toBeGreaterThan(60 * MIN);
    expect(soon).toBeLessThanOrEqual(95 * MIN);
    // One with a sound link has more likely been unplugged for an hour or two, and one that was in a drawer lately may be so again.
    expect(toldAfter([{ ...shop[0]!, sells: [9, 19] }], [cut])[0]).toBeGreaterThan(10 * HOUR);
    const drawer = { ...cut, from: from - 3 * DAY, to: from - 3 * DAY + 3 * HOUR };
    expect(toldAfter(sells, [cut, drawer])[0]).toBeGreaterThan(3 * HOUR);
  });

  it('waits for whoever opens its shop where it is always on and its plug was pulled in the evening', () => {
    const always = { ...shop[0]!, hours: [0, 24] as const, sells: [9, 19] as const };
    const evening = T0 + 8 * DAY + 20 * HOUR;
    const toldAt = (until: number) =>
      opened(run([always], 11, [{ ...alone(until), from: evening }])).map((f) => (f.at - T0) / DAY);
    expect(toldAt(T0 + 9 * DAY + 9.5 * HOUR)).toEqual([]);
    // Nobody has put it back by eleven.
    const [told, ...more] = toldAt(T0 + 11 * DAY);
    expect(more).toEqual([]);
    expect(told).toBeGreaterThan(9 + 10.4 / 24);
    expect(told).toBeLessThan(9 + 11.6 / 24);
    // One that sells for an hour a day is waited for no longer than a day.
    const canteen = { ...shop[0]!, hours: [0, 24] as const, sells: [12, 13] as const };
    const [late] = opened(run([canteen], 11, [{ ...alone(T0 + 11 * DAY), from: evening }]));
    expect((late!.at - evening) / HOUR).toBeLessThan(24.2);
  });

  it('is back as soon as it is heard of', () => {
    expect(run(shop, 9.5, [alone(from + HOUR)]).map((f) => [f.state, f.severity])).toEqual([
      ['open', 'watch'],
      ['cleared', 'watch'],
    ]);
  });

  it('is nothing at night', () => {
    const evening = T0 + 8 * DAY + 19 * HOUR;
    expect(run(shop, 10, [{ who: (till) => till === 'e1-2', from: evening, to: evening + 13 * HOUR }])).toEqual([]);
  });

  it('is not sent for because of a day of the week on which it is never there', () => {
    const who = (till: string) => till === 'e1-2';
    const wednesday = T0 + 2 * DAY;
    // Gone early on the Tuesday after, and back on Thursday.
    const tuesday = T0 + 8 * DAY;
    const away = [
      { who, from: wednesday, to: wednesday + DAY },
      { who, from: tuesday + 15 * HOUR, to: tuesday + 2 * DAY + 9 * HOUR },
    ];
    expect(opened(run(shop, 11, away))).toEqual([]);
  });

  it('is told once of a day of the week on which it is off from then on', () => {
    const who = (till: string) => till === 'e1-2';
    // From the afternoon before until the morning after.
    const off = [9, 16].map((day) => ({ who, from: T0 + day * DAY - 9 * HOUR, to: T0 + (day + 1) * DAY + 9 * HOUR }));
    const said = run(shop, 20, off);
    expect(said.filter((f) => f.severity === 'warning' && f.state !== 'cleared')).toHaveLength(1);
    // On another day it is told again.
    const once = off.map((one, i) => ({ ...one, from: one.from + i * DAY, to: one.to + i * DAY }));
    const again = run(shop, 20, once);
    expect(again.filter((f) => f.severity === 'warning' && f.state !== 'cleared')).toHaveLength(2);
  });

  it('is not sent for because of the days on which its whole shop was shut', () => {
    // Gone on Tuesday at ten, as the shop is from noon until Friday at nine; and it is switched on two hours after the others.
    const shut = {
      who: (_: string, site: string) => site === 'e1',
      from: from + 2 * HOUR,
      to: T0 + 11 * DAY + 9 * HOUR,
    };
    const shops = [
      { ...shop[0]!, hours: [6, 22] as const },
      { site: 'e2', tills: 2, beat: 300 },
    ];
    const late = alone(T0 + 11 * DAY + 11 * HOUR);
    const toldOf = (silences: readonly Silence[], days: number) =>
      opened(run(shops, days, silences)).filter((f) => f.terminal === 'e1-2');
    expect(toldOf([late, shut], 12)).toEqual([]);
    expect(toldOf([alone(T0 + 13 * DAY), shut], 13)).toHaveLength(1);
  });

  it('as it starts again has not lost its link: it has not come up', () => {
    const down = [{ ...alone(from + 2 * DAY), restarts: true as const }];
    expect(run(shop, 9.5, down)).toEqual([]);
    const said = run(shop, 9.5, down, 'system');
    expect(said.map((f) => [f.state, f.terminal, f.mode, f.severity])).toEqual([
      ['open', 'e1-2', 'crash_loop', 'watch'],
      ['open', 'e1-2', 'crash_loop', 'warning'],
    ]);
    expect(said[0]!.evidence[0]!.why).toContain('has not come up again');
  });
});

describe('tills that speak every five minutes awake and every half hour asleep', () => {
  const tills = ['s1-0', 's1-1', 's1-2', 's1-3'];
  const others = ['s2-0', 's2-1', 's2-2', 's2-3'];
  /** Awake from eight to eight, and on the nights of weekends on their docks, where they do not sleep; `from` when they are cut off. */
  const said = (days: number, shutsAt: (day: number) => number, from = Number.POSITIVE_INFINITY): Finding[] => {
    const engine = new Engine();
    const messages = [...tills, ...others].map((till) => born(till, till.slice(0, 2), 300));
    for (const [k, till] of [...tills, ...others].entries()) {
      const isSleeper = till.startsWith('s1');
      let beatAt = 0;
      for (let at = T0 + k * 37_000 + 1; at < T0 + days * DAY; at += 5 * MIN) {
        if (isSleeper && at >= from) break;
        const day = Math.floor((at - T0) / DAY);
        const hour = (at % DAY) / HOUR;
        const isAwake = !isSleeper || (hour >= 8 && hour < shutsAt(day)) || day % 7 > 4;
        const every = isAwake ? 5 * MIN : 30 * MIN;
        if (at - beatAt >= every) {
          beatAt = at;
          messages.push(heartbeat(till, at, {}, { receivedAt: at }));
        }
        const sold = day * 100 + Math.floor(10 * Math.min(Math.max(hour - 9, 0), 10));
        if (isAwake)
          messages.push(
            counters(till, at + 5, { txn: { ok_total: sold, tech_fail_total: 0 } }, { receivedAt: at + 5 }),
          );
      }
    }
    messages.sort((a, b) => a.receivedAt - b.receivedAt);
    return messages.flatMap((reading) => [...engine.process(reading)]).filter((f) => f.component === 'network');
  };

  it('are not out between two beats, neither by night nor where they go to sleep an hour earlier', () => {
    expect(opened(said(12, (day) => (day < 8 ? 20 : 19)))).toEqual([]);
  });

  it('are told within sixteen minutes when their shop is cut off while it sells', () => {
    const from = T0 + 9 * DAY + 12 * HOUR;
    const raised = opened(said(9.8, () => 20, from));
    expect(raised.map((f) => [f.scope, f.subject])).toEqual([['site', 's1']]);
    expect(raised[0]!.at - from).toBeLessThanOrEqual(16 * MIN);
  });
});

describe('shops whose gateway sends every quarter of an hour', () => {
  const shops: Shop[] = [
    ...['g1', 'g2', 'g3'].map((site) => ({ site, tills: 5, beat: 300, gateway: 15 * MIN })),
    ...['d1', 'd2'].map((site) => ({ site, tills: 5, beat: 60 })),
  ];

  it('are not out in between', () => {
    expect(opened(run(shops, 4)).filter((f) => f.at > T0 + DAY && f.at < T0 + 3.9 * DAY)).toEqual([]);
  });

  it('are watched when one of them sends no more, and told once that has lasted for an hour', () => {
    const from = T0 + 3 * DAY + 11 * HOUR;
    const cut = { who: (_: string, site: string) => site === 'g2', from, to: from + 3 * HOUR };
    const said = run(shops, 3.6, [cut]).filter((f) => f.at > T0 + DAY && f.at < from + 3 * HOUR);
    const raised = opened(said);
    expect(raised.map((f) => f.subject)).toEqual(['g2']);
    expect(raised[0]!.at - from).toBeGreaterThan(60 * MIN);
    expect(raised[0]!.at - from).toBeLessThanOrEqual(80 * MIN);
    expect(said[0]!.severity).toBe('watch');
    expect(said[0]!.at - from).toBeLessThanOrEqual(30 * MIN);
    expect(said[0]!.evidence[0]!.why).toContain('gateway');
  });

  it('need nobody where one holds its batches for three quarters of an hour', () => {
    const from = T0 + 3 * DAY + 11 * HOUR;
    const held = { who: (_: string, site: string) => site === 'g2', from, to: from + 45 * MIN };
    expect(opened(run(shops, 3.6, [held])).filter((f) => f.at > T0 + DAY && f.at < from + 3 * HOUR)).toEqual([]);
  });
});

describe('a carrier that is gone by night', () => {
  const shops: Shop[] = [1, 2, 3, 4, 5].map((k) => ({
    ...{ site: `c${k}`, tills: 2, beat: 60, wills: true, cell: `cell-${k}`, carrier: k < 5 ? 'Nord' : 'Sud' },
    sells: [9, 19] as const,
  }));
  const gone = (hour: number, hours: number) => {
    const from = T0 + 8 * DAY + hour * HOUR;
    const who: Silence['who'] = (till, site) => site !== 'c5' && till.endsWith('-0');
    return run(shops, 9.3, [{ who, from, to: from + hours * HOUR }]);
  };

  it('while all its shops are shut is watched', () => {
    const said = gone(1, 3);
    expect(said.map((f) => f.scope)).toContain('carrier');
    expect(opened(said)).toEqual([]);
  });

  it('and still is in the morning is told before the first of them opens: some may be machines that hardly ever sell', () => {
    const [outage] = opened(gone(3, 5));
    expect(outage!.scope).toBe('carrier');
    expect((outage!.at - T0 - 8 * DAY) / HOUR).toBeGreaterThan(5);
    expect((outage!.at - T0 - 8 * DAY) / HOUR).toBeLessThan(6.5);
  });

  it('is told by day', () => {
    expect(opened(gone(13, 3)).map((f) => [f.scope, f.severity])).toEqual([['carrier', 'critical']]);
  });
});
