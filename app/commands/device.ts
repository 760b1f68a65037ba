import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { DeviceCredential } from '../../contract/ports/devices.ts';
import { asTenantId, type TenantId } from '../../contract/topics.ts';
import { emqxFiles, mosquittoFiles } from '../../ingest/core/broker-files.ts';
import { deviceUsername, parseDeviceUsername } from '../../ingest/core/device-names.ts';
import { DeviceBook, type Issued } from '../../ingest/edge/device-book.ts';
import { hashDevicePassword } from '../../ingest/edge/device-secrets.ts';
import { createDeviceCredentialRepository } from '../../store/relational/repositories/devices.ts';
import { createRegistryRepository } from '../../store/relational/repositories/registry.ts';
import { systemClock } from '../system-clock.ts';
import { configOf, type TableOptions, tableOptions } from './config-options.ts';
import { addExamples } from './support.ts';
import { type Tables, withTables } from './with-tables.ts';

interface Named {
  readonly tenant: TenantId;
  readonly name: string;
}

const named = (text: string): Named => {
  const parsed = parseDeviceUsername(text);
  if (!parsed) throw new InvalidArgumentError(`"${text}": give TENANT/DEVICE, such as acme/T-1.`);
  return parsed;
};

function books({ relational }: Tables) {
  const credentials = createDeviceCredentialRepository(relational);
  return { credentials, book: new DeviceBook({ clock: systemClock, credentials, randomBytes }) };
}

/** `tillwatch device`: what terminals and gateways prove themselves with. */
export function deviceCommand(): Command {
  const command = new Command('device').description('credentials of terminals and store gateways at the broker');
  for (const one of [addCommand(), rotateCommand(), revokeCommand(), listCommand(), aclCommand()])
    command.addCommand(one);
  return addExamples(command, [
    'tillwatch device add acme/T-1',
    'tillwatch device add acme/store-7 --gateway --terminals T-1,T-2',
    'tillwatch device revoke acme/T-1',
    'tillwatch device acl --format mosquitto --out /etc/mosquitto/tillwatch',
  ]);
}

function printIssued({ credential, secret }: Issued): void {
  const username = deviceUsername(credential.tenant, credential.name);
  process.stdout.write(`username     ${username}\n`);
  if (secret !== null) process.stdout.write(`password     ${secret}   (said this once)\n`);
  if (credential.certificate)
    process.stdout.write(`certificate  of the broker's authority, with the common name ${username}\n`);
}

interface AddOptions extends TableOptions {
  readonly gateway: boolean;
  readonly terminals?: string;
  readonly certificate: boolean;
  readonly password: boolean;
}

function addCommand(): Command {
  const command = new Command('add')
    .description('give a terminal or gateway a credential, and print its password once')
    .argument('<device>', 'TENANT/DEVICE', named)
    .option('--gateway', 'a store gateway, which speaks for many', false)
    .option('--terminals <list>', 'terminals that the gateway may speak for, by comma; left out: all of its tenant')
    .option('--certificate', 'take a client certificate with its name, too', false)
    .option('--no-password', 'by certificate only')
    .action(async ({ tenant, name }: Named, options: AddOptions) => {
      await withTables(configOf(options), async (tables) => {
        const terminals = options.terminals?.split(',').map((one) => one.trim());
        const issued = await books(tables).book.add({
          tenant,
          name,
          kind: options.gateway ? 'gateway' : 'terminal',
          certificate: options.certificate,
          password: options.password,
          ...(terminals ? { terminals } : {}),
        });
        await tables.note('addDevice', name, tenant);
        printIssued(issued);
      });
    });
  return addExamples(tableOptions(command), [
    'tillwatch device add acme/T-1',
    'tillwatch device add acme/T-1 --no-password --certificate',
  ]);
}

function rotateCommand(): Command {
  const command = new Command('rotate')
    .description('give a device a new password; connections made with the former end')
    .argument('<device>', 'TENANT/DEVICE', named)
    .action(async ({ tenant, name }: Named, options: TableOptions) => {
      await withTables(configOf(options), async (tables) => {
        const issued = await books(tables).book.rotate(tenant, name);
        await tables.note('rotateDevice', name, tenant);
        printIssued(issued);
      });
    });
  return addExamples(tableOptions(command), ['tillwatch device rotate acme/T-1']);
}

