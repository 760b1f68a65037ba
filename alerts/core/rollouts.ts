/** A staged firmware rollout. Shares are of the terminals it is for, rising; a stage goes on when the one before has stood its time well. */
export interface Rollout {
  readonly id: string;
  readonly version: string;
  readonly url: string;
  readonly sha256: string;
  /** Terminals it is for, in the order in which they are updated; fixed at its start. */
  readonly terminals: readonly string[];
  readonly stages: readonly { readonly share: number; readonly watchMs: number }[];
  /** Minutes after midnight, where each terminal stands, between which commands are sent; null: always. */
  readonly window: { readonly from: number; readonly to: number } | null;
  /** Halts when more than this share of commands in the current stage failed or went unanswered. */
  readonly maxFailed: number;
  /** Halts when the updated ones have this many times the standing critical findings of the others, and at least two more. */
  readonly maxWorse: number;
  readonly riskPlan: string;
  readonly state: 'running' | 'halted' | 'done' | 'cancelled';
  readonly stage: number;
  readonly stageSince: number;
  readonly sent: Readonly<
    Record<string, { readonly at: number; readonly result: 'waiting' | 'ok' | 'failed'; readonly again?: number }>
  >;
  readonly why: string | null;
  readonly by: string;
  readonly startedAt: number;
}

/** What is true of the fleet as far as the rollout is concerned. */
export interface RolloutView {
  readonly now: number;
  /** Minutes after midnight where a terminal stands. */
  readonly minuteAt: (terminal: string) => number;
  /** Firmware that each terminal reports. */
  readonly firmware: (terminal: string) => string | null;
  /** Terminals with a standing finding of warning or worse on any component. */
  readonly ailing: ReadonlySet<string>;
  /** Terminals that are known to be cut off: no stage waits for them, and they are sent to again until they are back. */
  readonly away: ReadonlySet<string>;
  /** Why analytics or a wider ticket says that this firmware is bad; null: it does not. */
  readonly regression: string | null;
}

export type RolloutMove =
  | { readonly kind: 'wait'; readonly why: string }
  | { readonly kind: 'send'; readonly terminals: readonly string[] }
  | { readonly kind: 'advance' }
  | { readonly kind: 'halt'; readonly why: string }
  | { readonly kind: 'finish' };

/** How many a stage covers, at least one. */
export function coveredBy(rollout: Rollout, stage: number): number {
  const share = rollout.stages[stage]?.share ?? 1;
  return Math.min(rollout.terminals.length, Math.max(1, Math.round(share * rollout.terminals.length)));
}

function inWindow(window: Rollout['window'], minute: number): boolean {
  if (!window) return true;
  return window.from <= window.to
    ? minute >= window.from && minute < window.to
    : minute >= window.from || minute < window.to;
}

/** A command unanswered for this long counts as failed: a shop that is closed overnight answers in the morning. */
const ANSWER_MS = 16 * 3_600_000;
/** A terminal that was switched off never saw its command: it is sent again this often, with the same id. */
const AGAIN_MS = 15 * 60_000;
const SENT_AT_ONCE = 200;

/** What a rollout does next; pure. */
export function nextMove(rollout: Rollout, view: RolloutView): RolloutMove {
  if (rollout.state !== 'running') return { kind: 'wait', why: `the rollout is ${rollout.state}` };
  if (view.regression) return { kind: 'halt', why: view.regression };
  const cohort = rollout.terminals.slice(0, coveredBy(rollout, rollout.stage));
  const updated = cohort.filter((terminal) => view.firmware(terminal) === rollout.version);
  const failed = cohort.filter((terminal) => {
    const sent = rollout.sent[terminal];
    if (!sent || view.firmware(terminal) === rollout.version) return false;
    return sent.result === 'failed' || view.now - sent.at > ANSWER_MS;
  });
  if (failed.length > Math.max(0, rollout.maxFailed * cohort.length)) {
    return { kind: 'halt', why: `${failed.length} of ${cohort.length} terminals failed to update` };
  }
  const worse = compare(rollout, updated, view);
  if (worse) return { kind: 'halt', why: worse };
  const wanting = cohort.filter((terminal) => view.firmware(terminal) !== rollout.version);
  const unsent = wanting.filter((terminal) => !rollout.sent[terminal]);
  const now = [...unsent, ...wanting.filter((terminal) => unheard(rollout.sent[terminal], view.now))].filter(
    (terminal) => inWindow(rollout.window, view.minuteAt(terminal)),
  );
  if (now.length > 0) return { kind: 'send', terminals: now.slice(0, SENT_AT_ONCE) };
  if (unsent.length > 0)
    return { kind: 'wait', why: `${unsent.length} terminals are outside their maintenance window` };
  const settled = new Set([...updated, ...failed]);
  const silent = cohort.filter((terminal) => !settled.has(terminal) && !view.away.has(terminal)).length;
  if (silent > 0) return { kind: 'wait', why: `${silent} terminals have not answered yet` };
  const watch = rollout.stages[rollout.stage]?.watchMs ?? 0;
  const lastSent = Math.max(rollout.stageSince, ...cohort.map((terminal) => rollout.sent[terminal]?.at ?? 0));
  if (view.now < lastSent + watch) return { kind: 'wait', why: 'the stage is watched' };
  return rollout.stage + 1 < rollout.stages.length ? { kind: 'advance' } : { kind: 'finish' };
}

function unheard(sent: Rollout['sent'][string] | undefined, now: number): boolean {
  return sent?.result === 'waiting' && now - sent.at <= ANSWER_MS && now - (sent.again ?? sent.at) >= AGAIN_MS;
}

/** Why the updated do worse than those not updated yet; undefined: they do not. */
function compare(rollout: Rollout, updated: readonly string[], view: RolloutView): string | undefined {
  const done = new Set(updated);
  const others = rollout.terminals.filter((terminal) => !done.has(terminal));
  const ill = updated.filter((terminal) => view.ailing.has(terminal)).length;
  if (updated.length === 0 || ill < 2) return undefined;
  const here = ill / updated.length;
  const there = others.length === 0 ? 0 : others.filter((terminal) => view.ailing.has(terminal)).length / others.length;
  if (here <= there * rollout.maxWorse || ill - there * updated.length < 2) return undefined;
  return `${Math.round(here * 100)} % of the updated terminals ail, against ${Math.round(there * 100)} % of the others`;
}
