/** What a worker should do to hold its fair share. */
export interface ShareMove {
  readonly take: readonly string[];
  readonly giveUp: readonly string[];
}

/**
 * Which units a worker takes and gives up so that all hold as many, give or take one. Who holds more already keeps the odd ones, so that a
 * newcomer moves no more than it must. Units that are free are tried from a place of each worker's own, so that few reach for the same.
 */
export function fairShare(
  worker: string,
  members: readonly string[],
  units: readonly string[],
  ownerOf: ReadonlyMap<string, string>,
): ShareMove {
  const everybody = [...new Set([...members, worker])].sort();
  const held = (name: string): string[] => units.filter((unit) => ownerOf.get(unit) === name);
  const ranked = everybody
    .map((name) => ({ name, count: held(name).length }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  const place = ranked.findIndex(({ name }) => name === worker);
  const odd = units.length % everybody.length;
  const target = Math.floor(units.length / everybody.length) + (place < odd ? 1 : 0);
  const mine = held(worker);
  const free = units.filter((unit) => !ownerOf.has(unit));
  const from = Math.floor((free.length * everybody.indexOf(worker)) / everybody.length);
  const inTurn = [...free.slice(from), ...free.slice(0, from)];
  return {
    take: inTurn.slice(0, Math.max(0, target - mine.length)),
    giveUp: mine.slice(Math.min(mine.length, target)),
  };
}
