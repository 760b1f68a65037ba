import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { tokensQuery } from '../api/more-queries.ts';
import { sessionQuery } from '../api/session.tsx';
import type { ApiToken } from '../api/types.ts';
import { Block } from '../components/block.tsx';
import { OpenForm } from '../components/open-form.tsx';
import type { PlainColumn } from '../components/plain-table.tsx';
import { RemoveButton } from '../components/remove-button.tsx';
import { When } from '../components/when.tsx';
import { TokenForm } from '../forms/token-form.tsx';

/** Keys for programs: one's own, and those of the people one manages. */
export function TokensBlock() {
  const { t } = useTranslation();
  const query = useQuery(tokensQuery);
  const session = useQuery(sessionQuery).data;
  const iso = (at: number | null) => (at === null ? '' : new Date(at).toISOString());
  const columns: PlainColumn<ApiToken>[] = [
    { head: t('form.name'), cell: (one) => <b>{one.name}</b>, text: (one) => one.name },
    { head: t('token.owner'), cell: (one) => one.username, text: (one) => one.username },
    {
      head: t('token.scopes'),
      cell: (one) => (
        <Text span size="sm" style={{ overflowWrap: 'anywhere' }}>
          {one.scopes.join(', ')}
        </Text>
      ),
      text: (one) => one.scopes.join(' '),
    },
    { head: t('token.created'), cell: (one) => <When at={one.createdAt} />, text: (one) => iso(one.createdAt) },
    {
      head: t('token.expires'),
      cell: (one) => (one.expiresAt === null ? t('token.never') : <When at={one.expiresAt} />),
      text: (one) => iso(one.expiresAt),
    },
    {
      head: t('token.used'),
      cell: (one) => (one.usedAt === null ? t('token.unused') : <When at={one.usedAt} />),
      text: (one) => iso(one.usedAt),
    },
    {
      head: '',
      end: true,
      cell: (one) => (
        <RemoveButton
          label={t('token.revoke')}
          name={one.name}
          sure={t('token.revokeSure', { name: one.name })}
          stale={tokensQuery.queryKey}
          remove={() => answer(api.DELETE('/api/v1/tokens/{id}', { params: { path: { id: one.id } } }))}
        />
      ),
    },
  ];
  return (
    <Block
      title={t('settings.tokens')}
      help={t('token.help')}
      none={t('token.none')}
      name="tokens"
      action={
        <OpenForm
          right="own"
          label={t('token.new')}
          form={(close) => <TokenForm owner={session?.user?.username ?? ''} close={close} />}
        />
      }
      query={query}
      columns={columns}
      idOf={(one) => one.id}
    />
  );
}
