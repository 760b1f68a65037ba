import { isTenantId, isTerminalId, type TenantId } from '../../contract/topics.ts';

/** The user name of a device at a broker, and the common name of its certificate: so that `%u` of an ACL pattern is the middle of its topics. */
export function deviceUsername(tenant: TenantId, name: string): string {
  return `${tenant}/${name}`;
}

export function parseDeviceUsername(text: string): { readonly tenant: TenantId; readonly name: string } | undefined {
  const slash = text.indexOf('/');
  const [tenant, name] = [text.slice(0, slash), text.slice(slash + 1)];
  return slash > 0 && isTenantId(tenant) && isTerminalId(name) ? { tenant, name } : undefined;
}
