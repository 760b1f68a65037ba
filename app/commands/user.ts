import { createInterface } from 'node:readline/promises';
import { Command, Option } from 'commander';
import { ROLES, type Role } from '../../contract/principal.ts';
import { configOf, type TableOptions, tableOptions } from './config-options.ts';
import { addExamples } from './support.ts';
import { COMMAND_LINE, withTables } from './with-tables.ts';

const roles = ROLES.filter((role) => role !== 'merchant');

/** `tillwatch user`: accounts of people, for whoever can reach the tables. */
export function userCommand(): Command {
  const command = new Command('user').description('accounts of people: make, change, lock, list');
  for (const one of [addCommand(), passwdCommand(), roleCommand(), listCommand(), lockCommand()])
    command.addCommand(one);
  return addExamples(command, [
    'tillwatch user add olga --role operations --tenants acme',
    'tillwatch user passwd admin',
    'tillwatch user lock olga',
  ]);
}

interface ReachOptions extends TableOptions {
  readonly role: Role;
  readonly tenants?: string;
  readonly provider?: string;
  readonly sites?: string;
  readonly oidcSubject?: string;
}

const words = (text: string | undefined): string[] | undefined =>
  text
    ?.split(',')
    .map((one) => one.trim())
    .filter(Boolean);
const tenantsOf = (text: string): '*' | string[] => (text.trim() === '*' ? '*' : (words(text) ?? []));

function reachOptions(command: Command): Command {
  return command
    .addOption(new Option('--role <role>', 'what the person may').choices(roles).makeOptionMandatory())
    .option('--provider <id>', 'service provider that the person works for (role provider)')
    .option('--sites <list>', 'sites that a provider may see besides those of its tickets, by comma');
}

function addCommand(): Command {
  const command = reachOptions(new Command('add'))
    .description('make an account, and print its password once')
    .argument('<username>')
    .requiredOption('--tenants <list>', 'tenants, by comma; * for all')
    .option('--oidc-subject <subject>', "the identity provider's name for the person: no password is made")
    .action(async (username: string, options: ReachOptions & { tenants: string }) => {
      await withTables(configOf(options), async ({ users, note }) => {
        const { password } = await users.add(COMMAND_LINE, {
          username,
          role: options.role,
          tenants: tenantsOf(options.tenants),
          provider: options.provider,
          sites: words(options.sites),
          oidcSubject: options.oidcSubject,
        });
        await note('addUser', username);
        process.stdout.write(`user      ${username}\n`);
        if (password !== undefined) process.stdout.write(`password  ${password}   (said this once)\n`);
      });
    });
  return addExamples(tableOptions(command), [
    'tillwatch user add olga --role operations --tenants acme',
    'tillwatch user add petr --role provider --tenants acme --provider fixit --sites berlin-1',
    "tillwatch user add root --role administrator --tenants '*'",
  ]);
}

function passwdCommand(): Command {
  const command = new Command('passwd')
    .description('set a new password, made here or read from the input; all sessions of the person end')
    .argument('<username>')
    .option('--stdin', 'read the password from the first line of the input', false)
    .action(async (username: string, options: TableOptions & { stdin: boolean }) => {
      await withTables(configOf(options), async ({ access, users, note }) => {
        const given = options.stdin ? await firstLine() : undefined;
        const password = given ?? access.newPassword();
        await users.setPassword(COMMAND_LINE, username, password);
        await note('setPassword', username);
        process.stdout.write(
          given === undefined ? `password  ${password}   (said this once)\n` : `the password of ${username} is set\n`,
        );
      });
    });
  return addExamples(tableOptions(command), [
    'tillwatch user passwd admin',
    'pass tillwatch/olga | tillwatch user passwd olga --stdin',
  ]);
}

async function firstLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    lines.close();
    return line;
  }
  return '';
}

function roleCommand(): Command {
  const command = reachOptions(new Command('role'))
    .description("change what a person may; the person's sessions end")
    .argument('<username>')
    .option('--tenants <list>', 'tenants, by comma; * for all; left out: as they are')
    .action(async (username: string, options: ReachOptions) => {
      await withTables(configOf(options), async ({ users, note }) => {
        const changed = await users.change(COMMAND_LINE, username, {
          role: options.role,
          tenants: options.tenants === undefined ? undefined : tenantsOf(options.tenants),
          provider: options.provider,
          sites: words(options.sites),
        });
        await note('changeUser', username);
        process.stdout.write(
          `${username} is ${changed.role} of ${changed.tenants === '*' ? 'all tenants' : changed.tenants.join(', ')}\n`,
        );
      });
    });
  return addExamples(tableOptions(command), ['tillwatch user role olga --role auditor']);
}

function listCommand(): Command {
  const command = new Command('list')
    .description('all accounts')
    .option('--json', 'one JSON array', false)
    .action(async (options: TableOptions & { json: boolean }) => {
      await withTables(configOf(options), async ({ access }) => {
        const all = await access.accounts.list();
        if (options.json) {
          const shown = all.map(({ passwordHash, failures: _f, failedAt: _at, ...one }) => ({
            ...one,
            hasPassword: passwordHash !== null,
          }));
          process.stdout.write(`${JSON.stringify(shown)}\n`);
          return;
        }
        for (const one of all) {
          const reach = one.tenants === '*' ? 'all tenants' : one.tenants.join(', ');
          process.stdout.write(
            `${one.username.padEnd(24)} ${one.role.padEnd(14)} ${reach}${one.locked ? '  locked' : ''}\n`,
          );
        }
      });
    });
  return addExamples(tableOptions(command), ['tillwatch user list', 'tillwatch user list --json']);
}

function lockCommand(): Command {
  const command = new Command('lock')
    .description('lock an account: its sessions and tokens stop at once; --off unlocks')
    .argument('<username>')
    .option('--off', 'unlock', false)
    .action(async (username: string, options: TableOptions & { off: boolean }) => {
      await withTables(configOf(options), async ({ users, note }) => {
        await users.change(COMMAND_LINE, username, { locked: !options.off });
        await note('changeUser', username);
        process.stdout.write(`${username} is ${options.off ? 'unlocked' : 'locked'}\n`);
      });
    });
  return addExamples(tableOptions(command), ['tillwatch user lock olga', 'tillwatch user lock olga --off']);
}
