import type { Component, Mode } from '../../contract/modes.ts';

export interface FirstAidStep {
  readonly step: string;
  readonly en: string;
  readonly zh: string;
}

const STEPS = {
  restart: {
    en: 'Switch the terminal off, wait ten seconds, and switch it on again.',
    zh: '关机，等待十秒后重新开机。',
  },
  power: {
    en: 'Check that the charger is plugged in firmly and its light is on; try another socket.',
    zh: '检查充电器是否插紧、指示灯是否亮；换一个插座试试。',
  },
  network: {
    en: 'Check that Wi-Fi or mobile data is on and shows a signal; open any page on another device of the shop.',
    zh: '检查无线或移动网络是否开启并有信号；用店内其他设备打开网页试试。',
  },
  sim: {
    en: 'Switch off, take out the SIM card, wipe its contacts with a dry cloth, and put it back.',
    zh: '关机，取出SIM卡，用干布擦拭触点后重新插入。',
  },
  paper: {
    en: 'Open the cover, take out the roll, and put it in again with the right side up.',
    zh: '打开机盖，取出纸卷，按正确方向重新装入。',
  },
  jam: {
    en: 'Take out torn paper with your fingers; do not use anything sharp.',
    zh: '用手取出卡住的碎纸，不要使用尖锐物品。',
  },
  clean_head: {
    en: 'Switch off, let the print head cool, and wipe it with a cotton bud and alcohol.',
    zh: '关机待打印头冷却，用棉签蘸酒精擦拭打印头。',
  },
  clean_reader: {
    en: 'Wipe the card slot with a cleaning card; keep metal away from the contactless field.',
    zh: '用清洁卡擦拭卡槽；感应区附近不要放金属。',
  },
  update: { en: 'In settings, look for a software update and install it.', zh: '在设置中检查并安装软件更新。' },
  cool: {
    en: 'Take the terminal out of the sun and let it cool for half an hour.',
    zh: '避免阳光直射，让终端冷却半小时。',
  },
  reset: {
    en: 'As a last resort and after the transactions are uploaded: factory reset.',
    zh: '最后手段：确认交易已上传后恢复出厂设置。',
  },
} as const;
type StepName = keyof typeof STEPS;

const BY_MODE: Partial<Record<`${Component}/${Mode}`, readonly StepName[]>> = {
  'printer/head_wear': ['clean_head', 'paper', 'restart'],
  'printer/paper_feed': ['paper', 'jam', 'clean_head', 'restart'],
  'printer/cutter_wear': ['jam', 'paper', 'restart'],
  'printer/overheat': ['cool', 'power', 'restart'],
  'printer/power': ['power', 'restart'],
  'battery/capacity_fade': ['power', 'restart'],
  'battery/resistance_rise': ['power', 'restart'],
  'battery/charging_fault': ['power', 'restart', 'update'],
  'battery/overheat': ['cool', 'power'],
  'network/signal_degradation': ['network', 'restart'],
  'network/sim_wear': ['sim', 'restart', 'network'],
  'network/congestion': ['network', 'restart'],
  'network/offline': ['power', 'network', 'sim', 'restart'],
  'reader/contact_wear': ['clean_reader', 'restart', 'update'],
  'reader/tap_fault': ['clean_reader', 'restart', 'update'],
  'system/storage_wear': ['restart', 'update', 'reset'],
  'system/crash_loop': ['restart', 'update', 'reset'],
  'system/firmware_regression': ['update', 'restart'],
};

const BY_COMPONENT: Record<Component, readonly StepName[]> = {
  printer: ['restart', 'paper', 'jam', 'clean_head', 'update'],
  battery: ['power', 'restart', 'update'],
  network: ['network', 'sim', 'restart', 'power'],
  reader: ['clean_reader', 'restart', 'update'],
  system: ['restart', 'update', 'reset'],
};

/** Words of a symptom, in both languages, that point at a component. */
const HINTS: readonly (readonly [Component, RegExp])[] = [
  ['printer', /print|paper|receipt|cutter|打印|纸|小票|切刀/i],
  ['battery', /batter|charg|电池|充电|续航/i],
  ['network', /network|signal|wi-?fi|sim|offline|connect|网络|信号|断网|离线|流量/i],
  ['reader', /card|chip|tap|swipe|reader|刷卡|读卡|芯片|感应/i],
  ['system', /crash|freez|slow|restart|update|screen|死机|卡顿|重启|升级|黑屏/i],
];

/** The component that a symptom's words point at; null: none. */
export function componentHinted(symptom: string): Component | null {
  return HINTS.find(([, words]) => words.test(symptom))?.[0] ?? null;
}

/** The guided list of step 2 for a symptom, least trouble first; steps already tried are left out. */
export function firstAidFor(
  fault: { readonly component: Component | null; readonly mode: Mode | null; readonly symptom: string },
  tried: readonly string[],
): readonly FirstAidStep[] {
  const component = fault.component ?? componentHinted(fault.symptom);
  const names =
    (component && fault.mode && BY_MODE[`${component}/${fault.mode}`]) ||
    (component ? BY_COMPONENT[component] : (['restart', 'power', 'network', 'update'] as const));
  return names.filter((name) => !tried.includes(name)).map((name) => ({ step: name, ...STEPS[name] }));
}
