import type { Dice } from '../wild-random.ts';
import type { Wear } from './frame.ts';

/** The computer: memory that leaks a little, flash that fills, programs that fall over. */
export class System {
  readonly #d: Dice;
  readonly #memMb: number;
  readonly #leak: { readonly perMin: number; readonly least: number };
  readonly #cpu: number;
  readonly #writesPerMin: number;
  readonly #logPerDay: number;
  readonly #flashMb: number;
  readonly #crash: number;
  #mem: number;
  #logs = 0;
  #lost = 0;
  #temp = 30;
  #busy = 0;
  readonly counters = { reboots_total: 0, crashes_total: 0, flash_writes_mb_total: 0 };

  constructor(d: Dice) {
    this.#d = d;
    this.#memMb = d.pick([96, 210, 480]) * d.between(0.9, 1.1);
    this.#mem = this.#memMb;
    // Caches fill until they are full: free memory falls for days after a boot, and stops where it does no harm.
    this.#leak = { perMin: d.chance(0.4) ? d.between(0.1, 0.6) / 1_440 : 0, least: this.#memMb * d.between(0.5, 0.8) };
    this.#cpu = d.between(6, 22);
    this.#writesPerMin = d.between(0.01, 0.06);
    this.#flashMb = d.between(300, 1_600);
    this.#logPerDay = d.between(1, 6);
    this.#crash = d.between(0.005, 0.06) / 1_440;
    this.counters.reboots_total = Math.round(d.between(20, 400));
    this.counters.crashes_total = Math.round(d.between(0, 30));
    this.counters.flash_writes_mb_total = Math.round(d.between(500, 20_000));
  }

  /** A minute of running; true where it fell over hard enough to boot again. */
  step(wear: Wear, jobs: number, ambient: number, regression: number, variant: number): boolean {
    const d = this.#d;
    this.#busy = jobs;
    this.#temp += (ambient + 9 + 0.25 * this.#cpu + jobs - this.#temp) * 0.04;
    const leak = (wear.crash * (variant === 0 ? 0.1 : 0.25) * this.#memMb) / 60;
    const { perMin, least } = this.#leak;
    this.#mem = Math.max(this.#memMb * 0.06, this.#mem - leak - perMin * Math.max(0, this.#mem - least));
    const writes = this.#writesPerMin * (1 + 0.4 * jobs) * (1 + wear.storage * (variant === 1 ? 6 : 2));
    this.counters.flash_writes_mb_total += writes;
    this.#logs += this.#logPerDay / 1_440;
    if (this.#logs > 40) this.#logs = 0;
    if (wear.storage > 0)
      this.#lost = Math.max(this.#lost, wear.storage * (variant === 2 ? 0.5 : 0.85) * (this.#flashMb - 40));
    const crash = this.#crash + (wear.crash * 1.2 + wear.storage * 0.4 + regression * 0.12) / 60;
    if (!d.chance(crash)) return false;
    this.counters.crashes_total++;
    this.#mem = this.#memMb;
    return d.chance(0.5 + 0.3 * wear.crash);
  }

  /** Falls over as a system does whose wear has come to its end. */
  fall(): void {
    this.counters.crashes_total++;
  }

  boot(): void {
    this.#mem = this.#memMb;
    this.counters.reboots_total++;
  }

  renew(): void {
    this.#lost = 0;
    this.#logs = 0;
  }

  /** An update that counts from nought again. */
  reset(): void {
    this.counters.reboots_total = 0;
    this.counters.crashes_total = 0;
  }

  gauges(uptimeS: number, wear: Wear): Record<string, number | string> {
    const d = this.#d;
    return {
      uptime_s: Math.round(uptimeS),
      cpu_pct: Math.min(
        100,
        Math.max(1, this.#cpu + 6 * this.#busy + wear.crash * 25 + wear.storage * 12 + 3 * d.normal()),
      ),
      mem_free_mb: this.#mem * (1 + 0.02 * d.normal()),
      flash_free_mb: Math.max(3, this.#flashMb - this.#logs - this.#lost),
      temp_c: this.#temp,
    };
  }
}
