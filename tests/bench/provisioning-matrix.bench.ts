// `npm run bench -- provisioning-matrix`: every call that changes something × {killed before, reply lost, killed after}, each from an empty account through a build and a teardown to the world as it was.
// Sampled by seed and resumable: what went well on this commit is kept and not run again. PROVISIONING_SEED (1), PROVISIONING_CELLS (24, or "all").
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { root } from "../../infra/dev/checkout";
import { startJobWorker } from "@/lib/jobs/worker";
import { startTestServer, type TestServer } from "../fixtures/database";
import { buildCalls, edgesOf, leaveBehind, teardownCalls } from "../fixtures/provisioning/deadly";
import { workToEdge } from "../fixtures/provisioning/mortal";
import { blueprintOf, buildInputOf, ledgerOf, openSite, reached, submit, teardownInputOf, worldOf, type Site } from "../fixtures/provisioning/site";
import { seeded } from "../fixtures/scale";
import { createFigures } from "./figures";

const pace = 0.01;
const figures = createFigures();
const seed = Number(process.env.PROVISIONING_SEED ?? "1");
const wanted = process.env.PROVISIONING_CELLS ?? "24";
const keptAt = path.join(root, ".quarterdeck", "bench", "provisioning-matrix.json");

type How = "killed before" | "reply lost" | "killed after";
interface Cell { job: "build" | "teardown"; call: string; how: How }
const hows: readonly How[] = ["killed before", "reply lost", "killed after"];
const cellsOf = (job: Cell["job"], calls: readonly string[]): Cell[] => calls.flatMap((call) => hows.map((how) => ({ job, call, how })));
const cells: readonly Cell[] = [...cellsOf("build", buildCalls), ...cellsOf("teardown", teardownCalls)];
const nameOf = ({ job, call, how }: Cell): string => `${job}: ${call} ${how}`;

const kept = z.object({ commit: z.string(), done: z.array(z.string()) });
const commit = (): string => execFileSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" }).trim();

/** What went well before; of another commit it says nothing. */
function remembered(): Set<string> {
  const read = existsSync(keptAt) ? kept.safeParse(JSON.parse(readFileSync(keptAt, "utf8"))).data : undefined;
  return new Set(read?.commit === commit() ? read.done : []);
}
function remember(done: ReadonlySet<string>): void {
  mkdirSync(path.dirname(keptAt), { recursive: true });
  writeFileSync(keptAt, JSON.stringify({ commit: commit(), done: [...done] }, null, 1));
}

function sampled(): Cell[] {
  const roll = seeded(seed);
  const shuffled = cells.map((cell) => ({ cell, at: roll() })).toSorted((a, b) => a.at - b.at).map(({ cell }) => cell);
  return wanted === "all" ? shuffled : shuffled.slice(0, Number(wanted));
}

let server: TestServer;
beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.stop());

const blueprint = blueprintOf("four-node", (made) => {
  made.access.publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA of-a-bench";
});
const actionOf = (call: string): string => ({ setVpcDns: "ModifyVpcAttribute", createGateway: "CreateInternetGateway", attachGateway: "AttachInternetGateway", setPublicIpOnLaunch: "ModifySubnetAttribute", addRule: "AuthorizeSecurityGroupIngress", removeRules: "RevokeSecurityGroupIngress", addRoleToProfile: "AddRoleToInstanceProfile", createParameter: "PutParameter", runInstance: "RunInstances", detachGateway: "DetachInternetGateway", deleteGateway: "DeleteInternetGateway", removeRoleFromProfile: "RemoveRoleFromInstanceProfile" }[call] ?? `${call.charAt(0).toUpperCase()}${call.slice(1)}`);

async function trouble(site: Site, { job, call, how }: Cell, signal: AbortSignal): Promise<(id: string) => Promise<void>> {
  const work = () => void startJobWorker({ kinds: site.kinds, signal, leaseMs: 10_000, owner: "last", db: site.db, leaseDb: site.db });
  return async (id) => {
    if (how === "reply lost") {
      site.aws.fault({ action: actionOf(call), at: "after-effect", does: "lose-reply" });
      return work();
    }
    const edge = `${how === "killed before" ? "before" : "after"} ${call}`;
    const spared = new Set(edgesOf([...buildCalls, ...teardownCalls]).filter((one) => one !== edge));
    const met = await Promise.race([workToEdge(site, { spared, owner: "first", pace, signal }), reached(site, id, "end", 120_000).then(() => null)]);
    expect(met, `${edge} is met in the ${job}`).not.toBeNull();
    work();
  };
}

async function run(cell: Cell): Promise<void> {
  const site = await openSite(server, { pace });
  const ends = [new AbortController(), new AbortController()];
  try {
    const before = worldOf(site);
    const through = async (job: Cell["job"], at: number): Promise<void> => {
      const signal = ends[at]?.signal ?? AbortSignal.abort();
      const input = job === "build" ? buildInputOf(blueprint) : teardownInputOf(blueprint);
      const id = await submit(site, `cluster.${job}`, input);
      if (cell.job === job) await (await trouble(site, cell, signal))(id);
      else startJobWorker({ kinds: site.kinds, signal, leaseMs: 10_000, owner: `calm-${job}`, db: site.db, leaseDb: site.db });
      const done = await reached(site, id, "end", 120_000);
      expect([done.status, done.say]).toEqual(["SUCCEEDED", expect.any(String)]);
      ends[at]?.abort();
    };
    await through("build", 0);
    expect(await ledgerOf(site)).toMatchObject({ unknown: [] });
    leaveBehind(site);
    await through("teardown", 1);
    expect(worldOf(site)).toEqual(before);
    expect(await ledgerOf(site)).toEqual({ living: 0, unknown: [], suspects: [] });
  } finally {
    for (const end of ends) end.abort();
    await site.close();
  }
}

describe("the crash matrix from scratch", () => {
  const done = remembered();
  const chosen = sampled();
  it.each(chosen.map((cell) => [nameOf(cell), cell] as const))("%s: one of each, then the world as it was", async (name, cell) => {
    if (done.has(name)) return figures.note(`${name}: went well on this commit before`);
    await run(cell);
    done.add(name);
    remember(done);
  }, 300_000);

  it("counts", () => {
    figures.tell("provisioning.matrix.cells", chosen.filter((cell) => done.has(nameOf(cell))).length, `of ${chosen.length} sampled of ${cells.length} (seed ${seed})`, { op: ">=", value: chosen.length });
    expect(figures.missing).toEqual([]);
  });
});
