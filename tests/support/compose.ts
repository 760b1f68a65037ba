import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly profiles?: readonly string[];
  readonly depends_on?: readonly string[] | Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly user?: string;
  readonly cap_drop?: readonly string[];
  readonly deploy?: { readonly replicas?: number };
  readonly ports?: readonly string[];
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, unknown>>;
}

/** A compose file with its merges done, and variables as they stand. */
export function composeFile(name: string): ComposeFile {
  return parse(readFileSync(join(ROOT, name), 'utf8'), { merge: true }) as ComposeFile;
}

/** What someone would write into `.env`. */
export const ENV: Readonly<Record<string, string>> = {
  POSTGRES_PASSWORD: 'p0',
  INFLUX_TOKEN: 't0',
  INFLUX_PASSWORD: 'i0',
  GRAFANA_PASSWORD: 'g0',
  MQTT_PASSWORD: 'm0',
  CERTIFICATES: './certs',
  SIM_PASSWORD: 's0',
};

/** Puts in variables as Compose does: `${X}`, `${X:-default}`, `${X:?message}`. */
export function interpolated(text: string, env: Readonly<Record<string, string>> = ENV): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, how?: string, rest = '') => {
    const value = env[name];
    if (value !== undefined && value !== '') return value;
    if (how === '?') throw new Error(`${name}: ${rest}`);
    return how === '-' ? rest : '';
  });
}
