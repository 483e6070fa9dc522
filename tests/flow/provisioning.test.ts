// A cluster's network, rights and machines are built by a job and taken apart again, against the imitation of AWS.
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { resourceGraph } from "@/lib/provisioning/graph/build";
import { inClusterKinds } from "@/lib/provisioning/graph/model";
import { openLedger } from "@/lib/provisioning/ledger";
import { lookAtAws } from "@/lib/provisioning/look";
import { makePlan } from "@/lib/provisioning/plan/plan";
import { until } from "../fixtures/jobs/until";
import { sitesPerTest } from "../fixtures/provisioning/sites";
import { blueprintOf, buildInputOf, cluster, countsOf, fourCounts, logOf, pins, reached, region, submit, teardownInputOf, worldOf, type Site } from "../fixtures/provisioning/site";

let site: Site;
const { open, work } = sitesPerTest();


describe("build and teardown", () => {
  it("seven machines with their network and rights, one of each, and the next plan is empty; the teardown leaves the world as it was", async () => {
    site = await open();
    const before = worldOf(site);
    work();
    const blueprint = blueprintOf("seven-node");
    const id = await submit(site, "cluster.build", buildInputOf(blueprint));
    const built = await reached(site, id, "end");
    expect([built.status, built.say], (await logOf(site, id)).join("\n")).toEqual(["SUCCEEDED", expect.stringContaining("The machines of prod run.")]);
    expect(countsOf(site)).toEqual({ ...fourCounts, instance: 7, volume: 7, keyPair: 0 });
    const plan = makePlan(resourceGraph(blueprint, pins), { found: await lookAtAws({ aws: site.door, cluster }), ledger: await openLedger(site.db).living(cluster) });
    expect(plan.problems).toEqual([]);
    expect(plan.items.filter(({ act, kind }) => act !== "keep" && !inClusterKinds.has(kind)).map(({ id, reason }) => `${id}: ${reason}`)).toEqual([]);
    const down = await submit(site, "cluster.teardown", teardownInputOf(blueprint));
    const gone = await reached(site, down, "end");
    expect([gone.status, gone.say], (await logOf(site, down)).join("\n")).toEqual(["SUCCEEDED", "Nothing of it is on AWS, and nothing is paid for."]);
    expect(worldOf(site)).toEqual(before);
  });

  it("machines boot as their consoles tell, each step once in the log; the kubeconfig is taken over once and removed from AWS", async () => {
    const screens = new Map<string, string>();
    const say = (id: string, line: string) => void screens.set(id, `${screens.get(id) ?? ""}quarterdeck: ${line}\n`);
    const taken: string[] = [];
    site = await open({
      take: (kubeconfig) => void taken.push(kubeconfig),
      hypervisor: {
        boot: ({ instanceId }) => say(instanceId, "step=system state=begun"),
        terminate: () => Promise.resolve(), stop: () => Promise.resolve(), start: () => undefined, mapAddress: () => undefined,
        consoleOutput: (id) => screens.get(id) ?? "",
      },
    });
    work();
    const blueprint = blueprintOf("four-node");
    const id = await submit(site, "cluster.build", buildInputOf(blueprint));
    await until("all machines to have begun", async () => (screens.size === 4 ? true : null));
    for (const machine of screens.keys()) for (const line of ["step=system state=done", "step=boot state=done"]) say(machine, line);
    const ssm = new SSMClient({ endpoint: site.aws.url, region, credentials: site.aws.credential });
    await ssm.send(new PutParameterCommand({ Name: `/quarterdeck/${cluster}/admin-kubeconfig`, Type: "SecureString", Value: "the kubeconfig" }));
    const built = await reached(site, id, "end");
    const log = await logOf(site, id);
    expect([built.status, taken], log.join("\n")).toEqual(["SUCCEEDED", ["the kubeconfig"]]);
    expect(await site.door.parameterValue(`/quarterdeck/${cluster}/admin-kubeconfig`)).toBeNull();
    expect(log.filter((line) => line.includes("boot/k8s-master: ")).map((line) => line.split(": ").slice(1).join(": "))).toEqual(["Boot k8s-master", "system: begun", "system: done", "boot: done", "k8s-master has booted."]);
    expect(log.join("\n")).not.toContain("the kubeconfig");
  });

  it("a machine whose boot breaks off stops the job with the step and the line, and its last words are in the log", async () => {
    site = await open({
      take: () => undefined,
      hypervisor: { boot: () => undefined, terminate: () => Promise.resolve(), stop: () => Promise.resolve(), start: () => undefined, mapAddress: () => undefined, consoleOutput: () => "quarterdeck: step=packages state=begun\nE: Unable to locate package kubeadm\nquarterdeck: step=packages state=failed code=100 line=41\n" },
    });
    work();
    const id = await submit(site, "cluster.build", buildInputOf(blueprintOf("four-node")));
    const job = await reached(site, id, "end");
    expect([job.status, job.say]).toEqual(["NEEDS_ATTENTION", expect.stringContaining("broke off in the step packages of its boot, at line 41 of its script")]);
    expect((await logOf(site, id)).join("\n")).toContain("E: Unable to locate package kubeadm");
  });
});
