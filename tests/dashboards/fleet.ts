import { fingerprintOf } from '../../contract/findings.ts';
import type { StandingFinding } from '../../contract/ports/findings.ts';
import type { Site, Terminal } from '../../contract/registry.ts';
import { asTenantId } from '../../contract/topics.ts';

export const TENANT = asTenantId('acme');
export const NOW = Date.UTC(2026, 2, 10, 9);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export function terminal(id: string, more: Partial<Terminal> = {}): Terminal {
  return {
    tenant: TENANT,
    terminal: id,
    lifecycle: 'active',
    site: 's1',
    placed: false,
    serial: `SN-${id}`,
    vendor: 'V',
    model: 'M1',
    firmware: '1.0',
    app: null,
    carrier: 'red',
    iccid: null,
    heartbeatS: 60,
    timezone: null,
    boughtOn: null,
    warrantyUntil: null,
    hardware: {},
    firstSeenAt: NOW - 30 * DAY,
    updatedAt: NOW,
    ...more,
  };
}

export function site(id: string, more: Partial<Site> = {}): Site {
  return { tenant: TENANT, site: id, name: `Shop ${id}`, timezone: 'UTC', ...more };
}

let revision = 0;
export function finding(terminalId: string | null, more: Partial<StandingFinding> = {}): StandingFinding {
  const base = {
    at: NOW,
    tenant: TENANT,
    scope: 'terminal' as const,
    subject: terminalId ?? 'somewhere',
    terminal: terminalId,
    component: 'printer' as const,
    mode: 'head_wear' as const,
    state: 'open' as const,
    severity: 'warning' as const,
    probability: 0.6,
    horizonH: 72,
    failsAt: NOW + 2 * DAY,
    failsAtP10: NOW + DAY,
    failsAtP90: NOW + 4 * DAY,
    evidence: [{ metric: 'printer.head_ohm', value: 700, baseline: 600, why: 'the head is wearing' }],
    openedAt: NOW - HOUR,
    revision: ++revision,
    ...more,
  };
  return { ...base, fingerprint: fingerprintOf(base) };
}
