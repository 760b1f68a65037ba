import type { Severity } from '../../contract/findings.ts';
import type { ServiceClock } from '../../contract/ticket-parts.ts';
import type { Ticket } from '../../contract/tickets.ts';
import type { Policy } from './policy.ts';

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
export function reaches(clock: ServiceClock, share: number): number | null {
  if (clock.metAt !== null || clock.pausedSince !== null) return null;
  return clock.startedAt + clock.pausedMs + Math.round(clock.limitMs * share);
}

function setPaused(clock: ServiceClock, paused: boolean, now: number): ServiceClock {
  if (clock.metAt !== null || paused === (clock.pausedSince !== null)) return clock;
  if (paused) return { ...clock, pausedSince: now };
  return { ...clock, pausedMs: clock.pausedMs + (now - (clock.pausedSince ?? now)), pausedSince: null };
}

function setMet(clock: ServiceClock, met: boolean, now: number): ServiceClock {
  if (!met || clock.metAt !== null) return clock;
  return { ...setPaused(clock, false, now), metAt: now };
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
    if (!after.open && clock.metAt === null) return setMet(clock, true, now);
    const raised =
      before.severity === after.severity
        ? clock
        : { ...clock, limitMs: clock.kind === 'response' ? level.responseMs : level.repairMs };
    // A reopened ticket's repair clock runs again from where it stopped.
    const reopened =
      raised.kind === 'repair' && raised.metAt !== null && !repaired
        ? { ...raised, pausedMs: raised.pausedMs + (now - raised.metAt), metAt: null }
        : raised;
    const met = reopened.kind === 'response' ? byPerson : repaired;
    return setMet(setPaused(reopened, paused, now), met, now);
  });
}
