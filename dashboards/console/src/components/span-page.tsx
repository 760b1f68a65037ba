import { SegmentedControl } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failed, Loading, PageHead } from './state.tsx';
import { When } from './when.tsx';

const SPANS = ['30', '90', '365'] as const;

/** A page of figures over the last so many days: its head with the choice of them, and the figures once they are there. */
export function SpanPage<T>({
  title,
  query,
  said,
  days,
  choose,
  children,
}: {
  title: string;
  query: UseQueryResult<T>;
  /** How much the figures are made of. */
  said(data: T): string;
  days: string;
  choose(days: string): void;
  children(data: T): ReactNode;
}) {
  const { t } = useTranslation();
  const { data, error } = query;
  return (
    <>
      <PageHead
        title={title}
        note={
          data !== undefined && (
            <>
              {said(data)} · {t('when.updated', { when: '' })}
              <When at={query.dataUpdatedAt} />
            </>
          )
        }
      >
        <SegmentedControl
          size="xs"
          aria-label={t('report.span')}
          value={days}
          onChange={choose}
          data={SPANS.map((value) => ({ value, label: t('report.days', { days: value }) }))}
        />
      </PageHead>
      {data !== undefined ? (
        <div className="grid">{children(data)}</div>
      ) : error ? (
        <Failed error={error} retry={() => void query.refetch()} />
      ) : (
        <Loading />
      )}
    </>
  );
}
