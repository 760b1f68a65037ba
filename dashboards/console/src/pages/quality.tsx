import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { qualityQuery } from '../api/more-queries.ts';
import type { ModelQuality } from '../api/types.ts';
import { Calibration } from '../components/calibration.tsx';
import { FactTile } from '../components/fact-tile.tsx';
import { useFaultName } from '../components/finding.tsx';
import { ExportButton, type PlainColumn, PlainTable } from '../components/plain-table.tsx';
import { SpanPage } from '../components/span-page.tsx';
import { Empty } from '../components/state.tsx';
import { duration, number, percent } from '../lib/format.ts';

const HOUR = 3_600_000;
const hours = (value: number | null) => (value === null ? '–' : duration(value * HOUR));
type Group = ModelQuality['groups'][number];
type Learned = ModelQuality['learned'][number];

/** How good the findings were: how many were right, how early they came, and whether their probabilities can be believed. */
export function QualityPage() {
  const { t } = useTranslation();
  const { tenant } = useParams({ from: '/gate/t/$tenant' });
  const { days = '90' } = useSearch({ from: '/gate/t/$tenant/quality' });
  const navigate = useNavigate({ from: '/t/$tenant/quality' });
  const query = useQuery(qualityQuery(tenant, Number(days)));
  return (
    <SpanPage
      title={t('nav.quality')}
      query={query}
      said={({ total }) => t('quality.raised', { count: total.raised, total: number(total.raised) })}
      days={days}
      choose={(value) => void navigate({ search: { days: value }, replace: true })}
    >
      {(data) => (
        <>
          <Text size="sm" className="muted" maw={820}>
            {t('quality.help')}
          </Text>
          <Total total={data.total} />
          <div className="grid two">
            <Calibration bins={data.calibration} />
            <Taught learned={data.learned} />
          </div>
          <Groups tenant={tenant} groups={data.groups} />
        </>
      )}
    </SpanPage>
  );
}

function Total({ total }: { total: ModelQuality['total'] }) {
  const { t } = useTranslation();
  const judged = total.right + total.wrong;
  return (
    <section aria-label={t('nav.quality')} className="grid tiles">
      <FactTile
        name={t('quality.precision')}
        value={percent(total.precision)}
        note={
          total.precisionLow !== null && total.precisionHigh !== null
            ? t('quality.interval', { low: percent(total.precisionLow), high: percent(total.precisionHigh) })
            : t('quality.noneJudged')
        }
      />
      <FactTile
        name={t('quality.judged')}
        value={number(judged)}
        note={t('quality.ofThem', { right: number(total.right), wrong: number(total.wrong) })}
      />
      <FactTile
        name={t('quality.unjudged')}
        value={number(total.unjudged)}
        note={t('quality.standing', { count: total.standing, total: number(total.standing) })}
      />
      <FactTile
        name={t('quality.lead')}
        value={hours(total.leadMedianH)}
        note={total.leadP10H === null ? t('quality.noFailure') : t('quality.leadP10', { span: hours(total.leadP10H) })}
      />
      <FactTile name={t('quality.inside')} value={percent(total.insideInterval)} note={t('quality.insideNote')} />
    </section>
  );
}

