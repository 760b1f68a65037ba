import { Button, Group, Text, Title } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MerchantTicket } from '../api/types.ts';
import { useMerchantEvent } from './use-merchant-event.tsx';

/** The steps that fit the symptom, one after the other, each with its result: nobody has to repeat them, and often one of them helps. */
export function FirstAid({ code, ticket }: { code: string; ticket: MerchantTicket }) {
  const { t, i18n } = useTranslation();
  const send = useMerchantEvent(code, ticket);
  // What was just said shows at once; what was said before comes with the ticket.
  const [said, setSaid] = useState<Readonly<Record<string, string>>>({});
  const tried: Readonly<Record<string, string>> = {
    ...Object.fromEntries(ticket.firstAidDone.map((one) => [one.step, one.result])),
    ...said,
  };
  if (!ticket.allowed.includes('first_aid_step')) {
    return (
      <>
        <Button size="md" loading={send.isPending} onClick={() => send.send({ type: 'start_first_aid' })}>
          {t('merchant.tryFirst')}
        </Button>
        {send.error}
      </>
    );
  }
  if (ticket.firstAid.length === 0) return null;
  const say = (step: string, result: 'helped' | 'no_change' | 'not_possible') => {
    setSaid((all) => ({ ...all, [step]: result }));
    send.send({ type: 'first_aid_step', step, result });
  };
  return (
    <section aria-label={t('merchant.firstAid')}>
      <Title order={3}>{t('merchant.firstAid')}</Title>
      <Text size="sm" className="muted">
        {t('merchant.firstAidHelp')}
      </Text>
      <ol className="aid">
        {ticket.firstAid.map((step) => (
          <li key={step.step}>
            <Text>{i18n.language === 'zh' ? step.zh : step.en}</Text>
            {tried[step.step] === undefined ? (
              <Group gap="xs" mt={6}>
                <Button size="sm" variant="light" onClick={() => say(step.step, 'helped')}>
                  {t('merchant.helped')}
                </Button>
                <Button size="sm" variant="default" onClick={() => say(step.step, 'no_change')}>
                  {t('merchant.noChange')}
                </Button>
                <Button size="sm" variant="subtle" onClick={() => say(step.step, 'not_possible')}>
                  {t('merchant.cannot')}
                </Button>
              </Group>
            ) : (
              <Text size="sm" className="muted" mt={4}>
                <IconCheck size={14} aria-hidden /> {t(`word.${tried[step.step]}`)}
              </Text>
            )}
          </li>
        ))}
      </ol>
      {send.error}
    </section>
  );
}
