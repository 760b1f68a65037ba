import type { Detector } from './detector.ts';
import { DIURNAL_SLOTS, GAUGE_SLOTS } from './gauge-channel.ts';
import { HISTORY_STRIDE } from './history.ts';
import { EPISODE_SLOTS, RATE_SLOTS } from './rate-channel.ts';
import { Slab } from './slab.ts';

/**
 * Where channels keep what they know, one slab a kind for all detectors: a terminal pays for the fields that it sends and for the
 * suspicions that it is under, not for those that the contract allows.
 */
export class ChannelState {
  readonly gauges = new Slab(GAUGE_SLOTS);
  readonly diurnal = new Slab(DIURNAL_SLOTS);
  readonly rates = new Slab(RATE_SLOTS);
  readonly episodes = new Slab(EPISODE_SLOTS);
  readonly histories = new Slab(HISTORY_STRIDE);

  get bytes(): number {
    return this.#slabs.reduce((sum, slab) => sum + slab.bytes, 0);
  }

  gaugesOf(detector: Detector, gauge: number): Slab {
    return detector.gauges[gauge]!.diurnal ? this.diurnal : this.gauges;
  }

  save(): Uint8Array[] {
    return this.#slabs.flatMap((slab) => slab.save());
  }

  load(bytes: Uint8Array, at: number): number {
    return this.#slabs.reduce((cursor, slab) => slab.load(bytes, cursor), at);
  }

  get #slabs(): readonly Slab[] {
    return [this.gauges, this.diurnal, this.rates, this.episodes, this.histories];
  }
}
