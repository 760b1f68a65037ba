import type { Terminal } from '../../contract/registry.ts';
import { nextCheck, type Plan, type PlanDone, type PlanDue, RuleDates, type UsePoint } from './plans.ts';

/** A check that a plan makes due on a terminal. */
export interface DueCheck extends PlanDue {
  readonly plan: string;
  readonly name: string;
  readonly terminal: string;
  readonly site: string | null;
  readonly minutes: number;
}

/** Checks due by `until` over all terminals and plans, soonest first. */
export function dueChecks(
  plans: readonly Plan[],
  terminals: readonly Pick<Terminal, 'terminal' | 'site' | 'model' | 'firstSeenAt'>[],
  done: ReadonlyMap<string, PlanDone>,
  use: ReadonlyMap<string, UsePoint>,
  until: number,
  now: number,
): readonly DueCheck[] {
  const dates = new RuleDates();
  const checks: DueCheck[] = [];
  for (const terminal of terminals) {
    for (const plan of plans) {
      if (plan.models.length > 0 && (terminal.model === null || !plan.models.includes(terminal.model))) continue;
      const key = `${plan.id}/${terminal.terminal}`;
      const next = nextCheck(plan, done.get(key), terminal.firstSeenAt, use.get(key), now, dates);
      if (!next || next.dueAt > until) continue;
      checks.push({
        ...next,
        plan: plan.id,
        name: plan.name,
        terminal: terminal.terminal,
        site: terminal.site,
        minutes: plan.minutes,
      });
    }
  }
  return checks.sort((a, b) => a.dueAt - b.dueAt || (a.terminal < b.terminal ? -1 : 1));
}
