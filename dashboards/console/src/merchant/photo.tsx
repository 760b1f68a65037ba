import { Button, FileButton, Text } from '@mantine/core';
import { IconCamera } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { apiUrl, seg, sendBytes } from '../api/client.ts';
import { merchantQuery } from '../api/more-queries.ts';
import type { MerchantTicket } from '../api/types.ts';

/** A photo says more than a call: the camera offers itself, and what was sent is listed. */
export function MerchantPhoto({ code, ticket }: { code: string; ticket: MerchantTicket }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const path = `/merchant/${seg(code)}/tickets/${seg(ticket.id)}/attachments`;
  const send = useMutation({
    mutationFn: (file: File) => sendBytes(apiUrl(path, { name: file.name }), file),
    onSettled: () => client.invalidateQueries({ queryKey: merchantQuery(code).queryKey }),
  });
  return (
    <div>
      <FileButton
        accept="image/*,video/*,application/pdf"
        onChange={(file) => {
          if (file) send.mutate(file);
        }}
      >
        {(props) => (
          <Button
            {...props}
            size="sm"
            variant="light"
            loading={send.isPending}
            leftSection={<IconCamera size={17} aria-hidden />}
          >
            {t('file.add')}
          </Button>
        )}
      </FileButton>
      {send.error && (
        <Text size="sm" c="var(--health-critical)" role="alert">
          {t('tickets.failed', { why: send.error.message })}
        </Text>
      )}
      {ticket.attachments.map((file) => (
        <Text key={file.id} size="sm" mt={4}>
          <a href={apiUrl(`${path}/${seg(file.id)}`)} target="_blank" rel="noreferrer">
            {file.name}
          </a>
        </Text>
      ))}
    </div>
  );
}
