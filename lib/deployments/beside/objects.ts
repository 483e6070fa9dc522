// A Deployment, its Service and its Ingress as far as a canary beside it needs them, read from what the API server answers.
import "server-only";
import { createHash } from "node:crypto";
import { z } from "zod";
import { canonical, plainTemplate } from "../rules/template";

const texts = z.record(z.string(), z.string()).default({});
const metadata = z.looseObject({ name: z.string(), namespace: z.string().default(""), uid: z.string(), generation: z.number().default(0), labels: texts, annotations: texts, deletionTimestamp: z.string().optional() });
const container = z.looseObject({ name: z.string(), image: z.string().default("") });
export const podTemplate = z.looseObject({ metadata: z.looseObject({ labels: texts }).default({ labels: {} }), spec: z.looseObject({ containers: z.array(container) }) });

const deployment = z.looseObject({
  metadata,
  spec: z.looseObject({ replicas: z.number().default(1), paused: z.boolean().default(false), minReadySeconds: z.number().optional(), progressDeadlineSeconds: z.number().optional(), selector: z.looseObject({ matchLabels: texts }), template: podTemplate, strategy: z.looseObject({ rollingUpdate: z.looseObject({ maxSurge: z.union([z.string(), z.number()]).optional() }).nullish() }).optional() }),
  status: z.looseObject({ observedGeneration: z.number().default(0), replicas: z.number().default(0), updatedReplicas: z.number().default(0), availableReplicas: z.number().default(0), conditions: z.array(z.looseObject({ type: z.string(), status: z.string().default(""), reason: z.string().default(""), message: z.string().default("") })).default([]) }).prefault({}),
});
export type DeploymentFacts = z.infer<typeof deployment>;

/** Null for null: there is no such Deployment. */
export function readDeployment(raw: unknown): DeploymentFacts | null {
  return raw === null ? null : deployment.parse(raw);
}

const service = z.looseObject({ metadata, spec: z.looseObject({ selector: texts, ports: z.array(z.looseObject({ port: z.number() })).default([]) }) });
export type ServiceFacts = z.infer<typeof service>;
export const readService = (raw: unknown): ServiceFacts | null => (raw === null ? null : service.parse(raw));

const backend = z.looseObject({ service: z.looseObject({ name: z.string(), port: z.looseObject({ number: z.number().optional(), name: z.string().optional() }) }).optional() });
const ingress = z.looseObject({ metadata, spec: z.looseObject({ rules: z.array(z.looseObject({ http: z.looseObject({ paths: z.array(z.looseObject({ backend })).default([]) }).optional() })).default([]) }) });
export type IngressFacts = z.infer<typeof ingress>;
export const readIngress = (raw: unknown): IngressFacts | null => (raw === null ? null : ingress.parse(raw));

export function imageOf({ spec }: DeploymentFacts, name: string): string | null {
  return spec.template.spec.containers.find((one) => one.name === name)?.image ?? null;
}

/** Of a template as written, without what controllers add. */
export function templateDigest(template: unknown): string {
  return createHash("sha256").update(canonical(plainTemplate(template))).digest("hex").slice(0, 16);
}

/** Why its pods will not come; "" while they still may. */
export function stuckReason({ status }: DeploymentFacts): string {
  const progressing = status.conditions.find(({ type, reason }) => type === "Progressing" && reason === "ProgressDeadlineExceeded");
  return progressing ? progressing.message || "its pods did not become ready in time" : "";
}

/** All that is wanted is there, is new, and is available. */
export function hasSettled({ metadata: { generation }, spec, status }: DeploymentFacts): boolean {
  return status.observedGeneration >= generation && status.replicas === spec.replicas && status.updatedReplicas === spec.replicas && status.availableReplicas === spec.replicas;
}
