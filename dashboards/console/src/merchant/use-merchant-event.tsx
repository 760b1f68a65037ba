import { Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { merchantQuery } from '../api/more-queries.ts';
import type { MerchantEvent, MerchantTicket } from '../api/types.ts';

export interface MerchantSender {
  send(event: MerchantEvent): void;
  readonly isPending: boolean;
  /** What went wrong, in a sentence to be shown where it was asked. */
  readonly error: ReactNode;
}

/** Sends what a merchant answers to a ticket, and reads the page again. */
export function useMerchantEvent(code: string, ticket: MerchantTicket, done?: () => void): MerchantSender {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (event: MerchantEvent) =>
      answer(
        api.POST('/api/v1/merchant/{code}/tickets/{id}/events', {
          params: { path: { code, id: ticket.id } },
          body: { event },
        }),
      ),
    onSuccess: done,
    onSettled: () => client.invalidateQueries({ queryKey: merchantQuery(code).queryKey }),
  });
  return {
    send: mutate,
    isPending,
    error: error && (
      <Text size="sm" c="var(--health-critical)" role="alert">
        {t('tickets.failed', { why: error.message })}
      </Text>
    ),
  };
}
