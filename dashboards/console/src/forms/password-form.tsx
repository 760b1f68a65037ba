import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { EntryForm } from '../components/entry-form.tsx';

/** A new password: one's own, for which the present one is asked, or another person's. */
export default function PasswordForm({
  username,
  own = false,
  close,
}: {
  username: string;
  own?: boolean;
  close(): void;
}) {
  const { t } = useTranslation();
  return (
    <EntryForm
      title={t('session.change')}
      about={t('session.passwordHelp')}
      submit={t('form.save')}
      stale={[['users']]}
      close={close}
      initial={{}}
      fields={[
        ...(own ? [{ name: 'current', label: t('session.current'), kind: 'password' } as const] : []),
        { name: 'password', label: t('session.new'), kind: 'password', min: 12 },
      ]}
      save={(values) =>
        answer(
          api.POST('/api/v1/users/{username}/password', {
            params: { path: { username } },
            body: { password: String(values.password), ...(own ? { current: String(values.current) } : {}) },
          }),
        )
      }
    />
  );
}
