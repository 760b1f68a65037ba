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
export type Mode = { [C in Component]: ModeOf<C> }[Component];

export const COMPONENTS = Object.keys(MODES) as readonly Component[];

export function isComponent(text: string): text is Component {
  return Object.hasOwn(MODES, text);
}
