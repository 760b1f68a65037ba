import type { SiteView } from '../api/types.ts';

type Placed = SiteView & { readonly lat: number; readonly lon: number };
type Health = SiteView['group']['health'];

/** Sites that lie too near each other to be drawn apart. */
export interface Cluster {
  readonly x: number;
  readonly y: number;
  readonly r: number;
  /** Its name is written above it, since another one's is in the way below. */
  readonly above: boolean;
  /** The region that its members share, or the first one's. */
  readonly name: string;
  readonly members: readonly Placed[];
  readonly health: Health;
}

interface Tick {
  readonly at: number;
  readonly degrees: number;
}

export interface SiteChart {
  readonly spots: readonly Cluster[];
  readonly frame: { readonly lons: readonly Tick[]; readonly lats: readonly Tick[] };
}

const PAD = 44;
const NEAR = 34;
/** Room that a name takes, about. */
const LABEL = 76;
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60];

/** Lays sites out in a box by equirectangular projection, true to scale at the middle latitude, and puts near ones together. */
export function clusters(sites: readonly Placed[], width: number, height: number): SiteChart {
  if (sites.length === 0) return { spots: [], frame: { lons: [], lats: [] } };
  const lats = sites.map((site) => site.lat);
  const lons = sites.map((site) => site.lon);
  const midLat = (Math.min(...lats) + Math.max(...lats)) / 2;
  const midLon = (Math.min(...lons) + Math.max(...lons)) / 2;
  const squeeze = Math.max(0.2, Math.cos((midLat * Math.PI) / 180));
  const spanX = Math.max(0.05, (Math.max(...lons) - Math.min(...lons)) * squeeze);
  const spanY = Math.max(0.05, Math.max(...lats) - Math.min(...lats));
  const scale = Math.min((width - 2 * PAD) / spanX, (height - 2 * PAD) / spanY);
  const x = (lon: number) => width / 2 + (lon - midLon) * squeeze * scale;
  const y = (lat: number) => height / 2 - (lat - midLat) * scale;
  const groups: { x: number; y: number; members: Placed[] }[] = [];
  for (const site of sites) {
    const at = { x: x(site.lon), y: y(site.lat) };
    const near = groups.find((group) => Math.hypot(group.x - at.x, group.y - at.y) < NEAR);
    if (near) near.members.push(site);
    else groups.push({ ...at, members: [site] });
  }
  const most = Math.max(...groups.map((group) => total(group.members)));
  const spots = groups.map(({ members, ...at }, i) => ({
    ...at,
    above: groups.slice(0, i).some((one) => Math.abs(one.x - at.x) < LABEL && Math.abs(one.y - at.y) < NEAR),
    members,
    r: 10 + 12 * Math.sqrt(total(members) / Math.max(1, most)),
    name: members[0]?.region ?? members[0]?.name ?? '',
    health: sum(members),
  }));
  return {
    spots,
    frame: {
      lons: ticks(midLon, width / squeeze / scale).map((degrees) => ({ degrees, at: x(degrees) })),
      lats: ticks(midLat, height / scale).map((degrees) => ({ degrees, at: y(degrees) })),
    },
  };
}

function total(members: readonly Placed[]): number {
  return members.reduce((all, site) => all + site.group.health.total, 0);
}

function sum(members: readonly Placed[]): Health {
  const health = { total: 0, critical: 0, warning: 0, watch: 0, silent: 0, unknown: 0, healthy: 0 };
  for (const site of members) {
    for (const word of Object.keys(health) as (keyof Health)[]) health[word] += site.group.health[word];
  }
  return health;
}

/** Round degrees within a span around a middle, five or so of them. */
function ticks(middle: number, span: number): number[] {
  const step = STEPS.find((one) => span / one <= 7) ?? 60;
  const first = Math.ceil((middle - span / 2) / step);
  const last = Math.floor((middle + span / 2) / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Math.round((first + i) * step * 100) / 100);
}
