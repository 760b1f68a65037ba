import { Badge, Button, Group, Progress, Text, Title } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlus, IconX } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client.ts';
import { rolloutsQuery } from '../api/more-queries.ts';
import { fleetQuery } from '../api/queries.ts';
import { May } from '../api/session.tsx';
import type { Rollout } from '../api/types.ts';
import { GroupTable } from '../components/group-table.tsx';
import { ExportButton, type ExportColumn } from '../components/plain-table.tsx';
import { Empty, Failed, Loading, PageHead } from '../components/state.tsx';
import { When } from '../components/when.tsx';
import { RolloutForm } from '../forms/rollout-form.tsx';
import { clockOf, duration, number, percent } from '../lib/format.ts';

const EXPORTED: readonly ExportColumn<Rollout>[] = [
  { head: 'id', text: (one) => one.id },
  { head: 'version', text: (one) => one.version },
  { head: 'state', text: (one) => one.state },
  { head: 'stage', text: (one) => one.stage + 1 },
  { head: 'stages', text: (one) => one.stages.map((stage) => stage.share).join(' ') },
  { head: 'terminals', text: (one) => one.terminals },
  { head: 'sent', text: (one) => one.sent },
  { head: 'answered', text: (one) => one.answered },
  { head: 'failed', text: (one) => one.failed },
  { head: 'why', text: (one) => one.why },
  { head: 'by', text: (one) => one.by },
  { head: 'started_at', text: (one) => new Date(one.startedAt).toISOString() },
];

/** Staged firmware rollouts: how far each is, why one halted, and the way to pause, resume or end it. */
export function RolloutsPage() {
  const { t } = useTranslation();
  const { tenant } = useParams({ from: '/gate/t/$tenant' });
  const query = useQuery(rolloutsQuery(tenant));
  const fleet = useQuery(fleetQuery(tenant)).data;
  const [starting, setStarting] = useState(false);
  const items = query.data?.items ?? [];
  return (
    <>
      <PageHead
        title={t('nav.rollouts')}
        note={
          query.data && (
            <>
              {t('when.updated', { when: '' })}
              <When at={query.dataUpdatedAt} />
            </>
          )
        }
      >
        <Group gap="xs">
          <ExportButton name="rollouts" items={items} columns={EXPORTED} />
          <May right="rollouts:write">
            <Button size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => setStarting(true)}>
              {t('rollout.start')}
            </Button>
          </May>
        </Group>
      </PageHead>
      {starting && <RolloutForm tenant={tenant} fleet={fleet} close={() => setStarting(false)} />}
      <div className="grid">
        {query.error && !query.data && <Failed error={query.error} retry={() => void query.refetch()} />}
        {!query.data && !query.error && <Loading />}
        {query.data && items.length === 0 && (
          <section className="card">
            <Empty>{t('rollout.none')}</Empty>
          </section>
        )}
        {items.map((rollout) => (
          <RolloutCard key={rollout.id} tenant={tenant} rollout={rollout} />
        ))}
        {fleet && (
          <section className="card" aria-labelledby="firmware-now">
            <Title order={2} id="firmware-now">
              {t('rollout.firmwareNow')}
            </Title>
            <Text size="sm" className="muted">
              {t('when.updated', { when: '' })}
              <When at={fleet.at} />
            </Text>
            <GroupTable groups={fleet.groups.firmware} by="firmware" tenant={tenant} />
          </section>
        )}
      </div>
    </>
  );
}

const TONE = { running: 'teal', halted: 'red', done: 'green', cancelled: 'gray' } as const;

