import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { custodyQuery } from '../api/more-queries.ts';
import { Empty, Failed, Loading } from './state.tsx';
import { When } from './when.tsx';

/** Who had a device when, and why it changed hands; read when it is unfolded. */
export function Custody({ tenant, asset }: { tenant: string; asset: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { data, error } = useQuery({ ...custodyQuery(tenant, asset), enabled: open });
  const unknown = error instanceof ApiError && error.status === 404;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Text size="sm" component="span">
          {t('stock.custody')}
        </Text>
      </summary>
      {open && !data && !error && <Loading />}
      {error && !unknown && <Failed error={error} />}
      {(unknown || data?.custody.length === 0) && <Empty>{t('stock.custodyNone')}</Empty>}
      <ol className="rows">
        {data?.custody.map((one) => (
          <li key={`${one.at}${one.state}`} style={{ padding: '6px 0' }}>
            <Text size="sm" component="span" fw={600}>
              {t(`stock.state.${one.state}`)}
            </Text>{' '}
            <Text size="sm" component="span">
              {one.from === one.to ? one.to : `${one.from} → ${one.to}`}
            </Text>{' '}
            <Text size="xs" component="span" className="muted">
              {one.why} · {one.by}
              {one.ticket !== null && (
                <>
                  {' · '}
                  <Link to="/t/$tenant/tickets/$ticket" params={{ tenant, ticket: one.ticket }}>
                    {one.ticket}
                  </Link>
                </>
              )}
              {' · '}
              <When at={one.at} />
            </Text>
          </li>
        ))}
      </ol>
    </details>
  );
}