/** What outcomes have taught the engine, in words: more or less proof asked of a kind of finding. */
function Taught({ learned }: { learned: ModelQuality['learned'] }) {
  const { t } = useTranslation();
  const faultName = useFaultName();
  const columns: PlainColumn<Learned>[] = [
    {
      head: t('column.finding'),
      cell: (one) => faultName(one.component, one.mode),
      text: (one) => faultName(one.component, one.mode),
    },
    { head: t('column.model'), cell: (one) => one.model ?? t('list.all'), text: (one) => one.model },
    {
      head: t('quality.outcomes'),
      end: true,
      cell: (one) => `${number(one.right)} ✓ ${number(one.wrong)} ✗`,
      text: (one) => one.right - one.wrong,
    },
    {
      head: t('quality.demand'),
      end: true,
      cell: (one) =>
        t(one.demand > 1.02 ? 'quality.surer' : one.demand < 0.98 ? 'quality.sooner' : 'quality.same', {
          pct: number(Math.round(Math.abs(one.demand - 1) * 100)),
        }),
      text: (one) => one.demand,
    },
  ];
  return (
    <section className="card" aria-labelledby="taught">
      <div style={{ display: 'flex', gap: 10, alignItems: 'center' }}>
        <Title order={2} id="taught">
          {t('quality.taught')}
        </Title>
        <span className="pushed">
          <ExportButton name="learned" items={learned} columns={columns} />
        </span>
      </div>
      {learned.length === 0 ? (
        <Empty>{t('quality.taughtNone')}</Empty>
      ) : (
        <PlainTable
          items={learned}
          columns={columns}
          idOf={(one) => `${one.component}/${one.mode}/${one.model ?? ''}`}
          label={t('quality.taught')}
          minWidth={420}
        />
      )}
    </section>
  );
}

function Groups({ tenant, groups }: { tenant: string; groups: ModelQuality['groups'] }) {
  const { t } = useTranslation();
  const faultName = useFaultName();
  const columns: PlainColumn<Group>[] = [
    {
      head: t('column.finding'),
      cell: (one) => <b>{faultName(one.component, one.mode)}</b>,
      text: (one) => faultName(one.component, one.mode),
    },
    {
      head: t('column.model'),
      cell: (one) =>
        one.model === null ? (
          '–'
        ) : (
          <Link to="/t/$tenant/terminals" params={{ tenant }} search={{ model: one.model }}>
            {one.model}
          </Link>
        ),
      text: (one) => one.model,
    },
    {
      head: t('quality.asked'),
      end: true,
      cell: (one) => (
        <Link to="/t/$tenant/tickets" params={{ tenant }} search={{ open: 'any', component: one.component }}>
          {number(one.raised)}
        </Link>
      ),
      text: (one) => one.raised,
    },
    { head: t('quality.right'), end: true, cell: (one) => number(one.right), text: (one) => one.right },
    { head: t('quality.wrong'), end: true, cell: (one) => number(one.wrong), text: (one) => one.wrong },
    { head: t('quality.unjudged'), end: true, cell: (one) => number(one.unjudged), text: (one) => one.unjudged },
    {
      head: t('quality.precision'),
      end: true,
      cell: (one) => (
        <>
          {percent(one.precision)}
          {one.precisionLow !== null && one.precisionHigh !== null && (
            <Text span size="xs" className="muted" display="block">
              {percent(one.precisionLow)}–{percent(one.precisionHigh)}
            </Text>
          )}
        </>
      ),
      text: (one) => one.precision,
    },
    { head: t('quality.failed'), end: true, cell: (one) => number(one.failed), text: (one) => one.failed },
    { head: t('quality.lead'), end: true, cell: (one) => hours(one.leadMedianH), text: (one) => one.leadMedianH },
    {
      head: t('quality.inside'),
      end: true,
      cell: (one) => percent(one.insideInterval),
      text: (one) => one.insideInterval,
    },
  ];
  return (
    <section className="card" aria-labelledby="by-mode">
      <div style={{ display: 'flex', gap: 10, alignItems: 'center' }}>
        <Title order={2} id="by-mode">
          {t('quality.byMode')}
        </Title>
        <span className="pushed">
          <ExportButton name="model-quality" items={groups} columns={columns} />
        </span>
      </div>
      {groups.length === 0 ? (
        <Empty>{t('quality.none')}</Empty>
      ) : (
        <PlainTable
          items={groups}
          columns={columns}
          idOf={(one) => `${one.component}/${one.mode}/${one.model ?? ''}`}
          label={t('quality.byMode')}
          minWidth={900}
        />
      )}
    </section>
  );
}
