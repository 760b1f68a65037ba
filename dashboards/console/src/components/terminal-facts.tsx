import { Text, Title } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../api/session.tsx';
import type { TerminalPage } from '../api/types.ts';
import { duration, measured, metricName, number } from '../lib/format.ts';
import { Custody } from './custody.tsx';
import { Empty } from './state.tsx';
import { When } from './when.tsx';

/** State in one line: link, freshness, and the numbers one asks for first. */
export function Glance({ page }: { page: TerminalPage }) {
  const { t } = useTranslation();
  const { presence } = page;
  const latest = new Map(page.latest.values.map((one) => [one.metric, one.value]));
  const value = (metric: string) => {
    const known = latest.get(metric);
    return known === undefined ? null : measured(metric, known);
  };
  const join = (...parts: (string | null)[]) => parts.filter((part) => part !== null).join(' · ') || '–';
  return (
    <section
      className="grid tiles"
      aria-label={t('terminal.glance')}
      style={{ gridTemplateColumns: 'repeat(auto-fit, minmax(165px, 1fr))' }}
    >
      <Tile
        name={t('column.link')}
        edge={presence === null ? 'unknown' : presence.link.online ? 'healthy' : 'silent'}
        note={presence === null ? null : t('when.for', { span: duration(page.at - presence.link.since) })}
      >
        {presence === null ? t('link.never') : t(presence.link.online ? 'link.online' : 'link.offline')}
      </Tile>
      <Tile
        name={t('column.lastAt')}
        edge={
          presence?.freshness.state === 'fresh' ? 'healthy' : presence?.freshness.state === 'late' ? 'watch' : 'silent'
        }
        note={
          presence && (
            <>
              {t(`freshness.${presence.freshness.state}`)}
              {presence.freshness.excuse && ` · ${t(`excuse.${presence.freshness.excuse}`)}`}
            </>
          )
        }
      >
        {page.row.lastAt === null ? t('when.never') : <When at={page.row.lastAt} />}
      </Tile>
      {tells(page, 'battery') && (
        <Tile name={t('terminal.battery')} note={join(value('battery.status'), value('battery.temp_c'))}>
          {value('battery.soc_pct') ?? '–'}
        </Tile>
      )}
      {tells(page, 'printer') && (
        <Tile name={t('terminal.printer')} note={join(value('printer.head_temp_c'), value('printer.head_ohm'))}>
          {value('printer.state') ?? '–'}
        </Tile>
      )}
      <Tile
        name={t('terminal.network')}
        note={join(value('network.bearer'), value('network.carrier'), value('network.rtt_ms'))}
      >
        {value('network.rsrp_dbm') ?? value('network.rssi_dbm') ?? '–'}
      </Tile>
      <Tile name={t('terminal.system')} note={join(page.facts.firmware, value('system.cpu_pct'))}>
        {value('system.uptime_s') ?? '–'}
      </Tile>
    </section>
  );
}

/** True when a terminal has told anything of a group. */
function tells(page: TerminalPage, group: string): boolean {
  return page.latest.values.some((one) => one.metric.startsWith(`${group}.`));
}

function Tile({ name, edge, note, children }: { name: string; edge?: string; note: ReactNode; children: ReactNode }) {
  return (
    <div className="card tile" style={edge ? ({ '--edge': `var(--bar-${edge})` } as object) : undefined}>
      <Text size="xs" className="muted">
        {name}
      </Text>
      <Text fw={650} size="lg" lh={1.3}>
        {children}
      </Text>
      <Text size="xs" className="muted">
        {note ?? '\u00a0'}
      </Text>
    </div>
  );
}

/** Every value last reported, with its unit, by group. */
export function LatestValues({ page }: { page: TerminalPage }) {
  const { t } = useTranslation();
  const { ts, values } = page.latest;
  const groups = Map.groupBy(values, (one) => one.metric.split('.', 1)[0] ?? '');
  return (
    <section className="card" aria-labelledby="latest">
      <Title order={2} id="latest">
        {t('terminal.latest')}
      </Title>
      {ts === null ? (
        <Empty>{t('terminal.latestNone')}</Empty>
      ) : (
        <>
          <Text size="xs" className="muted">
            {t('when.asOf', { when: '' })}
            <When at={ts} />
          </Text>
          <div className="valuegroups">
            {[...groups].map(([group, ones]) => (
              <table key={group}>
                <caption>{t(`component.${group}`, { defaultValue: group })}</caption>
                <tbody>
                  {ones.map((one) => (
                    <tr key={one.metric}>
                      <th scope="row" title={one.metric}>
                        {metricName(one.metric)}
                      </th>
                      <td>{measured(one.metric, one.value)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            ))}
          </div>
        </>
      )}
    </section>
  );
}

/** Vendors often put their own name into the model's: it is said once. */
function modelName(vendor: string | null, model: string | null): string {
  if (vendor === null || model?.startsWith(vendor)) return model ?? '';
  return `${vendor} ${model ?? ''}`;
}

/** What the registry knows: the asset, its place and its warranty. */
export function Facts({ page }: { page: TerminalPage }) {
  const { t } = useTranslation();
  const { tenant } = useParams({ from: '/gate/t/$tenant' });
  const { facts, presence, site } = page;
  const may = useMay();
  const over = facts.warrantyUntil !== null && Date.parse(facts.warrantyUntil) < page.at;
  const entries: [string, ReactNode][] = [
    [
      t('terminal.site'),
      site && (
        <Link to="/t/$tenant/sites/$site" params={{ tenant, site: site.site }}>
          {site.name}
        </Link>
      ),
    ],
    [t('terminal.model'), modelName(facts.vendor, facts.model)],
    [t('terminal.serial'), facts.serial],
    [t('terminal.firmware'), facts.firmware],
    [t('terminal.app'), facts.app],
    [t('terminal.carrier'), facts.carrier],
    [t('terminal.iccid'), facts.iccid],
    [t('terminal.bought'), facts.boughtOn],
    [t('terminal.warranty'), over ? t('terminal.warrantyOver', { date: facts.warrantyUntil }) : facts.warrantyUntil],
    [t('terminal.heartbeat'), duration(facts.heartbeatS * 1000)],
    [t('terminal.firstSeen'), <When key="seen" at={facts.firstSeenAt} />],
    [t('terminal.clock'), presence && duration(presence.clockOffsetMs)],
    [t('terminal.gaps'), presence && number(presence.gaps)],
    [t('terminal.duplicates'), presence && number(presence.duplicates)],
  ];
  return (
    <section className="card" aria-labelledby="asset">
      <Title order={2} id="asset" mb={8}>
        {t('terminal.asset')}
      </Title>
      <dl className="dl">
        {entries.map(([name, value]) =>
          value === null || value === '' || value === undefined ? null : (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      {facts.serial !== null && may('assets:read') && <Custody tenant={tenant} asset={facts.serial} />}
    </section>
  );
}
