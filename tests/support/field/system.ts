/** The software: what it leaks, logs, writes and crashes. */
import type { Frame, Gauges, Step } from './frame.ts';
import { round } from './frame.ts';
import { DAY, HOUR, STEP } from './shops.ts';

export class System {
  bootedAt = 0;
  readonly #f: Frame;
  /** Share of the log partition in use; emptied when full. */
  #logs: number;
  #leaked = 0;

  constructor(f: Frame, logs: number) {
    this.#f = f;
    this.#logs = logs;
  }

  /** Ten minutes; answers whether a crash took the terminal down. */
  step({ e, now, sales }: Step): boolean {
    const { d, rates, voice } = this.#f;
    this.#leaked = Math.min(0.85, ((rates.leak + e.leak) * (now - this.bootedAt)) / HOUR);
    const crashes = d.poisson(((rates.crash + e.crash) * STEP) / HOUR + (this.#leaked > 0.8 ? 0.05 : 0));
    voice.add('system.crashes', crashes);
    this.#logs = (this.#logs + (0.06 * STEP) / DAY) % 1;
    voice.add('system.flash_writes_mb', Math.round((0.4 + sales * 0.08) * (1 + e.writes) * d.between(0.7, 1.3)));
    return dead(e.dead) || (crashes > 0 && d.chance(0.5));
  }

  gauges({ e, now, sales, ambient }: Step, charging: boolean, bad: boolean): Gauges {
    const { d, hw, rates } = this.#f;
    return {
      'system.uptime_s': Math.round((now - this.bootedAt) / 1000 + 300),
      'system.cpu_pct': round(
        Math.min(100, Math.max(1, 8 + sales * 0.9 + e.cpu + (bad ? 4 : 0) + d.normal(3) + (d.chance(0.02) ? 40 : 0))),
        1,
      ),
      'system.mem_free_mb': round(
        Math.max(
          hw.memory * 0.02,
          rates.mem * (1 - this.#leaked) - sales * hw.memory * 0.0006 + d.normal(hw.memory * 0.004),
        ),
        1,
      ),
      'system.flash_free_mb': Math.round(
        rates.flash * (1 - 0.06 * this.#logs) * (1 - e.flashGone) + d.normal(hw.flash * 0.0004),
      ),
      'system.temp_c': round(ambient + 11 + sales * 0.12 + (charging ? 4 : 0) + e.packHeat * 0.2 + d.normal(0.6), 1),
    };
  }
}

/** Whether the software no longer comes up. */
export function dead(parts: ReadonlySet<string>): boolean {
  return parts.has('system.storage_wear') || parts.has('system.crash_loop');
}
