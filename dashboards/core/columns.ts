/** Typed columns that grow together by doubling; a row is an index into each of them. */
export class Columns {
  #capacity: number;
  rows = 0;
  site: Uint32Array;
  model: Uint32Array;
  firmware: Uint32Array;
  vendor: Uint32Array;
  carrier: Uint32Array;
  /** Index in `LIFECYCLES`. */
  lifecycle: Uint8Array;
  /** 0 none, 1 watch, 2 warning, 3 critical: the worst finding that touches the terminal. */
  severity: Uint8Array;
  /** Bit i set: a finding on component i of `COMPONENTS`. */
  components: Uint8Array;
  /** Highest probability of its findings, in percent. */
  probability: Uint8Array;
  /** Soonest expected failure, ms; 0 none. */
  failsAt: Float64Array;
  openTickets: Uint16Array;
  /** Index in `LINKS`. */
  link: Uint8Array;
  linkSince: Float64Array;
  /** Index in `FRESHNESS`. */
  freshness: Uint8Array;
  /** Index in `EXCUSES`. */
  excuse: Uint8Array;
  /** Event time of what was heard last, ms; 0 never. */
  lastAt: Float64Array;
  /** When the severity last rose, ms; 0 never. */
  worsenedAt: Float64Array;
  /** Severity before it rose. */
  severityBefore: Uint8Array;
  /** Index in `HEALTH`. */
  health: Uint8Array;

  constructor(capacity = 256) {
    this.#capacity = capacity;
    this.site = new Uint32Array(capacity);
    this.model = new Uint32Array(capacity);
    this.firmware = new Uint32Array(capacity);
    this.vendor = new Uint32Array(capacity);
    this.carrier = new Uint32Array(capacity);
    this.lifecycle = new Uint8Array(capacity);
    this.severity = new Uint8Array(capacity);
    this.components = new Uint8Array(capacity);
    this.probability = new Uint8Array(capacity);
    this.failsAt = new Float64Array(capacity);
    this.openTickets = new Uint16Array(capacity);
    this.link = new Uint8Array(capacity);
    this.linkSince = new Float64Array(capacity);
    this.freshness = new Uint8Array(capacity);
    this.excuse = new Uint8Array(capacity);
    this.lastAt = new Float64Array(capacity);
    this.worsenedAt = new Float64Array(capacity);
    this.severityBefore = new Uint8Array(capacity);
    this.health = new Uint8Array(capacity);
  }

  /** Adds an empty row and answers its index. */
  add(): number {
    if (this.rows === this.#capacity) this.#grow();
    return this.rows++;
  }

  #grow(): void {
    this.#capacity *= 2;
    const to = this.#capacity;
    this.site = grown(this.site, new Uint32Array(to));
    this.model = grown(this.model, new Uint32Array(to));
    this.firmware = grown(this.firmware, new Uint32Array(to));
    this.vendor = grown(this.vendor, new Uint32Array(to));
    this.carrier = grown(this.carrier, new Uint32Array(to));
    this.lifecycle = grown(this.lifecycle, new Uint8Array(to));
    this.severity = grown(this.severity, new Uint8Array(to));
    this.components = grown(this.components, new Uint8Array(to));
    this.probability = grown(this.probability, new Uint8Array(to));
    this.failsAt = grown(this.failsAt, new Float64Array(to));
    this.openTickets = grown(this.openTickets, new Uint16Array(to));
    this.link = grown(this.link, new Uint8Array(to));
    this.linkSince = grown(this.linkSince, new Float64Array(to));
    this.freshness = grown(this.freshness, new Uint8Array(to));
    this.excuse = grown(this.excuse, new Uint8Array(to));
    this.lastAt = grown(this.lastAt, new Float64Array(to));
    this.worsenedAt = grown(this.worsenedAt, new Float64Array(to));
    this.severityBefore = grown(this.severityBefore, new Uint8Array(to));
    this.health = grown(this.health, new Uint8Array(to));
  }
}

/** Copies a column to the start of a longer one. */
export function grown<T extends { set(from: ArrayLike<number>): void }>(from: ArrayLike<number>, to: T): T {
  to.set(from);
  return to;
}
