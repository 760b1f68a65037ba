import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { heldFindings, settled, tell, tillwatch } from '../support/lived-fleet.ts';
import { startPlatform, temporaryDir } from '../support/platform.ts';

const dir = temporaryDir('relearn');
afterAll(() => dir.remove());

it('detectors that cannot read an older state know from stored readings what stood', async () => {
  const data = join(dir.path, 'data');
  const first = await startPlatform({ dataDir: data });
  await tell(first.http, dir.path, 'north', 33);
  const before = await settled(first.get, 'north');
  const held = await heldFindings(first.http);
  expect(held).toBeGreaterThan(0);
  expect(await first.stop()).toBe(0);

  // What another version would have left: pieces whose first bytes are not this one's.
  const tables = new DatabaseSync(join(data, 'tillwatch.db'));
  tables.exec("update analytics_checkpoint_part set bytes = x'00' || bytes where worker = 'main'");
  tables.close();
  const { stdout } = await tillwatch(['relearn', '--data', data]);
  expect(stdout).toMatch(/^Learned from \d+ readings\. Start/);

  const second = await startPlatform({ dataDir: data });
  expect(second.log.filter((line) => /learned anew/.test(String(line.msg)))).toEqual([]);
  expect(await heldFindings(second.http)).toBe(held);
  expect(await settled(second.get, 'north')).toEqual(before);
  expect(await second.stop()).toBe(0);
}, 200_000);

it('names a directory that holds nothing to learn from', async () => {
  await expect(tillwatch(['relearn', '--data', join(dir.path, 'none')])).rejects.toThrow(/holds no readings/);
});
