// The table of what proves provisioning names tests that are there.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../infra/dev/checkout";

const rows = readFileSync(path.join(root, "docs/provisioning-proof.md"), "utf8").split("\n").filter((line) => line.startsWith("| ") && line.includes("tests/"))
  .map((line) => line.split("|").map((cell) => cell.trim())).map(([, promise = "", file = "", title = ""]) => [promise, file, title] as const);

describe("the table of proofs", () => {
  it("has rows", () => expect(rows.length).toBeGreaterThan(25));

  it.each(rows)("%s", (_promise, file, title) => {
    const at = path.join(root, file);
    expect(existsSync(at), file).toBe(true);
    expect(readFileSync(at, "utf8").split("\n").some((line) => /\bit(\.each)?\b|^\s*\]\)?\(|^\s*\]\)/.test(line) && line.includes(title)), `${file} has a test “${title}”`).toBe(true);
  });
});
