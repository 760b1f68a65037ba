import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { mapQuery } from '../api/queries.ts';
import type { SiteView } from '../api/types.ts';
import { number } from '../lib/format.ts';
import { type Cluster, clusters } from '../lib/site-clusters.ts';
import { HEALTH_ORDER, HealthBar } from './health.tsx';
import { Empty } from './state.tsx';

const WIDTH = 720;
const HEIGHT = 330;

/** Sites where they lie, near ones drawn as one, each by its worst condition. No map is fetched: a grid of degrees is enough to know them by. */
export function SiteMap({ tenant }: { tenant: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data } = useQuery(mapQuery(tenant));
  const sites = data?.items ?? [];
  const placed = sites.filter(
    (site): site is SiteView & { lat: number; lon: number } => site.lat !== null && site.lon !== null,
  );
  const { spots, frame } = clusters(placed, WIDTH, HEIGHT);
  const open = ({ members }: Cluster) => {
    const [only] = members;
    if (members.length === 1 && only) {
      void navigate({ to: '/t/$tenant/sites/$site', params: { tenant, site: only.site } });
      return;
    }
    const [region] = new Set(members.map((site) => site.region));
    void navigate({
      to: '/t/$tenant/sites',
      params: { tenant },
      search: region ? { search: region } : {},
    });
  };
  return (
    <section className="card" aria-labelledby="map">
      <Title order={2} id="map">
        {t('map.title')}
      </Title>
      <Text size="sm" className="muted">
        {t('map.help', { placed: number(placed.length), total: number(data?.total ?? 0) })}
      </Text>
      {data && placed.length === 0 && <Empty>{t('map.none')}</Empty>}
      {placed.length > 0 && (
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="sitemap">
          <title>{t('map.title')}</title>
          {frame.lons.map(({ at, degrees }) => (
            <g key={degrees} aria-hidden>
              <line x1={at} x2={at} y1={0} y2={HEIGHT - 16} />
              <text x={at} y={HEIGHT - 4} textAnchor="middle">
                {Math.abs(degrees)}° {degrees < 0 ? 'W' : degrees > 0 ? 'E' : ''}
              </text>
            </g>
          ))}
          {frame.lats.map(({ at, degrees }) => (
            <g key={degrees} aria-hidden>
              <line x1={0} x2={WIDTH} y1={at} y2={at} />
              <text x={4} y={at - 3}>
                {Math.abs(degrees)}° {degrees < 0 ? 'S' : degrees > 0 ? 'N' : ''}
              </text>
            </g>
          ))}
          {spots.map((spot) => {
            const worst = HEALTH_ORDER.find((word) => spot.health[word] > 0) ?? 'healthy';
            const name = spot.members.length === 1 ? (spot.members[0]?.name ?? '') : spot.name;
            const told = `${name}: ${t('fleet.summary', { total: number(spot.health.total), sites: number(spot.members.length) })}. ${HEALTH_ORDER.filter(
              (word) => spot.health[word] > 0,
            )
              .map((word) => `${t(`health.${word}`)} ${number(spot.health[word])}`)
              .join(', ')}`;
            return (
              <a
                key={`${spot.x},${spot.y}`}
                href={`/t/${tenant}/sites`}
                aria-label={told}
                onClick={(event) => {
                  event.preventDefault();
                  open(spot);
                }}
              >
                <title>{told}</title>
                <circle
                  cx={spot.x}
                  cy={spot.y}
                  r={spot.r}
                  fill={`var(--tint-${worst})`}
                  stroke={`var(--health-${worst})`}
                  strokeWidth={2.5}
                />
                <text x={spot.x} y={spot.y + 4} textAnchor="middle" className="count">
                  {number(spot.health.critical + spot.health.warning || spot.health.total)}
                </text>
                <text
                  x={spot.x}
                  y={spot.above ? spot.y - spot.r - 6 : spot.y + spot.r + 13}
                  textAnchor="middle"
                  className="place"
                >
                  {name}
                </text>
              </a>
            );
          })}
        </svg>
      )}
      <Regions tenant={tenant} sites={sites} />
    </section>
  );
}

/** The same by region, for those who cannot see the map and for sites without a place on it. */
function Regions({ tenant, sites }: { tenant: string; sites: readonly SiteView[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const byRegion = Map.groupBy(sites, (site) => site.region ?? '');
  if (byRegion.size < 2) return null;
  const rows = [...byRegion]
    .map(([region, list]) => ({
      region,
      sites: list.length,
      health: Object.fromEntries(
        (['total', ...HEALTH_ORDER] as const).map((word) => [
          word,
          list.reduce((sum, site) => sum + site.group.health[word], 0),
        ]),
      ) as SiteView['group']['health'],
    }))
    .sort((a, b) => b.health.critical - a.health.critical || b.health.warning - a.health.warning);
  return (
    <ul className="regions">
      {rows.slice(0, 12).map((row) => (
        <li key={row.region}>
          <a
            href={`/t/${tenant}/sites?search=${encodeURIComponent(row.region)}`}
            onClick={(event) => {
              event.preventDefault();
              void navigate({
                to: '/t/$tenant/sites',
                params: { tenant },
                search: row.region ? { search: row.region } : {},
              });
            }}
          >
            {row.region || t('map.noRegion')}
          </a>
          <HealthBar health={row.health} thin />
          <Text size="xs" className="muted" component="span">
            {number(row.health.critical)} / {number(row.health.warning)} / {number(row.health.total)}
          </Text>
        </li>
      ))}
    </ul>
  );
}
