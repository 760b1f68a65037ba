import type { Component, Mode } from '../../contract/modes.ts';
import { Block } from './block.ts';
import { Clumps, type SavedClumps } from './clumps.ts';
import { DETECTORS } from './detectors/index.ts';
import type { Groups, GroupView } from './groups.ts';
import { modeSpec } from './judge.ts';
import type { Slab } from './slab.ts';
import { terminalKey } from './standing.ts';
import { ChannelState } from './state.ts';
import { type Suspicion, suspicions } from './suspicions.ts';
import { BEAT_AT, CELL, MODEL, SITE, type Terminals } from './terminals.ts';

/** Position of a component's detector; −1 where it has none. */
export function detectorOf(component: string | undefined): number {
  return DETECTORS.findIndex((detector) => detector.component === component);
}

export const BATTERY = detectorOf('battery');
export const NETWORK = detectorOf('network');
export const SYSTEM = detectorOf('system');
export const PRINTER = detectorOf('printer');
/** One in so many words of records may lie idle before the others are moved together. */
const IDLE_SHARE = 30;
/** Strength of a channel from which a silence is more likely the link's own than a pulled plug. */
const UNDER_SUSPICION = 0.2;

/**
 * The components of every terminal, by the position of their detector: where their records lie, and who they are compared with. There is one
 * cursor and one view a detector, so what is answered is good until the next question about the same detector.
 */
export class Components {
  readonly #terminals: Terminals;
  readonly #channels = new ChannelState();
  readonly #blocks: readonly Block[];
  readonly #views: readonly GroupView[];
  /** By model and detector. */
  readonly #clumps = new Map<number, Clumps>();

  constructor(terminals: Terminals, groups: Groups) {
    this.#terminals = terminals;
    this.#blocks = DETECTORS.map(
      (detector, d) => new Block(detector, this.#channels, (model) => this.#clumpsOf(model, d)),
    );
    this.#views = DETECTORS.map((_, d) => groups.shift(d));
  }

  /** The record of a component, a new one where it has none yet. */
  open(index: number, d: number, ts: number): Block {
    return this.known(index, d, ts) ?? this.#blocks[d]!.open(ts);
  }

