import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runQuarter } from '../../app/quarter/run.ts';

const dir = mkdtempSync(join(tmpdir(), 'tillwatch-quarter-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A few terminals, one of which begins to fail on the first day. */
const SCENARIO = {
  name: 'week',
  describe: 'a week of a small shop',
  tenant: 'week',
  from: '2026-03-02T00:00:00Z',
  days: 9,
  seed: 3,
  fleet: {
    terminals: 8,
    stores: 2,
    chains: 1,
    heartbeatS: 300,
    countersS: 600,
    models: { mobile: 1 },
    coldClocks: false,
  },
  faults: [
    { component: 'battery', mode: 'resistance_rise', count: 1, onsetDay: [1, 1.2], days: [3, 3.2] },
    { component: 'printer', mode: 'paper_feed', count: 1, onsetDay: [1, 1.2], days: [3, 3.2] },
  ],
  incidents: [],
  nuisances: 0,
};

it('a simulated shop, the platform and its people: from a part that begins to fail to people at work on its ticket', {
  timeout: 300_000,
}, async () => {
  const file = join(dir, 'week.json');
  writeFileSync(file, JSON.stringify(SCENARIO));
  const lived = await runQuarter({ scenario: file, days: 9 });
  expect(lived.refused).toEqual([]);
  expect(lived.messages).toBeGreaterThan(15_000);
  const seen = new Map(lived.rows.map((row) => [row.row, row]));
  for (const row of [
    '1. Report by the platform',
    '3. Remote diagnosis: self-test and log attached, cause class',
    '5. Estimate: promised and revised',
    'Assigned by itself, with its reason',
  ])
    expect(seen.get(row)?.seen, row).toBeGreaterThan(0);
  // What takes weeks is not claimed to have been seen in one.
  expect(seen.get('Upgrades: halted by itself')).toMatchObject({ seen: 0, example: '' });
  // The same week happens again.
  const again = await runQuarter({ scenario: file, days: 2 });
  const twice = await runQuarter({ scenario: file, days: 2 });
  expect(again).toEqual(twice);
});
