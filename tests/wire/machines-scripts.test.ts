// Every shell script that a machine runs, ours for AWS and the sandbox's stand-ins, as shellcheck sees it.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { toUserData } from "../../lib/provisioning/boot/user-data";
import { renewScript } from "../../lib/provisioning/steps/renew";
import { shellcheck } from "../fixtures/machines/shellcheck";

const guest = path.join(__dirname, "../../infra/sandbox/machines/guest");
const scripts = ["", "programs", "packages"].flatMap((folder) => readdirSync(path.join(guest, folder), { withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.name.endsWith(".ts")).map(({ name }) => path.join(folder, name)));

describe("shellcheck has nothing to say of", () => {
  it.each(["control-plane", "worker"] as const)("the user data of a %s", (role) => {
    expect(shellcheck(toUserData({
      role, clusterName: "prod", nodeName: "it's one", region: "ap-northeast-2", zone: "ap-northeast-2a", instanceType: "t3.large", kubernetesVersion: "1.36.3", podCidr: "192.168.0.0/16", serviceCidr: "10.96.0.0/12",
      endpointName: "api.prod.internal", publicNames: ["203.0.113.7"], labels: { workload: "storage" }, taints: [{ key: "domain", value: "data", effect: "NoSchedule" }], parameterPath: "/quarterdeck/prod",
    }))).toBe("");
  });

  it("what renews a control plane's certificates", () => {
    expect(shellcheck(`#!/bin/bash\n${renewScript("job-0042-1")}`)).toBe("");
  });

  it.each(scripts)("the sandbox's %s", (script) => {
    expect(shellcheck(readFileSync(path.join(guest, script), "utf8"))).toBe("");
  });
});
