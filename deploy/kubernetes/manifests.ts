import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import type { IContainer, INamespace, IService, IServiceAccount } from 'kubernetes-models/v1';
import { stringify } from 'yaml';

/**
 * The manifests of the workers, typed so that a misspelt field does not compile, and written to `base/` by "node tests/generated.ts".
 * What a cluster sets of its own (addresses, numbers of replicas, image) goes into a kustomization over them: see `example/`.
 */
export interface Worker {
  readonly name: 'ingest' | 'analytics' | 'alerts' | 'console';
  /** What `tillwatch serve` is given. */
  readonly rooms: readonly string[];
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly memoryLimit: string;
}

/** Sizes are those of some 100,000 terminals at a heartbeat a minute: docs/capacity.md. */
export const WORKERS: readonly Worker[] = [
  { name: 'ingest', rooms: ['ingest'], requests: { cpu: '500m', memory: '768Mi' }, memoryLimit: '2Gi' },
  { name: 'analytics', rooms: ['analytics'], requests: { cpu: '500m', memory: '1Gi' }, memoryLimit: '3Gi' },
  { name: 'alerts', rooms: ['alerts'], requests: { cpu: '250m', memory: '512Mi' }, memoryLimit: '1Gi' },
  { name: 'console', rooms: ['all'], requests: { cpu: '500m', memory: '1Gi' }, memoryLimit: '3Gi' },
];

const NAMESPACE = 'tillwatch';
const PORT = 8080;
const USER = 10_001;
const IMAGE = 'tillwatch:0.1.0';
const APP = { 'app.kubernetes.io/name': 'tillwatch' } as const;

const labelsOf = (worker: Worker) => ({ ...APP, 'app.kubernetes.io/component': worker.name });

export interface Manifest {
  /** Within `deploy/kubernetes/base`. */
  readonly path: string;
  readonly text: string;
}

/** Every file of `base/` that is made from here; `settings.env` beside them is written by hand. */
export function manifests(): readonly Manifest[] {
  const files: Record<string, readonly object[]> = {
    'namespace.yaml': [namespace(), serviceAccount()],
    'network.yaml': network(),
    ...Object.fromEntries(WORKERS.map((worker) => [`${worker.name}.yaml`, partsOf(worker)])),
  };
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: NAMESPACE,
    resources: Object.keys(files),
    // Its name carries its contents' hash: a changed setting rolls the pods.
    configMapGenerator: [{ name: 'tillwatch-settings', envs: ['settings.env'] }],
  };
  return [
    ...Object.entries(files).map(([path, documents]) => ({ path, text: documents.map(yaml).join('---\n') })),
    { path: 'kustomization.yaml', text: yaml(kustomization) },
  ];
}

/** What one worker consists of: the deployment first. */
export function partsOf(worker: Worker): readonly [IDeployment, ...object[]] {
  return [deployment(worker), budget(worker), ...(worker.name === 'console' ? [service(worker)] : [])];
}

/** Who may call whom. */
export function network(): readonly object[] {
  return [nothingIn(), portOfConsole()];
}

export function yaml(document: object): string {
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}

function namespace(): INamespace {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  };
}

export function serviceAccount(): IServiceAccount {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'tillwatch', labels: { ...APP } },
    automountServiceAccountToken: false,
  };
}

function deployment(worker: Worker): IDeployment {
  const labels = labelsOf(worker);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: worker.name, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      // A worker that goes hands its shards on before the next one does: never fewer than there are now.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      minReadySeconds: 15,
      progressDeadlineSeconds: 900,
      revisionHistoryLimit: 5,
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: 'tillwatch',
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          // Long enough to commit what is under way and to give back the leases.
          terminationGracePeriodSeconds: 60,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: USER,
            runAsGroup: USER,
            fsGroup: USER,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: labels },
            },
          ],
          containers: [container(worker)],
          volumes: [
            { name: 'data', emptyDir: { sizeLimit: '1Gi' } },
            { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
          ],
        },
      },
    },
  };
}

function container(worker: Worker): IContainer {
  const get = (path: string) => ({ httpGet: { path, port: 'http' } });
  return {
    name: 'tillwatch',
    image: IMAGE,
    args: ['serve', ...worker.rooms],
    ports: [{ name: 'http', containerPort: PORT }],
    envFrom: [{ configMapRef: { name: 'tillwatch-settings' } }, { secretRef: { name: 'tillwatch-secrets' } }],
    env: [{ name: 'TILLWATCH_WORKER', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
    // Migrations and reading back the journal may take minutes, and are no reason to be ended.
    startupProbe: { ...get('/readyz'), periodSeconds: 5, failureThreshold: 120 },
    livenessProbe: { ...get('/healthz'), periodSeconds: 15, timeoutSeconds: 5, failureThreshold: 4 },
    readinessProbe: { ...get('/readyz'), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 2 },
    resources: { requests: worker.requests, limits: { memory: worker.memoryLimit } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'data', mountPath: '/data' },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}

function budget(worker: Worker): IPodDisruptionBudget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: worker.name, labels: labelsOf(worker) },
    spec: { maxUnavailable: 1, selector: { matchLabels: labelsOf(worker) } },
  };
}

function service(worker: Worker): IService {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: worker.name, labels: labelsOf(worker) },
    spec: {
      selector: labelsOf(worker),
      ports: [{ name: 'http', port: 80, targetPort: 'http' }],
      // A browser's event stream and the pages beside it come from one read model.
      sessionAffinity: 'ClientIP',
    },
  };
}

/** Nobody may call a worker; each may call out (broker, stores, receivers of notices). */
function nothingIn(): INetworkPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'nothing-in', labels: { ...APP } },
    spec: { podSelector: { matchLabels: { ...APP } }, policyTypes: ['Ingress'], ingress: [] },
  };
}

function portOfConsole(): INetworkPolicy {
  const consoleWorker = WORKERS.find(({ name }) => name === 'console')!;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'console', labels: { ...APP } },
    spec: {
      podSelector: { matchLabels: labelsOf(consoleWorker) },
      policyTypes: ['Ingress'],
      ingress: [{ ports: [{ port: PORT, protocol: 'TCP' }] }],
    },
  };
}
