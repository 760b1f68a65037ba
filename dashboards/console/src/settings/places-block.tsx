import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { sitesQuery } from '../api/queries.ts';
import type { SiteView } from '../api/types.ts';
import { Block } from '../components/block.tsx';
import { OpenForm } from '../components/open-form.tsx';
import type { PlainColumn } from '../components/plain-table.tsx';
import { PlaceForm } from '../forms/place-form.tsx';
import { number } from '../lib/format.ts';

/** Places by name, the first hundred; the rest are found on the page of sites, where each has its own form. */
export function PlacesBlock({ tenant }: { tenant: string }) {
  const { t } = useTranslation();
  const { data, error } = useInfiniteQuery(sitesQuery(tenant, { sort: 'name' }));
  const first = data?.pages[0];
  const columns: PlainColumn<SiteView>[] = [
    {
      head: t('column.site'),
      cell: (one) => (
        <Link to="/t/$tenant/sites/$site" params={{ tenant, site: one.site }}>
          {one.name}
        </Link>
      ),
      text: (one) => one.name,
    },
    { head: t('form.id'), cell: (one) => one.site, text: (one) => one.site },
    { head: t('sites.region'), cell: (one) => one.region, text: (one) => one.region },
    { head: t('sites.timezone'), cell: (one) => one.timezone, text: (one) => one.timezone },
    {
      head: t('sites.terminals'),
      end: true,
      cell: (one) => number(one.group.health.total),
      text: (one) => one.group.health.total,
    },
    {
      head: '',
      end: true,
      cell: (one) => (
        <OpenForm
          right="fleet:write"
          change
          label={one.name}
          form={(close) => <PlaceForm tenant={tenant} site={one} close={close} />}
        />
      ),
    },
  ];
  return (
    <Block
      title={t('settings.places')}
      help={
        first && first.total > first.items.length ? t('settings.placesMore', { total: number(first.total) }) : undefined
      }
      none={t('sites.empty')}
      name="places"
      action={
        <OpenForm
          right="fleet:write"
          label={t('form.newPlace')}
          form={(close) => <PlaceForm tenant={tenant} close={close} />}
        />
      }
      query={{ data: first, error }}
      columns={columns}
      idOf={(one) => one.site}
    />
  );
}
