// Machines that boot: our user data, run by a real shell in namespaces, becomes a cluster by the real kubeadm, and ends without a trace.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { at, listAt, textAt, type Json } from "../../infra/sandbox/json";
import type { BootOrder } from "../../infra/sandbox/aws/hypervisor";
import { bootOutcome } from "../../lib/provisioning/boot/markers";
import type { BootInput } from "../../lib/provisioning/boot/input";
import { toUserData } from "../../lib/provisioning/boot/user-data";
import { askBy, hypervisorFor, parameterStore, type ParameterStore } from "./machines-world";
import { until } from "./sandbox-world";

const publicAddress = "127.71.0.10";
const cluster = {
  clusterName: "wire", region: "ap-northeast-2", kubernetesVersion: "1.36.3", podCidr: "192.168.0.0/16", serviceCidr: "10.96.0.0/12",
  endpointName: "api.wire.internal", publicNames: [publicAddress], parameterPath: "/quarterdeck/wire", labels: {}, taints: [],
} as const;
const controlPlane: BootInput = { ...cluster, role: "control-plane", nodeName: "k8s-master", zone: "ap-northeast-2a", instanceType: "t3.large" };
const worker: BootInput = { ...cluster, role: "worker", nodeName: "k8s-worker-1", zone: "ap-northeast-2b", instanceType: "t3.medium", labels: { workload: "application" }, taints: [{ key: "domain", value: "api", effect: "PreferNoSchedule" }] };

function order(input: { id: string; ip: string; userData: string; role: string; type?: string }): BootOrder {
  const subnetCidr = `${input.ip.replace(/\d+$/, "0")}/24`;
  return { instanceId: input.id, vpcId: "vpc-1", subnetId: "subnet-1", subnetCidr, privateIp: input.ip, zone: "ap-northeast-2a", instanceType: input.type ?? "t3.medium", userData: input.userData, roleName: input.role, tags: {} };
}

const network: Json = {
  apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "network", namespace: "kube-system" },
  spec: {
    selector: { matchLabels: { app: "network" } },
    template: {
      metadata: { labels: { app: "network" } },
      spec: { hostNetwork: true, tolerations: [{ operator: "Exists" }], containers: [{ name: "main", image: "example.test/network:1" }], volumes: [{ name: "cni", hostPath: { path: "/etc/cni/net.d" } }] },
    },
  },
};

const master = "i-0000000000000000a";
const node1 = "i-0000000000000000b";
let store: ParameterStore;
let hypervisor: Awaited<ReturnType<typeof hypervisorFor>>;
const shut = new Set<string>();
const kubeconfig = () => store.values.get("/quarterdeck/wire/admin-kubeconfig") ?? "";
const nodes = async () => listAt((await askBy(kubeconfig(), "/api/v1/nodes")).body, "items");
const readiness = (list: readonly Json[]) => Object.fromEntries(list.map((one) => [textAt(one, "metadata", "name"), textAt(listAt(one, "status", "conditions").find((row) => textAt(row, "type") === "Ready"), "status")]));

beforeAll(async () => {
  store = parameterStore();
  hypervisor = await hypervisorFor({ amazon: store.listener, mayReach: ({ from, port }) => !shut.has(`${from} ${port}`) });
});
afterAll(async () => { await hypervisor[Symbol.asyncDispose](); });

const shouting = (lines: string) => `#!/bin/bash\nset -eu\n${lines}\n`;
const consoleOf = (id: string, word: RegExp) => until(async () => hypervisor.consoleOutput(id), (text) => word.test(text));

// Real programs on a machine that others use too: what is waited for is that it happens, not how soon.
vi.setConfig({ testTimeout: 600_000 });

