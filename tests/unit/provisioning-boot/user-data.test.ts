// User data: every part where it belongs, every value quoted, nothing secret in it, and small enough.
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BootInput } from "@/lib/provisioning/boot/input";
import { initConfiguration, joinConfigurationHead } from "@/lib/provisioning/boot/kubeadm-config";
import { quoted } from "@/lib/provisioning/boot/quote";
import { mostUserDataBytes, toUserData } from "@/lib/provisioning/boot/user-data";

const base = {
  clusterName: "prod", region: "ap-northeast-2", zone: "ap-northeast-2a", instanceType: "t3.large", kubernetesVersion: "1.36.3", podCidr: "192.168.0.0/16", serviceCidr: "10.96.0.0/12",
  endpointName: "api.prod.quarterdeck.internal", publicNames: ["203.0.113.7"], labels: { workload: "storage" }, taints: [], parameterPath: "/quarterdeck/prod",
} as const;
const controlPlane: BootInput = { ...base, role: "control-plane", nodeName: "k8s-master" };
const worker: BootInput = { ...base, role: "worker", nodeName: "k8s-storage" };

describe("user data", () => {
  it.each<[string, BootInput, string]>([
    ["containerd's cgroups by systemd", worker, "SystemdCgroup = true"],
    ["the pause image of this Kubernetes", worker, "registry.k8s.io/pause:3.10.2"],
    ["forwarding and bridged traffic in the kernel", worker, "net.bridge.bridge-nf-call-iptables"],
    ["packages of exactly the version", worker, '"kubelet=$kubernetes_version-*" "kubeadm=$kubernetes_version-*"'],
    ["the repository of the minor version", worker, "kubernetes_minor='1.36'"],
    ["the provider id before the first registration", worker, "--provider-id=aws:///$(metadata placement/availability-zone)/$(metadata instance-id)"],
    ["metadata by token alone", worker, "X-aws-ec2-metadata-token: $imds_token"],
    ["the join parameter read by a worker", worker, "join_parameter='/quarterdeck/prod/join'"],
    ["the administrator's kubeconfig published for the console's address", controlPlane, "console_address='203.0.113.7'"],
    ["progress for the console", controlPlane, "quarterdeck: step=%s state=%s"],
  ])("has %s", (_, input, part) => {
    expect(toUserData(input)).toContain(part);
  });

  it("of a worker knows nothing of the administrator's kubeconfig, and neither ever resets a node", () => {
    expect(toUserData(worker)).not.toContain("admin");
    for (const input of [controlPlane, worker]) expect(toUserData(input)).not.toMatch(/kubeadm reset|PRIVATE KEY|--skip-verify|unsafe/i);
  });

  it.each([controlPlane, worker])("of a $role is well under EC2's limit", (input) => {
    expect(Buffer.byteLength(toUserData(input))).toBeLessThan(mostUserDataBytes / 2);
  });

  it("that is too large is refused with the node's name and both numbers", () => {
    const labels = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`label-${index}`, "x".repeat(63)]));
    expect(() => toUserData({ ...worker, labels })).toThrow(/k8s-storage is \d+ bytes long, and EC2 takes 16384/);
  });
});

describe("a hostile value", () => {
  const hostile = fc.string({ unit: "binary", maxLength: 60 }).filter((text) => !text.includes("\0") && text.isWellFormed());
  const examples = ["'; touch /tmp/owned; '", "$(id)", "`id`", "\nEOF\nid\n", "\\", "'\\''", "--flag", "\"}; id"].map((text): [string] => [text]);

  it("comes out of the shell as it went in", () => {
    fc.assert(fc.property(hostile, (value) => {
      expect(execFileSync("bash", ["-c", `value=${quoted(value)}\nprintf %s "$value"`]).toString("utf8")).toBe(value);
    }), { numRuns: 60, examples });
  });

  it("stays inside its field of kubeadm's configuration", () => {
    fc.assert(fc.property(hostile, (value) => {
      const input: BootInput = { ...worker, labels: { key: value }, taints: [{ key: "k", value, effect: "NoSchedule" }] };
      const line = joinConfigurationHead(input).split("\n").at(2)?.replace(/^nodeRegistration: /, "") ?? "";
      const read: unknown = JSON.parse(line);
      expect(read).toMatchObject({ name: "k8s-storage", kubeletExtraArgs: [{ name: "node-labels", value: expect.stringContaining(`key=${value}`) }] });
      expect(joinConfigurationHead(input).split("\n")).toHaveLength(3);
    }), { examples });
  });

  it("with a zero byte is refused", () => {
    expect(() => quoted("a\0b")).toThrow(/zero byte/);
  });
});

describe("kubeadm's configuration", () => {
  const parsed = (text: string) => text.split("\n---\n").map((one): Record<string, unknown> => JSON.parse(one));

  it("puts the nodes' endpoint by name and the elastic address into the certificate alone", () => {
    const [, cluster] = parsed(initConfiguration(controlPlane));
    expect(cluster).toMatchObject({ controlPlaneEndpoint: "api.prod.quarterdeck.internal:6443", apiServer: { certSANs: ["api.prod.quarterdeck.internal", "203.0.113.7"] }, networking: { podSubnet: "192.168.0.0/16" } });
  });

  it("leaves a control plane its own taint, and gives a worker what its pool says, none included", () => {
    const [init] = parsed(initConfiguration(controlPlane));
    expect(init?.nodeRegistration).not.toHaveProperty("taints");
    expect(joinConfigurationHead(worker)).toContain('"taints":[]');
    expect(joinConfigurationHead({ ...worker, taints: [{ key: "domain", value: "", effect: "NoSchedule" }] })).toContain('"taints":[{"key":"domain","effect":"NoSchedule"}]');
  });
});
