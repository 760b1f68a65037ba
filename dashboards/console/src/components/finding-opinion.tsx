import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { holdsQuery } from '../api/more-queries.ts';
import { keys } from '../api/queries.ts';
import type { operations } from '../api/schema.gen.ts';
import { May } from '../api/session.tsx';
import type { FindingView } from '../api/types.ts';
import { num, text } from '../lib/values.ts';
import { EntryForm } from './entry-form.tsx';
import { When } from './when.tsx';

type Mode = NonNullable<operations['markFindingWrong']['requestBody']['content']['application/json']['mode']>;

/** What a person may say to a finding: be quiet for a time, or you are wrong; the engine learns from the latter. */
export function FindingOpinion({ tenant, finding }: { tenant: string; finding: FindingView }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<'mute' | 'wrong' | null>(null);
  const { terminal, component } = finding;
  if (terminal === null) return null;
  const about = { terminal, component, mode: finding.mode as Mode };
  const close = () => setAsking(null);
  return (
    <May right="findings:write">
      <Group gap="xs" mt={6} className="noprint">
        <Button size="compact-xs" variant="default" onClick={() => setAsking('mute')}>
          {t('opinion.mute')}
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => setAsking('wrong')}>
          {t('opinion.wrong')}
        </Button>
        <Muted tenant={tenant} finding={finding} />
      </Group>
      {asking && (
        <EntryForm
          title={t(`opinion.${asking}`)}
          about={t(`opinion.${asking}About`)}
          submit={t(`opinion.${asking}`)}
          stale={[keys.terminal(tenant, terminal), [tenant, 'holds'], keys.fleet(tenant)]}
          close={close}
          initial={{ hours: '24', note: '' }}
          fields={[
            ...(asking === 'mute'
              ? [{ name: 'hours', label: t('opinion.hours'), kind: 'number', min: 1, max: 8760, step: 1 } as const]
              : []),
            { name: 'note', label: t('field.why'), kind: 'long', optional: asking === 'mute' },
          ]}
          save={(values) => {
            const note = text(values, 'note');
            const body = { ...about, ...(note ? { note } : {}) };
            return asking === 'wrong'
              ? answer(api.POST('/api/v1/tenants/{tenant}/findings/wrong', { params: { path: { tenant } }, body }))
              : answer(
                  api.POST('/api/v1/tenants/{tenant}/findings/mute', {
                    params: { path: { tenant } },
                    body: { ...body, hours: num(values, 'hours') },
                  }),
                );
          }}
        />
      )}
    </May>
  );
}

/** Says that alerts of this finding are held back, where a hold names it. */
function Muted({ tenant, finding }: { tenant: string; finding: FindingView }) {
  const { t } = useTranslation();
  const holds = useQuery(holdsQuery(tenant)).data?.items ?? [];
  const now = Date.now();
  const hold = holds.find(
    ({ from, to, match }) =>
      from <= now &&
      to > now &&
      (match.fingerprint === finding.fingerprint ||
        (match.terminal === finding.terminal && (match.component ?? finding.component) === finding.component)),
  );
  if (!hold) return null;
  return (
    <Text size="xs" className="muted">
      {t('opinion.held')} <When at={hold.to} />
    </Text>
  );
}
