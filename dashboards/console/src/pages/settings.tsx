import { Tabs } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/session.tsx';
import { PageHead } from '../components/state.tsx';
import { AuditBlock } from '../settings/audit-block.tsx';
import { HoldsBlock } from '../settings/holds-block.tsx';
import { PlacesBlock } from '../settings/places-block.tsx';
import { PlansBlock } from '../settings/plans-block.tsx';
import { ProvidersBlock } from '../settings/providers-block.tsx';
import { RoutesBlock } from '../settings/routes-block.tsx';
import { ThresholdsBlock } from '../settings/thresholds-block.tsx';
import { TokensBlock } from '../settings/tokens-block.tsx';
import { UsersBlock } from '../settings/users-block.tsx';

const TABS = {
  providers: { block: ProvidersBlock, right: 'providers:read' },
  places: { block: PlacesBlock, right: 'fleet:list' },
  routes: { block: RoutesBlock, right: 'notices:read' },
  holds: { block: HoldsBlock, right: 'incidents:read' },
  thresholds: { block: ThresholdsBlock, right: 'incidents:read' },
  plans: { block: PlansBlock, right: 'plans:read' },
  users: { block: UsersBlock, right: 'users:read' },
  tokens: { block: TokensBlock, right: 'own' },
  audit: { block: AuditBlock, right: 'audit:read' },
} as const;
type Tab = keyof typeof TABS;

/** Who repairs, where terminals stand, who is told, what is held back, and what is checked how often. */
export function SettingsPage() {
  const { t } = useTranslation();
  const { tenant } = useParams({ from: '/gate/t/$tenant' });
  const { tab = 'providers' } = useSearch({ from: '/gate/t/$tenant/settings' });
  const navigate = useNavigate({ from: '/t/$tenant/settings' });
  const may = useMay();
  const tabs = (Object.keys(TABS) as Tab[]).filter((name) => may(TABS[name].right));
  return (
    <>
      <PageHead title={t('nav.settings')} />
      <Tabs
        value={tab}
        onChange={(value) => void navigate({ search: { tab: value as Tab }, replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="sm" aria-label={t('nav.settings')}>
          {tabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`settings.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map((name) => {
          const Block = TABS[name].block;
          return (
            <Tabs.Panel key={name} value={name}>
              <Block tenant={tenant} />
            </Tabs.Panel>
          );
        })}
      </Tabs>
    </>
  );
}
