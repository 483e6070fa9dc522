// What is exported as Terraform, before Terraform itself and a parser of HCL from PyPI: laid out as `terraform fmt` does, and whole.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { terraformOf } from "@/lib/provisioning/export/terraform";
import { resourceGraph } from "@/lib/provisioning/graph/build";
import { matchWorld } from "@/lib/provisioning/plan/match";
import { makePlan } from "@/lib/provisioning/plan/plan";
import { carriedOut, four, nothing, pins, seven } from "../unit/provisioning/made";

const version = "8.1.4";
const home = path.resolve(import.meta.dirname, "../../.quarterdeck", `python-hcl2-${version}`);
const python = path.join(home, "bin/python");

/** "" or why there is no parser. */
function parserMissing(): string {
  if (existsSync(path.join(home, "ready"))) return "";
  const made = spawnSync("python3", ["-m", "venv", home], { encoding: "utf8" });
  if (made.status !== 0) return `python3 cannot make a place for python-hcl2: ${made.error?.message ?? made.stderr.trim()}`;
  const got = spawnSync(path.join(home, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", `python-hcl2==${version}`], { encoding: "utf8", timeout: 400_000 });
  if (got.status === 0) writeFileSync(path.join(home, "ready"), "");
  else rmSync(home, { recursive: true, force: true });
  return got.status === 0 ? "" : `pip cannot get python-hcl2: ${got.stderr.trim().split("\n").at(-1)}`;
}

const parse = `
import hcl2, json, pathlib, sys
root = pathlib.Path(sys.argv[1])
print(json.dumps({str(f.relative_to(root)): hcl2.loads(f.read_text()) for f in sorted(root.rglob("*.tf"))}))
`;

const folder = mkdtempSync(path.join(tmpdir(), "quarterdeck-terraform-"));
/** A key in a tag and a value that HCL would take for a template. */
const odd = { ...four, tags: { "cost centre": "a % b", "x:y": "z" } };

beforeAll(() => {
  for (const [name, blueprint] of [["seven", seven], ["odd", odd]] as const) {
    const graph = resourceGraph(blueprint, pins);
    const { found } = matchWorld(graph, carriedOut(graph, makePlan(graph, nothing), nothing));
    for (const { path: file, text } of terraformOf(graph, { pins, found })) {
      const at = path.join(folder, name, file);
      mkdirSync(path.dirname(at), { recursive: true });
      writeFileSync(at, text);
    }
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("an export to Terraform", () => {
  it("is laid out as terraform fmt lays it out", ({ skip }) => {
    const config = path.join(folder, "terraformrc");
    writeFileSync(config, "");
    const environment = { ...process.env, TF_CLI_CONFIG_FILE: config, CHECKPOINT_DISABLE: "1" };
    if (spawnSync("terraform", ["version"], { env: environment }).status !== 0) return skip("terraform is not on PATH and cannot be had from a package registry");
    const checked = spawnSync("terraform", ["fmt", "-check", "-recursive", "-diff", folder], { encoding: "utf8", env: environment });
    expect(checked.stdout + checked.stderr).toBe("");
  });

  it("is HCL to a parser that is not ours, with each resource and import block in it", ({ skip }) => {
    const missing = parserMissing();
    if (missing) return skip(missing);
    const files: Record<string, Record<string, unknown[]>> = JSON.parse(execFileSync(python, ["-c", parse, folder], { encoding: "utf8", maxBuffer: 1e8 }));
    const graph = resourceGraph(seven, pins);
    const inModules = Object.entries(files).filter(([file]) => /^seven\/modules\/\w+\/main\.tf$/.test(file)).flatMap(([, { resource = [] }]) => resource);
    const ofAws = graph.resources.filter(({ kind }) => !["control-plane", "cni", "node", "add-on"].includes(kind));
    expect(inModules).toHaveLength(ofAws.length);
    expect(files["seven/imports.tf"]?.["import"]).toHaveLength(ofAws.length);
    expect(Object.keys(files)).toContain("odd/modules/network/main.tf");
  });
});
