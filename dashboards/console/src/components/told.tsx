import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Says something that is to be seen before one goes on. */
export function Told({ title, close, children }: { title: string; close(): void; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': t('form.done') }}>
      {children}
      <Button mt="md" onClick={close}>
        {t('form.done')}
      </Button>
    </Modal>
  );
}
