/** What moved in a tenant between two ticks, without the values: clients fetch what they show. */
export interface Change {
  /** Terminals whose condition changed; null when more than `MANY` did. */
  readonly terminals: readonly string[] | null;
  /** Fingerprints of findings that opened, changed or cleared; null for many. */
  readonly findings: readonly string[] | null;
  readonly tickets: readonly string[] | null;
  readonly sites: boolean;
}

export const MANY = 200;

/** The last changes of a tenant, numbered within one run of the platform, so that a client that lost its connection can go on. */
export class ChangeLog {
  readonly #run: string;
  readonly #keep: number;
  readonly #entries: { id: number; change: Change }[] = [];
  #last = 0;

  /** `run` tells one process's numbers from another's. */
  constructor(run: string, keep = 512) {
    this.#run = run;
    this.#keep = keep;
  }

  /** Id of the newest change, as `Last-Event-ID` carries it. */
  get lastId(): string {
    return `${this.#run}-${this.#last}`;
  }

  add(change: Change): string {
    this.#entries.push({ id: ++this.#last, change });
    if (this.#entries.length > this.#keep) this.#entries.shift();
    return this.lastId;
  }

  /** All that changed after `lastId` in one, or undefined when that is too long ago to say: then the client must fetch anew. */
  since(lastId: string): Change | undefined {
    const [run, number] = split(lastId);
    if (run !== this.#run || number === undefined || number > this.#last) return undefined;
    const oldest = this.#entries[0]?.id ?? this.#last + 1;
    if (number < oldest - 1) return undefined;
    return mergeChanges(this.#entries.filter((entry) => entry.id > number).map((entry) => entry.change));
  }
}

/** Joins changes; a kind that grows beyond `MANY` becomes null. */
export function mergeChanges(changes: readonly Change[]): Change {
  return {
    terminals: union(changes.map((change) => change.terminals)),
    findings: union(changes.map((change) => change.findings)),
    tickets: union(changes.map((change) => change.tickets)),
    sites: changes.some((change) => change.sites),
  };
}

/** True when nothing moved. */
export function isQuiet(change: Change): boolean {
  return (
    change.terminals?.length === 0 && change.findings?.length === 0 && change.tickets?.length === 0 && !change.sites
  );
}

function union(lists: readonly (readonly string[] | null)[]): readonly string[] | null {
  const all = new Set<string>();
  for (const list of lists) {
    if (list === null) return null;
    for (const word of list) all.add(word);
  }
  return all.size > MANY ? null : [...all];
}

function split(id: string): [string, number | undefined] {
  const at = id.lastIndexOf('-');
  const number = Number(id.slice(at + 1));
  return [id.slice(0, Math.max(at, 0)), at > 0 && Number.isInteger(number) && number >= 0 ? number : undefined];
}
