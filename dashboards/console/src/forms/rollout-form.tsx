import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import type { FleetView } from '../api/types.ts';
import { EntryForm } from '../components/entry-form.tsx';
import { clock, lines, num, share, text } from '../lib/values.ts';

const HOUR = 3_600_000;

/** Asks for all that a staged rollout needs before it is started; nothing is sent to a terminal until the answer comes back. */
export function RolloutForm({ tenant, fleet, close }: { tenant: string; fleet: FleetView | undefined; close(): void }) {
  const { t } = useTranslation();
  const named = (groups: readonly { key: string }[] | undefined) => [
    { value: '', label: t('list.all') },
    ...(groups ?? []).map((group) => ({ value: group.key, label: group.key })),
  ];
  return (
    <EntryForm
      title={t('rollout.start')}
      about={t('rollout.about')}
      submit={t('rollout.start')}
      stale={[[tenant, 'rollouts']]}
      close={close}
      initial={{
        model: '',
        fromFirmware: '',
        stages: '5 % 4 h\n25 % 24 h\n100 % 24 h',
        maxFailed: '10',
        maxWorse: '2',
      }}
      fields={[
        { name: 'id', label: t('rollout.id'), kind: 'text', pattern: '[a-z0-9-]{1,30}', help: t('form.slug') },
        { name: 'version', label: t('rollout.version'), kind: 'text' },
        { name: 'url', label: t('rollout.url'), kind: 'text', pattern: 'https?://.+', placeholder: 'https://' },
        { name: 'sha256', label: 'SHA-256', kind: 'text', pattern: '[0-9a-f]{64}', help: t('rollout.sha256') },
        {
          name: 'model',
          label: t('column.model'),
          kind: 'choice',
          optional: true,
          options: named(fleet?.groups.model),
        },
        {
          name: 'fromFirmware',
          label: t('rollout.from'),
          kind: 'choice',
          optional: true,
          options: named(fleet?.groups.firmware),
        },
        { name: 'stages', label: t('rollout.stages'), kind: 'lines', help: t('rollout.stagesHelp') },
        { name: 'from', label: t('rollout.windowFrom'), kind: 'clock', optional: true },
        { name: 'to', label: t('rollout.windowTo'), kind: 'clock', optional: true },
        { name: 'maxFailed', label: t('rollout.maxFailed'), kind: 'share', min: 0, max: 100 },
        { name: 'maxWorse', label: t('rollout.maxWorse'), kind: 'number', min: 1, max: 20 },
        { name: 'riskPlan', label: t('rollout.riskPlan'), kind: 'long', min: 10, help: t('rollout.riskHelp') },
      ]}
      save={(values) => {
        const from = clock(values, 'from');
        const to = clock(values, 'to');
        const model = text(values, 'model');
        const fromFirmware = text(values, 'fromFirmware');
        return answer(
          api.PUT('/api/v1/tenants/{tenant}/rollouts/{rollout}', {
            params: { path: { tenant, rollout: text(values, 'id') } },
            body: {
              version: text(values, 'version'),
              url: text(values, 'url'),
              sha256: text(values, 'sha256'),
              ...(model ? { model } : {}),
              ...(fromFirmware ? { fromFirmware } : {}),
              stages: lines(values, 'stages').map((line) => stageOf(line, t('rollout.stagesHelp'))),
              window: from === null || to === null ? null : { from, to },
              maxFailed: share(values, 'maxFailed'),
              maxWorse: num(values, 'maxWorse'),
              riskPlan: text(values, 'riskPlan'),
            },
          }),
        );
      }}
    />
  );
}

/** `25 % 24 h` as a stage. */
function stageOf(line: string, help: string): { share: number; watchMs: number } {
  const match = /^(\d+(?:\.\d+)?)\s*%\s*[,;]?\s*(\d+(?:\.\d+)?)\s*(h|d|小时|天)$/i.exec(line);
  if (!match) throw new RangeError(`${line}: ${help}`);
  const unit = /^(d|天)$/i.test(match[3]!) ? 24 * HOUR : HOUR;
  return { share: Number(match[1]) / 100, watchMs: Math.round(Number(match[2]) * unit) };
}