function RolloutCard({ tenant, rollout }: { tenant: string; rollout: Rollout }) {
  const { t } = useTranslation();
  const waiting = rollout.sent - rollout.answered - rollout.failed;
  const share = (count: number) => (rollout.terminals === 0 ? 0 : (100 * count) / rollout.terminals);
  const told = t('rollout.told', {
    sent: number(rollout.sent),
    terminals: number(rollout.terminals),
    answered: number(rollout.answered),
    failed: number(rollout.failed),
    waiting: number(waiting),
  });
  return (
    <article className="card" aria-label={rollout.id}>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: '6px 12px', alignItems: 'center' }}>
        <Title order={2}>{rollout.version}</Title>
        <Badge color={TONE[rollout.state]} variant="outline" tt="none">
          {t(`rollout.state.${rollout.state}`)}
        </Badge>
        <Text size="sm" className="muted" component="span">
          {rollout.id} · {rollout.by} · <When at={rollout.startedAt} />
        </Text>
        <span className="pushed noprint">
          <May right="rollouts:write">
            <Controls tenant={tenant} rollout={rollout} />
          </May>
        </span>
      </div>
      {rollout.why !== null && (
        <Text
          role={rollout.state === 'halted' ? 'alert' : undefined}
          mt={8}
          p="xs"
          style={{
            borderRadius: 6,
            background: `var(--tint-${rollout.state === 'halted' ? 'critical' : 'unknown'})`,
          }}
        >
          <b>{t(rollout.state === 'halted' ? 'rollout.haltedBecause' : 'rollout.because')}</b> {rollout.why}
        </Text>
      )}
      <Progress.Root size={12} mt={12} role="img" aria-label={told}>
        <Progress.Section withAria={false} value={share(rollout.answered)} color="var(--bar-healthy)" />
        <Progress.Section withAria={false} value={share(rollout.failed)} color="var(--bar-critical)" />
        <Progress.Section withAria={false} value={share(waiting)} color="var(--bar-watch)" />
      </Progress.Root>
      <Text size="sm" mt={6}>
        {told}
      </Text>
      <Stages rollout={rollout} />
      <dl className="dl" style={{ marginTop: 12 }}>
        <dt>{t('rollout.window')}</dt>
        <dd>
          {rollout.window === null
            ? t('rollout.always')
            : `${clockOf(rollout.window.from)}–${clockOf(rollout.window.to)}`}
        </dd>
        <dt>{t('rollout.riskPlan')}</dt>
        <dd>{rollout.riskPlan}</dd>
      </dl>
      <Link className="more" to="/t/$tenant/terminals" params={{ tenant }} search={{ firmware: rollout.version }}>
        {t('rollout.updated')}
      </Link>
    </article>
  );
}

/** Stages in their order: those behind, the one under way, those to come. */
function Stages({ rollout }: { rollout: Rollout }) {
  const { t } = useTranslation();
  const over = rollout.state === 'done';
  return (
    <ol className="stages" aria-label={t('rollout.stages')}>
      {rollout.stages.map((stage, i) => {
        const standing = over || i < rollout.stage ? 'behind' : i === rollout.stage ? 'now' : 'ahead';
        return (
          <li key={stage.share} data-standing={standing} aria-current={standing === 'now' ? 'step' : undefined}>
            <b>{percent(stage.share)}</b>
            <Text size="xs" component="span" display="block">
              {t(`rollout.standing.${standing}`)} · {t('rollout.watched', { span: duration(stage.watchMs) })}
            </Text>
          </li>
        );
      })}
    </ol>
  );
}

function Controls({ tenant, rollout }: { tenant: string; rollout: Rollout }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const params = { path: { tenant, rollout: rollout.id } };
  const send = useMutation({
    mutationFn: (action: 'pause' | 'resume' | 'cancel') =>
      answer(
        action === 'pause'
          ? api.POST('/api/v1/tenants/{tenant}/rollouts/{rollout}/pause', { params })
          : action === 'resume'
            ? api.POST('/api/v1/tenants/{tenant}/rollouts/{rollout}/resume', { params })
            : api.POST('/api/v1/tenants/{tenant}/rollouts/{rollout}/cancel', { params }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: [tenant, 'rollouts'] }),
  });
  if (rollout.state !== 'running' && rollout.state !== 'halted') return null;
  return (
    <Group gap="xs">
      {send.error && (
        <Text size="sm" c="var(--health-critical)" role="alert">
          {send.error.message}
        </Text>
      )}
      {rollout.state === 'running' ? (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlayerPause size={15} aria-hidden />}
          loading={send.isPending}
          onClick={() => send.mutate('pause')}
        >
          {t('rollout.pause')}
        </Button>
      ) : (
        <Button
          size="xs"
          leftSection={<IconPlayerPlay size={15} aria-hidden />}
          loading={send.isPending}
          onClick={() => send.mutate('resume')}
        >
          {t('rollout.resume')}
        </Button>
      )}
      <Button
        size="xs"
        variant="subtle"
        color="red"
        leftSection={<IconX size={15} aria-hidden />}
        loading={send.isPending}
        onClick={() => {
          if (confirm(t('rollout.endSure', { version: rollout.version }))) send.mutate('cancel');
        }}
      >
        {t('rollout.cancel')}
      </Button>
    </Group>
  );
}
