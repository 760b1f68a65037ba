import { Button, Group, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { Copyable } from './copyable.tsx';

/** Gives out the code by which a merchant reaches the page of this terminal; it is shown once, then only its digest is kept. */
export function MerchantCode({ tenant, terminal }: { tenant: string; terminal: string }) {
  const { t } = useTranslation();
  const give = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/tenants/{tenant}/terminals/{terminal}/merchant-code', {
          params: { path: { tenant, terminal } },
        }),
      ),
  });
  const address = give.data && `${location.origin}/m/${give.data.code}`;
  return (
    <section className="card noprint" aria-labelledby="merchant-code">
      <Title order={2} id="merchant-code">
        {t('code.title')}
      </Title>
      <Text size="sm" className="muted">
        {t('code.help')}
      </Text>
      {address && <Copyable text={address} />}
      {give.error && (
        <Text size="sm" c="var(--health-critical)" role="alert">
          {give.error.message}
        </Text>
      )}
      <Group gap="xs" mt="xs">
        <Button
          size="xs"
          variant="default"
          loading={give.isPending}
          onClick={() => {
            if (confirm(t('code.sure'))) give.mutate();
          }}
        >
          {t('code.give')}
        </Button>
        {address && (
          <Button size="xs" variant="subtle" component="a" href={address} target="_blank" rel="noreferrer">
            {t('code.open')}
          </Button>
        )}
      </Group>
    </section>
  );
}
