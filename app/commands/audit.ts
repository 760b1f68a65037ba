import { Command } from 'commander';
import { brokenLink } from '../../contract/audit-chain.ts';
import { TillwatchError } from '../../contract/errors.ts';
import type { AuditTrail } from '../../contract/ports/audit.ts';
import { configOf, type TableOptions, tableOptions } from './config-options.ts';
import { addExamples } from './support.ts';
import { withTables } from './with-tables.ts';

const PAGE = 2_000;

/** `tillwatch audit`: is the trail whole, and what does it say. */
export function auditCommand(): Command {
  const command = new Command('audit').description('the trail of who did what: check that it is whole, read it');
  command.addCommand(verifyCommand()).addCommand(listCommand());
  return addExamples(command, ['tillwatch audit verify', 'tillwatch audit list --who olga']);
}

function verifyCommand(): Command {
  const command = new Command('verify')
    .description('walk the chain from its first entry; ends with 1 where an entry was changed, taken out or cut off')
    .option('--expect <seq:hash>', 'an end of the chain noted earlier, elsewhere: it must still be in it')
    .action(async (options: TableOptions & { expect?: string }) => {
      await withTables(configOf(options), async ({ access }) => {
        const end = await verify(access.trail, options.expect);
        process.stdout.write(
          `whole: ${end.seq} entries, ending in ${end.seq}:${end.hash}\nKeep that end elsewhere; "--expect" checks it later.\n`,
        );
      });
    });
  return addExamples(tableOptions(command), ['tillwatch audit verify', 'tillwatch audit verify --expect 812:5a1c…']);
}

/** Walks the whole chain; `audit.broken` names the first entry that is wrong. */
async function verify(trail: AuditTrail, expect?: string): Promise<{ seq: number; hash: string }> {
  const noted = expect === undefined ? undefined : /^(\d+):([0-9a-f]{64})$/.exec(expect);
  if (noted === null)
    throw new TillwatchError('audit.bad_end', '--expect takes SEQ:HASH, as "audit verify" prints it', { status: 400 });
  const head = await trail.head();
  let last = { seq: 0, hash: '' };
  let met = noted === undefined;
  for (;;) {
    const page = await trail.after(last.seq, PAGE);
    for (const entry of page) {
      const fault = brokenLink(last, entry);
      if (fault !== undefined) throw new TillwatchError('audit.broken', `the trail is broken: ${fault}`);
      last = { seq: entry.seq, hash: entry.hash };
      if (noted && entry.seq === Number(noted[1]) && entry.hash === noted[2]) met = true;
    }
    if (page.length < PAGE) break;
  }
  if (last.seq < head.seq || (last.seq === head.seq && last.hash !== head.hash)) {
    throw new TillwatchError(
      'audit.broken',
      `the trail is broken: it ends at entry ${last.seq}, and ${head.seq} were written`,
    );
  }
  if (!met)
    throw new TillwatchError('audit.broken', `the trail is broken: ${expect} is not in it; it was written anew`);
  return last;
}

function listCommand(): Command {
  const command = new Command('list')
    .description('the last entries, newest first')
    .option('--who <name>', 'of one person')
    .option('--action <action>', 'one action only, such as signIn')
    .option('--limit <n>', 'how many, up to 500', '50')
    .option('--json', 'one JSON object a line', false)
    .action(async (options: TableOptions & { who?: string; action?: string; limit: string; json: boolean }) => {
      await withTables(configOf(options), async ({ access }) => {
        const { who, action } = options;
        const limit = Number(options.limit);
        const entries = await access.trail.list({
          ...(who ? { who } : {}),
          ...(action ? { action } : {}),
          limit: Number.isInteger(limit) ? limit : 50,
        });
        for (const entry of entries) {
          const line = options.json
            ? JSON.stringify(entry)
            : `${new Date(entry.at).toISOString()}  ${entry.who.padEnd(16)} ${entry.action.padEnd(20)} ${entry.outcome.padEnd(4)} ${entry.subject} (${entry.via}${entry.address ? `, ${entry.address}` : ''})`;
          process.stdout.write(`${line}\n`);
        }
      });
    });
  return addExamples(tableOptions(command), [
    'tillwatch audit list --who olga --limit 20',
    'tillwatch audit list --json > trail.ndjson',
  ]);
}
