import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { providersQuery } from '../api/more-queries.ts';
import type { Provider } from '../api/types.ts';
import { Block } from '../components/block.tsx';
import { OpenForm } from '../components/open-form.tsx';
import type { PlainColumn } from '../components/plain-table.tsx';
import { ProviderForm } from '../forms/provider-form.tsx';
import { number } from '../lib/format.ts';

/** Who repairs, where, and how much they can take. */
export function ProvidersBlock({ tenant }: { tenant: string }) {
  const { t } = useTranslation();
  const query = useQuery(providersQuery(tenant));
  const columns: PlainColumn<Provider>[] = [
    {
      head: t('tickets.provider'),
      cell: (one) => (
        <>
          <b>{one.name}</b>
          {one.active ? '' : ` (${t('form.inactive')})`}
        </>
      ),
      text: (one) => one.name,
    },
    { head: t('settings.regions'), cell: (one) => one.regions.join(', '), text: (one) => one.regions.join(' ') },
    {
      head: t('settings.skills'),
      cell: (one) => one.skills.map((skill) => (skill === '*' ? t('list.all') : t(`component.${skill}`))).join(', '),
      text: (one) => one.skills.join(' '),
    },
    {
      head: t('settings.load'),
      end: true,
      cell: (one) => `${number(one.openTickets)} / ${number(one.capacity)}`,
      text: (one) => one.openTickets,
    },
    {
      head: t('settings.mark'),
      end: true,
      cell: (one) => (one.mark === null ? '–' : number(one.mark)),
      text: (one) => one.mark,
    },
    { head: t('sites.contact'), cell: (one) => one.contact, text: (one) => one.contact },
    {
      head: '',
      end: true,
      cell: (one) => (
        <OpenForm
          right="providers:write"
          change
          label={one.name}
          form={(close) => <ProviderForm tenant={tenant} provider={one} close={close} />}
        />
      ),
    },
  ];
  return (
    <Block
      title={t('settings.providers')}
      none={t('settings.providersNone')}
      name="providers"
      action={
        <OpenForm
          right="providers:write"
          label={t('form.newProvider')}
          form={(close) => <ProviderForm tenant={tenant} close={close} />}
        />
      }
      query={query}
      columns={columns}
      idOf={(one) => one.id}
    />
  );
}
