// The budgets hold over all code, and each of them catches what is over it.
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { badNames, budget, effectFiles, escapes, longFunctions, manyParameters, median, misplacedUses, tooLong, uncaptioned } from "./budgets";
import { isCode, listFiles, parseSource, readSource, root } from "./tree";

const files = listFiles();
const sources = files.filter(isCode).map(readSource);
const product = sources.filter(({ file }) => !file.startsWith("tests/"));
const manifest: unknown = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));

/** The manifest is ours: these two fields are plain records of strings. */
function field(name: "dependencies" | "devDependencies" | "scripts"): Record<string, string> {
  return (manifest as Record<typeof name, Record<string, string>>)[name];
}

describe("budgets", () => {
  it(`no file is longer than ${budget.fileLines} lines`, () => expect(tooLong(sources)).toEqual([]));
  it(`half of the product's files have at most ${budget.medianFileLines} lines`, () => expect(median(product.map(({ lines }) => lines))).toBeLessThanOrEqual(budget.medianFileLines));
  it(`no function is longer than ${budget.functionLines} lines, a component's ${budget.componentLines}`, () => expect(longFunctions(product)).toEqual([]));
  it(`no function takes more than ${budget.parameters} parameters`, () => expect(manyParameters(product)).toEqual([]));
  it("the type system is escaped nowhere, but by casts in named functions that say why they hold", () => expect(escapes(product)).toEqual([]));
  it("effects, environment, console and default exports stay where they belong", () => expect(misplacedUses(product)).toEqual([]));
  it(`effects live in at most ${budget.effectFiles} files`, () => expect(effectFiles.length).toBeLessThanOrEqual(budget.effectFiles));
  it("every file of ours says in its first line what it is for", () => {
    const captioned = files.filter((file) => /\.(tsx?|mjs|css|ya?ml|prisma)$/.test(file) && !/(^next-env|\.d\.ts$)/.test(file));
    expect(uncaptioned(captioned.map((file) => ({ file, text: readFileSync(path.join(root, file), "utf8") })))).toEqual([]);
  });
  it("files are named in kebab-case and by what they hold", () => expect(badNames(files)).toEqual([]));
  it(`at most ${budget.dependencies} dependencies and ${budget.scripts} scripts`, () => {
    expect(Object.keys(field("dependencies")).length).toBeLessThanOrEqual(budget.dependencies);
    expect(Object.keys(field("scripts")).length).toBeLessThanOrEqual(budget.scripts);
  });
  it("versions are exact", () => {
    const loose = Object.entries({ ...field("dependencies"), ...field("devDependencies") }).filter(([, version]) => !/^\d/.test(version));
    expect(loose).toEqual([]);
  });
});

describe("each budget, broken on purpose, is caught", () => {
  const source = (text: string, file = "lib/jobs/model.ts") => [parseSource(file, text)];
  const lines = (count: number, line = "f();") => `${line}\n`.repeat(count);

  it("a long file", () => expect(tooLong(source(lines(301)))).toHaveLength(1));
  it("a long function", () => expect(longFunctions(source(`function long() {\n${lines(60)}}\n`))).toHaveLength(1));
  it("a long component", () => expect(longFunctions(source(`const Long = () => {\n${lines(100)}return <p />;\n}\n`, "components/ui/long.tsx"))).toHaveLength(1));
  it("four parameters", () => expect(manyParameters(source("const f = (a: 1, b: 2, c: 3, d: 4) => a;\n"))).toHaveLength(1));
  it("any", () => expect(escapes(source("let a: any;\n"))).toHaveLength(1));
  it("a non-null mark", () => expect(escapes(source("const a = b!.c;\n"))).toHaveLength(1));
  it("a silenced compiler", () => expect(escapes(source("// @ts-expect-error no\nf();\n"))).toHaveLength(1));
  it("a cast in the open", () => expect(escapes(source("const a = b as string;\n"))).toHaveLength(1));
  it("a cast in a function that does not say why", () => expect(escapes(source("const f = 1;\n\nfunction g() {\n  return f as string;\n}\n"))).toHaveLength(1));
  it("an effect elsewhere", () => expect(misplacedUses(source("useEffect(f, []);\n", "components/ui/a.tsx"))).toHaveLength(1));
  it("the environment read elsewhere", () => expect(misplacedUses(source("const a = process.env.A;\n"))).toHaveLength(1));
  it("a word to the console", () => expect(misplacedUses(source("console.log(1);\n"))).toHaveLength(1));
  it("a default export", () => expect(misplacedUses(source("export default 1;\n"))).toHaveLength(1));
  it("a file without a caption", () => expect(uncaptioned([{ file: "lib/a.ts", text: "import a from 'a';\n" }])).toHaveLength(1));
  it("a drawer called utils, and a file in camelCase", () => expect(badNames(["lib/jobs/utils.ts", "lib/jobs/stepRunner.ts"])).toHaveLength(2));
});
