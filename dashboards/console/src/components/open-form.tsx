import { Button } from '@mantine/core';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Right } from '../../../../contract/rights.ts';
import { useMay } from '../api/session.tsx';

/** A button that opens a form in a dialog: to enter something new, or to change what is there. */
export function OpenForm({
  label,
  change = false,
  right,
  form,
}: {
  label: string;
  change?: boolean;
  /** Shown only to those who hold it. */
  right: Right;
  form(close: () => void): ReactNode;
}) {
  const { t } = useTranslation();
  const may = useMay();
  const [open, setOpen] = useState(false);
  if (!may(right)) return null;
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
