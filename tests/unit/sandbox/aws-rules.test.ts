// The rules of the AWS imitation: each has a source and a test that names it, and nothing is refused without one.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../../..");
const home = path.join(root, "infra/sandbox/aws");
const text = (file: string) => readFileSync(file, "utf8");
const filesIn = (dir: string, wanted: RegExp) => readdirSync(dir, { recursive: true, encoding: "utf8" }).filter((file) => wanted.test(file)).map((file) => path.join(dir, file));

interface Rule { id: string; codes: string[]; rule: string; source: string }

function rulesOf(markdown: string): Rule[] {
  return markdown.split("\n").flatMap((line): Rule[] => {
    const cells = line.replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
    const [id = "", codes = "", rule = "", source = ""] = cells;
    return cells.length === 4 && /^[a-z][a-z-]+$/.test(id) && id !== "id" ? [{ id, codes: codes.split(", ").filter((code) => code !== ""), rule, source }] : [];
  });
}

const rules = rulesOf(text(path.join(home, "RULES.md")));
const tests = filesIn(path.join(root, "tests/wire"), /^aws.*\.test\.ts$/).map(text).join("\n");
const code = filesIn(home, /\.ts$/).map(text).join("\n");

/** Words that stand after `code:` and are no refusals: reasons of an instance's state, and Ubuntu's releases. */
const notCodes = new Set(["Client.UserInitiatedShutdown", "Server.InternalError", "jammy", "noble"]);

describe("the rules of the AWS imitation", () => {
  it("all have an id of their own, a sentence and a source", () => {
    expect(rules.length).toBeGreaterThan(60);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    expect(rules.filter(({ rule, source }) => rule.length < 15 || source.length < 4)).toEqual([]);
  });

  it("all have a test that names them, and no test names one that there is not", () => {
    const titled = new Set([...tests.matchAll(/"\[([a-z]+(?:-[a-z]+)*)\] /g)].flatMap(([, id]) => id ?? []));
    const known = new Set(rules.map(({ id }) => id));
    expect([...known].filter((id) => !titled.has(id))).toEqual([]);
    expect([...titled].filter((id) => !known.has(id))).toEqual([]);
  });

  it("cover every code that the imitation answers", () => {
    const thrown = [...code.matchAll(/(?:AwsError\((?:[^()"]*\? )?|code: |malformed: )"([A-Za-z.]+)"/g)].flatMap(([, one]) => one ?? []);
    const covered = new Set(rules.flatMap(({ codes }) => codes));
    expect(thrown.length).toBeGreaterThan(100);
    expect([...new Set(thrown)].filter((one) => !covered.has(one) && !notCodes.has(one))).toEqual([]);
  });

  it("answer no code that the imitation does not have", () => {
    expect([...new Set(rules.flatMap(({ codes }) => codes))].filter((one) => !code.includes(`"${one}"`))).toEqual([]);
  });
});
