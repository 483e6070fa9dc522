// Passwords, back-off, redaction and groups: the rules of access that need no server.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupsOf, roleMap, roleOfGroups } from "@/lib/access/oidc";
import { passwordFault } from "@/lib/access/password";
import { redact } from "@/lib/access/redact";
import { blockedForMs } from "@/lib/access/throttle-rule";

describe("a password", () => {
  it.each([["short", /at least 12/], ["password1234", /anyone would try/], ["aaaaaaaaaaaaaaa", /same few/], ["ababababababab", /same few/], ["x".repeat(200), /longer than/], ["jane.doe12345", /anyone would try/]])("%s is refused", (word, why) => {
    expect(passwordFault(word, { email: "jane.doe@example.org" })).toMatch(why);
  });
  it.each(["correct horse battery staple", "vX3-9qLmz0-Kw7Ud", "zwölf Boxkämpfer jagen"])("%s is good", (word) => expect(passwordFault(word, { email: "jane@example.org", name: "Jane" })).toBeNull());
});

describe("the back-off of an account", () => {
  it("lets the first four pass, then grows and stays under a quarter of an hour", () => {
    expect([1, 4, 5, 6, 7].map(blockedForMs)).toEqual([0, 0, 15_000, 30_000, 60_000]);
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e9 }), (n) => {
      expect(blockedForMs(n + 1)).toBeGreaterThanOrEqual(blockedForMs(n));
      expect(blockedForMs(n)).toBeLessThanOrEqual(900_000);
    }));
  });
});

describe("redaction", () => {
  it("strikes out what has the name of a secret, at any depth, and keeps the rest", () => {
    expect(redact({ name: "a", nested: { newPassword: "x", apiKey: "y", list: [{ token: "z", n: 1 }] }, kubeconfig: "k" })).toEqual({ name: "a", nested: { newPassword: "[redacted]", apiKey: "[redacted]", list: [{ token: "[redacted]", n: 1 }] }, kubeconfig: "[redacted]" });
  });
  it("is small and plain JSON whatever comes", () => {
    fc.assert(fc.property(fc.anything(), (value) => {
      const out = redact(value);
      expect(JSON.parse(JSON.stringify(out))).toEqual(out);
    }));
    expect(JSON.stringify(redact("x".repeat(1e6))).length).toBeLessThan(1000);
  });
});

describe("groups of an identity provider", () => {
  const map = roleMap("platform=admin, oncall=operator,a=b=viewer");
  it("give the strongest role of those that match", () => {
    expect(roleOfGroups(map, ["oncall", "platform"])).toBe("admin");
    expect(roleOfGroups(map, ["a=b"])).toBe("viewer");
  });
  it("give none to whoever is in none; without a map everyone is a viewer", () => {
    expect(roleOfGroups(map, ["guests"])).toBeNull();
    expect(roleOfGroups(null, [])).toBe("viewer");
  });
  it("are read from the claim whatever its shape", () => {
    expect(groupsOf({ groups: ["a", 1, null] }, "groups")).toEqual(["a"]);
    expect(groupsOf({ groups: "a" }, "groups")).toEqual(["a"]);
    expect(groupsOf({}, "groups")).toEqual([]);
  });
  it("are refused in words when written wrongly", () => expect(() => roleMap("platform:admin")).toThrow(/group=role/));
});
