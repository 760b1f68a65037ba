import { Button, Code, Group, NativeSelect, Text } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { deadLettersQuery } from '../api/more-queries.ts';
import { May } from '../api/session.tsx';
import type { DeadLetter } from '../api/types.ts';
import { ExportButton, type ExportColumn } from '../components/plain-table.tsx';
import { Empty, Failed, Loading, PageHead } from '../components/state.tsx';
import { When } from '../components/when.tsx';
import { number } from '../lib/format.ts';

type Reason = NonNullable<Parameters<typeof deadLettersQuery>[1]['reason']>;

/** Messages that could not be used: why, what they were, and the way back in once the cause is mended. */
export function DeadLettersPage() {
  const { t } = useTranslation();
  const { tenant } = useParams({ from: '/gate/t/$tenant' });
  const [reason, setReason] = useState<Reason | ''>('');
  const query = useInfiniteQuery(deadLettersQuery(tenant, reason === '' ? {} : { reason }));
  const first = query.data?.pages[0];
  const letters = query.data?.pages.flatMap((page) => page.items) ?? [];
  const counts = Object.entries(first?.counts ?? {}).sort((a, b) => b[1] - a[1]);
  const name = (word: string) => t(`reason.${word}`, { defaultValue: word.replaceAll('_', ' ') });
  const columns: ExportColumn<DeadLetter>[] = [
    { head: 'received_at', text: (one) => new Date(one.receivedAt).toISOString() },
    { head: 'topic', text: (one) => one.topic },
    { head: 'reason', text: (one) => one.reason },
    { head: 'field', text: (one) => one.field },
    { head: 'detail', text: (one) => one.detail },
    { head: 'payload', text: (one) => one.payload },
  ];
  return (
    <>
      <PageHead
        title={t('nav.deadLetters')}
        note={
          first && (
            <>
              {t('list.showing', { total: number(first.total) })} · {t('when.updated', { when: '' })}
              <When at={query.dataUpdatedAt} />
            </>
          )
        }
      >
        <Group gap="xs">
          <NativeSelect
            size="xs"
            aria-label={t('dead.reason')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value as Reason | '')}
            data={[
              { value: '', label: t('list.all') },
              ...counts.map(([word, count]) => ({ value: word, label: `${name(word)} (${number(count)})` })),
            ]}
          />
          <ExportButton name="dead-letters" items={letters} columns={columns} />
        </Group>
      </PageHead>
      {query.error && !query.data ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Loading />
      ) : letters.length === 0 ? (
        <Empty>{t('dead.none')}</Empty>
      ) : (
        <div className="card">
          <ul className="rows">
            {letters.map((letter) => (
              <li key={letter.id}>
                <Letter tenant={tenant} letter={letter} reason={name(letter.reason)} />
              </li>
            ))}
          </ul>
          {query.hasNextPage && (
            <Button
              variant="default"
              size="xs"
              mt="sm"
              loading={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {t('list.more')}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

function Letter({ tenant, letter, reason }: { tenant: string; letter: DeadLetter; reason: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const replay = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/tenants/{tenant}/dead-letters/{id}/replay', { params: { path: { tenant, id: letter.id } } }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: [tenant, 'dead-letters'] }),
  });
  return (
    <article style={{ padding: '10px 0' }}>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: '4px 10px', alignItems: 'baseline' }}>
        <Text span fw={650}>
          {reason}
        </Text>
        {letter.field !== null && <Code>{letter.field}</Code>}
        {letter.terminal !== null && (
          <Link to="/t/$tenant/terminals/$terminal" params={{ tenant, terminal: letter.terminal }}>
            {letter.terminal}
          </Link>
        )}
        <Text span size="xs" className="muted pushed">
          <When at={letter.receivedAt} />
        </Text>
      </div>
      <Text size="sm">{letter.detail}</Text>
      <details>
        <summary style={{ cursor: 'pointer', fontSize: '0.8125rem' }}>{t('dead.message')}</summary>
        <Text size="xs" className="muted">
          {letter.topic}
        </Text>
        <Code block style={{ maxHeight: 220, overflow: 'auto', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {letter.payload}
        </Code>
      </details>
      <Group gap="sm" mt={6}>
        {letter.replayable ? (
          <May right="fleet:write">
            <Button size="compact-xs" variant="default" loading={replay.isPending} onClick={() => replay.mutate()}>
              {t('dead.replay')}
            </Button>
          </May>
        ) : (
          <Text span size="xs" className="muted">
            {t('dead.masked')}
          </Text>
        )}
        {letter.replayedAt !== null && (
          <Text span size="xs" className="muted">
            {t('dead.replayed')} <When at={letter.replayedAt} />
          </Text>
        )}
        {replay.error && (
          <Text span size="xs" c="var(--health-critical)" role="alert">
            {replay.error.message}
          </Text>
        )}
      </Group>
    </article>
  );
}
