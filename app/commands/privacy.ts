import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { TillwatchError } from '../../contract/errors.ts';
import { PERSONAL_FIELDS } from '../../contract/personal-data.ts';
import { asTenantId, type TenantId } from '../../contract/topics.ts';
import { createPersonalData } from '../../store/relational/repositories/personal-data.ts';
import { configOf, type TableOptions, tableOptions } from './config-options.ts';
import { addExamples } from './support.ts';
import { type Tables, withTables } from './with-tables.ts';

interface WhoOptions extends TableOptions {
  readonly tenant: string;
  readonly merchant?: string;
  readonly contact?: string[];
  readonly out?: string;
}

/** `tillwatch privacy`: what is kept of people, handed out, and erased. */
export function privacyCommand(): Command {
  const command = new Command('privacy').description('personal data: where it is, what is kept of somebody, erase it');
  for (const one of [fieldsCommand(), exportCommand(), eraseCommand()]) command.addCommand(one);
  return addExamples(command, [
    'tillwatch privacy fields',
    'tillwatch privacy export --tenant acme --contact "Li Wei" --out li-wei.json',
    'tillwatch privacy erase --tenant acme --merchant berlin-1',
  ]);
}

function fieldsCommand(): Command {
  const command = new Command('fields')
    .description('every field that holds data about people, whose, and how long it is kept')
    .action(() => {
      for (const { table, fields, whose, kept } of PERSONAL_FIELDS)
        process.stdout.write(`${table}: ${fields}\n    ${whose}; kept ${kept}\n`);
    });
  return addExamples(command, ['tillwatch privacy fields']);
}

function whoOptions(command: Command): Command {
  return tableOptions(command)
    .requiredOption('--tenant <tenant>', 'whose merchants')
    .option('--merchant <site>', "everything under the contacts and address of a merchant's site and its tickets")
    .option('--contact <words...>', 'a name, number or address, as it was told');
}

/** The words to look for; `privacy.nobody` (400) where none are known, `privacy.too_short` for what would match everybody. */
async function wordsOf(options: WhoOptions, tables: Tables): Promise<{ tenant: TenantId; words: readonly string[] }> {
  const tenant = asTenantId(options.tenant);
  const given = (options.contact ?? []).map((word) => word.trim());
  const short = given.find((word) => word.length < 3);
  if (short !== undefined)
    throw new TillwatchError('privacy.too_short', `"${short}" is too short: it would match others too`, {
      status: 400,
    });
  const known =
    options.merchant === undefined ? [] : await createPersonalData(tables.relational).wordsOf(tenant, options.merchant);
  const words = [...new Set([...given, ...known])];
  if (words.length > 0) return { tenant, words };
  throw new TillwatchError(
    'privacy.nobody',
    'nobody is named: give --contact, or --merchant with a site that has contacts',
    { status: 400 },
  );
}

function exportCommand(): Command {
  const command = whoOptions(new Command('export'))
    .description('everything kept of somebody, as JSON')
    .option('--out <file>', 'write it there instead of printing it')
    .action(async (options: WhoOptions) => {
      await withTables(configOf(options), async (tables) => {
        const { tenant, words } = await wordsOf(options, tables);
        const records = await createPersonalData(tables.relational).find(tenant, words);
        await tables.note('exportPersonalData', options.merchant ?? 'a contact', tenant);
        const text = `${JSON.stringify({ tenant, at: new Date().toISOString(), words, records }, null, 2)}\n`;
        if (options.out === undefined) process.stdout.write(text);
        else {
          writeFileSync(options.out, text, { mode: 0o600 });
          process.stdout.write(`wrote ${options.out}: ${records.length} places\n`);
        }
      });
    });
  return addExamples(command, ['tillwatch privacy export --tenant acme --contact "Li Wei" "+49 171 5550100"']);
}

function eraseCommand(): Command {
  const command = whoOptions(new Command('erase'))
    .description(
      'put "[erased]" in the place of what is kept of somebody; a platform that runs shows old copies until it is restarted',
    )
    .action(async (options: WhoOptions) => {
      await withTables(configOf(options), async (tables) => {
        const { tenant, words } = await wordsOf(options, tables);
        const data = createPersonalData(tables.relational);
        const changed = await data.erase(tenant, words, Date.now());
        await tables.note('erasePersonalData', options.merchant ?? 'a contact', tenant);
        const left = await data.find(tenant, words);
        process.stdout.write(`erased in ${changed.length} places, ${left.length} left\n`);
      });
    });
  return addExamples(command, [
    'tillwatch privacy erase --tenant acme --contact "Li Wei"',
    'tillwatch privacy erase --tenant acme --merchant berlin-1',
  ]);
}
