import { describe, expect, it } from 'vitest';
import type { RegistryRepository } from '../../contract/ports/registry.ts';
import type { Presence } from '../../contract/registry.ts';
import { asTenantId } from '../../contract/topics.ts';
import { createPipeline } from '../../ingest/core/pipeline.ts';
import { RegistryDirectory } from '../../ingest/edge/directory.ts';
import { TablePresence } from '../../ingest/edge/presence-view.ts';
import { openRelational } from '../../store/relational/open.ts';
import { createRegistryRepository } from '../../store/relational/repositories/registry.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { bytes, wireBirth, wireHeartbeat } from '../support/payloads.ts';

const ACME = asTenantId('acme');
const MINUTE = 60_000;
/** A Monday, 08:00 in Berlin. */
const MONDAY = Date.UTC(2026, 0, 5, 7);

async function setup() {
  const relational = await openRelational({ url: 'sqlite::memory:' });
  await relational.migrate();
  const registry: RegistryRepository = createRegistryRepository(relational);
  const clock = new ManualClock(MONDAY);
  const pipeline = createPipeline();
  const directory = new RegistryDirectory(registry);
  const presence = new TablePresence(pipeline.table, directory, clock);
  const say = async (channel: string, payload: Buffer) => {
    const out = pipeline.accept(`pos/v1/acme/T1/${channel}`, payload, clock.now());
    for (const terminal of await registry.announce(out.announcements)) directory.put(terminal);
    presence.changed(out.linkChanges);
  };
  const now = () => presence.of(ACME, 'T1')!;
  return { relational, registry, clock, pipeline, directory, presence, say, now };
}

