import { Button, Text, Title } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { contractsQuery, thresholdsQuery } from '../api/more-queries.ts';
import { useMay } from '../api/session.tsx';
import type { ServiceContract, Thresholds } from '../api/types.ts';
import { Block } from '../components/block.tsx';
import { OpenForm } from '../components/open-form.tsx';
import type { PlainColumn } from '../components/plain-table.tsx';
import { Failed, Loading } from '../components/state.tsx';
import { ContractForm } from '../forms/contract-form.tsx';
import { ThresholdsForm } from '../forms/thresholds-form.tsx';
import { clockOf, duration, number, percent, weekday } from '../lib/format.ts';

const MINUTE = 60_000;

/** From where on something is done, and how soon it has to be. */
export function ThresholdsBlock({ tenant }: { tenant: string }) {
  return (
    <div className="grid">
      <Standing tenant={tenant} />
      <Contracts tenant={tenant} />
    </div>
  );
}

function Standing({ tenant }: { tenant: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const { data, error } = useQuery(thresholdsQuery(tenant));
  const [changing, setChanging] = useState(false);
  return (
    <section className="card" aria-labelledby="thresholds">
      <div style={{ display: 'flex', gap: 10, alignItems: 'center', flexWrap: 'wrap' }}>
        <Title order={2} id="thresholds">
          {t('settings.thresholds')}
        </Title>
        {data && may('incidents:write') && (
          <Button
            className="pushed"
            size="xs"
            variant="default"
            leftSection={<IconPencil size={14} aria-hidden />}
            onClick={() => setChanging(true)}
          >
            {t('threshold.change')}
          </Button>
        )}
      </div>
      <Text size="sm" className="muted" mb={8}>
        {t('threshold.help')}
      </Text>
      {error && !data && <Failed error={error} />}
      {!data && !error && <Loading />}
      {data && (
        <dl className="dl wide">
          {entriesOf(data, t).map(([name, value]) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {data && changing && <ThresholdsForm tenant={tenant} set={data} close={() => setChanging(false)} />}
    </section>
  );
}

function entriesOf(set: Thresholds, t: ReturnType<typeof useTranslation>['t']): [string, string][] {
  return [
    [t('threshold.ticketFrom'), t(`health.${set.ticketFrom}`)],
    [t('threshold.minProbability'), percent(set.minProbability)],
    [t('threshold.settleMinutes'), number(set.settleMinutes)],
    [t('threshold.flappingOpenings'), number(set.flappingOpenings)],
    [t('threshold.flappingHours'), number(set.flappingHours)],
    [t('threshold.warnAtShare'), percent(set.warnAtShare)],
    ...Object.entries(set.healthyHours).map(([part, hours]): [string, string] => [
      t('threshold.healthy', { part: part === 'other' ? t('threshold.other') : t(`component.${part}`) }),
      number(hours),
    ]),
    [t('threshold.followUpDays'), number(set.followUpDays)],
    [t('threshold.badMarkBelow'), number(set.badMarkBelow)],
  ];
}

function Contracts({ tenant }: { tenant: string }) {
  const { t } = useTranslation();
  const query = useQuery(contractsQuery(tenant));
  const level = (name: 'critical' | 'warning'): PlainColumn<ServiceContract> => ({
    head: `${t(`health.${name}`)}: ${t('contract.times')}`,
    cell: (one) =>
      `${duration(one.levels[name].responseMinutes * MINUTE)} / ${duration(one.levels[name].repairMinutes * MINUTE)}`,
    text: (one) => `${one.levels[name].responseMinutes}/${one.levels[name].repairMinutes} min`,
  });
  const whom = (one: ServiceContract) => [...one.sites, ...one.regions].join(', ') || t('list.all');
  const columns: PlainColumn<ServiceContract>[] = [
    {
      head: t('form.name'),
      cell: (one) => (
        <>
          <b>{one.name}</b>
          {one.active ? '' : ` (${t('form.inactive')})`}
        </>
      ),
      text: (one) => one.name,
    },
    { head: t('contract.whom'), cell: whom, text: whom },
    level('critical'),
    level('warning'),
    { head: t('contract.hours'), cell: (one) => week(one, t), text: (one) => week(one, t) },
    {
      head: '',
      end: true,
      cell: (one) => (
        <OpenForm
          right="providers:write"
          change
          label={one.name}
          form={(close) => <ContractForm tenant={tenant} contract={one} close={close} />}
        />
      ),
    },
  ];
  return (
    <Block
      title={t('contract.title')}
      help={t('contract.about')}
      none={t('contract.none')}
      name="service-contracts"
      action={
        <OpenForm
          right="providers:write"
          label={t('contract.new')}
          form={(close) => <ContractForm tenant={tenant} close={close} />}
        />
      }
      query={query}
      columns={columns}
      idOf={(one) => one.id}
    />
  );
}

/** `Mon–Fri 09:00–18:00`: days with the same hours are named together. */
function week({ hours }: ServiceContract, t: ReturnType<typeof useTranslation>['t']): string {
  if (!hours) return t('contract.always');
  const parts: string[] = [];
  for (let day = 0; day < 7; day++) {
    const open = hours.week[day];
    if (!open) continue;
    let last = day;
    for (let next = hours.week[last + 1]; next?.opens === open.opens && next.closes === open.closes; ) {
      last += 1;
      next = hours.week[last + 1];
    }
    const days = last === day ? weekday(day, 'short') : `${weekday(day, 'short')}–${weekday(last, 'short')}`;
    parts.push(`${days} ${clockOf(open.opens)}–${clockOf(open.closes)}`);
    day = last;
  }
  return `${parts.join(', ')} (${hours.timezone})`;
}
