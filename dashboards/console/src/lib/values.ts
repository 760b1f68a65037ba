import type { Values } from '../components/entry-form.tsx';
import type { DayHours } from '../components/hours-field.tsx';
import { clockOf, minutesOf } from './format.ts';

/** Reading and filling a form's values: each reader says what kind it wants, and answers nothing for what was left empty. */
export function text(values: Values, name: string): string {
  const value = values[name];
  return typeof value === 'string' ? value.trim() : '';
}

export function textOrNull(values: Values, name: string): string | null {
  return text(values, name) || null;
}

export function num(values: Values, name: string): number {
  return Number(text(values, name));
}

/** Per cent as a share, 0–1. */
export function share(values: Values, name: string): number {
  return num(values, name) / 100;
}

export function yes(values: Values, name: string): boolean {
  return values[name] === true;
}

export function many<T extends string>(values: Values, name: string): T[] {
  const value = values[name];
  return Array.isArray(value) ? ([...value] as T[]) : [];
}

/** Entries of a text with one a line. */
export function lines(values: Values, name: string): string[] {
  return text(values, name)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** A local date and time as ms. */
export function when(values: Values, name: string): number {
  return new Date(text(values, name)).getTime();
}

/** Minutes after midnight. */
export function clock(values: Values, name: string): number | null {
  return minutesOf(text(values, name));
}

export function hours(values: Values, name: string): DayHours[] {
  const value = values[name];
  return Array.isArray(value) ? ([...value] as DayHours[]) : [];
}

/** The object without what was left empty, for bodies whose fields may be left out but not null. */
export function given<T extends object>(body: T): { [K in keyof T]: Exclude<T[K], '' | null> } {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== '' && value !== null)) as never;
}

/** A moment as a field of kind `when` wants it: local, to the minute. */
export function fieldMoment(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

export function fieldClockOr(minutes: number | null | undefined): string {
  return minutes === null || minutes === undefined ? '' : clockOf(minutes);
}
