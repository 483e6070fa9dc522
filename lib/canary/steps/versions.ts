// Which ReplicaSet has the pods of a Deployment's present version.
import { z } from "zod";
import type { KubernetesClient } from "@/lib/adapters/kubernetes/cluster";
import type { DeploymentFacts } from "@/lib/deployments/beside/objects";
import type { StepVersion } from "../step-analyst";

const revisionKey = "deployment.kubernetes.io/revision";
const replicaSet = z.looseObject({
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).default({}), annotations: z.record(z.string(), z.string()).default({}), ownerReferences: z.array(z.looseObject({ uid: z.string() })).default([]) }),
});

/** Null while its controller has not made it. */
export async function currentSet(client: KubernetesClient, { metadata, spec }: DeploymentFacts): Promise<Omit<StepVersion, "image"> | null> {
  const labelSelector = Object.entries(spec.selector.matchLabels).map(([key, value]) => `${key}=${value}`).join(",");
  const sets = (await client.list({ apiVersion: "apps/v1", kind: "ReplicaSet", namespace: metadata.namespace, labelSelector })).flatMap((raw) => replicaSet.safeParse(raw).data ?? []);
  const own = sets.filter((one) => one.metadata.ownerReferences.some(({ uid }) => uid === metadata.uid));
  const current = own.find((one) => one.metadata.annotations[revisionKey] === metadata.annotations[revisionKey]);
  const hash = current?.metadata.labels["pod-template-hash"];
  return current && hash ? { hash, set: current.metadata.name } : null;
}
