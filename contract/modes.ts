/** Components of a terminal and the ways each can fail: the vocabulary of findings, tickets and truth files. */
export const MODES = {
  printer: ['head_wear', 'paper_feed', 'cutter_wear', 'overheat', 'power'],
  battery: ['capacity_fade', 'resistance_rise', 'charging_fault', 'overheat'],
  network: ['signal_degradation', 'sim_wear', 'congestion', 'offline'],
  reader: ['contact_wear', 'tap_fault'],
  system: ['storage_wear', 'crash_loop', 'firmware_regression'],
} as const;

export type Component = keyof typeof MODES;
export type ModeOf<C extends Component> = (typeof MODES)[C][number];
/** A way to fail that a truth names, or what a learned model holds of a component: that it will fail, not how. */
export type Mode = { [C in Component]: ModeOf<C> }[Component] | typeof LEARNED_RISK;
export const LEARNED_RISK = 'learned_risk' as const;

export const COMPONENTS = Object.keys(MODES) as readonly Component[];

/** Every mode that a finding, an opinion or a ticket may carry. */
export const ALL_MODES: readonly Mode[] = [...new Set<Mode>(Object.values(MODES).flat()), LEARNED_RISK];

export function isComponent(text: string): text is Component {
  return Object.hasOwn(MODES, text);
}
