import { Button, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { holdsQuery } from '../api/more-queries.ts';
import { useMay } from '../api/session.tsx';
import type { Hold } from '../api/types.ts';
import { Block } from '../components/block.tsx';
import { OpenForm } from '../components/open-form.tsx';
import type { PlainColumn } from '../components/plain-table.tsx';
import { HoldForm } from '../forms/hold-form.tsx';
import { useNow } from '../lib/clock.ts';
import { shortMoment } from '../lib/format.ts';

/** What is held back, why, and until when. */
export function HoldsBlock({ tenant }: { tenant: string }) {
  const { t } = useTranslation();
  const now = useNow();
  const may = useMay();
  const client = useQueryClient();
  const query = useQuery(holdsQuery(tenant));
  const end = useMutation({
    mutationFn: (id: string) =>
      answer(api.DELETE('/api/v1/tenants/{tenant}/holds/{id}', { params: { path: { tenant, id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: [tenant, 'holds'] }),
  });
  const match = (one: Hold) =>
    Object.entries(one.match)
      .map(
        ([key, value]) => `${t(`column.${key}`, { defaultValue: t(`field.${key}`, { defaultValue: key }) })}: ${value}`,
      )
      .join(', ') || t('list.all');
  const columns: PlainColumn<Hold>[] = [
    { head: t('settings.kind'), cell: (one) => t(`settings.hold.${one.kind}`), text: (one) => one.kind },
    { head: t('settings.match'), cell: match, text: match },
    { head: t('field.from'), cell: (one) => shortMoment(one.from), text: (one) => new Date(one.from).toISOString() },
    { head: t('field.to'), cell: (one) => shortMoment(one.to), text: (one) => new Date(one.to).toISOString() },
    { head: t('field.why'), cell: (one) => `${one.reason} (${one.by})`, text: (one) => one.reason },
    {
      head: '',
      end: true,
      cell: (one) =>
        one.to > now &&
        may('incidents:write') && (
          <Button size="compact-xs" variant="default" loading={end.isPending} onClick={() => end.mutate(one.id)}>
            {t('settings.end')}
          </Button>
        ),
    },
  ];
  return (
    <>
      <Block
        title={t('settings.holds')}
        help={t('settings.holdsHelp')}
        none={t('settings.holdsNone')}
        name="holds"
        action={
          <OpenForm
            right="incidents:write"
            label={t('form.newHold')}
            form={(close) => <HoldForm tenant={tenant} close={close} />}
          />
        }
        query={query}
        columns={columns}
        idOf={(one) => one.id}
      />
      {end.error && (
        <Text size="sm" c="var(--health-critical)" role="alert">
          {end.error.message}
        </Text>
      )}
    </>
  );
}
