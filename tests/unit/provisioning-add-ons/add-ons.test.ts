// Add-ons: pinned sources that the sandbox's mirror has too, objects in an order that a server takes, and readiness by what status says.
import { describe, expect, it } from "vitest";
import { applicationOf, objectsOf } from "@/lib/provisioning/add-ons/manifests";
import { applicationReadiness, nodeReadiness, workloadReadiness } from "@/lib/provisioning/add-ons/readiness";
import { digestIn, mirrored, sources } from "@/lib/provisioning/add-ons/sources";
import { addOnNames } from "@/lib/provisioning/model";
import { mirrored as served, mirrorFiles } from "../../../infra/sandbox/mirror/manifests";

describe("sources", () => {
  it("name one version each, and never a moving one", () => {
    expect(Object.keys(sources).toSorted()).toEqual(["calico", ...addOnNames].toSorted());
    for (const source of Object.values(sources)) {
      expect(source.version).toMatch(/^v?\d+\.\d+\.\d+$/);
      if (source.via === "manifest") expect(source.url).toMatch(/v?\d+[._]\d+[._]\d+/);
    }
  });

  it("are in the sandbox's mirror in that version, with all that is waited for", () => {
    for (const [name, source] of Object.entries(sources)) {
      if (source.via !== "manifest") continue;
      expect(served[name]?.version).toBe(source.version);
      const objects = objectsOf(mirrorFiles().get(`${name}/${source.version}.yaml`) ?? "", name);
      for (const { kind, namespace, name: workload } of source.waitFor) expect(objects).toContainEqual(expect.objectContaining({ kind, metadata: expect.objectContaining({ name: workload, namespace }) }));
    }
  });

  it("are found at a mirror by name and version, with their digest in its list", () => {
    expect(mirrored("https://mirror.example/add-ons/", "calico", "v3.30.3")).toBe("https://mirror.example/add-ons/calico/v3.30.3.yaml");
    const digest = "a".repeat(64);
    expect(digestIn(`${"b".repeat(64)}  other.yaml\n${digest} *calico/v3.30.3.yaml\n`, "calico/v3.30.3.yaml")).toBe(digest);
    expect(digestIn(`${digest}  calico/v3.30.3.yaml.old`, "calico/v3.30.3.yaml")).toBeNull();
  });
});

describe("a manifest", () => {
  const one = (kind: string) => `apiVersion: v1\nkind: ${kind}\nmetadata: { name: a }\n`;

  it("becomes objects with what others stand on first", () => {
    expect(objectsOf(["Deployment", "ClusterRole", "Service", "Namespace", "CustomResourceDefinition"].map(one).join("---\n"), "x").map(({ kind }) => kind)).toEqual(["Namespace", "CustomResourceDefinition", "ClusterRole", "Deployment", "Service"]);
  });

  it.each([
    ["is no YAML", "a: [", /x is not valid YAML/], ["holds something else", "a: 1", /x holds a document that is no Kubernetes object/], ["is empty", "---\n# nothing\n", /x holds no object/],
  ])("that %s is refused by name", (_, text, say) => {
    expect(() => objectsOf(text, "x")).toThrow(say);
  });

  it("for Argo CD pins the chart's version", () => {
    const source = sources.redis;
    if (source.via !== "argo-cd") throw new Error("redis is a chart");
    expect(applicationOf("redis", source, { a: 1 })).toMatchObject({ kind: "Application", spec: { source: { chart: "redis", targetRevision: source.version }, destination: { namespace: "data" } } });
  });
});

describe("readiness", () => {
  const deployment = (status: object, generation = 2) => ({ kind: "Deployment", metadata: { generation }, spec: { replicas: 2 }, status });

  it.each([
    ["is not there", null, { ready: false, say: "is not there yet" }],
    ["was changed and not looked at since", deployment({ observedGeneration: 1, readyReplicas: 2, updatedReplicas: 2 }), { ready: false, say: "is not looked at yet" }],
    ["has old pods only", deployment({ observedGeneration: 2, readyReplicas: 2, updatedReplicas: 0 }), { ready: false, say: "0 of 2 ready" }],
    ["has all pods", deployment({ observedGeneration: 2, readyReplicas: 2, updatedReplicas: 2 }), { ready: true, say: "2 of 2 ready" }],
    ["is a DaemonSet that is not spread yet", { kind: "DaemonSet", metadata: { generation: 1 }, status: { observedGeneration: 1, desiredNumberScheduled: 0 } }, { ready: false, say: "0 of 0 ready" }],
    ["is a DaemonSet on every node", { kind: "DaemonSet", metadata: { generation: 1 }, status: { observedGeneration: 1, desiredNumberScheduled: 3, numberReady: 3, updatedNumberScheduled: 3 } }, { ready: true, say: "3 of 3 ready" }],
  ])("of a workload that %s", (_, object, readiness) => {
    expect(workloadReadiness(object)).toEqual(readiness);
  });

  it("of an Application needs both words", () => {
    const status = (sync: string, health: string) => applicationReadiness({ status: { sync: { status: sync }, health: { status: health } } });
    expect([status("Synced", "Healthy").ready, status("OutOfSync", "Healthy").ready, status("Synced", "Progressing").ready, applicationReadiness(null).ready]).toEqual([true, false, false, false]);
    expect(applicationReadiness({ status: { sync: { status: "Unknown" }, health: { status: "Missing", message: "no chart" } } }).say).toBe("Unknown, Missing: no chart");
  });

  it("of a node is its own word", () => {
    expect(nodeReadiness(null).say).toBe("has not joined yet");
    expect(nodeReadiness({ status: { conditions: [{ type: "Ready", status: "False", message: "cni plugin not initialized" }] } })).toEqual({ ready: false, say: "cni plugin not initialized" });
    expect(nodeReadiness({ status: { conditions: [{ type: "Ready", status: "True", reason: "KubeletReady" }] } }).ready).toBe(true);
  });
});
