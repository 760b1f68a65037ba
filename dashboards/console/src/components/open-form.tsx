import { Button } from '@mantine/core';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** A button that opens a form in a dialog: to enter something new, or to change what is there. */
export function OpenForm({
  label,
  change = false,
  form,
}: {
  label: string;
  change?: boolean;
  form(close: () => void): ReactNode;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      {change ? (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPencil size={13} aria-hidden />}
          aria-label={`${t('form.change')}: ${label}`}
          onClick={() => setOpen(true)}
        >
          {t('form.change')}
        </Button>
      ) : (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => setOpen(true)}
        >
          {label}
        </Button>
      )}
      {open && form(() => setOpen(false))}
    </>
  );
}
