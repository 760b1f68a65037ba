import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabelledSeries } from './nab-scoring.ts';

export interface NabSeries extends LabelledSeries {
  /** ms since 1970, the text read as UTC. */
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Where the benchmark's data is, or null: TILLWATCH_NAB_DIR, else ../shared/data/nab beside the repository. */
export function nabDirectory(): string | null {
  const directory = process.env.TILLWATCH_NAB_DIR ?? join(import.meta.dirname, '../../../shared/data/nab');
  return existsSync(join(directory, 'labels/combined_windows.json')) ? directory : null;
}

/** Reads all 58 series with their label windows. */
export function readNab(directory: string): NabSeries[] {
  const labels = JSON.parse(readFileSync(join(directory, 'labels/combined_windows.json'), 'utf8')) as Record<
    string,
    [string, string][]
  >;
  return Object.entries(labels).map(([name, windows]) => {
    const lines = readFileSync(join(directory, 'data', name), 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1);
    const timestamps: string[] = [];
    const times = new Float64Array(lines.length);
    const values = new Float64Array(lines.length);
    for (const [i, line] of lines.entries()) {
      const comma = line.indexOf(',');
      const text = line.slice(0, comma);
      timestamps.push(text);
      times[i] = Date.parse(`${text.replace(' ', 'T')}Z`);
      values[i] = Number(line.slice(comma + 1));
    }
    return {
      name,
      timestamps,
      times,
      values,
      // Labels carry fractions of a second that the data does not.
      windows: windows.map(([a, b]) => [a.replace(/\.\d+$/, ''), b.replace(/\.\d+$/, '')] as const),
    };
  });
}

/** Development half (tuned on) or held-out half, by a hash of the file name (FNV-1a, lowest bit). */
export function halfOf(name: string): 'development' | 'held-out' {
  const file = name.slice(name.lastIndexOf('/') + 1);
  let hash = 0x811c9dc5;
  for (let i = 0; i < file.length; i++) hash = Math.imul(hash ^ file.charCodeAt(i), 0x01000193) >>> 0;
  return (hash ^ (hash >>> 16)) & 1 ? 'held-out' : 'development';
}
