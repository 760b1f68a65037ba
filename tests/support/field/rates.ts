/** What a terminal is like while it is well, and what it has lived through. */
import type { Frame } from './frame.ts';
import type { Dice, Hardware } from './hardware.ts';

/** What is this terminal's own and healthy: how often things go wrong in it by themselves, and where its gauges rest. */
export type Rates = ReturnType<typeof drawRates>;

/** Draws a peculiarity of this terminal, which is no fault. */
export type Quirk = (name: string, p: number) => boolean;

export function drawRates(d: Dice, hw: Hardware, quirk: Quirk) {
  const weak = quirk('weak_signal', 0.08);
  return {
    retry: d.spread(0.008, 0.7),
    jam: d.spread(0.0004, 0.8),
    cut: d.spread(0.0004, 0.8),
    chip: quirk('worn_cards', 0.05) ? d.between(0.06, 0.12) : d.spread(0.018, 0.5),
    swipe: d.spread(0.06, 0.4),
    tap: d.spread(0.025, 0.5),
    attach: quirk('cell_border', 0.06) ? d.between(0.5, 1.3) : d.spread(0.07, 0.7),
    flap: d.spread(0.05, 0.8),
    crash: d.spread(0.0015, 1),
    leak: d.spread(0.002, 0.8),
    mem: hw.memory * d.between(0.25, 0.5),
    flash: hw.flash * d.between(0.25, 0.7),
    rsrp: weak ? d.between(-114, -109) : d.between(-106, -74),
    rssi: weak ? d.between(-80, -75) : d.between(-70, -42),
    rtt: d.spread(1, 0.3),
    decline: d.between(0.01, 0.06),
  };
}

/** The totals of `age` years of `tx` sales an hour: what went well, and what failed as often as it does by itself. */
export function live({ hw, rates: b, voice }: Frame, age: number, tx: number, length: number): void {
  for (const group of hw.counters) voice.counters[group] = 0;
  const sold = age * 300 * tx * 10;
  for (const [key, each] of [
    ['printer.printed_mm', length],
    ['printer.jobs', 1],
    ['printer.cuts', 1],
    ['reader.tap_ok', 0.7],
    ['reader.chip_ok', 0.25],
    ['txn.ok', 0.95],
    ['txn.declined', 0.03],
    ['system.flash_writes_mb', 3],
    ['printer.retries', b.retry * 1.4],
    ['printer.jams', b.jam],
    ['printer.cutter_errors', b.cut * 1.4],
    ['printer.overheats', 0.0002],
    ['printer.paper_outs', length / 30_000],
    ['printer.low_voltage_stops', hw.battery ? 0.001 : 0],
    ['reader.tap_fail', 0.72 * b.tap],
    ['reader.chip_fail', 0.26 * b.chip],
    ['reader.swipe_ok', 0.02],
    ['reader.swipe_fail', 0.02 * b.swipe],
    ['txn.tech_fail', 0.006],
  ] as const)
    voice.add(key, Math.round(sold * each));
  const days = age * 365;
  voice.add('system.reboots', Math.round(days * 1.1));
  voice.add('system.crashes', Math.round(days * 24 * b.crash));
  voice.add('battery.charge_sessions', Math.round(days * 8));
  voice.add('network.reconnects', Math.round(days * 24 * (b.flap + b.attach)));
  voice.add('network.reattaches', Math.round(days * 24 * b.attach));
  voice.add('network.tx_fail', Math.round(days * 8));
}