describe("a control plane and a worker", () => {
  it("become a cluster by kubeadm, Ready once a network plugin runs", async () => {
    hypervisor.mapAddress(publicAddress, master);
    hypervisor.boot(order({ id: master, ip: "10.0.1.10", userData: toUserData(controlPlane), role: "control-plane", type: "t3.large" }));
    hypervisor.boot(order({ id: node1, ip: "10.0.2.20", userData: toUserData(worker), role: "worker" }));
    const outcomes = async () => [master, node1].map((id) => bootOutcome(hypervisor.consoleOutput(id)));
    const seen = await until(outcomes, (all) => all.every(({ outcome }) => outcome !== "booting"), 400_000);
    expect(seen, hypervisor.consoleOutput(master) + hypervisor.consoleOutput(node1)).toEqual([{ outcome: "booted" }, { outcome: "booted" }]);
    const before = await until(nodes, (list) => list.length === 2 && list.every((one) => listAt(one, "status", "conditions").length > 0));
    expect(readiness(before)).toEqual({ "k8s-master": "False", "k8s-worker-1": "False" });
    await askBy(kubeconfig(), "/apis/apps/v1/namespaces/kube-system/daemonsets", { method: "POST", body: network });
    await until(nodes, (list) => Object.values(readiness(list)).every((ready) => ready === "True"));
    expect(hypervisor.troubles).toEqual([]);
  });

  it("have the provider id, labels and taints they were given", async () => {
    const given = (node: Json) => listAt(node, "spec", "taints").map((taint) => `${textAt(taint, "key")}:${textAt(taint, "effect")}`);
    // The node controller takes its own taints away a moment after a node is Ready.
    const [one = null, two = null] = await until(nodes, (list) => !list.flatMap(given).some((taint) => taint.includes("not-ready")));
    expect(textAt(one, "spec", "providerID")).toBe(`aws:///ap-northeast-2a/${master}`);
    expect(textAt(two, "spec", "providerID")).toBe(`aws:///ap-northeast-2a/${node1}`);
    expect(at(two, "metadata", "labels")).toMatchObject({ workload: "application", "topology.kubernetes.io/zone": "ap-northeast-2b", "node.kubernetes.io/instance-type": "t3.medium" });
    expect(given(two)).toEqual(["domain:PreferNoSchedule"]);
    expect(given(one)).toEqual(["node-role.kubernetes.io/control-plane:NoSchedule"]);
    expect(textAt(one, "status", "addresses", 0, "address")).toBe("10.0.1.10");
  });

  it("pass on their secrets by parameters alone, each role only what is its own", () => {
    const asked = (action: string) => new Set(store.asked.filter((one) => one.action === action).map((one) => `${one.token} ${one.name}`));
    expect(asked("PutParameter")).toEqual(new Set([`session-of-${master} /quarterdeck/wire/admin-kubeconfig`, `session-of-${master} /quarterdeck/wire/join`]));
    expect(asked("GetParameter")).toEqual(new Set([`session-of-${node1} /quarterdeck/wire/join`]));
    expect(store.asked[0]?.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=ASIA.*\/ap-northeast-2\/ssm\/aws4_request/);
    expect(kubeconfig().length).toBeLessThan(4_096);
    const token = /token=(\S+)/.exec(store.values.get("/quarterdeck/wire/join") ?? "")?.[1] ?? "none";
    const shown = hypervisor.consoleOutput(master) + hypervisor.consoleOutput(node1);
    expect(shown).not.toContain(token);
    expect(shown).not.toMatch(/\b[a-z0-9]{6}\.[a-z0-9]{16}\b|BEGIN [A-Z ]*PRIVATE KEY/);
  });

  it("are asked for a pod's log through the API server, over the network of the VPC", async () => {
    const pod = textAt((await askBy(kubeconfig(), "/api/v1/namespaces/kube-system/pods?labelSelector=app=network&fieldSelector=spec.nodeName=k8s-worker-1")).body, "items", 0, "metadata", "name");
    const log = await until(() => askBy(kubeconfig(), `/api/v1/namespaces/kube-system/pods/${pod}/log`), ({ status, text }) => status === 200 && text !== "");
    expect(log.text.length).toBeGreaterThan(10);
  });
});

