import { parseArgs } from 'node:util';
import type { Finding } from '../../contract/findings.ts';
import { openRelational } from '../../store/relational/open.ts';
import { facts, finding, JumpClock, START, startAlertsRoom } from '../support/alerts-room.ts';

/** Faults that the storm plays on; each statement goes to one of them. */
export const STORM_TERMINALS = 4_000;
const MODES = [
  ['printer', 'head_wear'],
  ['printer', 'paper_feed'],
  ['battery', 'capacity_fade'],
  ['network', 'signal_degradation'],
  ['reader', 'tap_fault'],
] as const;

/**
 * The statement of step `n`: the same for the same n, so that a storm cut off anywhere can be taken up again. Step n speaks of fault
 * n mod F; a fault is cleared at every seventh of its turns, and every third of the faults never gets beyond `watch`.
 */
export function statement(n: number): Finding {
  const faults = STORM_TERMINALS * MODES.length;
  const fault = n % faults;
  const turn = Math.floor(n / faults);
  const [component, mode] = MODES[fault % MODES.length]!;
  const at = START + Math.floor(n / 10);
  const severity = fault % 3 === 0 ? 'watch' : (fault + turn) % 11 === 0 ? 'critical' : 'warning';
  const cleared = (fault + turn) % 7 === 6;
  return finding({
    at,
    subject: `T-${Math.floor(fault / MODES.length)}`,
    component,
    mode,
    severity,
    state: cleared ? 'cleared' : turn === 0 ? 'open' : 'update',
    probability: cleared ? 0 : 0.5 + ((fault * 7 + turn * 13) % 40) / 100,
    failsAt: at + 86_400_000 * (1 + ((fault + turn) % 5)),
  });
}

/** Run as a process: plays steps `from` … `to` through the real stores and the real room, telling each step done on standard output. */
if (import.meta.main) {
  const { values } = parseArgs({
    options: { url: { type: 'string' }, dir: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } },
  });
  const relational = await openRelational({ url: values.url! });
  await relational.migrate();
  const clock = new JumpClock(START);
  const room = await startAlertsRoom(relational, { clock, dir: values.dir! });
  for (let i = 0; i < STORM_TERMINALS; i++) room.facts.set(`T-${i}`, facts({ site: `S-${i % 200}` }));
  const batch = 2_000;
  const to = Number(values.to);
  let feeding = true;
  // Findings come while tickets are made, as they would from the other room.
  const rooms = (async () => {
    while (feeding) await room.room.pass();
  })();
  for (let n = Number(values.from); n < to; n += batch) {
    clock.jump(START + Math.floor(n / 10) - clock.now());
    await room.deps.findings.state(Array.from({ length: Math.min(batch, to - n) }, (_, i) => statement(n + i)));
    process.stdout.write(`${n + batch}\n`);
  }
  feeding = false;
  await rooms;
  await room.room.pass();
  process.stdout.write('level\n');
  clock.jump(24 * 3_600_000);
  for (let i = 0; i < 3; i++) {
    clock.jump(7 * 3_600_000);
    await room.room.pass();
  }
  await room.stop();
  await relational.close();
  process.stdout.write('end\n');
  process.exit(0);
}
