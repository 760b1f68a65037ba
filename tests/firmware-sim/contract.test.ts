import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { cleanPayload } from '../../contract/clean.ts';
import {
  BirthSchema,
  CountersSchema,
  EventSchema,
  HeartbeatSchema,
  type PayloadOf,
  ResultSchema,
  StateSchema,
} from '../../contract/payloads.ts';
import { parseTopic, type UpChannel } from '../../contract/topics.ts';
import { GatewayBatcher } from '../../firmware-sim/edge/gateway.ts';
import { loadScenario, scenarioNames } from '../../firmware-sim/edge/scenario-files.ts';
import { DAY, everyMode, FROM, fleetOf, scene, tell, wire } from './scenes.ts';

const CHECKS = {
  birth: Compile(BirthSchema),
  state: Compile(StateSchema),
  heartbeat: Compile(HeartbeatSchema),
  counters: Compile(CountersSchema),
  event: Compile(EventSchema),
  result: Compile(ResultSchema),
};

function faultOf(topic: string, text: string): string | undefined {
  const parsed = parseTopic(topic);
  if (!parsed) return `topic ${topic}`;
  const channel = parsed.channel as UpChannel;
  const payload: unknown = JSON.parse(text);
  const check = CHECKS[channel];
  if (!check.Check(payload)) return `${topic}: ${JSON.stringify(check.Errors(payload)[0])} in ${text}`;
  // Nothing unknown either: the simulator speaks the contract and nothing beside it.
  return cleanPayload(channel, payload as PayloadOf[typeof channel]) === payload
    ? undefined
    : `${topic}: unknown fields in ${text}`;
}

describe('what simulated terminals say', () => {
  it('keeps the contract, whatever breaks', () => {
    const faults = wire(fleetOf(everyMode()), FROM + 7 * DAY)
      .map(({ topic, payload }) => faultOf(topic, String(payload)))
      .filter((fault) => fault !== undefined);
    expect(faults.slice(0, 5)).toEqual([]);
  });

  it('counts every message of a boot once, on from 0', () => {
    const seen = new Map<string, Set<number>>();
    for (const { topic, payload, kind } of wire(fleetOf(scene({ nuisances: 3 })), FROM + 3 * DAY)) {
      if (kind === 'will') continue;
      const { boot, seq } = JSON.parse(String(payload)) as { boot: string; seq: number };
      const key = `${topic.split('/')[3]}/${boot}`;
      const set = seen.get(key) ?? new Set<number>();
      seen.set(key, set.add(seq));
    }
    expect(seen.size).toBeGreaterThan(12);
    for (const [boot, numbers] of seen) expect([boot, Math.min(...numbers)]).toEqual([boot, 0]);
  });

  it('carries nothing that looks like a card number, an ICCID aside', () => {
    const suspects = wire(fleetOf(everyMode()), FROM + DAY)
      .map(({ payload }) =>
        String(payload)
          .replace(/"iccid":"89\d{17}"/, '')
          .replace(/"ts":\d{13}/, ''),
      )
      .filter((text) => /\d{13,19}/.test(text));
    expect(suspects.slice(0, 3)).toEqual([]);
  });

  it('spoils a share of the messages where dirt is asked for, and nothing is dirty where it is not', () => {
    const dirty = wire(fleetOf(scene({ dirt: 0.05 })), FROM + 2 * DAY);
    const spoiled = dirty.filter((message) => message.spoiled);
    expect(spoiled.length / dirty.length).toBeGreaterThan(0.03);
    expect(new Set(spoiled.map(({ payload }) => typeof payload))).toEqual(new Set(['string', 'object']));
    expect(wire(fleetOf(scene()), FROM + 2 * DAY).some((message) => message.spoiled)).toBe(false);
  });

  it('rides in gateway batches of valid JSON under a mebibyte', () => {
    const fleet = fleetOf(scene());
    const batcher = new GatewayBatcher(fleet);
    const messages = wire(fleet, FROM + 3 * DAY);
    const batches = messages.map((message) => batcher.add(message)).filter((batch) => batch !== undefined);
    batches.push(...batcher.flush());
    expect(batches.reduce((sum, batch) => sum + batch.messages, 0)).toBe(messages.length);
    for (const { topic, payload } of batches) {
      expect(topic).toMatch(/^pos\/v1\/shop\/GW-S\d{3}\/batch$/);
      expect(Buffer.byteLength(payload)).toBeLessThan(1 << 20);
      const { messages: entries } = JSON.parse(payload) as {
        messages: { terminal: string; channel: string; payload: unknown }[];
      };
      for (const entry of entries) {
        expect(
          faultOf(`pos/v1/shop/${entry.terminal}/${entry.channel}`, JSON.stringify(entry.payload)),
        ).toBeUndefined();
      }
    }
  });
});

describe('scenario files', async () => {
  it.each(await scenarioNames())('%s is well formed, and its first day keeps the contract', async (name) => {
    const scenario = await loadScenario(name);
    const fleet = fleetOf(scenario);
    for (const message of wire(fleet, Date.parse(scenario.from) + DAY / 3)) {
      if (message.spoiled) continue;
      const fault = faultOf(message.topic, String(message.payload));
      if (fault) expect(fault).toBeUndefined();
    }
  });

  it('lists everything that is wrong with one, at once', () => {
    expect(() => scene({ tenant: 'No Good', days: -1 })).toThrowError(/\/tenant .*\/days/s);
    expect(() => scene({ fleet: { models: { toaster: 1 }, regions: ['Atlantis'] } })).toThrowError(
      /toaster.*Atlantis/s,
    );
  });

  it('names the scenarios there are when asked for one that is not', async () => {
    await expect(loadScenario('no-such')).rejects.toThrowError(/quiet-month/);
  });
});

it('leaves a session of its own accord with a goodbye, and by a will when it is cut', () => {
  const happenings = tell(fleetOf(scene({ nuisances: 5, fleet: { terminals: 24 } })), FROM + 4 * DAY);
  const kinds = new Set(happenings.map((message) => message.kind));
  expect(kinds).toEqual(new Set(['message', 'will', 'connect', 'drop', 'goodbye']));
  for (const { payload } of happenings.filter((message) => message.kind === 'will')) {
    expect(JSON.parse(String(payload))).toMatchObject({ online: false, boot: expect.any(String) });
  }
});
