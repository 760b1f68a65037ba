import { Deployment } from 'kubernetes-models/apps/v1';
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Namespace, Service, ServiceAccount } from 'kubernetes-models/v1';
import { expect } from 'vitest';
import { parseAllDocuments } from 'yaml';

const KINDS = {
  ConfigMap,
  Deployment,
  Ingress,
  NetworkPolicy,
  PodDisruptionBudget,
  Namespace,
  Service,
  ServiceAccount,
};

export interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Record<string, string> };
  readonly spec?: Record<string, unknown>;
}

/** The resources of a text of YAML documents. */
export function documents(text: string): Resource[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Resource | null)
    .filter((resource) => resource !== null);
}

/** Fails where a resource breaks the schema of the Kubernetes API. */
export function expectValid(resource: Resource): void {
  const Kind = KINDS[resource.kind as keyof typeof KINDS];
  expect(Kind, resource.kind).toBeDefined();
  expect(() => new Kind(resource as never).validate(), `${resource.kind} ${resource.metadata.name}`).not.toThrow();
}