describe("a machine", () => {
  const id = "i-0000000000000000c";
  afterEach(async () => { await hypervisor.terminate(id); shut.clear(); });
  const boot = (lines: string) => hypervisor.boot(order({ id, ip: "10.0.2.30", userData: shouting(lines), role: "worker" }));

  it("sees no home folder, writes nothing of the host, and gets its metadata with a token alone", async () => {
    boot(`ls -A /home /root /work 2>/dev/null | grep -v : || true
      touch /usr/written 2>&1 || true; mount -o remount,rw /usr 2>&1 || true
      ls /proc/1/root/home; id -u; echo "without: $(curl -s -o /dev/null -w '%{http_code}' http://169.254.169.254/latest/meta-data/instance-id)"
      token=$(curl -s -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)
      echo "with: $(curl -s -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/instance-id)"; echo over`);
    const text = await consoleOf(id, /finished at/);
    expect(text).toContain("touch: cannot touch '/usr/written': Read-only file system");
    expect(text).toContain("mount: /usr: permission denied");
    expect(text).toMatch(/without: 401\s+with: i-0000000000000000c\s+over/);
  });

  it("names the line at which its script ends, and its boot has failed", async () => {
    boot("echo fine\ncat /etc/no-such-file\necho never");
    const text = await consoleOf(id, /finished at/);
    expect(text).toMatch(/part-001: line 4: ended with 1: cat \/etc\/no-such-file/);
    expect(text).toContain("Failed to run module scripts_user");
    expect(text).not.toContain("never");
  });

  it("reaches another only where a security group lets it", async () => {
    const knock = "curl -sk -m 3 -o /dev/null https://10.0.1.10:6443/healthz && echo let-in || echo kept-out";
    shut.add("10.0.2.30 6443");
    boot(`${knock}\nwhile [ ! -e /tmp/again ]; do sleep 0.2; ${knock}; done`);
    await consoleOf(id, /kept-out/);
    expect(hypervisor.consoleOutput(id)).not.toContain("let-in");
    shut.clear();
    hypervisor.groupsChanged();
    await consoleOf(id, /let-in/);
  });

  it("keeps its disk while it is stopped, and runs its user data once in its life", async () => {
    boot("echo first-boot; echo kept >/etc/kept");
    await consoleOf(id, /finished at/);
    await hypervisor.stop(id);
    hypervisor.start(id);
    await until(async () => hypervisor.consoleOutput(id).split("ttyS0").length, (boots) => boots === 3);
    expect(hypervisor.consoleOutput(id).match(/first-boot/g)).toHaveLength(1);
  });
});

describe("the elastic address", () => {
  it("keeps a caller out whom no security group lets in", async () => {
    shut.add("127.0.0.1 6443");
    await expect(askBy(kubeconfig(), "/version", { timeoutMs: 1_500 })).rejects.toThrow("no answer in time");
    shut.clear();
    expect((await askBy(kubeconfig(), "/version")).status).toBe(200);
  });
});

describe("the end", () => {
  it("of an instance loses its node", async () => {
    await hypervisor.terminate(node1);
    await until(nodes, (list) => readiness(list)["k8s-worker-1"] === "Unknown", 300_000);
  });

  it("of the sandbox by kill -9 is the end of every machine", async () => {
    const parent = spawn(process.execPath, [path.join(__dirname, "../fixtures/machines/parent.ts")], { stdio: ["ignore", "pipe", "inherit"] });
    const say = await new Promise<string>((resolve) => parent.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString())));
    expect(say).toContain("booted");
    const sleepers = async () => readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && readCommand(pid).includes("sleep 2147480001"));
    expect(await sleepers()).toHaveLength(1);
    parent.kill("SIGKILL");
    await until(sleepers, (pids) => pids.length === 0);
  });
});

function readCommand(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
