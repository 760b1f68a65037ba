import { resistanceGain, trueHealth } from './parts/battery.ts';
import { chipFailure, tapFailure } from './parts/reader.ts';
import { sendEvent } from './session.ts';
import type { SimMessage, Terminal } from './terminal.ts';

/** Really tries the simulated parts, says so in an event, and answers the checks. */
export function selfTest(
  terminal: Terminal,
  at: number,
  out: SimMessage[],
): { pass: boolean; checks: Record<string, 'pass' | 'fail'> } {
  const { state, config, random } = terminal;
  const { printer, battery, network, reader, system } = state;
  const checks: Record<string, 'pass' | 'fail'> = {};
  const say = (name: string, ok: boolean): void => {
    checks[name] = ok ? 'pass' : 'fail';
  };
  if (printer && config.model.printer) {
    say('print_head', printer.deadDots < 6);
    say(
      'paper_feed',
      printer.broken !== 'paper_feed' &&
        !random.life.chance(Math.min(0.9, 0.0002 * Math.exp(6.6 * printer.paperFeed) * 5)),
    );
    if (config.model.printer.ratedCuts > 0) {
      say(
        'cutter',
        printer.broken !== 'cutter_wear' &&
          !random.life.chance(Math.min(0.9, 1.5e-5 * Math.exp(9.2 * printer.cutterWear) * 3)),
      );
    }
    say('head_supply', printer.power < 0.85);
    say('head_temperature', printer.broken !== 'overheat' && printer.bodyC < 60);
  }
  if (battery) {
    say('battery_capacity', trueHealth(battery) > 0.66);
    say('battery_resistance', battery.rise + resistanceGain(battery) < 2.1);
    say('charging', battery.chargingFault < 0.6);
    say('battery_temperature', battery.tempC < 50);
  }
  say('host', network.up && network.lossPct < 20);
  if (network.bearer === 'lte' || network.bearer === 'nr')
    say('sim', network.broken !== 'sim_wear' && network.simWear < 0.7);
  if (config.model.reader.chip) say('chip', chipFailure(reader) < 0.3);
  if (config.model.reader.tap) say('tap', tapFailure(reader) < 0.3);
  say('storage', system.storageWear < 0.6);
  say('memory', system.memFreeMb > config.model.system.memMb * 0.06);
  const pass = Object.values(checks).every((check) => check === 'pass');
  sendEvent(terminal, 'self_test', null, { result: pass ? 'pass' : 'fail', checks }, at, out);
  return { pass, checks };
}
