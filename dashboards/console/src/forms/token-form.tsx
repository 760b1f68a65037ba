import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RIGHTS, type Right } from '../../../../contract/rights.ts';
import { answer, api } from '../api/client.ts';
import { useMay } from '../api/session.tsx';
import { Copyable } from '../components/copyable.tsx';
import { EntryForm } from '../components/entry-form.tsx';
import { Told } from '../components/told.tsx';
import { many, num, text } from '../lib/values.ts';

const DAYS = [30, 90, 365] as const;

/** A key for a program: what it may do, and until when. Its text is shown once. */
export function TokenForm({ owner, close }: { owner: string; close(): void }) {
  const { t } = useTranslation();
  const may = useMay();
  const [secret, setSecret] = useState<string | null>(null);
  if (secret !== null) {
    return (
      <Told title={t('token.made')} close={close}>
        {t('token.once')}
        <Copyable text={secret} />
      </Told>
    );
  }
  const rights = (Object.keys(RIGHTS) as Right[]).filter((right) => right.includes(':') && may(right));
  return (
    <EntryForm
      title={t('token.new')}
      about={t('token.about', { name: owner })}
      submit={t('token.make')}
      stale={[['tokens']]}
      // It stays open until its text was seen.
      close={() => {}}
      cancel={close}
      initial={{ scopes: ['*:read'], days: '90', username: owner }}
      fields={[
        { name: 'name', label: t('form.name'), kind: 'text', help: t('token.nameHelp') },
        {
          name: 'scopes',
          label: t('token.scopes'),
          kind: 'many',
          options: [
            { value: '*:read', label: t('token.reads') },
            { value: '*', label: t('token.all') },
            ...rights.map((value) => ({ value, label: value })),
          ],
        },
        {
          name: 'days',
          label: t('token.expires'),
          kind: 'choice',
          options: [
            ...DAYS.map((days) => ({ value: String(days), label: t('token.days', { days }) })),
            { value: '0', label: t('token.never') },
          ],
        },
        ...(may('users:write') ? [{ name: 'username', label: t('token.owner'), kind: 'text' } as const] : []),
      ]}
      save={async (values) => {
        const days = num(values, 'days');
        const made = await answer(
          api.POST('/api/v1/tokens', {
            body: {
              name: text(values, 'name'),
              scopes: many<string>(values, 'scopes'),
              expiresInDays: days === 0 ? null : days,
              ...(may('users:write') ? { username: text(values, 'username') } : {}),
            },
          }),
        );
        setSecret(made.secret);
      }}
    />
  );
}
