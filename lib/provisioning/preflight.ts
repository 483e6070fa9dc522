// What is checked before the first call that costs money: each check with a sentence and a fix. Facts in, verdicts out.
import { machineType } from "../clusters/machine-types";
import { addOnOf } from "./add-ons";
import { contains, isWorld, overlaps, rangeOf, toRange } from "../base/cidr";
import { isControlPlane, machinesOf, type Machine } from "./machines";
import type { Blueprint } from "./model";
import type { Plan } from "./plan/model";

export interface Check {
  id: string;
  title: string;
  state: "ok" | "warn" | "stop";
  say: string;
  /** What to do about it; "" where nothing needs doing. */
  fix: string;
  /** The blueprint's field where the fix is, or the machine it is about; "" for neither. */
  field: string;
  machine: string;
}

/** Null where it could not be learnt; `trouble` then says why. */
export interface Facts {
  identity: { account: string; arn: string } | null;
  trouble: string;
  trials: readonly { action: string; verdict: "allowed" | "denied" | "unclear"; say: string }[];
  quotas: readonly { id: "vcpu" | "addresses" | "vpcs"; limit: number | null; used: number }[];
  offerings: readonly { type: string; zone: string }[];
  zones: readonly { name: string; available: boolean }[];
  types: readonly { name: string; cpus: number; memoryBytes: number }[];
  image: { id: string; name: string; available: boolean } | null;
  /** Networks of the region that are not this cluster's. */
  otherNetworks: readonly { id: string; cidr: string }[];
  /** The address from which this console reaches AWS; null where nobody said. */
  consoleAddress: string | null;
  /** The permissions boundary that every role of ours must wear is there. */
  boundary: boolean | null;
  /** A cluster of this name is connected and was not built here. */
  nameTaken: boolean;
  /** Names that the cluster needs and that somebody else's things bear; null where it could not be learnt. */
  foreign: readonly { what: string; name: string }[] | null;
}

type Verdict = Pick<Check, "state" | "say"> & Partial<Pick<Check, "fix" | "field" | "machine">>;
const check = (id: string, title: string, { fix = "", field = "", machine = "", ...verdict }: Verdict): Check => ({ id, title, fix, field, machine, ...verdict });

interface Question { blueprint: Blueprint; facts: Facts; plan: Plan }

export function preflight(question: Question): Check[] {
  return [
    identity(question), permissions(question), ...quotas(question), ...offered(question), image(question), networks(question), names(question), leftovers(question), reach(question), boundary(question),
    ...world(question), ...capacity(question), ...onlyOne(question),
  ].toSorted((a, b) => rank[a.state] - rank[b.state]);
}

const rank: Record<Check["state"], number> = { stop: 0, warn: 1, ok: 2 };

export const blocking = (checks: readonly Check[]): readonly Check[] => checks.filter(({ state }) => state === "stop");

function identity({ facts }: Question): Check {
  return facts.identity
    ? check("identity", "Identity", { state: "ok", say: `${facts.identity.arn.split(":").at(-1) ?? ""} in account ${facts.identity.account}` })
    : check("identity", "Identity", { state: "stop", say: facts.trouble === "" ? "AWS does not know these credentials." : facts.trouble, fix: "Give the console AWS credentials that are valid now, then look again." });
}

function permissions({ facts }: Question): Check {
  const denied = facts.trials.filter(({ verdict }) => verdict === "denied");
  const unclear = facts.trials.filter(({ verdict }) => verdict === "unclear");
  const allowed = facts.trials.length - denied.length - unclear.length;
  if (denied.length > 0) return check("permissions", "Permissions", { state: "stop", say: [`AWS refuses ${denied.map(({ action }) => action).join(", ")}.`, ...new Set(denied.flatMap(({ say }) => (say === "" ? [] : [say])))].slice(0, 4).join(" "), fix: "Attach the console's policy (infra/aws/console-policy.json) to its identity." });
  if (facts.trials.length === 0 || unclear.length > 0) return check("permissions", "Permissions", { state: "warn", say: facts.trials.length === 0 ? "No permission could be tried." : `It is not clear whether ${unclear.map(({ action }) => action).join(", ")} is allowed.`, fix: "Go on; a step that is refused stops the job and says which permission is missing." });
  return check("permissions", "Permissions", { state: "ok", say: `${allowed} of ${facts.trials.length} dry runs allowed` });
}

const quotaWords = { vcpu: ["vCPU quota", "running on-demand vCPUs"], addresses: ["Address quota", "elastic addresses"], vpcs: ["Network quota", "VPCs"] } as const;

