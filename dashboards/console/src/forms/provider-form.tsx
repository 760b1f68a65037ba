import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import type { Provider } from '../api/types.ts';
import { EntryForm } from '../components/entry-form.tsx';
import { hours, lines, many, num, text, textOrNull, yes } from '../lib/values.ts';
import { componentOptions, HERE, WORKING_WEEK } from './options.ts';

type Skill = Provider['skills'][number];

/** A service provider: what it repairs and where, how much it can take, and when. */
export function ProviderForm({ tenant, provider, close }: { tenant: string; provider?: Provider; close(): void }) {
  const { t } = useTranslation();
  return (
    <EntryForm
      title={t(provider ? 'form.changeProvider' : 'form.newProvider')}
      submit={t('form.save')}
      stale={[[tenant, 'providers']]}
      close={close}
      initial={{
        id: provider?.id ?? '',
        name: provider?.name ?? '',
        contact: provider?.contact ?? '',
        regions: provider?.regions.join('\n') ?? '',
        skills: provider?.skills ?? ['*'],
        capacity: String(provider?.capacity ?? 20),
        minutesPerDay: String(provider?.minutesPerDay ?? 420),
        technicians: provider?.technicians.map((one) => one.name).join('\n') ?? '',
        people: provider?.people.join('\n') ?? '',
        timezone: provider?.timezone ?? HERE,
        hours: provider?.hours ?? WORKING_WEEK,
        active: provider?.active ?? true,
      }}
      fields={[
        {
          name: 'id',
          label: t('form.id'),
          kind: 'text',
          pattern: '[a-z0-9-]{1,40}',
          help: t('form.slug'),
          fixed: provider !== undefined,
        },
        { name: 'name', label: t('form.name'), kind: 'text' },
        { name: 'contact', label: t('sites.contact'), kind: 'text', optional: true },
        { name: 'regions', label: t('settings.regions'), kind: 'lines', help: t('form.regionsHelp'), optional: true },
        {
          name: 'skills',
          label: t('settings.skills'),
          kind: 'many',
          options: [{ value: '*', label: t('list.all') }, ...componentOptions(t)],
        },
        { name: 'capacity', label: t('form.capacity'), kind: 'number', min: 1, step: 1 },
        { name: 'minutesPerDay', label: t('form.minutesPerDay'), kind: 'number', min: 30, step: 1 },
        { name: 'technicians', label: t('form.technicians'), kind: 'lines', optional: true },
        { name: 'people', label: t('form.people'), kind: 'lines', optional: true, help: t('form.peopleHelp') },
        { name: 'timezone', label: t('sites.timezone'), kind: 'text', help: t('form.timezoneHelp') },
        { name: 'hours', label: t('form.working'), kind: 'hours' },
        { name: 'active', label: t('form.active'), kind: 'yes' },
      ]}
      save={(values) => {
        const known = new Map(provider?.technicians.map((one) => [one.name, one]));
        return answer(
          api.PUT('/api/v1/tenants/{tenant}/providers/{provider}', {
            params: { path: { tenant, provider: text(values, 'id') } },
            body: {
              name: text(values, 'name'),
              contact: textOrNull(values, 'contact'),
              regions: lines(values, 'regions'),
              skills: many<Skill>(values, 'skills'),
              capacity: num(values, 'capacity'),
              minutesPerDay: num(values, 'minutesPerDay'),
              // Whoever is known keeps their own skills; somebody new can do what the provider can.
              technicians: lines(values, 'technicians').map(
                (name) => known.get(name) ?? { name, skills: many<Skill>(values, 'skills') },
              ),
              people: lines(values, 'people'),
              timezone: text(values, 'timezone'),
              hours: hours(values, 'hours'),
              active: yes(values, 'active'),
            },
          }),
        );
      }}
    />
  );
}
