import type { Birth, Heartbeat } from '../../contract/payloads.ts';
import type { Reading } from '../../contract/reading.ts';
import type { TenantId } from '../../contract/topics.ts';
import type { Groups } from './groups.ts';
import { CARRIER, CELL, FIRST_AT, FIXED, MOBILE, MODEL, SERIAL, SITE, type Terminals } from './terminals.ts';

/** Where a terminal belongs, as the registry knows it; births are believed where it answers undefined. */
export type SiteOf = (tenant: TenantId, terminal: string) => string | undefined;

/** Which device a terminal is, and what it shares with others: site, model, carrier, cell and line, as readings and the registry tell. */
export class Belonging {
  readonly #terminals: Terminals;
  readonly #groups: Groups;
  readonly #siteOf: SiteOf | undefined;

  constructor(terminals: Terminals, groups: Groups, siteOf: SiteOf | undefined) {
    this.#terminals = terminals;
    this.#groups = groups;
    this.#siteOf = siteOf;
  }

  /** Makes room for a terminal that is new; answers its number. */
  meet({ tenant, terminal, ts }: Reading): number {
    const index = this.#terminals.add(tenant, terminal);
    this.#terminals.setTime(index, FIRST_AT, ts);
    this.#terminals.setFleet(index, this.#groups.idOf(`${tenant}/`));
    const site = this.#siteOf?.(tenant, terminal);
    if (site !== undefined) this.#terminals.setInt(index, SITE, this.#groups.idOf(`${tenant}/site/${site}`));
    return index;
  }

  /** Takes in where it says that it stands; answers its site's group. */
  place(index: number, told: string): number {
    const tenant = this.#terminals.tenant(index);
    const site = this.#siteOf?.(tenant, this.#terminals.name(index)) ?? told;
    const group = this.#groups.idOf(`${tenant}/site/${site}`);
    this.#terminals.setInt(index, SITE, group);
    return group;
  }

  /** Takes in of which kind it says that it is. */
  describe(index: number, { network, model }: Birth): void {
    const carrier = network?.carrier;
    if (carrier !== undefined) this.#join(index, CARRIER, 'carrier', carrier);
    this.#join(index, MODEL, 'model', model);
  }

  /** Takes in which way it is linked now. */
  link(index: number, network: Heartbeat['network']): void {
    const carrier = network?.carrier;
    if (carrier !== undefined) this.#join(index, CARRIER, 'carrier', carrier);
    const cell = network?.cell;
    if (cell !== undefined) this.#join(index, CELL, 'cell', cell);
    const bearer = network?.bearer;
    if (bearer !== undefined && bearer !== 'none') {
      this.#terminals.setLine(index, bearer === 'lte' || bearer === 'nr' ? MOBILE : FIXED);
    }
  }

  /** Takes in its serial number; true where another device has come under the same name. */
  isAnother(index: number, serial: string): boolean {
    const told = digest(serial);
    const known = this.#terminals.int(index, SERIAL);
    this.#terminals.setInt(index, SERIAL, told);
    return known !== 0 && known !== told;
  }

  siteName(index: number): string | null {
    const group = this.#terminals.int(index, SITE);
    return group === 0 ? null : this.#groups.nameOf(group).split('/site/')[1]!;
  }

  /** Empty where no birth has told it. */
  modelName(index: number): string {
    return this.#groups.nameOf(this.#terminals.int(index, MODEL)).split('/model/')[1] ?? '';
  }

  #join(index: number, slot: number, kind: string, name: string): void {
    const tenant = this.#terminals.tenant(index);
    if (this.#groups.isCalled(this.#terminals.int(index, slot), tenant, kind, name)) return;
    this.#terminals.setInt(index, slot, this.#groups.idOf(`${tenant}/${kind}/${name}`));
  }
}

/** Sixteen bits of a text, never 0 (FNV-1a, folded). */
function digest(text: string): number {
  let hash = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193) >>> 0;
  return (hash >>> 16) ^ (hash & 0xffff) || 1;
}
