import { TillwatchError } from '../../contract/errors.ts';
import type { TenantId } from '../../contract/topics.ts';

/** Power-ons remembered for each terminal, newest first. */
export const BOOTS = 3;

const COLUMNS = {
  /** Hash of the boot's name; 0 where the slot is free. */
  boot: [Float64Array, BOOTS],
  /** Everything below was never seen (a server may meet a boot in its middle). */
  low: [Float64Array, BOOTS],
  /** One more than the highest seq seen. */
  next: [Float64Array, BOOTS],
  /** Newest corrected event time within the boot, ms. */
  bootTs: [Float64Array, BOOTS],
  /** Device clock − server clock as estimated for the boot, ms. */
  offset: [Float64Array, BOOTS],
  /** Newest corrected event time, ms; 0 before the first. */
  lastAt: [Float64Array, 1],
  /** When the link last changed, ms. */
  linkSince: [Float64Array, 1],
  /** Event time of the newest birth applied, ms. */
  birthAt: [Float64Array, 1],
  birthHash: [Uint32Array, 1],
  heartbeatS: [Uint32Array, 1],
  gaps: [Uint32Array, 1],
  duplicates: [Uint32Array, 1],
  /** Rate limit: messages it may still send, and when that was reckoned. */
  tokens: [Float32Array, 1],
  tokensAt: [Float64Array, 1],
  link: [Uint8Array, 1],
  flags: [Uint8Array, 1],
  /** Freshness last told to listeners. */
  told: [Uint8Array, 1],
} as const;

type ColumnName = keyof typeof COLUMNS;
type Columns = { -readonly [C in ColumnName]: InstanceType<(typeof COLUMNS)[C][0]> };
const NAMES = Object.keys(COLUMNS) as ColumnName[];

/** Runs of seqs not seen between seen ones, of one boot: [from, to] pairs, rising. */
export type Holes = number[];

/** A slow clock in the making: steady delay since `sinceReceived`. */
export interface ClockSuspicion {
  ts: number;
  receivedAt: number;
  /** Least delay seen since it began, ms. */
  delay: number;
  /** Messages that spoke for it, at least `PACE_MS` apart. */
  votes: number;
  votedAt: number;
}

/** What only few terminals have, kept beside the columns. */
export interface Rare {
  holes?: (Holes | null)[];
  suspicion?: ClockSuspicion;
}

/**
 * Everything ingest remembers of each terminal, in columns by a small integer id: about 200 bytes a terminal, so that a million fit.
 * `snapshot` and `restore` carry it over a restart.
 */
export class TerminalTable {
  readonly columns: Columns;
  readonly rare = new Map<number, Rare>();
  readonly #tenants = new Map<TenantId, Map<string, number>>();
  readonly #names: string[] = [];
  readonly #tenantOf: TenantId[] = [];
  #capacity: number;

  constructor(capacity = 1024) {
    this.#capacity = capacity;
    this.columns = Object.fromEntries(
      NAMES.map((name) => [name, new COLUMNS[name][0](capacity * COLUMNS[name][1])]),
    ) as unknown as Columns;
  }

  get size(): number {
    return this.#names.length;
  }

  /** The terminal's id, −1 when it was never heard of. */
  find(tenant: TenantId, terminal: string): number {
    return this.#tenants.get(tenant)?.get(terminal) ?? -1;
  }

