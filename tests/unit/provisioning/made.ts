// Blueprints made by chance, and a world that does exactly what a plan says: AWS without AWS.
import fc from "fast-check";
import type { Found, Resource, ResourceGraph } from "@/lib/provisioning/graph/model";
import { isRef, resourceId } from "@/lib/provisioning/graph/resource";
import { resourceGraph } from "@/lib/provisioning/graph/build";
import { addOnNeeds, checkBlueprint } from "@/lib/provisioning/blueprint";
import { addOnNames, type Blueprint, type Pins } from "@/lib/provisioning/model";
import { untagged } from "@/lib/provisioning/plan/fields";
import { resolved } from "@/lib/provisioning/plan/match";
import { presetBlueprint } from "@/lib/provisioning/presets";
import type { Plan, World } from "@/lib/provisioning/plan/model";

export const pins: Pins = { account: "123456789012", partition: "aws", imageId: "ami-0f3a9c2d81b7e4405", imageName: "ubuntu", rootDevice: "/dev/sda1" };
const preset = presetBlueprint("seven-node", { name: "stage", adminCidr: "203.0.113.24/32" });
export const four: Blueprint = presetBlueprint("four-node", { name: "stage", adminCidr: "203.0.113.24/32" });
/** Seven nodes and a key, so that every kind of resource is there. */
export const seven: Blueprint = { ...preset, access: { ...preset.access, publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAA" } };
export const sevenGraph = resourceGraph(seven, pins);
export const nothing: World = { found: [], ledger: [] };

const types = ["t3.small", "t3.medium", "t3.large", "m6i.large"] as const;

/** Sound blueprints of every shape: 1–6 zones, up to 30 machines, any choice of add-ons. */
export const anyBlueprint: fc.Arbitrary<Blueprint> = fc.record({
  zones: fc.integer({ min: 1, max: 3 }),
  pools: fc.array(fc.record({ tier: fc.constantFrom(1, 2, 3, 4), count: fc.integer({ min: 1, max: 5 }), type: fc.constantFrom(...types), gib: fc.integer({ min: 20, max: 200 }), spread: fc.boolean(), full: fc.constantFrom("wait", "next-zone"), spot: fc.boolean() }), { maxLength: 6 }),
  chosen: fc.uniqueArray(fc.constantFrom(...addOnNames), { maxLength: addOnNames.length }),
  admins: fc.uniqueArray(fc.integer({ min: 1, max: 250 }), { minLength: 1, maxLength: 4 }),
  ssh: fc.boolean(),
}).map(({ zones, pools, chosen, admins, ssh }): Blueprint => {
  const letters = ["a", "b", "c"].slice(0, zones);
  const zoneNames = letters.map((letter) => `ap-northeast-2${letter}`);
  const [home = ""] = zoneNames;
  const needed = new Set(chosen.flatMap((name) => [name, ...(addOnNeeds[name] ?? [])]));
  const [master] = four.tiers[0]?.pools ?? [];
  const extra = pools.map(({ tier, count, type, gib, spread, full, spot }, at) => ({ tier, pool: { name: `pool-${at}`, role: "worker", count, instanceType: type, rootVolumeGib: gib, zone: spread ? "spread" : home, zoneFull: full, spot, labels: { workload: `w${at}` }, taints: [] } }));
  const raw = {
    ...four,
    network: { ...four.network, subnets: zoneNames.map((zone, at) => ({ zone, cidr: `10.0.${at + 1}.0/24` })) },
    tiers: [1, 2, 3, 4].map((tier) => ({ tier, pools: [...(tier === 1 && master ? [{ ...master, zone: home }] : []), ...extra.filter((each) => each.tier === tier).map(({ pool }) => pool)] })),
    access: { ...four.access, adminCidrs: admins.map((last) => `198.51.100.${last}/32`), ssh, publicKey: ssh ? "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAA" : "" },
    addOns: { chosen: [...needed], mirror: "" },
  };
  const checked = checkBlueprint(raw);
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults));
  return checked.blueprint;
});

let counter = 0;
const nextId = (kind: string): string => `${kind}-${(counter += 1).toString(16).padStart(8, "0")}`;

const madeOf = (resource: Resource, idOf: (ref: string) => string | null, awsId: string): Found => {
  const fields = Object.entries(resource.wanted).map(([field, value]) => [field, resolved(value, idOf)] as const);
  const pending = fields.find(([, value]) => isRef(value));
  if (pending) throw new Error(`${resource.id} was made before ${JSON.stringify(pending)}`);
  return { kind: resource.kind, awsId, fields: Object.fromEntries(fields), tags: untagged.has(resource.kind) ? {} : { ...resource.tags }, trouble: "" };
};

/** Does what the plan says, in its order, and writes the ledger. */
export function carriedOut(graph: ResourceGraph, plan: Plan, world: World): World {
  const byId = new Map(graph.resources.map((resource) => [resource.id, resource]));
  const found = new Map(world.found.map((each) => [each.awsId, each]));
  const ids = new Map<string, string>();
  for (const item of plan.items) {
    const resource = byId.get(item.id);
    if (item.awsId !== null && item.act !== "create") ids.set(item.id, item.awsId);
    if (item.act === "keep") continue;
    if ((item.act === "replace" || item.act === "delete") && item.awsId !== null) found.delete(item.awsId);
    if (item.act === "delete" || !resource) continue;
    const awsId = item.act === "update" && item.awsId !== null ? item.awsId : nextId(item.kind);
    ids.set(item.id, awsId);
    found.set(awsId, madeOf(resource, (ref) => ids.get(ref) ?? null, awsId));
  }
  const kindOf = (id: string): string => id.slice(0, id.indexOf("/"));
  return { found: [...found.values()], ledger: [...ids].filter(([, awsId]) => found.has(awsId)).map(([resource, awsId]) => ({ resource, kind: kindOf(resource), awsId, state: "READY" })) };
}

export const idIn = (world: World, kind: Parameters<typeof resourceId>[0], name: string): string => world.ledger.find(({ resource }) => resource === resourceId(kind, name))?.awsId ?? "";

export const changedBy = (world: World, awsId: string, change: (found: Found) => Found | null): World => ({
  ...world, found: world.found.flatMap((found) => (found.awsId === awsId ? (change(found) ?? []) : [found])),
});