function quotas({ blueprint, facts, plan }: Question): Check[] {
  const fresh = new Set(plan.items.filter(({ act }) => act === "create").map(({ id }) => id));
  const cpus = machinesOf(blueprint).filter((machine) => fresh.has(`instance/${machine.name}`) && !machine.pool.spot).reduce((sum, machine) => sum + cpusOf(machine, facts), 0);
  const needs = { vcpu: cpus, addresses: [...fresh].filter((id) => id.startsWith("elastic-ip/")).length, vpcs: fresh.has("vpc/main") ? 1 : 0 };
  return facts.quotas.map(({ id, limit, used }) => {
    const [title, what] = quotaWords[id];
    const needed = needs[id];
    if (limit === null) return check(id, title, { state: "warn", say: `How many ${what} this account may have could not be read; ${needed} are needed.`, fix: "Look at Service Quotas in the AWS console." });
    if (used + needed > limit) return check(id, title, { state: "stop", say: `${needed} ${what} are needed, ${used} of ${limit} are in use.`, fix: "Ask for a higher quota in Service Quotas, or stop what is not needed, then look again.", field: "tiers" });
    return check(id, title, { state: "ok", say: `${used + needed} of ${limit}` });
  });
}

const cpusOf = ({ pool }: Machine, { types }: Facts): number => types.find(({ name }) => name === pool.instanceType)?.cpus ?? (machineType(pool.instanceType)?.cpuMillis ?? 0) / 1000;

function offered({ blueprint, facts }: Question): Check[] {
  if (!facts.identity) return [];
  const offers = new Set(facts.offerings.map(({ type, zone }) => `${type} ${zone}`));
  const machines = machinesOf(blueprint);
  const closed = [...new Set(machines.map(({ zone }) => zone))].filter((zone) => !facts.zones.some(({ name, available }) => name === zone && available));
  if (closed.length > 0) return [check("offered", "Types offered", { state: "stop", say: `${closed.join(", ")} ${closed.length === 1 ? "is no zone" : "are no zones"} that this account can use.`, fix: "Choose other zones.", field: "network.subnets" })];
  const missing = machines.filter(({ pool, zone }) => !offers.has(`${pool.instanceType} ${zone}`));
  if (missing.length === 0) return [check("offered", "Types offered", { state: "ok", say: "every type in its zone" })];
  return missing.map(({ name, pool, zone }) => {
    const zones = facts.offerings.filter(({ type }) => type === pool.instanceType).map((offer) => offer.zone).toSorted();
    return check(`offered-${name}`, "Types offered", {
      state: "stop", machine: name, say: `${pool.instanceType} is not offered in ${zone}.`, field: "tiers",
      fix: zones.length === 0 ? "No zone of this region has it; choose another type." : `Choose ${zones.join(" or ")}, or another type.`,
    });
  });
}

function image({ facts }: Question): Check {
  if (!facts.image) return check("image", "Image pinned", { state: "stop", say: "The Ubuntu image could not be found in this region.", fix: "Look again; if it stays so, the region has no such image yet." });
  if (!facts.image.available) return check("image", "Image pinned", { state: "stop", say: `${facts.image.id} is there but cannot be used now.`, fix: "Look again in a while." });
  return check("image", "Image pinned", { state: "ok", say: facts.image.id });
}

function networks({ blueprint, facts }: Question): Check {
  const mine = rangeOf(blueprint.network.vpcCidr);
  const clash = facts.otherNetworks.filter(({ cidr }) => { const range = toRange(cidr); return range !== null && overlaps(mine, range); });
  return clash.length === 0
    ? check("cidr", "Address ranges", { state: "ok", say: `${blueprint.network.vpcCidr} overlaps no other network here` })
    : check("cidr", "Address ranges", { state: "warn", say: `${blueprint.network.vpcCidr} overlaps ${clash.map(({ id, cidr }) => `${cidr} of ${id}`).join(", ")}; the two can never be joined.`, fix: "Choose another range if they may have to talk.", field: "network.vpcCidr" });
}

function names({ blueprint, facts, plan }: Question): Check {
  if (facts.nameTaken) return check("names", "Names", { state: "stop", say: `A cluster ${blueprint.name} is connected already and was not built from this blueprint.`, fix: "Rename the blueprint.", field: "name" });
  const [other] = facts.foreign ?? [];
  if (other) return check("names", "Names", { state: "stop", say: `The ${other.what} ${other.name} is in this account already and is not of this cluster${(facts.foreign?.length ?? 0) > 1 ? `, as ${(facts.foreign?.length ?? 0) - 1} more of the names that it needs` : ""}.`, fix: "Rename the blueprint, or remove what bears the name.", field: "name" });
  const [first] = plan.problems;
  if (first) return check("names", "Names", { state: "stop", say: plan.problems.length === 1 ? first.say : `${first.say} And ${plan.problems.length - 1} more.`, fix: "Remove what is in the way, or change the blueprint." });
  return check("names", "Names", { state: "ok", say: "nothing else has a name of ours" });
}

