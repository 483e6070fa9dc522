// Stores and lines: indexes that always agree with the objects, and lines that do not care how bytes arrive.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineSplitter } from "@/lib/adapters/kubernetes/lines";
import type { NamespaceObject, ObjectBase } from "@/lib/adapters/kubernetes/objects";
import { newestEvents } from "@/lib/adapters/kubernetes/retention";
import { projections } from "@/lib/adapters/kubernetes/kinds";
import { createPools } from "@/lib/adapters/kubernetes/project/pools";
import { keyOf, ObjectStore } from "@/lib/adapters/kubernetes/store";
import { isOlder } from "@/lib/adapters/kubernetes/watch";

const pools = createPools();
const object = (name: string, group: string, version: number): NamespaceObject => ({ ...projections.Namespace({ metadata: { name, uid: name, resourceVersion: String(version), labels: { group } } }, pools) });
const groupOf = (one: ObjectBase): string => one.labels["group"] ?? "";

describe("a store", () => {
  it("agrees with its indexes after any sequence of changes", () => {
    const change = fc.record({ name: fc.constantFrom("a", "b", "c", "d", "e"), group: fc.constantFrom("x", "y", "z"), remove: fc.boolean() });
    fc.assert(fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const store = new ObjectStore<NamespaceObject>({ group: groupOf });
      const plain = new Map<string, NamespaceObject>();
      changes.forEach(({ name, group, remove }, version) => {
        if (remove) {
          store.remove(name);
          plain.delete(name);
        } else {
          const made = object(name, group, version + 1);
          store.put(made);
          plain.set(name, made);
        }
      });
      expect([...store.values()].map(keyOf).sort()).toEqual([...plain.keys()].sort());
      for (const group of ["x", "y", "z"]) expect(new Set(store.by("group", group))).toEqual(new Set([...plain.values()].filter((one) => groupOf(one) === group)));
    }), { numRuns: 500 });
  });

  it("becomes exactly the list it is given, keeps what did not change, and tells the difference", () => {
    const store = new ObjectStore<NamespaceObject>({ group: groupOf });
    const [a, b, c] = [object("a", "x", 1), object("b", "x", 1), object("c", "x", 1)];
    store.sync(new Map([["a", a], ["b", b]]));
    const touched = store.sync(new Map([["a", object("a", "x", 1)], ["c", c]]));
    expect(touched).toEqual([{ key: "b", before: b, after: null }, { key: "c", before: null, after: c }]);
    expect(store.get("a")).toBe(a);
  });

  it("raises its generation with every change and no other time", () => {
    const store = new ObjectStore<NamespaceObject>({ group: groupOf });
    store.put(object("a", "x", 1));
    const { generation } = store;
    store.remove("absent");
    store.sync(new Map([["a", object("a", "x", 1)]]));
    expect(store.generation).toBe(generation);
    store.put(object("a", "y", 2));
    expect(store.generation).toBe(generation + 1);
  });

  it("answers an unknown index or value with an empty list", () => {
    const store = new ObjectStore<NamespaceObject>({ group: groupOf });
    expect(store.by("nothing", "x")).toEqual([]);
    expect(store.by("group", "nobody")).toEqual([]);
  });
});

describe("lines", () => {
  it("are the same however the bytes are cut", () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 30 }).map((line) => line.replace(/[\r\n]/g, "·")), { maxLength: 20 }), fc.array(fc.nat({ max: 12 }), { minLength: 1 }), (lines, sizes) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      const splitter = new LineSplitter(1e6);
      const found: string[] = [];
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const size = (sizes[n % sizes.length] ?? 0) + 1;
        found.push(...splitter.push(bytes.subarray(at, at + size)));
        at += size;
      }
      expect(found).toEqual(lines);
      expect(splitter.rest()).toBe("");
    }), { numRuns: 500 });
  });

  it("give what is left without an end, and lose carriage returns", () => {
    const splitter = new LineSplitter(1e6);
    expect(splitter.push(Buffer.from("one\r\ntwo"))).toEqual(["one"]);
    expect(splitter.rest()).toBe("two");
  });

  it("of any length never hold more than the limit", () => {
    const splitter = new LineSplitter(1_000);
    const pieces = Array.from({ length: 50 }, () => splitter.push(Buffer.alloc(100, 120))).flat();
    expect(pieces.length).toBeGreaterThanOrEqual(4);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(1_100);
  });
});

describe("versions and events", () => {
  it.each([["9", "10", true], ["10", "9", false], ["10", "10", false], ["123456789012345678901", "123456789012345678902", true], ["abc", "10", false], ["10", "", false], ["010", "9", false]])("%s is older than %s: %s", (a, b, older) => {
    expect(isOlder(a, b)).toBe(older);
  });

  it("are kept: the newest two thousand, none older than an hour", () => {
    const now = Date.UTC(2026, 10, 23);
    const event = (name: string, ageMs: number) => projections.Event({ metadata: { name, namespace: "n" }, lastTimestamp: new Date(now - ageMs).toISOString() }, pools);
    const all = [...Array.from({ length: 2_900 }, (_, n) => event(`e${n}`, n * 1_000)), event("ancient", 3 * 3_600_000)];
    expect(newestEvents.isDue(all.length)).toBe(true);
    expect(newestEvents.isDue(2_000)).toBe(false);
    const gone = new Set(newestEvents.surplus(all, now));
    expect(all.length - gone.size).toBe(2_000);
    expect(gone.has("n/ancient")).toBe(true);
    expect(gone.has("n/e0")).toBe(false);
    expect(gone.has("n/e2899")).toBe(true);
    expect(newestEvents.surplus(all.slice(-1), now)).toEqual(["n/ancient"]);
  });
});
