import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import type { ServiceContract } from '../api/types.ts';
import { EntryForm, type Values } from '../components/entry-form.tsx';
import type { FormField } from '../components/field.tsx';
import { hours, lines, num, text, yes } from '../lib/values.ts';
import { HERE, WORKING_WEEK } from './options.ts';

const LEVELS = ['critical', 'warning', 'watch'] as const;
const USUAL = { critical: [2, 24], warning: [8, 72], watch: [24, 168] } as const;

/** Service levels by contract: how soon somebody answers, how soon it is repaired, and when that time counts. */
export function ContractForm({
  tenant,
  contract,
  close,
}: {
  tenant: string;
  contract?: ServiceContract;
  close(): void;
}) {
  const { t } = useTranslation();
  const within = (kind: 'response' | 'repair', level: (typeof LEVELS)[number]): FormField => ({
    name: `${kind}.${level}`,
    label: t(`contract.${kind}`, { level: t(`health.${level}`) }),
    kind: 'number',
    min: 0.25,
    max: 8_760,
    step: 0.25,
  });
  return (
    <EntryForm
      title={t(contract ? 'contract.change' : 'contract.new')}
      about={t('contract.about')}
      submit={t('form.save')}
      stale={[[tenant, 'contracts']]}
      close={close}
      initial={{
        id: contract?.id ?? '',
        name: contract?.name ?? '',
        sites: contract?.sites.join('\n') ?? '',
        regions: contract?.regions.join('\n') ?? '',
        ...Object.fromEntries(
          LEVELS.flatMap((level) => {
            const known = contract?.levels[level];
            const [response, repair] = known ? [known.responseMinutes / 60, known.repairMinutes / 60] : USUAL[level];
            return [
              [`response.${level}`, String(response)],
              [`repair.${level}`, String(repair)],
            ];
          }),
        ),
        always: !contract?.hours,
        hours: contract?.hours?.week ?? WORKING_WEEK,
        timezone: contract?.hours?.timezone ?? HERE,
        holidays: contract?.hours?.holidays.join('\n') ?? '',
        active: contract?.active ?? true,
      }}
      fields={[
        {
          name: 'id',
          label: t('form.id'),
          kind: 'text',
          pattern: '[a-z0-9-]{1,40}',
          help: t('form.slug'),
          fixed: contract !== undefined,
        },
        { name: 'name', label: t('form.name'), kind: 'text' },
        { name: 'sites', label: t('nav.sites'), kind: 'lines', optional: true, help: t('contract.sitesHelp') },
        { name: 'regions', label: t('settings.regions'), kind: 'lines', optional: true },
        ...LEVELS.flatMap((level) => [within('response', level), within('repair', level)]),
        { name: 'always', label: t('contract.always'), kind: 'yes' },
        { name: 'hours', label: t('contract.hours'), kind: 'hours' },
        { name: 'timezone', label: t('sites.timezone'), kind: 'text', help: t('form.timezoneHelp') },
        { name: 'holidays', label: t('contract.holidays'), kind: 'lines', optional: true, placeholder: '2026-12-25' },
        { name: 'active', label: t('form.active'), kind: 'yes' },
      ]}
      save={(values) =>
        answer(
          api.PUT('/api/v1/tenants/{tenant}/service-contracts/{contract}', {
            params: { path: { tenant, contract: text(values, 'id') } },
            body: {
              name: text(values, 'name'),
              sites: lines(values, 'sites'),
              regions: lines(values, 'regions'),
              levels: {
                critical: levelOf(values, 'critical'),
                warning: levelOf(values, 'warning'),
                watch: levelOf(values, 'watch'),
              },
              hours: yes(values, 'always')
                ? null
                : {
                    week: hours(values, 'hours'),
                    timezone: text(values, 'timezone'),
                    holidays: lines(values, 'holidays'),
                  },
              active: yes(values, 'active'),
            },
          }),
        )
      }
    />
  );
}

function levelOf(values: Values, level: (typeof LEVELS)[number]): { responseMinutes: number; repairMinutes: number } {
  const minutes = (kind: string) => Math.round(num(values, `${kind}.${level}`) * 60);
  return { responseMinutes: minutes('response'), repairMinutes: minutes('repair') };
}