function leftovers({ plan }: Question): Check {
  const strays = plan.items.filter(({ act, reason }) => act === "delete" && reason === "the blueprint no longer has it");
  const adopted = plan.items.filter(({ act, awsId }) => awsId !== null && act !== "delete").length;
  if (strays.length > 0) return check("leftovers", "Leftovers", { state: "warn", say: `${strays.length} ${strays.length === 1 ? "thing" : "things"} of this cluster ${strays.length === 1 ? "is" : "are"} there that the blueprint does not have: ${strays.slice(0, 3).map(({ awsId, id }) => awsId ?? id).join(", ")}.`, fix: "They are removed by this plan." });
  return check("leftovers", "Leftovers", { state: "ok", say: adopted === 0 ? "none of this cluster" : `${adopted} of this cluster are there and are kept` });
}

function reach({ blueprint, facts }: Question): Check {
  const title = "Console to 6443";
  if (facts.consoleAddress === null) return check("reach", title, { state: "warn", say: "From which address this console reaches AWS is not known, so nobody can tell whether it will reach the API server.", fix: "Set QUARTERDECK_PUBLIC_ADDRESS to the console's public address.", field: "access.adminCidrs" });
  const own = rangeOf(`${facts.consoleAddress}/32`);
  const way = blueprint.access.adminCidrs.find((cidr) => contains(rangeOf(cidr), own));
  return way !== undefined
    ? check("reach", title, { state: "ok", say: `${facts.consoleAddress} is in ${way}` })
    : check("reach", title, { state: "stop", say: `The console's own address ${facts.consoleAddress} is in none of the admin ranges: it would build a cluster that it cannot reach.`, fix: `Add ${facts.consoleAddress}/32.`, field: "access.adminCidrs" });
}

function boundary({ facts }: Question): Check {
  const title = "Permissions boundary";
  if (facts.boundary === null) return check("boundary", title, { state: "warn", say: "Whether the boundary quarterdeck-boundary exists could not be learnt.", fix: "Go on; without it the first role is refused." });
  return facts.boundary
    ? check("boundary", title, { state: "ok", say: "quarterdeck-boundary is there" })
    : check("boundary", title, { state: "stop", say: "The policy /quarterdeck/quarterdeck-boundary is not in this account; no role may be made without it.", fix: "Make it once from infra/aws/boundary-policy.json." });
}

function world({ blueprint: { access } }: Question): Check[] {
  if (!access.adminCidrs.some(isWorld)) return [];
  return [check("world", "Open to the world", { state: "warn", say: `Port 6443${access.ssh ? " and port 22 are" : " is"} open to the whole internet, as the blueprint says.`, fix: "Name the administrators' addresses instead.", field: "access.adminCidrs" })];
}

/** What the kubelet and the system keep for themselves; the reference system's rule of thumb for CPU. */
const reservedCpuMillis = 600;

function capacity({ blueprint }: Question): Check[] {
  const machines = machinesOf(blueprint);
  return blueprint.addOns.chosen.map(addOnOf).flatMap((addOn): Check[] => {
    if (addOn.tier === null) return [];
    const homes = machines.filter(({ tier, pool }) => tier === addOn.tier && pool.role === "worker");
    const sized = homes.flatMap(({ name, pool }) => { const type = machineType(pool.instanceType); return type ? [{ name, type: pool.instanceType, memoryMib: type.memoryBytes / 1024 ** 2, cpuMillis: type.cpuMillis }] : []; });
    if (homes.length === 0) return [check(`home-${addOn.name}`, addOn.title, { state: "warn", say: `Tier ${addOn.tier} has no worker; ${addOn.title} will run where there is room.`, fix: "Add a pool to the tier.", field: "tiers" })];
    const home = sized.find(({ name }) => name.includes(addOn.name)) ?? sized.toSorted((a, b) => b.memoryMib - a.memoryMib)[0];
    if (!home) return [];
    const { memoryLimitMib, cpuRequestMillis } = addOn;
    if (memoryLimitMib !== null && memoryLimitMib >= home.memoryMib) return [check(`memory-${addOn.name}`, addOn.title, { state: "warn", machine: home.name, say: `${home.type} has ${gib(home.memoryMib)}: the limit of ${addOn.title}, ${gib(memoryLimitMib)}, is ${memoryLimitMib === home.memoryMib ? "the whole machine" : "more than the machine"}; the kernel would end it first.`, fix: "Choose a larger type.", field: "tiers" })];
    if (cpuRequestMillis !== null && cpuRequestMillis > home.cpuMillis - reservedCpuMillis) return [check(`cpu-${addOn.name}`, addOn.title, { state: "warn", machine: home.name, say: `${addOn.title} asks for ${cpuRequestMillis}m, ${home.cpuMillis - reservedCpuMillis}m will be free; it would stay Pending.`, fix: "Choose a larger type.", field: "tiers" })];
    return [];
  });
}

const gib = (mib: number): string => `${Math.round((mib / 1024) * 10) / 10} GiB`;

function onlyOne({ blueprint }: Question): Check[] {
  const first = machinesOf(blueprint).find(isControlPlane);
  return first ? [check("one", "One control plane", { state: "warn", machine: first.name, say: `While ${first.name} is down there is no API; if its disk is lost, so is the cluster.`, fix: "" })] : [];
}
