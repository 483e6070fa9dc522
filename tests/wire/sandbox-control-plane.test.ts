// The sandbox's control plane: two at once, found again after a restart, with faults on its wire, and never outliving its parent.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { textAt } from "../../infra/sandbox/json";
import { startWorld } from "../../infra/sandbox/world";
import { ask, bare, temporaryHome, temporaryWorld, until } from "./sandbox-world";

const main = fileURLToPath(new URL("../../infra/sandbox/main.ts", import.meta.url));
const nothingElse = { ...bare, controllers: false, scheduler: false };
const note = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });

/** Processes whose command line names the folder. */
function processesOf(home: string): number[] {
  return readdirSync("/proc").filter((entry) => /^\d+$/.test(entry)).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(home);
    } catch {
      return false;
    }
  }).map(Number);
}

describe("the control plane", () => {
  it("tells the version it is, and is the same cluster after a restart", async () => {
    const { home, remove } = temporaryHome();
    const first = await startWorld({ home, ...nothingElse });
    expect(textAt((await ask(first, "/version")).body, "gitVersion")).toBe("v1.36.3");
    const system = textAt((await ask(first, "/api/v1/namespaces/kube-system")).body, "metadata", "uid");
    await ask(first, "/api/v1/namespaces/default/configmaps", { method: "POST", body: note("kept") });
    await first.stop();
    expect(processesOf(home)).toEqual([]);
    const second = await startWorld({ home, ...nothingElse });
    expect(second.apiServerUrl).toBe(first.apiServerUrl);
    expect(textAt((await ask(second, "/api/v1/namespaces/kube-system")).body, "metadata", "uid")).toBe(system);
    expect((await ask(second, "/api/v1/namespaces/default/configmaps/kept")).status).toBe(200);
    await second.stop();
    remove();
  });

  it("stands beside another one, each with its own objects, also two on one etcd", async () => {
    await using one = await temporaryWorld(nothingElse);
    await using two = await temporaryWorld({ ...nothingElse, also: ["four-node"] });
    expect(one.apiServerUrl).not.toBe(two.apiServerUrl);
    await ask(one, "/api/v1/namespaces/default/configmaps", { method: "POST", body: note("only-here") });
    expect((await ask(one, "/api/v1/namespaces/default/configmaps/only-here")).status).toBe(200);
    expect((await ask(two, "/api/v1/namespaces/default/configmaps/only-here")).status).toBe(404);
    expect(readFileSync(two.kubeconfigPath, "utf8")).toContain("name: sesac-four");
  });

  it("dies with its parent, also when that is killed with -9", async () => {
    const { home, remove } = temporaryHome();
    const parent = spawn(process.execPath, [main, "--home", home, "--scenario", "empty"], { stdio: "ignore" });
    await until(async () => existsSync(path.join(home, "kubeconfig")), (there) => there);
    expect(processesOf(home).length).toBeGreaterThan(3);
    parent.kill("SIGKILL");
    await until(async () => processesOf(home), (left) => left.length === 0);
    remove();
  });

  it("refuses a second world in the same folder", async () => {
    const { home, remove } = temporaryHome();
    const parent = spawn(process.execPath, [main, "--home", home, "--scenario", "empty"], { stdio: "ignore" });
    await until(async () => existsSync(path.join(home, "pid")), (there) => there);
    await expect(startWorld({ home, ...nothingElse })).rejects.toThrow(/already runs/);
    parent.kill("SIGKILL");
    await until(async () => processesOf(home), (left) => left.length === 0);
    remove();
  });
});

describe("faults between people and the API server", () => {
  it("cuts, refuses, stalls and slows, and heals each of them", async () => {
    await using world = await temporaryWorld(nothingElse);
    const reachable = () => ask(world, "/readyz", { timeoutMs: 1_500 }).then((answer) => answer.text, () => "no");
    const watching = ask(world, "/api/v1/namespaces/default/configmaps?watch=1", { timeoutMs: 60_000 }).then(() => "ended", () => "broken");
    await until(() => world.order("cut-connections"), ({ say }) => /^[1-9]/.test(say));
    expect(await watching).toBe("broken");
    expect(await reachable()).toBe("ok");
    for (const fault of ["refuse-connections", "stall-network"]) {
      expect((await world.order(fault)).ok).toBe(true);
      expect(await reachable()).toBe("no");
      expect((await world.order("heal-network")).ok).toBe(true);
      expect(await reachable()).toBe("ok");
    }
    await world.order("slow-network", ["400ms"]);
    const startedAt = performance.now();
    expect(await ask(world, "/readyz").then((answer) => answer.text)).toBe("ok");
    expect(performance.now() - startedAt).toBeGreaterThan(400);
  });

  it("answers a watch from forgotten history with 410 inside the stream", async () => {
    await using world = await temporaryWorld(nothingElse);
    const version = textAt((await ask(world, "/api/v1/namespaces/default/configmaps", { method: "POST", body: note("old") })).body, "metadata", "resourceVersion");
    for (const name of ["a", "b", "c"]) await ask(world, "/api/v1/namespaces/default/configmaps", { method: "POST", body: note(name) });
    expect((await world.order("compact")).ok).toBe(true);
    const answer = await until(() => ask(world, `/api/v1/configmaps?watch=1&resourceVersion=${version}&timeoutSeconds=2`), ({ status }) => status === 200);
    expect(answer.text).toContain('"type":"ERROR"');
    expect(answer.text).toContain('"code":410');
  });

  it("stands still for as long as it is told, with connections open", async () => {
    await using world = await temporaryWorld(nothingElse);
    await world.order("pause-api", ["50ms"]);
    await world.order("pause-api", ["3s"]);
    await expect(ask(world, "/readyz", { timeoutMs: 800 })).rejects.toThrow(/no answer in time/);
    expect((await until(() => ask(world, "/readyz").catch(() => null), (answer) => answer?.status === 200))?.text).toBe("ok");
  });
});

describe("orders", () => {
  it("are taken only from who knows the token, and tell what is wrong with them", async () => {
    await using world = await temporaryWorld(nothingElse);
    const door: { port: number; token: string } = JSON.parse(readFileSync(path.join(world.home, "orders.json"), "utf8"));
    const order = (token: string, name: string) => fetch(`http://127.0.0.1:${door.port}/orders`, { method: "POST", headers: { "x-quarterdeck-orders": token }, body: JSON.stringify({ order: name, args: [] }) });
    expect((await order("wrong", "cut-connections")).status).toBe(403);
    expect((await order(door.token, "cut-connections")).status).toBe(200);
    const unknown = await order(door.token, "make-coffee");
    expect(unknown.status).toBe(422);
    expect(await unknown.text()).toContain("There is no order make-coffee");
    expect((await (await fetch(world.reportUrl)).json()).ready).toBe(true);
  });
});
