import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, type FieldValue, type FormField } from './field.tsx';

export type Values = Readonly<Record<string, FieldValue>>;

export interface EntryFormProps {
  readonly title: string;
  /** What will happen, in a sentence. */
  readonly about?: string;
  readonly fields: readonly FormField[];
  readonly initial: Values;
  readonly submit: string;
  readonly grave?: boolean;
  /** Sends it; what it throws is shown, and the form stays. */
  save(values: Values): Promise<unknown>;
  /** Keys of queries that are stale afterwards. */
  readonly stale: readonly (readonly unknown[])[];
  /** Called once it is saved. */
  close(): void;
  /** Called when it is given up; left out: as after saving. */
  cancel?(): void;
}

/** A form that asks, sends, and says what went wrong, in a dialog of its own. */
export function EntryForm({
  title,
  about,
  fields,
  initial,
  submit,
  grave,
  save,
  stale,
  close,
  cancel = close,
}: EntryFormProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [values, setValues] = useState<Values>(initial);
  const send = useMutation({
    mutationFn: () => save(values),
    onSuccess: close,
    onSettled: () => Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
  return (
    <Modal opened onClose={cancel} title={title} size="lg" closeButtonProps={{ 'aria-label': t('tickets.cancel') }}>
      <form
        aria-label={title}
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate();
        }}
      >
        <Stack gap="sm">
          {about && <Text size="sm">{about}</Text>}
          {fields.map((field) => (
            <Field
              key={field.name}
              field={field}
              value={values[field.name] ?? ''}
              set={(value) => setValues((all) => ({ ...all, [field.name]: value }))}
            />
          ))}
          {send.error && (
            <Text size="sm" c="var(--health-critical)" role="alert">
              {t('tickets.failed', { why: send.error.message })}
            </Text>
          )}
          <Group gap="sm">
            <Button type="submit" loading={send.isPending} color={grave ? 'red' : undefined}>
              {submit}
            </Button>
            <Button variant="subtle" onClick={cancel}>
              {t('tickets.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
