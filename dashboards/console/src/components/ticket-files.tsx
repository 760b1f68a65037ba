import { Button, FileButton, Text, Title } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { apiUrl, seg, sendBytes } from '../api/client.ts';
import { keys } from '../api/queries.ts';
import { May } from '../api/session.tsx';
import type { Ticket } from '../api/types.ts';
import { fileSize } from '../lib/format.ts';
import { Empty } from './state.tsx';
import { When } from './when.tsx';

/** A ticket's photos and files, and the way to add one; on a phone the camera offers itself. */
export function TicketFiles({ tenant, ticket }: { tenant: string; ticket: Ticket }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const path = `/tenants/${seg(tenant)}/tickets/${seg(ticket.id)}/attachments`;
  const send = useMutation({
    mutationFn: (file: File) => sendBytes(apiUrl(path, { name: file.name }), file),
    onSettled: () => client.invalidateQueries({ queryKey: keys.ticket(tenant, ticket.id) }),
  });
  return (
    <section className="card" aria-labelledby="files">
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 10, alignItems: 'center' }}>
        <Title order={2} id="files">
          {t('file.title')}
        </Title>
        <span className="pushed noprint">
          <May right="tickets:write">
            <FileButton
              accept="image/*,video/*,application/pdf,text/plain,.log,.zip,.gz"
              onChange={(file) => {
                if (file) send.mutate(file);
              }}
            >
              {(props) => (
                <Button
                  {...props}
                  size="xs"
                  variant="default"
                  loading={send.isPending}
                  leftSection={<IconPaperclip size={15} aria-hidden />}
                >
                  {t('file.add')}
                </Button>
              )}
            </FileButton>
          </May>
        </span>
      </div>
      <Text size="xs" className="muted" role="status">
        {send.isPending ? t('file.adding', { name: send.variables.name }) : t('file.help')}
      </Text>
      {send.error && (
        <Text size="sm" c="var(--health-critical)" role="alert">
          {t('tickets.failed', { why: send.error.message })}
        </Text>
      )}
      {ticket.attachments.length === 0 && <Empty>{t('file.none')}</Empty>}
      <ul className="rows">
        {ticket.attachments.map((file) => (
          <li key={file.id} style={{ padding: '6px 0' }}>
            <a href={apiUrl(`${path}/${seg(file.id)}`)} target="_blank" rel="noreferrer">
              {file.name}
            </a>{' '}
            <Text size="xs" className="muted" component="span">
              {fileSize(file.bytes)} · {file.by} · <When at={file.at} />
            </Text>
          </li>
        ))}
      </ul>
    </section>
  );
}
