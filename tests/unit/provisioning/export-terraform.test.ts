// The graph and its Terraform side by side: nothing of the one is missing in the other.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quoted } from "@/lib/provisioning/export/hcl";
import { addressOf, terraformOf } from "@/lib/provisioning/export/terraform";
import { awsKinds, isOfAws } from "@/lib/provisioning/export/terraform-fields";
import { resourceGraph } from "@/lib/provisioning/graph/build";
import { inClusterKinds, resourceKinds, type Resource } from "@/lib/provisioning/graph/model";
import { isRef } from "@/lib/provisioning/graph/resource";
import { matchWorld } from "@/lib/provisioning/plan/match";
import { makePlan } from "@/lib/provisioning/plan/plan";
import { anyBlueprint, carriedOut, nothing, pins, seven, sevenGraph } from "./made";

const filesOf = (graph = sevenGraph): Map<string, string> => new Map(terraformOf(graph, { pins }).map(({ path, text }) => [path, text]));

/** A resource's own block, by its address. */
function blockOf(files: ReadonlyMap<string, string>, resource: Resource): string {
  const [, module = "", type = "", label = ""] = (addressOf(resource) ?? "").split(".");
  const text = files.get(`modules/${module}/main.tf`) ?? "";
  const begin = text.indexOf(`resource "${type}" "${label}" {\n`);
  expect(begin, `${resource.id} stands in modules/${module}`).toBeGreaterThanOrEqual(0);
  return text.slice(begin, text.indexOf("\n}\n", begin));
}

/** What says a field in the text: its literal, or for a reference the label or the name of what it points to. */
function signsOf(value: unknown): string[] {
  if (value === null) return [];
  if (isRef(value)) return [value.ref.slice(value.ref.indexOf("/") + 1).replace(/[^A-Za-z0-9_-]/g, "_")];
  if (Array.isArray(value)) return value.flatMap(signsOf);
  if (typeof value === "object") return Object.values(value).flatMap(signsOf);
  return [String(value)];
}

describe("a graph as Terraform", () => {
  it("has a place for every kind that is AWS', and for no other", () => {
    expect([...awsKinds].toSorted()).toEqual(resourceKinds.filter((kind) => !inClusterKinds.has(kind)).toSorted());
  });

  it("holds every field of every resource", () => {
    const files = filesOf();
    const missing = sevenGraph.resources.filter(isOfAws).flatMap((resource) => {
      const text = blockOf(files, resource).replaceAll("${var.account_id}", pins.account);
      return Object.entries(resource.wanted).flatMap(([field, value]) => {
        if (field === "document") return signsOf(JSON.parse(String(value))).filter((sign) => !text.includes(quoted(sign).slice(1, -1))).map((sign) => `${resource.id} ${field}: ${sign}`);
        if (field === "imageId") return text.includes("var.image_id") ? [] : [`${resource.id} ${field}`];
        // A port of "all" has no number, and a VPC is handed over under one name.
        const signs = signsOf(value).map((sign) => (sign === "all" ? "-1" : field === "vpc" ? "vpc" : sign)).filter((sign) => !(sign === "-1" && field.endsWith("Port")) && !(sign === "false" && field === "spot"));
        return signs.filter((sign) => !text.includes(sign)).map((sign) => `${resource.id} ${field}: ${sign}`);
      });
    });
    expect(missing).toEqual([]);
  });

  it("wears the tags of the graph, the common ones by one variable", () => {
    const files = filesOf();
    const [vpc] = sevenGraph.resources;
    expect(vpc && blockOf(files, vpc)).toContain(`"quarterdeck.dev/resource" = "vpc/main"`);
    expect(files.get("variables.tf")).toMatch(/"quarterdeck.dev\/cluster" +  *= "stage"/);
  });

  it("holds neither the account's number nor anything secret, and names no backend", () => {
    const text = [...filesOf().values()].join("\n");
    expect(text).not.toContain(pins.account);
    expect(text).not.toMatch(/PRIVATE KEY|kubeconfig: |token\s*=|backend "/);
  });

  it("gives no two resources one address, whatever the blueprint", () => {
    fc.assert(fc.property(anyBlueprint, (blueprint) => {
      const addresses = resourceGraph(blueprint, pins).resources.flatMap((resource) => addressOf(resource) ?? []);
      expect(new Set(addresses).size).toBe(addresses.length);
    }), { numRuns: 60 });
  });

  it("is the same text for the same blueprint", () => expect(terraformOf(resourceGraph(seven, pins), { pins })).toEqual(terraformOf(resourceGraph(seven, pins), { pins })));

  it("imports everything that stands, by the ids that Terraform takes", () => {
    const world = carriedOut(sevenGraph, makePlan(sevenGraph, nothing), nothing);
    const { found } = matchWorld(sevenGraph, world);
    const text = terraformOf(sevenGraph, { pins, found }).find(({ path }) => path === "imports.tf")?.text ?? "";
    for (const resource of sevenGraph.resources.filter(isOfAws)) expect(text).toContain(`to = ${addressOf(resource)}\n`);
    const idOf = (id: string) => found.get(id)?.awsId ?? "";
    expect(text).toContain(`id = "${idOf("subnet/public-ap-northeast-2a")}/${idOf("route-table/public")}"`);
    expect(text).toContain(`id = "${idOf("vpc/main")}"`);
    expect(filesOf().has("imports.tf")).toBe(false);
  });
});

describe("text in HCL", () => {
  it.each([["${aws_vpc.main.id}", '"$${aws_vpc.main.id}"'], ["%{ if true }", '"%%{ if true }"'], ['a "b"\n', '"a \\"b\\"\\n"'], ["\b", '"\\u0008"']])("stays text: %j", (text, written) => expect(quoted(text)).toBe(written));
});
