import { TillwatchError } from '../../contract/errors.ts';
import { readWords } from './slab.ts';

const FEW = 64;
/** Share of the table that is taken when it grows, and by how much. */
const FULL = 0.8;
const GROWTH = 1.25;

/**
 * Names of terminals by number, and numbers by tenant and name: characters in one array of bytes and an open-addressed table over them,
 * some 20 bytes a terminal, where strings and a map take 100 and keep the garbage collector busy.
 */
export class NameTable {
  #bytes = new Uint8Array(FEW * 8);
  /** Where each name begins; one more than there are. */
  #starts = new Uint32Array(FEW);
  #tenants = new Uint32Array(FEW);
  /** Numbers plus one, by hash. */
  #table = new Uint32Array(FEW);
  #count = 0;
  /** The name that was asked for last, as it was given: what a message is about is named again while it is taken in. */
  #last = -1;
  #lastName = '';

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes.byteLength + this.#starts.byteLength + this.#tenants.byteLength + this.#table.byteLength;
  }

  at(index: number): string {
    if (index === this.#last) return this.#lastName;
    return String.fromCharCode(...this.#bytes.subarray(this.#starts[index]!, this.#starts[index + 1]!));
  }

  tenant(index: number): number {
    return this.#tenants[index]!;
  }

  find(tenant: number, name: string): number {
    const size = this.#table.length;
    for (let slot = hashOf(tenant, name) % size; ; slot = slot + 1 === size ? 0 : slot + 1) {
      const index = this.#table[slot]! - 1;
      if (index < 0) return -1;
      if (this.#tenants[index] !== tenant || !this.#is(index, name)) continue;
      this.#last = index;
      this.#lastName = name;
      return index;
    }
  }

  /** Gives a new name the next number. Names are of a terminal's characters (contract.md), a byte each. */
  add(tenant: number, name: string): number {
    const index = this.#count++;
    const start = this.#starts[index]!;
    const end = start + name.length;
    if (end > this.#bytes.length) this.#bytes = grown(this.#bytes, Math.max(end, this.#bytes.length * GROWTH));
    if (index + 2 > this.#starts.length) {
      this.#starts = grown(this.#starts, (index + 2) * GROWTH);
      this.#tenants = grown(this.#tenants, (index + 2) * GROWTH);
    }
    for (let i = 0; i < name.length; i++) {
      const code = name.charCodeAt(i);
      if (code > 0x7f) {
        throw new TillwatchError(
          'analytics.bad_terminal',
          `"${name}" is no terminal id: use A–Z, a–z, 0–9, "_" and "-"`,
        );
      }
      this.#bytes[start + i] = code;
    }
    this.#starts[index + 1] = end;
    this.#tenants[index] = tenant;
    if (this.#count > this.#table.length * FULL) this.#rehash();
    else this.#enter(index, hashOf(tenant, name));
    return index;
  }

  save(): Uint8Array[] {
    const head = Uint32Array.of(this.#count, this.#starts[this.#count]!);
    return [
      new Uint8Array(head.buffer),
      new Uint8Array(this.#starts.buffer, 0, (this.#count + 1) * 4),
      new Uint8Array(this.#tenants.buffer, 0, this.#count * 4),
      this.#bytes.subarray(0, head[1]),
    ];
  }

  load(bytes: Uint8Array, at: number): number {
    const [count = 0, length = 0] = readWords(bytes, at, 2);
    this.#count = count;
    this.#last = -1;
    const starts = at + 8;
    const tenants = starts + (count + 1) * 4;
    const names = tenants + count * 4;
    this.#starts = readWords(bytes, starts, count + 1);
    this.#tenants = readWords(bytes, tenants, count);
    this.#bytes = bytes.slice(names, names + length);
    this.#rehash();
    return names + length;
  }

  #rehash(): void {
    this.#table = new Uint32Array(Math.max(FEW, Math.ceil((this.#count * GROWTH) / FULL)));
    for (let index = 0; index < this.#count; index++) {
      this.#enter(index, this.#hashAt(index));
    }
  }

  /** As `hashOf`, of the characters that are kept: a million names are entered anew without a million strings. */
  #hashAt(index: number): number {
    let hash = 0x811c9dc5 ^ this.#tenants[index]!;
    const end = this.#starts[index + 1]!;
    for (let i = this.#starts[index]!; i < end; i++) hash = Math.imul(hash ^ this.#bytes[i]!, 0x01000193);
    return mixed(hash);
  }

  #enter(index: number, hash: number): void {
    const size = this.#table.length;
    let slot = hash % size;
    while (this.#table[slot] !== 0) slot = slot + 1 === size ? 0 : slot + 1;
    this.#table[slot] = index + 1;
  }

  #is(index: number, name: string): boolean {
    const start = this.#starts[index]!;
    if (this.#starts[index + 1]! - start !== name.length) return false;
    for (let i = 0; i < name.length; i++) if (this.#bytes[start + i] !== name.charCodeAt(i)) return false;
    return true;
  }
}

/** FNV-1a over the tenant's number and the name, with its bits mixed once more (Appleby's finalizer of MurmurHash3). */
function hashOf(tenant: number, name: string): number {
  let hash = 0x811c9dc5 ^ tenant;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return mixed(hash);
}

function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (once ^ (once >>> 13)) >>> 0;
}

function grown<T extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(array: T, length: number): T {
  const larger = array instanceof Uint8Array ? new Uint8Array(length) : new Uint32Array(length);
  larger.set(array);
  return larger as T;
}
