// What a publisher's manifest needs changed to work on our machines, and what has to stand beside it.
import { AppError } from "@/lib/base/errors";
import type { Blueprint } from "../model";
import type { ClusterObject } from "./manifests";
import { placementOf, type Placement } from "./placement";
import type { SourceName, Workload } from "./sources";

/** What is known of the cluster once its network stands. */
export interface Site { blueprint: Blueprint; vpcId: string }

type Changed = Omit<Workload, "namespace">;
interface Change extends Changed {
  replicas?: number;
  pod?: Readonly<Record<string, unknown>>;
  /** Flags of a container, each in the place of one of the same name or added behind the others. */
  flags?: { container: string; values: readonly string[] };
}
interface Settings { changes: readonly Change[]; beside: readonly ClusterObject[] }

export const storageClassName = "gp3";
const storageClass = {
  apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: storageClassName, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  // A volume is made in the zone of the machine that its pod goes to, and not before.
  provisioner: "ebs.csi.aws.com", volumeBindingMode: "WaitForFirstConsumer", reclaimPolicy: "Delete", allowVolumeExpansion: true, parameters: { type: "gp3", encrypted: "true" },
};
const ingressClass = { apiVersion: "networking.k8s.io/v1", kind: "IngressClass", metadata: { name: "alb" }, spec: { controller: "ingress.k8s.aws/alb" } };

/**
 * Our machines answer for their role one hop away only (IMDSv2, hop limit 1), so that no ordinary pod gets it. A controller that needs it
 * stands on the machine's own network, and once: two would want the same ports of one machine.
 */
const onHostNetwork = { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" } as const;

const settings: Partial<Record<SourceName, (site: Site, placement: Placement) => Settings>> = {
  "aws-ebs-csi-driver": ({ blueprint }, placement) => ({
    // By this flag volumes wear kubernetes.io/cluster/<name>: the machines' role may change only those, and a teardown finds them. Its part on
    // each node stays off the host's network: it learns its place from the Node, and would want the controller's ports.
    changes: [{ kind: "Deployment", name: "ebs-csi-controller", replicas: 1, pod: { ...onHostNetwork, ...placement }, flags: { container: "ebs-plugin", values: [`--k8s-tag-cluster-id=${blueprint.name}`] } }],
    beside: [storageClass],
  }),
  "aws-load-balancer-controller": ({ blueprint, vpcId }, placement) => ({
    changes: [{
      kind: "Deployment", name: "aws-load-balancer-controller", replicas: 1, pod: { ...onHostNetwork, ...placement },
      flags: { container: "controller", values: [`--cluster-name=${blueprint.name}`, `--aws-region=${blueprint.region}`, `--aws-vpc-id=${vpcId}`] },
    }],
    beside: [ingressClass],
  }),
  "metrics-server": (_site, placement) => ({
    // kubelets of kubeadm serve with certificates that they signed themselves. serverTLSBootstrap would have the cluster sign them, but nothing in
    // Kubernetes approves such requests: without an approver that always runs, metrics would end with the first rotation. What is
    // read this way is usage alone, inside the network, from a port that the security groups open to nodes only.
    changes: [{ kind: "Deployment", name: "metrics-server", pod: { ...placement }, flags: { container: "metrics-server", values: ["--kubelet-insecure-tls"] } }],
    beside: [],
  }),
};

/** The manifest as it is applied: changed where it must be, with what stands beside it at its end. A manifest that lacks what would be changed is refused. */
export function settled(name: SourceName, objects: readonly ClusterObject[], site: Site): ClusterObject[] {
  const own = name === "calico" ? undefined : settings[name];
  if (!own || name === "calico") return [...objects];
  const { changes, beside } = own(site, placementOf(name, site.blueprint));
  const missing = changes.find((change) => !objects.some((object) => isMeant(object, change)));
  if (missing) throw new AppError("invalid", `The manifest of ${name} has no ${missing.kind} ${missing.name}, which would have to be set for this cluster. Nothing of it was applied.`);
  return [...objects.map((object) => changes.filter((change) => isMeant(object, change)).reduce<ClusterObject>((now, change) => changed(name, now, change), object)), ...beside];
}

const isMeant = ({ kind, metadata }: ClusterObject, change: Change): boolean => kind === change.kind && metadata.name === change.name;

type Fields = Readonly<Record<string, unknown>>;
function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function changed(name: SourceName, object: ClusterObject, { replicas, pod = {}, flags }: Change): ClusterObject {
  const spec = fieldsOf(fieldsOf(object)["spec"]);
  const template = fieldsOf(spec["template"]);
  const podSpec = fieldsOf(template["spec"]);
  const containers = listOf(podSpec["containers"]);
  if (flags && !containers.some((container) => container["name"] === flags.container)) throw new AppError("invalid", `The manifest of ${name} has no container ${flags.container} in ${object.metadata.name}. Nothing of it was applied.`);
  const flagged = flags ? containers.map((container) => (container["name"] === flags.container ? { ...container, args: withFlags(container["args"], flags.values) } : container)) : containers;
  const { tolerations, ...rest } = pod;
  const more = { ...rest, ...(tolerations === undefined ? {} : { tolerations: [...listOf(podSpec["tolerations"]), ...listOf(tolerations)] }), ...mergedSelector(podSpec["nodeSelector"], pod["nodeSelector"]) };
  return { ...object, ...{ spec: { ...spec, ...(replicas === undefined ? {} : { replicas }), template: { ...template, spec: { ...podSpec, ...more, containers: flagged } } } } };
}

const mergedSelector = (own: unknown, more: unknown): Fields => (more === undefined ? {} : { nodeSelector: { ...fieldsOf(own), ...fieldsOf(more) } });
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);

function withFlags(args: unknown, values: readonly string[]): string[] {
  const flagOf = (text: string): string => text.split("=")[0] ?? text;
  const names = new Set(values.map(flagOf));
  const kept = (Array.isArray(args) ? args : []).filter((one) => typeof one === "string").filter((one) => !names.has(flagOf(one)));
  return [...kept, ...values];
}
