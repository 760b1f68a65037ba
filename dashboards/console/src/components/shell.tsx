import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  NativeSelect,
  NavLink,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconBuildingStore,
  IconCalendar,
  IconCloudUpload,
  IconDeviceMobile,
  IconHeartRateMonitor,
  IconLanguage,
  IconMailOff,
  IconMoon,
  IconPackage,
  IconReportAnalytics,
  IconSettings,
  IconSun,
  IconTargetArrow,
  IconTicket,
  IconUrgent,
  IconUserCircle,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, Outlet, useLocation, useNavigate, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Right } from '../../../../contract/rights.ts';
import { LiveProvider, useLive } from '../api/live.tsx';
import { statusQuery, tenantsQuery } from '../api/queries.ts';
import { sessionQuery, useMay } from '../api/session.tsx';
import { keepTenant } from '../lib/kept.ts';
import { LateMenu } from './late-menu.tsx';
import { PlatformBanner } from './platform-banner.tsx';
import { QuickFind } from './quick-find.tsx';
import { When } from './when.tsx';

type PagePath =
  | '/t/$tenant'
  | '/t/$tenant/terminals'
  | '/t/$tenant/tickets'
  | '/t/$tenant/sites'
  | '/t/$tenant/incidents'
  | '/t/$tenant/schedule'
  | '/t/$tenant/rollouts'
  | '/t/$tenant/stock'
  | '/t/$tenant/reports'
  | '/t/$tenant/quality'
  | '/t/$tenant/dead-letters'
  | '/t/$tenant/settings';
const PAGES: readonly { to: PagePath; name: string; icon: typeof IconTicket; right: Right }[] = [
  { to: '/t/$tenant', name: 'fleet', icon: IconHeartRateMonitor, right: 'fleet:read' },
  { to: '/t/$tenant/terminals', name: 'terminals', icon: IconDeviceMobile, right: 'fleet:list' },
  { to: '/t/$tenant/tickets', name: 'tickets', icon: IconTicket, right: 'tickets:read' },
  { to: '/t/$tenant/sites', name: 'sites', icon: IconBuildingStore, right: 'fleet:list' },
  { to: '/t/$tenant/incidents', name: 'incidents', icon: IconUrgent, right: 'incidents:read' },
  { to: '/t/$tenant/schedule', name: 'schedule', icon: IconCalendar, right: 'rounds:read' },
  { to: '/t/$tenant/rollouts', name: 'rollouts', icon: IconCloudUpload, right: 'rollouts:read' },
  { to: '/t/$tenant/stock', name: 'stock', icon: IconPackage, right: 'assets:read' },
  { to: '/t/$tenant/reports', name: 'reports', icon: IconReportAnalytics, right: 'statistics:read' },
  { to: '/t/$tenant/quality', name: 'quality', icon: IconTargetArrow, right: 'statistics:read' },
  { to: '/t/$tenant/dead-letters', name: 'deadLetters', icon: IconMailOff, right: 'fleet:read' },
  { to: '/t/$tenant/settings', name: 'settings', icon: IconSettings, right: 'notices:read' },
];

/** The frame around every page of a tenant: where one is, what is live, and the way to the rest. */
export function Shell() {
  const { tenant } = useParams({ from: '/gate/t/$tenant' });
  const may = useMay();
  useEffect(() => keepTenant(tenant), [tenant]);
  // The lists are where one goes next, and share most of their code: fetched once the first page stands and nothing else is wanted.
  useEffect(() => {
    const later = setTimeout(() => void import('../pages/terminals.tsx'), 400);
    return () => clearTimeout(later);
  }, []);
  return (
    <LiveProvider key={tenant} tenant={tenant} streams={may('fleet:read')}>
      <Frame tenant={tenant} />
    </LiveProvider>
  );
}

