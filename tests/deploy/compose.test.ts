import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { composeFile, ENV, interpolated, ROOT, type Service } from '../support/compose.ts';
import { temporaryDir } from '../support/platform.ts';

const FILES = ['docker-compose.yml', 'docker-compose.scale.yml'] as const;
/** The Compose specification's own schema, as the linter dclint carries it. */
const SCHEMA = fileURLToPath(new URL('schemas/compose.schema.json', import.meta.resolve('dclint/package.json')));
/** Their images have no shell or client to ask them with. */
const WITHOUT_HEALTHCHECK = new Set(['vminsert', 'vmselect', 'vmalert']);

const isOurs = (service: Service): boolean => service.image.startsWith('tillwatch:');

function dependenciesOf({ depends_on = {} }: Service): [string, string][] {
  return Array.isArray(depends_on)
    ? depends_on.map((name: string) => [name, 'service_started'])
    : Object.entries(depends_on).map(([name, { condition }]) => [name, condition]);
}

describe.each(FILES)('%s', { timeout: 180_000 }, (file) => {
  const compose = composeFile(file);
  const services = Object.entries(compose.services);

  it('keeps the Compose specification’s schema', () => {
    const { $schema: _, ...schema } = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Record<string, unknown>;
    const valid = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    expect(valid(compose) ? [] : valid.errors).toEqual([]);
    expect(valid({ services: { a: { imge: 'x' } } })).toBe(false);
  });

  it('is taken by docker compose, where that is installed', (context) => {
    try {
      execFileSync('docker', ['compose', 'version'], { stdio: 'pipe' });
    } catch {
      context.skip('docker compose is not installed');
    }
    execFileSync('docker', ['compose', '-f', file, 'config', '--quiet'], {
      cwd: ROOT,
      env: { ...process.env, ...ENV },
    });
  });

  it('pins every image, restarts what ends, and asks every service how it is', () => {
    for (const [name, service] of services) {
      expect(interpolated(service.image), name).toMatch(/:[\w.-]*\d/);
      if (service.profiles) continue;
      expect(service.restart, name).toBe('unless-stopped');
      if (!WITHOUT_HEALTHCHECK.has(name)) expect(service.healthcheck?.test, name).toBeTruthy();
    }
  });

  it('waits only for services that say when they are healthy', () => {
    for (const [name, service] of services) {
      for (const [other, condition] of dependenciesOf(service)) {
        expect(compose.services[other], `${name} → ${other}`).toBeDefined();
        if (condition === 'service_healthy')
          expect(compose.services[other]?.healthcheck?.test, `${name} → ${other}`).toBeTruthy();
      }
    }
  });

  it('mounts only files that are there, volumes and networks that it declares', () => {
    for (const [name, { volumes = [], networks = [] }] of services) {
      for (const volume of volumes) {
        const [source = ''] = interpolated(volume).split(':');
        if (source.startsWith('./certs')) continue;
        if (source.startsWith('.')) expect(existsSync(join(ROOT, source)), `${name}: ${source}`).toBe(true);
        else expect(compose.volumes, `${name}: ${source}`).toHaveProperty(source);
      }
      for (const network of networks) expect(compose.networks, name).toHaveProperty(network);
    }
  });

  it('holds no secret, and refuses to start without one', () => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    for (const line of text.split('\n')) {
      if (/(PASSWORD|TOKEN|SECRET)\w*:/.test(line)) expect(line).toMatch(/\$\{\w+(:\?|:-\})/);
    }
    expect(() => interpolated(text, { ...ENV, MQTT_PASSWORD: '' })).toThrow('MQTT_PASSWORD');
    const example = readFileSync(join(ROOT, '.env.example'), 'utf8');
    for (const [, name] of text.matchAll(/\$\{(\w+):\?/g)) expect(example).toContain(`${name}=`);
  });

  it('runs our own image without rights: not root, read-only, no capability, no port to the world but TLS', () => {
    for (const [name, service] of services) {
      if (isOurs(service)) {
        expect(service.read_only, name).toBe(true);
        expect(service.cap_drop, name).toEqual(['ALL']);
        expect(service.user ?? '10001', name).not.toMatch(/^(0|root)/);
      }
      for (const port of service.ports ?? []) {
        if (!interpolated(port).startsWith('127.0.0.1:')) expect(interpolated(port), name).toMatch(/:8883$/);
      }
    }
  });

  it('starts Tillwatch with command lines and settings that it takes', async () => {
    const dir = temporaryDir('compose');
    try {
      const ours = services.filter(([, service]) => isOurs(service) && service.command?.[0] === 'serve');
      expect(ours.map(([name]) => name)).toEqual(['ingest', 'analytics', 'alerts', 'console']);
      const run = async ([name, service]: (typeof ours)[number]) => {
        const settings = Object.entries(service.environment ?? {}).map(([key, value]) => [key, interpolated(value)]);
        const { NODE_EXTRA_CA_CERTS: _, ...env } = Object.fromEntries(settings) as Record<string, string>;
        const said = await tillwatch([...(service.command ?? []), '--check'], {
          ...env,
          TILLWATCH_DATA_DIR: dir.path,
          TILLWATCH_HTTP_HOST: '0.0.0.0',
        });
        expect(JSON.parse(said), name).toMatchObject({
          command: 'serve',
          mqttPassword: '***',
          shards: expect.any(Number),
        });
        expect(said).not.toContain(ENV.POSTGRES_PASSWORD);
      };
      await Promise.all(ours.map(run));
    } finally {
      dir.remove();
    }
  });
});

describe('docker-compose.scale.yml', () => {
  it('runs two of each worker', () => {
    const { services } = composeFile('docker-compose.scale.yml');
    for (const name of ['ingest', 'analytics', 'alerts']) expect(services[name]?.deploy?.replicas, name).toBe(2);
  });
});

describe('Dockerfile', () => {
  const text = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');

  it('runs as a user of its own, of a pinned line of Node, from the lock file, without install scripts', () => {
    const last = text.slice(text.lastIndexOf('\nFROM '));
    expect(last).toMatch(/\nUSER tillwatch\n/);
    for (const [, image] of text.matchAll(/^FROM (\S+)/gm)) expect(image).toMatch(/^node:24-bookworm-slim$/);
    for (const [install] of text.matchAll(/npm (ci|install).*/g)) expect(install).toMatch(/^npm ci .*--ignore-scripts/);
    expect(last).toContain('HEALTHCHECK');
  });
});

function tillwatch(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const all = { PATH: process.env.PATH ?? '', ...env };
    execFile(process.execPath, [join(ROOT, 'app/main.ts'), ...args], { cwd: ROOT, env: all }, (error, out, err) =>
      error ? reject(new Error(`${args.join(' ')}: ${err}`)) : resolve(out),
    );
  });
}
