import type { TFunction } from 'i18next';
import { COMPONENTS, MODES } from '../../../../contract/modes.ts';
import type { Option } from '../components/field.tsx';
import type { DayHours } from '../components/hours-field.tsx';

/** Words that forms offer, named in the language set now. */
export function componentOptions(t: TFunction): Option[] {
  return COMPONENTS.map((value) => ({ value, label: t(`component.${value}`) }));
}

export function severityOptions(t: TFunction): Option[] {
  return (['critical', 'warning', 'watch'] as const).map((value) => ({ value, label: t(`health.${value}`) }));
}

/** Every failure mode as `component/mode`. */
export function modeOptions(t: TFunction): Option[] {
  return COMPONENTS.flatMap((component) =>
    MODES[component].map((mode) => ({
      value: `${component}/${mode}`,
      label: `${t(`component.${component}`)}: ${t(`mode.${component}.${mode}`, { defaultValue: mode })}`,
    })),
  );
}

export function languageOptions(): Option[] {
  return [
    { value: 'en', label: 'English' },
    { value: 'zh', label: '简体中文' },
  ];
}

/** Nine to six on weekdays. */
export const WORKING_WEEK: readonly DayHours[] = Array.from({ length: 7 }, (_, day) =>
  day < 5 ? { opens: 540, closes: 1080 } : null,
);

export const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;
