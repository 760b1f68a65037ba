import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Group } from '../api/types.ts';
import { number } from '../lib/format.ts';
import { HealthBar } from './health.tsx';
import { Sideways } from './sideways.tsx';
import { Empty } from './state.tsx';

/** Groups of terminals with the share of each condition, worst share first. */
export function GroupTable({
  groups,
  by,
  tenant,
}: {
  groups: readonly Group[];
  by: 'site' | 'model' | 'firmware' | 'carrier';
  tenant: string;
}) {
  const { t } = useTranslation();
  if (groups.length === 0) return <Empty>{t('fleet.noGroup')}</Empty>;
  return (
    <Sideways label={t('fleet.groups')}>
      <table className="table" style={{ minWidth: 420 }}>
        <thead>
          <tr>
            <th>{t(`fleet.by.${by}`)}</th>
            <th style={{ width: '38%' }}>{t('health.label')}</th>
            <th className="end">{t('health.critical')}</th>
            <th className="end">{t('health.warning')}</th>
            <th className="end">{t('fleet.failing')}</th>
            <th className="end">{t('sites.terminals')}</th>
          </tr>
        </thead>
        <tbody>
          {groups.slice(0, 15).map((group) => (
            <tr key={group.key}>
              <td>
                {by === 'site' ? (
                  <Link to="/t/$tenant/sites/$site" params={{ tenant, site: group.key }}>
                    {group.name ?? group.key}
                  </Link>
                ) : (
                  <Link to="/t/$tenant/terminals" params={{ tenant }} search={{ [by]: group.key }}>
                    {group.name ?? group.key}
                  </Link>
                )}
              </td>
              <td>
                <HealthBar health={group.health} thin />
              </td>
              <Count value={group.health.critical} />
              <Count value={group.health.warning} />
              <Count value={group.failing} />
              <td className="end">{number(group.health.total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  );
}

function Count({ value }: { value: number }) {
  return (
    <td className="end">
      <Text span size="sm" fw={value > 0 ? 650 : 400} className={value > 0 ? undefined : 'muted'}>
        {number(value)}
      </Text>
    </td>
  );
}
