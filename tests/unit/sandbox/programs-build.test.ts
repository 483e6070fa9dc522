// Compiling a sandbox program: gentle while others need the processor, then at full speed, and never half a program in its place.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram, type BuildInput } from "../../../infra/sandbox/programs-build";

/** Stands for the compiler: gentle, it names a package and never ends; at full speed it makes the program. */
const compiler = `#!/bin/sh
echo "example.org/package" >&2
case " $* " in
  *" mod download "*) echo "{ \\"Dir\\": \\"$(dirname "$0")/published\\" }"; exit 0 ;;
  *" -modfile "*) while [ "$1" != -modfile ]; do shift; done; cat "$2" "$GOBIN/with.sum" > "$GOBIN/thing"; ls "$GOBIN/module" "$GOBIN/module/page" >> "$GOBIN/thing"; exit 0 ;;
  *" -p 1 "*) exec sleep 600 ;;
  *" broken "*) echo "it does not compile" >&2; exit 1 ;;
esac
echo "$GOMAXPROCS" > "$GOBIN/thing"
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "quarterdeck-build-"));
  writeFileSync(join(folder, "go"), compiler);
  chmodSync(join(folder, "go"), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const input = (name: string, more: Partial<BuildInput> = {}): BuildInput => ({
  go: { path: join(folder, "go"), env: {} }, program: { name, binary: "thing", package: name, module: name, version: "1.0.0", packages: 1 }, binDir: join(folder, `bin-${name}`), moduleDir: folder,
  gentleUntil: undefined, signal: undefined, onStep: () => undefined, ...more,
});

describe("a program is compiled", () => {
  it("on one core until told that nobody needs the others, and then goes on with all of them", async () => {
    const hurry = new AbortController();
    const steps: string[] = [];
    await buildProgram(input("whole", { gentleUntil: hurry.signal, onStep: (say) => { steps.push(say); hurry.abort(); } }));
    expect(steps.length).toBeGreaterThanOrEqual(2);
    expect(readFileSync(join(folder, "bin-whole", "thing"), "utf8")).toBe("\n");
  });

  it("not at all once the world is told to stop, however gentle it was", async () => {
    const [stop, hurry] = [new AbortController(), new AbortController()];
    await expect(buildProgram(input("stopped", { gentleUntil: hurry.signal, signal: stop.signal, onStep: () => stop.abort() }))).rejects.toThrow();
    expect(existsSync(join(folder, "bin-stopped", "thing"))).toBe(false);
  });

  it("with the page that its code embeds, where its module was published without it, and the module that Go keeps stays as it is", async () => {
    const published = join(folder, "published");
    mkdirSync(published);
    writeFileSync(join(published, "main.go"), "", { mode: 0o444 });
    for (const kind of ["mod", "sum"]) writeFileSync(join(folder, `go.${kind}`), `what go.${kind} says\n`);
    const given = input("paged");
    await buildProgram({ ...given, program: { ...given.program, embeds: "page/index.html" } });
    const seen = readFileSync(join(folder, "bin-paged", "thing"), "utf8");
    expect(seen).toMatch(/^what go\.mod says\n\nreplace paged => \S+\/module\nwhat go\.sum says\n/);
    expect(seen).toContain("main.go");
    expect(seen).toContain("index.html");
    expect(readdirSync(published)).toEqual(["main.go"]);
  });

  it("or leaves nothing in its place, and says why", async () => {
    await expect(buildProgram(input("broken"))).rejects.toThrow(/could not be compiled: .*it does not compile/);
    expect(readdirSync(join(folder, "bin-broken"))).toEqual([]);
  });
});
