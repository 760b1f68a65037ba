import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { recordRough } from '../support/rough/record.ts';
import { roughFleet } from '../support/rough-fleet.ts';
import { type Bench, row } from './bench.ts';

const MAIN = fileURLToPath(new URL('../../app/main.ts', import.meta.url));

/** `tillwatch backtest` as a user runs it, from start to closing table, on a packed recording of some 1.3 million messages (200 terminals, 45 days). */
export const run: Bench = async ({ quick, say }) => {
  const dir = await mkdtemp(join(tmpdir(), 'tillwatch-bench-backtest-'));
  try {
    const recording = join(dir, 'fleet.ndjson.gz');
    const truth = join(dir, 'truth.ndjson');
    say('writing the recording');
    const fleet = roughFleet({
      seed: 9110,
      sites: quick ? 10 : 50,
      perSite: 5,
      days: quick ? 15 : 45,
      beats: [600],
      countS: 3600,
      faulty: 0.4,
      nuisances: true,
      outages: true,
    });
    const messages = await recordRough(fleet, recording, truth);
    say(`${messages} messages; running the backtest`);
    const began = performance.now();
    const args = [MAIN, 'backtest', recording, '--truth', truth, '--out', join(dir, 'findings.ndjson')];
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 26 });
    const seconds = (performance.now() - began) / 1000;
    return {
      rows: [
        row('backtest.seconds', seconds, 's', 'lower', quick ? {} : { bar: 90 }),
        row('backtest.msgs_per_s', messages / seconds, 'messages/s', 'higher'),
      ],
      notes: [
        `${messages} messages of ${fleet.tills.length} terminals`,
        ...stdout
          .trim()
          .split('\n')
          .filter((line) => line !== ''),
      ],
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};
