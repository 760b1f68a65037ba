import { Button, Group, Radio, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MerchantTicket } from '../api/types.ts';
import { useMerchantEvent } from './use-merchant-event.tsx';

interface Props {
  readonly code: string;
  readonly ticket: MerchantTicket;
}

/** The merchant confirms that the terminal works again, by name. */
export function Signing({ code, ticket }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const send = useMerchantEvent(code, ticket, () => setName(''));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send.send({ type: 'sign_acceptance', by: name.trim() });
      }}
    >
      <Stack gap="xs">
        <Title order={3}>{t('merchant.sign')}</Title>
        <Text size="sm">{t('merchant.signHelp')}</Text>
        <TextInput
          label={t('merchant.name')}
          autoComplete="name"
          required
          withAsterisk={false}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {send.error}
        <Button type="submit" size="md" loading={send.isPending}>
          {t('merchant.signButton')}
        </Button>
      </Stack>
    </form>
  );
}

const MARKS = ['attitude', 'speed', 'result'] as const;

/** Marks from one to five; a bad one opens the ticket again. */
export function Rating({ code, ticket }: Props) {
  const { t } = useTranslation();
  const [marks, setMarks] = useState<Readonly<Record<string, string>>>({});
  const [comment, setComment] = useState('');
  const send = useMerchantEvent(code, ticket);
  const ready = MARKS.every((mark) => marks[mark] !== undefined);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send.send({
          type: 'rate',
          attitude: Number(marks.attitude),
          speed: Number(marks.speed),
          result: Number(marks.result),
          ...(comment.trim() ? { comment: comment.trim() } : {}),
        });
      }}
    >
      <Stack gap="xs">
        <Title order={3}>{t('merchant.rate')}</Title>
        {MARKS.map((mark) => (
          <Radio.Group
            key={mark}
            label={t(`field.${mark}`)}
            value={marks[mark] ?? ''}
            onChange={(value) => setMarks((all) => ({ ...all, [mark]: value }))}
          >
            <Group gap="md" mt={4}>
              {['1', '2', '3', '4', '5'].map((value) => (
                <Radio key={value} value={value} label={value} />
              ))}
            </Group>
          </Radio.Group>
        ))}
        <Text size="xs" className="muted">
          {t('merchant.rateHelp')}
        </Text>
        <Textarea
          label={t('field.comment')}
          autosize
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        {send.error}
        <Button type="submit" size="md" disabled={!ready} loading={send.isPending}>
          {t('merchant.rateButton')}
        </Button>
      </Stack>
    </form>
  );
}

/** A word to those who repair, behind one touch. */
export function CommentForm({ code, ticket }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const send = useMerchantEvent(code, ticket, () => {
    setText('');
    setOpen(false);
  });
  if (!open) {
    return (
      <Button size="sm" variant="subtle" style={{ alignSelf: 'flex-start' }} onClick={() => setOpen(true)}>
        {t('merchant.write')}
      </Button>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send.send({ type: 'comment', text: text.trim() });
      }}
    >
      <Textarea
        label={t('merchant.write')}
        autosize
        minRows={2}
        required
        withAsterisk={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {send.error}
      <Group gap="xs" mt="xs">
        <Button type="submit" size="sm" loading={send.isPending}>
          {t('tickets.send')}
        </Button>
        <Button size="sm" variant="subtle" onClick={() => setOpen(false)}>
          {t('tickets.cancel')}
        </Button>
      </Group>
    </form>
  );
}
