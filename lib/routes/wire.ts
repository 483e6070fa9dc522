// Objects that are read as the API server sends them: classes, Calico's settings, ranges of Services; anything that does not fit is left out.
import { z } from "zod";
import type { CalicoSettings, IngressClass } from "./world";

const named = z.object({ name: z.string() });
const rows = <T>(schema: z.ZodType<T>, raw: readonly unknown[]): T[] => raw.flatMap((one) => {
  const parsed = schema.safeParse(one);
  return parsed.success ? [parsed.data] : [];
});

const ingressClass = z.object({ metadata: named.extend({ annotations: z.record(z.string(), z.string()).default({}) }), spec: z.object({ controller: z.string().default("") }).default({ controller: "" }) });

export function ingressClasses(raw: readonly unknown[]): IngressClass[] {
  return rows(ingressClass, raw).map(({ metadata, spec }) => ({ name: metadata.name, controller: spec.controller, isDefault: metadata.annotations["ingressclass.kubernetes.io/is-default-class"] === "true" }));
}

const pool = z.object({ metadata: named, spec: z.object({ cidr: z.string(), vxlanMode: z.string().default("Never"), ipipMode: z.string().default("Never"), disabled: z.boolean().default(false) }) });
const felix = z.object({ spec: z.object({ vxlanEnabled: z.boolean().optional(), vxlanMTU: z.number().optional(), vxlanPort: z.number().optional() }).default({}) });
const bgp = z.object({ spec: z.object({ nodeToNodeMeshEnabled: z.boolean().optional() }).default({}) });
const probe = z.object({ exec: z.object({ command: z.array(z.string()) }) });
const containers = z.object({ spec: z.object({ template: z.object({ spec: z.object({ containers: z.array(z.object({ name: z.string(), readinessProbe: z.unknown() })) }) }) }) });

export interface RawCalico { pools: readonly unknown[]; felix: readonly unknown[]; bgp: readonly unknown[]; daemonSet: unknown; installers: readonly string[] }

export function calicoSettings(raw: RawCalico): CalicoSettings {
  const [felixOwn] = rows(felix, raw.felix);
  const [bgpOwn] = rows(bgp, raw.bgp);
  const daemon = containers.safeParse(raw.daemonSet);
  const ready = probe.safeParse(daemon.success ? daemon.data.spec.template.spec.containers.find(({ name }) => name === "calico-node")?.readinessProbe : null);
  return {
    pools: rows(pool, raw.pools).map(({ metadata, spec }) => ({ name: metadata.name, ...spec })),
    felix: felixOwn ? { vxlanEnabled: felixOwn.spec.vxlanEnabled ?? null, vxlanMtu: felixOwn.spec.vxlanMTU ?? 0, vxlanPort: felixOwn.spec.vxlanPort ?? 4789 } : null,
    meshEnabled: bgpOwn ? (bgpOwn.spec.nodeToNodeMeshEnabled ?? true) : null,
    readiness: ready.success ? ready.data.exec.command : null,
    installers: raw.installers,
  };
}

const serviceCidr = z.object({ spec: z.object({ cidrs: z.array(z.string()) }) });
export const serviceRanges = (raw: readonly unknown[]): string[] => rows(serviceCidr, raw).flatMap(({ spec }) => spec.cidrs);

const commanded = z.object({ spec: z.object({ containers: z.array(z.object({ command: z.array(z.string()).default([]), args: z.array(z.string()).default([]) })) }) });

export function rangesOfApiServer(raw: unknown): string[] {
  const pod = commanded.safeParse(raw);
  if (!pod.success) return [];
  return pod.data.spec.containers.flatMap(({ command, args }) => [...command, ...args]).flatMap((word) => /^--service-cluster-ip-range=(.+)$/.exec(word)?.[1]?.split(",") ?? []);
}
