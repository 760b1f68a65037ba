import { expect, it } from 'vitest';
import type { Command } from '../../contract/payloads.ts';
import { asTenantId } from '../../contract/topics.ts';
import { createCommandLog } from '../../store/relational/repositories/commands.ts';
import { describeEachRelational } from '../support/each-relational.ts';

const ACME = asTenantId('acme');
const OTHER = asTenantId('other');
const command = (id: string, expires_at = 9_000): Command => ({ id, name: 'reboot', expires_at }) as Command;

describeEachRelational('CommandLog', (open) => {
  it('keeps what was sent and its first answer, newest first, each terminal and tenant apart', async () => {
    const log = createCommandLog(await open());
    await log.sent(ACME, 'T1', command('a'), 1_000);
    await log.sent(ACME, 'T1', command('b'), 2_000);
    await log.sent(ACME, 'T1', command('a'), 5_000);
    await log.sent(ACME, 'T2', command('a'), 3_000);
    await log.answered(ACME, 'T1', { ts: 1, id: 'a', ok: true } as never, 3_500);
    await log.answered(ACME, 'T1', { ts: 1, id: 'a', ok: false } as never, 4_000);
    await log.answered(ACME, 'T1', { ts: 1, id: 'unknown', ok: true } as never, 4_000);
    expect(await log.last(ACME, 'T1', 10)).toEqual([
      { command: command('b'), sentAt: 2_000, result: null, resultAt: null },
      { command: command('a'), sentAt: 1_000, result: { ts: 1, id: 'a', ok: true }, resultAt: 3_500 },
    ]);
    expect(await log.last(ACME, 'T1', 1)).toHaveLength(1);
    expect((await log.last(ACME, 'T2', 10))[0]?.result).toBeNull();
    expect(await log.last(OTHER, 'T1', 10)).toEqual([]);
  });

  it('forgets what is over for long, and nothing that may still be answered', async () => {
    const log = createCommandLog(await open());
    await log.sent(ACME, 'T1', command('over', 2_000), 1_000);
    await log.sent(ACME, 'T1', command('waits', 9_000), 1_000);
    await log.trim(5_000);
    expect((await log.last(ACME, 'T1', 10)).map((one) => one.command.id)).toEqual(['waits']);
  });
});
