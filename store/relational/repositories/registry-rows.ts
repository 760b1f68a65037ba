import type { Insertable, Selectable } from 'kysely';
import { TillwatchError } from '../../../contract/errors.ts';
import { type PlacementRule, placementFor } from '../../../contract/placement.ts';
import type { Announcement, TerminalChange } from '../../../contract/ports/registry.ts';
import type { DayHours, Lifecycle, Site, Terminal } from '../../../contract/registry.ts';
import type { TenantId } from '../../../contract/topics.ts';
import { flag, json } from '../sql.ts';
import type { SiteRow, TerminalRow } from '../tables/registry.ts';

export type KeptTerminal = Selectable<TerminalRow>;

export function toTerminal(row: KeptTerminal): Terminal {
  return {
    tenant: row.tenant as TenantId,
    terminal: row.terminal,
    lifecycle: row.lifecycle as Lifecycle,
    site: row.site,
    placed: flag.read(row.placed),
    serial: row.serial,
    vendor: row.vendor,
    model: row.model,
    firmware: row.firmware,
    app: row.app,
    carrier: row.carrier,
    iccid: row.iccid,
    heartbeatS: row.heartbeat_s,
    timezone: row.timezone,
    boughtOn: row.bought_on,
    warrantyUntil: row.warranty_until,
    hardware: json.read(row.hardware),
    firstSeenAt: row.first_seen_at,
    updatedAt: row.updated_at,
  };
}

export function toSite(row: Selectable<SiteRow>): Site {
  return {
    tenant: row.tenant as TenantId,
    site: row.site,
    name: row.name,
    timezone: row.timezone,
    ...(row.hours === null ? {} : { hours: json.read<(DayHours | null)[]>(row.hours) }),
    ...(row.closed_on === null ? {} : { closedOn: json.read<string[]>(row.closed_on) }),
    ...(row.region === null ? {} : { region: row.region }),
    ...(row.address === null ? {} : { address: row.address }),
    ...(row.lat === null ? {} : { lat: row.lat }),
    ...(row.lon === null ? {} : { lon: row.lon }),
    ...(row.contact === null ? {} : { contact: row.contact }),
  };
}

export function fromSite(site: Site, at: number, revision: number): Insertable<SiteRow> {
  return {
    tenant: site.tenant,
    site: site.site,
    name: site.name,
    timezone: site.timezone,
    hours: json.writeOrNull(site.hours),
    closed_on: json.writeOrNull(site.closedOn),
    region: site.region ?? null,
    address: site.address ?? null,
    lat: site.lat ?? null,
    lon: site.lon ?? null,
    contact: site.contact ?? null,
    updated_at: at,
    revision,
  };
}

/** A terminal's row after an announcement; undefined where it changes nothing (an older birth, or no news). */
export function announced(row: KeptTerminal | undefined, a: Announcement): KeptTerminal | undefined {
  const { birth } = a;
  if (!birth) {
    return row === undefined ? { ...blank(a), updated_at: a.receivedAt } : undefined;
  }
  if (row && row.birth_at > a.at) return undefined;
  const before = row ?? blank(a);
  const { printer, battery, network } = birth;
  const next: KeptTerminal = {
    ...before,
    // An operator's word on the place outweighs what the terminal believes.
    site: flag.read(before.placed) ? before.site : birth.site,
    serial: birth.serial,
    vendor: birth.vendor ?? null,
    model: birth.model,
    firmware: birth.firmware,
    app: birth.app ?? null,
    carrier: network?.carrier ?? null,
    iccid: network?.iccid ?? null,
    heartbeat_s: birth.heartbeat_s ?? before.heartbeat_s,
    timezone: birth.timezone ?? before.timezone,
    bought_on: birth.bought_on ?? before.bought_on,
    warranty_until: birth.warranty_until ?? before.warranty_until,
    hardware: json.write({ printer, battery, network }),
    birth_at: a.at,
  };
  const keys = Object.keys(next) as (keyof KeptTerminal)[];
  const same = row !== undefined && keys.every((key) => key === 'birth_at' || next[key] === row[key]);
  return same ? undefined : { ...next, updated_at: a.receivedAt };
}

export interface Placed {
  readonly row: KeptTerminal;
  readonly change: TerminalChange;
  readonly by: string;
}

/** What a rule does to a terminal that nobody has placed or accepted yet; undefined where none fits. */
export function placedByRule(row: KeptTerminal, rules: readonly PlacementRule[]): Placed | undefined {
  if (row.lifecycle !== 'pending' || flag.read(row.placed)) return undefined;
  const rule = placementFor(rules, row);
  if (!rule || (rule.site === null && !rule.accept)) return undefined;
  const change: TerminalChange = rule.accept
    ? { kind: 'accept', ...(rule.site === null ? {} : { site: rule.site }) }
    : { kind: 'move', site: rule.site ?? '' };
  return { row: changed(row, change), change, by: `rule ${rule.rule}` };
}

function blank(a: Announcement): KeptTerminal {
  return {
    tenant: a.tenant,
    terminal: a.terminal,
    lifecycle: 'pending',
    site: null,
    placed: 0,
    serial: null,
    vendor: null,
    model: null,
    firmware: null,
    app: null,
    carrier: null,
    iccid: null,
    heartbeat_s: 60,
    timezone: null,
    bought_on: null,
    warranty_until: null,
    hardware: '{}',
    first_seen_at: a.receivedAt,
    updated_at: a.receivedAt,
    birth_at: 0,
    revision: 0,
  };
}

const ALLOWED: Record<TerminalChange['kind'], readonly Lifecycle[]> = {
  accept: ['pending'],
  move: ['pending', 'active', 'locked'],
  retire: ['pending', 'active', 'locked'],
  lock: ['pending', 'active'],
  unlock: ['locked'],
  swap: ['active', 'locked'],
};

/** A terminal's row after an operator's change; throws `registry.wrong_state`. A swap is seen from the old terminal: it retires. */
export function changed(row: KeptTerminal, change: TerminalChange): KeptTerminal {
  const allowed = ALLOWED[change.kind];
  if (!allowed.includes(row.lifecycle as Lifecycle)) {
    throw new TillwatchError(
      'registry.wrong_state',
      `terminal "${row.terminal}" is ${row.lifecycle}: ${change.kind} is for terminals that are ${allowed.join(' or ')}`,
      { status: 409, context: { terminal: row.terminal, lifecycle: row.lifecycle, change: change.kind } },
    );
  }
  switch (change.kind) {
    case 'accept':
      return { ...row, lifecycle: 'active', ...(change.site === undefined ? {} : { site: change.site, placed: 1 }) };
    case 'move':
      return { ...row, site: change.site, placed: 1 };
    case 'retire':
    case 'swap':
      return { ...row, lifecycle: 'retired' };
    case 'lock':
      return { ...row, lifecycle: 'locked' };
    case 'unlock':
      return { ...row, lifecycle: 'active' };
  }
}

/** What follows for the replacement in a swap: it stands where the old one stood. */
export function takenOver(replacement: KeptTerminal, old: KeptTerminal): KeptTerminal {
  if (replacement.lifecycle !== 'pending' && replacement.lifecycle !== 'active') {
    throw new TillwatchError(
      'registry.wrong_state',
      `the replacement "${replacement.terminal}" is ${replacement.lifecycle}: it must be pending or active`,
      { status: 409, context: { terminal: replacement.terminal, lifecycle: replacement.lifecycle } },
    );
  }
  return { ...replacement, lifecycle: 'active', site: old.site, placed: old.site === null ? 0 : 1 };
}
