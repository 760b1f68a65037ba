import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PlatformStatus } from '../api/types.ts';
import { number } from '../lib/format.ts';

/** Journal batches from which on findings are told late enough to say so: some seconds of a busy line. */
const FAR_BEHIND = 200;

/** While the platform starts or the demonstration's past is loading: what is going on, and how far it is. */
export function PlatformBanner({ status }: { status: PlatformStatus | undefined }) {
  const { t } = useTranslation();
  if (!status) return null;
  if (!status.ready) return <Banner text={t('demo.starting')} share={null} note="" />;
  if (status.demo?.phase === 'judging')
    return <Banner text={t('demo.judging')} share={null} note={t('demo.judgingNote')} />;
  if (status.demo?.phase !== 'history') {
    const behind = status.behind ?? 0;
    if (behind < FAR_BEHIND) return null;
    return <Banner text={t('demo.behind')} share={null} note={t('demo.behindNote', { count: number(behind) })} />;
  }
  const { done, total } = status.demo;
  return (
    <Banner
      text={t('demo.history')}
      share={total === 0 ? null : (done / total) * 100}
      note={t('demo.progress', { pct: total === 0 ? 0 : number(Math.floor((done / total) * 100)) })}
    />
  );
}

function Banner({ text, share, note }: { text: string; share: number | null; note: string }) {
  return (
    <div className="card" role="status" style={{ marginBottom: 12, padding: '10px 16px' }}>
      <Text size="sm" fw={600}>
        {text}
      </Text>
      <progress className="banner" max={100} value={share ?? undefined} aria-label={text} />
      <Text size="xs" className="muted" mt={4} style={{ minHeight: '1.2em' }}>
        {note}
      </Text>
    </div>
  );
}
