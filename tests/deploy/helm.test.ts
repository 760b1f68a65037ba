import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it, type TestContext } from 'vitest';
import { parse } from 'yaml';
import { manifests, WORKERS } from '../../deploy/kubernetes/manifests.ts';
import { ROOT } from '../support/compose.ts';
import { documents, expectValid, type Resource } from '../support/kubernetes.ts';

const CHART = join(ROOT, 'deploy/helm/tillwatch');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const values = parse(read('deploy/helm/tillwatch/values.yaml')) as Record<string, object>;
const keeps = new Ajv({ strict: false }).compile(JSON.parse(read('deploy/helm/tillwatch/values.schema.json')));
/** Helm where it is installed; TILLWATCH_TEST_HELM names it where it is on no path. */
const HELM = process.env.TILLWATCH_TEST_HELM ?? 'helm';

function helm(context: TestContext, ...args: readonly string[]): string {
  try {
    execFileSync(HELM, ['version'], { stdio: 'pipe' });
  } catch {
    if (process.env.TILLWATCH_TEST_HELM !== undefined) throw new TypeError(`TILLWATCH_TEST_HELM=${HELM} does not run`);
    context.skip('helm is not installed');
  }
  return execFileSync(HELM, args, { encoding: 'utf8', stdio: 'pipe' });
}

const rendered = (context: TestContext, ...set: readonly string[]): Resource[] =>
  documents(
    helm(context, 'template', 'till', CHART, '--namespace', 'tw', ...set.flatMap((one) => ['--set-string', one])),
  );

/** A deployment without what the chart takes from its values. */
function fixed(resource: Resource): unknown {
  const { metadata, spec } = structuredClone(resource) as unknown as {
    metadata: object;
    spec: { template: { metadata: { annotations?: unknown }; spec: { containers: Record<string, unknown>[] } } };
  };
  delete spec.template.metadata.annotations;
  for (const container of spec.template.spec.containers) delete container.imagePullPolicy;
  return { metadata, spec };
}

describe('the values of the Helm chart', () => {
  it('keep their schema, which refuses a misspelt name and a number where text is needed', () => {
    expect(keeps(values), JSON.stringify(keeps.errors)).toBe(true);
    expect(keeps({ ...values, ingest: { replica: 3 } })).toBe(false);
    expect(keeps({ ...values, settings: { ...values.settings, TILLWATCH_SHARDS: 16 } })).toBe(false);
    expect(keeps({ ...values, settings: { ...values.settings, SHARDS: '16' } })).toBe(false);
  });

  it('are those of the plain manifests', () => {
    const settings = read('deploy/kubernetes/base/settings.env')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
    expect(values.settings).toEqual(Object.fromEntries(settings));
    for (const { name, requests, memoryLimit } of WORKERS) {
      expect(values[name]).toEqual({ replicas: 2, resources: { requests, limits: { memory: memoryLimit } } });
    }
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(parse(read('deploy/helm/tillwatch/Chart.yaml'))).toMatchObject({ version, appVersion: version });
  });
});

describe('the Helm chart, where helm is installed', { timeout: 60_000 }, () => {
  it('passes the linter, strictly', (context) => {
    expect(helm(context, 'lint', '--strict', CHART)).toContain('0 chart(s) failed');
  });

  it('renders resources that keep the schemas of the Kubernetes API', (context) => {
    const all = rendered(context);
    for (const resource of all) expectValid(resource);
    for (const one of documents(
      helm(context, 'template', 't', CHART, '--set', 'ingress.enabled=true', '--set', 'ingest.replicas=5'),
    )) {
      expectValid(one);
    }
    expect(all.map(({ kind }) => kind)).not.toContain('Ingress');
  });

  it('renders, with its own values, what the plain manifests say', (context) => {
    const all = rendered(context);
    const plain = manifests()
      .filter(({ path }) => path !== 'kustomization.yaml')
      .flatMap(({ text }) => documents(text))
      .filter(({ kind }) => kind !== 'Namespace');
    for (const one of plain) {
      const same = all.find(({ kind, metadata }) => kind === one.kind && metadata.name === one.metadata.name);
      expect(same, `${one.kind} ${one.metadata.name}`).toBeDefined();
      if (one.kind === 'Deployment') expect(fixed(same!)).toEqual(fixed(one));
      else expect(same).toEqual(one);
    }
    // The settings, which kustomize makes itself, are the one resource more.
    expect(all).toHaveLength(plain.length + 1);
  });

  it('takes image, replicas, secret and settings from the values, and a changed setting rolls the pods', (context) => {
    const more = rendered(
      context,
      'image.repository=registry.example/tillwatch',
      'secretName=mine',
      'settings.TILLWATCH_LEASE_MS=8000',
    );
    const ingest = (list: readonly Resource[]): string =>
      JSON.stringify(list.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'ingest'));
    expect(ingest(more)).toContain('"image":"registry.example/tillwatch:0.1.0"');
    expect(ingest(more)).toContain('"secretRef":{"name":"mine"}');
    const settings = more.find(({ kind }) => kind === 'ConfigMap') as unknown as { data: Record<string, string> };
    expect(settings.data).toMatchObject({ TILLWATCH_LEASE_MS: '8000', TILLWATCH_SHARDS: '16' });
    const sum = (text: string): string | undefined => /"checksum\/settings":"(\w{64})"/.exec(text)?.[1];
    expect(sum(ingest(more))).toMatch(/^\w{64}$/);
    expect(sum(ingest(more))).not.toBe(sum(ingest(rendered(context))));
  });

  it('refuses values that nobody knows, by their name', (context) => {
    expect(() => rendered(context, 'ingest.replica=3')).toThrow(/replica/);
  });
});
