/** One thing that was looked at. */
export interface Examined {
  readonly name: string;
  readonly level: 'ok' | 'warning' | 'error';
  /** What was seen, in a sentence. */
  readonly seen: string;
  /** What to do about it; none where it is well. */
  readonly next?: string;
}

export const ok = (name: string, seen: string): Examined => ({ name, level: 'ok', seen });
export const warning = (name: string, seen: string, next: string): Examined => ({ name, level: 'warning', seen, next });
export const error = (name: string, seen: string, next: string): Examined => ({ name, level: 'error', seen, next });

/** 0: all is well; 1: something will need attention; 2: something is wrong. */
export function exitCodeOf(examined: readonly Examined[]): 0 | 1 | 2 {
  if (examined.some(({ level }) => level === 'error')) return 2;
  return examined.some(({ level }) => level === 'warning') ? 1 : 0;
}
