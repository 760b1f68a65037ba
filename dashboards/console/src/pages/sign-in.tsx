import { Anchor, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { signIn } from '../api/session.tsx';
import { OtherLanguages } from '../components/other-languages.tsx';

/** Asks who one is; afterwards the page that was asked for is there. */
export default function SignIn({ oidc }: { oidc: boolean }) {
  const { t } = useTranslation();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const send = useMutation({
    mutationFn: () => signIn(username.trim(), password),
    onError: () => setPassword(''),
  });
  return (
    <main className="signin">
      <form
        className="card"
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate();
        }}
      >
        <Stack gap="sm">
          <div style={{ display: 'flex', gap: 10, alignItems: 'center' }}>
            <img src="/favicon.svg" alt="" width={32} height={32} />
            <Title order={1}>{t('session.title')}</Title>
          </div>
          <TextInput
            label={t('session.username')}
            autoComplete="username"
            autoCapitalize="none"
            required
            withAsterisk={false}
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('session.password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': t('session.show') }}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {send.error && (
            <Text size="sm" c="var(--health-critical)" role="alert">
              {send.error instanceof ApiError && send.error.status === 401 ? t('session.wrong') : send.error.message}
            </Text>
          )}
          <Button type="submit" size="md" loading={send.isPending}>
            {t('session.signIn')}
          </Button>
          {oidc && (
            <Anchor href={`/api/v1/session/oidc?to=${encodeURIComponent(location.pathname + location.search)}`}>
              {t('session.oidc')}
            </Anchor>
          )}
          <Text size="xs" className="muted">
            {t('session.lost')}
          </Text>
          <div style={{ display: 'flex', gap: 6 }}>
            <OtherLanguages />
          </div>
        </Stack>
      </form>
    </main>
  );
}
