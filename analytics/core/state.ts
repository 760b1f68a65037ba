import { Cases } from './cases.ts';
import { Histories } from './history.ts';
import { RecordStore } from './record.ts';

/**
 * Where all detectors keep what they know: a record a component of a terminal, what is held against it, and the curves of that. A terminal
 * pays for the fields that it sends and for the suspicions that it is under, not for those that the contract allows.
 */
export class ChannelState {
  readonly records = new RecordStore();
  readonly cases = new Cases();
  readonly histories = new Histories();

  get bytes(): number {
    return this.records.bytes + this.cases.slab.bytes + this.histories.bytes;
  }

  save(): { sizes: number[]; parts: Uint8Array[] } {
    const { sizes, parts } = this.records.save();
    return { sizes, parts: [...parts, ...this.cases.slab.save(), ...this.histories.save()] };
  }

  load(sizes: readonly number[], bytes: Uint8Array, at: number): number {
    return this.histories.load(bytes, this.cases.slab.load(bytes, this.records.load(sizes, bytes, at)));
  }
}
