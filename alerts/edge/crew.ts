import type { Clock } from '../../contract/ports/clock.ts';
import type { WorkerBoard, WorkerMarks } from '../../contract/ports/workers.ts';
import { Turn } from './turn.ts';

export interface CrewDeps {
  readonly clock: Clock;
  readonly board: WorkerBoard;
  readonly worker: string;
  /** Called when the lead has come to this process, before it acts on it, and when it has gone. */
  readonly gained: () => Promise<void>;
  readonly lost: () => Promise<void>;
  /** Called when others have changed documents or holds that are kept in memory. */
  readonly changed: (what: keyof WorkerMarks) => Promise<void>;
}

/** How long the lead lasts without being kept, and after which time it is kept anew. */
const LEAD_MS = 8_000;
const KEEP_MS = 2_000;

/**
 * Processes that serve the room together. One leads: it reconciles findings, reads answers and does what time brings; all of them do
 * effects and answer HTTP. That there is one leader saves work; what keeps tickets right is that the store refuses stale writes.
 */
export class Crew {
  readonly #deps: CrewDeps;
  readonly #turn = new Turn();
  #leads = false;
  #keptAt = Number.NEGATIVE_INFINITY;
  #marks: WorkerMarks | undefined;

  constructor(deps: CrewDeps) {
    this.#deps = deps;
  }

  get leads(): boolean {
    return this.#leads;
  }

  /** Takes or keeps the lead where it is free; answers whether this process has it. */
  lead(): Promise<boolean> {
    return this.#turn.run(async () => {
      const { clock, board, worker, gained, lost } = this.#deps;
      const now = clock.now();
      if (this.#leads && now >= this.#keptAt && now < this.#keptAt + KEEP_MS) return true;
      const leads = await board.lead(worker, now, LEAD_MS);
      this.#keptAt = now;
      if (leads && !this.#leads) await gained();
      if (!leads && this.#leads) await lost();
      this.#leads = leads;
      return leads;
    });
  }

  /** Learns of what others have changed since the last look. */
  async look(): Promise<void> {
    const marks = await this.#deps.board.marks();
    const before = this.#marks;
    this.#marks = marks;
    if (!before) return;
    for (const what of ['documents', 'holds'] as const) {
      if (marks[what] !== before[what]) await this.#deps.changed(what);
    }
  }

  /** Lets another process lead. */
  leave(): Promise<void> {
    return this.#turn.run(async () => {
      if (!this.#leads) return;
      this.#leads = false;
      await this.#deps.lost();
      await this.#deps.board.leave(this.#deps.worker);
    });
  }
}
