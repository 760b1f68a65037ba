import { Check } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { EVENT_NAMES, EVENTS } from '../../alerts/core/ticket-events.ts';
import { TICKET_STATES } from '../../contract/tickets.ts';
import type { Ticket } from '../../dashboards/console/src/api/types.ts';
import { en } from '../../dashboards/console/src/i18n/en.ts';
import { zh } from '../../dashboards/console/src/i18n/zh.ts';
import { eventOf, STEPS, type Step, stepsFor } from '../../dashboards/console/src/lib/steps.ts';

function filled(step: Step): Record<string, string | boolean> {
  const sample = {
    text: 'x',
    long: 'told at length',
    number: '3',
    money: '12.50',
    when: '2026-03-01T10:00',
    yesno: 'yes',
  };
  return Object.fromEntries(
    step.fields.map((field) => [
      field.name,
      field.kind === 'yes'
        ? true
        : field.kind === 'choice'
          ? (field.options?.find(Boolean) ?? '')
          : field.name === 'currency'
            ? 'EUR'
            : sample[field.kind],
    ]),
  );
}

describe("a ticket's steps in the console", () => {
  it.each(STEPS.map((step) => [step.event, step] as const))('%s makes an event that the machine takes', (_, step) => {
    const event = eventOf(step, filled(step));
    const schema = EVENTS[event.type as keyof typeof EVENTS];
    expect(schema).toBeDefined();
    expect([event, Check(schema, event)]).toEqual([event, true]);
  });

  it.each(TICKET_STATES)('a ticket that is %s is never offered what the server refuses', (state) => {
    const ticket = {
      state,
      open: true,
      source: 'finding',
      terminal: 't',
      decision: null,
      awaitingMerchant: false,
      backup: null,
      outcome: null,
      deactivation: null,
      loan: null,
      training: null,
      provider: null,
      appointment: null,
    } as unknown as Ticket;
    const all = stepsFor(ticket, EVENT_NAMES);
    expect(all.next !== null || state === 'archived').toBe(true);
    const some = stepsFor(ticket, ['comment', 'command']);
    const names = [some.next, ...some.others].filter((step) => step !== null).map((step) => step.event);
    expect(names.every((name) => ['comment', 'self_test'].includes(name))).toBe(true);
  });
});

describe('the two languages', () => {
  const keysOf = (value: object, path = ''): string[] =>
    Object.entries(value).flatMap(([key, one]) =>
      typeof one === 'object' ? keysOf(one as object, `${path}${key}/`) : [`${path}${key}`],
    );
  it('say the same things', () => {
    const named = (keys: string[]) => keys.filter((key) => !key.startsWith('metric/')).sort();
    expect(named(keysOf(zh))).toEqual(named(keysOf(en)));
  });

  it('fill in the same places', () => {
    const places = (value: object): string[] =>
      Object.entries(value).flatMap(([key, one]) =>
        typeof one === 'object'
          ? places(one as object)
          : [`${key}: ${[...new Set([...String(one).matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]))].sort().join()}`],
      );
    const bare = ({ metric: _metric, ...rest }: { metric: object }) => rest;
    expect(places(bare(zh))).toEqual(places(bare(en)));
  });
});
