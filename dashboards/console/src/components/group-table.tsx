import { Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Group } from '../api/types.ts';
import { number } from '../lib/format.ts';
import { HealthBar } from './health.tsx';
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
    <Table.ScrollContainer minWidth={420} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table verticalSpacing={6} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t(`fleet.by.${by}`)}</Table.Th>
            <Table.Th style={{ width: '38%' }}>{t('health.label')}</Table.Th>
            <Table.Th ta="end">{t('health.critical')}</Table.Th>
            <Table.Th ta="end">{t('health.warning')}</Table.Th>
            <Table.Th ta="end">{t('fleet.failing')}</Table.Th>
            <Table.Th ta="end">{t('sites.terminals')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.slice(0, 15).map((group) => (
            <Table.Tr key={group.key}>
              <Table.Td>
                {by === 'site' ? (
                  <Link to="/t/$tenant/sites/$site" params={{ tenant, site: group.key }}>
                    {group.name ?? group.key}
                  </Link>
                ) : (
                  <Link to="/t/$tenant/terminals" params={{ tenant }} search={{ [by]: group.key }}>
                    {group.name ?? group.key}
                  </Link>
                )}
              </Table.Td>
              <Table.Td>
                <HealthBar health={group.health} thin />
              </Table.Td>
              <Count value={group.health.critical} />
              <Count value={group.health.warning} />
              <Count value={group.failing} />
              <Table.Td ta="end">{number(group.health.total)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Count({ value }: { value: number }) {
  return (
    <Table.Td ta="end">
      <Text span size="sm" fw={value > 0 ? 650 : 400} className={value > 0 ? undefined : 'muted'}>
        {number(value)}
      </Text>
    </Table.Td>
  );
}
