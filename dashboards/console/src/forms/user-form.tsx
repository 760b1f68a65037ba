import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import type { User } from '../api/types.ts';
import { Copyable } from '../components/copyable.tsx';
import { EntryForm } from '../components/entry-form.tsx';
import { Told } from '../components/told.tsx';
import { lines, text, textOrNull } from '../lib/values.ts';

const ROLES = ['operations', 'provider', 'auditor', 'administrator'] as const;

/** An account: who may sign in, as what, and for which tenants. A new one's password is shown once. */
export function UserForm({ tenant, user, close }: { tenant: string; user?: User; close(): void }) {
  const { t } = useTranslation();
  const [made, setMade] = useState<{ username: string; password: string } | null>(null);
  if (made) {
    return (
      <Told title={t('user.made', { name: made.username })} close={close}>
        {t('user.once')}
        <Copyable text={made.password} />
      </Told>
    );
  }
  return (
    <EntryForm
      title={t(user ? 'user.change' : 'user.new')}
      submit={t('form.save')}
      stale={[['users']]}
      // A new account stays open until its password was seen.
      close={user ? close : () => {}}
      cancel={close}
      initial={{
        username: user?.username ?? '',
        role: user?.role ?? 'operations',
        tenants: user ? (user.tenants === '*' ? '*' : user.tenants.join('\n')) : tenant,
        provider: user?.provider ?? '',
        sites: user?.sites.join('\n') ?? '',
      }}
      fields={[
        {
          name: 'username',
          label: t('session.username'),
          kind: 'text',
          pattern: '[a-z0-9][a-z0-9._@\\-]{0,63}',
          help: t('user.nameHelp'),
          fixed: user !== undefined,
        },
        {
          name: 'role',
          label: t('user.role'),
          kind: 'choice',
          options: ROLES.map((value) => ({ value, label: t(`role.${value}`) })),
        },
        { name: 'tenants', label: t('user.tenants'), kind: 'lines', help: t('user.tenantsHelp') },
        { name: 'provider', label: t('tickets.provider'), kind: 'text', optional: true, help: t('user.providerHelp') },
        { name: 'sites', label: t('nav.sites'), kind: 'lines', optional: true, help: t('user.sitesHelp') },
      ]}
      save={async (values) => {
        const named = lines(values, 'tenants');
        const body = {
          role: text(values, 'role') as User['role'],
          tenants: named.includes('*') ? ('*' as const) : named,
          provider: textOrNull(values, 'provider'),
          sites: lines(values, 'sites'),
        };
        if (user) {
          return answer(api.PATCH('/api/v1/users/{username}', { params: { path: { username: user.username } }, body }));
        }
        const { password, user: added } = await answer(
          api.POST('/api/v1/users', { body: { ...body, username: text(values, 'username') } }),
        );
        if (password === null) close();
        else setMade({ username: added.username, password });
        return added;
      }}
    />
  );
}
