import { Alert, Button, Center, Loader, Stack, Text, Title } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';

/** What is shown while the first answer is awaited: nothing for the first moment, so that fast answers do not flash. */
export function Loading() {
  const { t } = useTranslation();
  return (
    <Center py={60} role="status" aria-label={t('list.loading')}>
      <Loader size="sm" />
    </Center>
  );
}

/** Says that something could not be loaded, why, and offers to try again. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const offline = error instanceof ApiError && error.status === 0;
  return (
    <Alert color="red" variant="light" icon={<IconPlugConnectedX />} title={t('error.title')} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{offline ? t('error.offline') : error instanceof Error ? error.message : String(error)}</Text>
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            {t('error.retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** A page's title with what belongs beside it. */
export function PageHead({ title, note, children }: { title: ReactNode; note?: ReactNode; children?: ReactNode }) {
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: '6px 16px', alignItems: 'baseline', marginBottom: 12 }}>
      <Title order={1}>{title}</Title>
      {note && (
        <Text size="sm" className="muted" component="div">
          {note}
        </Text>
      )}
      {children && <div className="pushed noprint">{children}</div>}
    </div>
  );
}

/** A quiet sentence where a list is empty. */
export function Empty({ children }: { children: ReactNode }) {
  return (
    <Text size="sm" className="muted" py="xs">
      {children}
    </Text>
  );
}

/** Stands in for a page that failed, without taking the frame down with it. */
export function Crashed({ error, reset }: { error: unknown; reset: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Text>{t('error.crashed')}</Text>
      <Failed error={error} retry={reset} />
    </Stack>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Center py={80}>
      <Stack align="center">
        <Text>{t('error.page')}</Text>
        <Button component="a" href="/" variant="light">
          {t('error.home')}
        </Button>
      </Stack>
    </Center>
  );
}
