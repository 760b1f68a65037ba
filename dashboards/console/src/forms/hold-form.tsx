import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import type { Hold } from '../api/types.ts';
import { EntryForm } from '../components/entry-form.tsx';
import { fieldMoment, given, text, when } from '../lib/values.ts';
import { componentOptions } from './options.ts';

const HOUR = 3_600_000;
type Component = NonNullable<Hold['match']['component']>;

/** Holds alerts back for a time: a mute, or announced maintenance. What happens meanwhile is looked at again when it ends. */
export function HoldForm({ tenant, close }: { tenant: string; close(): void }) {
  const { t } = useTranslation();
  const now = Date.now();
  return (
    <EntryForm
      title={t('form.newHold')}
      about={t('settings.holdsHelp')}
      submit={t('form.hold')}
      stale={[[tenant, 'holds']]}
      close={close}
      initial={{ kind: 'maintenance', from: fieldMoment(now), to: fieldMoment(now + 2 * HOUR) }}
      fields={[
        {
          name: 'kind',
          label: t('settings.kind'),
          kind: 'choice',
          options: (['maintenance', 'mute'] as const).map((value) => ({ value, label: t(`settings.hold.${value}`) })),
        },
        { name: 'site', label: t('column.site'), kind: 'text', optional: true, help: t('form.holdHelp') },
        { name: 'terminal', label: t('column.terminal'), kind: 'text', optional: true },
        { name: 'model', label: t('column.model'), kind: 'text', optional: true },
        { name: 'firmware', label: t('column.firmware'), kind: 'text', optional: true },
        {
          name: 'component',
          label: t('field.component'),
          kind: 'choice',
          optional: true,
          options: [{ value: '', label: t('list.all') }, ...componentOptions(t)],
        },
        { name: 'from', label: t('field.from'), kind: 'when' },
        { name: 'to', label: t('field.to'), kind: 'when' },
        { name: 'reason', label: t('field.why'), kind: 'text' },
      ]}
      save={(values) =>
        answer(
          api.POST('/api/v1/tenants/{tenant}/holds', {
            params: { path: { tenant } },
            body: {
              kind: text(values, 'kind') as Hold['kind'],
              match: given({
                site: text(values, 'site'),
                terminal: text(values, 'terminal'),
                model: text(values, 'model'),
                firmware: text(values, 'firmware'),
                component: text(values, 'component') as Component | '',
              }),
              from: when(values, 'from'),
              to: when(values, 'to'),
              reason: text(values, 'reason'),
            },
          }),
        )
      }
    />
  );
}
