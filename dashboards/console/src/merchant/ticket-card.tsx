import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconCalendarEvent, IconHandStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { MerchantTicket } from '../api/types.ts';
import { useFaultName } from '../components/finding.tsx';
import { When } from '../components/when.tsx';
import { dayAndTime, dayOnly, money, timeOnly } from '../lib/format.ts';
import { CommentForm, Rating, Signing } from './answers.tsx';
import { FirstAid } from './first-aid.tsx';
import { MerchantPhoto } from './photo.tsx';
import { useMerchantEvent } from './use-merchant-event.tsx';

/** One fault as its merchant follows it: where it stands in a sentence, when who comes, and what is asked of them. */
export function MerchantTicketCard({ code, ticket }: { code: string; ticket: MerchantTicket }) {
  const { t } = useTranslation();
  const faultName = useFaultName();
  const title = ticket.fault === null ? ticket.title : faultName(ticket.fault.component, ticket.fault.mode);
  const may = (event: MerchantTicket['allowed'][number]) => ticket.allowed.includes(event);
  return (
    <article className="card" aria-label={`${ticket.id}: ${title}`} data-waits={ticket.waitsForYou || undefined}>
      <Stack gap="sm">
        <div>
          <Text size="sm" className="muted">
            {ticket.id} · <When at={ticket.openedAt} />
          </Text>
          <Title order={2}>{title}</Title>
        </div>
        {/* What the platform found by itself was reported by nobody. */}
        <Text role="status">
          {t(`merchant.state.${ticket.state === 'reported' && ticket.fault !== null ? 'found' : ticket.state}`)}
        </Text>
        {ticket.waitsForYou && (
          <Alert color="orange" variant="light" icon={<IconHandStop aria-hidden />} title={t('merchant.waitsForYou')}>
            {ticket.question}
          </Alert>
        )}
        {ticket.appointment !== null && ticket.closedAt === null && (
          <Alert
            color="teal"
            variant="light"
            icon={<IconCalendarEvent aria-hidden />}
            title={t('merchant.appointment')}
          >
            {dayAndTime(ticket.appointment.from)}–{timeOnly(ticket.appointment.to)} ·{' '}
            {t(`word.${ticket.appointment.place}`)}
            {ticket.appointment.technician !== null && ` · ${ticket.appointment.technician}`}
          </Alert>
        )}
        {ticket.eta !== null && ticket.closedAt === null && (
          <Text>
            {t('merchant.ready', { day: dayOnly(ticket.eta.dueAt) })}{' '}
            <Text span size="sm" className="muted">
              {t('merchant.between', { from: dayOnly(ticket.eta.earliestAt), to: dayOnly(ticket.eta.latestAt) })}
            </Text>
          </Text>
        )}
        {ticket.quote !== null && <Quote code={code} ticket={ticket} quote={ticket.quote} />}
        {may('first_aid_step') || may('start_first_aid') ? <FirstAid code={code} ticket={ticket} /> : null}
        {may('sign_acceptance') && <Signing code={code} ticket={ticket} />}
        {may('rate') && <Rating code={code} ticket={ticket} />}
        {ticket.closedAt === null && <MerchantPhoto code={code} ticket={ticket} />}
        <Other code={code} ticket={ticket} />
        <Story ticket={ticket} />
      </Stack>
    </article>
  );
}

function Quote({
  code,
  ticket,
  quote,
}: {
  code: string;
  ticket: MerchantTicket;
  quote: NonNullable<MerchantTicket['quote']>;
}) {
  const { t } = useTranslation();
  const send = useMerchantEvent(code, ticket);
  return (
    <section aria-label={t('merchant.quote')}>
      <Title order={3}>{t('merchant.quote')}</Title>
      <dl className="dl">
        {quote.items.map((item) => (
          <div key={item.text} style={{ display: 'contents' }}>
            <dt>{item.text}</dt>
            <dd style={{ textAlign: 'end' }}>{money(item.amount, quote.currency)}</dd>
          </div>
        ))}
        <dt>
          <b>{t('merchant.total')}</b>
        </dt>
        <dd style={{ textAlign: 'end' }}>
          <b>{money(quote.amount, quote.currency)}</b>
        </dd>
      </dl>
      {quote.validUntil !== null && !quote.answered && (
        <Text size="sm" className="muted">
          {t('merchant.validUntil', { day: dayOnly(quote.validUntil) })}
        </Text>
      )}
      {send.error}
      {ticket.allowed.includes('consent') && (
        <Group grow mt="sm">
          <Button size="md" loading={send.isPending} onClick={() => send.send({ type: 'consent' })}>
            {t('merchant.accept')}
          </Button>
          <Button
            size="md"
            variant="default"
            loading={send.isPending}
            onClick={() => send.send({ type: 'refuse_quote' })}
          >
            {t('merchant.refuse')}
          </Button>
        </Group>
      )}
    </section>
  );
}

/** What may be done at any time, out of the way of what is asked. */
function Other({ code, ticket }: { code: string; ticket: MerchantTicket }) {
  const { t } = useTranslation();
  const send = useMerchantEvent(code, ticket);
  const may = (event: MerchantTicket['allowed'][number]) => ticket.allowed.includes(event);
  return (
    <>
      {may('comment') && <CommentForm code={code} ticket={ticket} />}
      <Group gap="xs">
        {may('resume') && ticket.waitsForYou && (
          <Button size="sm" loading={send.isPending} onClick={() => send.send({ type: 'resume' })}>
            {t('merchant.resume')}
          </Button>
        )}
        {may('reopen') && ticket.closedAt !== null && (
          <Button
            size="sm"
            variant="default"
            loading={send.isPending}
            onClick={() => send.send({ type: 'reopen', why: t('merchant.stillBroken') })}
          >
            {t('merchant.stillBroken')}
          </Button>
        )}
        {may('cancel') && (
          <Button
            size="sm"
            variant="subtle"
            loading={send.isPending}
            onClick={() => send.send({ type: 'cancel', why: t('merchant.worksAgain') })}
          >
            {t('merchant.worksAgain')}
          </Button>
        )}
      </Group>
      {send.error}
    </>
  );
}

function Story({ ticket }: { ticket: MerchantTicket }) {
  const { t } = useTranslation();
  if (ticket.story.length === 0) return null;
  return (
    <details>
      <summary>{t('merchant.story')}</summary>
      <ol className="story" style={{ marginTop: 10 }}>
        {[...ticket.story].reverse().map((entry, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a story only grows, and is drawn anew whole
          <li key={i}>
            <Text size="sm">{entry.text}</Text>
            <Text size="xs" className="muted">
              <When at={entry.at} />
            </Text>
          </li>
        ))}
      </ol>
    </details>
  );
}