function revokeCommand(): Command {
  const command = new Command('revoke')
    .description("take a device's credential back; its connection ends within seconds")
    .argument('<device>', 'TENANT/DEVICE', named)
    .action(async ({ tenant, name }: Named, options: TableOptions) => {
      await withTables(configOf(options), async (tables) => {
        await books(tables).book.revoke(tenant, name);
        await tables.note('revokeDevice', name, tenant);
        process.stdout.write(`${deviceUsername(tenant, name)} is refused from now on\n`);
      });
    });
  return addExamples(tableOptions(command), ['tillwatch device revoke acme/T-1']);
}

function listCommand(): Command {
  const command = new Command('list')
    .description('credentials, without their passwords')
    .option('--tenant <tenant>', 'of one tenant only')
    .option('--json', 'one JSON array', false)
    .action(async (options: TableOptions & { tenant?: string; json: boolean }) => {
      await withTables(configOf(options), async (tables) => {
        const { credentials } = books(tables);
        const all =
          options.tenant === undefined ? await credentials.all() : await credentials.list(asTenantId(options.tenant));
        if (options.json) {
          process.stdout.write(
            `${JSON.stringify(all.map(({ passwordHash, ...one }) => ({ ...one, password: passwordHash !== null })))}\n`,
          );
          return;
        }
        for (const one of all) process.stdout.write(`${row(one)}\n`);
      });
    });
  return addExamples(tableOptions(command), ['tillwatch device list --tenant acme', 'tillwatch device list --json']);
}

function row(one: DeviceCredential): string {
  const ways = [one.passwordHash === null ? '' : 'password', one.certificate ? 'certificate' : '']
    .filter(Boolean)
    .join(' + ');
  const speaks =
    one.kind === 'gateway' ? `  for ${one.terminals === '*' ? 'all terminals' : one.terminals.join(', ')}` : '';
  return `${deviceUsername(one.tenant, one.name).padEnd(40)} ${one.kind.padEnd(9)} ${one.revoked ? 'revoked' : ways}${speaks}`;
}

function aclCommand(): Command {
  const command = new Command('acl')
    .description(
      'the same rights as files for another broker: users and access lists; revoked, locked and retired devices are left out',
    )
    .addOption(new Option('--format <broker>', 'for which broker').choices(['mosquitto', 'emqx']).makeOptionMandatory())
    .requiredOption('--out <dir>', 'directory that the files are written to')
    .option('--service-user <name>', "Tillwatch's own user there; its password is TILLWATCH_MQTT_PASSWORD", 'tillwatch')
    .action(async (options: TableOptions & { format: 'mosquitto' | 'emqx'; out: string; serviceUser: string }) => {
      const config = configOf(options);
      await withTables(config, async (tables) => {
        const { credentials } = books(tables);
        const registry = createRegistryRepository(tables.relational);
        const usable: DeviceCredential[] = [];
        for (const one of await credentials.all()) {
          const lifecycle = (await registry.get(one.tenant, one.name))?.lifecycle;
          if (!one.revoked && lifecycle !== 'locked' && lifecycle !== 'retired') usable.push(one);
        }
        const service = {
          username: options.serviceUser,
          passwordHash: config.mqttPassword === '' ? null : await hashDevicePassword(config.mqttPassword),
        };
        const files = options.format === 'mosquitto' ? mosquittoFiles(usable, service) : emqxFiles(usable, service);
        const out = resolve(options.out);
        mkdirSync(out, { recursive: true });
        for (const { name, text } of files) writeFileSync(join(out, name), text, { mode: 0o600 });
        process.stdout.write(
          `wrote ${files.map(({ name }) => join(out, name)).join(', ')}: ${usable.length} devices\n`,
        );
        if (service.passwordHash === null) {
          process.stdout.write(
            `${service.username} has no password in them: set TILLWATCH_MQTT_PASSWORD, or add it at the broker\n`,
          );
        }
      });
    });
  return addExamples(tableOptions(command), [
    'TILLWATCH_MQTT_PASSWORD=… tillwatch device acl --format mosquitto --out /etc/mosquitto/tillwatch',
    'tillwatch device acl --format emqx --out ./emqx',
  ]);
}
