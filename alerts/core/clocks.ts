import type { Severity } from '../../contract/findings.ts';
import type { ServiceClock } from '../../contract/ticket-parts.ts';
import type { Ticket } from '../../contract/tickets.ts';
import type { Policy } from './policy.ts';
import { afterService, serviceBetween } from './service-hours.ts';

/** Service-level clocks of a new ticket. */
export function startClocks(severity: Severity, now: number, policy: Policy): readonly ServiceClock[] {
  const level = policy.serviceLevels[severity];
  const clock = (kind: ServiceClock['kind'], limitMs: number): ServiceClock => ({
    kind,
    startedAt: now,
    limitMs,
    pausedMs: 0,
    pausedSince: null,
    metAt: null,
    warnedAt: null,
    breachedAt: null,
  });
  return [clock('response', level.responseMs), clock('repair', level.repairMs)];
}

/** When a running clock reaches a share of its limit; null while it is met or stands still. */
export function reaches(
  clock: ServiceClock,
  share: number,
  { serviceHours }: Pick<Policy, 'serviceHours'>,
): number | null {
  if (clock.metAt !== null || clock.pausedSince !== null) return null;
  return afterService(serviceHours, clock.startedAt, clock.pausedMs + Math.round(clock.limitMs * share));
}

/** Time that did not count is kept as service time: a clock stopped overnight has lost nothing. */
function setPaused(clock: ServiceClock, paused: boolean, now: number, { serviceHours }: Policy): ServiceClock {
  if (clock.metAt !== null || paused === (clock.pausedSince !== null)) return clock;
  if (paused) return { ...clock, pausedSince: now };
  const stood = serviceBetween(serviceHours, clock.pausedSince ?? now, now);
  return { ...clock, pausedMs: clock.pausedMs + stood, pausedSince: null };
}

function setMet(clock: ServiceClock, met: boolean, now: number, policy: Policy): ServiceClock {
  if (!met || clock.metAt !== null) return clock;
  return { ...setPaused(clock, false, now, policy), metAt: now };
}

/** Clocks after a step: standing still while the merchant is waited for and while the acceptance test runs, met by the first answer and by the accepted repair. */
export function moveClocks(
  before: Ticket,
  after: Ticket,
  byPerson: boolean,
  now: number,
  policy: Policy,
): readonly ServiceClock[] {
  // The acceptance test's set time is not the provider's delay; sent back to repair, the clock runs on.
  const paused = after.waitingFor === 'merchant' || after.state === 'testing';
  const repaired = after.state === 'handover' || !after.open;
  const level = policy.serviceLevels[after.severity];
  return after.clocks.map((clock) => {
    if (!after.open && clock.metAt === null) return setMet(clock, true, now, policy);
    const raised =
      before.severity === after.severity
        ? clock
        : { ...clock, limitMs: clock.kind === 'response' ? level.responseMs : level.repairMs };
    // A reopened ticket's repair clock runs again from where it stopped.
    const reopened =
      raised.kind === 'repair' && raised.metAt !== null && !repaired
        ? { ...raised, pausedMs: raised.pausedMs + serviceBetween(policy.serviceHours, raised.metAt, now), metAt: null }
        : raised;
    const met = reopened.kind === 'response' ? byPerson : repaired;
    return setMet(setPaused(reopened, paused, now, policy), met, now, policy);
  });
}
