import { Button, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { merchantQuery } from '../api/more-queries.ts';
import { OtherLanguages } from '../components/other-languages.tsx';
import { Failed, Loading } from '../components/state.tsx';
import { When } from '../components/when.tsx';
import { MerchantReport } from '../merchant/report.tsx';
import { MerchantTicketCard } from '../merchant/ticket-card.tsx';

/** What a merchant sees of one terminal, by the code on its sticker: no account, no console around it, made for a phone. */
export function MerchantRoute() {
  const { t } = useTranslation();
  const { code } = useParams({ from: '/m/$code' });
  const { data, error, refetch, dataUpdatedAt } = useQuery(merchantQuery(code));
  const [reporting, setReporting] = useState(false);
  const unknown = error instanceof ApiError && (error.status === 404 || error.status === 400);
  return (
    <main className="merchant">
      <header>
        <img src="/favicon.svg" alt="" width={24} height={24} />
        <Text fw={700} component="span">
          {t('merchant.help')}
        </Text>
        <span className="pushed">
          <OtherLanguages />
        </span>
      </header>
      {unknown ? (
        <section className="card">
          <Title order={1}>{t('merchant.unknown')}</Title>
          <Text mt={8}>{t('merchant.unknownHelp')}</Text>
        </section>
      ) : !data ? (
        error ? (
          <Failed error={error} retry={() => void refetch()} />
        ) : (
          <Loading />
        )
      ) : (
        <>
          <div>
            <Title order={1}>{data.merchant ?? t('merchant.yours')}</Title>
            <Text className="muted">
              {t('terminal.title', { id: data.terminal })}
              {data.model !== null && ` · ${data.model}`}
            </Text>
          </div>
          {inOrder(data.tickets)
            .filter((ticket) => ticket.closedAt === null)
            .map((ticket) => (
              <MerchantTicketCard key={ticket.id} code={code} ticket={ticket} />
            ))}
          {reporting ? (
            <MerchantReport code={code} close={() => setReporting(false)} />
          ) : (
            <Button size="lg" fullWidth variant="light" onClick={() => setReporting(true)}>
              {t('merchant.report')}
            </Button>
          )}
          {data.tickets.every((ticket) => ticket.closedAt !== null) && (
            <Text className="muted" ta="center">
              {t('merchant.nothingOpen')}
            </Text>
          )}
          {inOrder(data.tickets)
            .filter((ticket) => ticket.closedAt !== null)
            .map((ticket) => (
              <MerchantTicketCard key={ticket.id} code={code} ticket={ticket} />
            ))}
          <Text size="xs" className="muted" ta="center">
            {t('when.asOf', { when: '' })}
            <When at={dataUpdatedAt} />
          </Text>
        </>
      )}
    </main>
  );
}

/** Those that wait for the merchant first, then the newest. */
function inOrder<T extends { waitsForYou: boolean; openedAt: number }>(tickets: readonly T[]): T[] {
  return [...tickets].sort((a, b) => Number(b.waitsForYou) - Number(a.waitsForYou) || b.openedAt - a.openedAt);
}
