import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1';
import { describe, expect, it } from 'vitest';
import { manifests, WORKERS } from '../../deploy/kubernetes/manifests.ts';
import { ROOT } from '../support/compose.ts';
import { documents, expectValid } from '../support/kubernetes.ts';
import { temporaryDir } from '../support/platform.ts';

const HOME = join(ROOT, 'deploy/kubernetes');

const resources = manifests()
  .filter(({ path }) => path !== 'kustomization.yaml')
  .flatMap(({ text }) => documents(text));
const deployments = resources.filter(({ kind }) => kind === 'Deployment') as unknown as Required<
  InstanceType<typeof Deployment>
>[];

describe('the Kubernetes manifests', { timeout: 180_000 }, () => {
  it('keep the schemas of the Kubernetes API', () => {
    const ingress = documents(readFileSync(join(HOME, 'example/ingress.yaml'), 'utf8'));
    for (const resource of [...resources, ...ingress]) expectValid(resource);
    const wrong = { ...deployments[0]!, spec: { ...deployments[0]!.spec, replicas: 'two' } };
    expect(() => new Deployment(wrong as never).validate()).toThrow('replicas');
  });

  it('are taken by kustomize, where kubectl is installed', (context) => {
    try {
      execFileSync('kubectl', ['version', '--client'], { stdio: 'pipe' });
    } catch {
      context.skip('kubectl is not installed');
    }
    const built = documents(execFileSync('kubectl', ['kustomize', join(HOME, 'example')], { encoding: 'utf8' }));
    const ingest = built.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'ingest');
    expect(ingest?.spec?.replicas).toBe(3);
    expect(JSON.stringify(ingest)).toContain('"image":"registry.example/tillwatch:0.1.0"');
    // The settings' name carries their hash, so that a changed setting rolls the pods.
    expect(JSON.stringify(ingest)).toMatch(/"configMapRef":\{"name":"tillwatch-settings-\w+"\}/);
  });

  it('run without root, without writing to the image, and within limits', () => {
    expect(deployments).toHaveLength(WORKERS.length);
    for (const { metadata, spec } of deployments) {
      const pod = spec.template.spec!;
      expect(pod.securityContext, metadata.name).toMatchObject({ runAsNonRoot: true, runAsUser: 10_001 });
      for (const container of pod.containers) {
        expect(container.securityContext, metadata.name).toMatchObject({
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        });
        expect(container.resources?.requests, metadata.name).toHaveProperty('cpu');
        expect(container.resources?.limits, metadata.name).toHaveProperty('memory');
      }
    }
  });

  it('ask each worker whether it started, lives and is ready, and keep one of two through an eviction and a roll-out', () => {
    for (const { metadata, spec } of deployments) {
      const container = spec.template.spec!.containers[0]!;
      expect(container.startupProbe?.httpGet?.path, metadata.name).toBe('/readyz');
      expect(container.livenessProbe?.httpGet?.path, metadata.name).toBe('/healthz');
      expect(container.readinessProbe?.httpGet?.path, metadata.name).toBe('/readyz');
      expect(spec.replicas, metadata.name).toBeGreaterThanOrEqual(2);
      expect(spec.strategy?.rollingUpdate?.maxUnavailable, metadata.name).toBe(0);
      const budget = resources.find(
        ({ kind, metadata: { name } }) => kind === 'PodDisruptionBudget' && name === metadata.name,
      );
      expect(budget?.spec, metadata.name).toMatchObject({ maxUnavailable: 1, selector: spec.selector });
      expect(spec.template.metadata?.labels).toEqual(spec.selector.matchLabels);
    }
  });

  it('let nobody in but to the console’s port', () => {
    const policies = resources.filter(({ kind }) => kind === 'NetworkPolicy');
    expect(policies.find(({ metadata }) => metadata.name === 'nothing-in')?.spec).toMatchObject({
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'tillwatch' } },
      ingress: [],
    });
    const open = policies.filter(({ spec }) => ((spec?.ingress ?? []) as unknown[]).length > 0);
    expect(open.map(({ metadata }) => metadata.name)).toEqual(['console']);
  });

  it('start Tillwatch with arguments and settings that it takes', async () => {
    const dir = temporaryDir('kubernetes');
    const settings = readFileSync(join(HOME, 'base/settings.env'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
    const env = {
      ...(Object.fromEntries(settings) as Record<string, string>),
      TILLWATCH_RELATIONAL_URL: 'postgres://tillwatch:secret@postgres/tillwatch',
      TILLWATCH_MQTT_PASSWORD: 'secret',
      TILLWATCH_WORKER: 'pod-1',
      TILLWATCH_HTTP_HOST: '0.0.0.0',
      TILLWATCH_DATA_DIR: dir.path,
    };
    try {
      await Promise.all(
        deployments.map(async ({ spec }) => {
          const { args = [] } = spec.template.spec!.containers[0]!;
          const said = await tillwatch([...args, '--check'], env);
          expect(JSON.parse(said)).toMatchObject({ command: 'serve', worker: 'pod-1', signIn: 'required' });
          expect(said).not.toContain('secret');
        }),
      );
    } finally {
      dir.remove();
    }
  });
});

function tillwatch(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const all = { PATH: process.env.PATH ?? '', ...env };
    execFile(process.execPath, [join(ROOT, 'app/main.ts'), ...args], { env: all }, (error, out, err) =>
      error ? reject(new Error(err)) : resolve(out),
    );
  });
}
