import type { Duplex } from 'node:stream';

interface Slot {
  readonly id: number;
  durable: boolean;
}

/**
 * PUBACKs of one connection, held until their messages are durable. They leave in the order in which the messages came (MQTT 5.0,
 * section 4.6), and all that are due in one turn of the loop leave in one write.
 */
export class OrderedAcks {
  readonly #stream: Duplex;
  #slots: Slot[] = [];
  #head = 0;
  #scheduled = false;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  /** Messages taken and not acknowledged. */
  get held(): number {
    return this.#slots.length - this.#head;
  }

  /** Takes note of a message; call what it answers once the message is durable. */
  hold(id: number): () => void {
    const slot: Slot = { id, durable: false };
    this.#slots.push(slot);
    return () => {
      slot.durable = true;
      if (this.#scheduled || this.#slots[this.#head] !== slot) return;
      this.#scheduled = true;
      process.nextTick(() => this.#flush());
    };
  }

  #flush(): void {
    this.#scheduled = false;
    let due = this.#head;
    while (due < this.#slots.length && this.#slots[due]!.durable) due++;
    if (due === this.#head) return;
    // Type 4, two bytes: in MQTT 5 a reason code left out is success, so both versions look alike.
    const bytes = Buffer.allocUnsafe((due - this.#head) * 4);
    for (let at = 0; this.#head < due; this.#head++, at += 4) {
      bytes.writeUInt16BE(0x4002, at);
      bytes.writeUInt16BE(this.#slots[this.#head]!.id, at + 2);
    }
    if (this.#head > 4096) {
      this.#slots = this.#slots.slice(this.#head);
      this.#head = 0;
    }
    if (!this.#stream.destroyed) this.#stream.write(bytes);
  }
}
