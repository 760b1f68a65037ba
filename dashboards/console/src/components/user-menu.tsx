import { Menu, Text } from '@mantine/core';
import { IconKey, IconLogout } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionQuery, signOut } from '../api/session.tsx';

const PasswordForm = lazy(() => import('../forms/password-form.tsx'));

/** Who one is here, and the way out. */
export default function UserMenu({ target }: { target: ReactNode }) {
  const { t } = useTranslation();
  const session = useQuery(sessionQuery).data;
  const [changing, setChanging] = useState(false);
  const user = session?.user;
  if (!session || !user) return null;
  return (
    <>
      <Menu position="bottom-end" defaultOpened returnFocus>
        <Menu.Target>{target}</Menu.Target>
        <Menu.Dropdown>
          <div style={{ padding: '6px 12px', maxWidth: 260 }}>
            <Text size="sm" fw={650}>
              {user.username}
            </Text>
            <Text size="xs" className="muted">
              {t(`role.${user.role}`)}
              {session.csrf === '' && ` · ${t('session.open')}`}
            </Text>
          </div>
          {session.csrf !== '' && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconKey size={15} aria-hidden />} onClick={() => setChanging(true)}>
                {t('session.change')}
              </Menu.Item>
              <Menu.Item leftSection={<IconLogout size={15} aria-hidden />} onClick={() => void signOut()}>
                {t('session.signOut')}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {changing && (
        <Suspense>
          <PasswordForm username={user.username} own close={() => setChanging(false)} />
        </Suspense>
      )}
    </>
  );
}
