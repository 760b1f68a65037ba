import i18next from 'i18next';
import { metricOf } from '../../../../contract/metrics.ts';
import { locale } from '../i18n/index.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const UNITS: Readonly<Record<string, string>> = { Cel: '°C', mOhm: 'mΩ', Ohm: 'Ω', By: 'B' };

/** A unit as people write it. */
export function unitOf(key: string): string {
  const unit = metricOf(key)?.unit ?? '';
  return UNITS[unit] ?? unit;
}

/** A metric's name in the language set now. */
export function metricName(key: string): string {
  const metric = metricOf(key);
  const [component, field] = key.split('.');
  // A finding speaks of the state of parts that tell none themselves.
  if (field === 'state') return i18next.t('terminal.stateOf', { component: i18next.t(`component.${component}`) });
  const translated = i18next.language === 'zh' ? i18next.t(`metric.${key}`, { defaultValue: '' }) : '';
  if (translated) return translated;
  const text = key.startsWith('custom.') ? key.slice('custom.'.length) : (metric?.describe ?? key);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A number with as many digits as help, e.g. 3,712 or 0.042. */
export function number(value: number, digits = 3): string {
  const size = Math.abs(value);
  const decimals = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : digits;
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: decimals }).format(value);
}

/** A word that a terminal or a finding says of a state, in the language set now. */
export function wordOf(word: string): string {
  return i18next.t(`said.${word}`, { defaultValue: word.replaceAll('_', ' ') });
}

/** A measured value with its unit. */
export function measured(key: string, value: number | string): string {
  if (typeof value === 'string') return metricOf(key)?.words ? wordOf(value) : value;
  if (key === 'system.uptime_s') return duration(value * SECOND);
  const unit = unitOf(key);
  return unit === '%' ? `${number(value)} %` : unit ? `${number(value)} ${unit}` : number(value);
}

/** A span in its two largest units, e.g. 3 d 4 h. */
export function duration(ms: number): string {
  const t = i18next.t;
  const size = Math.abs(ms);
  if (size === 0) return '0';
  if (size < MINUTE) return `${number(Math.round(size / SECOND))} ${t('unit.s')}`;
  if (size < HOUR) return `${Math.round(size / MINUTE)} ${t('unit.min')}`;
  if (size < DAY) {
    const hours = Math.floor(size / HOUR);
    const minutes = Math.round((size % HOUR) / MINUTE);
    return minutes && hours < 6
      ? `${hours} ${t('unit.h')} ${minutes} ${t('unit.min')}`
      : `${Math.round(size / HOUR)} ${t('unit.h')}`;
  }
  const days = Math.floor(size / DAY);
  const hours = Math.round((size % DAY) / HOUR);
  return hours && days < 5
    ? `${days} ${t('unit.d')} ${hours} ${t('unit.h')}`
    : `${Math.round(size / DAY)} ${t('unit.d')}`;
}

/** A moment relative to now: `3 minutes ago`, `in 2 days`. */
export function ago(at: number, now: number): string {
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'always', style: 'short' });
  const delta = at - now;
  const size = Math.abs(delta);
  if (size < 5 * SECOND) return i18next.t('when.now');
  if (size < MINUTE) return format.format(Math.round(delta / SECOND), 'second');
  if (size < 90 * MINUTE) return format.format(Math.round(delta / MINUTE), 'minute');
  if (size < 36 * HOUR) return format.format(Math.round(delta / HOUR), 'hour');
  return format.format(Math.round(delta / DAY), 'day');
}

/** A moment in full, with its zone: for tooltips, and where the exact time matters. */
export function moment(at: number): string {
  return new Intl.DateTimeFormat(locale(), {
    weekday: 'short',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).format(at);
}

/** A day and time without the year, for lines of a story. */
export function shortMoment(at: number): string {
  return new Intl.DateTimeFormat(locale(), {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
}

export function dayOnly(at: number): string {
  return new Intl.DateTimeFormat(locale(), { weekday: 'short', month: 'short', day: 'numeric' }).format(at);
}

/** A weekday by its place, Monday first. */
export function weekday(day: number, style: 'long' | 'short' = 'long'): string {
  return new Intl.DateTimeFormat(locale(), { weekday: style, timeZone: 'UTC' }).format(Date.UTC(2024, 0, 1 + day));
}

/** Minutes after midnight as `09:30`. */
export function clockOf(minutes: number): string {
  const day = minutes % 1440;
  return `${String(Math.floor(day / 60)).padStart(2, '0')}:${String(day % 60).padStart(2, '0')}`;
}

/** `09:30` as minutes after midnight; null where it is no time. */
export function minutesOf(text: string): number | null {
  const match = /^(\d{1,2}):(\d{2})/.exec(text);
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

/** A share as per cent: `62 %`; a dash where nothing is known. */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? '–' : `${number(Math.round(share * 1000) / 10)} %`;
}

/** A day with the time of day: an appointment's beginning. */
export function dayAndTime(at: number): string {
  return `${dayOnly(at)}, ${timeOnly(at)}`;
}

export function timeOnly(at: number): string {
  return new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit' }).format(at);
}

/** A day of the calendar, which is no moment: the same day in every zone. */
export function calendarDay(at: number): string {
  return new Intl.DateTimeFormat(locale(), {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    timeZone: 'UTC',
  }).format(at);
}

/** The time of day where something happens. */
export function clockIn(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', timeZone }).format(at);
}

/** A file's size as people say it. */
export function fileSize(bytes: number): string {
  return bytes < 1_000_000 ? `${number(Math.ceil(bytes / 1000))} kB` : `${number(bytes / 1_000_000)} MB`;
}

/** An amount in minor units as money. */
export function money(minor: number, currency: string): string {
  try {
    return new Intl.NumberFormat(locale(), { style: 'currency', currency }).format(minor / 100);
  } catch {
    // A currency that nobody has heard of is written as it was told.
    return `${number(minor / 100)} ${currency}`;
  }
}
