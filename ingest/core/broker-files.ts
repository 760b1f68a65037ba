import type { DeviceCredential } from '../../contract/ports/devices.ts';
import { UP_CHANNELS } from '../../contract/topics.ts';
import { deviceUsername } from './device-names.ts';

export interface BrokerFile {
  readonly name: string;
  readonly text: string;
}

/** Tillwatch's own user at the broker: reads what terminals say, writes commands. */
export interface ServiceUser {
  readonly username: string;
  /** As Mosquitto writes it; null: left to the broker's own files. */
  readonly passwordHash: string | null;
}

const PATTERNS = UP_CHANNELS.map((channel) => `pattern write pos/v1/%u/${channel}`);

/** mosquitto.conf(5): `password_file` and `acl_file`. A terminal's rights are patterns over its user name; a gateway's are written out. */
export function mosquittoFiles(devices: readonly DeviceCredential[], service: ServiceUser): readonly BrokerFile[] {
  const users = [
    ...(service.passwordHash === null ? [] : [`${service.username}:${service.passwordHash}`]),
    ...devices.flatMap((one) =>
      one.passwordHash === null ? [] : [`${deviceUsername(one.tenant, one.name)}:${one.passwordHash}`],
    ),
  ];
  const acl = [
    '# Made by "tillwatch device acl": not to be edited. Reload the broker (SIGHUP) after it changed.',
    '# A device speaks on its own topics and hears its own commands.',
    ...PATTERNS,
    'pattern read pos/v1/%u/command',
    '',
    `user ${service.username}`,
    'topic read pos/v1/#',
    'topic write pos/v1/+/+/command',
    ...devices.filter((one) => one.kind === 'gateway').flatMap((one) => ['', ...mosquittoGateway(one)]),
  ];
  return [
    { name: 'passwd', text: lines(users) },
    { name: 'acl', text: lines(acl) },
  ];
}

function mosquittoGateway({ tenant, name, terminals }: DeviceCredential): string[] {
  return [
    `user ${deviceUsername(tenant, name)}`,
    `topic write pos/v1/${tenant}/${name}/batch`,
    ...(terminals === '*' ? ['+'] : terminals).flatMap((terminal) => [
      ...UP_CHANNELS.map((channel) => `topic write pos/v1/${tenant}/${terminal}/${channel}`),
      `topic read pos/v1/${tenant}/${terminal}/command`,
    ]),
  ];
}

/**
 * EMQX 5: `acl.conf` (Erlang terms) and a user list for the import of its built-in database, whose authenticator must be set to PBKDF2
 * with SHA-512, 101 iterations and 64 bytes (docs/security.md). Written from EMQX's documentation.
 */
export function emqxFiles(devices: readonly DeviceCredential[], service: ServiceUser): readonly BrokerFile[] {
  const topics = (list: readonly string[]): string => `[${list.map((topic) => JSON.stringify(topic)).join(', ')}]`;
  const own = UP_CHANNELS.map((channel) => `pos/v1/\${username}/${channel}`);
  const acl = [
    '%% Made by "tillwatch device acl": not to be edited.',
    `{allow, {user, ${JSON.stringify(service.username)}}, subscribe, ["pos/v1/#", "$share/+/pos/v1/#"]}.`,
    `{allow, {user, ${JSON.stringify(service.username)}}, publish, ["pos/v1/+/+/command"]}.`,
    ...devices
      .filter((one) => one.kind === 'gateway')
      .flatMap(({ tenant, name, terminals }) => {
        const user = `{user, ${JSON.stringify(deviceUsername(tenant, name))}}`;
        const those = terminals === '*' ? ['+'] : terminals;
        const up = those.flatMap((terminal) => UP_CHANNELS.map((channel) => `pos/v1/${tenant}/${terminal}/${channel}`));
        const down = those.map((terminal) => `pos/v1/${tenant}/${terminal}/command`);
        return [
          `{allow, ${user}, publish, ${topics([`pos/v1/${tenant}/${name}/batch`, ...up])}}.`,
          `{allow, ${user}, subscribe, ${topics(down)}}.`,
        ];
      }),
    `{allow, all, publish, ${topics(own)}}.`,
    `{allow, all, subscribe, ${topics([`pos/v1/\${username}/command`])}}.`,
    '{deny, all}.',
  ];
  const hashed = [
    ...(service.passwordHash === null ? [] : [{ user: service.username, hash: service.passwordHash }]),
    ...devices.flatMap((one) =>
      one.passwordHash === null ? [] : [{ user: deviceUsername(one.tenant, one.name), hash: one.passwordHash }],
    ),
  ];
  const csv = ['user_id,password_hash,salt,is_superuser', ...hashed.map(({ user, hash }) => emqxUser(user, hash))];
  return [
    { name: 'acl.conf', text: lines(acl) },
    { name: 'users.csv', text: lines(csv) },
  ];
}

function emqxUser(user: string, hash: string): string {
  const [, , , salt = '', key = ''] = hash.split('$');
  const hex = Buffer.from(key, 'base64').toString('hex');
  // Our salts are printable, so that EMQX can take them as the text they are.
  return `${user},${hex},${Buffer.from(salt, 'base64').toString('latin1')},false`;
}

function lines(all: readonly string[]): string {
  return all.length === 0 ? '' : `${all.join('\n')}\n`;
}
