// What is changed of publishers' manifests and charts so that they work on machines whose role is one hop away, and so that pods stand in their tier.
import { describe, expect, it } from "vitest";
import { valuesOf } from "@/lib/provisioning/add-ons/charts";
import { objectsOf } from "@/lib/provisioning/add-ons/manifests";
import { placementOf } from "@/lib/provisioning/add-ons/placement";
import { settled } from "@/lib/provisioning/add-ons/settings";
import { sources, type SourceName } from "@/lib/provisioning/add-ons/sources";
import type { Blueprint } from "@/lib/provisioning/model";
import { presetBlueprint } from "@/lib/provisioning/presets";
import { mirrorFiles } from "../../../infra/sandbox/mirror/manifests";

const four = presetBlueprint("four-node", { name: "prod", adminCidr: "127.0.0.1/32" });
const seven = presetBlueprint("seven-node", { name: "prod", adminCidr: "127.0.0.1/32" });
const applied = (name: SourceName, blueprint: Blueprint = four) => settled(name, objectsOf(mirrorFiles().get(`${name}/${sources[name].version}.yaml`) ?? "", name), { blueprint, vpcId: "vpc-0a" });
const spec = (name: string, objects: readonly object[]) => expect(objects.find((one) => "metadata" in one && JSON.stringify(one.metadata).includes(`"${name}"`)));

describe("a controller that needs the machine's role", () => {
  it("stands on the host's network once, and is told its cluster, region and network", () => {
    spec("aws-load-balancer-controller", applied("aws-load-balancer-controller")).toMatchObject({
      spec: { replicas: 1, template: { spec: { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet", containers: [{ args: ["--ingress-class=alb", "--cluster-name=prod", "--aws-region=ap-northeast-2", "--aws-vpc-id=vpc-0a"] }] } } },
    });
    expect(applied("aws-load-balancer-controller")).toContainEqual(expect.objectContaining({ kind: "IngressClass", spec: { controller: "ingress.k8s.aws/alb" } }));
  });

  it("tags volumes with the cluster's name, and the default class makes encrypted gp3 where the pod goes", () => {
    const objects = applied("aws-ebs-csi-driver");
    spec("ebs-csi-controller", objects).toMatchObject({ spec: { template: { spec: { hostNetwork: true, containers: [{ args: expect.arrayContaining(["controller", "--k8s-tag-cluster-id=prod"]) }] } } } });
    expect(objects).toContainEqual(expect.objectContaining({ kind: "StorageClass", volumeBindingMode: "WaitForFirstConsumer", parameters: { type: "gp3", encrypted: "true" } }));
    expect(JSON.stringify(objects.find(({ metadata }) => metadata.name === "ebs-csi-node"))).not.toContain("hostNetwork");
  });

  it("metrics-server takes the kubelets' own certificates", () => {
    spec("metrics-server", applied("metrics-server")).toMatchObject({ spec: { template: { spec: { containers: [{ args: expect.arrayContaining(["--metric-resolution=15s", "--kubelet-insecure-tls"]) }] } } } });
  });

  it("whose manifest lacks what would be set is refused whole", () => {
    expect(() => settled("metrics-server", [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "x" } }], { blueprint: four, vpcId: "" })).toThrow(/has no Deployment metrics-server/);
    expect(() => settled("metrics-server", [{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "metrics-server" } }], { blueprint: four, vpcId: "" })).toThrow(/has no container metrics-server/);
  });
});

describe("the tier of an add-on", () => {
  it.each([
    ["one machine for all data", four, "postgresql", { nodeSelector: { workload: "storage" } }],
    ["a machine of its own", seven, "postgresql", { nodeSelector: { workload: "database" } }],
    ["a machine for monitoring", seven, "kube-prometheus-stack", { nodeSelector: { workload: "monitoring" } }],
    ["the control plane alone", four, "kube-prometheus-stack", { nodeSelector: { "node-role.kubernetes.io/control-plane": "" }, tolerations: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" }] }],
    ["no tier", four, "argo-rollouts", {}],
  ] as const)("%s", (_, blueprint, name, placement) => {
    expect(placementOf(name, blueprint)).toEqual(placement);
  });

  it("is past its machines' taints, and by their names where no label is theirs alone", () => {
    const changed: Blueprint = structuredClone(four);
    for (const { tier, pools } of changed.tiers) for (const pool of pools) if (tier !== 1) Object.assign(pool, { labels: {}, taints: [{ key: "tier", value: String(tier), effect: "NoSchedule" }] });
    const toleration = (value: string) => ({ key: "tier", operator: "Equal", value, effect: "NoSchedule" });
    expect(placementOf("redis", changed)).toEqual({
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["k8s-storage"] }] }] } } }, tolerations: [toleration("4")],
    });
    // Where every worker keeps pods away, what may go anywhere goes past all of it.
    expect(placementOf("metrics-server", changed)).toEqual({ tolerations: ["2", "3", "4"].map(toleration) });
  });

  it("is in the values of each chart, where the chart looks for it, with volumes of the size that was shown", () => {
    expect(valuesOf("postgresql", seven)).toMatchObject({ primary: { nodeSelector: { workload: "database" }, persistence: { size: "50Gi", storageClass: "gp3" } } });
    expect(valuesOf("rabbitmq", seven)).toMatchObject({ nodeSelector: { workload: "message-queue" }, persistence: { size: "10Gi" } });
    expect(valuesOf("redis", seven)).toMatchObject({ master: { nodeSelector: { workload: "cache" }, persistence: { enabled: false } } });
    expect(valuesOf("kube-prometheus-stack", seven)).toMatchObject({ prometheus: { prometheusSpec: { retention: "7d", nodeSelector: { workload: "monitoring" }, storageSpec: {} } }, grafana: { nodeSelector: { workload: "monitoring" } } });
    const bare = { ...seven, addOns: { ...seven.addOns, chosen: ["argo-cd" as const, "kube-prometheus-stack" as const] } };
    expect(JSON.stringify(valuesOf("kube-prometheus-stack", bare))).not.toContain("storageSpec");
  });
});
