import type { Finding } from '../../contract/findings.ts';
import { LEARNED_RISK } from '../../contract/modes.ts';

const MODE_TITLES: Readonly<Record<string, string>> = {
  'printer/head_wear': 'Print head wearing out',
  'printer/paper_feed': 'Paper feed slipping',
  'printer/cutter_wear': 'Cutter wearing out',
  'printer/overheat': 'Printer overheating',
  'printer/power': 'Printer supply too weak',
  'battery/capacity_fade': 'Battery losing capacity',
  'battery/resistance_rise': 'Battery resistance rising',
  'battery/charging_fault': 'Battery not charging',
  'battery/overheat': 'Battery overheating',
  'network/signal_degradation': 'Signal getting weaker',
  'network/sim_wear': 'SIM contact failing',
  'network/congestion': 'Network congested',
  'network/offline': 'Offline',
  'reader/contact_wear': 'Chip reader contacts worn',
  'reader/tap_fault': 'Contactless reader failing',
  'system/storage_wear': 'Storage wearing out',
  'system/crash_loop': 'Restarting again and again',
  'system/firmware_regression': 'Worse since a firmware update',
};

/** A ticket's title: what is wrong, and where. */
export function faultTitle(finding: Pick<Finding, 'component' | 'mode' | 'scope' | 'subject' | 'members'>): string {
  const what =
    (finding.mode === LEARNED_RISK ? `Learned model foresees a failure: ${finding.component}` : undefined) ??
    MODE_TITLES[`${finding.component}/${finding.mode}`] ??
    `${finding.component} ${finding.mode.replaceAll('_', ' ')}`;
  if (finding.scope === 'terminal') return `${what}: ${finding.subject}`;
  const count = finding.members?.length ?? 0;
  return `${what}: ${finding.scope} ${finding.subject}${count ? `, ${count} terminals` : ''}`;
}
