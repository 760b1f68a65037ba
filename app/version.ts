import { readFileSync } from 'node:fs';

/** The package's version, read from package.json: one level up from the sources, two from the packed form in `dist/`. */
export function version(): string {
  for (const up of ['../package.json', '../../package.json']) {
    try {
      const parsed = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (parsed.name === 'tillwatch' && parsed.version) return parsed.version;
    } catch {
      // Not at this depth: try the next.
    }
  }
  return 'unknown';
}
