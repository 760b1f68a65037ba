import { Button } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Says that a list is held still while it is read, and offers its newest state. */
export function Held({ count, show }: { count: number; show(): void }) {
  const { t } = useTranslation();
  if (count === 0) return null;
  return (
    <Button
      className="noprint"
      size="compact-sm"
      variant="light"
      leftSection={<IconPlayerPause size={14} aria-hidden />}
      onClick={show}
    >
      {t('live.held', { count })} · {t('live.show')}
    </Button>
  );
}