function Frame({ tenant }: { tenant: string }) {
  const { t } = useTranslation();
  const [opened, { toggle, close }] = useDisclosure(false);
  const status = useQuery(statusQuery).data;
  const may = useMay();
  const session = useQuery(sessionQuery).data;
  const path = useLocation({ select: (location) => location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the menu on a phone
  useEffect(close, [path]);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'xs', sm: 'md' }}
    >
      <a className="skip" href="#content">
        {t('nav.skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="sm" gap="sm" wrap="nowrap">
          <Burger
            opened={opened}
            onClick={toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label={t('nav.menu')}
            aria-expanded={opened}
          />
          <Link
            to="/t/$tenant"
            params={{ tenant }}
            aria-label={`${t('app.name')}: ${t('nav.fleet')}`}
            style={{ display: 'flex', gap: 8, alignItems: 'center', textDecoration: 'none', color: 'inherit' }}
          >
            <img src="/favicon.svg" alt="" width={26} height={26} />
            <Text fw={700} visibleFrom="xs" component="span">
              {t('app.name')}
            </Text>
          </Link>
          <TenantSwitcher tenant={tenant} />
          <QuickFind tenant={tenant} />
          <Group gap={4} ml="auto" wrap="nowrap">
            <LiveMark />
            <LateMenu
              label={t('nav.language')}
              icon={<IconLanguage size={19} aria-hidden />}
              load={() => import('./language-menu.tsx')}
            />
            <ThemeSwitch />
            {session?.user && (
              <LateMenu
                label={t('session.you', { name: session.user.username })}
                icon={<IconUserCircle size={20} aria-hidden />}
                load={() => import('./user-menu.tsx')}
              />
            )}
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t('nav.label')}>
        {PAGES.filter((page) => may(page.right)).map((page) => {
          const href = page.to.replace('$tenant', tenant);
          const active = page.name === 'fleet' ? path.replace(/\/$/, '') === href : path.startsWith(href);
          return (
            <NavLink
              key={page.name}
              renderRoot={(props) => (
                <Link {...props} to={page.to} params={{ tenant }} activeOptions={{ exact: page.name === 'fleet' }} />
              )}
              label={t(`nav.${page.name}`)}
              leftSection={<page.icon size={18} stroke={1.6} aria-hidden />}
              active={active}
              aria-current={active ? 'page' : undefined}
            />
          );
        })}
        <NavLink
          mt="auto"
          href="/api/docs"
          target="_blank"
          rel="noreferrer"
          label={t('nav.api')}
          description={
            <span className="muted">
              {status ? `v${status.version}` : ' '}
              {session?.csrf === '' && ` · ${t('session.open')}`}
            </span>
          }
        />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <PlatformBanner status={status} />
        {path.replace(/\/$/, '') === `/t/${tenant}` && !may('fleet:read') ? (
          <Navigate to="/t/$tenant/tickets" params={{ tenant }} replace />
        ) : (
          <Outlet />
        )}
      </AppShell.Main>
    </AppShell>
  );
}

function TenantSwitcher({ tenant }: { tenant: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const tenants = useQuery(tenantsQuery).data?.items ?? [];
  if (tenants.length < 2) {
    return (
      <Text size="sm" className="muted" visibleFrom="sm">
        {tenant}
      </Text>
    );
  }
  return (
    <NativeSelect
      size="xs"
      aria-label={t('nav.tenant')}
      value={tenant}
      data={tenants.map((one) => one.tenant)}
      onChange={(event) => void navigate({ to: '/t/$tenant', params: { tenant: event.currentTarget.value } })}
    />
  );
}

function LiveMark() {
  const { t } = useTranslation();
  const { state, heardAt } = useLive();
  const colour = { on: 'healthy', connecting: 'watch', off: 'critical' }[state];
  return (
    <Text
      size="xs"
      component="span"
      role="status"
      style={{ display: 'flex', gap: 6, alignItems: 'center', whiteSpace: 'nowrap' }}
    >
      <span aria-hidden style={{ width: 9, height: 9, borderRadius: '50%', background: `var(--bar-${colour})` }} />
      <Text span size="xs" visibleFrom={state === 'on' ? 'md' : undefined}>
        {t(`live.${state}`)}
      </Text>
      {state === 'on' && heardAt !== null && (
        <Text span size="xs" className="muted" visibleFrom="lg" aria-live="off">
          {t('live.heard', { when: '' })}
          <When at={heardAt} />
        </Text>
      )}
    </Text>
  );
}

function ThemeSwitch() {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      title={t('nav.theme')}
      aria-label={t('nav.theme')}
      onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
    >
      {scheme === 'dark' ? <IconSun size={19} aria-hidden /> : <IconMoon size={19} aria-hidden />}
    </ActionIcon>
  );
}
