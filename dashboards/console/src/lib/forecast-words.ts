import type { TFunction } from 'i18next';
import type { FindingView } from '../api/types.ts';

const DAY = 86_400_000;

/** What a forecast is told from. What has no terminal of its own (`scope` other than `terminal`) does not fail: it happens. */
export type Foretold = Pick<
  FindingView,
  'scope' | 'failsAt' | 'failsAtP10' | 'failsAtP90' | 'probability' | 'horizonH'
>;

/** How numbers and moments are written in the language set now: lib/format.ts, in the browser. */
export interface Writing {
  number(value: number): string;
  shortMoment(at: number): string;
  dayOnly(at: number): string;
}

/** When a part is expected to fail, with its interval; what is so already is said to be so, with no chance of it. */
export function forecastWords(t: TFunction, write: Writing, finding: Foretold, now: number): string {
  const { dayOnly, shortMoment } = write;
  const { failsAt, failsAtP10, failsAtP90 } = finding;
  if (finding.horizonH === 0) {
    if (failsAt === null) return chance(t, write, finding);
    const when = shortMoment(failsAt);
    return finding.scope === 'terminal' ? t('fails.nowAt', { when }) : t('fails.happeningSince', { when });
  }
  const parts: string[] = [];
  if (failsAt !== null) {
    const when = failsAt - now > 3 * DAY ? dayOnly(failsAt) : shortMoment(failsAt);
    parts.push(t(failsAt < now ? 'fails.past' : 'fails.at', { when }));
    if (failsAtP10 !== null && failsAtP90 !== null) {
      const name = failsAtP90 - now > 3 * DAY ? dayOnly : shortMoment;
      parts.push(t('fails.between', { from: name(failsAtP10), to: name(failsAtP90) }));
    }
  }
  parts.push(chance(t, write, finding));
  return parts.join(' · ');
}

/** `62 % within 24 h`; `happening now` where it does not lie ahead. */
export function chance(
  t: TFunction,
  { number }: Writing,
  finding: Pick<Foretold, 'scope' | 'probability' | 'horizonH'>,
): string {
  if (finding.horizonH === 0) return t(finding.scope === 'terminal' ? 'fails.now' : 'fails.happening');
  const pct = number(Math.round(finding.probability * 100));
  return finding.horizonH > 72
    ? t('fails.chanceDays', { pct, days: number(Math.round(finding.horizonH / 24)) })
    : t('fails.chance', { pct, hours: number(finding.horizonH) });
}
