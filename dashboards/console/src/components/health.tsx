import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconCircleCheck,
  IconEye,
  IconHelpCircle,
  IconVolumeOff,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { HealthCounts, HealthWord } from '../api/types.ts';
import { number } from '../lib/format.ts';

const ICONS = {
  critical: IconAlertOctagon,
  warning: IconAlertTriangle,
  watch: IconEye,
  silent: IconVolumeOff,
  unknown: IconHelpCircle,
  healthy: IconCircleCheck,
} as const;

/** Conditions from worst to best. */
export const HEALTH_ORDER: readonly HealthWord[] = ['critical', 'warning', 'watch', 'silent', 'unknown', 'healthy'];

/** A condition as a word with its own mark and colour: none of the three is needed to tell it. */
export function HealthBadge({ health }: { health: HealthWord }) {
  const { t } = useTranslation();
  const Icon = ICONS[health];
  return (
    <span
      className="health"
      style={{ color: `var(--health-${health})`, background: `var(--tint-${health})` }}
      title={t(`health.help.${health}`)}
    >
      <Icon size={15} stroke={2} aria-hidden />
      {t(`health.${health}`)}
    </span>
  );
}

/** Shares of each condition as one bar, with its numbers for those who cannot see it. */
export function HealthBar({ health, thin = false }: { health: HealthCounts; thin?: boolean }) {
  const { t } = useTranslation();
  const parts = HEALTH_ORDER.filter((word) => health[word] > 0);
  const words = parts.map((word) => `${t(`health.${word}`)} ${number(health[word])}`).join(', ');
  return (
    <div className={thin ? 'healthbar thin' : 'healthbar'} role="img" aria-label={words} title={words}>
      {parts.map((word) => (
        <span key={word} style={{ flexGrow: health[word], background: `var(--bar-${word})` }} />
      ))}
    </div>
  );
}
