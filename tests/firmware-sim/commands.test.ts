import { describe, expect, it } from 'vitest';
import type { Fleet } from '../../firmware-sim/core/fleet.ts';
import { DAY, FROM, fleetOf, type SceneOptions, scene, tell, wire } from './scenes.ts';

const MINUTE = 60_000;

function begin(more: SceneOptions = {}): Fleet {
  const fleet = fleetOf(
    scene({ nuisances: 0, ...more, fleet: { terminals: 1, stores: 1, models: { countertop: 1 }, ...more.fleet } }),
  );
  // Noon of a Wednesday, on whichever side of the world the store stands.
  tell(fleet, FROM + 2.5 * DAY);
  return fleet;
}

function ask(fleet: Fleet, command: Record<string, unknown>): Record<string, unknown>[] {
  fleet.command(0, JSON.stringify({ expires_at: fleet.now + MINUTE, ...command }), fleet.now);
  return wire(fleet, fleet.now + 5 * MINUTE).map(({ topic, payload }) => ({
    channel: topic.split('/')[4],
    ...(JSON.parse(String(payload)) as Record<string, unknown>),
  }));
}

const results = (messages: Record<string, unknown>[]): Record<string, unknown>[] =>
  messages.filter(({ channel }) => channel === 'result');

describe('commands', () => {
  it('runs a self-test that passes on a sound terminal', () => {
    const said = ask(begin(), { id: 'a', name: 'self_test' });
    expect(results(said)).toEqual([
      expect.objectContaining({ id: 'a', ok: true, data: expect.objectContaining({ result: 'pass' }) }),
    ]);
    expect(said).toContainEqual(
      expect.objectContaining({ type: 'self_test', detail: expect.objectContaining({ result: 'pass' }) }),
    );
  });

  it('finds the broken part in a self-test of a broken terminal', () => {
    const faults = [
      {
        component: 'printer',
        mode: 'head_wear',
        count: 1,
        onsetDay: [0.1, 0.1] as [number, number],
        days: [1, 1] as [number, number],
      },
    ];
    const [result] = results(ask(begin({ faults }), { id: 'a', name: 'self_test' }));
    expect(result).toMatchObject({ ok: true, data: { result: 'fail', checks: { print_head: 'fail', host: 'pass' } } });
  });

  it('answers a repeated id again without doing it again', () => {
    const fleet = begin();
    ask(fleet, { id: 'p', name: 'print_test_page' });
    const jobs = fleet.terminals[0]?.state.printer?.jobs;
    fleet.command(0, JSON.stringify({ id: 'p', name: 'print_test_page', expires_at: fleet.now + MINUTE }), fleet.now);
    expect(fleet.terminals[0]?.state.printer?.jobs).toBe(jobs);
    expect(
      results(
        wire(fleet, fleet.now + MINUTE).map(({ topic, payload }) => ({
          channel: topic.split('/')[4],
          ...JSON.parse(String(payload)),
        })),
      ),
    ).toHaveLength(1);
  });

  it('refuses what has expired, what is unknown and what makes no sense', () => {
    const fleet = begin();
    expect(results(ask(fleet, { id: 'a', name: 'reboot', expires_at: fleet.now - 1 }))[0]).toMatchObject({
      ok: false,
      detail: 'expired',
    });
    expect(results(ask(fleet, { id: 'b', name: 'dance' }))[0]).toMatchObject({ ok: false });
    expect(results(ask(fleet, { id: 'c', name: 'set_heartbeat', args: { seconds: 1 } }))[0]).toMatchObject({
      ok: false,
    });
    fleet.command(0, 'not json', fleet.now);
    expect(results(wire(fleet, fleet.now + MINUTE) as never)).toEqual([]);
  });

  it('changes its heartbeat and announces it', () => {
    const said = ask(begin(), { id: 'h', name: 'set_heartbeat', args: { seconds: 30 } });
    expect(said).toContainEqual(expect.objectContaining({ channel: 'birth', heartbeat_s: 30 }));
    expect(said.filter(({ channel }) => channel === 'heartbeat').length).toBeGreaterThanOrEqual(8);
  });

  it('reboots into a new boot that counts from 0', () => {
    const fleet = begin();
    const before = fleet.terminals[0]?.state.boot;
    const birth = ask(fleet, { id: 'r', name: 'reboot' }).find(({ channel }) => channel === 'birth');
    expect(birth).toMatchObject({ seq: 0 });
    expect(birth?.boot).not.toBe(before);
  });

  it('sells nothing while it is locked', () => {
    const fleet = begin();
    ask(fleet, { id: 'l', name: 'lock' });
    const jobs = fleet.terminals[0]?.state.printer?.jobs;
    tell(fleet, fleet.now + DAY);
    expect(fleet.terminals[0]?.state.printer?.jobs).toBe(jobs);
    ask(fleet, { id: 'u', name: 'unlock' });
    tell(fleet, fleet.now + DAY);
    expect(fleet.terminals[0]?.state.printer?.jobs).toBeGreaterThan(jobs ?? 0);
  });

  it('installs a firmware and says what it was before', () => {
    const said = ask(begin(), {
      id: 'f',
      name: 'update_firmware',
      args: { version: '4.2.1', url: 'https://x', sha256: '00' },
    });
    expect(said).toContainEqual(
      expect.objectContaining({ type: 'firmware_updated', detail: { from: '4.2.0', to: '4.2.1' } }),
    );
    expect(said).toContainEqual(expect.objectContaining({ channel: 'birth', firmware: '4.2.1' }));
  });
});
