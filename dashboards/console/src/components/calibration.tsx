import { Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ModelQuality } from '../api/types.ts';
import { number, percent } from '../lib/format.ts';

const SIZE = 220;
const PAD = 34;

type Bin = ModelQuality['calibration'][number];

/** Stated probability against the share that came true: on the diagonal the numbers can be taken at their word. */
export function Calibration({ bins }: { bins: readonly Bin[] }) {
  const { t } = useTranslation();
  const at = (share: number) => PAD + share * SIZE;
  const up = (share: number) => 8 + (1 - share) * SIZE;
  const known = bins.filter(
    (bin): bin is Bin & { stated: number; observed: number } => bin.stated !== null && bin.observed !== null,
  );
  const most = Math.max(1, ...known.map((bin) => bin.n));
  return (
    <section className="card" aria-labelledby="calibration">
      <Title order={2} id="calibration">
        {t('quality.calibration')}
      </Title>
      <Text size="sm" className="muted">
        {t('quality.calibrationHelp')}
      </Text>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 20, marginTop: 10 }}>
        <svg
          viewBox={`0 0 ${SIZE + PAD + 24} ${SIZE + PAD + 8}`}
          width={SIZE + PAD + 24}
          style={{ maxWidth: '100%' }}
          aria-hidden
          fontSize={11}
          fill="var(--muted)"
        >
          {[0, 0.25, 0.5, 0.75, 1].map((share) => (
            <g key={share}>
              <line x1={at(share)} x2={at(share)} y1={up(0)} y2={up(1)} stroke="var(--tint-unknown)" />
              <line x1={at(0)} x2={at(1)} y1={up(share)} y2={up(share)} stroke="var(--tint-unknown)" />
              <text x={at(share)} y={up(0) + 15} textAnchor="middle">
                {percent(share)}
              </text>
              <text x={PAD - 5} y={up(share) + 4} textAnchor="end">
                {number(share * 100)}
              </text>
            </g>
          ))}
          <line x1={at(0)} y1={up(0)} x2={at(1)} y2={up(1)} stroke="var(--muted)" strokeDasharray="5 4" />
          {known.map((bin) => (
            <circle
              key={bin.from}
              cx={at(bin.stated)}
              cy={up(bin.observed)}
              r={4 + 7 * Math.sqrt(bin.n / most)}
              fill="var(--mantine-color-teal-6)"
              fillOpacity={0.75}
            />
          ))}
        </svg>
        <table style={{ fontSize: '0.875rem', alignSelf: 'flex-start' }}>
          <thead>
            <tr>
              <th style={{ textAlign: 'start', paddingInlineEnd: 16 }}>{t('quality.stated')}</th>
              <th style={{ textAlign: 'end', paddingInlineEnd: 16 }}>{t('quality.observed')}</th>
              <th style={{ textAlign: 'end' }}>{t('quality.judged')}</th>
            </tr>
          </thead>
          <tbody>
            {bins.map((bin) => (
              <tr key={bin.from}>
                <td>{bin.stated === null ? `${percent(bin.from)}–${percent(bin.to)}` : percent(bin.stated)}</td>
                <td style={{ textAlign: 'end', paddingInlineEnd: 16 }}>{percent(bin.observed)}</td>
                <td style={{ textAlign: 'end' }}>{number(bin.n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
