import { Button, Checkbox, Group, Menu, NativeSelect, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, answer, api } from '../api/client.ts';
import { keys } from '../api/queries.ts';
import type { TicketAnswer } from '../api/types.ts';
import { eventOf, type Step, type StepField, stepsFor } from '../lib/steps.ts';

/** The next step as the one obvious button; every other fitting step behind a menu. */
export function TicketSteps({ tenant, page }: { tenant: string; page: TicketAnswer }) {
  const { t } = useTranslation();
  const { ticket } = page;
  const [chosen, setChosen] = useState<Step | null>(null);
  const { next, others } = stepsFor(ticket, page.allowed);
  const name = (step: Step) => t(`step.${step.event}`, { defaultValue: step.event.replaceAll('_', ' ') });
  return (
    <section className="card noprint" aria-labelledby="next">
      <Title order={2} id="next" mb={8}>
        {t('tickets.next')}
      </Title>
      {chosen ? (
        <StepForm
          key={chosen.event}
          tenant={tenant}
          page={page}
          step={chosen}
          name={name(chosen)}
          close={() => setChosen(null)}
        />
      ) : (
        <Group gap="sm">
          {next ? (
            <Button size="md" onClick={() => setChosen(next)}>
              {name(next)}
            </Button>
          ) : (
            <Text size="sm" className="muted">
              {t('tickets.done')}
            </Text>
          )}
          {others.length > 0 && (
            <Menu position="bottom-start">
              <Menu.Target>
                <Button variant="default" rightSection={<IconChevronDown size={15} aria-hidden />}>
                  {t('tickets.otherSteps')}
                </Button>
              </Menu.Target>
              <Menu.Dropdown mah={360} style={{ overflow: 'auto' }}>
                {others.map((step) => (
                  <Menu.Item key={step.event} color={step.grave ? 'red' : undefined} onClick={() => setChosen(step)}>
                    {name(step)}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
      )}
    </section>
  );
}

function StepForm({
  tenant,
  page,
  step,
  name,
  close,
}: {
  tenant: string;
  page: TicketAnswer;
  step: Step;
  name: string;
  close(): void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { ticket } = page;
  const [values, setValues] = useState<Record<string, string | boolean>>(() =>
    Object.fromEntries(step.fields.map((field) => [field.name, initialOf(field, page)])),
  );
  const send = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/tenants/{tenant}/tickets/{id}/events', {
          params: { path: { tenant, id: ticket.id } },
          body: { version: ticket.version, event: eventOf(step, values) },
        }),
      ),
    onSuccess: () => close(),
    onSettled: () => client.invalidateQueries({ queryKey: keys.ticket(tenant, ticket.id) }),
  });
  const missing = step.fields.some((field) => !field.optional && field.kind !== 'yes' && values[field.name] === '');
  return (
    <form
      aria-label={name}
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <Stack gap="xs">
        <Text fw={650}>{name}</Text>
        {step.fields.map((field) => (
          <Field
            key={field.name}
            field={field}
            value={values[field.name] ?? ''}
            set={(value) => setValues((all) => ({ ...all, [field.name]: value }))}
          />
        ))}
        {send.error && (
          <Text size="sm" c="var(--health-critical)" role="alert">
            {send.error instanceof ApiError && send.error.code === 'ticket.conflict'
              ? t('tickets.conflict')
              : t('tickets.failed', { why: send.error.message })}
          </Text>
        )}
        <Group gap="sm">
          <Button type="submit" loading={send.isPending} disabled={missing} color={step.grave ? 'red' : undefined}>
            {name}
          </Button>
          <Button variant="subtle" onClick={close}>
            {t('tickets.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Field({
  field,
  value,
  set,
}: {
  field: StepField;
  value: string | boolean;
  set(value: string | boolean): void;
}) {
  const { t } = useTranslation();
  const label = t(`field.${field.name}`, { defaultValue: field.name });
  const word = (option: string) =>
    t(`word.${option}`, {
      defaultValue: t(`component.${option}`, { defaultValue: t(`health.${option}`, { defaultValue: option }) }),
    });
  const common = { label, required: !field.optional, withAsterisk: false, size: 'sm' } as const;
  switch (field.kind) {
    case 'yes':
      return <Checkbox label={label} checked={value === true} onChange={(event) => set(event.currentTarget.checked)} />;
    case 'long':
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          value={String(value)}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case 'choice':
      return (
        <NativeSelect
          {...common}
          value={String(value)}
          data={(field.options ?? []).map((option) => ({ value: option, label: option === '' ? '–' : word(option) }))}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case 'yesno':
      return (
        <NativeSelect
          {...common}
          value={String(value)}
          data={['unknown', 'yes', 'no'].map((option) => ({ value: option, label: word(option) }))}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case 'when':
      return (
        <TextInput
          {...common}
          type="datetime-local"
          value={String(value)}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case 'number':
    case 'money':
      return (
        <TextInput
          {...common}
          type="number"
          min={0}
          step={field.kind === 'money' ? '0.01' : '1'}
          value={String(value)}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case 'text':
      return <TextInput {...common} value={String(value)} onChange={(event) => set(event.currentTarget.value)} />;
  }
}

function initialOf(field: StepField, { ticket }: TicketAnswer): string | boolean {
  if (field.name === 'component') return ticket.component ?? '';
  if (field.name === 'provider') return ticket.provider ?? '';
  if (field.name === 'technician') return ticket.technician ?? '';
  if (field.kind === 'yesno') return 'unknown';
  return field.initial ?? (field.kind === 'yes' ? false : '');
}
