// Changes that a stepped canary makes to Deployments: each holds only for the object that was read.
import "server-only";
import type { PatchOperation } from "@/lib/adapters/kubernetes/patch";
import type { Manifest } from "@/lib/adapters/kubernetes/apply";
import { imageOperations } from "../rollouts/changes";
import { besideLabel, jobLabel, markAnnotation, type Mark } from "./mark";
import { imageOf, templateDigest, type DeploymentFacts } from "./objects";

const pointer = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");
const markPath = `/metadata/annotations/${pointer(markAnnotation)}`;

/** An object made anew under the same name is another. */
export const same = ({ metadata: { uid } }: { metadata: { uid: string } }): PatchOperation => ({ op: "test", path: "/metadata/uid", value: uid });

export function scaleOperations(object: DeploymentFacts, replicas: number): PatchOperation[] {
  return [same(object), { op: "test", path: "/spec/replicas", value: object.spec.replicas }, { op: "replace", path: "/spec/replicas", value: replicas }];
}

/** Over no mark, or over the one that was read. */
export function markOperations(object: DeploymentFacts, mark: Mark): PatchOperation[] {
  const before = object.metadata.annotations[markAnnotation];
  const annotations: PatchOperation[] = Object.keys(object.metadata.annotations).length === 0 ? [{ op: "add", path: "/metadata/annotations", value: {} }] : [];
  const guard: PatchOperation[] = before === undefined ? [{ op: "test", path: "/spec/replicas", value: object.spec.replicas }] : [{ op: "test", path: markPath, value: before }];
  return [same(object), ...guard, ...annotations, { op: "add", path: markPath, value: JSON.stringify(mark) }];
}

export function unmarkOperations(object: DeploymentFacts): PatchOperation[] {
  return object.metadata.annotations[markAnnotation] === undefined ? [] : [same(object), { op: "remove", path: markPath }];
}

/** The judged image into the stable Deployment, as long as its template is the one that was judged against. Null: it is another by now. */
export function promoteOperations(object: DeploymentFacts, mark: Mark): PatchOperation[] | null {
  if (templateDigest(object.spec.template) !== mark.digest) return null;
  const change = imageOperations(object, mark);
  return change === null ? null : [same(object), { op: "test", path: "/spec/template", value: object.spec.template }, ...change];
}

/** Whether the stable Deployment runs the canary's image, in an otherwise unchanged template. */
export function isPromoted(object: DeploymentFacts, mark: Mark): boolean {
  if (imageOf(object, mark.container) !== mark.image) return false;
  const containers = object.spec.template.spec.containers.map((one) => (one.name === mark.container ? { ...one, image: mark.fromImage } : one));
  return templateDigest({ ...object.spec.template, spec: { ...object.spec.template.spec, containers } }) === mark.digest;
}

/** A Deployment of its own with the stable one's template and another image; its pods carry all labels of the stable ones, so that the Service sends to them as well. */
export function canaryManifest(stable: DeploymentFacts, { mark, replicas }: { mark: Mark; replicas: number }): Manifest {
  const { template } = stable.spec;
  const own = { [besideLabel]: stable.metadata.name };
  const kept = Object.fromEntries(["minReadySeconds", "progressDeadlineSeconds"].flatMap((key) => (stable.spec[key] === undefined ? [] : [[key, stable.spec[key]]])));
  const manifest = {
    apiVersion: "apps/v1", kind: "Deployment",
    metadata: { name: mark.canary, namespace: stable.metadata.namespace, labels: { ...stable.metadata.labels, ...own, [jobLabel]: mark.job } },
    spec: {
      ...kept, replicas, revisionHistoryLimit: 1, selector: { matchLabels: { ...stable.spec.selector.matchLabels, ...own } },
      template: {
        ...template, metadata: { ...template.metadata, labels: { ...template.metadata.labels, ...own } },
        spec: { ...template.spec, containers: template.spec.containers.map((one) => (one.name === mark.container ? { ...one, image: mark.image } : one)) },
      },
    },
  };
  return manifest;
}