  /** The terminal's id, made when it is new. */
  findOrAdd(tenant: TenantId, terminal: string): number {
    let terminals = this.#tenants.get(tenant);
    if (terminals === undefined) this.#tenants.set(tenant, (terminals = new Map()));
    const known = terminals.get(terminal);
    if (known !== undefined) return known;
    const id = this.#names.length;
    if (id === this.#capacity) this.#grow();
    // A slice of a topic or of a batch would keep the whole of it in memory: copy the characters.
    const own = Buffer.from(terminal, 'latin1').toString('latin1');
    terminals.set(own, id);
    this.#names.push(own);
    this.#tenantOf.push(tenant);
    return id;
  }

  nameOf(id: number): string {
    return this.#names[id]!;
  }
  tenantOf(id: number): TenantId {
    return this.#tenantOf[id]!;
  }
  /** Ids of a tenant's terminals. */
  idsOf(tenant: TenantId): Iterable<number> {
    return this.#tenants.get(tenant)?.values() ?? [];
  }

  rareOf(id: number): Rare {
    let rare = this.rare.get(id);
    if (rare === undefined) this.rare.set(id, (rare = {}));
    return rare;
  }

  #grow(): void {
    this.#capacity *= 2;
    for (const name of NAMES) {
      const [Column, width] = COLUMNS[name];
      const wider = new Column(this.#capacity * width);
      wider.set(this.columns[name]);
      (this.columns as Record<ColumnName, Columns[ColumnName]>)[name] = wider;
    }
  }

  /** A table of those terminals only that `owns` names, with all that is remembered of them. */
  share(owns: (tenant: TenantId, terminal: string) => boolean): TerminalTable {
    const share = new TerminalTable();
    for (let id = 0; id < this.size; id++) {
      if (!owns(this.tenantOf(id), this.nameOf(id))) continue;
      const to = share.findOrAdd(this.tenantOf(id), this.nameOf(id));
      for (const name of NAMES) {
        const width = COLUMNS[name][1];
        share.columns[name].set(this.columns[name].subarray(id * width, (id + 1) * width), to * width);
      }
      const rare = this.rare.get(id);
      if (rare) share.rare.set(to, rare);
    }
    return share;
  }

  /** The table as pieces of bytes: a JSON head with its length before it, then each column. */
  *snapshot(extra: unknown): Generator<Uint8Array> {
    const size = this.size;
    const tenants = [...this.#tenants.keys()];
    const tenantIndex = new Map(tenants.map((tenant, i) => [tenant, i]));
    const rare = [...this.rare].filter(([, r]) => r.holes !== undefined || r.suspicion !== undefined);
    const head = Buffer.from(JSON.stringify({ version: VERSION, size, tenants, rare, extra }), 'utf8');
    const names = Buffer.from(this.#names.join('\n'), 'latin1');
    const owners = Uint32Array.from(this.#tenantOf, (tenant) => tenantIndex.get(tenant)!);
    yield lengths(head.length, names.length);
    yield head;
    yield names;
    yield bytesOf(owners);
    for (const name of NAMES) yield bytesOf(this.columns[name].slice(0, size * COLUMNS[name][1]));
  }

  /**
   * Fills this table, which must be empty, from a snapshot's bytes; throws `ingest.bad_snapshot` and stays empty when they are not one.
   * Answers what `snapshot` was given beside the table.
   */
  restore(bytes: Uint8Array): unknown {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.size > 0) throw bad('the table is in use');
    if (buffer.length < 8) throw bad('it is cut short');
    const headEnd = 8 + buffer.readUInt32LE(0);
    const namesEnd = headEnd + buffer.readUInt32LE(4);
    if (namesEnd > buffer.length) throw bad('it is cut short');
    const head = headOf(buffer.toString('utf8', 8, headEnd));
    if (head.version !== VERSION) throw bad(`it is of version ${head.version}, this program reads ${VERSION}`);
    const names = head.size === 0 ? [] : buffer.toString('latin1', headEnd, namesEnd).split('\n');
    const width = NAMES.reduce((sum, name) => sum + COLUMNS[name][0].BYTES_PER_ELEMENT * COLUMNS[name][1], 4);
    if (names.length !== head.size || buffer.length !== namesEnd + head.size * width) throw bad('its parts do not fit');
    let at = namesEnd;
    names.forEach((name, i) => {
      this.findOrAdd(head.tenants[buffer.readUInt32LE(at + i * 4)]!, name);
    });
    at += head.size * 4;
    for (const name of NAMES) {
      const length = head.size * COLUMNS[name][0].BYTES_PER_ELEMENT * COLUMNS[name][1];
      bytesOf(this.columns[name]).set(buffer.subarray(at, at + length));
      at += length;
    }
    for (const [id, rare] of head.rare) this.rare.set(id, rare);
    return head.extra;
  }
}

const VERSION = 1;

interface SnapshotHead {
  readonly version: number;
  readonly size: number;
  readonly tenants: readonly TenantId[];
  readonly rare: readonly [number, Rare][];
  readonly extra: unknown;
}

function headOf(text: string): SnapshotHead {
  try {
    return JSON.parse(text) as SnapshotHead;
  } catch {
    throw bad('its head is damaged');
  }
}

function lengths(head: number, names: number): Uint8Array {
  const out = Buffer.alloc(8);
  out.writeUInt32LE(head, 0);
  out.writeUInt32LE(names, 4);
  return out;
}

function bytesOf(column: Uint32Array | Float64Array | Float32Array | Uint8Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

function bad(why: string): TillwatchError {
  return new TillwatchError('ingest.bad_snapshot', `the saved state of ingest cannot be read: ${why}`);
}
