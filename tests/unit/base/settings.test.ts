// The table of settings is whole: each that is read has its row with its true default, and no row is of one that is not.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseEnv, settings } from "@/lib/base/env";

const ofCommands = ["PORT", "QUARTERDECK_BIN", "QUARTERDECK_MIGRATION_URL"];
const rows = new Map([...readFileSync("docs/settings.md", "utf8").matchAll(/^\| `([A-Z_]+)` \| ([^|]+) \|/gm)].map(([, name = "", fallback = ""]) => [name, fallback.trim()]));

describe("docs/settings.md", () => {
  it("has a row for each setting, and no other", () => {
    expect([...rows.keys()].toSorted()).toEqual([...Object.keys(settings.shape), ...ofCommands].toSorted());
  });

  it("says the defaults that are used", () => {
    const defaults = Object.entries(parseEnv({})).filter(([, value]) => value !== undefined);
    for (const [name, value] of defaults) expect([name, rows.get(name)]).toEqual([name, `\`${String(value)}\``]);
  });
});
