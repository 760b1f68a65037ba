import { TillwatchError } from '../../contract/errors.ts';
import type { TenantId } from '../../contract/topics.ts';
import type { Components, SavedComponents } from './components.ts';
import type { Crowding } from './crowding.ts';
import { DETECTORS } from './detectors/index.ts';
import type { Groups } from './groups.ts';
import type { Habits, SavedHabits } from './habits.ts';
import type { ModelWatch, SavedModels } from './models.ts';
import type { OutageWatch, SavedOutages } from './outages.ts';
import type { Rollouts, SavedRollouts } from './rollouts.ts';
import type { SavedSilences, SilenceWatch } from './silence.ts';
import type { SavedStanding, StandingBook } from './standing.ts';
import type { Terminals } from './terminals.ts';

const MAGIC = 0x31415754;
const VERSION = 30;
/** What detectors keep, as a text that changes with it: a snapshot of other detectors cannot be read. */
const FIELDS = DETECTORS.map(({ component, gauges, rates, totals, scratch }) =>
  [
    component,
    ...gauges.map((g) => `${g.metric}${g.diurnal ? '*' : ''}`),
    ...rates.map((r) => r.metric),
    ...totals,
    scratch.join('/'),
  ].join(),
).join(';');

/** Everything of the engine that outlives a restart. */
export interface Kept {
  readonly terminals: Terminals;
  readonly groups: Groups;
  readonly book: StandingBook;
  readonly habits: Habits;
  readonly outages: OutageWatch;
  readonly silences: SilenceWatch;
  readonly models: ModelWatch;
  readonly rollouts: Rollouts;
  readonly crowding: Crowding;
  readonly components: Components;
}

interface Header extends SavedComponents {
  readonly now: number;
  readonly fields: string;
  readonly tenants: readonly TenantId[];
  readonly fleets: readonly number[];
  readonly groups: readonly string[];
  readonly standing: SavedStanding;
  readonly habits: SavedHabits;
  readonly outages: SavedOutages;
  readonly silences: SavedSilences;
  readonly models: SavedModels;
  readonly rollouts: SavedRollouts;
}

/**
 * The state at `now` (ms) as bytes, in parts: a header in JSON, then typed arrays. Little-endian, as every platform Node runs on. They show
 * the state itself, not a copy.
 */
export function writeSnapshot(now: number, kept: Kept): Uint8Array[] {
  const terminals = kept.terminals.save();
  const groups = kept.groups.save();
  const habits = kept.habits.save();
  const rollouts = kept.rollouts.save();
  const components = kept.components.save();
  const header: Header = {
    now,
    fields: FIELDS,
    tenants: terminals.tenants,
    fleets: terminals.fleets,
    groups: groups.names,
    standing: kept.book.save(),
    habits: habits.saved,
    outages: kept.outages.save(),
    silences: kept.silences.save(),
    models: kept.models.save(),
    rollouts: rollouts.saved,
    ...components.saved,
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const head = Uint32Array.of(MAGIC, VERSION, text.byteLength);
  return [
    new Uint8Array(head.buffer),
    text,
    ...terminals.parts,
    ...groups.parts,
    ...habits.parts,
    ...rollouts.parts,
    ...kept.crowding.save(),
    ...components.parts,
  ];
}

/** Takes a snapshot back; answers the moment it is of, ms. Throws `analytics.bad_snapshot` where it is damaged or of another version. */
export function readSnapshot(saved: Uint8Array, kept: Kept): number {
  // A plain view: a Buffer's own `slice` shares memory and keeps its offset.
  const bytes = new Uint8Array(saved.buffer, saved.byteOffset, saved.byteLength);
  const head = new Uint32Array(bytes.slice(0, 12).buffer);
  if (head[0] !== MAGIC || head[1] !== VERSION) {
    throw new TillwatchError('analytics.bad_snapshot', 'the snapshot is of another version of the engine', {
      context: { version: head[1], expected: VERSION },
    });
  }
  const end = 12 + head[2]!;
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(12, end))) as Header;
  if (header.fields !== FIELDS) {
    throw new TillwatchError('analytics.bad_snapshot', 'the snapshot is of detectors that watch other fields');
  }
  kept.book.load(header.standing);
  kept.outages.load(header.outages);
  kept.silences.load(header.silences);
  kept.models.load(header.models);
  let at = kept.terminals.load(header.tenants, header.fleets, bytes, end);
  at = kept.groups.load(header.groups, bytes, at);
  at = kept.habits.load(header.habits, bytes, at);
  at = kept.rollouts.load(header.rollouts, bytes, at);
  at = kept.crowding.load(bytes, at);
  kept.components.load(header, bytes, at);
  return header.now;
}
