import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { keys } from '../api/queries.ts';
import type { SiteView } from '../api/types.ts';
import { EntryForm } from '../components/entry-form.tsx';
import { given, hours, lines, num, text, yes } from '../lib/values.ts';
import { HERE, WORKING_WEEK } from './options.ts';

/** A place where terminals stand: its name, when it is open, and where it is on the map. */
export function PlaceForm({ tenant, site, close }: { tenant: string; site?: SiteView; close(): void }) {
  const { t } = useTranslation();
  return (
    <EntryForm
      title={t(site ? 'form.changePlace' : 'form.newPlace')}
      about={t('form.placeAbout')}
      submit={t('form.save')}
      stale={[keys.sites(tenant), keys.fleet(tenant), ...(site ? [keys.site(tenant, site.site)] : [])]}
      close={close}
      initial={{
        site: site?.site ?? '',
        name: site?.name ?? '',
        timezone: site?.timezone ?? HERE,
        region: site?.region ?? '',
        address: site?.address ?? '',
        contact: site?.contact ?? '',
        lat: site?.lat?.toString() ?? '',
        lon: site?.lon?.toString() ?? '',
        always: site ? site.hours === null : false,
        hours: site?.hours ?? WORKING_WEEK,
      }}
      fields={[
        { name: 'site', label: t('form.placeId'), kind: 'text', fixed: site !== undefined },
        { name: 'name', label: t('form.name'), kind: 'text' },
        { name: 'timezone', label: t('sites.timezone'), kind: 'text', help: t('form.timezoneHelp') },
        { name: 'region', label: t('sites.region'), kind: 'text', optional: true },
        { name: 'address', label: t('sites.address'), kind: 'text', optional: true },
        { name: 'contact', label: t('sites.contact'), kind: 'text', optional: true },
        { name: 'lat', label: t('form.lat'), kind: 'number', min: -90, max: 90, optional: true },
        { name: 'lon', label: t('form.lon'), kind: 'number', min: -180, max: 180, optional: true },
        { name: 'always', label: t('form.always'), kind: 'yes' },
        { name: 'hours', label: t('sites.hours'), kind: 'hours' },
        { name: 'closedOn', label: t('form.closedOn'), kind: 'lines', optional: true, help: t('form.closedOnHelp') },
      ]}
      save={(values) =>
        answer(
          api.PUT('/api/v1/tenants/{tenant}/sites/{site}', {
            params: { path: { tenant, site: text(values, 'site') } },
            body: {
              ...given({
                region: text(values, 'region'),
                address: text(values, 'address'),
                contact: text(values, 'contact'),
                lat: text(values, 'lat') ? num(values, 'lat') : null,
                lon: text(values, 'lon') ? num(values, 'lon') : null,
              }),
              name: text(values, 'name'),
              timezone: text(values, 'timezone'),
              ...(yes(values, 'always') ? {} : { hours: hours(values, 'hours') }),
              ...(text(values, 'closedOn') ? { closedOn: lines(values, 'closedOn') } : {}),
            },
          }),
        )
      }
    />
  );
}