  #clumpsOf(model: number, d: number): Clumps {
    const key = model * DETECTORS.length + d;
    let clumps = this.#clumps.get(key);
    if (!clumps) this.#clumps.set(key, (clumps = new Clumps(DETECTORS[d]!.rates.length)));
    return clumps;
  }

  /** The record of a component, where it has one. */
  known(index: number, d: number, ts: number): Block | undefined {
    const id = this.#terminals.int(index, d);
    const block = this.#blocks[d]!;
    block.model = this.#terminals.int(index, MODEL);
    return id === 0 ? undefined : block.at(id, this.#terminals.shape(index, d), ts);
  }

  /** Keeps where a record lies, once a message that may have made it grow has been taken in. */
  settle(index: number, d: number, block: Block): void {
    const place = block.settle();
    if (place) this.#terminals.setRecord(index, d, place.id, place.shape);
  }

  /** What a terminal shares with others, and who is of its kind. */
  view(index: number, d: number): GroupView {
    const view = this.#views[d]!;
    const local = this.#terminals.int(index, DETECTORS[d]!.component === 'network' ? CELL : SITE);
    view.at(local, this.#terminals.int(index, SITE), this.#terminals.int(index, MODEL), this.#terminals.fleet(index));
    return view;
  }

  /** Under which its findings stand. */
  key(index: number, d: number): string {
    return terminalKey(this.#terminals.tenant(index), this.#terminals.name(index), DETECTORS[d]!.component);
  }

  /** Other software may measure on another scale: what steps with the update is the update's. */
  updated(index: number, ts: number): void {
    for (let d = 0; d < DETECTORS.length; d++) this.known(index, d, ts)?.rescaled();
  }

  /** Another place has another climate and another radio: what depends on the place is learned anew. */
  moved(index: number, ts: number): void {
    for (let d = 0; d < DETECTORS.length; d++) {
      const block = this.known(index, d, ts);
      DETECTORS[d]!.gauges.forEach((gauge, i) => {
        if (gauge.diurnal) block?.resetGauge(i);
      });
    }
  }

  /** What was under suspicion when the terminal was last heard of; undefined where nothing is known of that component. */
  suspicions(index: number, d: number): Suspicion[] | undefined {
    const block = this.known(index, d, this.#terminals.time(index, BEAT_AT));
    return block && suspicions(block, this.view(index, d));
  }

  /** Whether anything of its link was worse than ever when it was last heard of. */
  isLinkFailing(index: number): boolean {
    return this.suspicions(index, NETWORK)?.some(({ strength }) => strength >= UNDER_SUSPICION) ?? false;
  }

  /** Whether a terminal sends what speaks for a mode, and its habit is known. */
  shows(index: number, component: Component, mode: Mode, now: number): boolean {
    const d = detectorOf(component);
    const block = this.known(index, d, now);
    if (!block) return false;
    const view = this.view(index, d);
    const { gauges, rates } = modeSpec(DETECTORS[d]!, mode);
    return gauges.some((i) => block.viewGauge(i).ready) || rates.some((i) => block.viewRate(i, view).ready);
  }

  /** Gives back what records, suspicions and curves left behind, once it is worth a walk over the fleet. */
  compact(now: number): void {
    const t = this.#terminals;
    const { records, cases, histories } = this.#channels;
    const slabs = [...records.slabs, cases.slab, histories.small, histories.large];
    const words = (count: (slab: Slab) => number): number =>
      slabs.reduce((sum, slab) => sum + count(slab) * slab.stride, 0);
    if (words((slab) => slab.idle) * IDLE_SHARE < words((slab) => slab.used)) return;
    const moves = new Map(slabs.map((slab) => [slab, slab.compaction()]));
    const { move: moveCase } = moves.get(cases.slab)!;
    const moveHistory = (id: number): number => 2 * moves.get(histories.slabOf(id))!.move(id >>> 1) + (id & 1);
    for (let index = 0; index < t.count; index++) {
      for (let d = 0; d < DETECTORS.length; d++) {
        const id = t.int(index, d);
        if (id === 0) continue;
        const block = this.#blocks[d]!;
        const shape = t.shape(index, d);
        const moved = moves.get(block.shapes.at(shape).slab)!.move(id);
        if (moved !== id) t.setInt(index, d, moved);
        block.at(moved, shape, now).relocate(moveCase, moveHistory);
      }
    }
    for (const { end } of moves.values()) end();
  }

  get memory(): readonly { readonly part: string; readonly bytes: number }[] {
    const { records, cases, histories } = this.#channels;
    return [
      { part: 'records', bytes: records.bytes },
      { part: 'suspicions', bytes: cases.slab.bytes },
      { part: 'curves', bytes: histories.bytes },
    ];
  }

  save(): { saved: SavedComponents; parts: Uint8Array[] } {
    const { sizes, parts } = this.#channels.save();
    const clumps = [...this.#clumps].map(([key, model]) => ({ key, ...model.save() }));
    return { saved: { sizes, shapes: this.#blocks.map((block) => block.shapes.save()), clumps }, parts };
  }

  load({ sizes, shapes, clumps }: SavedComponents, bytes: Uint8Array, at: number): number {
    const end = this.#channels.load(sizes, bytes, at);
    this.#blocks.forEach((block, d) => {
      block.shapes.load(shapes[d] ?? []);
    });
    this.#clumps.clear();
    for (const { key, ...model } of clumps) this.#clumps.set(key, new Clumps(model.steps.length, model));
    return end;
  }
}

export interface SavedComponents {
  readonly sizes: number[];
  readonly shapes: string[][];
  readonly clumps: readonly ({ readonly key: number } & SavedClumps)[];
}
