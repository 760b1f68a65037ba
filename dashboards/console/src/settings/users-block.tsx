import { Badge, Button, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { usersQuery } from '../api/more-queries.ts';
import { May } from '../api/session.tsx';
import type { User } from '../api/types.ts';
import { Block } from '../components/block.tsx';
import { OpenForm } from '../components/open-form.tsx';
import type { PlainColumn } from '../components/plain-table.tsx';
import { RemoveButton } from '../components/remove-button.tsx';
import { When } from '../components/when.tsx';
import PasswordForm from '../forms/password-form.tsx';
import { UserForm } from '../forms/user-form.tsx';

/** Who may sign in, as what, and for which tenants. */
export function UsersBlock({ tenant }: { tenant: string }) {
  const { t } = useTranslation();
  const query = useQuery(usersQuery);
  const columns: PlainColumn<User>[] = [
    { head: t('session.username'), cell: (one) => <b>{one.username}</b>, text: (one) => one.username },
    {
      head: t('user.role'),
      cell: (one) => (
        <>
          {t(`role.${one.role}`)}
          {one.locked && (
            <Badge ml={6} color="red" variant="outline" tt="none">
              {t('user.locked')}
            </Badge>
          )}
        </>
      ),
      text: (one) => one.role,
    },
    {
      head: t('user.tenants'),
      cell: (one) => (one.tenants === '*' ? t('list.all') : one.tenants.join(', ')),
      text: (one) => (one.tenants === '*' ? '*' : one.tenants.join(' ')),
    },
    { head: t('tickets.provider'), cell: (one) => one.provider, text: (one) => one.provider },
    {
      head: t('tickets.updated'),
      cell: (one) => <When at={one.updatedAt} />,
      text: (one) => new Date(one.updatedAt).toISOString(),
    },
    {
      head: '',
      end: true,
      cell: (one) => (
        <May right="users:write">
          <Actions tenant={tenant} user={one} />
        </May>
      ),
    },
  ];
  return (
    <Block
      title={t('settings.users')}
      help={t('user.help')}
      none={t('user.none')}
      name="users"
      action={
        <OpenForm
          right="users:write"
          label={t('user.new')}
          form={(close) => <UserForm tenant={tenant} close={close} />}
        />
      }
      query={query}
      columns={columns}
      idOf={(one) => one.username}
    />
  );
}

function Actions({ tenant, user }: { tenant: string; user: User }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [setting, setSetting] = useState(false);
  const params = { path: { username: user.username } };
  const change = useMutation({
    mutationFn: () => answer(api.PATCH('/api/v1/users/{username}', { params, body: { locked: !user.locked } })),
    onSettled: () => client.invalidateQueries({ queryKey: usersQuery.queryKey }),
  });
  return (
    <span style={{ display: 'inline-flex', flexWrap: 'wrap', gap: 6, justifyContent: 'flex-end' }}>
      {change.error && (
        <Text size="xs" c="var(--health-critical)" role="alert">
          {change.error.message}
        </Text>
      )}
      <OpenForm
        right="users:write"
        change
        label={user.username}
        form={(close) => <UserForm tenant={tenant} user={user} close={close} />}
      />
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`${t('session.change')}: ${user.username}`}
        onClick={() => setSetting(true)}
      >
        {t('session.change')}
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`${t(user.locked ? 'user.unlock' : 'user.lock')}: ${user.username}`}
        loading={change.isPending}
        onClick={() => change.mutate()}
      >
        {t(user.locked ? 'user.unlock' : 'user.lock')}
      </Button>
      <RemoveButton
        label={t('form.remove')}
        name={user.username}
        sure={t('form.removeSure', { name: user.username })}
        stale={usersQuery.queryKey}
        remove={() => answer(api.DELETE('/api/v1/users/{username}', { params }))}
      />
      {setting && <PasswordForm username={user.username} close={() => setSetting(false)} />}
    </span>
  );
}