describe('presence', () => {
  it('tells the link and the freshness of data apart, each with its reason', async () => {
    const { clock, presence, say, now, relational } = await setup();
    expect(presence.of(ACME, 'T1')).toBeUndefined();
    await say('birth', wireBirth(clock.now(), 0, { heartbeat_s: 60 }));
    expect(now()).toMatchObject({
      link: { online: true, reason: 'birth', since: MONDAY },
      freshness: { state: 'fresh' },
    });
    await clock.advance(4 * MINUTE);
    expect(now()).toMatchObject({ link: { online: true }, freshness: { state: 'late', excuse: null, lastAt: MONDAY } });
    await clock.advance(8 * MINUTE);
    expect(now()).toMatchObject({ link: { online: true }, freshness: { state: 'silent' } });
    await say('state', bytes({ boot: 'b1', online: false, reason: 'connection lost' }));
    expect(now().link).toEqual({ online: false, reason: 'will', since: clock.now() });
    await clock.advance(MINUTE);
    await say('heartbeat', wireHeartbeat(clock.now(), 1));
    expect(now()).toMatchObject({ link: { online: true, reason: 'message' }, freshness: { state: 'fresh' } });
    await relational.close();
  });

  it('takes nobody for connected who stayed away after the broker that held the connections came back', async () => {
    const { clock, presence, say, now, relational } = await setup();
    await say('birth', wireBirth(clock.now(), 0, { heartbeat_s: 60 }));
    await clock.advance(MINUTE);
    presence.resumed(clock.now());
    await clock.advance(MINUTE);
    await presence.sweep();
    expect(now().link).toMatchObject({ online: true });
    await clock.advance(2 * MINUTE);
    const told: Presence[] = [];
    presence.onChange((presence) => told.push(presence));
    await presence.sweep();
    expect(now().link).toEqual({ online: false, reason: 'keepalive', since: MONDAY + MINUTE });
    expect(told).toHaveLength(1);
    await say('heartbeat', wireHeartbeat(clock.now(), 1));
    await clock.advance(10 * MINUTE);
    await presence.sweep();
    expect(now().link).toMatchObject({ online: true, reason: 'message' });
    await relational.close();
  });

  it('is measured against the heartbeat of the terminal itself', async () => {
    const { clock, say, now, relational } = await setup();
    await say('birth', wireBirth(clock.now(), 0, { heartbeat_s: 600 }));
    await clock.advance(20 * MINUTE);
    expect(now().freshness.state).toBe('fresh');
    await clock.advance(10 * MINUTE);
    expect(now().freshness.state).toBe('late');
    await relational.close();
  });

  it('excuses a store that is closed, in its own time zone, and an announced shutdown', async () => {
    const { clock, registry, directory, say, now, relational } = await setup();
    await say('birth', wireBirth(clock.now(), 0));
    const hours = [...Array.from({ length: 6 }, () => ({ opens: 9 * 60, closes: 25 * 60 })), null];
    const site = {
      tenant: ACME,
      site: 'berlin-1',
      name: 'B',
      timezone: 'Europe/Berlin',
      hours,
      closedOn: ['2026-01-06'],
    };
    await registry.putSite(site, clock.now());
    await directory.refresh();
    // 08:30, before opening.
    await clock.advance(30 * MINUTE);
    expect(now().freshness).toMatchObject({ state: 'silent', excuse: 'closed' });
    // 09:30: open, and silent without an excuse.
    await clock.advance(60 * MINUTE);
    expect(now().freshness.excuse).toBeNull();
    // 00:30 of Tuesday still belongs to Monday's hours, though Tuesday itself is a holiday; 10:00 is closed.
    await clock.advance(15 * 60 * MINUTE);
    expect(now().freshness.excuse).toBe('closed');
    await say('event', bytes({ ts: clock.now(), boot: 'b1', seq: 5, type: 'shutdown' }));
    await clock.advance(60 * MINUTE);
    expect(now().freshness).toMatchObject({ state: 'silent', excuse: 'shutdown' });
    await say('heartbeat', wireHeartbeat(clock.now(), 6));
    await clock.advance(60 * MINUTE);
    expect(now().freshness.excuse).not.toBe('shutdown');
    await relational.close();
  });

  it('tells listeners of a change and not of each message', async () => {
    const { clock, presence, say, relational } = await setup();
    const told: Presence[] = [];
    const stop = presence.onChange((p) => told.push(p));
    await say('birth', wireBirth(clock.now(), 0));
    await presence.sweep();
    for (let seq = 1; seq < 5; seq++) {
      await clock.advance(MINUTE);
      await say('heartbeat', wireHeartbeat(clock.now(), seq));
      await presence.sweep();
    }
    await clock.advance(20 * MINUTE);
    await presence.sweep();
    await presence.sweep();
    stop();
    await say('state', bytes({ boot: 'b1', online: false }));
    expect(told.map((p) => [p.link.online, p.freshness.state])).toEqual([
      [true, 'fresh'],
      [true, 'fresh'],
      [true, 'silent'],
    ]);
    await relational.close();
  });

  it('late data fills the past and overwrites nothing of now', async () => {
    const { clock, pipeline, say, now, relational } = await setup();
    await say('birth', wireBirth(clock.now(), 10, { firmware: '2.0' }));
    const before = now();
    const late = pipeline.accept(
      'pos/v1/acme/T1/birth',
      wireBirth(MONDAY - 86_400_000, 3, { firmware: '1.0', heartbeat_s: 5 }),
      MONDAY,
    );
    expect(late.readings).toMatchObject([{ ts: MONDAY - 86_400_000 }]);
    expect(late.announcements).toEqual([]);
    expect(now()).toEqual(before);
    await relational.close();
  });

  it('a will of an older boot, or the broken connection of an older session, ends nothing', async () => {
    const { clock, pipeline, say, now, relational } = await setup();
    await say('state', bytes({ ts: clock.now(), boot: 'old', seq: 0, online: true }));
    await clock.advance(MINUTE);
    await say('state', bytes({ ts: clock.now(), boot: 'new', seq: 0, online: true }));
    await clock.advance(MINUTE);
    const out = pipeline.accept('pos/v1/acme/T1/state', bytes({ boot: 'old', online: false }), clock.now());
    expect([out.stale, out.readings.length]).toEqual([1, 0]);
    expect(now().link.online).toBe(true);
    await relational.close();
  });
});
