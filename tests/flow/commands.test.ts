// The commands of the README do what it says they do, each run as it is written there.
import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { freePort, root } from "../../infra/dev/checkout";
import { findProgram } from "../../infra/sandbox/programs";
import { startWorld } from "../../infra/sandbox/world";

/** Every command of the README and the test that runs it; `npm test` is the run that this is part of. */
const proven: Record<string, string> = {
  "npm start": "npm start serves the console with accounts to sign in with",
  "npm test": "this run",
  "npm run doctor": "npm run doctor tells what is here",
  "npm run sandbox": "npm run sandbox brings up a world and takes orders",
  "npm run sandbox -- --scenario pending": "npm run sandbox brings up a world and takes orders",
  "npm run sandbox -- do stop-node k8s-worker-2": "npm run sandbox brings up a world and takes orders",
  "npm run sandbox -- do bad-canary x5": "npm run sandbox brings up a world and takes orders",
  "kubectl apply -f infra/kubernetes/console-role.yaml": "the console's role can be applied",
  "KUBECONFIG=~/.kube/config npm start": "npm start with KUBECONFIG serves that cluster and starts no sandbox",
  "npm run dev": "npm run dev serves from the sources",
  "npm run verify": "npm run verify is the suites types, shape and unit",
  "npm run bench -- placement": "npm run bench names its topics",
};

const homes: string[] = [];
const running: ChildProcess[] = [];
const newHome = (): string => {
  const home = mkdtempSync(path.join(tmpdir(), "quarterdeck-commands-"));
  homes.push(home);
  return home;
};

afterAll(async () => {
  for (const child of running) if (child.exitCode === null) await stop(child);
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

interface Running { child: ChildProcess; output: () => string; says(pattern: RegExp, withinMs?: number): Promise<RegExpExecArray> }

function begin(script: string[], environment: Record<string, string>): Running {
  const child = spawn("npm", script, { cwd: root, env: { ...process.env, ...environment }, stdio: ["ignore", "pipe", "pipe"], detached: true });
  running.push(child);
  let text = "";
  child.stdout?.on("data", (chunk) => (text += String(chunk)));
  child.stderr?.on("data", (chunk) => (text += String(chunk)));
  return {
    child,
    output: () => text,
    says: async (pattern, withinMs = 300_000) => {
      const deadline = Date.now() + withinMs;
      while (Date.now() < deadline) {
        const found = pattern.exec(text);
        if (found) return found;
        if (child.exitCode !== null) break;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`${script.join(" ")} did not say ${pattern}; it said:\n${text.slice(-3000)}`);
    },
  };
}

/** As Ctrl-C in a terminal: to the whole group of the command. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const gone = once(child, "exit");
  try {
    process.kill(-child.pid, "SIGINT");
  } catch {
    return;
  }
  await gone;
}

describe("the README's commands", () => {
  it("are all proven here, and nothing else is claimed", () => {
    const blocks = [...readFileSync(path.join(root, "README.md"), "utf8").matchAll(/```\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.trim().replaceAll("\\\n", "").split("\n"));
    // What CI posts is held by tests/flow/deployment-hooks.test.ts.
    expect([...new Set(blocks)].filter((line) => !line.startsWith("curl ")).sort()).toEqual(Object.keys(proven).sort());
  });

  it("npm run doctor tells what is here", () => {
    const said = execFileSync("npm", ["run", "doctor"], { cwd: root, encoding: "utf8" });
    expect(said).toMatch(/ok\s+Node: v24/);
    expect(said).toMatch(/sandbox programs: \d+ found/);
  });

  it("npm run sandbox brings up a world and takes orders", async () => {
    const home = path.join(newHome(), "world");
    const world = begin(["run", "sandbox", "--", "--scenario", "pending", "--home", home], {});
    await world.says(/The world is up/);
    const order = (...words: string[]) => execFileSync("npm", ["run", "sandbox", "--", "do", ...words, "--home", home], { cwd: root, encoding: "utf8" });
    expect(order("stop-node", "k8s-worker-2")).toContain("k8s-worker-2");
    expect(order("bad-canary", "x5")).toContain("5 times as often");
    await stop(world.child);
  });

  it("npm start serves the console with accounts to sign in with", async () => {
    const port = await freePort();
    const console_ = begin(["start"], { QUARTERDECK_HOME: newHome(), PORT: String(port) });
    const [, password = ""] = await console_.says(/operator@\S+\s+(\S+)/);
    const base = `http://localhost:${port}`;
    const signedIn = await fetch(`${base}/api/auth/sign-in/email`, { method: "POST", headers: { "content-type": "application/json", origin: base }, body: JSON.stringify({ email: "operator@quarterdeck.local", password }) });
    expect(signedIn.status).toBe(200);
    await stop(console_.child);
    await expect(fetch(base)).rejects.toThrow();
  });

  it("npm start with KUBECONFIG serves that cluster and starts no sandbox", async () => {
    const world = await startWorld({ home: path.join(newHome(), "world"), scenario: "empty", prometheus: false, traffic: false, aws: false, rollouts: false });
    const port = await freePort();
    const console_ = begin(["start"], { QUARTERDECK_HOME: newHome(), PORT: String(port), KUBECONFIG: world.kubeconfigPath });
    const [, link = ""] = await console_.says(/First administrator: open (\S+)/);
    expect(link).toContain(`:${port}/`);
    expect(console_.output()).toContain("Real ones; what you do in the console happens there");
    expect(console_.output()).not.toContain("sandbox: coming up");
    await stop(console_.child);
    await world.stop();
  });

  it("npm run dev serves from the sources", async () => {
    const home = newHome();
    const console_ = begin(["run", "dev"], { QUARTERDECK_HOME: home, PORT: String(await freePort()), KUBECONFIG: path.join(home, "none-yet") });
    await console_.says(/console: http:/);
    await stop(console_.child);
  });

  it("the console's role can be applied", async () => {
    const world = await startWorld({ home: path.join(newHome(), "world"), scenario: "empty", kwok: false, prometheus: false, traffic: false, aws: false, rollouts: false });
    const kubectl = (await findProgram("kubectl")) ?? "kubectl";
    const { stdout } = await promisify(execFile)(kubectl, ["apply", "-f", "infra/kubernetes/console-role.yaml"], { cwd: root, env: { ...process.env, KUBECONFIG: world.kubeconfigPath } });
    expect(stdout).toMatch(/clusterrole.*created/);
    await world.stop();
  });

  it("npm run verify is the suites types, shape and unit", () => {
    expect(readFileSync(path.join(root, "infra/dev/verify.ts"), "utf8")).toContain('"types", "shape", "unit"');
  });

  it("npm run bench names its topics", () => {
    const said = (() => {
      try {
        return execFileSync("npm", ["run", "bench"], { cwd: root, encoding: "utf8", stdio: "pipe" });
      } catch (error) {
        return error instanceof Error && "stderr" in error ? String(error.stderr) : "";
      }
    })();
    expect(said).toContain("placement");
  });
});
