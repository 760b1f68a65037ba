import { Button, Chip, Group, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { merchantQuery } from '../api/more-queries.ts';
import { locale } from '../i18n/index.ts';

const SYMPTOMS = [
  'noPrint',
  'faintPrint',
  'jam',
  'noNetwork',
  'noPower',
  'battery',
  'card',
  'tap',
  'slow',
  'lost',
] as const;
const BEGAN = { now: 0, today: 6, yesterday: 24, week: 120 } as const;
type Began = keyof typeof BEGAN;
const OFTEN = ['always', 'often', 'sometimes', 'once'] as const;
const HOUR = 3_600_000;

/** Reports a fault in a few touches; the words of the symptom decide which first-aid steps are shown next. */
export function MerchantReport({ code, close }: { code: string; close(): void }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [symptom, setSymptom] = useState<string>('');
  const [told, setTold] = useState('');
  const [began, setBegan] = useState<Began>('now');
  const [often, setOften] = useState<string>('always');
  const [contact, setContact] = useState('');
  const words = [symptom && t(`merchant.symptom.${symptom}`), told.trim()]
    .filter(Boolean)
    .join(locale() === 'zh-CN' ? '：' : ': ');
  const send = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/merchant/{code}/reports', {
          params: { path: { code } },
          body: {
            symptom: words,
            beganAt: Date.now() - BEGAN[began] * HOUR,
            frequency: t(`merchant.often.${often}`),
            language: i18n.language === 'zh' ? 'zh' : 'en',
            ...(contact.trim() ? { contact: contact.trim() } : {}),
          },
        }),
      ),
    onSuccess: close,
    onSettled: () => client.invalidateQueries({ queryKey: merchantQuery(code).queryKey }),
  });
  return (
    <form
      className="card"
      aria-labelledby="report"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <Stack gap="md">
        <Title order={2} id="report">
          {t('merchant.report')}
        </Title>
        <Choices
          label={t('merchant.what')}
          value={symptom}
          set={setSymptom}
          options={SYMPTOMS}
          prefix="merchant.symptom"
        />
        <Textarea
          label={t('merchant.words')}
          autosize
          minRows={2}
          required={symptom === ''}
          withAsterisk={false}
          minLength={symptom === '' ? 3 : undefined}
          value={told}
          onChange={(event) => setTold(event.currentTarget.value)}
        />
        <Choices
          label={t('merchant.since')}
          value={began}
          set={(value) => setBegan(value as Began)}
          options={Object.keys(BEGAN)}
          prefix="merchant.began"
        />
        <Choices label={t('field.frequency')} value={often} set={setOften} options={OFTEN} prefix="merchant.often" />
        <TextInput
          label={t('merchant.contact')}
          autoComplete="tel"
          value={contact}
          onChange={(event) => setContact(event.currentTarget.value)}
        />
        {send.error && (
          <Text c="var(--health-critical)" role="alert">
            {t('tickets.failed', { why: send.error.message })}
          </Text>
        )}
        <Button size="lg" type="submit" loading={send.isPending} disabled={words.length < 3}>
          {t('merchant.send')}
        </Button>
        <Button variant="subtle" onClick={close}>
          {t('tickets.cancel')}
        </Button>
      </Stack>
    </form>
  );
}

function Choices({
  label,
  value,
  set,
  options,
  prefix,
}: {
  label: string;
  value: string;
  set(value: string): void;
  options: readonly string[];
  prefix: string;
}) {
  const { t } = useTranslation();
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <Text component="legend" size="sm" fw={500} mb={6}>
        {label}
      </Text>
      <Chip.Group value={value} onChange={(next) => set(next as string)}>
        <Group gap={8}>
          {options.map((option) => (
            <Chip key={option} value={option} size="md" variant="outline">
              {t(`${prefix}.${option}`)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </fieldset>
  );
}
