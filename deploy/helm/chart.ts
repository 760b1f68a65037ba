import type { IDeployment } from 'kubernetes-models/apps/v1';
import {
  type Manifest,
  network,
  partsOf,
  serviceAccount,
  WORKERS,
  type Worker,
  yaml,
} from '../kubernetes/manifests.ts';

/**
 * The chart's templates of the workers, made from the same typed manifests as `deploy/kubernetes/base` by "node tests/generated.ts":
 * what a cluster sets of its own stands as a mark where the value would be, and the mark becomes an expression of Helm's.
 */
export function chartFiles(): readonly Manifest[] {
  return [
    ...WORKERS.map((worker) => ({ path: `templates/${worker.name}.yaml`, text: templateOf(worker) })),
    { path: 'templates/network.yaml', text: [serviceAccount(), ...network()].map(yaml).join('---\n') },
  ];
}

const MARK = (name: string): string => `HELM-${name}`;

function templateOf(worker: Worker): string {
  const [deployment, ...others] = partsOf(worker);
  const expressions: Readonly<Record<string, string>> = {
    replicas: `.Values.${worker.name}.replicas`,
    image: 'printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) | quote',
    pullPolicy: '.Values.image.pullPolicy',
    secret: '.Values.secretName',
    // A changed setting rolls the pods.
    settings: 'include (print $.Template.BasePath "/settings.yaml") . | sha256sum',
  };
  const text = [marked(deployment), ...others].map(yaml).join('---\n');
  return text
    .replace(/^( *)resources: HELM-resources$/m, (_, indent: string) => {
      const deeper = indent.length + 2;
      return `${indent}resources:\n${' '.repeat(deeper)}{{- toYaml .Values.${worker.name}.resources | nindent ${deeper} }}`;
    })
    .replace(/HELM-(\w+)/g, (_, name: string) => `{{ ${expressions[name]} }}`);
}

/** The deployment with marks in place of what the values say. */
function marked(deployment: IDeployment): object {
  const spec = deployment.spec!;
  const pod = spec.template.spec!;
  return {
    ...deployment,
    spec: {
      ...spec,
      replicas: MARK('replicas'),
      template: {
        metadata: { ...spec.template.metadata, annotations: { 'checksum/settings': MARK('settings') } },
        spec: {
          ...pod,
          containers: pod.containers.map((container) => ({
            ...container,
            image: MARK('image'),
            imagePullPolicy: MARK('pullPolicy'),
            envFrom: [{ configMapRef: { name: 'tillwatch-settings' } }, { secretRef: { name: MARK('secret') } }],
            resources: MARK('resources'),
          })),
        },
      },
    },
  };
}
