import { Tabs } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PageHead } from '../components/state.tsx';
import { HoldsBlock } from '../settings/holds-block.tsx';
import { PlacesBlock } from '../settings/places-block.tsx';
import { PlansBlock } from '../settings/plans-block.tsx';
import { ProvidersBlock } from '../settings/providers-block.tsx';
import { RoutesBlock } from '../settings/routes-block.tsx';

const TABS = {
  providers: ProvidersBlock,
  places: PlacesBlock,
  routes: RoutesBlock,
  holds: HoldsBlock,
  plans: PlansBlock,
} as const;
type Tab = keyof typeof TABS;

/** Who repairs, where terminals stand, who is told, what is held back, and what is checked how often. */
export function SettingsPage() {
  const { t } = useTranslation();
  const { tenant } = useParams({ from: '/t/$tenant' });
  const { tab = 'providers' } = useSearch({ from: '/t/$tenant/settings' });
  const navigate = useNavigate({ from: '/t/$tenant/settings' });
  return (
    <>
      <PageHead title={t('nav.settings')} />
      <Tabs
        value={tab}
        onChange={(value) => void navigate({ search: { tab: value as Tab }, replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="sm" aria-label={t('nav.settings')}>
          {(Object.keys(TABS) as Tab[]).map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`settings.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {(Object.keys(TABS) as Tab[]).map((name) => {
          const Block = TABS[name];
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
